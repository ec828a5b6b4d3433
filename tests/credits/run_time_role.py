"""The role under which the hub runs where the owner of its tables is another one (docs/operations.md)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from credits.sql import read

RUN_TIME_ROLE = "credits_run_time_test"


def make_run_time_role() -> None:
    """With the rights of the file on the tables of credits; it is gone with the transaction of the test."""
    with connection.cursor() as cursor:
        cursor.execute(f"create role {RUN_TIME_ROLE}")
        cursor.execute(read("ledger", "run_time_rights").format(role=RUN_TIME_ROLE))
        cursor.execute("grant usage on schema public to " + RUN_TIME_ROLE)


@contextmanager
def as_run_time_role() -> Iterator[None]:
    """Inside, statements are that role's; on tables of other apps it may do all."""
    make_run_time_role()
    with connection.cursor() as cursor:
        cursor.execute(
            "select tablename from pg_tables where schemaname = 'public' and tablename not like 'credits\\_%'"
        )
        others = ", ".join(name for (name,) in cursor.fetchall())
        cursor.execute(f"grant all on {others} to {RUN_TIME_ROLE}")
        cursor.execute(f"grant usage on all sequences in schema public to {RUN_TIME_ROLE}")
        cursor.execute(f"set local role {RUN_TIME_ROLE}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("reset role")
