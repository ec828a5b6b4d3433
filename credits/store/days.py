"""Money by day and provider (S3): what was sold and what went back, by purchases and by the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime

from django.conf import settings
from django.db import connection

from credits.sql import read


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on that day, whenever it was sold. `ledger_m` is what the ledger says of `credits_m`.

    `refunded_cents` went back by us or at the provider; `charged_back_cents` by the payer's bank, below zero when one
    was won. `back_m` are the credits that were taken back for both. VAT that is due at the use is in no `vat_cents`.
    """

    day: date
    provider: str
    test: bool
    currency: str
    purchases: int
    amount_cents: int
    vat_cents: int
    credits_m: int
    ledger_m: int
    refunded_cents: int
    charged_back_cents: int
    back_m: int

    @property
    def adds_up(self) -> bool:
        return self.credits_m == self.ledger_m

    @property
    def kept_cents(self) -> int:
        """What came in and stayed."""
        return self.amount_cents - self.refunded_cents - self.charged_back_cents


SUMS = tuple(field.name for field in fields(Day))[4:]


def days(since: datetime, until: datetime) -> list[Day]:
    """The newest first, in the hub's zone."""
    with connection.cursor() as cursor:
        cursor.execute(read("store", "days"), {"zone": settings.TIME_ZONE, "since": since, "until": until})
        return [Day(*row) for row in cursor]


def summed(rows: Iterable[Day], day_of: Callable[[date], date], *, by_provider: bool = True) -> list[Day]:
    """Of these days one row for each that `day_of` makes the same, in their order; play money is never mixed in."""
    found: dict[tuple[object, ...], Day] = {}
    for one in rows:
        row = replace(one, day=day_of(one.day), provider=one.provider if by_provider else "")
        key = (row.day, row.provider, row.test, row.currency)
        before = found.get(key)
        found[key] = row if before is None else _added(before, row)
    return list(found.values())


def _added(one: Day, other: Day) -> Day:
    sums = {name: getattr(one, name) + getattr(other, name) for name in SUMS}
    return replace(one, **sums)
