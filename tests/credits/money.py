"""Wallets and meters for tests, in the words of the trade."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from credits.adjustments import adjust
from credits.events import Changed, Charged, Emptied, Event, GraceOver, Low, Settled, Woke
from credits.ledger.accounts import get_wallet, open_wallet
from credits.metering.audit import offences
from credits.metering.meters import open_meter, start_meter
from credits.metering.pricing import Price
from credits.models import Meter
from hub.base import events
from tests.people import make_customer

MINUTE = Price(price_millicredits=2_000, block_seconds=60)
TEN_MINUTES = Price(price_millicredits=10_000, block_seconds=600)
FREE_FIRST = Price(price_millicredits=2_000, block_seconds=60, free_seconds=60)
TWO_AT_LEAST = Price(price_millicredits=60, block_seconds=60, minimum_blocks=2)
_numbers = itertools.count(1)


def make_wallet(credits_m: int = 0) -> int:
    wallet_id = open_wallet(user_id=make_customer().pk)
    if credits_m:
        top_up(wallet_id, credits_m)
    return wallet_id


def top_up(wallet_id: int, amount_m: int) -> int:
    return adjust(wallet_id, amount_m, reason="test", actor_id=None, key=f"test-{next(_numbers)}")


def balance_of(wallet_id: int) -> int:
    return get_wallet(wallet_id).available_m


def opened(wallet_id: int, price: Price, **terms: Any) -> int:
    return open_meter(wallet_id=wallet_id, price=price, reference=f"session-{next(_numbers)}", **terms)


def running(wallet_id: int, price: Price, **terms: Any) -> int:
    """A meter that has just been started."""
    meter_id = opened(wallet_id, price, **terms)
    start_meter(meter_id)
    return meter_id


def reference_of(meter_id: int) -> str:
    return str(Meter.objects.get(pk=meter_id).reference)


def state_of(meter_id: int) -> tuple[str, int, int]:
    """(state, blocks charged, millicredits charged and not given back)"""
    meter = Meter.objects.get(pk=meter_id)
    return meter.state, meter.blocks_charged, meter.charged_m - meter.refunded_m


def everything_adds_up() -> bool:
    """Whether the audit finds nothing; what it found is in the failed assertion."""
    found = offences()
    assert found == []
    return not found


@contextmanager
def heard() -> Iterator[list[Event]]:
    """All that credits says meanwhile, in order."""
    said: list[Event] = []
    types: tuple[type[Any], ...] = (Changed, Charged, Low, Emptied, Woke, GraceOver, Settled)
    listeners: dict[type[Any], Callable[[list[Any]], None]] = dict.fromkeys(types, said.extend)
    for kind, listener in listeners.items():
        events.on(kind)(listener)
    try:
        yield said
    finally:
        for kind, listener in listeners.items():
            events._listeners[kind].remove(listener)


def own_connection() -> None:
    """For a thread that comes and goes, or whose connection is killed: a connection of its own, not one of the pool."""
    settings = connection.settings_dict
    options = {name: value for name, value in settings["OPTIONS"].items() if name != "pool"}
    connection.settings_dict = {**settings, "OPTIONS": options}
