"""All that other apps may import from credits."""

from collections.abc import Sequence

from credits.adjustments import adjust
from credits.allowances import Allowance, read_allowances, read_most_used
from credits.approvals import Asked, Carrier, approve, ask_approval, carriers, decline, withdraw_all, withdraw_beyond
from credits.chat_time import departments_offered, prices_offered, seconds_for
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
from credits.events import (
    Changed,
    Charged,
    Emptied,
    GraceOver,
    LimitAnswered,
    Low,
    MeterView,
    PurchaseMoved,
    Settled,
    Woke,
)
from credits.ledger.accounts import WalletView, get_wallet, open_wallet, wallets_by_id
from credits.ledger.accounts import find_wallet as wallet_for
from credits.ledger.accounts import find_wallets as wallets_for
from credits.ledger.lines import Filter as LineFilter
from credits.ledger.overview import expiring as expiring_lots
from credits.limit_requests import ask_for_more, decline_more, grant_more, open_requests
from credits.limits import set_limit
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
from credits.metering.once import charge_once
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
from credits.models import Approval
from credits.origins import Origin, Origins, origins
from credits.permissions import may_approve
from credits.personnel import Overview, open_invitations, read_overview
from credits.reader_wallet import wallet_of_reader
from credits.refunds import REASONS as REFUND_REASONS
from credits.refunds import Room, refund_charges, refundable_m, room_of
from credits.role_limits import adjust_limit_m, is_within, refund_limit_m
from credits.statement import REASONS as LINE_REASONS
from credits.statement import Entry, every_entry, read_page
from credits.statement_file import cells as line_cells
from credits.statement_file import heads as line_heads
from credits.store.auto_top_up import find_auto_top_up
from credits.store.bank_orders import Booked, book_line, close_line, open_lines
from credits.store.days import Day, days
from credits.store.money_refunds import Left, ask_second_person, left_of, pay_back, refund_limit_cents
from credits.store.money_requests import count_open_requests as count_open_money_requests
from credits.store.money_requests import open_requests as open_money_requests
from credits.store.notice_door import NoticeDoor
from credits.store.of_wallet import count_purchases, purchases_of
from credits.store.open_items import OpenItems, open_items
from credits.store.packages import Offer, offers, seed_packages, set_organisation_price, set_package
from credits.store.purchases import may_buy, paying_since
from credits.store.receipt_facts import ReceiptFacts
from credits.store.receipts import facts_of, file_of
from credits.store.receipts import number_of as receipt_number
from credits.store.vouchers import make_vouchers, withdraw_voucher
from credits.store.ways import sells_to
from credits.vip import set_vip
from hub.base import clock

__all__ = [
    "FREE_OF_CHARGE",
    "LINE_REASONS",
    "REFUND_REASONS",
    "AboveLimit",
    "Allowance",
    "Approval",
    "Asked",
    "Booked",
    "Carrier",
    "Changed",
    "Charge",
    "Charged",
    "Day",
    "Emptied",
    "Entry",
    "GraceOver",
    "KeyReused",
    "Left",
    "LimitAnswered",
    "LineFilter",
    "Low",
    "MeterSummary",
    "MeterUnknown",
    "MeterView",
    "NoCredits",
    "NothingToRefund",
    "NoticeDoor",
    "Offer",
    "OpenItems",
    "Origin",
    "Origins",
    "Overview",
    "Paused",
    "Price",
    "PurchaseMoved",
    "ReasonMissing",
    "ReceiptFacts",
    "Room",
    "Settled",
    "TooLateToRefund",
    "WalletUnknown",
    "WalletView",
    "Woke",
    "WrongAmount",
    "adjust",
    "adjust_limit_m",
    "approve",
    "ask_approval",
    "ask_for_more",
    "ask_second_person",
    "book_line",
    "carriers",
    "change_price",
    "charge_once",
    "charges",
    "charges_of",
    "close_line",
    "count_open_money_requests",
    "count_purchases",
    "days",
    "decline",
    "decline_more",
    "departments_offered",
    "end_meter",
    "every_entry",
    "expiring_lots",
    "facts_of",
    "file_of",
    "find_auto_top_up",
    "get_wallet",
    "grant",
    "grant_more",
    "is_within",
    "left_of",
    "line_cells",
    "line_heads",
    "make_vouchers",
    "may_approve",
    "may_buy",
    "meter_summary",
    "meter_views",
    "needed_to_start",
    "offers",
    "open_invitations",
    "open_items",
    "open_lines",
    "open_meter",
    "open_money_requests",
    "open_requests",
    "open_wallet",
    "origins",
    "pause_meter",
    "pay_back",
    "paying_since",
    "price_of",
    "prices_of",
    "prices_offered",
    "purchases_of",
    "read_allowances",
    "read_most_used",
    "read_overview",
    "read_page",
    "receipt_number",
    "refund_charges",
    "refund_limit_cents",
    "refund_limit_m",
    "refundable_m",
    "resume_meter",
    "room_of",
    "seconds_for",
    "seed_packages",
    "sells_to",
    "set_limit",
    "set_most_to_spend",
    "set_organisation_price",
    "set_package",
    "set_price",
    "set_unmetered",
    "set_vip",
    "start_meter",
    "waive",
    "wallet_for",
    "wallet_of_reader",
    "wallets_by_id",
    "wallets_for",
    "withdraw_all",
    "withdraw_beyond",
    "withdraw_voucher",
]


def meter_views(meter_ids: Sequence[int]) -> dict[int, MeterView]:
    """The frames of these meters, now, in one statement."""
    return views.meter_views(meter_ids, clock.now())


def charges(meter_id: int) -> list[Charge]:
    """The blocks of this meter, in order, with what was given back of each."""
    return charges_of([meter_id])
