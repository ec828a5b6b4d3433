"""The proof that ledger and meters add up (L1, L3, M2, M7): `manage.py audit`, and every night."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

from django.db import connection, transaction

from credits.sql import read
from hub.base.registries import Offence

Row = tuple[str, int | None, Decimal | int | None, Decimal | int | None]

# What the number in the second column names.
_SUBJECTS = dict.fromkeys(("balance", "negative", "hold", "tally", "lots"), "account") | {
    "refund": "transfer",
    "limit": "allowance",
}


def offences() -> list[Row]:
    """The rows of audit.sql, all of one moment: (rule, id, expected, found)."""
    with one_moment(), connection.cursor() as cursor:
        cursor.execute(read("metering", "audit"))
        return list(cursor.fetchall())


def find_offences() -> Iterator[Offence]:
    """For the registry of audits."""
    for rule, row_id, expected, found in offences():
        subject = "all" if row_id is None else f"{_SUBJECTS.get(rule, 'meter')} {row_id}"
        yield Offence(rule=f"credits.{rule}", subject=subject, text=f"expected {expected}, found {found}")


@contextmanager
def one_moment() -> Iterator[None]:
    """A REPEATABLE READ transaction. Inside another one (a test's) its own isolation is what there is."""
    nested = connection.in_atomic_block
    with transaction.atomic():
        if not nested:
            with connection.cursor() as cursor:
                cursor.execute("set transaction isolation level repeatable read, read only")
        yield
