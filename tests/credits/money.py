"""Wallets and meters for tests, in the words of the trade."""

from __future__ import annotations

import itertools

from credits.adjustments import adjust
from credits.ledger.accounts import get_wallet, open_wallet
from credits.metering.meters import open_meter, start_meter
from credits.metering.pricing import Price
from credits.models import Meter
from tests.people import make_customer

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


def running(wallet_id: int, price: Price, **terms: object) -> int:
    """A meter that has just been started."""
    meter_id = open_meter(wallet_id=wallet_id, price=price, reference=f"session-{next(_numbers)}", **terms)  # type: ignore[arg-type]
    start_meter(meter_id)
    return meter_id


def state_of(meter_id: int) -> tuple[str, int, int]:
    """(state, blocks charged, millicredits charged and not given back)"""
    meter = Meter.objects.get(pk=meter_id)
    return meter.state, meter.blocks_charged, meter.charged_m - meter.refunded_m
