"""Bank transfers (S2): staff paste the line of the bank statement, and the order it names is booked.

Each line is booked once, whoever pastes it how often. Too little waits for the rest, too much is credited and kept as
an open item, a line without a reference of ours is kept for somebody to look into.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Sum

from credits.errors import PurchaseUnknown
from credits.models import BankLine, Purchase
from credits.store.history import note
from credits.store.providers.bank_lines import Unreadable, read_line
from credits.store.providers.base import Money, State, Status
from credits.store.settling import book_locked
from hub.accounts.public import Person, audit
from hub.base import clock, locking
from hub.base.errors import BadFrame, Forbidden


@dataclass(frozen=True, slots=True)
class Booked:
    """`trouble`: '' all is paid, 'partial', 'over', or 'reference' (no order of ours)."""

    purchase: Purchase | None
    line: BankLine
    trouble: str


def book_line(actor: Person, text: str) -> Booked:
    """Book a line for the order it names. Raises Forbidden, BadFrame (unreadable)."""
    if not actor.is_owner or actor.user_id is None:
        raise Forbidden
    try:
        read = read_line(text)
    except Unreadable as unreadable:
        raise BadFrame(field=unreadable.what) from unreadable
    digest = hashlib.sha256(" ".join(text.split()).encode()).hexdigest()
    with transaction.atomic():
        return _book(actor, read.reference, read.amount, digest, text)


def _book(actor: Person, reference: str, amount: Money, digest: str, text: str) -> Booked:
    found = Purchase.objects.filter(provider="bank", provider_ref=reference).values_list("pk", flat=True).first()
    purchase = locking.lock_one(Purchase, found) if found is not None else None
    line, made = BankLine.objects.get_or_create(
        digest=digest,
        defaults={
            "purchase": purchase,
            "amount_cents": amount.cents,
            "currency": amount.currency,
            "text": text[:2000],
            "state": BankLine.State.OPEN if purchase is None else BankLine.State.BOOKED,
            "trouble": "reference" if purchase is None else "",
            "booked_by_id": actor.user_id,
            "at": clock.now(),
        },
    )
    if not made or purchase is None:
        return Booked(line.purchase, line, line.trouble)
    audit.record(
        actor, "store.bank_line.booked", target_kind="wallet", target_id=purchase.wallet_id,
        detail={"purchase": str(purchase.pk), "amount_cents": amount.cents},
    )  # fmt: skip
    note(purchase, "bank_line", actor=f"user:{actor.user_id}", cents=amount.cents)
    line.trouble = _decide(purchase, amount)
    if line.trouble == "over":
        line.state = BankLine.State.OPEN
    line.save(update_fields=["trouble", "state"])
    return Booked(purchase, line, line.trouble)


def _decide(purchase: Purchase, amount: Money) -> str:
    if amount.currency != purchase.currency:
        return "currency"
    came = BankLine.objects.filter(purchase=purchase, currency=purchase.currency).aggregate(c=Sum("amount_cents"))["c"]
    if came < purchase.amount_cents:
        return "partial"
    book_locked(
        purchase,
        Status(
            provider_ref=purchase.provider_ref or "",
            state=State.PAID,
            amount=Money(purchase.amount_cents, purchase.currency),
            test=purchase.test,
        ),
    )
    return "over" if came > purchase.amount_cents else ""


def open_lines() -> list[BankLine]:
    """What somebody has to look into, the oldest first."""
    return list(BankLine.objects.filter(state=BankLine.State.OPEN).select_related("purchase").order_by("pk"))


def close_line(actor: Person, line_id: int) -> None:
    """It was dealt with (paid back at the bank, say). Raises Forbidden, PurchaseUnknown."""
    if not actor.is_owner:
        raise Forbidden
    if not BankLine.objects.filter(pk=line_id, state=BankLine.State.OPEN).update(state=BankLine.State.BOOKED):
        raise PurchaseUnknown
    audit.record(actor, "store.bank_line.closed", detail={"line": line_id})
