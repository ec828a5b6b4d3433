"""Tickets that belong together (T7): merged, split, linked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hub.base import clock, locking
from hub.base.errors import NotFound
from tickets.actions import telling
from tickets.actions.creating import NewTicket, create
from tickets.actions.moving import move
from tickets.addresses import CC_MAX
from tickets.entries import Author, keep, tell
from tickets.errors import MergedAway, WrongTicket
from tickets.models import Ticket, TicketEntry, TicketLink
from tickets.permissions import get_visible, require_staff
from tickets.states import ClosedBy, EntryKind, Status

if TYPE_CHECKING:
    from hub.accounts.public import Person


@transaction.atomic
def merge(actor: Person, number: int | str, into: int | str) -> Ticket:
    """The first becomes part of the second, which shows its conversation from now on; nothing is moved or lost.

    Of one customer, or of one organisation. Raises NotFound, Forbidden, WrongTicket, MergedAway.
    """
    gone, kept = _locked_pair(actor, number, into)
    if gone.merged_into_id is not None or kept.merged_into_id is not None:
        raise MergedAway(str(gone.merged_into_id or kept.merged_into_id))
    if not _belong_together(gone, kept):
        raise WrongTicket
    author = Author.of(actor)
    if gone.status != Status.CLOSED:
        move(gone, author, Status.CLOSED, closed_by=ClosedBy.MERGE)
    gone.merged_into, gone.reopen_until = kept, None
    tell(gone, author, "merged_into", {"number": kept.pk})
    keep(gone)
    kept.cc = list(dict.fromkeys([*kept.cc, *gone.cc]))[:CC_MAX]
    if gone.awaits_since is not None and kept.status == Status.OPEN:
        kept.awaits_since = min(filter(None, (kept.awaits_since, gone.awaits_since)))
    entry = tell(kept, author, "merged_from", {"number": gone.pk})
    keep(kept)
    Ticket.objects.filter(merged_into=gone).update(merged_into=kept)  # what was merged before shows there, too
    telling.happened(kept, entry, "changed")
    return kept


@transaction.atomic
def split(actor: Person, number: int | str, seq: int, subject: str) -> Ticket:
    """What one reply asks besides becomes a ticket of its own, linked, with its files.

    Raises NotFound, Forbidden, EmptyText.
    """
    require_staff(actor)
    ticket = get_visible(actor, number)
    entry = TicketEntry.objects.filter(ticket=ticket, seq=seq, kind=EntryKind.REPLY).first()
    if entry is None:
        raise NotFound
    made = create(
        actor,
        NewTicket(
            department_id=ticket.department_id,
            subject=subject,
            html=entry.html,
            customer_id=ticket.customer_id,
            cc=ticket.cc,
            channel=entry.channel,
            priority=ticket.priority,
            contact_id=ticket.contact_id,
            split_off=entry.pk,
        ),
    )
    link(actor, ticket.pk, made.pk)
    return made


@transaction.atomic
def link(actor: Person, number: int | str, other: int | str, *, on: bool = True) -> None:
    """Two that have to do with each other; doing it twice is doing it once. Raises NotFound, Forbidden, WrongTicket."""
    one, two = sorted(_locked_pair(actor, number, other), key=lambda ticket: ticket.pk)
    if on:
        _, changed = TicketLink.objects.get_or_create(one=one, other=two, defaults={"at": clock.now()})
    else:
        changed = bool(TicketLink.objects.filter(one=one, other=two).delete()[0])
    for ticket, to in ((one, two), (two, one)) if changed else ():
        tell(ticket, Author.of(actor), "linked" if on else "unlinked", {"number": to.pk}, is_public=False)
        keep(ticket)


def _locked_pair(actor: Person, number: int | str, other: int | str) -> tuple[Ticket, Ticket]:
    """Both, locked in the order of their numbers. Raises NotFound, Forbidden, WrongTicket (one and the same)."""
    require_staff(actor)
    seen = (get_visible(actor, number).pk, get_visible(actor, other).pk)
    if seen[0] == seen[1]:
        raise WrongTicket
    locking.lock(Ticket.objects.filter(pk__in=seen))
    return get_visible(actor, seen[0]), get_visible(actor, seen[1])


def _belong_together(one: Ticket, other: Ticket) -> bool:
    same_company = one.organisation_id is not None and one.organisation_id == other.organisation_id
    return one.customer_id == other.customer_id or same_company
