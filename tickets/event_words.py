"""What happened on a ticket, in the reader's words: a sentence for each event of entries.tell (T4, T8, T9)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext, pgettext

from hub.accounts.public import Department, User
from hub.base import formats
from tickets.models import Category
from tickets.states import Status

Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Names:
    """Of whom and what the events of a page speak, read together."""

    people: Mapping[int, str] = field(default_factory=dict)
    departments: Mapping[int, str] = field(default_factory=dict)
    categories: Mapping[int, str] = field(default_factory=dict)


def names_in(events: Iterable[Event]) -> Names:
    """One statement for each kind of thing that is spoken of."""
    events = list(events)
    people = _ids(events, ("assigned", "contact"), ("from", "to"))
    departments = _ids(events, ("handed_over", "hand_over_asked", "hand_over_refused", "hand_over_withdrawn"), _ENDS)
    categories = _ids(events, ("category",), ("to",))
    return Names(
        {user.pk: user.name for user in User.objects.filter(pk__in=people)} if people else {},
        dict(Department.objects.filter(pk__in=departments).values_list("pk", "name")) if departments else {},
        dict(Category.objects.filter(pk__in=categories).values_list("pk", "name")) if categories else {},
    )


_ENDS: Final = ("from", "to")


def _ids(events: Iterable[Event], types: Sequence[str], keys: Sequence[str]) -> set[int]:
    found = (event.get(key) for event in events if event["type"] in types for key in keys)
    return {one for one in found if isinstance(one, int)}


def sentence(event: Event, names: Names, *, for_staff: bool) -> str:
    """Where retention left the type alone (P10), the shorter sentence. '' for what there are no words for."""
    if event["type"] == "status":
        return _status(event, for_staff)
    kind = event["type"]
    plain, told = _PLAIN.get(kind), _SENTENCES.get(kind)
    if plain is not None:
        return _(plain)
    return told(event, names) if told is not None else ""


def _status(event: Event, for_staff: bool) -> str:
    to = event.get("to")
    if to == Status.OPEN:
        was_over = event.get("from") in (Status.SOLVED, Status.CLOSED)
        # Translators: what happened to a ticket
        return _("Opened again") if was_over else _("In progress again")
    if to == Status.PENDING:
        return _("Waits for an answer of the customer") if for_staff else _("Waits for your answer")
    if to == Status.SOLVED:
        return pgettext("what happened to a ticket", "Solved")
    return pgettext("what happened to a ticket", "Closed") if to == Status.CLOSED else _("Another status")


def _assigned(event: Event, names: Names) -> str:
    if event.get("to") is None:
        return _("With nobody at the moment")
    return _("%(name)s takes care of it") % {"name": names.people.get(event["to"], "–")}


def _subject(event: Event, names: Names) -> str:
    if "to" not in event:
        return _("Another subject")
    return _("Another subject: “%(to)s”, before “%(from)s”") % {"to": event["to"], "from": event.get("from", "")}


def _priority(event: Event, names: Names) -> str:
    said = priority_name(event.get("to", ""))
    return _("Priority: %(priority)s") % {"priority": said} if said else _("Another priority")


def priority_name(word: str) -> str:
    """A priority as people read it, by the word that leaves the hub (states.word_of)."""
    named = {
        "low": pgettext("priority", "Low"),
        "normal": pgettext("priority", "Normal"),
        "high": pgettext("priority", "High"),
        "urgent": pgettext("priority", "Urgent"),
    }
    return named.get(word, "")


def _tags(event: Event, names: Names) -> str:
    added, removed = event.get("added") or [], event.get("removed") or []
    told = [
        _("Tags added: %(tags)s") % {"tags": ", ".join(added)} if added else "",
        _("Tags removed: %(tags)s") % {"tags": ", ".join(removed)} if removed else "",
    ]
    return ". ".join(one for one in told if one) or _("Other tags")


def _category(event: Event, names: Names) -> str:
    name = names.categories.get(event.get("to") or 0)
    return _("Category: %(name)s") % {"name": name} if name else _("Without category")


def _cc(event: Event, names: Names) -> str:
    said = event.get("to")
    return _("CC to %(addresses)s") % {"addresses": ", ".join(said)} if said else _("CC to nobody")


def _contact(event: Event, names: Names) -> str:
    name = names.people.get(event.get("to") or 0)
    return _("Contact: %(name)s") % {"name": name} if name else _("Another contact")


def _ends(event: Event, names: Names) -> dict[str, str]:
    return {key: names.departments.get(event.get(key) or 0, "–") for key in _ENDS}


def _handed_over(event: Event, names: Names) -> str:
    return _("Handed over from %(from)s to %(to)s") % _ends(event, names)


def _asked(event: Event, names: Names) -> str:
    return _with_reason(_("%(to)s is asked to take over") % _ends(event, names), event.get("note"))


def _refused(event: Event, names: Names) -> str:
    return _with_reason(_("%(to)s does not take over") % _ends(event, names), event.get("reason"))


def _withdrawn(event: Event, names: Names) -> str:
    return _("%(to)s is not asked to take over any more") % _ends(event, names)


def _with_reason(told: str, reason: object) -> str:
    return f"{told}: {reason}" if reason else told


def _number(text: Callable[[], str], without: Callable[[], str]) -> Callable[[Event, Names], str]:
    return lambda event, _names: text() % {"number": event["number"]} if "number" in event else without()


def _minutes(text: Callable[[], str], without: Callable[[], str]) -> Callable[[Event, Names], str]:
    def told(event: Event, names: Names) -> str:
        minutes = event.get("minutes")
        return text() % {"time": formats.duration(minutes * 60)} if minutes else without()

    return told


def _promise(text: Callable[[], str], first: Callable[[], str]) -> Callable[[Event, Names], str]:
    return lambda event, _names: first() if event.get("target") == "first_reply" else text()


def _owed(event: Event, names: Names) -> str:
    count = len(event.get("works") or [0])
    return ngettext("Work that is not paid yet: %(n)s entry", "Work that is not paid yet: %(n)s entries", count) % {
        "n": formats.number(count)
    }


_PLAIN: Final = {
    "fields": gettext_noop("Other answers on the form"),
    "reminded": gettext_noop("Reminder sent"),
    "work_started": gettext_noop("Stopwatch started"),
    "work_changed": gettext_noop("Work entry changed"),
    "deleted": gettext_noop("Moved to the bin"),
    "restored": gettext_noop("Taken out of the bin"),
}
_SENTENCES: Final[dict[str, Callable[[Event, Names], str]]] = {
    "assigned": _assigned,
    "subject": _subject,
    "priority": _priority,
    "tags": _tags,
    "category": _category,
    "cc": _cc,
    "contact": _contact,
    "handed_over": _handed_over,
    "hand_over_asked": _asked,
    "hand_over_refused": _refused,
    "hand_over_withdrawn": _withdrawn,
    "merged_into": _number(lambda: _("Became part of ticket %(number)s"), lambda: _("Became part of another ticket")),
    "merged_from": _number(
        lambda: _("Ticket %(number)s became part of this one"), lambda: _("Another ticket became part of this one")
    ),
    "linked": _number(lambda: _("Linked with ticket %(number)s"), lambda: _("Linked with another ticket")),
    "unlinked": _number(
        lambda: _("Not linked with ticket %(number)s any more"), lambda: _("A link to another ticket is gone")
    ),
    "sla_near": _promise(
        lambda: _("The time promised for a solution is nearly over"),
        lambda: _("The time promised for the first reply is nearly over"),
    ),
    "sla_missed": _promise(
        lambda: _("The time promised for a solution is over"),
        lambda: _("The time promised for the first reply is over"),
    ),
    "file_removed": lambda event, _names: (
        _("File removed: %(name)s") % {"name": event["name"]} if "name" in event else _("File removed")
    ),
    "work_stopped": _minutes(lambda: _("Stopwatch stopped: %(time)s"), lambda: _("Stopwatch stopped")),
    "work_written": _minutes(lambda: _("Work written down: %(time)s"), lambda: _("Work written down")),
    "work_charged": _minutes(lambda: _("Work charged: %(time)s"), lambda: _("Work charged")),
    "work_owed": _owed,
}
