"""All that other apps may import from credits."""

from collections.abc import Sequence

from credits.adjustments import adjust
from credits.allowances import Allowance, read_allowances
from credits.errors import (
    AboveLimit,
    KeyReused,
    MeterUnknown,
    NoCredits,
    NothingToRefund,
    ReasonMissing,
    TooLateToRefund,
    WalletUnknown,
    WrongAmount,
)
from credits.events import Changed, Charged, Emptied, GraceOver, Low, MeterView, Settled, Woke
from credits.ledger.accounts import WalletView, get_wallet, open_wallet
from credits.ledger.accounts import find_wallet as wallet_for
from credits.ledger.accounts import find_wallets as wallets_for
from credits.metering import views
from credits.metering.gifts import grant, waive
from credits.metering.meters import (
    end_meter,
    open_meter,
    pause_meter,
    resume_meter,
    set_most_to_spend,
    set_unmetered,
    start_meter,
)
from credits.metering.pricing import (
    FREE_OF_CHARGE,
    Price,
    change_price,
    needed_to_start,
    price_of,
    prices_of,
    set_price,
)
from credits.metering.summary import Charge, MeterSummary, Paused, meter_summary
from credits.metering.summary import charges as charges_of
from credits.origins import Origin, Origins, origins
from credits.refunds import REASONS as REFUND_REASONS
from credits.refunds import refund_charges
from hub.base import clock

__all__ = [
    "FREE_OF_CHARGE",
    "REFUND_REASONS",
    "AboveLimit",
    "Allowance",
    "Changed",
    "Charge",
    "Charged",
    "Emptied",
    "GraceOver",
    "KeyReused",
    "Low",
    "MeterSummary",
    "MeterUnknown",
    "MeterView",
    "NoCredits",
    "NothingToRefund",
    "Origin",
    "Origins",
    "Paused",
    "Price",
    "ReasonMissing",
    "Settled",
    "TooLateToRefund",
    "WalletUnknown",
    "WalletView",
    "Woke",
    "WrongAmount",
    "adjust",
    "change_price",
    "charges",
    "charges_of",
    "end_meter",
    "get_wallet",
    "grant",
    "meter_summary",
    "meter_views",
    "needed_to_start",
    "open_meter",
    "open_wallet",
    "origins",
    "pause_meter",
    "price_of",
    "prices_of",
    "read_allowances",
    "refund_charges",
    "resume_meter",
    "set_most_to_spend",
    "set_price",
    "set_unmetered",
    "start_meter",
    "waive",
    "wallet_for",
    "wallets_for",
]


def meter_views(meter_ids: Sequence[int]) -> dict[int, MeterView]:
    """The frames of these meters, now, in one statement."""
    return views.meter_views(meter_ids, clock.now())


def charges(meter_id: int) -> list[Charge]:
    """The blocks of this meter, in order, with what was given back of each."""
    return charges_of([meter_id])
