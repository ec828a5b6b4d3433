"""Customers ask for money back for credits that they did not use (L7); staff answer it on the list of refunds.

Paying back is money_refunds.py, which grants what was asked. A request that was declined is not asked again.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from credits.approvals import withdraw_all
from credits.errors import NothingToPayBack, NotPaid, PurchaseUnknown, ReasonMissing, RequestAnswered, RequestUnknown
from credits.models import Approval, MoneyRequest, Purchase, Wallet
from credits.store.history import note
from credits.store.money_answers import tell
from credits.store.money_refunds import Left, left_of
from credits.store.purchases import may_buy, require_buyer
from hub.accounts.public import Membership, Person, audit, seen_among
from hub.base import clock, locking
from hub.base.errors import Forbidden
from hub.base.prepared import prepared

TEXT_CHARACTERS_MAX = 500


@dataclass(frozen=True, slots=True)
class MoneyBack:
    """What somebody may ask of a purchase (None: nothing), and what was asked last."""

    left: Left | None
    asked: MoneyRequest | None


def money_back_of(person: Person, purchase: Purchase) -> MoneyBack:
    asked = purchase.money_requests.order_by("-pk").first()
    if not may_buy(person) or not _is_of_own_wallet(person, purchase):
        return MoneyBack(None, None)
    done = asked is not None and asked.state in (MoneyRequest.State.OPEN, MoneyRequest.State.DECLINED)
    left = Left(0, 0) if done else left_of(purchase)
    return MoneyBack(left if left.cents > 0 else None, asked)


def _is_of_own_wallet(person: Person, purchase: Purchase) -> bool:
    return bool(Wallet.objects.visible_to(person).filter(pk=purchase.wallet_id).exists())


@transaction.atomic
def ask(person: Person, purchase_id: UUID, text: str = "") -> MoneyRequest:
    """Asked twice is asked once. Raises Forbidden, PurchaseUnknown, NotPaid, NothingToPayBack, RequestAnswered."""
    purchase = _lock(person, purchase_id)
    require_buyer(person)
    if person.user_id is None or not _is_of_own_wallet(person, purchase):
        raise Forbidden
    last = purchase.money_requests.order_by("-pk").first()
    if last is not None and last.state == MoneyRequest.State.OPEN:
        return last
    if last is not None and last.state == MoneyRequest.State.DECLINED:
        raise RequestAnswered
    if purchase.state != Purchase.State.PAID:
        raise NotPaid
    if left_of(purchase).cents <= 0:
        raise NothingToPayBack
    made = MoneyRequest.objects.create(
        purchase=purchase,
        asked_by_id=person.user_id,
        text=text.strip()[:TEXT_CHARACTERS_MAX],
        asked_at=clock.now(),
    )
    note(purchase, "money_back_asked", actor=f"user:{person.user_id}")
    return made


@transaction.atomic
def withdraw(person: Person, purchase_id: UUID) -> None:
    """The customer keeps the credits: nobody approves any more that they are taken.

    Raises PurchaseUnknown, Forbidden, RequestUnknown (nobody asks).
    """
    _no_longer_waits(person, purchase_id)
    purchase = _lock(person, purchase_id)
    require_buyer(person)
    found = locking.lock(purchase.money_requests.filter(state=MoneyRequest.State.OPEN))
    if not found or not _is_of_own_wallet(person, purchase):
        raise RequestUnknown
    _answer(person, found[0], MoneyRequest.State.WITHDRAWN)
    note(purchase, "money_back_withdrawn", actor=f"user:{person.user_id}")


@transaction.atomic
def decline(actor: Person, request_id: int, text: str) -> None:
    """No; `text` says why, to the customer. Whoever was to approve it need not any more.

    Raises RequestUnknown, ReasonMissing, RequestAnswered.
    """
    seen = requests_seen_by(actor).filter(pk=request_id).first()
    if seen is None:
        raise RequestUnknown
    if not text.strip():
        raise ReasonMissing(field="text")
    _no_longer_waits(actor, seen.purchase_id)
    purchase = locking.lock_one(Purchase, seen.purchase_id)
    asked = locking.lock_one(MoneyRequest, request_id)
    if asked.state != MoneyRequest.State.OPEN:
        raise RequestAnswered
    asked.answer = text.strip()[:TEXT_CHARACTERS_MAX]
    _answer(actor, asked, MoneyRequest.State.DECLINED)
    note(purchase, "money_back_declined", actor=f"user:{actor.user_id}")
    audit.record(
        actor,
        "store.money_back.declined",
        target_kind="wallet",
        target_id=purchase.wallet_id,
        detail={"purchase": str(purchase.pk)},
        note=asked.answer,
    )
    tell(asked, "money_declined", {"why": asked.answer})


def requests_seen_by(person: Person) -> QuerySet[MoneyRequest]:
    """Of the purchases that this member of staff sees, whatever their state."""
    if not person.is_staff:
        return MoneyRequest.objects.none()
    if person.is_owner:
        return MoneyRequest.objects.all()
    return MoneyRequest.objects.filter(purchase__in=Purchase.objects.visible_to(person).values("pk"))


def open_requests(person: Person) -> QuerySet[MoneyRequest]:
    """What waits for an answer, the oldest first. For requests_seen_by() that are few, as those are."""
    waiting = MoneyRequest.objects.filter(state=MoneyRequest.State.OPEN)
    if not person.is_owner:
        waiting = waiting.filter(pk__in=_seen_of(person, waiting) if person.is_staff else ())
    return waiting.select_related("purchase", "asked_by").order_by("asked_at")


def count_open_requests(person: Person) -> int:
    """Mostly nobody asks, and whose purchases a manager sees is not worked out for every page then."""
    if not _any_open():
        return 0
    return int(open_requests(person).count())


@prepared
def _any_open() -> QuerySet[MoneyRequest, int]:
    return MoneyRequest.objects.filter(state=MoneyRequest.State.OPEN).values_list("pk", flat=True)[:1]


def _seen_of(person: Person, requests: QuerySet[MoneyRequest]) -> list[int]:
    """Those of wallets of people whom this member of staff sees: who may see which of all wallets is not asked."""
    rows = list(requests.values_list("pk", "purchase__wallet"))
    wallets = list(Wallet.objects.filter(pk__in={wallet for _, wallet in rows}))
    payers = {wallet.pk: {wallet.user_id} for wallet in wallets if wallet.user_id}
    companies = {wallet.organisation_id: wallet.pk for wallet in wallets if wallet.organisation_id}
    for user, company in Membership.objects.filter(organisation__in=companies).values_list("user", "organisation"):
        payers.setdefault(companies[company], set()).add(user)
    seen = seen_among(person, {user for some in payers.values() for user in some})
    return [pk for pk, wallet in rows if payers.get(wallet, set()) & seen]


def _answer(actor: Person, asked: MoneyRequest, state: MoneyRequest.State) -> None:
    asked.state, asked.answered_by_id, asked.answered_at = state, actor.user_id, clock.now()
    asked.save(update_fields=["state", "answer", "answered_by", "answered_at"])


def _no_longer_waits(actor: Person, purchase_id: UUID) -> None:
    """Before the purchase is locked; what raises afterwards takes it back."""
    withdraw_all(actor, Approval.What.MONEY_REFUND.value, str(purchase_id))


def _lock(person: Person, purchase_id: UUID) -> Purchase:
    """Raises PurchaseUnknown, also for what this person may not see."""
    if not Purchase.objects.visible_to(person).filter(pk=purchase_id).exists():
        raise PurchaseUnknown
    return locking.lock_one(Purchase, purchase_id)
