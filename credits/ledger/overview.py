"""A wallet at a glance: what came in and went out by month, and what will expire (L5, L7)."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from django.db import connection
from django.utils import timezone

from credits.ledger.spenders import meters_of
from credits.sql import read
from hub.base import clock, formats
from hub.base.sql_arrays import array_of

WALLETS_KEPT = 256
LINES_READ_ANEW = 500  # up to so many are added up again for each page


@dataclass(frozen=True, slots=True)
class Month:
    """`month` is its first day. What was given back of a chat is taken off `used_m`."""

    month: date
    added_m: int
    used_m: int


@dataclass(frozen=True, slots=True)
class Lot:
    """Granted credits that expire, and what is left of them."""

    expires_at: datetime
    left_m: int


@dataclass(frozen=True, slots=True)
class LotLine:
    """A lot of which something is left: the line that it came with, and whether it was paid or granted (L7)."""

    reason: str
    reference: str
    at: datetime
    paid: bool
    expires_at: datetime | None
    amount_m: int
    left_m: int


@dataclass(frozen=True, slots=True)
class _Day:
    """A row of days.sql, of what some people used: `counted` of its `lines` are theirs."""

    day: date
    added_m: int
    used_m: int
    counted: int
    lines: int
    newest: int


@dataclass(frozen=True, slots=True)
class _Days:
    """By day what came in and what was used, in the lines up to `through`."""

    through: int = 0
    amounts: dict[date, tuple[int, int]] = field(default_factory=dict)


@dataclass(slots=True)
class _Kept:
    """What this process has added up of one wallet."""

    days: _Days = field(default_factory=_Days)


@lru_cache(maxsize=WALLETS_KEPT)
def _kept(_wallet_id: int, _zone: str, _since: datetime, _spenders: tuple[int, ...]) -> _Kept:
    return _Kept()


def months(wallet_id: int, *, back: int, spenders: Sequence[int] | None) -> list[Month]:
    """This month and so many before, by the reader’s calendar and zone, newest first; none in which nothing moved."""
    begins = [formats.month_start(clock.now(), back=back - number) for number in range(back + 1)]
    if spenders is None:
        return _of_everybody(wallet_id, begins)
    return _by_month(_days_of(wallet_id, _begin(begins[0]), tuple(sorted(spenders))), begins)


def _begin(day: date) -> datetime:
    """In the reader's zone."""
    return timezone.make_aware(datetime.combine(day, time.min))


def _of_everybody(wallet_id: int, begins: Sequence[date]) -> list[Month]:
    """By the tallies of the wallet: old lines were added up in a night before (tallies.py)."""
    asked: dict[str, Any] = {"wallet": wallet_id, "begins": [_begin(day) for day in begins]}
    with connection.cursor() as cursor:
        cursor.execute(read("ledger", "months"), asked)
        return [Month(begins[number - 1], added_m, used_m) for number, added_m, used_m in cursor]


def _days_of(wallet_id: int, since: datetime, chosen: tuple[int, ...]) -> _Days:
    """What these people used by day.

    Lines never change, and those of one wallet come in the order of their ids, because whoever writes one has locked it
    (docs/how/ledger.md). So each process adds up an old line once, however many there are.
    """
    zone = timezone.get_current_timezone_name()
    kept = _kept(wallet_id, zone, since, chosen)
    before = kept.days
    later = _later(wallet_id, before.through, zone, since, chosen)
    days = _added(before, later)
    if sum(one.lines for one in later) > LINES_READ_ANEW:
        kept.days = days
    return days


def _later(wallet_id: int, through: int, zone: str, since: datetime, spenders: tuple[int, ...]) -> list[_Day]:
    asked: dict[str, Any] = {"wallet": wallet_id, "after": through, "zone": zone, "since": since}
    meters = meters_of(wallet_id, spenders)
    with connection.cursor() as cursor:
        if meters is None:
            cursor.execute(read("ledger", "days"), asked | {"spenders": array_of(spenders)})
        else:
            cursor.execute(read("ledger", "days_of_meters"), asked | {"meters": array_of(meters)})
        return [_Day(*row) for row in cursor]


def _added(before: _Days, later: list[_Day]) -> _Days:
    amounts, through = dict(before.amounts), before.through
    for one in later:
        through = max(through, one.newest)
        if one.counted:
            added_m, used_m = amounts.get(one.day, (0, 0))
            amounts[one.day] = (added_m + one.added_m, used_m + one.used_m)
    return _Days(through, amounts)


def _by_month(days: _Days, begins: Sequence[date]) -> list[Month]:
    found: dict[date, Month] = {}
    for day, (added_m, used_m) in days.amounts.items():
        first = begins[bisect(begins, day) - 1]
        before = found.get(first, Month(first, 0, 0))
        found[first] = Month(first, before.added_m + added_m, before.used_m + used_m)
    return [found[first] for first in sorted(found, reverse=True)]


def expiring(wallet_id: int, now: datetime) -> list[Lot]:
    """What is left of lots that expire, the soonest first. Where there is no such lot nothing is counted through."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists(select from credits_transfer where credit_id = %s and meter_id is null and expires_at > %s)",
            [wallet_id, now],
        )
        if not cursor.fetchone()[0]:
            return []
        cursor.execute(
            "select expires_at, sum(left_m)::bigint from credits_wallet_lots(%s)"
            " where expires_at > %s and left_m > 0 group by 1 order by 1",
            [wallet_id, now],
        )
        return [Lot(*row) for row in cursor]


def lots(wallet_id: int) -> list[LotLine]:
    """What the wallet is made of, in the order in which it is used (L7)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select t.reason, t.reference, t.at, w.lot = 'paid', w.expires_at, w.amount_m, w.left_m"
            "  from credits_wallet_lots(%s) w join credits_transfer t on t.id = w.lot_id where w.left_m > 0"
            " order by w.expires_at is null, w.expires_at, w.lot = 'paid', t.id",
            [wallet_id],
        )
        return [LotLine(*row) for row in cursor]
