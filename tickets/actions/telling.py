"""What follows from something that happened on a ticket: triggers run (T13), and who looks hears of it."""

from __future__ import annotations

from tickets.models import Ticket, TicketEntry


def happened(ticket: Ticket, entry: TicketEntry, event: str) -> None:
    """Called once at the end of each action, with the locked and saved ticket."""
