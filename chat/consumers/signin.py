"""Who opens a socket: a token in the subprotocol, else the browser's session with an allowed Origin (X2)."""

from __future__ import annotations

from collections.abc import MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from hub.accounts.public import Claims, claims_of_cookie, read
from hub.base import threads

PROTOCOL: Final = "balie.v1"
BEARER: Final = "bearer."

Scope = MutableMapping[str, Any]


def may_come_from(scope: Scope) -> bool:
    """No Origin (not a browser), the host that was asked, or an origin that the settings name."""
    origin = _header(scope, b"origin")
    if origin is None:
        return True
    if origin == settings.PUBLIC_URL or origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    host = _header(scope, b"host") or ""
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS) and _place(origin) == host.lower()


def subprotocol(scope: Scope) -> str | None:
    return PROTOCOL if PROTOCOL in scope["subprotocols"] else None


async def find_claims(scope: Scope) -> Claims | None:
    """What the token says, without SQL; else what the cookie says. A token that is no good is not made up for."""
    offered = [name for name in scope["subprotocols"] if name.startswith(BEARER)]
    if offered:
        return read(offered[0].removeprefix(BEARER))
    key = _cookie(scope)
    if key is None or _header(scope, b"origin") is None:
        return None
    return await threads.run(claims_of_cookie, key)


def _place(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _cookie(scope: Scope) -> str | None:
    header = _header(scope, b"cookie")
    if header is None:
        return None
    try:
        found = SimpleCookie(header).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return None
    return found.value if found is not None else None


def _header(scope: Scope, name: bytes) -> str | None:
    for key, value in scope["headers"]:
        if key == name:
            return str(value.decode("latin-1"))
    return None
