"""P10: every column that could hold words, a date or a file is declared: personal, or not and why.

The walk goes over the models and over the database's own list of columns, so that neither a new field nor a table of a
library slips past. What export and erasure do with these declarations is tests/accounts/test_privacy_canary.py.
"""

from __future__ import annotations

from django.apps import apps
from django.db import connection, models

from hub.base import personal_data
from hub.base.personal_data import PersonalColumns

# What only counts or tells when: numbers, yes or no, times. Everything else has to be declared.
HARMLESS = {
    *("smallint", "integer", "bigint", "boolean", "numeric", "double precision", "real"),
    *("timestamp with time zone", "interval"),
}


def columns_of_the_database() -> dict[str, set[str]]:
    """Table -> its columns that could hold something about a person."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.table_name, c.column_name, c.data_type from information_schema.columns c"
            " join information_schema.tables t using (table_schema, table_name)"
            " where c.table_schema = 'public' and t.table_type = 'BASE TABLE'"
        )
        found: dict[str, set[str]] = {}
        for table, column, kind in cursor:
            wanted = found.setdefault(table, set())
            if kind not in HARMLESS:
                wanted.add(column)
    return found


def columns_declared(declared: PersonalColumns) -> set[str]:
    return {one.column for one in declared.model._meta.concrete_fields if one.column and one.name in declared.known()}


def undeclared(tables: list[PersonalColumns]) -> list[str]:
    """Columns of the database that nobody declared. Keys to other tables are ids there, and declared there."""
    declared = {one.name: columns_declared(one) for one in tables}
    foreign = {one.name for one in personal_data.foreign_tables}
    keys = {
        (model._meta.db_table, field.column)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
    }
    return sorted(
        f"{table}.{column}"
        for table, columns in columns_of_the_database().items()
        for column in columns
        if table not in foreign and column not in declared.get(table, ()) and (table, column) not in keys
    )


def test_p10_every_column_is_declared(db: None) -> None:
    assert undeclared(list(personal_data.tables)) == []


def test_p10_the_walk_finds_a_column_that_nobody_declared(db: None) -> None:
    less = [one for one in personal_data.tables if one.name != "accounts_customerprofile"]
    assert "accounts_customerprofile.birth_date" in undeclared(less)


def test_p10_every_model_field_is_a_column_that_was_walked(db: None) -> None:
    """The models and the database say the same: no table of ours is hidden from the walk."""
    walked = columns_of_the_database()
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    assert sorted(tables - walked.keys()) == []


def test_p10_nothing_is_declared_that_is_not_there() -> None:
    for declared in personal_data.tables:
        names = [declared.personal, declared.for_staff, *declared.withheld, *declared.kept, *declared.not_personal]
        for name in " ".join(names).split():
            assert declared.model._meta.get_field(name) is not None
        twice = len(" ".join(names).split()) - len(declared.known())
        assert twice == 0, f"{declared.name}: a column is declared twice"
        assert declared.of is not None or not declared.emptied(), f"{declared.name}: whose rows are these?"


def test_p10_every_reason_says_something() -> None:
    for declared in personal_data.tables:
        for why in [*declared.withheld.values(), *declared.kept.values(), *declared.not_personal.values()]:
            assert len(why) > 4, (declared.name, why)
