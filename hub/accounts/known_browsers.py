"""The mark a browser keeps after a successful sign-in, so that strangers who guess cannot shut its owner out.

A signed cookie with account ids and a name of its own; it gives no rights, it only chooses which counter counts.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from hub.accounts.models import User

COOKIE = "balie_known"
SALT = "hub.accounts.known_browsers"
KEPT_S = 180 * 24 * 3600
ACCOUNTS_MAX = 10


def find_device(request: HttpRequest, user: User | None) -> str | None:
    """The browser's own name, when this account signed in here before."""
    mark = _read(request)
    return str(mark["browser"]) if mark and user is not None and user.pk in mark["accounts"] else None


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    mark = _read(request) or {"browser": secrets.token_urlsafe(12), "accounts": []}
    accounts = [user.pk, *(pk for pk in mark["accounts"] if pk != user.pk)][:ACCOUNTS_MAX]
    response.set_cookie(
        COOKIE,
        signing.dumps({"browser": mark["browser"], "accounts": accounts}, salt=SALT),
        max_age=KEPT_S,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> dict[str, Any] | None:
    try:
        mark: dict[str, Any] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT_S)
    except signing.BadSignature:
        return None
    return mark
