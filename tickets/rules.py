"""The language of macros, triggers and scheduled rules (T13): when … if … then …, read from what the owner set up.

A condition is {"what": …, "is": [values], "not": true or nothing}; all must hold. A deed is {"do": …, "value": …}.
What is not known is refused when it is saved, and again when it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q

from hub.base.rich_text import clean
from tickets.errors import BadRule
from tickets.states import PRIORITIES, Channel, Initiator, Status
from tickets.tags import tidy

# The causes on which a trigger runs: what actions say to `telling.happened`.
EVENTS: Final = (
    *("created", "answered", "replied", "noted", "changed", "assigned", "handed_over"),
    *("sla_near", "sla_missed"),
)
DEEDS_MAX: Final = 20
CONDITIONS_MAX: Final = 20


@dataclass(frozen=True, slots=True)
class Condition:
    what: str
    values: tuple[Any, ...]
    negated: bool = False

    def as_q(self) -> Q:
        found = _FIELDS[self.what][1](self.values)
        return ~found if self.negated else found


@dataclass(frozen=True, slots=True)
class Deed:
    """`value`: a status, a priority, a tag, an account id, 'me', a category, or HTML that was cleaned."""

    do: str
    value: Any


def read_conditions(said: Any) -> list[Condition]:
    """Raises BadRule."""
    return [_condition(one) for one in _listed(said, CONDITIONS_MAX, "conditions")]


def read_deeds(said: Any, *, by_hand: bool) -> list[Deed]:
    """`by_hand`: of a macro, whose deeds somebody does ('me'). Raises BadRule."""
    deeds = [_deed(one) for one in _listed(said, DEEDS_MAX, "deeds")]
    if not deeds or (not by_hand and any(deed.value == "me" for deed in deeds)):
        raise BadRule(field="deeds")
    return deeds


def read_events(said: Any) -> list[str]:
    """Raises BadRule."""
    if not isinstance(said, list) or any(one not in EVENTS for one in said):
        raise BadRule(field="events")
    return list(dict.fromkeys(said))


def name_of(said: str) -> str:
    """Raises BadRule for none."""
    name = " ".join(said.split())[:80]
    if not name:
        raise BadRule(field="name")
    return name


def all_of(conditions: Sequence[Condition]) -> Q:
    found = Q()
    for one in conditions:
        found &= one.as_q()
    return found


def plain_deeds(deeds: Sequence[Deed]) -> list[dict[str, Any]]:
    """As they are kept."""
    return [{"do": deed.do, "value": deed.value} for deed in deeds]


def plain_conditions(conditions: Sequence[Condition]) -> list[dict[str, Any]]:
    return [{"what": one.what, "is": list(one.values), "not": one.negated} for one in conditions]


def _listed(said: Any, most: int, field: str) -> list[Mapping[str, Any]]:
    if not isinstance(said, list) or len(said) > most or not all(isinstance(one, Mapping) for one in said):
        raise BadRule(field=field)
    return said


def _condition(said: Mapping[str, Any]) -> Condition:
    what, values = str(said.get("what")), said.get("is")
    if what not in _FIELDS or not isinstance(values, list) or not values or set(said) - {"what", "is", "not"}:
        raise BadRule(field="conditions")
    read = _FIELDS[what][0]
    return Condition(what, tuple(_read(read, one, "conditions") for one in values), bool(said.get("not")))


def _deed(said: Mapping[str, Any]) -> Deed:
    do = str(said.get("do"))
    if do not in _VALUES or set(said) - {"do", "value"}:
        raise BadRule(field="deeds")
    return Deed(do, _read(_VALUES[do], said.get("value"), "deeds"))


def _read(read: Callable[[Any], Any], value: Any, field: str) -> Any:
    try:
        return read(value)
    except (TypeError, ValueError, KeyError):
        raise BadRule(field=field) from None


def _among(known: Sequence[str]) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in known:
            raise ValueError
        return str(value)

    return read


def _id(value: Any) -> int:
    if isinstance(value, bool) or not str(value).isdecimal() or len(str(value)) > 15:
        raise ValueError
    return int(value)


def _id_or_none(value: Any) -> int | None:
    return None if value is None else _id(value)


def _whom(value: Any) -> int | str | None:
    return "me" if value == "me" else _id_or_none(value)


def _tag(value: Any) -> str:
    return tidy([_text(value)])[0] if tidy([_text(value)]) else _text(None)


def _words(value: Any) -> str:
    return " ".join(_text(value).split()) or _text(None)


def _html(value: Any) -> str:
    words = clean(_text(value))
    return _text(None) if words.is_empty else words.html


def _yes(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _any(lookup: str) -> Callable[[tuple[Any, ...]], Q]:
    return lambda values: Q(**{f"{lookup}__in": values})


def _each(lookup: str, wrap: Callable[[Any], Any] = lambda value: value) -> Callable[[tuple[Any, ...]], Q]:
    def found(values: tuple[Any, ...]) -> Q:
        chosen = Q(pk__in=())
        for value in values:
            chosen |= Q(**{lookup: wrap(value)})
        return chosen

    return found


_priorities = _among(list(PRIORITIES))
# What a condition may ask about: how a value of it is read, and what it means.
_FIELDS: Final[dict[str, tuple[Callable[[Any], Any], Callable[[tuple[Any, ...]], Q]]]] = {
    "status": (_among(Status.values), _any("status")),
    "priority": (_priorities, lambda values: Q(priority__in=[PRIORITIES[one] for one in values])),
    "channel": (_among(Channel.values), _any("channel")),
    "initiator": (_among(Initiator.values), _any("initiator")),
    "department": (_id, _any("department")),
    "category": (_id, _any("category")),
    "organisation": (_id, _any("organisation")),
    "customer": (_id, _any("customer")),
    "agent": (_id, _any("agent")),
    "assigned": (_yes, lambda values: Q(agent__isnull=not values[0])),
    "waiting": (_yes, lambda values: Q(awaits_since__isnull=not values[0])),
    "tag": (_tag, _each("tags__contains", lambda value: [value])),
    "subject": (_words, _each("subject__icontains")),
}
_VALUES: Final[dict[str, Callable[[Any], Any]]] = {
    "status": _among(Status.values),
    "priority": _priorities,
    "tag": _tag,
    "untag": _tag,
    "assign": _whom,
    "category": _id_or_none,
    "note": _html,
    "reply": _html,
}
