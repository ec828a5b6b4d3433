"""Finding customers among however many there are (A1, P5; docs/how/admin.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from django.db import connection
from django.db.models import Q, QuerySet

from hub.accounts.access import Person, standing
from hub.accounts.models import CustomerProfile, Membership, PersonIndex, User
from hub.accounts.permissions import ids_seen_by_staff, is_one_of, seen_among
from hub.base.prepared import Given, prepared

TEXT_CHARACTERS_MAX = 80
WORDS_MAX = 8
Sql: TypeAlias = tuple[str, tuple[Any, ...]]
FEW = 400  # so many are looked at one by one, for who does not see everybody
NAMES_WALKED = 3_000  # what is common stands among the first names, too
MANY = 20_000  # beyond, walking in the order of all names finds a page sooner than sorting what was found
DIGITS_OF_NUMBER_MIN = 8
# Digits as people space and bracket them, at least three, and no part of a word.
_NUMBER = re.compile(r"\d{4}")  # nothing that many have
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

    @property
    def chooses(self) -> bool:
        """Whether anything but what was typed does."""
        ids = (self.organisation_id, self.department_id, self.agent_id)
        return self.vip or self.suspended or any(one is not None for one in ids)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after this customer."""

    name_key: str
    user_id: int


def find_customers(person: Person, wanted: Wanted, *, after: Place | None, limit: int) -> list[PersonIndex]:
    """So many customers that this member of staff may see, by last name, from a place on.

    Few matches are looked at one by one. Of many, a manager's page is mostly among the first; who sees few of all has
    those brought together.
    """
    patterns = patterns_of(wanted.text)
    rows = _after(_filtered(_matching(PersonIndex.objects.all(), patterns), wanted), after)
    names = None if wanted.chooses else _after(PersonIndex.objects.all(), after)
    if person.is_owner:
        return _first(rows, patterns, names, limit)
    if person.managed:
        first = _first(rows, patterns, names, FEW)
        shown = _seen_of(first, person)
        if len(first) < FEW or len(shown) >= limit:
            return shown[:limit]
    elif patterns:
        few = list(rows.order_by()[:FEW])
        if len(few) < FEW:
            return _seen_of(sorted(few, key=lambda row: (row.name_key, row.pk)), person)[:limit]
    if after is None and not wanted.chooses:
        words = {f"word{number}": pattern for number, pattern in enumerate(patterns)}
        asked = _own_of_all.sql(standing(person), len(patterns), user_id=person.user_id, **words)
        found = _sorted(asked, MANY, limit) if asked is not None else []
        if found is not None:
            return found
    own = _own(person, rows, patterns)
    found = _sorted(_sql(own.order_by()[: MANY + 1]), MANY, limit)
    return found if found is not None else _in_order(own, limit)


@prepared
def _own_of_all(person: Person, words: int, *, user_id: int | None, **_words: str) -> QuerySet[PersonIndex]:
    """Of all customers those whom this member of staff sees, one more than can be sorted; each word is given."""
    patterns: list[Any] = [Given(f"word{number}") for number in range(words)]
    rows = _matching(PersonIndex.objects.all(), patterns)
    return _own(replace(person, user_id=user_id), rows, patterns).order_by()[: MANY + 1]


def _own(person: Person, rows: QuerySet[PersonIndex], patterns: Sequence[object]) -> QuerySet[PersonIndex]:
    seen = ids_seen_by_staff(person)
    return rows.filter(pk__in=seen) if patterns or person.managed else rows.filter(is_one_of("pk", seen))


def _seen_of(rows: list[PersonIndex], person: Person) -> list[PersonIndex]:
    seen = seen_among(person, [row.pk for row in rows])
    return [row for row in rows if row.pk in seen]


def matching(text: str) -> QuerySet[Any]:
    """The account ids of the customers that match what was typed, whoever sees them."""
    return _matching(PersonIndex.objects.all(), patterns_of(text)).values("pk")


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
    for pattern in patterns:
        rows = rows.filter(words__like=pattern)
    return rows


def _filtered(rows: QuerySet[PersonIndex], wanted: Wanted) -> QuerySet[PersonIndex]:
    """Each filter by its own index; together they are few."""
    for chosen in _chosen(wanted):
        rows = rows.filter(pk__in=chosen)
    return rows


def _chosen(wanted: Wanted) -> Iterator[QuerySet[Any]]:
    customers, members = User.objects.filter(kind=User.Kind.CUSTOMER), Membership.objects.values("user")
    profiles = CustomerProfile.objects.values("pk")
    if wanted.vip:
        yield customers.filter(vip=True).values("pk").union(members.filter(organisation__vip=True))
    if wanted.suspended:
        yield customers.filter(is_active=False).values("pk").union(members.filter(suspended=True))
    if wanted.organisation_id is not None:
        yield members.filter(organisation=wanted.organisation_id)
    if wanted.department_id is not None:
        yield profiles.filter(bound_department=wanted.department_id)
    if wanted.agent_id is not None:
        yield profiles.filter(bound_agent=wanted.agent_id)


def _after(rows: QuerySet[PersonIndex], after: Place | None) -> QuerySet[PersonIndex]:
    if after is None:
        return rows
    # The first comparison is what the index begins with; the others only tell namesakes apart.
    later = Q(name_key__gt=after.name_key) | Q(pk__gt=after.user_id)
    return rows.filter(Q(name_key__gte=after.name_key) & later)


def _first(
    rows: QuerySet[PersonIndex], patterns: Sequence[str], names: QuerySet[PersonIndex] | None, limit: int
) -> list[PersonIndex]:
    """The first by name of those that match. `names`: among whom, where nothing but what was typed chooses.

    The planner would walk all names to find letters that only those at the end have.
    """
    if not patterns:
        return _in_order(rows, limit)
    if names is not None and not any(_NUMBER.search(pattern) for pattern in patterns):
        walked = _walked(names, patterns, limit)
        if len(walked) == limit:
            return walked
    found = _sorted(_sql(rows.order_by()[: MANY + 1]), MANY, limit)
    return found if found is not None else _in_order(rows, limit)


def _walked(names: QuerySet[PersonIndex], patterns: Sequence[str], limit: int) -> list[PersonIndex]:
    """Of so many names from the first on those that match."""
    inner, params = names.order_by("name_key", "pk")[:NAMES_WALKED].query.sql_with_params()
    matches = " AND ".join(["words LIKE %s"] * len(patterns))
    statement = f"SELECT * FROM ({inner}) names WHERE {matches} ORDER BY name_key, user_id LIMIT %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, *patterns, limit])
        return [PersonIndex(user_id=user_id, words=words, name_key=key) for user_id, words, key in cursor]


def _sql(rows: QuerySet[PersonIndex]) -> Sql:
    inner, params = rows.query.sql_with_params()
    return inner, tuple(params)


def _sorted(rows: Sql, most: int, limit: int) -> list[PersonIndex] | None:
    """All are found, and then the first of them told; None where they are more than `most`."""
    inner, params = rows
    statement = f"SELECT found.*, count(*) OVER () FROM ({inner}) found ORDER BY name_key, user_id LIMIT %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, limit])
        found = cursor.fetchall()
    if found and found[0][-1] > most:
        return None
    return [PersonIndex(user_id=user_id, words=words, name_key=key) for user_id, words, key, _ in found]


def _in_order(rows: QuerySet[PersonIndex], limit: int) -> list[PersonIndex]:
    return list(rows.order_by("name_key", "pk")[:limit])
