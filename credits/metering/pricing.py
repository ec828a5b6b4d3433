"""Prices of departments (M1). A running session keeps the terms it began with."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from credits.models import DepartmentPrice
from hub.accounts.public import Person, audit, is_among
from hub.base.errors import Forbidden
from hub.base.prepared import prepared


@dataclass(frozen=True, slots=True)
class Price:
    """Millicredits per block of so many seconds, after free seconds, at least so many blocks. Price 0 has no meter."""

    price_millicredits: int
    block_seconds: int
    free_seconds: int = 0
    minimum_blocks: int = 1


FREE_OF_CHARGE = Price(price_millicredits=0, block_seconds=60)


def price_of(department_id: int, kind: str = "chat") -> Price:
    """What a session of this kind costs here and now; free of charge where the owner has set no price."""
    return prices_of([department_id], kind).get(department_id, FREE_OF_CHARGE)


def prices_of(department_ids: list[int], kind: str = "chat") -> dict[int, Price]:
    return {row[0]: Price(*row[1:]) for row in _prices(ids=department_ids, kind=kind)}


@prepared
def _prices(*, ids: list[int], kind: str) -> QuerySet[DepartmentPrice, tuple[int, int, int, int, int]]:
    rows = DepartmentPrice.objects.filter(is_among("department", ids), kind=kind)
    return rows.values_list("department", "price_millicredits", "block_seconds", "free_seconds", "minimum_blocks")


def needed_to_start(price: Price) -> int:
    """What must be available before a session may begin (C2): the minimum blocks are charged together."""
    return price.price_millicredits * price.minimum_blocks


def set_price(department_id: int, price: Price, kind: str = "chat") -> None:
    """Set what sessions that start from now on cost. Running ones keep their terms."""
    DepartmentPrice.objects.update_or_create(
        department_id=department_id,
        kind=kind,
        defaults={
            "price_millicredits": price.price_millicredits,
            "block_seconds": price.block_seconds,
            "free_seconds": price.free_seconds,
            "minimum_blocks": price.minimum_blocks,
        },
    )


@transaction.atomic
def change_price(actor: Person, department_id: int, price: Price, kind: str = "chat") -> None:
    """The hub owner sets a price on screen (A2). Raises Forbidden."""
    if not actor.is_owner:
        raise Forbidden
    set_price(department_id, price, kind)
    figures = {"kind": kind, "price_m": price.price_millicredits, "block_s": price.block_seconds}
    more = {"free_s": price.free_seconds, "minimum_blocks": price.minimum_blocks}
    audit.record(actor, "prices.changed", target_kind="department", target_id=department_id, detail={**figures, **more})
