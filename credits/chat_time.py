"""How long one can chat for so many credits: in the department that a customer would ask first (C1, P6)."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from credits.metering.pricing import FREE_OF_CHARGE, Price, prices_of
from hub.accounts.public import CustomerProfile, Department, Person, customer_of, ids_of
from hub.base.prepared import prepared


def departments_offered(person: Person) -> list[Department]:
    """Those one may ask, the one a customer is bound to first (P6)."""
    if person.kind == "customer":
        return _offered_to_customer(**ids_of(person))
    return list(_offered(person))


@prepared
def _offered_to_customer(
    *, user_id: int | None, organisation_id: int | None, unit_id: int | None
) -> QuerySet[Department]:
    return _offered(customer_of("", user_id=user_id, organisation_id=organisation_id, unit_id=unit_id))


def _offered(person: Person) -> QuerySet[Department]:
    binds = CustomerProfile.objects.filter(pk=person.user_id, bound_department=OuterRef("pk"))
    rows = Department.objects.visible_to(person).filter(is_active=True)
    return rows.order_by(Exists(binds).desc(), "position", "pk")


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
