"""Money back for credits that are left (L7): asked by staff, four eyes above a limit, through the payment provider.

Three steps, as a purchase has: the credits are taken and the wish is committed; the provider is asked under the
refund's own id as its key; its answer is committed. Refused, the credits return. What is pending the sweep asks for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Sum

from credits.approvals import Asked, Carrier, approval_key, ask_approval, carriers, withdraw_beyond
from credits.errors import AboveLimit, KeyReused, NothingToPayBack, NotPaid, PurchaseUnknown, ReasonMissing, WrongAmount
from credits.ledger.accounts import house_account
from credits.ledger.debts import take_back
from credits.ledger.transfers import Movement, lock_accounts, post, sealed
from credits.metering.purse import moving
from credits.models import Account, Approval, MoneyRefund, Purchase
from credits.refunds import REASONS
from credits.store import money_answers
from credits.store.history import note
from credits.store.money_sums import ours
from credits.store.nudging import RECEIPTS, nudge_after_commit
from credits.store.outside import require_no_transaction
from credits.store.providers import registry
from credits.store.providers.base import (
    Capability,
    NotOffered,
    ProviderDown,
    RefundState,
    RefundStatus,
    Refused,
    Unknown,
)
from credits.store.providers.base import Money as Amount
from hub.accounts.public import Person, audit
from hub.base import clock, locking
from hub.base.errors import Forbidden

log = structlog.get_logger(__name__)

LEASE: Final = timedelta(minutes=2)
BATCH: Final = 50
OPEN: Final = (MoneyRefund.State.ASKED, MoneyRefund.State.PENDING)

# Of the purchase's lot, and of what returned to the wallet because a refund of it failed or a chargeback was won.
_LEFT = """
select coalesce(sum(w.left_m), 0)::bigint, coalesce(min(a.balance_m), 0)
  from credits_wallet_lots(%s) w join credits_transfer t on t.id = w.lot_id join credits_account a on a.id = t.credit_id
 where t.reference = %s and t.reason in ('purchase', 'returned')"""

_TAKE = """
update credits_moneyrefund set next_look_at = %(lease)s, tries = tries + 1
 where id = any(array(select id from credits_moneyrefund where next_look_at <= %(now)s
                       order by next_look_at limit %(batch)s for no key update skip locked))
returning id"""


@dataclass(frozen=True, slots=True)
class Left:
    """What of a purchase can still be paid back in money: credits of its lot that are left, and what they cost."""

    credits_m: int
    cents: int


def left_of(purchase: Purchase) -> Left:
    """Nothing of what is used, granted or held (L7)."""
    if purchase.state != Purchase.State.PAID or purchase.trouble:
        return Left(0, 0)
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, [purchase.wallet_id, f"purchase:{purchase.pk}"])
        lots_m, balance_m = cursor.fetchone()
    open_m = purchase.credits_m - purchase.taken_back_m - ours(purchase).m
    left_m = max(0, min(lots_m, balance_m, open_m))
    return Left(left_m, _cents_of(purchase, left_m))


def _cents_of(purchase: Purchase, credits_m: int) -> int:
    """The share of the price, rounded down; the last credits get what is left of it."""
    before = ours(purchase)
    went_back = max(before.cents, purchase.refunded_cents) + before.beside + purchase.charged_back_cents
    money_left = purchase.amount_cents - went_back
    if before.m + purchase.taken_back_m + credits_m == purchase.credits_m:
        return max(0, money_left)
    return max(0, min(purchase.amount_cents * credits_m // purchase.credits_m, money_left))


def _given_cents(purchase: Purchase) -> int:
    sums = ours(purchase)
    return sums.cents + sums.beside


def refund_limit_cents(level: str) -> int | None:
    """What somebody of this level may pay back alone; None is no limit."""
    limits: dict[str, int | None] = settings.MONEY_REFUND_LIMITS_CENTS
    return limits.get(level, 0)


def pay_back(
    actor: Person, purchase_id: UUID, credits_m: int, *, reason: str, key: str, approved: bool = False
) -> MoneyRefund:
    """Take so many credits of this purchase and have their price paid back; the same key again is the same refund.

    Raises PurchaseUnknown, Forbidden, WrongAmount, ReasonMissing, NotPaid, NothingToPayBack, AboveLimit (then a second
    person approves), KeyReused. A provider that is down is asked later.
    """
    require_no_transaction()
    refund = ask(actor, purchase_id, credits_m, reason=reason, key=key, approved=approved)
    try:
        carry_on(refund.pk)
    except ProviderDown as down:
        log.warning("store.provider_down", refund=str(refund.pk), reason=down.reason)
    return MoneyRefund.objects.get(pk=refund.pk)


@transaction.atomic
def ask(
    actor: Person, purchase_id: UUID, credits_m: int, *, reason: str, key: str, approved: bool = False
) -> MoneyRefund:
    """The first step alone; the sweep does the others. `approved`: somebody with the right to did so."""
    if not actor.is_staff or actor.user_id is None:
        raise Forbidden
    if credits_m <= 0:
        raise WrongAmount(field="credits_m")
    if reason not in REASONS:
        raise ReasonMissing(field="reason")
    if not Purchase.objects.visible_to(actor).filter(pk=purchase_id).exists():
        raise PurchaseUnknown
    purchase = locking.lock_one(Purchase, purchase_id)
    key = f"{actor.key}:{sealed(key)}"
    made: MoneyRefund | None = MoneyRefund.objects.filter(key=key).first()
    if made is not None:
        if (made.purchase_id, made.credits_m, made.reason) != (purchase.pk, credits_m, reason):
            raise KeyReused
        return made
    if purchase.state != Purchase.State.PAID:
        raise NotPaid
    made = _take(actor, purchase, credits_m, reason, key, approved)
    if not approved:
        withdraw_beyond(actor, Approval.What.MONEY_REFUND.value, str(purchase.pk), left_of(purchase).credits_m)
    return made


def _take(actor: Person, purchase: Purchase, credits_m: int, reason: str, key: str, approved: bool) -> MoneyRefund:
    asked = money_answers.lock_open(purchase)
    with moving(purchase.wallet_id):
        lock_accounts([purchase.wallet_id])
        cents = _cents_of(purchase, credits_m)
        if credits_m > left_of(purchase).credits_m or cents <= 0:
            raise NothingToPayBack
        limit = refund_limit_cents(actor.level)
        if not approved and limit is not None and _given_cents(purchase) + cents > limit:
            raise AboveLimit
        refund = MoneyRefund.objects.create(
            key=key,
            purchase=purchase,
            credits_m=credits_m,
            amount_cents=cents,
            reason=reason,
            actor=f"user:{actor.user_id}",
            next_look_at=clock.now(),
            created_at=clock.now(),
        )
        reference = f"purchase:{purchase.pk}"
        take_back(
            purchase.wallet_id, credits_m, key=f"money-refund:{refund.pk}", reference=reference, actor=refund.actor
        )
    if asked is not None:
        money_answers.grant(actor, asked, refund)
    note(purchase, "refund_asked", actor=refund.actor, cents=cents, amount_m=credits_m, detail=reason)
    audit.record(
        actor,
        "store.money_refund.asked",
        target_kind="wallet",
        target_id=purchase.wallet_id,
        detail={"purchase": str(purchase.pk), "amount_cents": cents, "credits_m": credits_m},
    )
    return refund


@transaction.atomic
def ask_second_person(
    actor: Person, purchase_id: UUID, credits_m: int, *, reason: str, text: str, key: str
) -> Approval:
    """Above one's limit: a hub owner approves it (L7), and no credit of it twice.

    Raises PurchaseUnknown, NotPaid, NothingToPayBack, ReasonMissing, and what ask_approval raises.
    """
    purchase = Purchase.objects.visible_to(actor).filter(pk=purchase_id).first() if actor.is_staff else None
    if purchase is None:
        raise PurchaseUnknown
    if reason not in REASONS:  # or nobody could approve it
        raise ReasonMissing(field="reason")
    if purchase.state != Purchase.State.PAID:
        raise NotPaid
    locking.lock_one(Purchase, purchase.pk)  # two at once see each other
    if credits_m > left_of(purchase).credits_m - _waiting_m(purchase, but=approval_key(actor, key)):
        raise NothingToPayBack
    asked = Asked(
        wallet_id=purchase.wallet_id,
        amount_m=credits_m,
        text=text,
        key=key,
        reference=str(purchase_id),
        reason=reason,
        what=Approval.What.MONEY_REFUND.value,
    )
    return ask_approval(actor, asked)


def _waiting_m(purchase: Purchase, *, but: str) -> int:
    """Credits that others, or this one before, want to pay back and that wait for the hub owner."""
    what, reference = Approval.What.MONEY_REFUND.value, str(purchase.pk)
    waiting = Approval.objects.filter(what=what, reference=reference, state=Approval.State.OPEN).exclude(key=but)
    return int(waiting.aggregate(total=Sum("amount_m"))["total"] or 0)


def _approved(actor: Person, row: Approval) -> None:
    """In the transaction of the approval; the provider is asked by the sweep."""
    reason, key = row.reason or "other", f"approval:{row.pk}"
    ask(actor, UUID(row.reference), row.amount_m, reason=reason, key=key, approved=True)


carriers.register(Carrier(Approval.What.MONEY_REFUND.value, _approved))


def carry_on(refund_id: UUID) -> None:
    """Ask the provider, or how it went. Raises ProviderDown."""
    require_no_transaction()
    refund = MoneyRefund.objects.select_related("purchase").get(pk=refund_id)
    if refund.state not in OPEN:
        return
    purchase = refund.purchase
    provider = registry.find_stored(purchase.provider)
    if provider is None or Capability.REFUND not in provider.capabilities:
        _end(refund_id, None, "by_hand")  # paid out by hand, at the bank: staff say so (end_by_hand)
        return
    try:
        if refund.refund_ref:
            status = provider.fetch_refund(purchase.provider_ref or "", refund.refund_ref)
        else:
            amount = Amount(refund.amount_cents, purchase.currency)
            status = provider.refund(purchase.provider_ref or "", amount, str(refund.pk))
    except (Refused, Unknown, NotOffered) as refused:
        _end(refund_id, RefundState.FAILED, getattr(refused, "code", type(refused).__name__))
        return
    _answer(refund_id, status)


def _answer(refund_id: UUID, status: RefundStatus) -> None:
    if status.state != RefundState.PENDING:
        _end(refund_id, status.state, "", status.refund_ref)
        return
    later = clock.now() + timedelta(hours=1)
    MoneyRefund.objects.filter(pk=refund_id, state__in=OPEN).update(
        state=MoneyRefund.State.PENDING, refund_ref=status.refund_ref, next_look_at=later
    )


def end_by_hand(refund_id: UUID, *, paid_out: bool, beside: bool = False) -> None:
    """A person saw how it ended: the money went back, or it did not and the credits return (open_items.py).

    `beside`: from our own bank account, so it is not part of what the provider tells of money that went back. Should
    the provider pay it out after all, the next look takes the credits back.
    """
    _end(refund_id, RefundState.DONE if paid_out else RefundState.FAILED, "by_hand", beside=paid_out and beside)


@transaction.atomic
def _end(
    refund_id: UUID, state: RefundState | None, trouble: str, refund_ref: str = "", *, beside: bool = False
) -> None:
    """Done, or failed and the credits return. None: neither, a person has to do something."""
    found = MoneyRefund.objects.get(pk=refund_id)
    purchase = locking.lock_one(Purchase, found.purchase_id)
    refund = locking.lock_one(MoneyRefund, refund_id)
    if refund.state not in OPEN:
        return
    refund.trouble, refund.next_look_at = trouble[:100], None
    refund.refund_ref, refund.beside = refund_ref or refund.refund_ref, beside
    if state is not None:
        refund.state, refund.done_at = MoneyRefund.State(state.value), clock.now()
        note(purchase, f"refund_{state.value}", actor="store", cents=refund.amount_cents, amount_m=refund.credits_m)
        if refund.refund_ref or beside:  # its own sums say so as well from the next look on
            purchase.next_look_at = clock.now()
            purchase.save(update_fields=["next_look_at"])
    refund.save(update_fields=["trouble", "next_look_at", "refund_ref", "beside", "state", "done_at"])
    if state == RefundState.FAILED:
        money_answers.ask_again(refund)
        with moving(purchase.wallet_id):
            clearing, reference = house_account(Account.Kind.CLEARING), f"purchase:{purchase.pk}"
            back = Movement(clearing, purchase.wallet_id, refund.credits_m, "returned", "store", reference, "paid")
            post(f"money-refund:{refund.pk}:back", back)
    if state == RefundState.DONE:
        nudge_after_commit(RECEIPTS)


def look_at_due(batch: int = BATCH) -> int:
    """Go on with the refunds that are due; how many were taken."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"lease": now + LEASE, "now": now, "batch": batch})
        due = [refund_id for (refund_id,) in cursor]
    for refund_id in due:
        try:
            carry_on(refund_id)
        except ProviderDown as down:
            log.warning("store.provider_down", refund=str(refund_id), reason=down.reason)
        except Exception:
            log.exception("store.refund_failed", refund=str(refund_id))
    return len(due)
