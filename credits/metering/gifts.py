"""What staff give away: minutes in grace, free time, waived blocks, within limits that the owner sets (M4, M8)."""

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Sum

from credits.errors import AboveLimit, Ended, ReasonMissing, WrongAmount
from credits.metering.meters import lock_meter
from credits.metering.news import tell_wallet
from credits.metering.unused import give_back
from credits.metering.waking import wake_one, woke_events
from credits.models import Meter, MeterEvent
from credits.sql import read
from hub.base import clock

# Events are never changed, so they hold a code and not what somebody wrote: that is the caller's to keep (P10).
REASONS = frozenset({"our_fault", "goodwill", "slow_line", "other"})


@transaction.atomic
def grant(meter_id: int, seconds: int, *, actor: str, reason: str) -> None:
    """Give time: in grace the grace lasts longer, else so many seconds of running time are free.

    Raises Ended, WrongAmount, ReasonMissing, AboveLimit (GRANT_SECONDS_MAX per meter).
    """
    if seconds <= 0:
        raise WrongAmount(field="seconds")
    meter = _lock_for_gift(meter_id, reason)
    if meter.state == Meter.State.ENDED:
        raise Ended
    if _given(meter, "gift_s", "granted") + _given(meter, "grace_s", "grace") + seconds > settings.GRANT_SECONDS_MAX:
        raise AboveLimit
    if meter.state == Meter.State.EMPTY:
        give_grace(meter_id, seconds, actor=actor, reason=reason)
    else:
        _give(meter_id, MeterEvent.Kind.GRANTED, gift_s=seconds, actor=actor, reason=reason)
    tell_wallet(meter.wallet_id, [meter_id])


@transaction.atomic
def waive(meter_id: int, *, blocks: int | None = None, actor: str, reason: str) -> int:
    """Make so many blocks free: first those charged already, newest first, which are given back; then coming ones.

    None is as many as the owner's limit (WAIVE_BLOCKS_MAX per meter) still allows. Answers how many. Of an ended
    meter only what was charged can be waived. Raises WrongAmount, ReasonMissing, AboveLimit.
    """
    meter = _lock_for_gift(meter_id, reason)
    room = settings.WAIVE_BLOCKS_MAX - _waived(meter)
    wanted = room if blocks is None else blocks
    if blocks is not None and blocks <= 0:
        raise WrongAmount(field="blocks")
    if wanted > room or wanted <= 0:
        raise AboveLimit
    with connection.cursor() as cursor:
        cursor.execute(read("metering", "to_waive"), {"meter": meter_id, "blocks": wanted})
        charged = [transfer_id for (transfer_id,) in cursor]
    give_back(meter, charged, reason="waive", actor=actor)
    coming = 0 if meter.state == Meter.State.ENDED else wanted - len(charged)
    _give(
        meter_id,
        MeterEvent.Kind.WAIVED,
        gift_s=coming * meter.block_s,
        blocks=len(charged),
        actor=actor,
        reason=reason,
    )
    woken = wake_one(meter)
    tell_wallet(meter.wallet_id, [meter_id], woke_events(woken))
    return len(charged) + coming


def give_grace(meter_id: int, seconds: int, *, actor: str, reason: str) -> None:
    """To a locked meter in grace."""
    _give(meter_id, MeterEvent.Kind.GRACE, grace_s=seconds, actor=actor, reason=reason)


def _lock_for_gift(meter_id: int, reason: str) -> Meter:
    if not reason.strip():
        raise ReasonMissing(field="reason")
    return lock_meter(meter_id)


def _give(
    meter_id: int, kind: str, *, gift_s: int = 0, grace_s: int = 0, blocks: int = 0, actor: str, reason: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            read("metering", "give"),
            {
                "id": meter_id,
                "kind": kind,
                "gift": gift_s,
                "grace": grace_s,
                "blocks": blocks,
                "actor": actor,
                "reason": reason if reason in REASONS else "other",
                "now": clock.now(),
            },
        )


def _given(meter: Meter, field: str, kind: str) -> int:
    by_staff = meter.events.filter(kind=kind).exclude(actor="payment")  # patience.py
    return int(by_staff.aggregate(total=Sum(field))["total"] or 0)


def _waived(meter: Meter) -> int:
    return _given(meter, "blocks", "waived") + _given(meter, "gift_s", "waived") // meter.block_s
