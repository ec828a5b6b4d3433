"""Deleting a ticket: by the hub owner, into a bin where it lies for thirty days (P5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hub.accounts.public import audit
from hub.base import clock, locking
from hub.base.errors import NotFound
from tickets.actions.assigning import locked
from tickets.actions.settling import settle
from tickets.entries import Author, keep, tell
from tickets.errors import OwnerOnly
from tickets.models import Ticket
from tickets.permissions import parse_number

if TYPE_CHECKING:
    from hub.accounts.public import Person


@transaction.atomic
def delete(actor: Person, number: int | str) -> None:
    """Out of everybody's sight. Stopwatches stop, and what is billable is charged. Raises NotFound, OwnerOnly."""
    ticket = locked(actor, number)
    if not actor.is_owner:
        raise OwnerOnly
    author = Author.of(actor)
    settle(ticket)
    tell(ticket, author, "deleted", is_public=False)
    ticket.deleted_at = clock.now()
    keep(ticket)
    audit.record(actor, "tickets.ticket.deleted", target_kind="ticket", target_id=ticket.pk)


@transaction.atomic
def restore(actor: Person, number: int | str) -> Ticket:
    """Out of the bin again, as it was. Raises NotFound, OwnerOnly."""
    if not actor.is_owner:
        raise OwnerOnly
    found = locking.lock(Ticket.objects.filter(pk=parse_number(number), deleted_at__isnull=False))
    if not found:
        raise NotFound
    ticket = found[0]
    ticket.deleted_at = None
    tell(ticket, Author.of(actor), "restored", is_public=False)
    keep(ticket)
    audit.record(actor, "tickets.ticket.restored", target_kind="ticket", target_id=ticket.pk)
    return ticket
