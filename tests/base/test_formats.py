"""U1: numbers, credits, dates and times by the reader's language, as the pages of the browser write them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from hub.base import clock, formats

AT = datetime(2026, 11, 21, 13, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _amsterdam() -> Iterator[None]:
    with timezone.override("Europe/Amsterdam"):
        yield


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", ["1,234", "1,250.0", "58.4", "0.005", "+50.0", "−1.25"]),
        ("nl", ["1.234", "1.250,0", "58,4", "0,005", "+50,0", "−1,25"]),
        ("hr", ["1.234", "1.250,0", "58,4", "0,005", "+50,0", "−1,25"]),
        ("it", ["1.234", "1.250,0", "58,4", "0,005", "+50,0", "−1,25"]),
        ("fa", ["۱٬۲۳۴", "۱٬۲۵۰٫۰", "۵۸٫۴", "۰٫۰۰۵", "+۵۰٫۰", "−۱٫۲۵"]),
    ],
)
def test_u1_numbers_and_credits_are_never_rounded(language: str, shown: list[str]) -> None:
    with translation.override(language):
        credits = [formats.credits(amount) for amount in (1_250_000, 58_400, 5)]
        assert [formats.number(1234), *credits, formats.signed_credits(50_000), formats.signed_credits(-1250)] == shown


@pytest.mark.parametrize(
    ("language", "day", "moment", "weekday"),
    [
        ("en", "21 November 2026", "21 Nov 2026, 14:05", "Saturday, 21 November"),
        ("nl", "21 november 2026", "21 nov 2026, 14:05", "zaterdag 21 november"),
        ("hr", "21. studenoga 2026.", "21. stu 2026. 14:05", "subota, 21. studenoga"),
        ("it", "21 novembre 2026", "21 nov 2026, 14:05", "sabato 21 novembre"),
        ("fa", "۳۰ آبان ۱۴۰۵", "۳۰ آبان ۱۴۰۵، ۱۴:۰۵", "شنبه ۳۰ آبان"),
    ],
)
def test_u1_dates_by_language_calendar_and_time_zone(language: str, day: str, moment: str, weekday: str) -> None:
    with translation.override(language):
        assert [formats.day(AT), formats.moment(AT), formats.weekday(AT)] == [day, moment, weekday]
        assert formats.day(AT.date()) == day


@pytest.mark.parametrize(
    ("language", "names", "starts"),
    [
        ("en", ["November 2026", "January 2026"], [date(2026, 11, 1), date(2025, 12, 1)]),
        ("nl", ["november 2026", "januari 2026"], [date(2026, 11, 1), date(2025, 12, 1)]),
        ("hr", ["studeni 2026.", "siječanj 2026."], [date(2026, 11, 1), date(2025, 12, 1)]),
        ("fa", ["آبان ۱۴۰۵", "دی ۱۴۰۴"], [date(2026, 10, 23), date(2025, 11, 22)]),
    ],
)
def test_u1_months_by_language_and_calendar(language: str, names: list[str], starts: list[date]) -> None:
    with translation.override(language):
        assert [formats.month(AT), formats.month(date(2026, 1, 1))] == names
        assert [formats.month_start(AT), formats.month_start(AT, back=11)] == starts
        assert formats.month_start(starts[0]) == starts[0]


def test_u1_a_day_is_the_readers_day_and_the_persian_year_turns_with_spring() -> None:
    with translation.override("fa"):
        assert formats.day(datetime(2025, 3, 20, 22, 59, tzinfo=UTC)) == "۳۰ اسفند ۱۴۰۳"  # a leap year's last day
        assert formats.day(datetime(2025, 3, 20, 23, 0, tzinfo=UTC)) == "۱ فروردین ۱۴۰۴"
        assert formats.day(date(1979, 2, 11)) == "۲۲ بهمن ۱۳۵۷"


def test_u1_stretches_of_time_are_rounded_down_but_where_a_price_hangs_on_them_and_have_the_readers_digits() -> None:
    with translation.override("en"):
        stretches = (59, 60, 1439, 7199, 7260, 7200)
        assert [formats.duration(s) for s in stretches] == ["59 s", "1 min", "23 min", "119 min", "2 h 1 min", "2 h"]
        exact = [formats.exact_duration(s) for s in (30, 60, 90, 7265)]
        assert exact == ["30 s", "1 min", "1 min 30 s", "2 h 1 min 5 s"]
        assert [formats.clock_time(s) for s in (0, 70, 3671)] == ["0:00", "1:10", "1:01:11"]
    with translation.override("fa"):
        assert formats.clock_time(768) == "۱۲:۴۸"
        assert formats.exact_duration(90) == "۱ دقیقه و ۳۰ ثانیه"


def test_u1_how_long_ago() -> None:
    with clock.freeze(AT):
        with translation.override("nl"):
            assert formats.since(AT - timedelta(minutes=3)) == "3 minuten geleden"
            assert formats.since(AT - timedelta(days=31)) == "21 okt 2026"
        with translation.override("hr"):
            assert formats.since(AT - timedelta(minutes=3)) == "prije 3 minute"
            assert formats.since(AT - timedelta(minutes=5)) == "prije 5 minuta"
        with translation.override("fa"):
            assert formats.since(AT - timedelta(hours=3)) == "۳ ساعت پیش"


def test_u1_templates_write_them_too_and_a_sign_stays_before_its_number() -> None:
    page = Template("{% load formats %}{{ m|credits }} {{ none|credits }}{{ less|amount }} {{ at|moment }}")
    with translation.override("fa"):
        shown = page.render(Context({"m": 58_400, "none": None, "less": -1250, "at": AT}))
    assert shown == '۵۸٫۴ <bdi class="num" dir="ltr">−۱٫۲۵</bdi> ۳۰ آبان ۱۴۰۵، ۱۴:۰۵'
