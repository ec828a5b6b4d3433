"""Bank transfers (S2): staff paste lines of the bank's statement or upload it, and the orders they name are booked.

Each line is booked once, whoever brings it how often. Too little waits for the rest, too much is credited and kept as
an open item. A line without a reference of ours is kept where it looks as if it were meant for an order: a statement
has many others.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from credits.errors import LineUnknown, ReasonMissing
from credits.models import BankLine, Purchase
from credits.store.history import note
from credits.store.providers.bank_lines import Unreadable, find_reference, fits_day, read_line
from credits.store.providers.base import Money, State, Status
from credits.store.providers.camt053 import Entry, looks_like_xml, read_statement
from credits.store.settling import book_locked
from hub.accounts.public import Person, audit
from hub.base import clock, locking
from hub.base.errors import BadFrame, Forbidden

LINES_MAX: Final = 2_000
TEXT_CHARACTERS_MAX: Final = 2_000
REASON_CHARACTERS_MAX: Final = 500
_MEANT_AS_REFERENCE: Final = re.compile(r"\bRF ?[0-9]{2}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Booked:
    """`trouble`: '' all is paid, 'partial', 'over', 'currency', or 'reference' (no order of ours).

    `again`: this very line was there before, and nothing was done.
    """

    purchase: Purchase | None
    line: BankLine
    trouble: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a line: booked, left aside because it is nothing of ours, or not readable (`wrong`)."""

    text: str
    booked: Booked | None = None
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    reference: str | None
    amount: Money
    text: str
    digest: str
    payer: str = ""
    day: date | None = None
    of_file: bool = False


def book_line(actor: Person, text: str) -> Booked:
    """Book a line for the order it names. Raises Forbidden, BadFrame (unreadable)."""
    _require_owner(actor)
    try:
        read = read_line(text)
    except Unreadable as unreadable:
        raise BadFrame(field=unreadable.what) from unreadable
    return _book(actor, _Line(read.reference, read.amount, text, _digest(text)))


def book_statement(actor: Person, data: bytes) -> list[Outcome]:
    """Book a file of the bank (camt.053), or lines of text. Raises Forbidden, BadFrame (no statement of ours)."""
    _require_owner(actor)
    try:
        if looks_like_xml(data):
            return [_book_entry(actor, entry) for entry in read_statement(data, settings.BANK_IBAN)]
        return _book_lines(actor, data.decode())
    except UnicodeDecodeError as error:
        raise BadFrame(field="file") from error
    except Unreadable as unreadable:
        raise BadFrame(field=unreadable.what) from unreadable


def _book_lines(actor: Person, text: str) -> list[Outcome]:
    lines = _lines_of(text.replace("\0", ""))
    if len(lines) > LINES_MAX:
        raise BadFrame(field="length")
    return [_book_text(actor, line) for line in lines]


def _lines_of(text: str) -> list[str]:
    """Of MT940 each :61: with the :86: behind it; else each line by itself."""
    if ":61:" in text:
        return [f":61:{part.strip()}" for part in text.split(":61:")[1:]]
    return [line.strip() for line in text.splitlines() if line.strip()]


def _book_text(actor: Person, text: str) -> Outcome:
    try:
        return Outcome(text, book_line(actor, text))
    except BadFrame as unreadable:
        return Outcome(text, wrong=str(unreadable.params.get("field", "file")))


def _book_entry(actor: Person, entry: Entry) -> Outcome:
    text = f"{entry.payer} {entry.text}".strip()
    reference = find_reference(entry.text)
    if reference is None and not _is_meant_for_us(entry):
        return Outcome(text)
    # Without an id of the bank's, what it says; two alike on one day are then one line, and somebody sees the other.
    identity = entry.identity or f"{entry.day}:{entry.amount.cents}:{text}"
    line = _Line(reference, entry.amount, entry.text, _digest(f"camt:{identity}"), entry.payer, entry.day, of_file=True)
    return Outcome(text, _book(actor, line))


def _is_meant_for_us(entry: Entry) -> bool:
    """A reference that is mistyped, or just the amount of an order that waits."""
    if _MEANT_AS_REFERENCE.search(entry.text):
        return True
    waiting = Purchase.objects.filter(provider="bank", state=Purchase.State.OPEN)
    return waiting.filter(amount_cents=entry.amount.cents, currency=entry.amount.currency).exists()


def _digest(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


@transaction.atomic
def _book(actor: Person, said: _Line) -> Booked:
    orders = Purchase.objects.filter(provider="bank", provider_ref=said.reference)
    found = orders.values_list("pk", flat=True).first() if said.reference is not None else None
    purchase = locking.lock_one(Purchase, found) if found is not None else None
    twin = _twin_of(said, purchase)
    if twin is not None:
        return Booked(twin.purchase, twin, twin.trouble, again=True)
    line, made = BankLine.objects.get_or_create(
        digest=said.digest,
        defaults={
            "of_file": said.of_file,
            "purchase": purchase,
            "amount_cents": said.amount.cents,
            "currency": said.amount.currency,
            "text": said.text[:TEXT_CHARACTERS_MAX],
            "payer": said.payer,
            "day": said.day,
            "state": BankLine.State.OPEN if purchase is None else BankLine.State.BOOKED,
            "trouble": "reference" if purchase is None else "",
            "booked_by_id": actor.user_id,
            "at": clock.now(),
        },
    )
    if not made:
        return Booked(line.purchase, line, line.trouble, again=True)
    if purchase is not None:
        _book_for(actor, line, purchase)
    return Booked(purchase, line, line.trouble)


def _twin_of(said: _Line, purchase: Purchase | None) -> BankLine | None:
    """The same line as it was brought the other way: pasted before the file came, or the other way round.

    Each line has one twin at most, so that two payments of one order stay two. The order is locked.
    """
    known = BankLine.objects.filter(twin=said.digest).first()
    if known is not None or purchase is None or BankLine.objects.filter(digest=said.digest).exists():
        return known
    alike = BankLine.objects.filter(
        purchase=purchase,
        amount_cents=said.amount.cents,
        currency=said.amount.currency,
        of_file=not said.of_file,
        twin=None,
    )
    for line in alike.order_by("pk"):
        text, day = (line.text, said.day) if said.of_file else (said.text, line.day)
        if fits_day(text, day, pasted=line.at if said.of_file else clock.now()):
            line.twin = said.digest
            line.save(update_fields=["twin"])
            return line
    return None


def _book_for(actor: Person, line: BankLine, purchase: Purchase) -> None:
    audit.record(
        actor, "store.bank_line.booked", target_kind="wallet", target_id=purchase.wallet_id,
        detail={"purchase": str(purchase.pk), "amount_cents": line.amount_cents},
    )  # fmt: skip
    note(purchase, "bank_line", actor=f"user:{actor.user_id}", cents=line.amount_cents)
    line.purchase = purchase
    line.trouble = _decide(purchase, Money(line.amount_cents, line.currency))
    line.state = BankLine.State.OPEN if line.trouble in ("over", "currency") else BankLine.State.BOOKED
    line.save(update_fields=["purchase", "trouble", "state"])


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


@transaction.atomic
def assign_line(actor: Person, line_id: int, reference: str) -> Booked:
    """Book an open line for an order that it did not name. Raises Forbidden, LineUnknown, BadFrame (no such order)."""
    _require_owner(actor)
    wanted = find_reference(reference)
    orders = Purchase.objects.filter(provider="bank", provider_ref=wanted)
    found = orders.values_list("pk", flat=True).first() if wanted is not None else None
    if not BankLine.objects.filter(pk=line_id).exists():
        raise LineUnknown
    if found is None:
        raise BadFrame(field="reference")
    purchase = locking.lock_one(Purchase, found)
    line = BankLine.objects.select_for_update(no_key=True).get(pk=line_id)
    if line.state != BankLine.State.OPEN or line.purchase_id is not None:
        raise LineUnknown
    line.purchase = purchase
    line.save(update_fields=["purchase"])
    _book_for(actor, line, purchase)
    return Booked(purchase, line, line.trouble)


def open_lines() -> list[BankLine]:
    """What somebody has to look into, the oldest first."""
    return list(BankLine.objects.filter(state=BankLine.State.OPEN).select_related("purchase").order_by("pk"))


@dataclass(frozen=True, slots=True)
class Waiting:
    """An order whose money has not come, or not all of it."""

    purchase: Purchase
    came_cents: int


def waiting_orders(limit: int = 100) -> list[Waiting]:
    """The oldest first."""
    rows = Purchase.objects.filter(provider="bank", state=Purchase.State.OPEN, provider_ref__isnull=False)
    found = list(rows.select_related("buyer").order_by("created_at")[:limit])
    lines = BankLine.objects.filter(purchase__in=found).values_list("purchase").annotate(c=Sum("amount_cents"))
    came = dict(lines.values_list("purchase", "c"))
    return [Waiting(row, came.get(row.pk, 0)) for row in found]


@transaction.atomic
def close_line(actor: Person, line_id: int, reason: str) -> None:
    """It was dealt with (paid back at the bank, say). Raises Forbidden, ReasonMissing, LineUnknown."""
    _require_owner(actor)
    if not BankLine.objects.filter(pk=line_id).exists():
        raise LineUnknown
    if not reason.strip():
        raise ReasonMissing(field="reason")
    if not BankLine.objects.filter(pk=line_id, state=BankLine.State.OPEN).update(state=BankLine.State.CLOSED):
        raise LineUnknown
    audit.record(actor, "store.bank_line.closed", detail={"line": line_id}, note=reason.strip()[:REASON_CHARACTERS_MAX])


def _require_owner(actor: Person) -> None:
    if not actor.is_owner or actor.user_id is None:
        raise Forbidden
