"""Statements whose SQL is made once: each call binds its own values and reads what is there then."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, connections
from django.db.models import Exists, OuterRef, QuerySet
from django.test.utils import CaptureQueriesContext

from hub.accounts.access import SYSTEM
from hub.accounts.models import Department, DepartmentStaff, Organisation, Unit, User
from hub.base import clock
from hub.base.prepared import STATEMENTS_MAX, Given, any_of, count_of, prepared

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db


def _departments(*names: str) -> list[Department]:
    return [Department.objects.create(name=name, position=number) for number, name in enumerate(names)]


@prepared
def _named(limit: int, *, name: str) -> QuerySet[Department]:
    return Department.objects.filter(name=name).order_by("pk")[:limit]


def test_each_call_binds_its_own_values_and_reads_anew() -> None:
    sales, repairs = _departments("Sales", "Repairs")
    assert _named(5, name="Sales") == [sales]
    assert _named(5, name="Repairs") == [repairs]
    assert _named(5, name="Nothing") == []
    repairs.name = "Sales '%s"
    repairs.save()
    assert _named(5, name="Sales '%s") == [repairs]
    assert _named(5, name="Repairs") == []


def test_it_is_built_once_for_each_set_of_positional_arguments() -> None:
    built: list[str] = []

    @prepared
    def departments(order: str, *, above: int) -> QuerySet[Department]:
        built.append(order)
        return Department.objects.filter(position__gt=above).order_by(order)

    first, second, third = _departments("A", "B", "C")
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            assert departments("name", above=0) == [second, third]
            assert departments("-name", above=-1) == [third, second, first]
        assert len(captured) == 2
    assert built == ["name", "-name"]


def test_too_many_sets_of_positional_arguments_are_forgotten_and_made_again() -> None:
    one = _departments("One")
    for limit in range(1, STATEMENTS_MAX + 3):
        assert _named(limit, name="One") == one


@prepared
def _seats(*, user: int) -> QuerySet[DepartmentStaff]:
    return DepartmentStaff.objects.select_related("department").filter(user=user)


@prepared
def _with_seat(*, department: int) -> QuerySet[User, tuple[int, str, bool]]:
    manages = DepartmentStaff.objects.filter(user=OuterRef("pk"), department=department, is_manager=True)
    seats = DepartmentStaff.objects.filter(department=department).values("user")
    people = User.objects.filter(pk__in=seats).annotate(manages=Exists(manages)).order_by("pk")
    rows: QuerySet[User, tuple[int, str, bool]] = people.values_list("pk", "login_number", "manages")
    return rows


@prepared
def _units(*, organisation: int) -> QuerySet[Organisation]:
    return Organisation.objects.filter(pk=organisation).prefetch_related("units")


def test_rows_are_what_the_queryset_gives() -> None:
    """Instances with what was joined and prefetched, tuples, ids."""
    now = clock.now()
    sales, repairs = _departments("Sales", "Repairs")
    agent = User.objects.create(login_number="10000001", kind="staff", level="agent", created_at=now)
    DepartmentStaff.objects.create(user=agent, department=sales)
    DepartmentStaff.objects.create(user=agent, department=repairs, is_manager=True)
    with CaptureQueriesContext(connection) as captured:
        assert {seat.department.name for seat in _seats(user=agent.pk)} == {"Sales", "Repairs"}
    assert len(captured) == 1
    assert _with_seat(department=sales.pk) == [(agent.pk, "10000001", False)]
    assert _with_seat(department=repairs.pk) == [(agent.pk, "10000001", True)]
    company = Organisation.objects.create(name="Company", created_at=now)
    Unit.objects.create(organisation=company, name="Shop")
    assert [unit.name for one in _units(organisation=company.pk) for unit in one.units.all()] == ["Shop"]
    Unit.objects.create(organisation=company, name="Office")
    assert len(_units(organisation=company.pk)[0].units.all()) == 2


def test_rights_are_bound_with_the_ids_of_who_asks() -> None:
    """X1: the same `visible_to`, with a person whose ids each call gives."""

    @prepared
    def organisations(*, theirs: int) -> QuerySet[Organisation]:
        return Organisation.objects.visible_to(replace(SYSTEM, kind="customer", user_id=1, organisation_id=theirs))

    now = clock.now()
    ours, others = (Organisation.objects.create(name=name, created_at=now) for name in ("Ours", "Others"))
    assert organisations(theirs=ours.pk) == [ours]
    assert organisations(theirs=others.pk) == [others]


def test_how_many_there_are_is_one_row() -> None:
    @prepared
    def named(*, name: str) -> QuerySet[Department, int]:
        return count_of(Department.objects.filter(name=name).order_by("position"))

    _departments("Sales", "Repairs")
    assert named(name="Sales") == [1]
    assert named(name="Nothing") == [0]


def test_a_list_of_values_can_be_given() -> None:
    @prepared
    def among(*, ids: list[int]) -> QuerySet[Department, str]:
        found = Department.objects.filter(any_of("pk", ids, "bigint"))
        return found.order_by("position").values_list("name", flat=True)

    sales, repairs, _ = _departments("Sales", "Repairs", "Accounts")
    assert among(ids=[repairs.pk, sales.pk]) == ["Sales", "Repairs"]
    assert among(ids=[]) == []
    with pytest.raises(TypeError):
        among(ids=["1}"])  # type: ignore[list-item]  # what is no id is not written into a list


def test_what_nothing_can_meet_asks_nothing() -> None:
    @prepared
    def nobody(*, name: str) -> QuerySet[Department]:
        return Department.objects.filter(name=name, pk__in=[])

    with CaptureQueriesContext(connection) as captured:
        assert nobody(name="Sales") == []
        assert nobody(name="Sales") == []
    assert not captured.captured_queries


@pytest.mark.parametrize("look", [str, int, list], ids=lambda look: str(look.__name__))
def test_who_looks_at_a_value_while_it_is_prepared_gets_an_error(look: Callable[[Any], object]) -> None:
    """Else the first caller's would hold for all."""
    with pytest.raises(TypeError):
        look(Given("name"))


@pytest.mark.django_db(transaction=True)
def test_threads_share_the_statement_and_use_their_own_connection() -> None:
    _departments("Sales")

    def names(_: int) -> list[str]:
        try:
            return [one.name for one in _named(7, name="Sales")]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(names, range(12))) == [["Sales"]] * 12
