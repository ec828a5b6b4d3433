"""What is typed about a department's tickets, from and to what the actions take."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub.accounts.public import Invalid
from hub.base import formats
from hub.base.amounts import field_text, find_millicredits, find_whole_number
from tickets import billing
from tickets.actions import setting_up as actions
from tickets.admin.rows import Row
from tickets.models import Category, FormField, SlaTarget, TicketRules
from tickets.states import PRIORITIES, word_of

Values = Mapping[str, object]
PRIORITY_NAMES: Final = {
    "urgent": gettext_lazy("Urgent"),
    "high": gettext_lazy("High"),
    "normal": gettext_lazy("Normal"),
    "low": gettext_lazy("Low"),
}
KIND_NAMES: Final = {
    FormField.Kind.TEXT: gettext_lazy("A line of text"),
    FormField.Kind.LONG: gettext_lazy("Several lines of text"),
    FormField.Kind.CHOICE: gettext_lazy("One of several answers"),
    FormField.Kind.CHECK: gettext_lazy("A box to tick"),
    FormField.Kind.DATE: gettext_lazy("A date"),
    FormField.Kind.NUMBER: gettext_lazy("A number"),
}
PRICE_NAMES: Final = {
    billing.TICKET: gettext_lazy("A new ticket"),
    billing.REPLY: gettext_lazy("A reply of the customer"),
    billing.MAIL: gettext_lazy("An e-mail to support"),
    billing.WORK: gettext_lazy("Work, for each block that was begun"),
}
_HOURS: Final = re.compile(r"(\d{1,4})(?::([0-5]\d))?")


def rules_values(rules: TicketRules) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(rules, name) for name in actions.NUMBERS}
    values |= {name: getattr(rules, name) for name in actions.SWITCHES}
    cents = rules.work_block_cents
    return values | {"work_paid_in": rules.work_paid_in, "work_block_cents": f"{cents // 100}.{cents % 100:02d}"}


def read_rules(values: Values, *, owner: bool) -> dict[str, int | bool | str]:
    """What this person may set of it. Raises Invalid."""
    found: dict[str, int | bool | str] = {"chooses_agent": bool(values["chooses_agent"])}
    wrong: dict[str, str] = {}
    for name, (least, most) in actions.NUMBERS.items():
        if name in actions.OWNERS and not owner:
            continue
        number = _cents(str(values[name])) if name == "work_block_cents" else None
        if name != "work_block_cents":
            number = find_whole_number(str(values[name]), least, most)
        if number is None:
            wrong[name] = _number_wanted(name, least, most)
        else:
            found[name] = number
    if wrong:
        raise Invalid(fields=wrong)
    if owner:
        found |= {"takes_guests": bool(values["takes_guests"]), "work_paid_in": str(values["work_paid_in"])}
    return found


def _number_wanted(name: str, least: int, most: int) -> str:
    if name == "work_block_cents":
        return _("Write an amount of money, for instance 12.50.")
    said = {"least": formats.number(least), "most": formats.number(most)}
    return _("Please fill in a whole number from %(least)s to %(most)s.") % said


def _cents(text: str) -> int | None:
    """Money is written as credits are: a comma or point, in any digits."""
    thousandths = find_millicredits(text)
    if thousandths is None or thousandths % 10 or not 0 <= thousandths // 10 <= actions.NUMBERS["work_block_cents"][1]:
        return None
    return thousandths // 10


# -- Prices ----------------------------------------------------------------------------------------


def price_values(department_id: int) -> dict[str, object]:
    return {f"price_{kind}": field_text(billing.price_m(department_id, kind)) for kind in actions.PRICES}


def read_prices(values: Values) -> dict[str, int]:
    """Raises Invalid."""
    found = {kind: find_millicredits(str(values[f"price_{kind}"])) for kind in actions.PRICES}
    wrong = {
        f"price_{kind}": _("Please fill in an amount of credits, for instance 2.0.")
        for kind, amount_m in found.items()
        if amount_m is None
    }
    if wrong:
        raise Invalid(fields=wrong)
    return {kind: amount_m for kind, amount_m in found.items() if amount_m is not None}


# -- Targets ---------------------------------------------------------------------------------------


def target_fields() -> list[str]:
    return [f"{what}_{word}" for word in PRIORITIES for what in ("first_reply", "solve")]


def target_values(department_id: int) -> dict[str, object]:
    values: dict[str, object] = dict.fromkeys(target_fields(), "")
    for row in SlaTarget.objects.filter(department=department_id):
        word = word_of(row.priority)
        values[f"first_reply_{word}"] = write_hours(row.first_reply_minutes)
        values[f"solve_{word}"] = write_hours(row.solve_minutes)
    return values


def write_hours(minutes: int | None) -> str:
    if minutes is None:
        return ""
    return f"{minutes // 60}:{minutes % 60:02d}" if minutes % 60 else str(minutes // 60)


def read_hours(text: str) -> int | None:
    """4 or 0:30, in any digits. Raises ValueError."""
    plain = "".join(str(int(sign)) if sign.isdecimal() else sign for sign in text)
    if not plain:
        return None
    found = _HOURS.fullmatch(plain)
    if found is None:
        raise ValueError
    return int(found[1]) * 60 + int(found[2] or 0)


def read_targets(values: Values) -> dict[str, actions.Target]:
    """Raises Invalid."""
    minutes: dict[str, int | None] = {}
    wrong: dict[str, str] = {}
    for name in target_fields():
        try:
            minutes[name] = read_hours(str(values[name]))
        except ValueError:
            wrong[name] = _("Please fill in hours, for instance 4 or 0:30.")
    if wrong:
        raise Invalid(fields=wrong)
    return {word: actions.Target(minutes[f"first_reply_{word}"], minutes[f"solve_{word}"]) for word in PRIORITIES}


# -- Categories and questions ------------------------------------------------------------------------

CATEGORY_FIELDS: Final = ("id", "name")
QUESTION_FIELDS: Final = ("key", "kind", "label", "choices", "category")


def category_rows(department_id: int) -> list[Row]:
    rows = Category.objects.filter(department=department_id).order_by("position", "pk")
    return [{"id": str(row.pk), "name": row.name, "is_active": row.is_active} for row in rows]


def read_categories(rows: list[Row]) -> list[actions.CategoryIn]:
    return [actions.CategoryIn(_number(row["id"]), str(row["name"]), bool(row["is_active"])) for row in rows]


def question_rows(department_id: int) -> list[Row]:
    rows = FormField.objects.filter(department=department_id).order_by("position", "pk")
    return [
        {
            "key": row.key,
            "kind": row.kind,
            "label": row.label,
            "choices": "\n".join(row.choices),
            "required": row.required,
            "category": str(row.category_id or ""),
        }
        for row in rows
    ]


def read_questions(rows: list[Row]) -> list[actions.FieldIn]:
    return [
        actions.FieldIn(
            label=str(row["label"]),
            kind=str(row["kind"]),
            key=str(row["key"]),
            choices=str(row["choices"]).splitlines(),
            required=bool(row["required"]),
            category_id=_number(row["category"]) or None,
        )
        for row in rows
    ]


def _number(value: object) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0
