"""Whom to call and when, and how the meter works."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from babel.dates import get_day_names
from django.conf import settings
from django.utils import translation

from credits import public as money
from hub.accounts.public import Department, Person
from hub.base import clock, formats
from hub.dashboard.portal import forum
from hub.dashboard.portal.sentences import price_of
from hub.site.public import Hours, Opening, hours_of, hub_settings, openings

HOLIDAYS_AHEAD: Final = timedelta(days=30)
_NOT_DIALLED: Final = re.compile(r"[^\d+]")


@dataclass(frozen=True, slots=True)
class Line:
    """A number to call; `link` is what a phone dials."""

    number: str
    label: str
    link: str


@dataclass(frozen=True, slots=True)
class Contacts:
    """`forum_url` is '' where there is none (K4): then nothing of it is shown."""

    phones: Sequence[Line]
    email: str
    forum_url: str


@dataclass(frozen=True, slots=True)
class Desk:
    """A department: what it is for, what it costs, when it is there. `days`: name of the day and its hours."""

    name: str
    greeting: str
    cost: str
    price: money.Price | None
    opening: Opening
    keeps_hours: bool
    days: list[tuple[str, str]]
    holidays: list[tuple[date, str]]
    time_zone: str


def read_contacts() -> Contacts:
    said = hub_settings()
    phones = [Line(one.number, one.label, _NOT_DIALLED.sub("", one.number)) for one in said.help_phones]
    return Contacts(phones, said.help_email, forum.way_in())


def read_page(person: Person, wallet: money.WalletView | None) -> dict[str, object]:
    """`wallet` is None for who is shown no money (P12)."""
    rows = list(Department.objects.visible_to(person).filter(is_active=True).order_by("position", "pk"))
    metered = wallet is not None
    prices = money.prices_of([row.pk for row in rows]) if metered else {}
    now = clock.now()
    opening = openings([row.pk for row in rows], now)
    return {
        "contacts": read_contacts(),
        "metered": metered,
        "away_pauses_s": settings.CUSTOMER_AWAY_PAUSES_S,
        "refund_days": settings.REFUND_WINDOW_DAYS,
        "desks": [
            _desk(row, prices.get(row.pk, money.FREE_OF_CHARGE) if metered else None, opening[row.pk], now)
            for row in rows
        ],
    }


def _desk(row: Department, price: money.Price | None, opening: Opening, now: datetime) -> Desk:
    hours = hours_of(row.pk)
    return Desk(
        name=row.name,
        greeting=row.greeting,
        cost=price_of(price) if price is not None else "",
        price=price,
        opening=opening,
        keeps_hours=hours.keeps_hours,
        days=_days(hours),
        holidays=_holidays(hours, now.date()),
        time_zone=hours.time_zone,
    )


def _days(hours: Hours) -> list[tuple[str, str]]:
    names = get_day_names("wide", locale=(translation.get_language() or "en").replace("-", "_"))
    return [(names[weekday], _periods(periods)) for weekday, periods in enumerate(hours.week)]


def _holidays(hours: Hours, today: date) -> list[tuple[date, str]]:
    soon = sorted(day for day in hours.holidays if today <= day <= today + HOLIDAYS_AHEAD)
    return [(day, _periods(hours.holidays[day])) for day in soon]


def _periods(periods: Sequence[tuple[int, int]]) -> str:
    """09:00–12:30, 13:00–17:00; '' is closed."""
    return formats.digits(", ".join(f"{_clock(opens)}–{_clock(closes)}" for opens, closes in periods))


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
