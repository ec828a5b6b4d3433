"""What the conditions and deeds of rules name by number (T13): what it is called, and whether it is there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Final

from hub.accounts.public import Department, Organisation, User
from tickets.errors import BadRule
from tickets.models import Category
from tickets.rules import Condition, Deed

DEPARTMENT, CATEGORY, AGENT, CUSTOMER, ORGANISATION = "department", "category", "agent", "customer", "organisation"
_IN_CONDITIONS: Final = frozenset({DEPARTMENT, CATEGORY, AGENT, CUSTOMER, ORGANISATION})
_IN_DEEDS: Final = {"assign": AGENT, "category": CATEGORY}

Named = tuple[str, int]


def names_of(conditions: Iterable[Condition], deeds: Iterable[Deed]) -> dict[Named, str]:
    """(kind, number) to name; what is gone is missing. A statement per kind, however much is asked."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for kind, number in _named(conditions, deeds):
        wanted[kind].add(number)
    return {(kind, pk): name for kind, ids in wanted.items() for pk, name in _LOOKUPS[kind](ids).items()}


def require_all_there(conditions: Sequence[Condition], deeds: Sequence[Deed]) -> None:
    """Raises BadRule for what names somebody or something that is not there."""
    there = names_of(conditions, deeds)
    if any(one not in there for one in _named(conditions, ())):
        raise BadRule(field="conditions")
    if any(one not in there for one in _named((), deeds)):
        raise BadRule(field="deeds")


def _named(conditions: Iterable[Condition], deeds: Iterable[Deed]) -> list[Named]:
    found = [(one.what, int(value)) for one in conditions if one.what in _IN_CONDITIONS for value in one.values]
    found += [(_IN_DEEDS[one.do], one.value) for one in deeds if one.do in _IN_DEEDS and isinstance(one.value, int)]
    return found


def _departments(ids: Collection[int]) -> dict[int, str]:
    return dict(Department.objects.filter(pk__in=ids).values_list("pk", "name"))


def _categories(ids: Collection[int]) -> dict[int, str]:
    rows = Category.objects.filter(pk__in=ids).values_list("pk", "department__name", "name")
    return {pk: f"{department}: {name}" for pk, department, name in rows}


def _people(kind: str) -> Callable[[Collection[int]], dict[int, str]]:
    return lambda ids: {user.pk: user.name for user in User.objects.filter(pk__in=ids, kind=kind)}


def _organisations(ids: Collection[int]) -> dict[int, str]:
    return dict(Organisation.objects.filter(pk__in=ids).values_list("pk", "name"))


_LOOKUPS: Final[dict[str, Callable[[Collection[int]], dict[int, str]]]] = {
    DEPARTMENT: _departments,
    CATEGORY: _categories,
    AGENT: _people(User.Kind.STAFF),
    CUSTOMER: _people(User.Kind.CUSTOMER),
    ORGANISATION: _organisations,
}
