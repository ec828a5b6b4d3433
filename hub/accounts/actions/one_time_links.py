"""Links that were mailed and open one thing once (P1, P2; docs/how/sign-in.md). Only a digest of the token is kept.

Looking at a link changes nothing: mail programs open links before people do. It is used by the form behind it.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.urls import reverse

from hub.accounts.errors import LinkExpired, LinkUnknown, LinkUsed
from hub.accounts.models import OneTimeLink, User
from hub.base import clock, locking

TOKEN_BYTES = 24  # 192 bits
TOKEN_CHARACTERS_MAX = 64
PATHS = {
    OneTimeLink.Purpose.PASSWORD: "password-link",
    OneTimeLink.Purpose.EMAIL: "email-link",
    OneTimeLink.Purpose.INVITATION: "invitation-link",
}


def issue(user: User, purpose: str, lifetime: timedelta, *, target: str = "") -> str:
    """A new link; answers its path on the hub. `target` is the address that it confirms."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    now = clock.now()
    OneTimeLink.objects.create(
        user=user,
        purpose=purpose,
        token_digest=digest_of(token),
        target=target,
        created_at=now,
        expires_at=now + lifetime,
    )
    return reverse(PATHS[OneTimeLink.Purpose(purpose)], args=[token])


def get_link(token: str, purpose: str) -> OneTimeLink:
    """The link as it is, without using it. Raises LinkUnknown, LinkUsed or LinkExpired."""
    return _good(find_link(token, purpose))


def find_link(token: str, purpose: str) -> OneTimeLink | None:
    """Whatever became of it: also used or expired."""
    if not 0 < len(token) <= TOKEN_CHARACTERS_MAX:
        return None
    links = OneTimeLink.objects.select_related("user").filter(user__is_active=True)
    links = links.exclude(user__membership__suspended=True)
    return links.filter(token_digest=digest_of(token), purpose=purpose).first()


def redeem(token: str, purpose: str) -> OneTimeLink:
    """Use the link, in the transaction of what it opens: of two at once, one. Raises as get_link."""
    found = find_link(token, purpose)
    if found is None:
        raise LinkUnknown
    link = locking.lock_one(OneTimeLink, found.pk)
    _good(link)
    link.used_at = clock.now()
    link.save(update_fields=["used_at"])
    return link


def close_links(user: User, purpose: str) -> None:
    """What the others would open is done: they count as used."""
    OneTimeLink.objects.filter(user=user, purpose=purpose, used_at__isnull=True).update(used_at=clock.now())


def _good(link: OneTimeLink | None) -> OneTimeLink:
    if link is None:
        raise LinkUnknown
    if link.used_at is not None:
        raise LinkUsed
    if link.expires_at <= clock.now():
        raise LinkExpired
    return link


def digest_of(token: str) -> str:
    """Enough for what has 192 bits: nobody finds a token by trying."""
    return hashlib.sha256(token.encode()).hexdigest()
