"""Whose ticket it is (T7, T8, P6), and who follows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hub.base import locking
from tickets import mails
from tickets.actions import telling
from tickets.entries import Author, keep, tell
from tickets.errors import NotAnAgent
from tickets.models import Follower, Ticket, TicketEntry
from tickets.permissions import agents_of, get_visible, require_may_assign, require_staff

if TYPE_CHECKING:
    from hub.accounts.public import Person


@transaction.atomic
def assign(actor: Person, number: int | str, agent_id: int | None) -> Ticket:
    """Take it, lay it down, or as the manager give it to one of the department's agents.

    Raises NotFound, Forbidden, ManagerAssigns, BoundToOther, NotAnAgent.
    """
    ticket = locked_for_staff(actor, number)
    give(actor, ticket, agent_id)
    return ticket


def give(actor: Person, ticket: Ticket, agent_id: int | None) -> None:
    """A locked ticket, under T8's rules. Giving it to whom it is given already changes nothing."""
    if ticket.agent_id == agent_id:
        return
    require_may_assign(ticket, actor, agent_id)
    if agent_id is not None and not agents_of(ticket.department_id).filter(user=agent_id).exists():
        raise NotAnAgent(field="agent")
    entry = hand_to(ticket, Author.of(actor), agent_id)
    keep(ticket)
    telling.happened(ticket, entry, "assigned")


def hand_to(ticket: Ticket, author: Author, agent_id: int | None, *, silent: bool = False) -> TicketEntry:
    """The change itself. `silent`: whoever gets it is told in another way."""
    before, ticket.agent_id = ticket.agent_id, agent_id
    entry = tell(ticket, author, "assigned", {"from": before, "to": agent_id})
    if not silent:
        mails.tell_staff(ticket, entry, "assigned", [agent_id])
    return entry


@transaction.atomic
def follow(actor: Person, number: int | str, *, on: bool = True) -> None:
    """Be told what happens on a ticket that is not one's own. Raises NotFound, Forbidden."""
    user_id = require_staff(actor)
    ticket = get_visible(actor, number)
    if on:
        Follower.objects.get_or_create(ticket=ticket, user_id=user_id)
    else:
        Follower.objects.filter(ticket=ticket, user=user_id).delete()


def locked_for_staff(actor: Person, number: int | str) -> Ticket:
    """The ticket, locked, that this member of staff may work on. Raises NotFound, Forbidden, MergedAway."""
    require_staff(actor)
    return locked(actor, number)


def locked(actor: Person, number: int | str) -> Ticket:
    """What may be seen is asked again once it is locked: it may have changed hands in between."""
    seen = get_visible(actor, number)
    locking.lock_one(Ticket, seen.pk)
    return get_visible(actor, seen.pk)
