"""Which days the owner looks at: whole days in the hub's zone, told by day or by month."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hub.base import clock, formats

DAY, MONTH = "day", "month"
DAYS_SHOWN_MAX: Final = 400  # more of them are told by month
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both of them in it."""

    first: date
    last: date
    by: str = DAY

    @property
    def since(self) -> datetime:
        return _midnight(self.first)

    @property
    def until(self) -> datetime:
        return _midnight(self.last + timedelta(days=1))

    @property
    def query(self) -> str:
        return urlencode({"since": self.first, "until": self.last, "by": self.by})

    @property
    def day_of(self) -> Callable[[date], date]:
        """Months are those of the reader's calendar; a row is named by its first day."""
        return formats.month_start if self.by == MONTH else lambda day: day


def period_of(data: Mapping[str, str]) -> Period:
    """As it stands in an address. What is no day of ours is this month."""
    today = today_here()
    first, last = day_of(data.get("since", "")), day_of(data.get("until", ""))
    if first is None:
        first = formats.month_start(today if last is None else last)
    if last is None:
        last = max(first, today)
    first, last = min(first, last), max(first, last)
    by = MONTH if data.get("by") == MONTH or (last - first).days > DAYS_SHOWN_MAX else DAY
    return Period(first, last, by)


def choices() -> list[tuple[str | Promise, Period]]:
    """What is looked at most, by the reader's calendar."""
    today = today_here()
    this, before = formats.month_start(today), formats.month_start(today, back=1)
    return [
        (_("This month"), Period(this, today)),
        (_("Last month"), Period(before, this - timedelta(days=1))),
        (_("Twelve months"), Period(formats.month_start(today, back=11), today, MONTH)),
    ]


def today_here() -> date:
    """In the hub's zone, in which days are added up."""
    return clock.now().astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def day_of(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if EARLIEST <= found <= LATEST else None


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time.min, ZoneInfo(settings.TIME_ZONE))
