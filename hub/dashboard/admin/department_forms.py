"""The forms of a department: what is typed in them, from and to what the actions take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from django.utils.translation import gettext as _

from credits import public as money
from hub.accounts.public import Department, Invalid
from hub.base import clock, formats
from hub.base.amounts import field_text, find_millicredits, find_whole_number
from hub.site import public as site

BLOCK_SECONDS_MAX, FREE_SECONDS_MAX, MINIMUM_BLOCKS_MAX = 86_400, 86_400, 1000
PRICE_CREDITS_MAX = 100_000
EMPTY_QUESTIONS = 1  # rows to add one in

Values = Mapping[str, object]


# -- Basics ----------------------------------------------------------------------------------------


def basics_values(department: Department, hours: site.Hours) -> dict[str, object]:
    return {
        "name": department.name,
        "greeting": department.greeting,
        "capacity": "" if hours.capacity is None else hours.capacity,
        "active": department.is_active,
    }


def read_basics(values: Values, *, owner: bool) -> site.DepartmentIn:
    """Raises Invalid."""
    text = str(values["capacity"])
    capacity = whole_number(text, "capacity", 1, 1000) if text else None
    return site.DepartmentIn(
        name=str(values["name"]) if owner else None,
        is_active=bool(values["active"]) if owner else None,
        greeting=str(values["greeting"]),
        capacity=capacity,
        no_capacity=capacity is None,
    )


# -- Hours -----------------------------------------------------------------------------------------


def hours_values(hours: site.Hours) -> dict[str, object]:
    days = {f"day_{day}": site.write_periods(periods) for day, periods in enumerate(hours.week)}
    return {"keeps_hours": hours.keeps_hours, "time_zone": hours.time_zone, **days}


def zones(known: Iterable[str], *first: str) -> list[tuple[str, str]]:
    """The ones in use first; then every zone that is named after a place."""
    named = sorted(zone for zone in known if "/" in zone and not zone.startswith(("Etc/", "posix/", "right/")))
    return [(zone, zone.replace("_", " ")) for zone in dict.fromkeys([*first, *named, "UTC"])]


def read_week(values: Values) -> list[list[site.Minutes]]:
    """Raises Invalid, with the days that cannot be read."""
    week: list[list[site.Minutes]] = []
    wrong: dict[str, str] = {}
    for day in range(7):
        try:
            week.append(site.read_periods(str(values[f"day_{day}"])))
        except site.BadPeriods:
            wrong[f"day_{day}"] = _("Write the hours as 09:00–12:30, 13:00–17:00; they may not overlap.")
    if wrong:
        raise Invalid(fields=wrong)
    try:
        return site.split_at_midnight(week)
    except site.BadPeriods:
        raise Invalid(
            fields={"day_0": _("Hours that go on after midnight overlap with those of the next day.")}
        ) from None


def holiday_fields(holiday: site.Holiday) -> dict[str, Any]:
    """All of it, to put it back."""
    has_hours = holiday.opens_minute is not None
    return {
        "department": holiday.department_id,
        "date": holiday.date.isoformat(),
        "name": holiday.name,
        "period": [holiday.opens_minute, holiday.closes_minute] if has_hours else None,
    }


def read_holiday(values: Values) -> tuple[date, site.Minutes | None]:
    """Raises Invalid (date, open)."""
    wrong: dict[str, str] = {}
    on, period = _day(str(values["date"])), None
    today = clock.now().date()
    if on is None or not today - timedelta(days=1) <= on <= today + timedelta(days=3660):
        wrong["date"] = _("Please fill in a day from today on.")
    try:
        periods = site.read_periods(str(values["open"]))
        period = periods[0] if periods else None
    except site.BadPeriods:
        periods = []
        wrong["open"] = _("Write the hours as 09:00–13:00, or leave this empty.")
    if len(periods) > 1 or (period is not None and period[0] >= period[1]):
        wrong["open"] = _("Write the hours as 09:00–13:00, or leave this empty.")
    if wrong or on is None:
        raise Invalid(fields=wrong)
    return on, period


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


# -- Questions -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class QuestionRow:
    number: int
    label: object
    choices: object
    required: object
    key: object
    is_new: bool = False


def questions_values(department: Department) -> dict[str, object]:
    values: dict[str, object] = {}
    rows = list(department.questions.order_by("position"))
    for number, one in enumerate(rows):
        values |= {
            f"label_{number}": one.label,
            f"choices_{number}": "\n".join(one.choices),
            f"required_{number}": one.required,
            f"key_{number}": one.key,
        }
    return values | {"count": len(rows) + EMPTY_QUESTIONS}


def question_rows(values: Values) -> list[QuestionRow]:
    count = _count_of(values)
    return [
        QuestionRow(
            number,
            values.get(f"label_{number}", ""),
            values.get(f"choices_{number}", ""),
            values.get(f"required_{number}", False),
            values.get(f"key_{number}", ""),
            is_new=not values.get(f"label_{number}"),
        )
        for number in range(count)
    ]


def _count_of(values: Values) -> int:
    return min(11, int(str(values.get("count", 1))))


def typed_questions(data: Mapping[str, str]) -> dict[str, object]:
    text = data.get("count", "")
    count = min(11, int(text)) if text.isdecimal() and len(text) < 4 else 0
    values: dict[str, object] = {"count": count}
    for number in range(count):
        for name in ("label", "choices", "key"):
            values[f"{name}_{number}"] = data.get(f"{name}_{number}", "").replace("\0", "").strip()
        values[f"required_{number}"] = f"required_{number}" in data
    return values


def read_questions(values: Values) -> list[site.Question]:
    """Rows without a question are left out: that is how one is removed."""
    asked = []
    for row in question_rows(values):
        if not str(row.label):
            continue
        choices = tuple(line.strip() for line in str(row.choices).splitlines() if line.strip())
        kind = "choice" if choices else "text"
        asked.append(site.Question(str(row.label), kind, choices, bool(row.required), str(row.key)))
    return asked


# -- Prices ----------------------------------------------------------------------------------------


NUMBERS = {
    "block_seconds": (1, BLOCK_SECONDS_MAX),
    "free_seconds": (0, FREE_SECONDS_MAX),
    "minimum_blocks": (1, MINIMUM_BLOCKS_MAX),
}


def price_fields(kind: str) -> list[str]:
    """The prices of all kinds stand on one page, so each field is named after its kind."""
    return [f"{kind}_{name}" for name in ("price", *NUMBERS)]


def price_values(price: money.Price, kind: str) -> dict[str, object]:
    return {
        f"{kind}_price": field_text(price.price_millicredits),
        **{f"{kind}_{name}": getattr(price, name) for name in NUMBERS},
    }


def read_price(values: Values, kind: str) -> money.Price:
    """Raises Invalid, with every field that is wrong."""
    wrong: dict[str, str] = {}
    amount_m = find_millicredits(str(values[f"{kind}_price"]))
    if amount_m is None or not 0 <= amount_m <= PRICE_CREDITS_MAX * 1000:
        wrong[f"{kind}_price"] = _("Please fill in an amount of credits, for instance 2.0.")
    numbers: dict[str, int] = {}
    for name, (least, most) in NUMBERS.items():
        try:
            numbers[name] = whole_number(str(values[f"{kind}_{name}"]), f"{kind}_{name}", least, most)
        except Invalid as refusal:
            wrong |= cast("dict[str, str]", refusal.params["fields"])
    if wrong or amount_m is None:
        raise Invalid(fields=wrong)
    return money.Price(amount_m, **numbers)


def whole_number(text: str, field: str, least: int, most: int) -> int:
    """Raises Invalid, with the sentence for beside the field."""
    number = find_whole_number(text, least, most)
    if number is None:
        said = {"least": formats.number(least), "most": formats.number(most)}
        raise Invalid(fields={field: _("Please fill in a whole number from %(least)s to %(most)s.") % said})
    return number
