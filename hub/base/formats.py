"""Numbers, credits, dates and stretches of time as the reader writes them (docs/how/languages.md).

The reader's language and time zone are Django's active ones (`translation.override`, `timezone.override`).
Templates have these as filters: `{% load formats %}`. frontend/shared/i18n.ts does the same in the browser; U1 tests
hold them together.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from babel import Locale
from babel.dates import format_date, format_skeleton, format_timedelta, get_day_names
from babel.numbers import format_decimal
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from persiantools.jdatetime import JalaliDate

from hub.base import clock

MINUS = "\N{MINUS SIGN}"
# Longer ago than this is told as a day.
SINCE_MAX = timedelta(days=30)
# CLDR's names of digits; Babel writes Latin ones in every language.
DIGITS = {"arabext": "۰۱۲۳۴۵۶۷۸۹", "arab": "٠١٢٣٤٥٦٧٨٩"}
JALALI_MONTHS = (
    "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند",
)  # fmt: skip


def number(value: float | Decimal) -> str:
    """A plain number: 1,234 in English, 1.234 in Dutch, ۱٬۲۳۴ in Persian."""
    if isinstance(value, int):
        return _number(value, translation.get_language() or "en")
    return digits(format_decimal(value, locale=_locale(), numbering_system="default"))


@lru_cache(maxsize=4096)  # counts are mostly small, and stand in every row
def _number(value: int, _language: str) -> str:
    return digits(format_decimal(value, locale=_locale(), numbering_system="default"))


def credits(amount_millicredits: int) -> str:
    """Credits: one decimal, two or three when the amount has them, never rounded. Without the word."""
    return _credits(amount_millicredits, translation.get_language() or "en")


@lru_cache(maxsize=8192)  # a page of a wallet has two hundred amounts, and Babel takes its time with each
def _credits(amount_millicredits: int, _language: str) -> str:
    amount = Decimal(amount_millicredits) / 1000
    return digits(format_decimal(amount, format="#,##0.0##", locale=_locale(), numbering_system="default"))


def signed_credits(amount_millicredits: int) -> str:
    """A change of a wallet, with its sign and a true minus. On pages the filter `amount` keeps the sign in front."""
    sign = MINUS if amount_millicredits < 0 else "+" if amount_millicredits else ""
    return sign + credits(abs(amount_millicredits))


def day(on: date) -> str:
    """21 November 2026; in Persian by its own calendar: ۳۰ آبان ۱۴۰۵. A datetime is told in the reader's time zone."""
    return _day(_day_of(on), "long", translation.get_language() or "en")


def short_day(on: date) -> str:
    """21 Nov 2026, where there is little room."""
    return _day(_day_of(on), "medium", translation.get_language() or "en")


@lru_cache(maxsize=4096)  # the lines of a page share their days
def _day(on: date, length: Literal["long", "medium"], _language: str) -> str:
    if _is_persian():
        there = _in_jalali(on)
        return digits(f"{there.day} {JALALI_MONTHS[there.month - 1]} {there.year}")
    return digits(format_date(on, length, locale=_locale()))


def _day_of(on: date) -> date:
    on = _local(on)
    return on.date() if isinstance(on, datetime) else on


def month(on: date) -> str:
    """November 2026; in Persian آبان ۱۴۰۵."""
    on = _local(on)
    if _is_persian():
        there = _in_jalali(on)
        return digits(f"{JALALI_MONTHS[there.month - 1]} {there.year}")
    return digits(format_skeleton("yMMMM", on, locale=_locale()))


def month_start(on: date, *, back: int = 0) -> date:
    """The first day of the month in which this day lies by the reader's calendar, or of one so many months before."""
    on = _local(on)
    there = _in_jalali(on) if _is_persian() else on
    months = there.year * 12 + there.month - 1 - back
    year, month = months // 12, months % 12 + 1
    if _is_persian():
        first: date = JalaliDate(year, month, 1).to_gregorian()  # type: ignore[no-untyped-call]
        return first
    return date(year, month, 1)


def weekday(on: date) -> str:
    """Saturday, 21 November: the heading above what happened on a day."""
    on = _local(on)
    if _is_persian():
        there = _in_jalali(on)
        name = get_day_names("wide", locale=_locale())[on.weekday()]
        return digits(f"{name} {there.day} {JALALI_MONTHS[there.month - 1]}")
    with_year = str(_locale().date_formats["full"])
    return digits(format_date(on, re.sub(r"[\s,]*y+\.?$", "", with_year), locale=_locale()))


def weekday_name(weekday: int) -> str:
    """Monday is 0, as it stands alone at the head of a row."""
    name: str = get_day_names("wide", "stand-alone", locale=_locale())[weekday]
    return name[:1].upper() + name[1:]


def time_of_day(at: datetime) -> str:
    """14:05, with 24 hours in every language."""
    return digits(f"{_local(at):%H:%M}")


def moment(at: datetime) -> str:
    """21 Nov 2026, 14:05."""
    return _joined(translation.get_language() or "en").format(time_of_day(at), short_day(at))


@lru_cache(maxsize=64)
def _joined(_language: str) -> str:
    """How time and day stand together."""
    return "{1}، {0}" if _is_persian() else str(_locale().datetime_formats["medium"]).replace("'", "")


def since(at: datetime) -> str:
    """How long ago: 3 minutes ago, yesterday’s as 1 day ago; after a month the day itself."""
    ago = clock.now() - at
    if ago > SINCE_MAX:
        return short_day(at)
    if ago < timedelta(minutes=1):
        # Translators: how long ago something happened: less than a minute.
        return _("just now")
    return digits(format_timedelta(-ago, add_direction=True, threshold=1.5, locale=_locale()))


def duration(seconds: float) -> str:
    """A stretch of time: 42 min, 1 h 5 min, 30 s. Whole minutes are rounded down; two hours is where hours begin."""
    whole = max(0, int(seconds))
    if whole < 60:
        return _("%(n)s s") % {"n": number(whole)}
    minutes = whole // 60
    if minutes < 120:
        return _("%(n)s min") % {"n": number(minutes)}
    hours, rest = divmod(minutes, 60)
    if rest:
        return _("%(h)s h %(n)s min") % {"h": number(hours), "n": number(rest)}
    return _("%(n)s h") % {"n": number(hours)}


def exact_duration(seconds: float) -> str:
    """A stretch of time to the second, where a price or a promise hangs on it: 1 min 30 s, 42 min, 1 h 5 min."""
    whole = max(0, int(seconds))
    rest = whole % 60
    if whole < 60 or not rest:
        return duration(whole)
    return _("%(time)s %(n)s s") % {"time": duration(whole - rest), "n": number(rest)}


def file_size(size: int) -> str:
    """How large a file is: 412 KB, 3.4 MB."""
    if size < 1_000_000:
        return _("%(n)s KB") % {"n": number(max(min(size, 1), round(size / 1000)))}
    return _("%(n)s MB") % {"n": number(round(size / 1_000_000, 1))}


def clock_time(seconds: float) -> str:
    """m:ss on the meter, from an hour on h:mm:ss."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return digits(f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}")


def digits(text: str) -> str:
    """The text with the digits of the reader's language. Codes, phone numbers and addresses stay Latin."""
    own = _digits_of(translation.get_language() or "en")
    return text.translate(own) if own else text


@lru_cache(maxsize=64)
def _digits_of(_language: str) -> dict[int, int] | None:
    own = DIGITS.get(_locale().default_numbering_system)
    return str.maketrans("0123456789", own) if own else None


def _in_jalali(on: date) -> JalaliDate:
    return JalaliDate(on)  # type: ignore[no-untyped-call]


def _local(on: date) -> date:
    return timezone.localtime(on) if isinstance(on, datetime) and timezone.is_aware(on) else on


def _is_persian() -> bool:
    return _locale().language == "fa"


def _locale() -> Locale:
    return _locale_of(translation.get_language() or "en")


@lru_cache(maxsize=64)
def _locale_of(language: str) -> Locale:
    """English here is written in Europe: the day first, and 24 hours."""
    return Locale.parse("en_GB" if language == "en" else language, sep="-" if "-" in language else "_")
