"""What the hub knows about people: each column of each table, declared by the app that owns it (P10).

An app registers its tables in `privacy.py`, called by its AppConfig.ready(). Every column that could hold words, a date
or a file is either personal (exported, emptied at erasure) or not, with a reason; a test walks the schema and fails on
a column that nobody declared (tests/architecture/test_personal_data.py). How it all works: docs/how/privacy.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q

from hub.base.registries import Registry


@dataclass(frozen=True, slots=True)
class Subject:
    """Who it is about. Read before anything is emptied, so that rows can still be found by address."""

    user_id: int
    login_number: str = ""
    email: str = ""
    mobile: str = ""

    @property
    def about(self) -> str:
        """As rows without a foreign key name people (outbox, actors of the ledger)."""
        return f"user:{self.user_id}"


Rows = Callable[[Subject], Q]


@dataclass(frozen=True, slots=True)
class PersonalColumns:
    """The columns of one table. Names are written with spaces between them; where there is a why, as {names: why}.

    `of` finds the rows about a person; without it the table has none. `shown` are those of them that a customer's own
    export holds, when not all. What staff wrote for each other is in the complete export alone, which the hub owner
    makes and reads before it is handed over: it may name others. At erasure the rows go (`removed`), or else all but
    what is kept is emptied: to null where that may be, else to the field's own default, or to what `empty` says.
    """

    model: type[models.Model]
    personal: str = ""
    for_staff: str = ""
    withheld: Mapping[str, str] = field(default_factory=dict)  # in no export: secrets, and what is a copy
    kept: Mapping[str, str] = field(default_factory=dict)  # exported, and stays
    not_personal: Mapping[str, str] = field(default_factory=dict)
    of: Rows | None = None
    shown: Rows | None = None
    removed: bool = False
    empty: Mapping[str, object] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.model._meta.db_table

    def emptied(self) -> list[str]:
        """The fields that hold nothing after erasure."""
        return [*self.personal.split(), *self.for_staff.split(), *_names(self.withheld)]

    def known(self) -> set[str]:
        """All fields that were thought about."""
        return {*self.emptied(), *_names(self.kept), *_names(self.not_personal)}

    def exported(self, *, complete: bool) -> list[str]:
        """Every field of the row but those withheld: numbers and times, too, tell about a person."""
        hidden = {*_names(self.withheld), *(() if complete else self.for_staff.split())}
        return [one.attname for one in self.model._meta.concrete_fields if one.name not in hidden]

    def values_of_nothing(self) -> dict[str, object]:
        return {name: self.empty.get(name, _nothing(self.model, name)) for name in self.emptied()}


@dataclass(frozen=True, slots=True)
class ForeignTable:
    """A table without a model of its own, or of a library, in which nobody is to be found."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Exporter:
    """A part of every export that is no plain table: `read` gives what becomes JSON under this name."""

    name: str
    read: Callable[[Subject], object]


@dataclass(frozen=True, slots=True)
class Eraser:
    """What erasure does besides emptying columns; run before that, in the same transaction.

    `first`: under no lock yet, and before the person leaves their organisation; else after both.
    """

    name: str
    run: Callable[[Subject], None]
    first: bool = False


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a person cannot be erased now, in words for who asks; None when nothing is in the way."""

    name: str
    find: Callable[[Subject], str | None]


@dataclass(frozen=True, slots=True)
class Loss:
    """What somebody gives up by being erased, in words for who asks; None when it is nothing."""

    name: str
    find: Callable[[Subject], str | None]


@dataclass(frozen=True, slots=True)
class Retention:
    """How long one kind of data is kept. `apply(before, at_most)` removes or empties what is older, a batch at a time.

    It says how many rows it changed; called until that is fewer than `at_most`. 0 days: kept for ever.
    """

    name: str
    label: str  # for the owner's screen: a msgid
    days_default: int
    apply: Callable[[datetime, int], int]


tables: Registry[PersonalColumns] = Registry()
foreign_tables: Registry[ForeignTable] = Registry()
exporters: Registry[Exporter] = Registry()
erasers: Registry[Eraser] = Registry()
obstacles: Registry[Obstacle] = Registry()
losses: Registry[Loss] = Registry()
retentions: Registry[Retention] = Registry()


def register(*declared: PersonalColumns) -> None:
    for one in declared:
        tables.register(one)


def plain(value: object) -> object:
    """A value of a column as JSON has it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, memoryview | bytes):
        return bytes(value).hex()
    if isinstance(value, models.fields.files.FieldFile):
        return value.name
    return value


def _names(columns: Iterable[str]) -> list[str]:
    return " ".join(columns).split()


def _nothing(model: type[models.Model], name: str) -> Any:
    column: models.Field[Any, Any] = model._meta.get_field(name)  # type: ignore[assignment]  # of concrete fields only
    if column.null:
        return None
    return column.get_default() if column.has_default() else column.to_python("")
