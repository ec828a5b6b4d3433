"""Refunds by staff (M6): what a session was charged, or a part of it, goes back to the wallet that paid.

Never more than was charged, each charge at most once, within the window of REFUND_WINDOW_DAYS and up to the limit of
the role; above it a second person approves (approvals.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Sum

from credits.errors import AboveLimit, KeyReused, NothingToRefund, ReasonMissing, TooLateToRefund, WrongAmount
from credits.ledger.accounts import house_account
from credits.ledger.transfers import lock_accounts, sealed
from credits.metering.purse import moving
from credits.models import Account, Approval, Meter, Refund, Transfer, TransferNote
from credits.role_limits import is_within, refund_limit_m
from credits.sql import read
from hub.base import clock, locking

# The codes of the form; anything else is kept as a note under `other`.
REASONS = frozenset({"not_solved", "quality", "outage", "mistake", "goodwill", "other"})


@dataclass(frozen=True, slots=True)
class Room:
    """What somebody of this level may still give back of one reference alone (None: no limit), and what of it already
    waits for a second person."""

    alone_m: int | None
    waiting_m: int


def room_of(reference: str, level: str) -> Room:
    limit_m = refund_limit_m(level)
    before_m = _given_back_m(reference)
    waiting = Approval.objects.filter(what=Approval.What.REFUND, reference=reference, state=Approval.State.OPEN)
    return Room(
        alone_m=None if limit_m is None else max(0, limit_m - before_m),
        waiting_m=waiting.aggregate(m=Sum("amount_m", default=0))["m"],
    )


def refundable_m(reference: str) -> int:
    """How much of what this reference was charged could still be given back: each charge once, if in part."""
    meters = Meter.objects.filter(reference=reference, state=Meter.State.ENDED)
    charges = Transfer.objects.filter(meter__in=list(meters.values_list("pk", flat=True)), reverses=None)
    reversed_too = Transfer.objects.filter(reverses=OuterRef("pk"))
    return int(charges.exclude(Exists(reversed_too)).aggregate(m=Sum("amount_m", default=0))["m"])


@transaction.atomic
def refund_charges(
    *,
    reference: str,
    amount_m: int,
    reason: str,
    actor_id: int | None,
    key: str,
    level: str = "owner",
    approved: bool = False,
) -> int:
    """Give back so much of what this reference was charged, newest blocks first; the refund's id.

    Only of meters that have ended and owe nothing: the others may still change by themselves what they charged.

    The same key again is the same refund. `level` is the actor's. Raises WrongAmount, ReasonMissing, NothingToRefund
    (not ended, or less is left), TooLateToRefund, AboveLimit, KeyReused.
    """
    code, note = _reason(reason)
    key = sealed(key)
    if amount_m <= 0:
        raise WrongAmount(field="amount_m")
    settled = Meter.objects.filter(reference=reference, state=Meter.State.ENDED, next_charge_s=None)
    # Reopened, a session may go on with another wallet: each charge goes back to the one that paid it.
    wallet_ids = list(settled.order_by("wallet_id").values_list("wallet_id", flat=True).distinct())
    if not wallet_ids:
        raise NothingToRefund
    with moving(*wallet_ids):
        meters = locking.lock(settled.filter(wallet_id__in=wallet_ids))
        made = Refund.objects.filter(key=key).first()
        if made is not None:
            return _same(made, reference, amount_m, code)
        _require_in_time(meters)
        if not approved:
            _require_within_limit(reference, amount_m, level)
        actor = "system" if actor_id is None else f"user:{actor_id}"
        refund = Refund.objects.create(
            key=key, reference=reference, amount_m=amount_m, reason=code, actor=actor, at=clock.now()
        )
        _post(refund, [meter.pk for meter in meters], wallet_ids, note)
        return int(refund.pk)


def _reason(text: str) -> tuple[str, str]:
    stripped = text.strip()
    if not stripped:
        raise ReasonMissing(field="reason")
    return (stripped, "") if stripped in REASONS else ("other", stripped)


def _same(made: Refund, reference: str, amount_m: int, code: str) -> int:
    if (made.reference, made.amount_m, made.reason) != (reference, amount_m, code):
        raise KeyReused
    return int(made.pk)


def _require_in_time(meters: list[Meter]) -> None:
    last = max(event.at for meter in meters for event in meter.events.filter(kind="ended"))
    if last < clock.now() - timedelta(days=settings.REFUND_WINDOW_DAYS):
        raise TooLateToRefund


def _require_within_limit(reference: str, amount_m: int, level: str) -> None:
    if not is_within(_given_back_m(reference) + amount_m, refund_limit_m(level)):
        raise AboveLimit


def _given_back_m(reference: str) -> int:
    return sum(Refund.objects.filter(reference=reference).values_list("amount_m", flat=True))


def _post(refund: Refund, meter_ids: list[int], wallet_ids: list[int], note: str) -> None:
    lock_accounts(wallet_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            read("ledger", "refund"),
            {
                "refund": refund.pk,
                "meters": meter_ids,
                "amount": refund.amount_m,
                "refunds": house_account(Account.Kind.REFUNDS),
                "actor": refund.actor,
                "reference": refund.reference,
                "now": refund.at,
            },
        )
        posted = cursor.fetchall()
    if sum(amount_m for _, amount_m in posted) != refund.amount_m:
        raise NothingToRefund
    if note:
        TransferNote.objects.create(transfer_id=posted[0][0], text=note)
