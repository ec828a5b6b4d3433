"""What a meter came to: for the receipt, the transcript and staff (C12, M7)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from credits.errors import MeterUnknown
from credits.models import Meter, MeterEvent, Outage

_CHARGES = """
select t.id, t.meter_id, t.block, t.amount_m, t.amount_m, coalesce(r.amount_m, 0), coalesce(r.reason, ''), t.at
  from credits_transfer t left join credits_transfer r on r.reverses_id = t.id where t.meter_id = any(%s)
union all
select null, meter_id, block, amount_m, list_price_m, 0, '', at from credits_unmeteredblock where meter_id = any(%s)
 order by 2, 3"""


@dataclass(frozen=True, slots=True)
class Paused:
    """So many seconds were not counted, for this reason: a pause's own, `empty`, or `outage` (the hub was down)."""

    reason: str
    seconds: int


@dataclass(frozen=True, slots=True)
class MeterSummary:
    """`charged_m` is what was charged and not given back. Final when `settled`."""

    meter_id: int
    reference: str
    state: str
    elapsed_s: int
    free_s: int
    charged_m: int
    refunded_m: int
    blocks: int
    unmetered: bool
    paused: list[Paused]
    settled: bool


@dataclass(frozen=True, slots=True)
class Charge:
    """A block that was charged, or recorded for a VIP (`amount_m` 0, no transfer)."""

    transfer_id: int | None
    meter_id: int
    block: int
    amount_m: int
    list_price_m: int
    refunded_m: int
    refund_reason: str
    at: datetime


def meter_summary(meter_id: int) -> MeterSummary:
    """What this meter came to so far. Raises MeterUnknown."""
    meter = Meter.objects.filter(pk=meter_id).first()
    if meter is None:
        raise MeterUnknown
    with connection.cursor() as cursor:
        cursor.execute("select hub_s from credits_hubclock")
        (hub_s,) = cursor.fetchone()
    elapsed_s = meter.ran_s + (hub_s - meter.clock_from_s if meter.clock_from_s is not None else 0)
    return MeterSummary(
        meter_id=meter_id,
        reference=meter.reference,
        state=meter.state,
        elapsed_s=elapsed_s,
        free_s=min(elapsed_s, meter.free_s + meter.gift_s),
        charged_m=meter.charged_m - meter.refunded_m,
        refunded_m=meter.refunded_m,
        blocks=meter.blocks_charged,
        unmetered=meter.unmetered,
        paused=_paused(meter_id, hub_s),
        settled=meter.state == Meter.State.ENDED and meter.next_charge_s is None,
    )


def charges(meter_ids: list[int]) -> list[Charge]:
    """The blocks of these meters, in order."""
    with connection.cursor() as cursor:
        cursor.execute(_CHARGES, [meter_ids, meter_ids])
        return [Charge(*row) for row in cursor]


def _paused(meter_id: int, hub_s: int) -> list[Paused]:
    """Seconds by reason, in the order in which the reasons came first."""
    seconds: Counter[str] = Counter()
    events = list(MeterEvent.objects.filter(meter_id=meter_id).order_by("id"))
    changes = [e for e in events if e.kind in ("started", "resumed", "paused", "emptied", "ended")]
    for event, after in zip(changes, [*changes[1:], None], strict=True):
        if event.kind in ("paused", "emptied"):
            until_s = after.at_s if after is not None else hub_s
            seconds[event.reason if event.kind == "paused" else "empty"] += until_s - event.at_s + event.back_s
    outage_s = _outage_seconds(changes)
    if outage_s:
        seconds["outage"] += outage_s
    return [Paused(reason, count) for reason, count in seconds.items() if count > 0]


def _outage_seconds(changes: list[MeterEvent]) -> int:
    """Wall seconds of outages between start and end. Hub time stood still then, so no pause counts them as well."""
    if not changes:
        return 0
    outages = Outage.objects.filter(to_s__gt=int(changes[0].at.timestamp()))
    if changes[-1].kind == "ended":
        outages = outages.filter(from_s__lt=int(changes[-1].at.timestamp()))
    return sum(outage.to_s - outage.from_s for outage in outages)
