"""What people and leases do to a meter: open, start, pause, resume, end, cap, VIP. See docs/how/metering.md.

Each action locks the meter first and reads the hub's clock in the statement after it: a lock and a read in one
statement would see the clock of before the wait, and stop the meter at a second before the block that was just
charged.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from credits.allowances import find_allowance
from credits.errors import MeterUnknown
from credits.events import Event, Settled
from credits.ledger.accounts import house_account
from credits.metering.news import tell_wallet
from credits.metering.pricing import Price
from credits.metering.unused import give_back_unused
from credits.metering.views import read_rows, view_of
from credits.models import Account, Meter
from credits.sql import read
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


def open_meter(
    *,
    wallet_id: int,
    price: Price,
    reference: str,
    unmetered: bool = False,
    most_to_spend_m: int | None = None,
    spender_id: int | None = None,
    actor: str = "",
) -> int:
    """A meter with these terms, ready; nothing runs and nothing is charged until it is started (M1, M2).

    `most_to_spend_m` is the customer's own cap (C1). `spender_id` is the person who uses it; where the wallet is an
    organisation's, what they may spend in a month is shared by all their meters (P4). Both stop the meter as an empty
    wallet does. The price is above 0: what is free of charge has no meter.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            read("metering", "open"),
            {
                "wallet": wallet_id,
                "house": house_account(Account.Kind.HOUSE),
                "reference": reference,
                "spender": spender_id,
                "price": price.price_millicredits,
                "block": price.block_seconds,
                "free": price.free_seconds,
                "minimum": price.minimum_blocks,
                "most": most_to_spend_m,
                "allowance": find_allowance(wallet_id, spender_id),
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
    """Stop the clock; False when it did not go.

    With `since` (the last sign of life) it stops at that moment of the past: what ran after it does not count, and a
    block that had begun only then is kept and used first on resume (M5).
    """
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
    """Stop for good; False when it had ended.

    Never waits for money: what has begun and is not charged is settled by the next sweep, and only then comes Settled.
    Paid blocks of which nothing was used are given back at once (M5).
    """
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
        cursor.execute(read("metering", "switch"), {"id": meter_id, "actor": actor, "now": clock.now()})
    tell_wallet(meter.wallet_id, [meter_id])
    return True


@transaction.atomic
def set_most_to_spend(meter_id: int, most_to_spend_m: int | None) -> None:
    """Another cap for a meter that has not ended. One that stopped by it wakes at the next tick if it has room."""
    meter = lock_meter(meter_id)
    if meter.state == State.ENDED:
        return
    Meter.objects.filter(pk=meter_id).update(most_to_spend_m=most_to_spend_m)
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
        cursor.execute(
            read("metering", "go"),
            {"ids": meter_ids, "kind": kind, "reason": reason, "actor": actor, "now": clock.now()},
        )


def _stop(meter_id: int, state: str, reason: str, actor: str, since: datetime | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            read("metering", "stop"),
            {"id": meter_id, "state": state, "reason": reason, "actor": actor, "since": since, "now": clock.now()},
        )
