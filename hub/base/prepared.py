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
    """A filter for a list that is given, of PostgreSQL's type `kind`: `__in` would need to know how many they are."""
    return _AnyOf(F(column), values, template=f"%(expressions)s::{kind}[])")


class _Statement(Generic[T]):
    def __init__(self, queryset: QuerySet[Any, T]) -> None:
        self._queryset = queryset
        self._compiler: Any = queryset.query.get_compiler(using=queryset.db)
        self._sql, self._places = self._compiler.as_sql()

    def rows(self, values: Mapping[str, object]) -> list[T]:
        bound = copy.copy(self._compiler)
        bound.connection = connections[bound.using]  # of this thread
        said = self._sql, tuple(values[one.name] if type(one) is Given else one for one in self._places)
        bound.as_sql = lambda *_, **__: said
        asked: Any = self._queryset.all()
        asked.query.get_compiler = lambda *_, **__: bound
        return list(asked)


def prepared(build: Callable[P, QuerySet[Any, T]]) -> Callable[P, list[T]]:
    """See above."""
    names = [one.name for one in inspect.signature(build).parameters.values() if one.kind is one.KEYWORD_ONLY]
    statements: dict[tuple[object, ...], _Statement[T] | None] = {}

    def prepare(shape: tuple[object, ...]) -> _Statement[T] | None:
        if len(statements) >= STATEMENTS_MAX:
            statements.clear()
        places: dict[str, Any] = {name: Given(name) for name in names}
        try:
            statements[shape] = _Statement(build(*shape, **places))  # type: ignore[arg-type]
        except EmptyResultSet:  # a condition that nothing can meet
            statements[shape] = None
        return statements[shape]

    @functools.wraps(build)
    def rows(*shape: P.args, **values: P.kwargs) -> list[T]:
        found = statements[shape] if shape in statements else prepare(shape)
        return found.rows(values) if found is not None else []

    return rows
