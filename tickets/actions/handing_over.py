"""From one department to another: asked for, and approved or refused by the receiving manager (T8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hub.accounts.public import Department
from hub.base import clock
from hub.base.errors import NotFound
from tickets import mails, sla
from tickets.actions import telling
from tickets.actions.assigning import hand_to, locked_for_staff
from tickets.entries import Author, keep, tell
from tickets.errors import HandOverWaits, ManagerAssigns, NotAnAgent, NotTheManager, WrongTicket
from tickets.models import HandOver, Ticket
from tickets.permissions import agents_of, is_in_charge, require_staff

if TYPE_CHECKING:
    from hub.accounts.public import Person

State = HandOver.State


@transaction.atomic
def ask(actor: Person, number: int | str, department_id: int, *, note: str = "") -> HandOver:
    """By the agent whose ticket it is, or who is in charge of its department. Who may answer it as well is not asked.

    Raises NotFound, Forbidden, ManagerAssigns, HandOverWaits, WrongTicket (it is there already).
    """
    user_id = require_staff(actor)
    ticket = locked_for_staff(actor, number)
    if ticket.agent_id != user_id and not is_in_charge(ticket, actor):
        raise ManagerAssigns
    department = Department.objects.filter(pk=department_id, is_active=True).first()
    if department is None:
        raise NotFound
    if department.pk == ticket.department_id:
        raise WrongTicket
    if HandOver.objects.filter(ticket=ticket, state=State.OPEN).exists():
        raise HandOverWaits
    asked = HandOver.objects.create(
        ticket=ticket,
        from_department_id=ticket.department_id,
        to_department=department,
        asked_by_id=user_id,
        asked_at=clock.now(),
        note=note.strip()[:500],
    )
    said = {"from": ticket.department_id, "to": department.pk, "note": asked.note or None}
    entry = tell(ticket, Author.of(actor), "hand_over_asked", said, is_public=False)
    keep(ticket)
    if may_answer(actor, asked):
        _approve(actor, ticket, asked, None)
    else:
        to = mails.managers_of(department.pk)
        mails.tell_staff(ticket, entry, "asked", to, author=actor.name, note=asked.note, department=department.name)
    return asked


@transaction.atomic
def approve(actor: Person, number: int | str, *, agent_id: int | None = None) -> HandOver:
    """The receiving manager takes it, and may give it to an agent at once. Raises NotFound, Forbidden, NotTheManager,
    NotAnAgent.
    """
    ticket, asked = _asked(actor, number)
    if not may_answer(actor, asked):
        raise NotTheManager
    _approve(actor, ticket, asked, agent_id)
    return asked


@transaction.atomic
def refuse(actor: Person, number: int | str, reason: str) -> HandOver:
    """Not taken, and why. Raises NotFound, Forbidden, NotTheManager."""
    ticket, asked = _asked(actor, number)
    if not may_answer(actor, asked):
        raise NotTheManager
    _answer(actor, asked, State.REFUSED, reason)
    said = {"from": asked.from_department_id, "to": asked.to_department_id, "reason": asked.reason or None}
    entry = tell(ticket, Author.of(actor), "hand_over_refused", said, is_public=False)
    keep(ticket)
    mails.tell_staff(ticket, entry, "refused", [asked.asked_by_id, ticket.agent_id], note=asked.reason)
    return asked


@transaction.atomic
def withdraw(actor: Person, number: int | str) -> HandOver:
    """Who asked thinks better of it, or who is in charge there. Raises NotFound, Forbidden, ManagerAssigns."""
    ticket, asked = _asked(actor, number)
    if asked.asked_by_id != actor.user_id and not is_in_charge(ticket, actor):
        raise ManagerAssigns
    _answer(actor, asked, State.WITHDRAWN, "")
    tell(ticket, Author.of(actor), "hand_over_withdrawn", {"to": asked.to_department_id}, is_public=False)
    keep(ticket)
    return asked


def may_answer(actor: Person, asked: HandOver) -> bool:
    return actor.is_owner or asked.to_department_id in actor.managed


def _asked(actor: Person, number: int | str) -> tuple[Ticket, HandOver]:
    ticket = locked_for_staff(actor, number)
    asked = HandOver.objects.filter(ticket=ticket, state=State.OPEN).first()
    if asked is None:
        raise NotFound
    return ticket, asked


def _approve(actor: Person, ticket: Ticket, asked: HandOver, agent_id: int | None) -> None:
    if agent_id is not None and not agents_of(asked.to_department_id).filter(user=agent_id).exists():
        raise NotAnAgent(field="agent")
    _answer(actor, asked, State.APPROVED, "")
    ticket.department, ticket.category = asked.to_department, None
    author = Author.of(actor)
    entry = tell(ticket, author, "handed_over", {"from": asked.from_department_id, "to": asked.to_department_id})
    was = ticket.agent_id
    if agent_id != was:
        hand_to(ticket, author, agent_id)
    sla.begin(ticket)
    keep(ticket)
    mails.tell_staff(ticket, entry, "approved", [asked.asked_by_id, was])
    telling.happened(ticket, entry, "handed_over")


def _answer(actor: Person, asked: HandOver, state: str, reason: str) -> None:
    asked.state, asked.reason = state, reason.strip()[:500]
    asked.answered_by_id, asked.answered_at = actor.user_id, clock.now()
    asked.save(update_fields=["state", "reason", "answered_by", "answered_at"])
