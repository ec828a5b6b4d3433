"""What people and leases do to a meter: open, start, pause, resume, end, caps, VIP. See docs/how/metering.md.

Each action locks the meter first and reads the hub's clock in the statement after it: a lock and a read in one statement
would see the clock of before the wait, and stop the meter at a second before the block that was just charged.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from credits.errors import MeterUnknown
from credits.events import Event, Settled
from credits.ledger.accounts import house_account
from credits.metering.news import tell_wallet
from credits.metering.pricing import Price
from credits.metering.unused import give_back_unused
from credits.metering.views import read_rows, view_of
from credits.models import Account, Meter
from hub.base import clock, locking

State = Meter.State

# From which states a meter may go where; the sweep moves free and running to running or empty, and nothing else does.
MOVES: dict[str, frozenset[str]] = {
    "start": frozenset({State.READY}),
    "pause": frozenset({State.FREE, State.RUNNING}),
    "resume": frozenset({State.PAUSED}),
    "wake": frozenset({State.EMPTY}),
    "end": frozenset({State.READY, State.FREE, State.RUNNING, State.PAUSED, State.EMPTY}),
}

_OPEN = """
with made as (
  insert into credits_meter (wallet_id, house_id, reference, price_m, block_s, free_s, min_blocks, most_to_spend_m, limit_m,
                             unmetered, switches, state, opened_at)
  values (%(wallet)s, %(house)s, %(reference)s, %(price)s, %(block)s, %(free)s, %(minimum)s, %(most)s, %(limit)s,
          %(unmetered)s, '{}', 'ready', %(now)s) returning id)
insert into credits_meterevent (meter_id, kind, at_s, reason, actor, at)
select id, 'opened', hub_s, case when %(unmetered)s then 'vip' else '' end, %(actor)s, %(now)s from made, credits_hubclock
returning meter_id"""
GO = """
with c as (select hub_s from credits_hubclock),
went as (
  update credits_meter m
     set state = case when blocks_charged = 0 and ran_s < free_s + gift_s then 'free' else 'running' end, reason = '',
         clock_from_s = c.hub_s, grace_until_s = null,
         next_charge_s = c.hub_s + credits_block_begins(blocks_charged, block_s, free_s + gift_s, min_blocks) - ran_s
    from c where id = any(%(ids)s) returning m.id, c.hub_s)
insert into credits_meterevent (meter_id, kind, at_s, reason, actor, at)
select id, %(kind)s, hub_s, %(reason)s, %(actor)s, %(now)s from went"""
# `back_s` is what ran after the last sign of life; it never reaches beyond the moment at which the clock last went.
# What has begun within the rest and is not charged yet stays due: next_charge_s keeps it until the sweep has been there.
_STOP = """
with c as (select hub_s, credits_hub_at(%(since)s::timestamptz) as since_s from credits_hubclock),
was as (
  select m.id, c.hub_s, m.ran_s + coalesce(c.hub_s - m.clock_from_s, 0) as elapsed_s,
         greatest(0, c.hub_s - greatest(c.since_s, m.clock_from_s)) * (m.clock_from_s is not null and c.since_s is not null)::int as back_s
    from credits_meter m, c where m.id = %(id)s),
stopped as (
  update credits_meter m
     set state = %(state)s, reason = %(reason)s, ran_s = was.elapsed_s - was.back_s, clock_from_s = null, warn_s = null,
         low_minutes = null, grace_until_s = null, switches = credits_switches_upto(switches, was.elapsed_s - was.back_s),
         next_charge_s = case when was.elapsed_s - was.back_s > credits_block_begins(blocks_charged, block_s, free_s + gift_s, min_blocks)
                              then next_charge_s end
    from was where m.id = was.id)
insert into credits_meterevent (meter_id, kind, at_s, back_s, reason, actor, at)
select id, %(state)s, hub_s, back_s, %(reason)s, %(actor)s, %(now)s from was"""
_SWITCH = """
with c as (select hub_s from credits_hubclock),
switched as (
  update credits_meter m set unmetered = not unmetered,
         switches = case when m.state = 'ready' then m.switches
                         else m.switches || (m.ran_s + coalesce(c.hub_s - m.clock_from_s, 0)) end
    from c where id = %(id)s returning m.id, c.hub_s, m.unmetered)
insert into credits_meterevent (meter_id, kind, at_s, actor, at)
select id, case when unmetered then 'vip_on' else 'vip_off' end, hub_s, %(actor)s, %(now)s from switched"""


def open_meter(
    *,
    wallet_id: int,
    price: Price,
    reference: str,
    unmetered: bool = False,
    most_to_spend_m: int | None = None,
    limit_m: int | None = None,
    actor: str = "",
) -> int:
    """A meter with these terms, ready; nothing runs and nothing is charged until it is started (M1, M2).

    `most_to_spend_m` is the customer's own cap (C1), `limit_m` what a member of an organisation may still spend (P4); both
    stop the meter as an empty wallet does. The price is above 0: what is free of charge has no meter.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            _OPEN,
            {
                "wallet": wallet_id,
                "house": house_account(Account.Kind.HOUSE),
                "reference": reference,
                "price": price.price_millicredits,
                "block": price.block_seconds,
                "free": price.free_seconds,
                "minimum": price.minimum_blocks,
                "most": most_to_spend_m,
                "limit": limit_m,
                "unmetered": unmetered,
                "actor": actor,
                "now": clock.now(),
            },
        )
        return int(cursor.fetchone()[0])


@transaction.atomic
def start_meter(meter_id: int, *, actor: str = "") -> None:
    """The agent's first reply: from here on time runs (M2). Starting twice is starting once."""
    meter = lock_meter(meter_id)
    if meter.state not in MOVES["start"]:
        return
    go([meter_id], kind="started", reason="", actor=actor)
    tell_wallet(meter.wallet_id, [meter_id])


@transaction.atomic
def pause_meter(meter_id: int, reason: str, *, since: datetime | None = None, actor: str = "") -> bool:
    """Stop the clock; False when it did not go. With `since` (the last sign of life) it stops at that moment of the past:
    what ran after it does not count, and a block that had begun only then is kept and used first on resume (M5)."""
    meter = lock_meter(meter_id)
    if meter.state not in MOVES["pause"]:
        return False
    _stop(meter_id, State.PAUSED, reason, actor, since)
    tell_wallet(meter.wallet_id, [meter_id])
    return True


@transaction.atomic
def resume_meter(meter_id: int, reason: str = "", *, actor: str = "") -> bool:
    """Let a paused clock go again; the rest of the paid block is used first (M2). False when it was not paused."""
    meter = lock_meter(meter_id)
    if meter.state not in MOVES["resume"]:
        return False
    go([meter_id], kind="resumed", reason=reason, actor=actor)
    tell_wallet(meter.wallet_id, [meter_id])
    return True


@transaction.atomic
def end_meter(meter_id: int, reason: str, *, actor: str = "") -> bool:
    """Stop for good; False when it had ended. Never waits for money: what has begun and is not charged is settled by the
    next sweep, and only then comes Settled. Paid blocks of which nothing was used are given back at once (M5)."""
    meter = lock_meter(meter_id)
    if meter.state not in MOVES["end"]:
        return False
    end_locked(meter, reason, actor)
    return True


def end_locked(meter: Meter, reason: str, actor: str, more: tuple[Event, ...] = ()) -> None:
    """End a meter whose row is locked already, and tell of it; `more` is said with it."""
    _stop(meter.pk, State.ENDED, reason, actor, None)
    give_back_unused(meter.pk)
    (row,) = read_rows([meter.pk])
    settled: tuple[Event, ...] = ()
    if row.settled:
        settled = (Settled(row.id, row.reference, view_of(row, clock.now())),)
    tell_wallet(meter.wallet_id, [meter.pk], (*more, *settled))


@transaction.atomic
def set_unmetered(meter_id: int, on: bool, *, actor: str = "") -> bool:
    """VIP on or off (P12): what counts for a block is how it stood when the block began, however late it is charged."""
    meter = lock_meter(meter_id)
    if meter.state == State.ENDED or meter.unmetered == on:
        return False
    with connection.cursor() as cursor:
        cursor.execute(_SWITCH, {"id": meter_id, "actor": actor, "now": clock.now()})
    tell_wallet(meter.wallet_id, [meter_id])
    return True


@transaction.atomic
def set_caps(meter_id: int, *, most_to_spend_m: int | None, limit_m: int | None) -> None:
    """Other caps for a meter that has not ended. One that stopped by its cap wakes at the next tick if there is room now."""
    meter = lock_meter(meter_id)
    if meter.state == State.ENDED:
        return
    Meter.objects.filter(pk=meter_id).update(most_to_spend_m=most_to_spend_m, limit_m=limit_m)
    tell_wallet(meter.wallet_id, [meter_id])


def lock_meter(meter_id: int) -> Meter:
    """The meter, locked until the transaction ends. Raises MeterUnknown."""
    try:
        return locking.lock_one(Meter, meter_id)
    except Meter.DoesNotExist:
        raise MeterUnknown from None


def go(meter_ids: list[int], *, kind: str, reason: str, actor: str) -> None:
    """Let the clocks of these meters go from now; their rows are locked."""
    with connection.cursor() as cursor:
        cursor.execute(GO, {"ids": meter_ids, "kind": kind, "reason": reason, "actor": actor, "now": clock.now()})


def _stop(meter_id: int, state: str, reason: str, actor: str, since: datetime | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _STOP,
            {"id": meter_id, "state": state, "reason": reason, "actor": actor, "since": since, "now": clock.now()},
        )
