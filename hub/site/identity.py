"""A website's signed user token (P11; docs/how/sign-in.md): a JWT, HS256, with the site's secret.

Claims: `sub` (the site's own id of the user), `iat`, `exp` (at most ten minutes later), `aud` (the site key), `jti`;
may hold `name`, `email` and `language`, which are kept as what the site says and never lead to an account.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import jwt

from hub.base import clock
from hub.site.errors import BadIdentity
from hub.site.models import Website

ALGORITHM = "HS256"
LIFETIME_MAX = timedelta(minutes=10)
CLOCK_DIFFERENCE_MAX = timedelta(seconds=60)
TOKEN_CHARACTERS_MAX = 4096
SUB_CHARACTERS_MAX = 128
JTI_CHARACTERS_MAX = 64


@dataclass(frozen=True, slots=True)
class SiteUser:
    """What a website says of one of its users."""

    sub: str
    jti: str
    expires_at: datetime
    name: str = ""
    email: str = ""
    language: str = ""


def sign_identity(website: Website, *, sub: str, name: str = "", email: str = "", language: str = "") -> str:
    """What the website's own server does: for the demo shop and the tests."""
    now = clock.now()
    said = {"name": name, "email": email, "language": language}
    claims = {
        "sub": sub,
        "aud": website.site_key,
        "iat": int(now.timestamp()),
        "exp": int((now + LIFETIME_MAX).timestamp()),
        "jti": secrets.token_urlsafe(16),
        **{key: value for key, value in said.items() if value},
    }
    return jwt.encode(claims, website.secret, algorithm=ALGORITHM)


def read_identity(website: Website, token: str) -> SiteUser:
    """Check a token. Raises BadIdentity. Whether its jti was used is not looked at here."""
    if len(token) > TOKEN_CHARACTERS_MAX:
        raise BadIdentity
    try:
        claims = jwt.decode(
            token,
            website.secret,
            algorithms=[ALGORITHM],
            audience=website.site_key,
            options={
                "require": ["sub", "exp", "iat", "aud", "jti"],
                # Times are compared below, with the hub's clock.
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except jwt.PyJWTError as error:
        raise BadIdentity from error
    issued_at, expires_at = _time(claims["iat"]), _time(claims["exp"])
    _require_times(issued_at, expires_at)
    return SiteUser(
        sub=_text(claims["sub"], SUB_CHARACTERS_MAX),
        jti=_text(claims["jti"], JTI_CHARACTERS_MAX),
        expires_at=expires_at,
        name=_said(claims, "name", 120),
        email=_said(claims, "email", 254),
        language=_said(claims, "language", 8),
    )


def _require_times(issued_at: datetime, expires_at: datetime) -> None:
    now = clock.now()
    lives = expires_at > now and issued_at <= now + CLOCK_DIFFERENCE_MAX
    if not lives or expires_at - issued_at > LIFETIME_MAX:
        raise BadIdentity


def _time(value: object) -> datetime:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise BadIdentity
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise BadIdentity from error


def _text(value: object, characters_max: int) -> str:
    """A name that must be there. Nothing is cut off: two different ids must never become one."""
    if not isinstance(value, str) or not 0 < len(value) <= characters_max or _kept(value) != value:
        raise BadIdentity
    return value


def _said(claims: dict[str, object], key: str, characters_max: int) -> str:
    value = claims.get(key, "")
    return _kept(value)[:characters_max] if isinstance(value, str) else ""


def _kept(text: str) -> str:
    """Without what PostgreSQL does not take: NUL, and halves of characters, which JSON can hold."""
    return text.replace("\0", "").encode(errors="ignore").decode()
