"""From one status to another: what follows from it, in one place (T4, T5, T9, T12). The ticket is locked."""

from __future__ import annotations

from datetime import timedelta

from hub.base import clock
from tickets import sla
from tickets.actions import settling
from tickets.entries import Author, tell
from tickets.errors import WrongMove
from tickets.models import Ticket, TicketEntry
from tickets.states import MOVES, ClosedBy, Status


def move(ticket: Ticket, author: Author, to: str, *, closed_by: str = ClosedBy.STAFF, why: str = "") -> TicketEntry:
    """Into another status, with its event. Raises WrongMove."""
    if to not in MOVES[ticket.status]:
        raise WrongMove(status=ticket.status)
    before, ticket.status = ticket.status, to
    ticket.status_since = clock.now()
    ticket.clock_at = ticket.closed_at = None
    ticket.closed_by = ""
    if to == Status.OPEN:
        _open(ticket)
    elif to == Status.PENDING:
        wait_for_customer(ticket)
    elif to == Status.SOLVED:
        _solve(ticket)
    else:
        _close(ticket, closed_by)
    entry = tell(ticket, author, "status", {"from": before, "to": to, "why": why or None})
    if to == Status.CLOSED:
        settling.settle(ticket)
    return entry


def _open(ticket: Ticket) -> None:
    ticket.solved_at = ticket.reopen_until = None
    sla.go_on(ticket)


def wait_for_customer(ticket: Ticket) -> None:
    """T5: the clock reminds, and later closes."""
    ticket.solved_at = ticket.reopen_until = ticket.awaits_since = ticket.reminded_at = None
    rules = sla.rules_of(ticket.department_id)
    days = rules.remind_days or rules.close_days
    ticket.clock_at = ticket.status_since + timedelta(days=days) if days else None
    sla.stand_still(ticket)


def _solve(ticket: Ticket) -> None:
    """It may come back for a while; then the clock closes it."""
    days = sla.rules_of(ticket.department_id).reopen_days
    ticket.solved_at = ticket.status_since
    ticket.awaits_since = None
    ticket.reopen_until = ticket.clock_at = ticket.status_since + timedelta(days=days)
    sla.stand_still(ticket)


def _close(ticket: Ticket, closed_by: str) -> None:
    """What the clock closed for want of an answer may come back; what staff closed is over."""
    if closed_by == ClosedBy.CLOCK and ticket.solved_at is None:
        days = sla.rules_of(ticket.department_id).reopen_days
        ticket.reopen_until = ticket.status_since + timedelta(days=days)
    elif closed_by != ClosedBy.CLOCK:
        ticket.reopen_until = None
    ticket.closed_at, ticket.closed_by = ticket.status_since, closed_by
    ticket.awaits_since = None
    sla.end(ticket)
