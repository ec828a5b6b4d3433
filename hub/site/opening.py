"""When departments are open (C14): wall-clock hours in their own time zone, holidays, both changes of the clocks.

See docs/how/brands.md.

A period opens at the first time its wall clock shows the opening time and closes at the last time it shows the closing
time of that day: in the night when an hour comes twice it is open longer. A time that does not exist, in the night when
an hour is skipped, is the moment of the change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from hub.base import clock
from hub.base.snapshots import Snapshot
from hub.site.models import DepartmentRules, Holiday, OpenPeriod

NAME = "hours"
DAYS_AHEAD_MAX = 400  # whoever has no opening within a year has none

Minutes = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Hours:
    """Of one department. `week` has seven days, Monday first, each a sequence of (opens, closes) in minutes."""

    time_zone: str
    keeps_hours: bool
    week: tuple[tuple[Minutes, ...], ...] = ((),) * 7
    holidays: dict[date, tuple[Minutes, ...]] = field(default_factory=dict)
    capacity: int | None = None

    def on(self, day: date) -> tuple[Minutes, ...]:
        return self.holidays.get(day, self.week[day.weekday()])


@dataclass(frozen=True, slots=True)
class Opening:
    """How it is at a moment. `changes_at` is when it closes, or opens again; None when that is not in sight."""

    is_open: bool
    changes_at: datetime | None


ALWAYS = Hours(time_zone=settings.TIME_ZONE, keeps_hours=False)


def is_open(department_id: int, at: datetime | None = None) -> bool:
    return opening_of(hours_of(department_id), at or clock.now()).is_open


def next_opening(department_id: int, at: datetime | None = None) -> datetime | None:
    """When a closed department opens; None where it is open, or never opens."""
    opening = opening_of(hours_of(department_id), at or clock.now())
    return None if opening.is_open else opening.changes_at


def openings(department_ids: Collection[int], at: datetime | None = None) -> dict[int, Opening]:
    at = at or clock.now()
    return {pk: opening_of(hours_of(pk), at) for pk in department_ids}


def hours_of(department_id: int) -> Hours:
    """Costs no statement while nobody changed any hours."""
    return _snapshot.get().get(department_id, ALWAYS)


def opening_of(hours: Hours, at: datetime) -> Opening:
    if not hours.keeps_hours:
        return Opening(True, None)
    closes: datetime | None = None
    for opens_at, closes_at in _periods(hours, at):
        if closes is not None:
            if opens_at > closes:
                return Opening(True, closes)
            closes = max(closes, closes_at)  # open across midnight is two periods that touch
        elif opens_at > at:
            return Opening(False, opens_at)
        elif at < closes_at:
            closes = closes_at
    return Opening(closes is not None, closes)


def open_spans(hours: Hours, since: datetime) -> Iterator[tuple[datetime, datetime | None]]:
    """When it is open from a moment on, in order, each once; None is no end. For counting office hours (T12)."""
    if not hours.keeps_hours:
        yield since, None
        return
    span: tuple[datetime, datetime] | None = None
    for begins_at, closes_at in _periods(hours, since):
        opens_at = max(begins_at, since)
        if closes_at <= opens_at:
            continue
        if span is not None and opens_at <= span[1]:  # open across midnight is two periods that touch
            span = (span[0], max(span[1], closes_at))
            continue
        if span is not None:
            yield span
        span = (opens_at, closes_at)
    if span is not None:
        yield span


def _periods(hours: Hours, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """In order, from the day before on; in UTC."""
    zone = ZoneInfo(hours.time_zone)
    first = at.astimezone(zone).date() - timedelta(days=1)
    for offset in range(DAYS_AHEAD_MAX):
        day = first + timedelta(days=offset)
        for opens, closes in hours.on(day):
            opens_at, closes_at = instant(day, opens, zone), instant(day, closes, zone, last=True)
            if opens_at < closes_at:  # not when all of it was skipped
                yield opens_at, closes_at


def instant(day: date, minute: int, zone: ZoneInfo, *, last: bool = False) -> datetime:
    """When the clocks of this zone show that minute of the day; the first time, or the last."""
    midnight = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001 - wall clock
    early = midnight.replace(tzinfo=zone, fold=0).astimezone(UTC)
    late = midnight.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if early > late:  # they never show it
        return _change_between(late, early, zone)
    return late if last else early


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which the clocks are changed, to the second."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


def _read() -> dict[int, Hours]:
    week: dict[int, list[list[Minutes]]] = defaultdict(lambda: [[] for _ in range(7)])
    for period in OpenPeriod.objects.order_by("weekday", "opens_minute"):
        week[period.department_id][period.weekday].append((period.opens_minute, period.closes_minute))
    holidays = list(Holiday.objects.filter(date__gte=clock.now().date() - timedelta(days=3)))
    return {
        rules.pk: Hours(
            time_zone=rules.time_zone,
            keeps_hours=rules.keeps_hours,
            week=tuple(tuple(day) for day in week[rules.pk]),
            holidays=_holidays_of(holidays, rules.pk),
            capacity=rules.capacity,
        )
        for rules in DepartmentRules.objects.all()
    }


def _holidays_of(holidays: list[Holiday], department_id: int) -> dict[date, tuple[Minutes, ...]]:
    """A department's own day goes before that of all."""
    general = {one.date: _minutes_of(one) for one in holidays if one.department_id is None}
    return general | {one.date: _minutes_of(one) for one in holidays if one.department_id == department_id}


def _minutes_of(holiday: Holiday) -> tuple[Minutes, ...]:
    if holiday.opens_minute is None or holiday.closes_minute is None:
        return ()
    return ((holiday.opens_minute, holiday.closes_minute),)


_snapshot: Snapshot[dict[int, Hours]] = Snapshot(NAME, _read, without=dict)
