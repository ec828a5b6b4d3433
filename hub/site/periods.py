"""Office hours as people type and read them: `09:00–12:30, 13:00–17:00`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

DAY_MINUTES = 1440
PERIODS_MAX = 6

Minutes = tuple[int, int]

_TIME = r"(\d{1,2})(?:[:.h](\d{2}))?"
_PERIOD = re.compile(rf"{_TIME}\s*(?:-|–|—|−|to|tot)\s*{_TIME}")


class BadPeriods(ValueError):
    """What was typed are no hours, or they overlap."""


def read_periods(text: str) -> list[Minutes]:
    """In order. `24:00` is midnight; one that closes before it opens goes on into the next day. Raises BadPeriods."""
    parts = [part.strip() for part in re.split(r"[,;،؛\n]", _plain(text)) if part.strip()]
    if len(parts) > PERIODS_MAX:
        raise BadPeriods
    return _in_order([_read(part) for part in parts])


def split_at_midnight(week: Sequence[Sequence[Minutes]]) -> list[list[Minutes]]:
    """Seven days of which none goes on into the next. Raises BadPeriods when that overlaps with what is open there."""
    days: list[list[Minutes]] = [[] for _ in range(7)]
    for weekday, periods in enumerate(week):
        for opens, closes in periods:
            if opens < closes:
                days[weekday].append((opens, closes))
                continue
            days[weekday].append((opens, DAY_MINUTES))
            if closes:
                days[(weekday + 1) % 7].append((0, closes))
    return [_in_order(day) for day in days]


def write_periods(periods: Sequence[Minutes]) -> str:
    return ", ".join(f"{clock_text(opens)}–{clock_text(closes)}" for opens, closes in periods)


def clock_text(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _in_order(periods: list[Minutes]) -> list[Minutes]:
    found = sorted(periods)
    for (_, closes), (opens, _also) in pairwise(found):
        if opens < closes:
            raise BadPeriods
    return found


def _plain(text: str) -> str:
    """Persian and Arabic digits are digits."""
    return "".join(str(unicodedata.digit(sign)) if sign.isdigit() else sign for sign in text).lower()


def _read(part: str) -> Minutes:
    match = _PERIOD.fullmatch(part)
    if match is None:
        raise BadPeriods
    opens, closes = _minute(match[1], match[2]), _minute(match[3], match[4])
    if opens == closes or opens >= DAY_MINUTES:
        raise BadPeriods
    return opens, closes


def _minute(hours: str, minutes: str | None) -> int:
    minute = int(hours) * 60 + int(minutes or 0)
    if int(minutes or 0) > 59 or minute > DAY_MINUTES:
        raise BadPeriods
    return minute
