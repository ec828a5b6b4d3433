"""How long one can chat for so many credits: in the department that a customer would ask first (C1, P6)."""

from __future__ import annotations

from credits.metering.pricing import FREE_OF_CHARGE, Price, prices_of
from hub.accounts.public import CustomerProfile, Department, Person


def departments_offered(person: Person) -> list[Department]:
    """Those one may ask, the one a customer is bound to first (P6)."""
    rows = list(Department.objects.visible_to(person).filter(is_active=True).order_by("position", "pk"))
    bound = CustomerProfile.objects.filter(pk=person.user_id).values_list("bound_department", flat=True).first()
    rows.sort(key=lambda row: row.pk != bound)
    return rows


def prices_offered(departments: list[Department]) -> list[Price]:
    """In the order of the departments."""
    prices = prices_of([department.pk for department in departments])
    return [prices.get(department.pk, FREE_OF_CHARGE) for department in departments]


def first_price(person: Person) -> Price | None:
    return next(iter(prices_offered(departments_offered(person))), None)


def seconds_for(price: Price | None, amount_m: int) -> int | None:
    """How long a chat lasts for so much, free time included (C1); None where it is free of charge."""
    if price is None or price.price_millicredits == 0:
        return None
    return amount_m // price.price_millicredits * price.block_seconds + price.free_seconds
