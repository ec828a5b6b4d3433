"""Macros and rules in words (T13): what each condition and deed says, for lists, editors and the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from hub.base import formats
from hub.base.rich_text import clean
from tickets.admin.department_forms import PRIORITY_NAMES
from tickets.models import Rule
from tickets.rule_objects import AGENT, CATEGORY, Named
from tickets.rules import Condition, Deed

Words = Mapping[str, Any]
CHARACTERS_SHOWN: Final = 60
EVENTS: Final[Words] = {
    "created": gettext_lazy("A ticket is made"),
    "answered": gettext_lazy("The customer writes"),
    "replied": gettext_lazy("Staff reply"),
    "noted": gettext_lazy("Staff write a note"),
    "changed": gettext_lazy("Something is changed (status, priority, tags …)"),
    "assigned": gettext_lazy("It is given to somebody"),
    "handed_over": gettext_lazy("It goes to another department"),
    "sla_near": gettext_lazy("A target comes near"),
    "sla_missed": gettext_lazy("A target was missed"),
}
WHATS: Final[Words] = {
    "status": gettext_lazy("Status"),
    "priority": gettext_lazy("Priority"),
    "department": gettext_lazy("Department"),
    "category": gettext_lazy("Category"),
    "subject": gettext_lazy("Subject"),
    "tag": gettext_lazy("Tag"),
    "channel": gettext_lazy("Channel"),
    "initiator": gettext_lazy("Made by"),
    "agent": gettext_lazy("Agent"),
    "assigned": gettext_lazy("Has an agent"),
    "waiting": gettext_lazy("The customer waits for us"),
    "customer": gettext_lazy("Customer"),
    "organisation": gettext_lazy("Organisation"),
}
DEEDS: Final[Words] = {
    "status": gettext_lazy("Set the status"),
    "priority": gettext_lazy("Set the priority"),
    "tag": gettext_lazy("Add a tag"),
    "untag": gettext_lazy("Take a tag away"),
    "assign": gettext_lazy("Give it to"),
    "category": gettext_lazy("Set the category"),
    "note": gettext_lazy("Write a note for colleagues"),
    "reply": gettext_lazy("Reply to the customer"),
}
STATUSES: Final[Words] = {
    "open": pgettext_lazy("a ticket", "Open"),
    "pending": pgettext_lazy("a ticket", "Waiting for the customer"),
    "solved": pgettext_lazy("a ticket", "Solved"),
    "closed": pgettext_lazy("a ticket", "Closed"),
}
CHANNELS: Final[Words] = {
    "web": gettext_lazy("Portal or website"),
    "email": gettext_lazy("E-mail"),
    "chat": gettext_lazy("Chat"),
    "phone": gettext_lazy("Phone"),
    "fax": gettext_lazy("Fax"),
    "sms": gettext_lazy("Text message"),
    "api": gettext_lazy("Another programme"),
}
INITIATORS: Final[Words] = {"customer": gettext_lazy("The customer"), "staff": gettext_lazy("Staff")}
CODES: Final[Mapping[str, Words]] = {
    "status": STATUSES,
    "priority": PRIORITY_NAMES,
    "channel": CHANNELS,
    "initiator": INITIATORS,
}
# Why a deed was refused, by the code that the log keeps.
REFUSALS: Final[Words] = {
    "bad_frame": gettext_lazy("Something does not fit this ticket, for instance an agent of another department."),
    "forbidden": gettext_lazy("It may not be given to this person, for instance because the customer is bound."),
    "conflict": gettext_lazy("It cannot follow the status that the ticket had."),
    "not_found": gettext_lazy("Something is not there any more, or belongs to another department."),
    "ended": gettext_lazy("The ticket was closed."),
}

Names = Mapping[Named, str]


def when_text(rule: Rule) -> str:
    """What sets it off."""
    if rule.after_hours is not None:
        said = ngettext(
            "When a ticket has stood still in its status for %(n)s hour",
            "When a ticket has stood still in its status for %(n)s hours",
            rule.after_hours,
        )
        return said % {"n": formats.number(rule.after_hours)}
    return " / ".join(str(EVENTS[one]) for one in rule.events if one in EVENTS)


def condition_text(one: Condition, names: Names) -> str:
    what = str(WHATS[one.what])
    if isinstance(one.values[0], bool):
        is_so = one.values[0] != one.negated
        return f"{what}: {_('Yes') if is_so else _('No')}"
    values = ", ".join(_value(one.what, value, names) for value in one.values)
    said = _("%(what)s is not: %(values)s") if one.negated else _("%(what)s: %(values)s")
    return said % {"what": what, "values": values}


def deed_text(one: Deed, names: Names) -> str:
    return f"{DEEDS[one.do]}: {_deed_value(one, names)}"


def _deed_value(one: Deed, names: Names) -> str:
    if one.do in ("note", "reply"):
        text = " ".join(clean(one.value).text.split())
        return f"“{text[:CHARACTERS_SHOWN]}…”" if len(text) > CHARACTERS_SHOWN else f"“{text}”"
    if one.do == "assign":
        if one.value == "me":
            return _("whoever uses the macro")
        return _("nobody") if one.value is None else names.get((AGENT, one.value), _("somebody who is gone"))
    if one.do == "category" and one.value is None:
        return _("none")
    return _value("category" if one.do == "category" else one.do, one.value, names)


def _value(what: str, value: Any, names: Names) -> str:
    if what in CODES:
        return str(CODES[what][value])
    if isinstance(value, int):
        gone = _("a category that is gone") if what == CATEGORY else _("somebody who is gone")
        return names.get((what, value), gone)
    return f"“{value}”"
