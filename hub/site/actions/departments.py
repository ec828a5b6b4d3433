"""Departments on screen (A2, C14): name, greeting, order, capacity, office hours, holidays, questions before a chat.

The owner does all of it; a department's manager what concerns how it works: greeting, capacity, hours, holidays and
questions, not its name, its place in the list, whether it is open to customers at all, or its prices (P5).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max, ProtectedError
from django.utils.translation import gettext as _

from hub.accounts.public import Department, DepartmentStaff, Invalid, audit, raise_rights
from hub.base import snapshots
from hub.site import opening
from hub.site.errors import DepartmentInUse
from hub.site.models import DepartmentRules, Holiday, OpenPeriod, PreChatQuestion
from hub.site.opening import Minutes
from hub.site.permissions import require_manager, require_owner

if TYPE_CHECKING:
    from hub.accounts.public import Person

NAME_CHARACTERS_MAX = 80
GREETING_CHARACTERS_MAX = 400
CAPACITY_MAX = 1000
QUESTIONS_MAX = 10
CHOICES_MAX = 20


# -- The department itself -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DepartmentIn:
    """What may be changed; None leaves it as it is."""

    name: str | None = None
    greeting: str | None = None
    is_active: bool | None = None
    capacity: int | None = None
    no_capacity: bool = False


@transaction.atomic
def add_department(actor: Person, name: str) -> Department:
    """At the end of the list, always open, free of charge until somebody says otherwise. Raises Forbidden, Invalid."""
    require_owner(actor)
    last = Department.objects.aggregate(last=Max("position"))["last"]
    department = _saved(Department(name=_checked_name(name), position=min(32_000, (last or 0) + 1)))
    DepartmentRules.objects.create(department=department, time_zone=settings.TIME_ZONE)
    snapshots.changed(opening.NAME)
    audit.record(actor, "departments.added", target_kind="department", target_id=department.pk)
    return department


@transaction.atomic
def change_department(actor: Person, department: Department, new: DepartmentIn) -> None:
    """Raises Forbidden, Invalid (fields name, greeting, capacity)."""
    require_manager(actor, department.pk)
    if new.name is not None or new.is_active is not None:
        require_owner(actor)
    before = department.is_active
    if new.name is not None:
        department.name = _checked_name(new.name)
    if new.greeting is not None:
        department.greeting = _checked_greeting(new.greeting)
    if new.is_active is not None:
        department.is_active = new.is_active
    _saved(department)
    if new.capacity is not None or new.no_capacity:
        _set_capacity(department, new.capacity)
    if before != department.is_active:  # what its people may see has changed (X2)
        raise_rights(DepartmentStaff.objects.filter(department=department).values_list("user_id", flat=True))
    audit.record(actor, "departments.changed", target_kind="department", target_id=department.pk)


@transaction.atomic
def move_department(actor: Person, department: Department, *, up: bool) -> None:
    """One place up or down in the list that customers see."""
    require_owner(actor)
    ordered = list(Department.objects.order_by("position", "pk"))
    at = next(index for index, one in enumerate(ordered) if one.pk == department.pk)
    to = max(0, min(len(ordered) - 1, at + (-1 if up else 1)))
    ordered.insert(to, ordered.pop(at))
    for position, one in enumerate(ordered):
        if one.position != position:
            Department.objects.filter(pk=one.pk).update(position=position)
    audit.record(actor, "departments.moved", target_kind="department", target_id=department.pk)


def delete_department(actor: Person, department: Department) -> None:
    """Only one that was never used. Raises Forbidden, DepartmentInUse: it can be closed instead (P5)."""
    require_owner(actor)
    try:
        with transaction.atomic():
            people = list(DepartmentStaff.objects.filter(department=department).values_list("user_id", flat=True))
            key = department.pk
            department.delete()
            raise_rights(people)
            snapshots.changed(opening.NAME)
            audit.record(actor, "departments.deleted", target_kind="department", target_id=key)
    except (ProtectedError, IntegrityError) as error:
        raise DepartmentInUse from error


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Invalid(fields={"name": _("Please fill in a name.")})
    if len(name) > NAME_CHARACTERS_MAX:
        raise Invalid(fields={"name": _("This is too long.")})
    return name


def _checked_greeting(greeting: str) -> str:
    if len(greeting) > GREETING_CHARACTERS_MAX:
        raise Invalid(fields={"greeting": _("This is too long.")})
    return greeting


def _saved(department: Department) -> Department:
    try:
        with transaction.atomic():
            department.save()
    except IntegrityError as error:
        raise Invalid(fields={"name": _("There is a department of this name already.")}) from error
    return department


def _set_capacity(department: Department, capacity: int | None) -> None:
    if capacity is not None and not 1 <= capacity <= CAPACITY_MAX:
        raise Invalid(fields={"capacity": _("Please fill in a number from 1 to %(most)s.") % {"most": CAPACITY_MAX}})
    rules = rules_of(department)
    rules.capacity = capacity
    rules.save(update_fields=["capacity"])
    snapshots.changed(opening.NAME)


def rules_of(department: Department) -> DepartmentRules:
    """The row, made at the first change."""
    rules, _made = DepartmentRules.objects.get_or_create(
        department=department, defaults={"time_zone": settings.TIME_ZONE}
    )
    return rules


# -- Hours -----------------------------------------------------------------------------------------


@transaction.atomic
def set_hours(
    actor: Person, department: Department, *, keeps_hours: bool, time_zone: str, week: Sequence[Sequence[Minutes]]
) -> None:
    """`week`: seven days, Monday first; periods that do not overlap. Raises Forbidden, Invalid (field time_zone)."""
    require_manager(actor, department.pk)
    _require_zone(time_zone)
    rules = rules_of(department)
    rules.keeps_hours, rules.time_zone = keeps_hours, time_zone
    rules.save(update_fields=["keeps_hours", "time_zone"])
    OpenPeriod.objects.filter(department=department).delete()
    OpenPeriod.objects.bulk_create(
        OpenPeriod(department=department, weekday=weekday, opens_minute=opens, closes_minute=closes)
        for weekday, periods in enumerate(week)
        for opens, closes in periods
    )
    snapshots.changed(opening.NAME)
    audit.record(actor, "departments.hours.set", target_kind="department", target_id=department.pk)


def _require_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid(fields={"time_zone": _("There is no such time zone.")}) from error


@transaction.atomic
def add_holiday(
    actor: Person, department: Department | None, *, on: date, name: str, period: Minutes | None
) -> Holiday:
    """A day with other hours, or none; of one department, or of all (the owner's). The same day again replaces it."""
    if department is None:
        require_owner(actor)
    else:
        require_manager(actor, department.pk)
    opens, closes = period or (None, None)
    holiday, _made = Holiday.objects.update_or_create(
        department=department,
        date=on,
        defaults={"name": name[:80], "opens_minute": opens, "closes_minute": closes},
    )
    snapshots.changed(opening.NAME)
    audit.record(actor, "departments.holiday.set", target_kind="holiday", target_id=holiday.pk)
    return holiday


@transaction.atomic
def remove_holiday(actor: Person, holiday: Holiday) -> None:
    if holiday.department_id is None:
        require_owner(actor)
    else:
        require_manager(actor, holiday.department_id)
    key = holiday.pk
    holiday.delete()
    snapshots.changed(opening.NAME)
    audit.record(actor, "departments.holiday.removed", target_kind="holiday", target_id=key)


# -- Questions before a chat -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Question:
    """`key` names the answer in the session's fields; left empty, it is made of the label."""

    label: str
    kind: str = "text"
    choices: tuple[str, ...] = ()
    required: bool = False
    key: str = ""


@transaction.atomic
def set_questions(actor: Person, department: Department, questions: Sequence[Question]) -> None:
    """All of them, in order. Raises Forbidden, Invalid (field questions)."""
    require_manager(actor, department.pk)
    if len(questions) > QUESTIONS_MAX:
        raise Invalid(fields={"questions": _("There can be %(most)s questions at most.") % {"most": QUESTIONS_MAX}})
    taken: set[str] = set()
    rows = [_question(department, position, one, taken) for position, one in enumerate(questions)]
    PreChatQuestion.objects.filter(department=department).delete()
    PreChatQuestion.objects.bulk_create(rows)
    audit.record(actor, "departments.questions.set", target_kind="department", target_id=department.pk)


def _question(department: Department, position: int, one: Question, taken: set[str]) -> PreChatQuestion:
    label = " ".join(one.label.split())
    if not label or len(label) > 120:
        raise Invalid(fields={"questions": _("A question has 1 to 120 characters.")})
    choices = [choice for choice in (" ".join(text.split()) for text in one.choices) if choice]
    if one.kind == PreChatQuestion.Kind.CHOICE and not 2 <= len(choices) <= CHOICES_MAX:
        raise Invalid(fields={"questions": _("A question with answers to choose from needs 2 to 20 of them.")})
    if one.kind not in PreChatQuestion.Kind.values or any(len(choice) > 80 for choice in choices):
        raise Invalid(fields={"questions": _("This is too long.")})
    key = _free_key(one.key or label, position, taken)
    return PreChatQuestion(
        department=department,
        position=position,
        key=key,
        label=label,
        kind=one.kind,
        choices=choices if one.kind == PreChatQuestion.Kind.CHOICE else [],
        required=one.required,
    )


def _free_key(wanted: str, position: int, taken: set[str]) -> str:
    plain = re.sub(r"[^a-z0-9]+", "_", wanted.lower()).strip("_")[:32]
    key = plain or f"question_{position + 1}"
    while key in taken:
        key = f"{key[:36]}_{position + 1}"
    taken.add(key)
    return key
