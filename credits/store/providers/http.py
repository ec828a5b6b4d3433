"""How a provider's HTTP API is called: bounded in time and size, no redirects, one address, no secret in an error.

Only what may safely arrive twice is sent twice, once. The base address is https; plain http only on this machine.
"""

from __future__ import annotations

import ipaddress
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from ssl import SSLContext
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from credits.store.providers.base import ProviderDown, Unknown

ANSWER_BYTES_MAX: Final = 262_144
WORDS_MAX: Final = 200
BUSY_OR_OURS: Final = (401, 403, 407, 408, 425, 429)  # sign-in and pace: not this payment's fault


class Lost(ProviderDown):
    """The line or the provider broke down under way; a moment later it may be well."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes

    def json(self) -> dict[str, Any]:
        """The document. Raises ProviderDown for anything else: nothing may be concluded from it."""
        try:
            document = json.loads(self.body)
        except ValueError:
            raise ProviderDown("The answer cannot be read.") from None
        if not isinstance(document, dict):
            raise ProviderDown("The answer cannot be read.")
        return document

    def text(self) -> str:
        return self.body.decode("utf-8", "replace").strip()


@dataclass(slots=True)
class Api:
    """`secrets` are struck out of whatever the provider says about an error."""

    base_url: str
    timeout_s: float
    secrets: tuple[str, ...] = field(default=(), repr=False)
    _client: httpx.Client | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        if not is_acceptable_base(self.base_url):
            raise ValueError("A provider's address is https://, or http:// on this machine.")
        self.base_url = self.base_url.rstrip("/")

    def ask(self, method: str, path: str, *, again: bool, **parts: Any) -> Answer:
        """`again`: may arrive twice (it reads, or carries a key), so an answer that was lost is asked for once more.

        Answers 2xx and those 4xx that speak about this request. Raises ProviderDown; Unknown for 404.
        """
        try:
            return self._once(method, path, parts)
        except Lost:
            if not again:
                raise
        return self._once(method, path, parts)

    def strike_out(self, words: object) -> str:
        """What the provider says, short, on one line, without our secrets."""
        text = " ".join(str(words).split())
        for secret in filter(None, self.secrets):
            text = text.replace(secret, "…")
        return text[:WORDS_MAX]

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def _once(self, method: str, path: str, parts: Mapping[str, Any]) -> Answer:
        until = time.monotonic() + self.timeout_s
        try:
            with self._open().stream(method, self.base_url + path, **parts) as response:
                body = _read(response, until)
        except httpx.TimeoutException as error:
            raise ProviderDown(type(error).__name__) from None  # it had its time; asking again would double the wait
        except httpx.HTTPError as error:
            raise Lost(type(error).__name__) from None  # its text may hold the address
        _require_about_this(response)
        return Answer(response.status_code, body)

    def _open(self) -> httpx.Client:
        if self._client is None:
            # Nothing from the environment: a proxy or a .netrc set for something else must not see our keys.
            self._client = httpx.Client(
                verify=_tls(),
                timeout=self.timeout_s,
                follow_redirects=False,
                trust_env=False,
                headers={"User-Agent": "Balie"},
            )
        return self._client


@cache
def _tls() -> SSLContext:
    """Whom this process trusts: read once, which takes 20 ms of CPU, and shared by the clients of all providers."""
    return httpx.create_ssl_context(trust_env=False)


def is_acceptable_base(url: str) -> bool:
    """https anywhere, http only to this machine; no user, query or fragment in it (X4)."""
    parts = urlsplit(url)
    if parts.username or parts.password or parts.query or parts.fragment or not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(parts.hostname))


def require_page(url: object, base_url: str) -> str:
    """A page to send the payer to: https, or plain http where the provider itself is a stand-in on this machine."""
    text = url if isinstance(url, str) else ""
    parts = urlsplit(text)
    stand_in = base_url.startswith("http://") and parts.scheme == "http" and _is_this_machine(parts.hostname or "")
    if not parts.hostname or not (parts.scheme == "https" or stand_in) or any(ord(one) <= 32 for one in text):
        raise ProviderDown("The answer names no page to pay at.")
    return text


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _read(response: httpx.Response, until: float) -> bytes:
    body = bytearray()
    for piece in response.iter_bytes():
        body += piece
        if len(body) > ANSWER_BYTES_MAX:
            raise ProviderDown("The answer is too large.")
        if time.monotonic() > until:
            raise ProviderDown("The answer takes too long.")
    return bytes(body)


def _require_about_this(response: httpx.Response) -> None:
    status = response.status_code
    if status == 404:
        raise Unknown
    if status >= 500 and "Retry-After" not in response.headers:
        raise Lost(f"HTTP {status}")
    if status < 200 or 300 <= status < 400 or status >= 500 or status in BUSY_OR_OURS:
        after = response.headers.get("Retry-After", "")
        wait_s = float(after) if after.isascii() and after.isdecimal() and len(after) < 7 else None
        raise ProviderDown(f"HTTP {status}", retry_after_s=wait_s)
