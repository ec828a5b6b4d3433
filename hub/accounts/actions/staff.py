"""Making staff: the first person of a new hub, and colleagues, who are invited (P3, invitations.py)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from hub.accounts import audit
from hub.accounts.access import SYSTEM, Person
from hub.accounts.actions.people import create_user
from hub.accounts.errors import AddressInUse, Invalid
from hub.accounts.models import Department, DepartmentStaff, StaffProfile, User
from hub.base.errors import Forbidden, NotFound


@dataclass(frozen=True, slots=True)
class NewColleague:
    """Cleaned (hub.accounts.details). An agent or a manager has seats in departments; only the owner needs none."""

    first_name: str
    last_name: str
    email: str
    mobile: str
    language: str
    level: str
    department_ids: tuple[int, ...]


def add_owner(*, name: str, email: str, password: str) -> User:
    """A hub owner with a password; enrols the second factor at the first sign-in. Raises Invalid, AddressInUse."""
    try:
        validate_email(email)
    except ValidationError as error:
        raise Invalid(fields={"email": email}) from error
    first, _, last = name.strip().partition(" ")
    try:
        with transaction.atomic():
            owner = create_user(
                kind=User.Kind.STAFF, level=User.Level.OWNER, first_name=first, last_name=last, email=email.lower()
            )
            owner.set_password(password)
            owner.save(update_fields=["password"])
            StaffProfile.objects.create(user=owner)
            audit.record(SYSTEM, "people.owner.created", target_kind="user", target_id=owner.pk)
    except IntegrityError as error:
        raise AddressInUse from error
    return owner


def add_colleague(actor: Person, new: NewColleague) -> User:
    """A member of staff without a password. The hub owner makes anybody, a manager agents of the departments managed.

    Raises AddressInUse, Forbidden, NotFound (a department).
    """
    require_may_add(actor, new.level, new.department_ids)
    if Department.objects.filter(pk__in=new.department_ids).count() != len(set(new.department_ids)):
        raise NotFound(field="departments")
    try:
        with transaction.atomic():
            user = create_user(
                kind=User.Kind.STAFF,
                level=new.level,
                first_name=new.first_name,
                last_name=new.last_name,
                email=new.email or None,
                mobile=new.mobile or None,
                language=new.language,
            )
            StaffProfile.objects.create(user=user)
            # Who manages a department that has a manager already is decided on its own page.
            DepartmentStaff.objects.bulk_create(
                DepartmentStaff(user=user, department_id=department_id)
                for department_id in sorted(set(new.department_ids))
            )
            audit.record(
                actor, "people.staff.created", target_kind="user", target_id=user.pk, detail={"level": new.level}
            )
    except IntegrityError as error:
        raise AddressInUse from error
    return user


def require_may_add(actor: Person, level: str, department_ids: Collection[int]) -> None:
    """Who adds somebody of this level also sends their invitation again, or takes it back. Raises as add_colleague."""
    if level not in User.Level.values or not level:
        raise NotFound(field="level")
    if actor.is_owner:
        return
    of_own_departments = bool(department_ids) and set(department_ids) <= actor.managed
    if not actor.is_staff or level != User.Level.AGENT or not of_own_departments:
        raise Forbidden
