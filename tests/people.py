"""People for tests, in the words of the trade. Each is saved and may be changed; `person_of` says who acts."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from hub.accounts.access import Person, load_person
from hub.accounts.actions.people import create_customer, create_user, ensure_visitor
from hub.accounts.models import Department, DepartmentStaff, Membership, Organisation, StaffProfile, Unit, User
from hub.accounts.tokens import Claims
from hub.base import clock

PASSWORD = "correct horse battery"

_numbers = itertools.count(1)


def make_department(name: str = "", **fields: object) -> Department:
    number = next(_numbers)
    return Department.objects.create(name=name or f"Department {number}", position=number % 30_000, **fields)


def make_customer(
    name: str = "Sanne de Vries",
    *,
    password: str = "",
    department: Department | None = None,
    agent: User | None = None,
    exclusive: bool = False,
    **fields: object,
) -> User:
    customer = create_customer(**_named(name), **fields)
    profile = customer.customer_profile
    profile.bound_department, profile.bound_agent, profile.exclusive = department, agent, exclusive
    profile.save()
    return _with_password(customer, password)


def make_visitor() -> User:
    return ensure_visitor(visitor_person())


def make_agent(name: str = "Marko Horvat", *, departments: Iterable[Department] = (), **fields: object) -> User:
    return _make_staff(name, User.Level.AGENT, departments, **fields)


def make_manager(name: str = "Giulia Conti", *, departments: Iterable[Department] = (), **fields: object) -> User:
    """The manager of each of these departments."""
    return _make_staff(name, User.Level.MANAGER, departments, **fields)


def make_owner(name: str = "Parisa Ahmadi", *, departments: Iterable[Department] = (), **fields: object) -> User:
    return _make_staff(name, User.Level.OWNER, departments, **fields)


@dataclass(frozen=True)
class OrganisationWorld:
    organisation: Organisation
    unit: Unit
    owner: User
    manager: User
    employee: User


def make_organisation(name: str = "", **fields: object) -> OrganisationWorld:
    """An organisation with one unit and one person of each level (P4)."""
    organisation = Organisation.objects.create(
        name=name or f"Bakkerij {next(_numbers)}", created_at=clock.now(), **fields
    )
    unit = Unit.objects.create(organisation=organisation, name="Administratie")
    return OrganisationWorld(
        organisation=organisation,
        unit=unit,
        owner=join(make_customer("Willem Bakker"), organisation, Membership.Role.OWNER),
        manager=join(make_customer("Fatima El Idrissi"), organisation, Membership.Role.MANAGER, unit),
        employee=join(make_customer("Tom Visser"), organisation, Membership.Role.EMPLOYEE, unit),
    )


def join(user: User, organisation: Organisation, role: str, unit: Unit | None = None) -> User:
    Membership.objects.create(user=user, organisation=organisation, unit=unit, role=role)
    return user


def person_of(user: User, **changes: object) -> Person:
    """The Person this user is when signed in properly: in a browser, staff with the second factor."""
    fields: dict[str, object] = {
        "side": "staff" if user.kind == User.Kind.STAFF else "visitor",
        "expires_at": clock.now().timestamp() + 3600,
        "user_id": user.pk,
        "two_factor": user.kind == User.Kind.STAFF,
        "sign_in_version": user.sign_in_version,
        **changes,
    }
    return load_person(Claims(**fields))  # type: ignore[arg-type]  # each is checked by the tests that use it


def visitor_person() -> Person:
    """Somebody who has the widget open and has not started anything."""
    expires_at = clock.now().timestamp() + 3600
    return load_person(Claims(side="visitor", expires_at=expires_at, visitor_key=str(uuid.uuid4())))


def _make_staff(name: str, level: str, departments: Iterable[Department], **fields: object) -> User:
    password = str(fields.pop("password", ""))
    capacity = int(str(fields.pop("capacity", 4)))
    user = create_user(kind=User.Kind.STAFF, level=level, **_named(name), **fields)
    StaffProfile.objects.create(user=user, capacity=capacity)
    for department in departments:
        DepartmentStaff.objects.create(user=user, department=department, is_manager=level == User.Level.MANAGER)
    return _with_password(user, password)


def _with_password(user: User, password: str) -> User:
    if password:
        user.set_password(password)
        user.save(update_fields=["password"])
    return user


def _named(name: str) -> dict[str, object]:
    first, _, last = name.partition(" ")
    return {"first_name": first, "last_name": last}
