"""What a department takes tickets for, before anything is typed: price, guests, what it asks (T1, T2, T10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from tickets import billing
from tickets.models import FormField, TicketRules


@dataclass(slots=True)
class Offer:
    price_m: int
    guests: bool  # who has no account may send one: allowed there, and free
    fields: list[dict[str, object]] = field(default_factory=list)


def offers_of(department_ids: Collection[int]) -> dict[int, Offer]:
    """By department, in three statements whatever their number."""
    prices = billing.prices_m(department_ids, billing.TICKET)
    open_to_guests = set(
        TicketRules.objects.filter(pk__in=department_ids, takes_guests=True).values_list("pk", flat=True)
    )
    asked: dict[int, list[dict[str, object]]] = defaultdict(list)
    for one in FormField.objects.filter(department__in=department_ids, category=None).order_by("position", "pk"):
        described = {"key": one.key, "label": one.label, "kind": one.kind, "required": one.required}
        asked[one.department_id].append({**described, "choices": list(one.choices)})
    return {
        pk: Offer(prices.get(pk, 0), pk in open_to_guests and not prices.get(pk, 0), asked[pk]) for pk in department_ids
    }
