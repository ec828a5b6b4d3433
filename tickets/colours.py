"""How long a customer waits for an answer, as a colour with a shape beside it (T6)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal

from tickets.listed import Listed

Colour = Literal["", "green", "yellow", "red"]
NOBODY_WAITS: Final[Colour] = ""


def colour_of(ticket: Listed, now: datetime) -> Colour:
    """Green at first, yellow and red after the department's hours; none while nobody waits for us."""
    if ticket.awaits_since is None:
        return NOBODY_WAITS
    waited = now - ticket.awaits_since
    if waited >= timedelta(hours=ticket.red_hours):
        return "red"
    return "yellow" if waited >= timedelta(hours=ticket.yellow_hours) else "green"
