"""What the clock does by itself (T5, T12): remind, close, warn. Jobs of the dispatcher that can run twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet

from hub.base import clock, locking
from tickets import mails, sla
from tickets.actions import telling
from tickets.actions.moving import move
from tickets.entries import BY_THE_HUB, keep, tell
from tickets.models import Ticket, TicketEntry
from tickets.states import ClosedBy, Status

AT_ONCE = 200


def wind() -> None:
    """A job: reminders and closes that are due (T5)."""
    _each(lambda: Ticket.objects.filter(clock_at__lte=clock.now()).order_by("clock_at"), _wind)


def watch_targets() -> None:
    """A job: targets that come near or were missed (T12)."""
    _each(lambda: Ticket.objects.filter(sla_at__lte=clock.now()).order_by("sla_at"), _watch)


def _each(due: Callable[[], QuerySet[Ticket]], act: Callable[[Ticket], None]) -> None:
    """In a transaction each; what somebody else has locked comes next time."""
    for ticket_id in list(due().values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            for ticket in locking.lock(due().order_by().filter(pk=ticket_id), skip_locked=True):
                act(ticket)


def _wind(ticket: Ticket) -> None:
    ticket.clock_at = None
    if ticket.deleted_at is None and ticket.status == Status.PENDING:
        _remind_or_close(ticket)
    elif ticket.deleted_at is None and ticket.status == Status.SOLVED:
        _close(ticket)  # kept for a while in case it came back; nobody is told
    keep(ticket)


def _remind_or_close(ticket: Ticket) -> None:
    rules = sla.rules_of(ticket.department_id)
    closes_at = ticket.status_since + timedelta(days=rules.close_days) if rules.close_days else None
    if closes_at is not None and closes_at <= clock.now():
        mails.tell_closed(ticket, _close(ticket))
        return
    if ticket.reminded_at is None and rules.remind_days:
        ticket.reminded_at = clock.now()
        entry = tell(ticket, BY_THE_HUB, "reminded")
        mails.remind(ticket, entry, closes_at=closes_at)
    ticket.clock_at = closes_at


def _close(ticket: Ticket) -> TicketEntry:
    entry = move(ticket, BY_THE_HUB, Status.CLOSED, closed_by=ClosedBy.CLOCK)
    keep(ticket)
    telling.happened(ticket, entry, "changed")
    return entry


def _watch(ticket: Ticket) -> None:
    if ticket.deleted_at is not None:
        sla.end(ticket)
        keep(ticket)
        return
    for news in sla.news_of(ticket):
        what = "sla_missed" if news.missed else "sla_near"
        entry = tell(ticket, BY_THE_HUB, what, {"target": news.what}, is_public=False)
        mails.tell_staff(ticket, entry, what, _in_charge(ticket))
        keep(ticket)
        telling.happened(ticket, entry, what)
    keep(ticket)


def _in_charge(ticket: Ticket) -> Iterable[int | None]:
    return [ticket.agent_id] if ticket.agent_id is not None else mails.managers_of(ticket.department_id)
