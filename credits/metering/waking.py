"""Empty meters: those that can pay again run on, those whose grace is over end (M4).

Waking asks "which empty meter can pay now" and so needs no hook in each way in which credits arrive. It looks at a
batch of the meters in grace per tick, in turn, so that a tick costs the same however many there are; adding credits
to a wallet wakes its own meters at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from credits.events import GraceOver, Woke
from credits.metering.meters import end_locked, go
from credits.metering.news import tell
from credits.metering.views import live_meters, read_rows, view_of
from credits.models import Meter
from hub.base import clock, locking

BATCH = 2_000
# Each ended grace is a transaction of its own, with all that listens; a tick takes no more than it can in a second.
GRACES_PER_TICK = 100

_WITH_PURSE = """
  credits_meter m join credits_account a on a.id = m.wallet_id left join credits_allowance l on l.id = m.allowance_id"""
_CAN_PAY = """
  m.state = 'empty' and (
    m.ran_s < credits_block_begins(m.blocks_charged, m.block_s, m.free_s + m.gift_s, m.min_blocks)
    or m.unmetered
    or least(a.balance_m, m.most_to_spend_m - m.charged_m + m.refunded_m,
             credits_room_m(l.limit_m, l.extra_m, l.used_m, l.until, %(now)s))
       >= m.price_m * greatest(1, m.min_blocks - m.blocks_charged))"""
# Looks at `batch` meters in grace after the one it looked at last, and locks those that can pay.
_READY = f"""
with looked_at as materialized (
  select id from credits_meter where state = 'empty' and id > %(after)s order by id limit %(batch)s),
ready as materialized (
  select m.id, m.wallet_id from {_WITH_PURSE}
   where m.id = any(array(select id from looked_at)) and {_CAN_PAY}
   order by m.id for no key update of m skip locked)
select (select case when count(*) < %(batch)s then 0 else max(id) end from looked_at),
       (select coalesce(array_agg(id), '{{}}') from ready)"""  # noqa: S608 - all parts stand here
_READY_OF_WALLET = f"""
select m.id from {_WITH_PURSE}
 where m.wallet_id = %(wallet)s and (%(meter)s::bigint is null or m.id = %(meter)s) and {_CAN_PAY}
 order by m.id for no key update of m skip locked"""  # noqa: S608 - all parts stand here


@dataclass
class Turn:
    """How far the last look went. It decides only who is looked at first, so it may live in memory and be lost."""

    after: int = 0


@transaction.atomic
def wake_batch(turn: Turn, batch: int = BATCH) -> int:
    """Set going which of the next batch of empty meters can pay; how many."""
    with connection.cursor() as cursor:
        cursor.execute(_READY, {"after": turn.after, "batch": batch, "now": clock.now()})
        turn.after, ready = cursor.fetchone()
    _wake(ready)
    return len(ready)


def wake_wallet(wallet_id: int) -> list[int]:
    """Set going the empty meters of this wallet that can pay.

    Its live meters are locked (see lock_live), but one may have started and run empty since: it is locked here, and
    left alone if somebody else has it. Going twice would lose the time between.
    """
    return _wake_ready(wallet_id, None)


def wake_one(meter: Meter) -> list[int]:
    """Set going this locked meter, if it is empty and can run on."""
    return _wake_ready(meter.wallet_id, meter.pk)


def _wake_ready(wallet_id: int, meter_id: int | None) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_READY_OF_WALLET, {"wallet": wallet_id, "meter": meter_id, "now": clock.now()})
        ready = [ready_id for (ready_id,) in cursor]
    go(ready, kind="resumed", reason="topped_up", actor="wake")
    return ready


def lock_live(wallet_ids: Sequence[int]) -> None:
    """Lock the live meters of wallets before their accounts, as the order of locks demands."""
    locking.lock(Meter.objects.filter(wallet_id__in=wallet_ids, state__in=["free", "running", "empty"]))


def _wake(meter_ids: list[int]) -> None:
    if not meter_ids:
        return
    go(meter_ids, kind="resumed", reason="topped_up", actor="wake")
    now = clock.now()
    woken = read_rows(meter_ids)
    others = {meter_id for row in woken for meter_id in live_meters(row.wallet_id)} - set(meter_ids)
    tell([*woken, *read_rows(others)], [Woke(row.id, row.reference, view_of(row, now)) for row in woken])


def woke_events(meter_ids: list[int]) -> list[Woke]:
    now = clock.now()
    return [Woke(row.id, row.reference, view_of(row, now)) for row in read_rows(meter_ids)]


def end_graces(batch: int = GRACES_PER_TICK) -> int:
    """End the meters whose grace is over, each in its own transaction; how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select id from credits_meter
                where state = 'empty' and grace_until_s <= (select hub_s from credits_hubclock)
                order by grace_until_s limit %s""",
            [batch],
        )
        due = [meter_id for (meter_id,) in cursor]
    return sum(_end_grace(meter_id) for meter_id in due)


@transaction.atomic
def _end_grace(meter_id: int) -> bool:
    still = Meter.objects.filter(pk=meter_id, state=Meter.State.EMPTY)
    for meter in locking.lock(still, skip_locked=True):
        (row,) = read_rows([meter_id])
        if row.state != Meter.State.EMPTY or row.grace_until_s is None or row.grace_until_s > row.hub_s:
            return False
        end_locked(meter, "empty", "meter", (GraceOver(meter.pk, meter.reference, view_of(row, clock.now())),))
        return True
    return False
