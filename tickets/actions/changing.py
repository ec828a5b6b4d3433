"""What is set on a ticket: status, priority, tags, subject, category, CC, contact, answers (T3, T4, T7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction

from tickets import sla
from tickets.actions import telling
from tickets.actions.assigning import give, locked, locked_for_staff
from tickets.actions.moving import move
from tickets.addresses import checked
from tickets.contacts import find_contact
from tickets.entries import Author, keep, refresh_heading, tell
from tickets.errors import EmptyText, FollowUpNeeded, Forbidden, NotFound, WrongMove
from tickets.form_fields import answers
from tickets.lifecycle import can_come_back
from tickets.models import Category, Ticket, TicketEntry
from tickets.states import Status, word_of
from tickets.tags import tidy

if TYPE_CHECKING:
    from hub.accounts.public import Person


class _Unset:
    """Not spoken of; None is a value."""


UNSET: Final = _Unset()


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be changed; the rest stays."""

    status: str | _Unset = UNSET
    agent_id: int | _Unset | None = UNSET
    priority: int | _Unset = UNSET
    tags: Sequence[str] | _Unset = UNSET
    more_tags: Sequence[str] = ()  # besides those it has, or those that `tags` says
    subject: str | _Unset = UNSET
    category_id: int | _Unset | None = UNSET
    cc: Sequence[str] | _Unset = UNSET
    fields: Mapping[str, Any] | _Unset = UNSET
    contact_id: int | _Unset | None = UNSET


@transaction.atomic
def change(actor: Person, number: int | str, changes: Changes) -> Ticket:
    """By staff: all of it or nothing. Raises NotFound, Forbidden, WrongMove, ManagerAssigns, BoundToOther, NotAnAgent,
    BadField, BadAddress, EmptyText.
    """
    ticket = locked_for_staff(actor, number)
    author = Author.of(actor)
    if not isinstance(changes.agent_id, _Unset):
        give(actor, ticket, changes.agent_id)
    contacted = _contact(actor, ticket, changes.contact_id)
    entries = [*([contacted] if contacted is not None else []), *apply(ticket, author, changes)]
    keep(ticket)
    for entry in entries[-1:]:
        telling.happened(ticket, entry, "changed")
    return ticket


def apply(ticket: Ticket, author: Author, changes: Changes) -> list[TicketEntry]:
    """Everything but whose it is and the contact, on a locked ticket; the events it made. Whoever calls keeps it."""
    made = [
        _subject(ticket, author, changes.subject),
        _priority(ticket, author, changes.priority),
        _tags(ticket, author, _wanted_tags(ticket, changes)),
        _category(ticket, author, changes.category_id),
        _cc(ticket, author, changes.cc),
        _fields(ticket, author, changes.fields),
    ]
    if not isinstance(changes.status, _Unset) and changes.status != ticket.status:
        made.append(move(ticket, author, changes.status))
    return [entry for entry in made if entry is not None]


@transaction.atomic
def solve(actor: Person, number: int | str) -> Ticket:
    """The customer says that it is solved (T4). Raises NotFound, Forbidden, WrongMove."""
    return _by_customer(actor, number, Status.SOLVED)


@transaction.atomic
def reopen(actor: Person, number: int | str) -> Ticket:
    """The customer opens again what was solved, while a reply would (T4).

    Raises NotFound, Forbidden, WrongMove, FollowUpNeeded.
    """
    return _by_customer(actor, number, Status.OPEN)


def _by_customer(actor: Person, number: int | str, to: str) -> Ticket:
    ticket = locked(actor, number)
    if actor.user_id not in (ticket.customer_id, ticket.contact_id):
        raise Forbidden
    if ticket.status == to:
        return ticket
    if to == Status.OPEN and not can_come_back(ticket):
        raise WrongMove(status=ticket.status) if ticket.status == Status.PENDING else FollowUpNeeded
    entry = move(ticket, Author.of(actor), to)
    if to == Status.OPEN:
        ticket.awaits_since = ticket.status_since
    keep(ticket)
    telling.happened(ticket, entry, "changed")
    return ticket


def _contact(actor: Person, ticket: Ticket, to: int | _Unset | None) -> TicketEntry | None:
    """With whom it is talked about from now on: they see all of it, and get what is written (T3). Raises NotFound."""
    if isinstance(to, _Unset) or to == ticket.contact_id:
        return None
    contact = find_contact(actor, ticket.customer, to)
    if contact == ticket.contact:
        return None
    ticket.contact = contact
    return tell(ticket, Author.of(actor), "contact", {"to": ticket.customer_id if contact is None else contact.pk})


def _subject(ticket: Ticket, author: Author, to: str | _Unset) -> TicketEntry | None:
    if isinstance(to, _Unset) or (tidied := " ".join(to.split())[:200]) == ticket.subject:
        return None
    if not tidied:
        raise EmptyText(field="subject")
    before, ticket.subject = ticket.subject, tidied
    refresh_heading(ticket)
    return tell(ticket, author, "subject", {"from": before, "to": tidied})


def _priority(ticket: Ticket, author: Author, to: int | _Unset) -> TicketEntry | None:
    if isinstance(to, _Unset) or to == ticket.priority:
        return None
    before, ticket.priority = ticket.priority, to
    sla.begin(ticket)
    return tell(ticket, author, "priority", {"from": word_of(before), "to": word_of(to)}, is_public=False)


def _tags(ticket: Ticket, author: Author, to: Sequence[str] | _Unset) -> TicketEntry | None:
    if isinstance(to, _Unset) or (tidied := tidy(to)) == ticket.tags:
        return None
    before, ticket.tags = ticket.tags, tidied
    added, removed = [one for one in tidied if one not in before], [one for one in before if one not in tidied]
    return tell(ticket, author, "tags", {"added": added, "removed": removed}, is_public=False)


def _wanted_tags(ticket: Ticket, changes: Changes) -> Sequence[str] | _Unset:
    if not changes.more_tags:
        return changes.tags
    return [*(ticket.tags if isinstance(changes.tags, _Unset) else changes.tags), *changes.more_tags]


def _category(ticket: Ticket, author: Author, to: int | _Unset | None) -> TicketEntry | None:
    if isinstance(to, _Unset) or to == ticket.category_id:
        return None
    if to is not None and not Category.objects.filter(pk=to, department=ticket.department_id).exists():
        raise NotFound
    ticket.category_id = to
    return tell(ticket, author, "category", {"to": to}, is_public=False)


def _cc(ticket: Ticket, author: Author, to: Sequence[str] | _Unset) -> TicketEntry | None:
    if isinstance(to, _Unset) or (tidied := checked(to)) == ticket.cc:
        return None
    ticket.cc = tidied
    return tell(ticket, author, "cc", {"to": tidied})


def _fields(ticket: Ticket, author: Author, to: Mapping[str, Any] | _Unset) -> TicketEntry | None:
    if isinstance(to, _Unset):
        return None
    others = {key: value for key, value in ticket.fields.items() if key not in to}  # what was asked then stays
    found = others | answers(ticket.department_id, ticket.category, to, strict=False)
    if found == ticket.fields:
        return None
    ticket.fields = found
    return tell(ticket, author, "fields", is_public=False)
