"""What is promised (T12): the first reply and the solution within so many office minutes. See docs/how/tickets.md.

Pure functions over office hours, and what they mean for a locked ticket. While a ticket waits for the customer the
time to solve it stands still: what is left of it is kept, and goes on from the moment the customer answers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from hub.base import clock
from hub.site.public import Hours, hours_of, open_spans
from tickets.models import SlaTarget, Ticket, TicketRules
from tickets.states import Status

FIRST_REPLY: Final = "first_reply"
SOLVE: Final = "solve"
# The bits of Ticket.sla_told.
WARNED: Final = {FIRST_REPLY: 1, SOLVE: 4}
MISSED: Final = {FIRST_REPLY: 2, SOLVE: 8}


def after_office_time(hours: Hours, since: datetime, seconds: float) -> datetime | None:
    """When so much office time has passed; None where it never does (a department that never opens)."""
    left = timedelta(seconds=seconds)
    for opens_at, closes_at in open_spans(hours, since):
        if closes_at is None or opens_at + left <= closes_at:
            return opens_at + left
        left -= closes_at - opens_at
    return None


def office_seconds(hours: Hours, since: datetime, until: datetime) -> float:
    """How much office time lies between two moments; 0 where the second is the earlier one."""
    total = timedelta(0)
    for opens_at, closes_at in open_spans(hours, since):
        if opens_at >= until:
            break
        total += (until if closes_at is None else min(until, closes_at)) - opens_at
        if closes_at is None:
            break
    return total.total_seconds()


@dataclass(frozen=True, slots=True)
class News:
    """A target that comes near (`missed` false) or was missed."""

    what: str
    missed: bool


def begin(ticket: Ticket) -> None:
    """A new ticket, or one whose department or priority changed: what is promised for it, from when it was made."""
    target = SlaTarget.objects.filter(department=ticket.department_id, priority=ticket.priority).first()
    hours = hours_of(ticket.department_id)
    ticket.first_reply_due_at = ticket.solve_due_at = ticket.solve_left_minutes = None
    ticket.sla_told = 0
    if target is not None and ticket.first_replied_at is None and target.first_reply_minutes is not None:
        ticket.first_reply_due_at = after_office_time(hours, ticket.created_at, target.first_reply_minutes * 60)
    if target is not None and target.solve_minutes is not None:
        ticket.solve_due_at = after_office_time(hours, ticket.created_at, target.solve_minutes * 60)
        if ticket.status != Status.OPEN:
            stand_still(ticket)
    look_again(ticket)


def replied(ticket: Ticket) -> None:
    """Staff have answered: the first reply is met, in time or not."""
    if ticket.first_replied_at is None:
        ticket.first_replied_at = clock.now()
    ticket.first_reply_due_at = None
    look_again(ticket)


def stand_still(ticket: Ticket) -> None:
    """It waits for the customer, or is solved: what is left of the time to solve it is kept."""
    if ticket.solve_due_at is not None:
        seconds = office_seconds(hours_of(ticket.department_id), clock.now(), ticket.solve_due_at)
        ticket.solve_left_minutes = math.ceil(seconds / 60)
    ticket.solve_due_at = None
    look_again(ticket)


def go_on(ticket: Ticket) -> None:
    """It is open again: the time that was left runs from now."""
    if ticket.solve_left_minutes is not None:
        left_s = ticket.solve_left_minutes * 60
        ticket.solve_due_at = after_office_time(hours_of(ticket.department_id), clock.now(), left_s)
        ticket.solve_left_minutes = None
    look_again(ticket)


def end(ticket: Ticket) -> None:
    """Closed: nothing is promised any more."""
    ticket.first_reply_due_at = ticket.solve_due_at = None
    look_again(ticket)


def look_again(ticket: Ticket) -> None:
    """When the clock has to look at it next."""
    warn = timedelta(minutes=rules_of(ticket.department_id).warn_minutes)
    moments = []
    for what, due_at in _dues(ticket):
        if not ticket.sla_told & WARNED[what]:
            moments.append(due_at - warn)
        elif not ticket.sla_told & MISSED[what]:
            moments.append(due_at)
    ticket.sla_at = min(moments, default=None)


def news_of(ticket: Ticket) -> list[News]:
    """What is to be told now of a locked ticket, each once; the ticket remembers it."""
    now = clock.now()
    warn = timedelta(minutes=rules_of(ticket.department_id).warn_minutes)
    news = []
    for what, due_at in _dues(ticket):
        if due_at <= now and not ticket.sla_told & MISSED[what]:
            ticket.sla_told |= MISSED[what] | WARNED[what]
            ticket.breached = True
            news.append(News(what, missed=True))
        elif due_at - warn <= now and not ticket.sla_told & WARNED[what]:
            ticket.sla_told |= WARNED[what]
            news.append(News(what, missed=False))
    look_again(ticket)
    return news


def rules_of(department_id: int) -> TicketRules:
    """The department's, or the defaults."""
    return TicketRules.objects.filter(pk=department_id).first() or TicketRules(pk=department_id)


def _dues(ticket: Ticket) -> list[tuple[str, datetime]]:
    dues = ((FIRST_REPLY, ticket.first_reply_due_at), (SOLVE, ticket.solve_due_at))
    return [(what, due_at) for what, due_at in dues if due_at is not None]
