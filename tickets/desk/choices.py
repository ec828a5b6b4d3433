"""What selects offer: only what the person who looks may choose."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from hub.accounts.public import Department, User, shown_name, standing, visible_colleagues
from hub.base.prepared import prepared
from tickets.desk.words import CHANNELS, PRIORITIES, STATUSES
from tickets.permissions import agents_of
from tickets.queries import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models import QuerySet

    from hub.accounts.public import Person

Choices = list[tuple[str, Any]]


def statuses(first: str | None = None) -> Choices:
    return _begun(first, STATUSES)


def priorities(first: str | None = None) -> Choices:
    return _begun(first, PRIORITIES)


def channels(first: str | None = None) -> Choices:
    return _begun(first, CHANNELS)


def _begun(first: str | None, words: Mapping[str, Any]) -> Choices:
    return [*([] if first is None else [("", first)]), *((str(code), text) for code, text in words.items())]


def departments(person: Person, first: str) -> Choices:
    """Those whose tickets one may meet: own ones, all for the owner."""
    among = None if person.is_owner else person.departments | person.managed
    return [("", first), *((str(pk), name) for pk, name in _departments(among))]


@prepared
def _departments(among: frozenset[int] | None) -> QuerySet[Department, tuple[int, str]]:
    rows = Department.objects.order_by("position", "pk")
    return (rows if among is None else rows.filter(pk__in=among)).values_list("pk", "name")


def colleagues(person: Person) -> Choices:
    """For a filter: whose tickets."""
    found = _colleagues(standing(person), user=person.user_id)
    return [("", _("Anybody")), ("me", _("Me")), ("none", _("Nobody yet")), *_named(found)]


@prepared
def _colleagues(who: Person, *, user: int | None) -> QuerySet[User, tuple[Any, ...]]:
    rows = visible_colleagues(User.objects.filter(is_active=True), replace(who, user_id=user))
    named: QuerySet[User, tuple[Any, ...]] = rows.order_by("first_name", "last_name", "pk").values_list("pk", *NAMES)
    return named


def agents(department_id: int, first: str) -> Choices:
    """Who has a seat in a department."""
    return [("", first), *_named(_agents(department=department_id))]


@prepared
def _agents(*, department: int) -> QuerySet[User, tuple[Any, ...]]:
    rows = User.objects.filter(pk__in=agents_of(department)).order_by("first_name", "last_name", "pk")
    named: QuerySet[User, tuple[Any, ...]] = rows.values_list("pk", *NAMES)
    return named


def _named(rows: Iterable[tuple[Any, ...]]) -> Choices:
    return [(str(pk), shown_name(*names)) for pk, *names in rows]
