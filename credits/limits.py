"""What members may spend in a month, set by their manager or owner (P4). See docs/how/organisations.md.

A change wakes and tells the running meters of the wallet in the same transaction: who was stopped by the limit goes on.
"""

from __future__ import annotations

from django.db import connection, transaction

from credits.allowances import Allowance, find_allowance, read_allowances
from credits.errors import WrongAmount
from credits.ledger.accounts import open_wallet
from credits.metering.purse import moving
from credits.models import LimitRequest
from hub.accounts.public import MemberJoined, MemberLeft, Person, audit, get_covered, lock_authority
from hub.base import clock
from hub.base.events import on

# Beyond this a limit is surely a mistake: a million credits a month.
LIMIT_MAX_M = 1_000_000_000

# A month that is over is closed here, too: what is given for this month must not fall into the one before.
_WRITE = """
update credits_allowance a
   set limit_m = %(limit)s, extra_m = %(extra)s,
       used_m = case when %(now)s >= a.until then 0 else a.used_m end,
       since = case when %(now)s >= a.until then credits_month_since(%(now)s, a.time_zone) else a.since end,
       until = case when %(now)s >= a.until then credits_month_until(%(now)s, a.time_zone) else a.until end
 where a.id = %(id)s"""


@transaction.atomic
def set_limit(actor: Person, organisation_id: int, user_id: int, *, limit_m: int | None, extra_m: int = 0) -> Allowance:
    """So much a month for this member, and so much more in this one; None is no limit, 0 nothing at all.

    By the organisation's owner, the manager of their unit for an employee, staff in charge. Raises NotFound, Forbidden,
    WrongAmount.
    """
    require_sense(limit_m)
    require_sense(extra_m)
    authority = lock_authority(actor, organisation_id)
    get_covered(authority, user_id)
    audit.record(
        actor,
        "credits.limit.set",
        target_kind="user",
        target_id=user_id,
        detail={"organisation": organisation_id, "limit_m": limit_m, "extra_m": extra_m},
    )
    return write_limit(organisation_id, user_id, limit_m=limit_m, extra_m=extra_m)


def write_limit(organisation_id: int, user_id: int, *, limit_m: int | None, extra_m: int = 0) -> Allowance:
    """The limit itself, by who has the authority. Requests that it answers are closed."""
    wallet_id = open_wallet(organisation_id=organisation_id)
    with moving(wallet_id):
        _write(wallet_id, user_id, limit_m=limit_m, extra_m=extra_m)
        now = read_allowances(wallet_id, [user_id])[user_id]
        if now.left_m is None or now.left_m > 0:
            _close_requests(wallet_id, user_id)
    return now


def require_sense(amount_m: int | None) -> None:
    """Raises WrongAmount."""
    if amount_m is not None and not 0 <= amount_m <= LIMIT_MAX_M:
        raise WrongAmount(field="limit_m")


def _write(wallet_id: int, user_id: int, *, limit_m: int | None, extra_m: int) -> None:
    allowance_id = find_allowance(wallet_id, user_id)
    values = {"id": allowance_id, "limit": limit_m, "extra": extra_m if limit_m is not None else 0, "now": clock.now()}
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, values)


def _close_requests(wallet_id: int, user_id: int) -> None:
    asked = LimitRequest.objects.filter(
        allowance__wallet=wallet_id, allowance__user=user_id, state=LimitRequest.State.OPEN
    )
    asked.update(state=LimitRequest.State.CLOSED, answered_at=clock.now())


@on(MemberJoined)
def _begin(events: list[MemberJoined]) -> None:
    """A new member begins with the limit of the invitation, whatever it was when they were here before.

    Nothing of theirs runs on this wallet yet, so nothing has to wake.
    """
    for event in events:
        wallet_id = open_wallet(organisation_id=event.organisation_id)
        _write(wallet_id, event.user_id, limit_m=event.limit_m, extra_m=0)


@on(MemberLeft)
def _stop(events: list[MemberLeft]) -> None:
    """Nothing more is spent for who left: what still runs on the organisation's wallet stops as at the limit."""
    for event in events:
        wallet_id = open_wallet(organisation_id=event.organisation_id)
        with moving(wallet_id):
            _write(wallet_id, event.user_id, limit_m=0, extra_m=0)
            _close_requests(wallet_id, event.user_id)
