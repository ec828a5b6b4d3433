"""Long-lived tokens of people and bots. The token is shown once; its row only says that it exists and until when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from hub.accounts import audit, details, own_tokens, scopes, tokens
from hub.accounts.access import Person
from hub.accounts.actions import letters
from hub.accounts.actions.rights import revoke_token
from hub.accounts.details import Unclear
from hub.accounts.errors import Invalid, SecondFactorMissing, TooManyTokens
from hub.accounts.models import ApiToken, User
from hub.base import clock
from hub.base.errors import Forbidden, NotFound
from hub.base.locking import lock_one

LIFETIME_DEFAULT = timedelta(days=365)
LIFETIMES_DAYS = (7, 30, 90, 365)  # what one chooses from; the last is the longest there is
NAME_CHARACTERS_MAX = 80
TOKENS_MAX = 20  # living ones of a person: who needs more, shares none or forgets some


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
    about = {"token": str(row.pk), "scopes": wanted}
    audit.record(actor, "people.token.created", target_kind="user", target_id=user.pk, detail=about)
    return tokens.issue(
        side="staff" if user.is_staff else "visitor",
        lifetime=lifetime,
        user_id=user.pk,
        scopes=wanted,
        two_factor=user.is_staff,
        token_id=str(row.pk),
    )


@transaction.atomic
def make_own_token(person: Person, *, name: str, wanted_scopes: Iterable[str], lifetime_days: int) -> str:
    """A token for oneself, and a mail that tells of it. The caller has asked for the password.

    Raises Invalid, TooManyTokens, SecondFactorMissing.
    """
    wanted = frozenset(wanted_scopes)
    kept = _checked_name(person, name, wanted, lifetime_days)
    user: User = lock_one(User, person.user_id)  # of two at once, one counts the other
    if own_tokens.living(user.pk).count() >= TOKENS_MAX:
        raise TooManyTokens(most=TOKENS_MAX)
    lifetime = timedelta(days=lifetime_days)
    token = create_token(person, user=user, name=kept, wanted_scopes=wanted, lifetime=lifetime)
    now = clock.now()
    letters.tell_token_made(user, token_name=kept, at=now, until=now + lifetime)
    return token


def _checked_name(person: Person, name: str, wanted: frozenset[str], lifetime_days: int) -> str:
    wrong, kept = {}, ""
    try:
        kept = details.clean_title(name, NAME_CHARACTERS_MAX)
    except Unclear as why:
        wrong["name"] = str(why)
    else:
        if not kept:
            wrong["name"] = _("Please fill in a name.")
    offered = scopes.offered_to(person)
    if not wanted or not wanted <= {scope for of_subject in offered.values() for scope in of_subject}:
        wrong[f"scope_{next(iter(offered), 'chat')}"] = _("Choose what the token is for.")
    if lifetime_days not in LIFETIMES_DAYS:
        wrong["days"] = _("Choose how long it holds.")
    if wrong:
        raise Invalid(fields=wrong)
    return kept


@transaction.atomic
def revoke_own_token(person: Person, token_id: UUID) -> None:
    """By whose it is. Raises NotFound."""
    _revoke(person, person.user_id, token_id)


@transaction.atomic
def revoke_token_of(actor: Person, colleague: User, token_id: UUID) -> None:
    """A colleague's, by the hub owner (P5, P9). Raises Forbidden, NotFound."""
    if not actor.is_owner:
        raise Forbidden
    if not colleague.is_staff:
        raise NotFound
    token = _revoke(actor, colleague.pk, token_id)
    if token is not None and colleague.pk != actor.user_id:
        letters.tell_token_revoked(colleague, token_name=token.name, by_name=actor.name)


def _revoke(actor: Person, user_id: int | None, token_id: UUID) -> ApiToken | None:
    """None for one that was revoked before."""
    token: ApiToken | None = ApiToken.objects.filter(pk=token_id, user=user_id).first()
    if token is None:
        raise NotFound
    if token.revoked_at is not None:
        return None
    revoke_token(actor, token)
    return token
