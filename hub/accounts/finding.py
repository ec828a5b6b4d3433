"""Finding customers among however many there are (A1, P5; docs/how/admin.md)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Q, QuerySet

from hub.accounts.models import Membership, PersonIndex
from hub.accounts.permissions import ids_seen_by_staff

if TYPE_CHECKING:
    from hub.accounts.access import Person

TEXT_CHARACTERS_MAX = 80
WORDS_MAX = 8
FEW = 1000  # so many are looked at one by one, whoever asks
MANY = 40_000  # beyond, walking in the order of names finds a page sooner than sorting what was found
DIGITS_OF_NUMBER_MIN = 8
# Digits as people space and bracket them, at least three, and no part of a word.
_PHONE = re.compile(r"(?<!\S)[+(]*\d(?:[\s()./]*\d){2,}(?!\S)")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which customers: what was typed, and the filters beside it."""

    text: str = ""
    vip: bool = False
    suspended: bool = False
    organisation_id: int | None = None
    department_id: int | None = None
    agent_id: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after this customer."""

    name_key: str
    user_id: int


def find_customers(person: Person, wanted: Wanted, *, after: Place | None, limit: int) -> list[PersonIndex]:
    """So many customers that this member of staff may see, by last name, from a place on.

    Few matches are found by their letters and then looked at one by one; many are sorted, or walked in order.
    """
    patterns = patterns_of(wanted.text)
    rows = _filtered(PersonIndex.objects.all(), wanted)
    if not patterns:
        return _page(_seen(rows, person, None), after, limit)
    some = list(_matching(PersonIndex.objects.all(), patterns).values_list("pk", flat=True)[: FEW + 1])
    if len(some) <= FEW:
        return _page(_seen(rows.filter(pk__in=some), person, some), after, limit)
    return _page_of_many(_seen(_matching(rows, patterns), person, None), after, limit)


def patterns_of(text: str) -> list[str]:
    """What `words` must be like for each word or number typed."""
    text = text.replace("\0", "").strip()[:TEXT_CHARACTERS_MAX]
    if not text:
        return []
    folded = _fold(text)
    numbers = [found[0] for found in _PHONE.finditer(folded) if _is_number(found[0])]
    words = _PHONE.sub(_without_number, folded).split()
    return [_like(word) for word in [*map(_national, numbers), *words][:WORDS_MAX]]


def _fold(text: str) -> str:
    """As the database folds what it keeps."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_fold(%s)", [text])
        return str(cursor.fetchone()[0])


def _without_number(found: re.Match[str]) -> str:
    return " " if _is_number(found[0]) else found[0]


def _is_number(text: str) -> bool:
    """Whether digits with spaces between them are one number: long enough, or written as phone numbers begin."""
    return text.startswith(("0", "+", "(")) or len(_digits(text)) >= DIGITS_OF_NUMBER_MIN


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _national(number: str) -> str:
    """Digits without what stands before the area: `06 12`, `+31 6 12` and `0031 6 12` are all found.

    In `+31 (0)6` the zero stands in the middle, where no international number has it.
    """
    digits = _digits(number.replace("(0)", ""))
    return digits.removeprefix("00") if digits.startswith("00") else digits.removeprefix("0")


def _like(word: str) -> str:
    """Three letters may stand anywhere; fewer begin a word."""
    plain = word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{plain}%" if len(word) > 2 else f"% {plain}%"


def _matching(rows: QuerySet[PersonIndex], patterns: Sequence[str]) -> QuerySet[PersonIndex]:
    for pattern in patterns:  # Django's own lookups compare in upper case or escape what we have escaped
        rows = rows.extra(where=["accounts_personindex.words LIKE %s"], params=[pattern])  # noqa: S610
    return rows


def _filtered(rows: QuerySet[PersonIndex], wanted: Wanted) -> QuerySet[PersonIndex]:
    if wanted.vip:
        rows = rows.filter(Q(user__vip=True) | Q(user__membership__organisation__vip=True))
    if wanted.suspended:
        rows = rows.filter(Q(user__is_active=False) | Q(user__membership__suspended=True))
    if wanted.organisation_id is not None:
        rows = rows.filter(pk__in=Membership.objects.filter(organisation=wanted.organisation_id).values("user"))
    if wanted.department_id is not None:
        rows = rows.filter(user__customer_profile__bound_department=wanted.department_id)
    if wanted.agent_id is not None:
        rows = rows.filter(user__customer_profile__bound_agent=wanted.agent_id)
    return rows


def _seen(rows: QuerySet[PersonIndex], person: Person, among: Sequence[int] | None) -> QuerySet[PersonIndex]:
    return rows if person.is_owner else rows.filter(pk__in=ids_seen_by_staff(person, among=among))


def _page(rows: QuerySet[PersonIndex], after: Place | None, limit: int) -> list[PersonIndex]:
    return list(_after(rows, after).order_by("name_key", "pk")[:limit])


def _after(rows: QuerySet[PersonIndex], after: Place | None) -> QuerySet[PersonIndex]:
    if after is None:
        return rows
    return rows.filter(Q(name_key__gt=after.name_key) | Q(name_key=after.name_key, pk__gt=after.user_id))


def _page_of_many(rows: QuerySet[PersonIndex], after: Place | None, limit: int) -> list[PersonIndex]:
    """Found first and then sorted: the planner would walk all names for letters that only those at the end have."""
    found = list(_after(rows, after).values_list("name_key", "pk")[: MANY + 1])
    if len(found) > MANY:
        return _page(rows, after, limit)
    wanted = [pk for _, pk in sorted(found)[:limit]]
    return _page(PersonIndex.objects.filter(pk__in=wanted), None, limit)
