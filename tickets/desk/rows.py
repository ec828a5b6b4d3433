"""Tickets as rows of a list: age as colour, shape and words; what was promised; who began it (T3, T6, T12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from hub.base import clock
from tickets.colours import colours_of
from tickets.desk.words import CHANNELS, PRIORITIES, STATUSES
from tickets.states import word_of

if TYPE_CHECKING:
    from tickets.models import Ticket

AGES: Final = {"green": "fresh", "yellow": "ageing", "red": "overdue", "": ""}


@dataclass(frozen=True, slots=True)
class Row:
    """`age` names the class of components.css; '' where nobody waits for us."""

    ticket: Ticket
    age: str
    waited_s: float
    status: Any
    priority: str
    priority_text: Any
    channel: Any
    due_at: datetime | None
    is_late: bool


def rows_of(tickets: Sequence[Ticket]) -> list[Row]:
    """One statement for the colours of all."""
    now = clock.now()
    colours = colours_of(tickets, now)
    return [_row(ticket, AGES[colours[ticket.pk]], now) for ticket in tickets]


def _row(ticket: Ticket, age: str, now: datetime) -> Row:
    priority = word_of(ticket.priority)
    return Row(
        ticket=ticket,
        age=age,
        waited_s=(now - ticket.awaits_since).total_seconds() if ticket.awaits_since is not None else 0,
        status=STATUSES[ticket.status],
        priority=priority,
        priority_text=PRIORITIES[priority],
        channel=CHANNELS[ticket.channel],
        due_at=ticket.due_at,
        is_late=ticket.due_at is not None and ticket.due_at <= now,
    )
