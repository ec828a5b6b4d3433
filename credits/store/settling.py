"""The one way to the truth about a purchase (S3): ask the provider, compare, book. See docs/how/payments.md.

Notice, return page, sweep and staff all come here, and only as a reason to look. Nothing is locked while the provider
is asked. Looks are numbered: an answer that was asked for before another one that is booked already changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.db.models import Sum

from credits.errors import ProviderAway, ProviderRefused, PurchaseUnknown
from credits.events import PurchaseMoved
from credits.ledger import debts
from credits.ledger.accounts import house_account
from credits.ledger.transfers import Movement, post
from credits.metering.purse import moving
from credits.models import Account, Purchase, PurchaseEvent
from credits.store.history import note
from credits.store.money_sums import ours
from credits.store.nudging import RECEIPTS, nudge_after_commit
from credits.store.outside import require_no_transaction
from credits.store.providers import registry
from credits.store.providers.base import NotOffered, ProviderDown, State, Status, Unknown
from credits.store.purchases import take_to_provider
from hub.base import clock, locking
from hub.base.events import emit

log = structlog.get_logger(__name__)

# After how long we look by ourselves, should no notice come: in minutes, then every hour for a day, daily for a week.
FIRST_LOOKS: Final = tuple(timedelta(minutes=one) for one in (1, 5, 15, 60))
HOURLY_FOR: Final = timedelta(days=1)
DAILY_FOR: Final = timedelta(days=7)
NOT_STARTED_AFTER: Final = timedelta(hours=1)
UNDECIDED: Final = frozenset({State.OPEN, State.PENDING})

_BEGIN = """
update credits_purchase set looks = looks + 1 where id = %s
returning looks, provider, provider_ref, state"""


@dataclass(frozen=True, slots=True)
class Look:
    """A look at the provider that has begun. The higher number was begun later."""

    purchase_id: UUID
    number: int


def settle(purchase_id: UUID) -> Purchase:
    """Ask how this purchase stands at the provider, and book it; the purchase as it is then.

    Any number of times, from anywhere, also at once. Raises PurchaseUnknown, and ProviderDown: nothing is known anew,
    the sweep asks again.
    """
    require_no_transaction()
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, [purchase_id])
        begun = cursor.fetchone()
    if begun is None:
        raise PurchaseUnknown
    number, provider_name, provider_ref, state = begun
    look = Look(purchase_id, number)
    if provider_ref is None:
        return _go_on(look, state)
    provider = registry.find_stored(provider_name)
    if provider is None:
        return _book(look, None, "switched_off")
    try:
        status = provider.fetch(provider_ref)
    except NotOffered:
        return _book(look, None, "")
    except Unknown:
        return _book(look, None, "unknown")
    return book(look, status)


def _go_on(look: Look, state: str) -> Purchase:
    """It was committed and perhaps never reached the provider: a crash between. The same key makes it one payment."""
    purchase = Purchase.objects.select_related("buyer").get(pk=look.purchase_id)
    if state != Purchase.State.OPEN:
        return purchase
    if not purchase.automatic:  # nobody was sent anywhere, so nobody can have paid; the payer's own retry goes on
        return _give_up(look)
    try:
        take_to_provider(purchase)
    except ProviderAway as away:
        raise ProviderDown("away") from away
    except ProviderRefused:
        pass
    return Purchase.objects.get(pk=look.purchase_id)


@transaction.atomic
def _give_up(look: Look) -> Purchase:
    purchase = locking.lock_one(Purchase, look.purchase_id)
    over = clock.now() >= purchase.created_at + NOT_STARTED_AFTER
    if over and purchase.provider_ref is None and purchase.state == Purchase.State.OPEN:
        purchase.state = Purchase.State.EXPIRED
        note(purchase, "not_started", actor="clock")
    purchase.next_look_at = next_look(purchase, clock.now())
    purchase.save(update_fields=["state", "next_look_at"])
    return purchase


def book(look: Look, status: Status) -> Purchase:
    """Book what the provider answered to this look."""
    return _book(look, status, "")


@transaction.atomic
def _book(look: Look, status: Status | None, trouble: str) -> Purchase:
    purchase = locking.lock_one(Purchase, look.purchase_id)
    if look.number <= purchase.looked:
        return purchase
    purchase.looked = look.number
    if status is not None:
        trouble = _mismatch(purchase, status)
    if status is not None and not trouble:
        trouble = _follow(purchase, status)
    _set_trouble(purchase, trouble)
    purchase.next_look_at = next_look(purchase, clock.now())
    purchase.save(update_fields=["looked", "next_look_at", "trouble", "closed_trouble"])
    return purchase


def book_locked(purchase: Purchase, status: Status) -> None:
    """Book what staff know better than any provider (a bank line), on a row that is locked."""
    _set_trouble(purchase, _mismatch(purchase, status) or _follow(purchase, status))
    purchase.save(update_fields=["trouble", "closed_trouble"])


def _mismatch(purchase: Purchase, status: Status) -> str:
    """Why this answer is about something else; '' when it is about this purchase (S3)."""
    if status.provider_ref != purchase.provider_ref:
        return "other_payment"
    if status.order_id is not None and status.order_id != str(purchase.pk):
        return "other_order"
    if status.test != purchase.test:
        return "other_mode"
    if (status.amount.cents, status.amount.currency) != (purchase.amount_cents, purchase.currency):
        return "other_amount"
    return ""


def _follow(purchase: Purchase, status: Status) -> str:
    """Bring the purchase to where the provider is; what does not fit comes back as trouble."""
    paid = status.state == State.PAID or bool(status.refunded_cents or status.charged_back_cents)
    if not paid and purchase.state == Purchase.State.PAID:
        return "no_longer_paid"
    if not paid:
        if status.state != purchase.state:
            _move(purchase, status)
        return ""
    before = (purchase.state, purchase.refunded_cents, purchase.charged_back_cents)
    now = (Purchase.State.PAID, status.refunded_cents, status.charged_back_cents)
    if before != now or _to_take_m(purchase) != purchase.taken_back_m:
        with moving(purchase.wallet_id):
            if purchase.state != Purchase.State.PAID:
                _credit(purchase, status)
            _reverse(purchase, status)
    return "paid_back_twice" if _went_back_cents(purchase) > purchase.amount_cents else ""


def _went_back_cents(purchase: Purchase) -> int:
    """More than the price only where we paid back by hand what the provider paid back, too."""
    beside = ours(purchase).beside
    return beside + purchase.refunded_cents + purchase.charged_back_cents if beside else 0


def _move(purchase: Purchase, status: Status) -> None:
    purchase.state = Purchase.State(status.state.value)
    purchase.save(update_fields=["state"])
    note(purchase, status.state.value, actor=_actor(purchase))
    _tell(purchase)


def _credit(purchase: Purchase, status: Status) -> None:
    """Once: the key is the purchase's, and the row is locked."""
    key = f"purchase:{purchase.pk}"
    movement = Movement(
        debit_id=house_account(Account.Kind.CLEARING),
        credit_id=purchase.wallet_id,
        amount_m=purchase.credits_m,
        reason="purchase",
        actor=_actor(purchase),
        reference=key,
        lot="paid",
    )
    purchase.transfer_id = post(key, movement)
    purchase.state, purchase.paid_at = Purchase.State.PAID, clock.now()
    fields = ["state", "paid_at", "transfer"]
    if status.mandate_ref and purchase.asks_mandate:
        purchase.mandate_ref = status.mandate_ref
        fields.append("mandate_ref")
    purchase.save(update_fields=fields)
    note(purchase, "paid", actor=_actor(purchase), cents=purchase.amount_cents, amount_m=purchase.credits_m)
    nudge_after_commit(RECEIPTS)
    _tell(purchase)


def _tell(purchase: Purchase) -> None:
    emit([PurchaseMoved(str(purchase.pk), purchase.buyer_id, str(purchase.state), purchase.credits_m)])


def _reverse(purchase: Purchase, status: Status) -> None:
    """Take credits back for money that left us other than by our own refunds, or return them (S5)."""
    _note_money(purchase, status)
    purchase.refunded_cents, purchase.charged_back_cents = status.refunded_cents, status.charged_back_cents
    change_m = _to_take_m(purchase) - purchase.taken_back_m
    if change_m:
        purchase.reversals += 1
        key, reference = f"purchase:{purchase.pk}:reversal:{purchase.reversals}", f"purchase:{purchase.pk}"
        if change_m > 0:
            owed_m = debts.take_back(purchase.wallet_id, change_m, key=key, reference=reference, actor=_actor(purchase))
            note(purchase, "taken_back", actor=_actor(purchase), amount_m=change_m, detail=f"owed {owed_m}")
        else:
            clearing = house_account(Account.Kind.CLEARING)
            back = Movement(clearing, purchase.wallet_id, -change_m, "returned", _actor(purchase), reference, "paid")
            post(key, back)
            note(purchase, "returned", actor=_actor(purchase), amount_m=-change_m)
        purchase.taken_back_m += change_m
    purchase.save(update_fields=["refunded_cents", "charged_back_cents", "reversals", "taken_back_m"])


def _note_money(purchase: Purchase, status: Status) -> None:
    """When money went back without us, or returned: the sums of the purchase have no days (days.sql)."""
    outside_cents = max(0, status.refunded_cents - ours(purchase).cents)
    told = PurchaseEvent.objects.filter(purchase=purchase, what="refunded_outside").aggregate(c=Sum("cents", default=0))
    if outside_cents != told["c"]:
        note(purchase, "refunded_outside", actor=_actor(purchase), cents=outside_cents - told["c"])
    if status.charged_back_cents != purchase.charged_back_cents:
        change = status.charged_back_cents - purchase.charged_back_cents
        note(purchase, "charged_back", actor=_actor(purchase), cents=change)


def _to_take_m(purchase: Purchase) -> int:
    """The credits of money that went back without us: refunds made at the provider, and chargebacks.

    What we gave back ourselves took its credits when it was asked for (money_refunds.py).
    """
    sums = ours(purchase)
    cents = max(0, purchase.refunded_cents - sums.cents) + purchase.charged_back_cents
    cents = min(cents, purchase.amount_cents)
    share_m = (2 * purchase.credits_m * cents + purchase.amount_cents) // (2 * purchase.amount_cents)
    return int(min(share_m, purchase.credits_m - sums.m))


def _set_trouble(purchase: Purchase, trouble: str) -> None:
    if trouble == purchase.trouble:
        return
    purchase.trouble, purchase.closed_trouble = trouble, ""
    if trouble:
        note(purchase, "trouble", actor=_actor(purchase), detail=trouble)
        log.error("store.trouble", purchase=str(purchase.pk), trouble=trouble)


def _actor(purchase: Purchase) -> str:
    return f"provider:{purchase.provider}"


def next_look(purchase: Purchase, now: datetime) -> datetime | None:
    """When to look again by ourselves. What is decided is looked at daily, for refunds of which no notice came."""
    begun = purchase.created_at
    if purchase.provider_ref is None and not purchase.automatic:
        return begun + NOT_STARTED_AFTER if purchase.state == Purchase.State.OPEN else None
    if purchase.method == "bank_transfer":
        return None
    if purchase.state in UNDECIDED:
        for after in FIRST_LOOKS:
            if begun + after > now:
                return begun + after
        if now < begun + HOURLY_FOR:
            return now + timedelta(hours=1)
    return now + timedelta(days=1) if now < begun + DAILY_FOR else None
