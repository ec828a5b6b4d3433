"""Signed tokens: who acts, on which side, until when. Made here, read without SQL (docs/how/access.md).

A token is base64url(payload).base64url(mac), without padding, so that it fits a WebSocket subprotocol and a header.
"""

from __future__ import annotations

import base64
import binascii
import functools
import hashlib
import hmac
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec
from django.conf import settings

from hub.accounts import scopes as known_scopes
from hub.accounts.errors import SecondFactorMissing
from hub.base import clock

Side = Literal["visitor", "staff"]

TOKEN_CHARACTERS_MAX = 1024


class Claims(msgspec.Struct, frozen=True, array_like=True):
    """What a token says. A browser's cookie gives the same, with `session_key`."""

    side: Side
    expires_at: float  # seconds since 1970
    user_id: int | None = None
    visitor_key: str | None = None
    scopes: frozenset[str] = frozenset({known_scopes.EVERYTHING})
    two_factor: bool = False
    sign_in_version: int = 0  # not looked at where `token_id` is set: such a token has a row that can be revoked
    token_id: str | None = None
    site_id: int | None = None
    session_key: str | None = None  # never in a token: the browser's session this was read from
    language: str = ""  # what the browser speaks, for who has chosen none
    address_mark: str = ""  # of an unsigned visitor: where the token was asked for, to limit by
    device_id: int | None = None  # of a widget in which a customer signed in: it can be ended by itself (P9)


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Claims)


def issue(
    *,
    side: Side,
    lifetime: timedelta,
    user_id: int | None = None,
    visitor_key: str | None = None,
    scopes: Iterable[str] = (known_scopes.EVERYTHING,),
    two_factor: bool = False,
    sign_in_version: int = 0,
    token_id: str | None = None,
    site_id: int | None = None,
    language: str = "",
    address_mark: str = "",
    device_id: int | None = None,
) -> str:
    """Make a token. A staff token exists only with the second factor (P7)."""
    if side == "staff" and not two_factor:
        raise SecondFactorMissing
    claims = Claims(
        side=side,
        expires_at=(clock.now() + lifetime).timestamp(),
        user_id=user_id,
        visitor_key=visitor_key,
        scopes=frozenset(scopes),
        two_factor=two_factor,
        sign_in_version=sign_in_version,
        token_id=token_id,
        site_id=site_id,
        language=language,
        address_mark=address_mark,
        device_id=device_id,
    )
    return sign(claims)


def sign(claims: Claims) -> str:
    payload = _encoder.encode(claims)
    return f"{_text(payload)}.{_text(_mac(payload, settings.SECRET_KEY))}"


def read(token: str, *, expired_for: timedelta = timedelta(0)) -> Claims | None:
    """The claims of a token that we signed and that has not expired (or not longer than `expired_for`), else None."""
    if len(token) > TOKEN_CHARACTERS_MAX:
        return None
    body, _, mac = token.partition(".")
    payload, given = _bytes(body), _bytes(mac)
    if payload is None or given is None or not _is_ours(payload, given):
        return None
    try:
        claims = _decoder.decode(payload)
    except msgspec.DecodeError:
        return None
    return claims if expires_at(claims) + expired_for > clock.now() else None


def expires_at(claims: Claims) -> datetime:
    return datetime.fromtimestamp(claims.expires_at, UTC)


def _is_ours(payload: bytes, given: bytes) -> bool:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(hmac.compare_digest(_mac(payload, str(key)), given) for key in keys)


def _mac(payload: bytes, secret: str) -> bytes:
    return hmac.digest(_key(secret), payload, "sha256")


@functools.lru_cache(maxsize=8)
def _key(secret: str) -> bytes:
    return hashlib.sha256(b"hub.accounts.tokens:" + secret.encode()).digest()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes | None:
    """Strict: one text per value, so that a token cannot be rewritten into another that also passes."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if _text(raw) == text else None
