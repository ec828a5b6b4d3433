"""Tickets as rows of a list: age as colour, shape and words; what was promised; who began it (T3, T6, T12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from hub.base import clock
from tickets.colours import colour_of
from tickets.desk.words import CHANNELS, PRIORITIES
from tickets.states import word_of

if TYPE_CHECKING:
    from tickets.listed import Listed

AGES: Final = {"green": "fresh", "yellow": "ageing", "red": "overdue", "": ""}


@dataclass(frozen=True, slots=True)
class Row:
    """`age` names the class of components.css; '' where nobody waits for us."""

    ticket: Listed
    age: str
    waited_s: float
    priority: str
    priority_text: Any
    channel: Any
    due_at: datetime | None
    is_late: bool


def rows_of(tickets: Sequence[Listed]) -> list[Row]:
    now = clock.now()
    return [_row(ticket, AGES[colour_of(ticket, now)], now) for ticket in tickets]


def _row(ticket: Listed, age: str, now: datetime) -> Row:
    priority = word_of(ticket.priority)
    return Row(
        ticket=ticket,
        age=age,
        waited_s=(now - ticket.awaits_since).total_seconds() if ticket.awaits_since is not None else 0,
        priority=priority,
        priority_text=PRIORITIES[priority],
        channel=CHANNELS[ticket.channel],
        due_at=ticket.due_at,
        is_late=ticket.due_at is not None and ticket.due_at <= now,
    )
