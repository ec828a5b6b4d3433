"""Credits by day, from the ledger alone: what came into the wallets and left them, what stands in them and is owed.

Outstanding credits are a liability: somebody may still use them. Each day says how much stood in all wallets together
when it was over, held credits too, and every movement of that day is in exactly one of its sums.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from django.conf import settings
from django.db import connection

from credits.sql import read

# In which sum each reason of a transfer is told, and whether it is told as what left.
_SUMS: Final[Mapping[str, tuple[str, int]]] = {
    "purchase": ("sold_m", 1),
    "taken_back": ("back_m", -1),
    "returned": ("back_m", -1),
    "charge": ("used_m", -1),
    "capture": ("used_m", -1),
    "refund": ("given_back_m", 1),
    "waive": ("given_back_m", 1),
    "unused": ("given_back_m", 1),
    "voucher": ("vouchers_m", 1),
    "adjust": ("gifts_m", 1),
    "taken_away": ("taken_away_m", -1),
    "expire": ("expired_m", -1),
    "erased": ("expired_m", -1),
    "debt": ("debt_paid_m", -1),
}


@dataclass(frozen=True, slots=True)
class Flow:
    """A day, or several. `used_m` is before what was `given_back_m`; `outstanding_m` and `owed_m` are at its end.

    Into the wallets went what was sold, given back, vouchers, gifts and `other_m`; out of them all the others.
    """

    day: date
    sold_m: int = 0
    back_m: int = 0
    used_m: int = 0
    given_back_m: int = 0
    vouchers_m: int = 0
    gifts_m: int = 0
    taken_away_m: int = 0
    expired_m: int = 0
    debt_paid_m: int = 0
    other_m: int = 0
    outstanding_m: int = 0
    owed_m: int = 0

    @property
    def change_m(self) -> int:
        """By how much more stands in the wallets than before."""
        came_m = self.sold_m + self.given_back_m + self.vouchers_m + self.gifts_m + self.other_m
        return came_m - self.back_m - self.used_m - self.taken_away_m - self.expired_m - self.debt_paid_m


MOVED: Final = (
    "sold_m", "back_m", "used_m", "given_back_m", "vouchers_m", "gifts_m", "taken_away_m", "expired_m", "debt_paid_m",
    "other_m",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Flows:
    """`days` are those on which something moved, the newest first; the rest is how it stood at the end of them all."""

    days: list[Flow]
    outstanding_m: int
    owed_m: int


@dataclass(slots=True)
class _Moved:
    """What a day did to all wallets, and to what they owe."""

    sums: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    into_m: int = 0
    owed_m: int = 0

    def add(self, what: str, into_m: int, owed_m: int) -> None:
        name, sign = _SUMS.get(what, ("other_m", 1))
        self.sums[name] += sign * into_m
        self.into_m += into_m
        self.owed_m += owed_m


def flows(since: datetime, until: datetime) -> Flows:
    """In the hub's zone."""
    moved: dict[date | None, _Moved] = defaultdict(_Moved)
    standing_m = owed_m = 0
    for day, what, into_m, owing_m in _rows(since, until):
        if what == "standing":
            standing_m, owed_m = into_m, owing_m
        else:
            moved[day].add(what, into_m, owing_m)
    later = moved.pop(None, _Moved())
    standing_m, owed_m = standing_m - later.into_m, owed_m - later.owed_m
    at_the_end = (standing_m, owed_m)
    found = []
    for day in sorted((day for day in moved if day is not None), reverse=True):
        one = moved[day]
        found.append(Flow(day, **one.sums, outstanding_m=standing_m, owed_m=owed_m))
        standing_m, owed_m = standing_m - one.into_m, owed_m - one.owed_m
    return Flows(found, *at_the_end)


def _rows(since: datetime, until: datetime) -> list[tuple[date | None, str, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(read("store", "flows"), {"zone": settings.TIME_ZONE, "since": since, "until": until})
        return list(cursor.fetchall())


def joined(rows: Iterable[Flow]) -> Flow | None:
    """Several days, the newest first, as one: its end is the newest one's."""
    found: Flow | None = None
    for row in rows:
        if found is None:
            found = row
        else:
            found = replace(found, **{name: getattr(found, name) + getattr(row, name) for name in MOVED})
    return found
