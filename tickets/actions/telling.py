"""What follows from something that happened on a ticket: triggers run (T13)."""

from __future__ import annotations

from collections.abc import Callable

from tickets.models import Ticket, TicketEntry

# Put here by what listens (apps.py), so that no action needs to know who does.
listeners: list[Callable[[Ticket, TicketEntry, str], None]] = []


def happened(ticket: Ticket, entry: TicketEntry, event: str) -> None:
    """Called once at the end of each action, with the locked and saved ticket and the entry that says it."""
    for hear in listeners:
        hear(ticket, entry, event)
