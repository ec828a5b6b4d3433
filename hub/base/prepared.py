"""Statements that every page makes: the ORM writes their SQL once per process, each call binds its values and reads.

To build and compile a queryset takes the ORM one to eight milliseconds, on every page again; to send the same SQL and
read its rows a tenth of that. `@prepared` stands before a function that builds a queryset. Its positional arguments
make another statement each (a role, a limit); its keyword-only ones are values of the statement:

    @prepared
    def _newest(limit: int, *, customer: int) -> QuerySet[Session]:
        return Session.objects.filter(customer=customer).order_by("-opened_at")[:limit]

    rows = _newest(5, customer=7)  # a list

What must stay true:
- the function runs once for each set of positional arguments: it reads nothing, no clock and no setting, and hands its
  keyword arguments on to filters and annotations only. There they are `Given`s: true, equal to nothing, of no value
- None is SQL's null: it equals nothing
- rows are read at each call: nothing of what is in the database is kept
- rights stay where they are: `visible_to` may be used in it, with a Person whose ids are given

Leans on Django: what reads a queryset's rows asks its query for a compiler, and sends what its as_sql() says.
"""

from __future__ import annotations

import copy
import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, Never, ParamSpec, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import BooleanField, Count, F, Func, Model, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler

P = ParamSpec("P")
T = TypeVar("T")
M = TypeVar("M", bound=Model)

STATEMENTS_MAX = 128  # of one function; more sets of positional arguments than that were meant as values


class Given(Value):
    """The place of a value that each call binds."""

    def __init__(self, name: str) -> None:
        super().__init__(None)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        return "%s", [self]

    def __str__(self) -> Never:
        raise TypeError(f"{self.name!r} has no value while its statement is prepared.")


def count_of(rows: QuerySet[M, Any]) -> QuerySet[M, int]:
    """How many there are, as the one row of a statement: count() would ask at once."""
    counted: Any = rows.order_by().values(_all=Value(1)).annotate(_n=Count("pk")).values_list("_n", flat=True)
    found: QuerySet[M, int] = counted
    return found


class _AnyOf(Func):
    """`column = any(values::kind[])`"""

    arg_joiner = " = any("
    output_field = BooleanField()


def any_of(column: str, values: Sequence[object], kind: str) -> Func:
    """A filter for a list of ids that is given, of PostgreSQL's type `kind`: `__in` would need to know how many."""
    return _AnyOf(F(column), values, template=f"%(expressions)s::{kind}[])")


def _written(values: Sequence[object]) -> str:
    """Ids in PostgreSQL's own notation, once: a driver takes long to adapt hundreds, for each place they stand in."""
    if not all(isinstance(one, int | UUID) for one in values):
        raise TypeError("A list that is given holds ids: numbers or UUIDs.")
    return "{" + ",".join(map(str, values)) + "}"


class _Statement(Generic[T]):
    def __init__(self, queryset: QuerySet[Any, T]) -> None:
        self._queryset = queryset
        self._compiler: Any = queryset.query.get_compiler(using=queryset.db)
        self._sql, self._places = self._compiler.as_sql()

    def bound(self, values: Mapping[str, object]) -> tuple[str, tuple[Any, ...]]:
        said = {name: _written(value) if isinstance(value, list | tuple) else value for name, value in values.items()}
        return self._sql, tuple(said[one.name] if type(one) is Given else one for one in self._places)

    def rows(self, values: Mapping[str, object]) -> list[T]:
        compiler, said = copy.copy(self._compiler), self.bound(values)
        compiler.connection = connections[compiler.using]  # of this thread
        compiler.as_sql = lambda *_, **__: said
        asked: Any = self._queryset.all()
        asked.query.get_compiler = lambda *_, **__: compiler
        return list(asked)


class Prepared(Generic[P, T]):
    def __init__(self, build: Callable[P, QuerySet[Any, T]]) -> None:
        self._build: Callable[..., QuerySet[Any, T]] = build
        parameters = inspect.signature(build).parameters.values()
        self._names = [one.name for one in parameters if one.kind is one.KEYWORD_ONLY]
        self._statements: dict[tuple[object, ...], _Statement[T] | None] = {}
        functools.update_wrapper(self, build)

    def __call__(self, *shape: P.args, **values: P.kwargs) -> list[T]:
        found = self._statement(shape)
        return found.rows(values) if found is not None else []

    def sql(self, *shape: P.args, **values: P.kwargs) -> tuple[str, tuple[Any, ...]] | None:
        """To be a part of a statement that is written by hand; None where nothing can be found."""
        found = self._statement(shape)
        return found.bound(values) if found is not None else None

    def _statement(self, shape: tuple[object, ...]) -> _Statement[T] | None:
        try:
            return self._statements[shape]
        except KeyError:
            pass
        if len(self._statements) >= STATEMENTS_MAX:
            self._statements.clear()
        made = self._statements[shape] = self._prepare(shape)
        return made

    def _prepare(self, shape: tuple[object, ...]) -> _Statement[T] | None:
        try:
            return _Statement(self._build(*shape, **{name: Given(name) for name in self._names}))
        except EmptyResultSet:  # a condition that nothing can meet
            return None


def prepared(build: Callable[P, QuerySet[Any, T]]) -> Prepared[P, T]:
    """See above."""
    return Prepared(build)
