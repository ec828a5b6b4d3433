"""How long a customer waits for an answer, as a colour with a shape beside it (T6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, Literal

from tickets.listed import Listed
from tickets.models import Ticket, TicketRules

Colour = Literal["", "green", "yellow", "red"]
NOBODY_WAITS: Final[Colour] = ""


def colour_of(awaits_since: datetime | None, rules: TicketRules, now: datetime) -> Colour:
    """Green at first, yellow and red after the department's hours; none while nobody waits for us."""
    if awaits_since is None:
        return NOBODY_WAITS
    waited = now - awaits_since
    if waited >= timedelta(hours=rules.red_hours):
        return "red"
    return "yellow" if waited >= timedelta(hours=rules.yellow_hours) else "green"


def colours_of(tickets: Iterable[Ticket | Listed], now: datetime) -> dict[int, Colour]:
    """Of these tickets, with one statement for the rules."""
    rows = list(tickets)
    rules = TicketRules.objects.in_bulk({row.department_id for row in rows})
    default = TicketRules()
    return {row.pk: colour_of(row.awaits_since, rules.get(row.department_id, default), now) for row in rows}
