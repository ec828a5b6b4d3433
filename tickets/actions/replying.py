"""What people write on a ticket: public replies and private notes (T2, T4, T7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from hub.base import clock
from hub.base.rich_text import RichText, clean
from tickets import billing, mails, sla
from tickets.actions import telling
from tickets.actions.assigning import hand_to, locked, locked_for_staff
from tickets.actions.creating import NewTicket, create
from tickets.actions.moving import move, wait_for_customer
from tickets.entries import ENTRY_FILES, NOTHING, Author, find_repeated, keep, say
from tickets.errors import (
    FollowUpNeeded,
    Forbidden,
    MergedAway,
    NothingSaid,
    PriceChanged,
    SomebodyElseWrote,
)
from tickets.files.claims import claim_with_text
from tickets.lifecycle import is_over
from tickets.models import Draft, Ticket, TicketEntry
from tickets.permissions import agents_of
from tickets.states import Channel, EntryKind, Status

if TYPE_CHECKING:
    from hub.accounts.public import Person


@dataclass(frozen=True, slots=True)
class Reply:
    """Words, files, or both. `price_m`: the price that was shown (T2). For staff: `status` afterwards, and `seen_seq`,
    the last entry that was on the screen, so that two do not answer at once (T7). `key`: the same again is the same
    reply.
    """

    html: str
    price_m: int | None = None
    status: str = ""
    seen_seq: int | None = None
    key: str | None = None
    channel: str = Channel.WEB
    files: Sequence[UUID] = ()


@transaction.atomic
def reply(actor: Person, number: int | str, said: Reply) -> TicketEntry:
    """A public reply. What a customer writes on a ticket that is over is a new ticket, linked to it (T4): the answer is
    that one's first entry.

    Raises NothingSaid, NotFound, Forbidden, PriceChanged, NoCredits, SomebodyElseWrote, WrongMove, FollowUpNeeded
    (staff, on what is closed), MergedAway, SameKeyOtherContent, TooLarge.
    """
    words = _words(said.html, said.files)
    ticket = locked(actor, number)
    repeated = find_repeated(Author.of(actor), said.key, words, said.files)
    if repeated is not None:
        _forget_draft(actor, ticket, EntryKind.REPLY)
        return repeated
    _require_not_merged(ticket)
    if actor.is_staff:
        return _by_staff(actor, ticket, words, said)
    if actor.user_id not in (ticket.customer_id, ticket.contact_id):
        raise Forbidden  # who may read along for the organisation does not speak for the member
    if is_over(ticket):
        return _follow_up(actor, ticket, said)
    return _by_customer(actor, ticket, words, said)


@transaction.atomic
def note(
    actor: Person,
    number: int | str,
    html: str,
    *,
    key: str | None = None,
    files: Sequence[UUID] = (),
    channel: str = Channel.WEB,
) -> TicketEntry:
    """A private note among staff: words, files, or both.

    Raises NothingSaid, NotFound, Forbidden, SameKeyOtherContent, TooLarge.
    """
    words = _words(html, files)
    ticket = locked_for_staff(actor, number)
    author = Author.of(actor)
    repeated = find_repeated(author, key, words, files)
    if repeated is not None:
        _forget_draft(actor, ticket, EntryKind.NOTE)
        return repeated
    entry = say(ticket, author, words, is_public=False, channel=channel, key=key)
    claim_with_text(actor, words.html, files, kind=ENTRY_FILES, object_id=entry.pk)
    _forget_draft(actor, ticket, EntryKind.NOTE)
    keep(ticket)
    telling.happened(ticket, entry, "noted")
    return entry


def _by_staff(actor: Person, ticket: Ticket, words: RichText, said: Reply) -> TicketEntry:
    if said.seen_seq is not None:
        _require_nothing_new(ticket, said.seen_seq)
    if ticket.status == Status.CLOSED and said.status != Status.OPEN:
        raise FollowUpNeeded
    author = Author.of(actor)
    _take_if_free(actor, ticket, author)
    entry = say(ticket, author, words, is_public=True, channel=said.channel, key=said.key)
    claim_with_text(actor, words.html, said.files, kind=ENTRY_FILES, object_id=entry.pk)
    ticket.awaits_since = None
    sla.replied(ticket)
    if said.status and said.status != ticket.status:
        move(ticket, author, said.status)
    elif ticket.status == Status.PENDING:
        _wait_anew(ticket)
    _finish(actor, ticket, entry, "replied")
    return entry


def _by_customer(actor: Person, ticket: Ticket, words: RichText, said: Reply) -> TicketEntry:
    """It opens what waited for the customer, and what was solved or closed by the clock lately (T4, T5)."""
    price_m = _agreed_price(ticket, said)
    author = Author.of(actor)
    entry = say(ticket, author, words, is_public=True, channel=said.channel, key=said.key)
    claim_with_text(actor, words.html, said.files, kind=ENTRY_FILES, object_id=entry.pk)
    billing.charge(ticket_id=ticket.pk, spender_id=actor.user_id or 0, amount_m=price_m, actor=author.actor)
    if ticket.status != Status.OPEN:
        move(ticket, author, Status.OPEN)
    ticket.awaits_since = ticket.awaits_since or clock.now()
    _finish(actor, ticket, entry, "answered")
    mails.tell_staff(ticket, entry, "replied", mails.watchers_of(ticket), author=actor.name)
    return entry


def _follow_up(actor: Person, ticket: Ticket, said: Reply) -> TicketEntry:
    """A ticket of its own, at the price of one."""
    made = create(
        actor,
        NewTicket(
            department_id=ticket.department_id,
            subject=ticket.subject,
            html=said.html,
            cc=ticket.cc,
            price_m=said.price_m,
            key=said.key,
            channel=said.channel,
            follow_up_of=ticket,
            files=said.files,
        ),
    )
    return made.entries.get(seq=1)


def _agreed_price(ticket: Ticket, said: Reply) -> int:
    price_m = billing.price_m(ticket.department_id, billing.REPLY)
    if said.price_m is not None and said.price_m != price_m:
        raise PriceChanged(price_m)
    return price_m


def _take_if_free(actor: Person, ticket: Ticket, author: Author) -> None:
    """Who answers first has it."""
    free = ticket.agent_id is None
    if free and agents_of(ticket.department_id).filter(user=actor.user_id).exists():
        hand_to(ticket, author, actor.user_id, silent=True)


def _wait_anew(ticket: Ticket) -> None:
    """We asked once more: the reminder counts from now (T5)."""
    ticket.status_since = clock.now()
    wait_for_customer(ticket)


def _finish(actor: Person, ticket: Ticket, entry: TicketEntry, event: str) -> None:
    _forget_draft(actor, ticket, EntryKind.REPLY)
    keep(ticket)
    mails.tell_reply(ticket, entry)
    telling.happened(ticket, entry, event)


def _require_nothing_new(ticket: Ticket, seen_seq: int) -> None:
    since = TicketEntry.objects.filter(ticket=ticket, seq__gt=seen_seq, kind=EntryKind.REPLY)
    if since.exists():
        raise SomebodyElseWrote(ticket.last_seq)


def _require_not_merged(ticket: Ticket) -> None:
    if ticket.merged_into_id is not None:
        raise MergedAway(str(ticket.merged_into_id))


def _words(html: str, files: Sequence[UUID]) -> RichText:
    """A screenshot says enough: where files go along there may be no words."""
    words = clean(html)
    if not words.is_empty:
        return words
    if not files:
        raise NothingSaid(field="html")
    return NOTHING


def _forget_draft(actor: Person, ticket: Ticket, kind: str) -> None:
    Draft.objects.filter(ticket=ticket, user=actor.user_id, kind=kind).delete()
