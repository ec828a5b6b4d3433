"""The proof that purchases, ledger and receipts say the same (S3, S4, S5): in `manage.py audit`, and every night."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.db import connection

from credits.metering.audit import one_moment
from credits.sql import read
from hub.base.registries import Offence

Row = tuple[str, str | None, Decimal, Decimal]


def offences() -> list[Row]:
    """The rows of audit.sql, all of one moment: (rule, id, expected, found)."""
    with one_moment(), connection.cursor() as cursor:
        cursor.execute(read("store", "audit"))
        return list(cursor.fetchall())


def find_offences() -> Iterator[Offence]:
    """For the registry of audits."""
    for rule, row_id, expected, found in offences():
        yield Offence(rule=f"store.{rule}", subject=row_id or "all", text=f"expected {expected}, found {found}")
