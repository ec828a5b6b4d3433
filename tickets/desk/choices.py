"""What selects offer: only what the person who looks may choose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from hub.accounts.public import Department, User, visible_colleagues
from tickets.desk.words import CHANNELS, PRIORITIES, STATUSES
from tickets.permissions import agents_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hub.accounts.public import Person

Choices = list[tuple[str, Any]]
NAMES: Final = ("display_name", "first_name", "last_name", "login_number")  # what a name is made of


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
    rows = Department.objects.order_by("position", "pk")
    if not person.is_owner:
        rows = rows.filter(pk__in=person.departments | person.managed)
    return [("", first), *_named(rows)]


def other_departments(department_id: int, first: str) -> Choices:
    """To which a ticket could be handed over."""
    rows = Department.objects.filter(is_active=True).exclude(pk=department_id).order_by("position", "pk")
    return [("", first), *_named(rows)]


def colleagues(person: Person) -> Choices:
    """For a filter: whose tickets."""
    rows = visible_colleagues(User.objects.filter(is_active=True), person)
    named = _named(rows.only(*NAMES).order_by("first_name", "last_name", "pk"))
    return [("", _("Anybody")), ("me", _("Me")), ("none", _("Nobody yet")), *named]


def agents(department_id: int, first: str) -> Choices:
    """Who has a seat in a department."""
    rows = User.objects.filter(pk__in=agents_of(department_id)).order_by("first_name", "last_name", "pk")
    return [("", first), *_named(rows.only(*NAMES))]


def _named(rows: Iterable[Any]) -> Choices:
    return [(str(row.pk), row.name) for row in rows]
