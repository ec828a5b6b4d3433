"""The editor of macros and rules: rows of conditions and deeds as they are typed, from and to the language of rules.py.

A row says what it is about in a hidden field, so that its value is typed in a control of its own kind; a new row is
asked from the server (rows.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub.accounts.public import Department, Organisation, User
from hub.base.rich_text import clean
from tickets import rules
from tickets.admin import rule_words as words
from tickets.admin.rich_fields import rich_text_in
from tickets.admin.rows import Row, pressed, rearranged
from tickets.errors import BadRule
from tickets.models import Category, Macro, Rule
from tickets.rules import CONDITIONS_MAX, DEEDS_MAX, Condition, Deed

MANY, ONE, LINES, TEXT, RICH = "many", "one", "lines", "text", "rich"
CONDITION_KINDS: Final = {
    **dict.fromkeys(("status", "priority", "department", "category", "channel", "initiator", "agent"), MANY),
    **dict.fromkeys(("assigned", "waiting"), ONE),
    **dict.fromkeys(("subject", "tag", "customer", "organisation"), LINES),
}
DEED_KINDS: Final = {
    **dict.fromkeys(("status", "priority", "assign", "category"), ONE),
    **dict.fromkeys(("tag", "untag"), TEXT),
    **dict.fromkeys(("note", "reply"), RICH),
}
NOBODY: Final = "none"

Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be chosen in a row, by what it is about. Read once per page."""

    by_what: Mapping[str, Choices]
    by_hand: bool

    def of_condition(self, what: str) -> Choices:
        return self.by_what.get(what, [])

    def of_deed(self, do: str) -> Choices:
        if do == "assign":
            first = [("me", _("whoever uses the macro"))] if self.by_hand else []
            return [*first, (NOBODY, _("nobody")), *self.by_what["agent"]]
        if do == "category":
            return [(NOBODY, _("none")), *self.by_what["category"]]
        return self.by_what.get(do, [])


def offered(*, by_hand: bool) -> Offered:
    yes_no = [("yes", _("Yes")), ("no", _("No"))]
    staff = User.objects.filter(kind=User.Kind.STAFF, is_active=True, erased_at=None)
    categories = Category.objects.select_related("department").order_by("department__position", "position", "pk")
    found: dict[str, Choices] = {
        what: [(code, str(name)) for code, name in known.items()] for what, known in words.CODES.items()
    }
    found["department"] = [(str(one.pk), one.name) for one in Department.objects.order_by("position", "pk")]
    found["category"] = [(str(one.pk), f"{one.department.name}: {one.name}") for one in categories]
    found["agent"] = sorted(((str(one.pk), one.name) for one in staff), key=lambda one: one[1].casefold())
    found["assigned"] = found["waiting"] = yes_no
    return Offered(found, by_hand)


# -- What is typed ---------------------------------------------------------------------------------


def typed_conditions(data: QueryDict) -> list[Row]:
    return [
        {
            "what": _text(data, f"conditions_{number}_what"),
            "negated": data.get(f"conditions_{number}_negated") == "1",
            "value": _text(data, f"conditions_{number}_value"),
            "values": data.getlist(f"conditions_{number}_values"),
        }
        for number in range(_count(data, "conditions", CONDITIONS_MAX))
        if _text(data, f"conditions_{number}_what") in CONDITION_KINDS
    ]


def typed_deeds(data: QueryDict, before: Sequence[Deed]) -> list[Row]:
    """`before` is what is saved: its texts keep their form in a browser without a script. Raises TooLarge."""
    return [
        _typed_deed(data, f"deeds_{number}", before)
        for number in range(_count(data, "deeds", DEEDS_MAX))
        if _text(data, f"deeds_{number}_do") in DEED_KINDS
    ]


def _typed_deed(data: QueryDict, start: str, before: Sequence[Deed]) -> Row:
    do = _text(data, f"{start}_do")
    row: Row = {"do": do, "value": _text(data, f"{start}_value"), "was": _text(data, f"{start}_was")}
    if DEED_KINDS[do] == RICH:
        earlier = next((one.value for one in before if _key(one) == row["was"]), "")
        row["value"] = rich_text_in(data, f"{start}_value", before=earlier).html
    return row


def _key(deed: Deed) -> str:
    """By which a saved text is known in the form."""
    return f"{deed.do}:{hash_of(deed.value)}" if deed.do in ("note", "reply") else ""


def hash_of(html: str) -> str:
    return hashlib.sha256(html.encode()).hexdigest()[:16]


def _count(data: QueryDict, name: str, most: int) -> int:
    text = data.get(f"{name}_count", "")
    return min(most + 1, int(text)) if text.isdecimal() and len(text) < 4 else 0


def _text(data: QueryDict, name: str) -> str:
    return str(data.get(name, "")).replace("\0", "").strip()


def moved(data: QueryDict, name: str, rows: list[Row]) -> list[Row] | None:
    """The rows after one of their buttons was pressed; None: none was."""
    button = pressed(data, name)
    if button is None:
        return None
    chosen = _text(data, f"new_{name}")
    if name == "conditions":
        fresh: Row | None = {"what": chosen, "negated": False, "value": "", "values": []}
        known, most = CONDITION_KINDS, CONDITIONS_MAX
    else:
        fresh, known, most = {"do": chosen, "value": ""}, DEED_KINDS, DEEDS_MAX
    return rearranged(rows, *button, new=fresh if chosen in known else None, most=most)


# -- To the language of rules ------------------------------------------------------------------------


def plain_conditions(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Raises BadRule, with the number of the row."""
    return [
        {"what": row["what"], "is": _said(row, number), "not": bool(row["negated"])} for number, row in enumerate(rows)
    ]


def _said(row: Row, number: int) -> list[Any]:
    what = str(row["what"])
    kind = CONDITION_KINDS[what]
    if kind == ONE:
        return [row["value"] == "yes"]
    said = [str(one) for one in _list(row["values"])] if kind == MANY else _lines(str(row["value"]))
    if what in ("customer", "organisation"):
        said = _found(what, said, number)
    if not said:
        raise BadRule(field=f"conditions_{number}")
    return said


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _lines(text: str) -> list[str]:
    return [line for line in (" ".join(one.split()) for one in text.splitlines()) if line]


def _found(what: str, lines: Sequence[str], number: int) -> list[str]:
    """Customers are typed by their login number, organisations by their name."""
    if what == "customer":
        rows = User.objects.filter(kind=User.Kind.CUSTOMER, login_number__in=[one.replace(" ", "") for one in lines])
    else:
        rows = Organisation.objects.filter(name__in=lines)
    ids = [str(pk) for pk in rows.values_list("pk", flat=True)]
    if len(ids) < len(set(lines)):
        raise BadRule(field=f"conditions_{number}")
    return ids


def plain_deeds(rows: Iterable[Row]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for row in rows:
        do, value = str(row["do"]), row["value"]
        if do in ("assign", "category"):
            value = None if value == NOBODY else value
        found.append({"do": do, "value": value})
    return found


# -- As they are drawn -------------------------------------------------------------------------------


def condition_rows(rule: Rule) -> list[Row]:
    return [_condition_row(one) for one in rules.read_conditions(rule.conditions)]


def _condition_row(one: Condition) -> Row:
    kind = CONDITION_KINDS[one.what]
    row: Row = {"what": one.what, "negated": one.negated, "value": "", "values": []}
    if kind == MANY:
        row["values"] = [str(value) for value in one.values]
    elif kind == ONE:
        row["value"] = "yes" if one.values[0] != one.negated else "no"
        row["negated"] = False
    else:
        row["value"] = "\n".join(_written(one))
    return row


def _written(one: Condition) -> list[str]:
    if one.what == "customer":
        return list(User.objects.filter(pk__in=one.values).values_list("login_number", flat=True))
    if one.what == "organisation":
        return list(Organisation.objects.filter(pk__in=one.values).values_list("name", flat=True))
    return [str(value) for value in one.values]


def deed_rows(kept: Macro | Rule, *, by_hand: bool) -> list[Row]:
    return [_deed_row(one) for one in rules.read_deeds(kept.deeds, by_hand=by_hand)]


def _deed_row(one: Deed) -> Row:
    value = NOBODY if one.value is None else one.value
    return {"do": one.do, "value": str(value), "was": _key(one)}


def drawn_conditions(rows: Sequence[Row], known: Offered, wrong: str) -> list[dict[str, object]]:
    return [
        {
            **row,
            "name": words.WHATS[str(row["what"])],
            "kind": CONDITION_KINDS[str(row["what"])],
            "choices": [
                (code, text, code in _list(row["values"]) or code == row["value"])
                for code, text in known.of_condition(str(row["what"]))
            ],
            "hint": HINTS.get(str(row["what"]), ""),
            "wrong": wrong == f"conditions_{number}",
        }
        for number, row in enumerate(rows)
    ]


def drawn_deeds(rows: Sequence[Row], known: Offered) -> list[dict[str, object]]:
    return [
        {
            **row,
            "name": words.DEEDS[str(row["do"])],
            "kind": DEED_KINDS[str(row["do"])],
            "choices": [(code, text, code == row["value"]) for code, text in known.of_deed(str(row["do"]))],
            "letters": clean(str(row["value"])).text if DEED_KINDS[str(row["do"])] == RICH else "",
        }
        for row in rows
    ]


HINTS: Final[words.Words] = {
    "subject": gettext_lazy("One word or more per line; it is enough that one of them is in it."),
    "tag": gettext_lazy("One per line; it is enough that the ticket has one of them."),
    "customer": gettext_lazy("Login numbers, one per line."),
    "organisation": gettext_lazy("Names, one per line."),
}
