"""Time that is worked on a ticket (T9): a stopwatch per agent, and what is written down by hand."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction

from hub.base import clock, locking
from hub.base.errors import BadFrame
from tickets import billing, sla
from tickets.actions.assigning import locked, locked_for_staff
from tickets.actions.settling import stop
from tickets.entries import Author, keep, tell
from tickets.errors import NoStopwatch, NotTheManager, WrongMove
from tickets.models import Ticket, WorkLog
from tickets.permissions import get_visible, is_in_charge, require_staff
from tickets.states import Status

if TYPE_CHECKING:
    from hub.accounts.public import Person

MINUTES_MAX: Final = 24 * 60


@transaction.atomic
def start(actor: Person, number: int | str, *, kind: str = WorkLog.Kind.BILLABLE) -> WorkLog:
    """Let one's stopwatch run on this ticket; where it ran on another, it stops there. Twice is once.

    Raises NotFound, Forbidden, WrongMove (closed), BadFrame (no such kind).
    """
    user_id = require_staff(actor)
    _require_kind(kind)
    running = WorkLog.objects.filter(agent=user_id, ended_at=None)
    here = get_visible(actor, number)
    elsewhere = running.exclude(ticket=here).values_list("ticket", flat=True).first()
    tickets = {one.pk: one for one in locking.lock(Ticket.objects.filter(pk__in={here.pk, elsewhere or here.pk}))}
    ticket = _still(actor, here.pk)
    for work in running:
        if work.ticket_id == ticket.pk:
            return work
        stop(work)
        _tell(tickets[work.ticket_id], actor, "work_stopped", work)
    return _begin(actor, ticket, kind)


def _begin(actor: Person, ticket: Ticket, kind: str) -> WorkLog:
    if ticket.status == Status.CLOSED:
        raise WrongMove(status=ticket.status)
    work = _new(actor, ticket, kind)
    work.save()
    _tell(ticket, actor, "work_started", work)
    return work


@transaction.atomic
def halt(actor: Person, number: int | str, *, note: str = "") -> WorkLog:
    """Stop one's stopwatch on this ticket. Raises NotFound, Forbidden, NoStopwatch."""
    ticket = locked_for_staff(actor, number)
    for work in WorkLog.objects.filter(ticket=ticket, agent=actor.user_id, ended_at=None):
        stop(work)
        if note.strip():
            work.note = note.strip()[:300]
            work.save(update_fields=["note"])
        _tell(ticket, actor, "work_stopped", work)
        return work
    raise NoStopwatch


@transaction.atomic
def write_down(
    actor: Person, number: int | str, minutes: int, *, kind: str = WorkLog.Kind.BILLABLE, note: str = ""
) -> WorkLog:
    """What was worked without a stopwatch. Raises NotFound, Forbidden, WrongMove (closed), BadFrame."""
    require_staff(actor)
    _require_kind(kind)
    if not 0 < minutes <= MINUTES_MAX:
        raise BadFrame(field="minutes")
    ticket = locked_for_staff(actor, number)
    if ticket.status == Status.CLOSED:
        raise WrongMove(status=ticket.status)
    work = _new(actor, ticket, kind)
    work.manual, work.note = True, note.strip()[:300]
    work.ended_at, work.seconds = clock.now(), minutes * 60
    work.started_at = work.ended_at - timedelta(minutes=minutes)
    work.save()
    _tell(ticket, actor, "work_written", work)
    return work


@transaction.atomic
def set_kind(actor: Person, number: int | str, work_id: int, kind: str) -> WorkLog:
    """Free, under warranty or billable, while it is not charged: by who worked, or who is in charge.

    Raises NotFound, Forbidden, NotTheManager, WrongMove (charged already), BadFrame (nothing of this ticket).
    """
    _require_kind(kind)
    ticket = locked_for_staff(actor, number)
    work = WorkLog.objects.filter(pk=work_id, ticket=ticket).first()
    if work is None:
        raise BadFrame(field="id")
    if work.agent_id != actor.user_id and not is_in_charge(ticket, actor):
        raise NotTheManager
    if work.charged_at is not None:
        raise WrongMove(status="charged")
    work.kind, work.owed_since = kind, None
    work.save(update_fields=["kind", "owed_since"])
    _tell(ticket, actor, "work_changed", work)
    return work


def _new(actor: Person, ticket: Ticket, kind: str) -> WorkLog:
    """With the terms of now."""
    rules = sla.rules_of(ticket.department_id)
    return WorkLog(
        ticket=ticket,
        agent_id=require_staff(actor),
        kind=kind,
        started_at=clock.now(),
        paid_in=rules.work_paid_in,
        block_minutes=rules.work_block_minutes,
        block_millicredits=billing.price_m(ticket.department_id, billing.WORK),
        block_cents=rules.work_block_cents,
    )


def _tell(ticket: Ticket, actor: Person, what: str, work: WorkLog) -> None:
    said = {"work": work.pk, "kind": work.kind, "minutes": math.ceil(work.seconds / 60) or None}
    tell(ticket, Author.of(actor), what, said, is_public=False)
    keep(ticket)


def _still(actor: Person, ticket_id: int) -> Ticket:
    """What was seen before it was locked may have changed hands since."""
    return locked(actor, ticket_id)


def _require_kind(kind: str) -> None:
    if kind not in WorkLog.Kind.values:
        raise BadFrame(field="kind")
