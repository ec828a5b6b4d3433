"""C14, C4: when a department is open, in its own time zone, on holidays and when the clocks change."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hub.site.opening import Hours, Opening, instant, opening_of

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
OFFICE = ((540, 1050),)  # 09:00 to 17:30
WEEK = (OFFICE, OFFICE, OFFICE, OFFICE, OFFICE, (), ())
CLOCKS_FORWARD, CLOCKS_BACK = date(2026, 3, 29), date(2026, 10, 25)


def at(text: str, zone: str = "Europe/Amsterdam") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def office(**more: Any) -> Hours:
    fields: dict[str, Any] = {"time_zone": "Europe/Amsterdam", "keeps_hours": True, "week": WEEK}
    return Hours(**fields | more)


def every_day(*periods: tuple[int, int], zone: str = "Europe/Amsterdam") -> Hours:
    return Hours(time_zone=zone, keeps_hours=True, week=(periods,) * 7)


def test_c14_open_on_the_minute_and_closed_on_the_minute() -> None:
    assert opening_of(office(), at("2026-11-23 08:59:59")) == Opening(False, at("2026-11-23 09:00"))
    assert opening_of(office(), at("2026-11-23 09:00")) == Opening(True, at("2026-11-23 17:30"))
    assert opening_of(office(), at("2026-11-23 17:30")) == Opening(False, at("2026-11-24 09:00"))


def test_c14_over_the_weekend_it_opens_on_monday() -> None:
    assert opening_of(office(), at("2026-11-20 18:00")) == Opening(False, at("2026-11-23 09:00"))


def test_c14_who_keeps_no_hours_is_always_open_and_hours_without_periods_never() -> None:
    assert opening_of(office(keeps_hours=False), at("2026-11-22 03:00")) == Opening(True, None)
    assert opening_of(office(week=((),) * 7), at("2026-11-23 10:00")) == Opening(False, None)


def test_c14_two_periods_with_a_break_between() -> None:
    hours = every_day((540, 720), (780, 1020))
    assert opening_of(hours, at("2026-11-23 12:30")) == Opening(False, at("2026-11-23 13:00"))
    assert opening_of(hours, at("2026-11-23 11:00")) == Opening(True, at("2026-11-23 12:00"))


def test_c14_a_night_shift_is_one_stretch() -> None:
    hours = every_day((0, 360), (1320, 1440))
    assert opening_of(hours, at("2026-11-23 23:00")) == Opening(True, at("2026-11-24 06:00"))
    assert opening_of(hours, at("2026-11-24 05:59")) == Opening(True, at("2026-11-24 06:00"))
    assert opening_of(hours, at("2026-11-24 06:00")) == Opening(False, at("2026-11-24 22:00"))


def test_c14_a_holiday_is_closed_or_has_other_hours() -> None:
    hours = office(holidays={date(2026, 12, 24): ((540, 840),), date(2026, 12, 25): ()})
    assert opening_of(hours, at("2026-12-24 13:00")) == Opening(True, at("2026-12-24 14:00"))
    assert opening_of(hours, at("2026-12-24 15:00")) == Opening(False, at("2026-12-28 09:00"))
    assert opening_of(hours, at("2026-12-25 10:00")).is_open is False


def test_c14_the_day_is_that_of_the_department_not_of_the_reader() -> None:
    """Monday 09:00 in Tehran is still Monday 06:30 in Amsterdam, and Sunday evening in New York."""
    tehran = every_day((540, 1020), zone="Asia/Tehran")
    assert opening_of(tehran, at("2026-11-23 06:30")).is_open
    assert opening_of(tehran, at("2026-11-23 00:30", "America/New_York")).is_open
    assert not opening_of(tehran, at("2026-11-23 09:30", "America/New_York")).is_open


@pytest.mark.parametrize("day", [CLOCKS_FORWARD, CLOCKS_BACK])
def test_c14_the_clocks_change_and_nobodys_opening_time_moves(day: date) -> None:
    """The day before, the day itself and the day after open at 09:00 of the wall clock."""
    hours = every_day((540, 1050))
    for offset in (-1, 0, 1):
        on = day + timedelta(days=offset)
        opens = datetime(on.year, on.month, on.day, 9, tzinfo=AMSTERDAM).astimezone(UTC)
        assert opening_of(hours, opens - timedelta(seconds=1)) == Opening(False, opens)
        assert opening_of(hours, opens).is_open
    night = datetime(day.year, day.month, day.day, 0, 30, tzinfo=AMSTERDAM)
    opening = opening_of(hours, night.astimezone(UTC))
    assert opening.changes_at is not None
    hours_away = (opening.changes_at - night.astimezone(UTC)).total_seconds() / 3600
    assert hours_away == (7.5 if day == CLOCKS_FORWARD else 9.5)


def test_c14_in_the_night_that_skips_an_hour_a_time_that_does_not_exist_is_the_change() -> None:
    change = datetime(2026, 3, 29, 1, tzinfo=UTC)  # 02:00 becomes 03:00
    assert instant(CLOCKS_FORWARD, 150, AMSTERDAM) == change
    assert instant(CLOCKS_FORWARD, 150, AMSTERDAM, last=True) == change
    assert opening_of(every_day((150, 300)), change).is_open
    assert opening_of(every_day((60, 150)), change - timedelta(minutes=1)) == Opening(True, change)
    skipped = opening_of(every_day((130, 170)), change)
    assert skipped == Opening(False, at("2026-03-30 02:10")), "all of it was skipped"


def test_c14_in_the_night_that_repeats_an_hour_it_is_open_once_and_longer() -> None:
    hours = every_day((60, 150))  # 01:00 to 02:30, which comes twice
    opens, closes = at("2026-10-25 01:00"), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    moments = [opens + timedelta(minutes=step) for step in range(0, 150, 10)]
    assert [opening_of(hours, moment) for moment in moments] == [Opening(True, closes)] * len(moments)
    assert not opening_of(hours, closes).is_open


def test_c14_a_zone_whose_midnight_does_not_exist() -> None:
    """Beirut goes forward at midnight: the day begins at 01:00."""
    hours = every_day((0, 60), zone="Asia/Beirut")
    day = date(2026, 3, 29)
    assert instant(day, 0, ZoneInfo("Asia/Beirut")) == datetime(2026, 3, 28, 22, tzinfo=UTC)
    assert not opening_of(hours, datetime(2026, 3, 28, 22, 30, tzinfo=UTC)).is_open
