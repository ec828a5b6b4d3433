"""Long-lived tokens of people and bots. The token is shown once; its row only says that it exists and until when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction

from hub.accounts import audit, scopes, tokens
from hub.accounts.access import Person
from hub.accounts.errors import Invalid, SecondFactorMissing
from hub.accounts.models import ApiToken, User
from hub.base import clock

LIFETIME_DEFAULT = timedelta(days=365)


@transaction.atomic
def create_token(
    actor: Person,
    *,
    user: User,
    name: str,
    wanted_scopes: Iterable[str],
    lifetime: timedelta = LIFETIME_DEFAULT,
) -> str:
    """A new token of `user`. Staff make theirs only while signed in with the second factor (P7)."""
    wanted = sorted(set(wanted_scopes))
    if scopes.unknown(wanted) or not wanted:
        raise Invalid(fields={"scopes": sorted(scopes.unknown(wanted))})
    if user.is_staff and not actor.two_factor:
        raise SecondFactorMissing
    now = clock.now()
    row = ApiToken.objects.create(user=user, name=name, scopes=wanted, created_at=now, expires_at=now + lifetime)
    audit.record(actor, "people.token.created", target_kind="token", target_id=row.pk, detail={"scopes": wanted})
    return tokens.issue(
        side="staff" if user.is_staff else "visitor",
        lifetime=lifetime,
        user_id=user.pk,
        scopes=wanted,
        two_factor=user.is_staff,
        token_id=str(row.pk),
    )
