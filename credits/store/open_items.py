"""What does not settle by itself (S3): somebody opens it, has the provider asked again, or closes it with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from credits.errors import NoOpenItem, ProviderAway, PurchaseUnknown, ReasonMissing
from credits.models import BankLine, MoneyRefund, Purchase
from credits.store.history import note
from credits.store.money_refunds import carry_on, end_by_hand
from credits.store.providers.base import ProviderDown
from credits.store.settling import settle
from hub.accounts.public import Person, audit
from hub.base import clock, locking
from hub.base.errors import Forbidden
from hub.base.prepared import count_of, prepared

STALE_AFTER: Final = timedelta(days=1)
REASON_CHARACTERS_MAX: Final = 500

_DEBTS = """
select * from (select a.wallet_id, credits_owed_m(a.wallet_id) as owed_m from credits_account a
                where a.kind = 'debt' and exists (select from credits_transfer t where t.debit_id = a.id)) owing
 where owed_m > 0 order by owed_m desc, wallet_id limit %s"""


@dataclass(frozen=True, slots=True)
class OpenItems:
    purchases: list[Purchase]
    refunds: list[MoneyRefund]
    bank_lines: list[BankLine]


@dataclass(frozen=True, slots=True)
class Debt:
    wallet_id: int
    owed_m: int


def open_items(limit: int = 200) -> OpenItems:
    """Purchases in trouble, refunds that wait for more than a day or for a person, bank lines that name no order."""
    return OpenItems(
        list(_purchases().select_related("buyer").order_by("created_at")[:limit]),
        list(_refunds(clock.now() - STALE_AFTER).select_related("purchase__buyer").order_by("created_at")[:limit]),
        list(_lines().select_related("purchase").order_by("pk")[:limit]),
    )


def count_open_items() -> int:
    """One statement: it stands on every page of the owner's."""
    return sum(_counted(stale=clock.now() - STALE_AFTER))


@prepared
def _counted(*, stale: datetime) -> QuerySet[Any, int]:
    """How many of each."""
    return count_of(_purchases()).union(count_of(_refunds(stale)), count_of(_lines()), all=True)


def _purchases() -> QuerySet[Purchase]:
    found: QuerySet[Purchase] = Purchase.objects.exclude(trouble="").exclude(trouble=F("closed_trouble"))
    return found


def _refunds(stale: datetime) -> QuerySet[MoneyRefund]:
    waiting = Q(state__in=(MoneyRefund.State.ASKED, MoneyRefund.State.PENDING))
    return MoneyRefund.objects.filter(waiting & (Q(created_at__lt=stale) | ~Q(trouble="")))


def _lines() -> QuerySet[BankLine]:
    return BankLine.objects.filter(state=BankLine.State.OPEN)


def debts(limit: int = 200) -> list[Debt]:
    """Who owes credits (S5), the most first."""
    with connection.cursor() as cursor:
        cursor.execute(_DEBTS, [limit])
        return [Debt(*row) for row in cursor]


def ask_again(actor: Person, purchase_id: UUID) -> Purchase:
    """Have the provider asked how a purchase stands, and its refunds. Raises PurchaseUnknown, ProviderAway."""
    require_seen(actor, purchase_id)
    try:
        purchase = settle(purchase_id)
        for refund in MoneyRefund.objects.filter(purchase=purchase_id, state__in=("asked", "pending")):
            carry_on(refund.pk)
    except ProviderDown as down:
        raise ProviderAway(retry_after_ms=int((down.retry_after_s or 5) * 1000)) from down
    return purchase


def require_seen(actor: Person, purchase_id: UUID) -> None:
    """Staff who see its wallet. Raises PurchaseUnknown."""
    if not actor.is_staff or not Purchase.objects.visible_to(actor).filter(pk=purchase_id).exists():
        raise PurchaseUnknown


@transaction.atomic
def close_trouble(actor: Person, purchase_id: UUID, reason: str) -> None:
    """Somebody dealt with it: it is no open item any more, until it is in another trouble.

    Raises PurchaseUnknown, Forbidden, ReasonMissing, NoOpenItem.
    """
    require_seen(actor, purchase_id)
    text = _require_words(actor, reason)
    purchase = locking.lock_one(Purchase, purchase_id)
    if not purchase.trouble:
        raise NoOpenItem
    if purchase.closed_trouble == purchase.trouble:
        return
    purchase.closed_trouble = purchase.trouble
    purchase.save(update_fields=["closed_trouble"])
    note(purchase, "closed", actor=actor.key, detail=purchase.trouble)
    detail = {"purchase": str(purchase.pk), "trouble": purchase.trouble}
    audit.record(
        actor, "store.trouble.closed", target_kind="wallet", target_id=purchase.wallet_id, detail=detail, note=text
    )


@transaction.atomic
def end_refund(actor: Person, refund_id: UUID, *, paid_out: bool, reason: str, beside: bool = False) -> None:
    """What an owner saw at the bank or the provider: the money went back, or it did not and the credits return.

    `beside`: it was paid from our own account, and not by the provider.

    Raises Forbidden, PurchaseUnknown, ReasonMissing, NoOpenItem (it does not wait for a person).
    """
    if not actor.is_owner:
        raise Forbidden
    refund = MoneyRefund.objects.select_related("purchase").filter(pk=refund_id).first()
    if refund is None:
        raise PurchaseUnknown
    text = _require_words(actor, reason)
    if not _refunds(clock.now() - STALE_AFTER).filter(pk=refund_id).exists():
        raise NoOpenItem
    end_by_hand(refund.pk, paid_out=paid_out, beside=beside)
    detail = {
        "purchase": str(refund.purchase_id),
        "amount_cents": refund.amount_cents,
        "paid_out": paid_out,
        "beside": beside,
    }
    audit.record(
        actor,
        "store.money_refund.ended",
        target_kind="wallet",
        target_id=refund.purchase.wallet_id,
        detail=detail,
        note=text,
    )


def _require_words(actor: Person, reason: str) -> str:
    if not actor.is_owner:
        raise Forbidden
    if not reason.strip():
        raise ReasonMissing(field="reason")
    return reason.strip()[:REASON_CHARACTERS_MAX]
