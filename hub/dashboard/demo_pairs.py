"""Customers and agents in pairs for load generators: each customer is bound to its agent (P6), funded, with tokens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db import transaction

from credits import public as money
from hub.accounts.public import CustomerProfile, Department, DepartmentStaff, StaffProfile, User, scopes, tokens
from hub.base import clock
from hub.dashboard.demo import fund, require_demo

DEPARTMENT = "Load"
CREDITS = 100_000
LIFETIME = timedelta(days=7)
AT_ONCE = 500  # pairs in one transaction


def make_pairs(count: int) -> Iterator[dict[str, object]]:
    """The first `count` pairs, made where they are missing. The department costs what the demo's first one does."""
    require_demo()
    department = _department()
    for start in range(1, count + 1, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, count + 1))
        yield from _some_pairs(department, numbers)


def _department() -> Department:
    department, made = Department.objects.get_or_create(name=DEPARTMENT, defaults={"position": 900})
    if made:
        money.set_price(department.pk, money.Price(price_millicredits=2000, block_seconds=60))
    return department


def _some_pairs(department: Department, numbers: range) -> list[dict[str, object]]:
    with transaction.atomic():
        agents = _users(numbers, "8", User.Kind.STAFF, "Agent")
        customers = _users(numbers, "9", User.Kind.CUSTOMER, "Customer")
        _seat(department, agents)
        _bind(department, customers, agents)
    for customer in customers:
        fund(money.open_wallet(user_id=customer.pk), CREDITS, key=f"demo-{customer.login_number}")
    return [
        {"visitor": _token(customer), "staff": _token(agent), "department": str(department.pk)}
        for customer, agent in zip(customers, agents, strict=True)
    ]


def _users(numbers: range, prefix: str, kind: str, name: str) -> list[User]:
    """Nobody signs in to these by password: they have none."""
    logins = [f"{prefix}{number:07d}" for number in numbers]
    level = User.Level.AGENT if kind == User.Kind.STAFF else User.Level.NONE
    new = [
        User(
            login_number=login,
            kind=kind,
            level=level,
            display_name=f"{name} {login}",
            password="!load",  # noqa: S106 - begins with "!": not usable
            created_at=clock.now(),
        )
        for login in logins
    ]
    User.objects.bulk_create(new, ignore_conflicts=True)
    return list(User.objects.filter(login_number__in=logins).order_by("login_number"))


def _seat(department: Department, agents: list[User]) -> None:
    StaffProfile.objects.bulk_create((StaffProfile(user=agent) for agent in agents), ignore_conflicts=True)
    seats = (DepartmentStaff(user=agent, department=department) for agent in agents)
    DepartmentStaff.objects.bulk_create(seats, ignore_conflicts=True)


def _bind(department: Department, customers: list[User], agents: list[User]) -> None:
    profiles = (
        # Exclusive: the session is offered to that agent for certain, also when it came online this very second.
        CustomerProfile(user=customer, bound_department=department, bound_agent=agent, exclusive=True)
        for customer, agent in zip(customers, agents, strict=True)
    )
    CustomerProfile.objects.bulk_create(profiles, ignore_conflicts=True)


def _token(user: User) -> str:
    return tokens.issue(
        side="staff" if user.is_staff else "visitor",
        lifetime=LIFETIME,
        user_id=user.pk,
        scopes=(scopes.EVERYTHING, scopes.LOAD),
        two_factor=user.is_staff,
        sign_in_version=user.sign_in_version,
    )
