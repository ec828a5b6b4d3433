"""What may still become of a ticket, and what that costs (T2, T4)."""

from __future__ import annotations

from hub.base import clock
from tickets import billing
from tickets.models import Ticket
from tickets.states import Status


def can_come_back(ticket: Ticket) -> bool:
    """Whether a reply opens it again (T4)."""
    return ticket.reopen_until is not None and clock.now() <= ticket.reopen_until


def is_over(ticket: Ticket) -> bool:
    """Whether what is written now becomes a ticket of its own, linked to this one (T4)."""
    return ticket.status in (Status.SOLVED, Status.CLOSED) and not can_come_back(ticket)


def reply_price_m(ticket: Ticket) -> int:
    """What a reply of the customer costs now, in millicredits: that of a ticket where it becomes one (T2, T4)."""
    return billing.price_m(ticket.department_id, billing.TICKET if is_over(ticket) else billing.REPLY)
