"""A new ticket (T1, T2, T10): by a customer, by staff on behalf of one (T7), by a guest where that is allowed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, transaction

from hub.accounts.public import CustomerProfile, Department, Person, User, ensure_visitor
from hub.base import clock
from hub.base.errors import BadFrame, Forbidden
from hub.base.rich_text import RichText, clean, of_text
from tickets import billing, mails, sla, suspicion
from tickets.actions import telling
from tickets.actions.assigning import hand_to
from tickets.addresses import checked, checked_one
from tickets.contacts import find_contact
from tickets.entries import ENTRY_FILES, NOTHING, Author, find_repeated, keep, say
from tickets.errors import EmptyText, NotAnAgent, NotFound, PriceChanged, SignInFirst
from tickets.files.claims import claim_with_text, place_also
from tickets.form_fields import answers
from tickets.models import Category, Ticket, TicketEntry
from tickets.origins import Origin, chats
from tickets.permissions import agents_of, exclusive_agent
from tickets.states import Channel, Initiator, Priority, Status
from tickets.tags import tidy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SUBJECT_CHARACTERS_MAX = 200
CUSTOMERS_CHANNELS = (Channel.WEB, Channel.CHAT, Channel.API)  # by the others staff heard of it, or a mail server


@dataclass(frozen=True, slots=True)
class NewTicket:
    """What was filled in. `price_m`: the price that was shown. `key`: the same again is the same ticket.

    For staff alone: `customer_id` (they have to say it), `priority`, `tags`, `charge` (whether the customer pays the
    price of a ticket), and the channels by which they hear of what customers want.
    """

    department_id: int
    subject: str
    html: str
    category_id: int | None = None
    agent_id: int | None = None
    cc: Sequence[str] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    phone: str = ""
    contact_id: int | None = None
    contact_name: str = ""
    contact_email: str = ""
    channel: str = Channel.WEB
    price_m: int | None = None
    key: str | None = None
    customer_id: int | None = None
    priority: int = Priority.NORMAL
    tags: Sequence[str] = ()
    charge: bool = False
    session_id: UUID | None = None  # the chat that it comes out of: what was said and its files go along (C11)
    note: str = ""  # for staff: what colleagues should know, as typed
    files: Sequence[UUID] = ()
    split_off: int | None = None  # the entry whose words these are: its files go along (T7)
    follow_up_of: Ticket | None = None
    proof: str = ""  # of work, from who is nobody we know (hub.base.proof_of_work)


def create(actor: Person, asked: NewTicket) -> Ticket:
    """Make it, charge its price, tell everybody. Raises EmptyText, NotFound (department, category, customer),
    BadFrame (staff who name no customer), Forbidden (a customer who says what is for staff), SignInFirst, PriceChanged,
    NoCredits, BadField, BadAddress, NotAnAgent, SameKeyOtherContent, TooLarge, ProofNeeded, TooFast.
    """
    try:
        return _create(actor, asked)
    except IntegrityError as refusal:
        if getattr(getattr(refusal.__cause__, "diag", None), "constraint_name", None) != "tickets_entry_once":
            raise
    return _create(actor, asked)  # the same came twice at the same moment: the other was first, and is found now


@transaction.atomic
def _create(actor: Person, asked: NewTicket) -> Ticket:
    origin = chats().open(actor, asked.session_id) if asked.session_id is not None else None
    words = _words(asked, origin)
    customer = _customer(actor, asked, origin)
    author = Author.of(actor) if actor.user_id is not None else Author(customer.pk, "customer")
    repeated = find_repeated(author, asked.key, words, asked.files)
    if repeated is not None:
        return repeated.ticket
    department = _department(actor, asked)
    price_m = _agreed_price(actor, customer, department, asked)
    if asked.follow_up_of is None:
        suspicion.require_human(actor, customer, asked.proof)
    ticket = _make(actor, asked, customer, department)
    entry = say(
        ticket,
        author,
        words,
        is_public=True,
        channel=asked.channel,
        key=asked.key,
        heading=ticket.subject,
    )
    claim_with_text(actor, clean(asked.html).html, asked.files, kind=ENTRY_FILES, object_id=entry.pk)
    if origin is not None:
        place_also(origin.files_kind, origin.files_of, kind=ENTRY_FILES, object_id=entry.pk)
    if asked.split_off is not None:
        place_also(ENTRY_FILES, [asked.split_off], kind=ENTRY_FILES, object_id=entry.pk)
    billing.charge(ticket_id=ticket.pk, spender_id=customer.pk, amount_m=price_m, actor=author.actor)
    _give_to_somebody(ticket, author, asked)
    if asked.note and actor.is_staff:
        say(ticket, author, of_text(asked.note), is_public=False)
    keep(ticket)
    _tell(ticket, entry)
    telling.happened(ticket, entry, "created")
    if asked.session_id is not None:
        chats().became(actor, asked.session_id, ticket)
    return ticket


def _words(asked: NewTicket, origin: Origin | None) -> RichText:
    """The description is asked for (T1), except where a chat, or an answer of files alone, says what it is about."""
    words = clean(asked.html)
    may_be_empty = origin is not None or asked.split_off is not None or (asked.follow_up_of and asked.files)
    if (words.is_empty and not may_be_empty) or not asked.subject.strip():
        raise EmptyText(field="html" if asked.subject.strip() else "subject")
    if origin is None:
        return NOTHING if words.is_empty else words
    return clean(f"{words.html}<hr>{origin.html}" if not words.is_empty else origin.html)


def _customer(actor: Person, asked: NewTicket, origin: Origin | None) -> User:
    """Oneself; for staff the customer they may see (T7), of a chat whose it was (C11)."""
    if _is_customer(actor):
        if asked.customer_id not in (None, actor.user_id) or asked.channel not in CUSTOMERS_CHANNELS:
            raise Forbidden
        return ensure_visitor(actor)
    wanted = asked.customer_id if origin is None else origin.customer_id
    if wanted is None:
        raise BadFrame(field="customer")
    if asked.customer_id not in (None, wanted):
        raise NotFound
    found = User.objects.visible_to(actor).filter(pk=wanted, erased_at=None).first()
    if found is None or found.kind not in (User.Kind.CUSTOMER, User.Kind.VISITOR):
        raise NotFound
    return found  # type: ignore[no-any-return]


def _is_customer(actor: Person) -> bool:
    return not actor.is_staff and actor.kind != "system"


def _department(actor: Person, asked: NewTicket) -> Department:
    found = Department.objects.visible_to(actor).filter(pk=asked.department_id, is_active=True).first()
    if found is None:
        raise NotFound
    return found


def _agreed_price(actor: Person, customer: User, department: Department, asked: NewTicket) -> int:
    """What it costs, in millicredits, which the customer was told before typing (T2)."""
    by_customer = _is_customer(actor)
    price_m = billing.price_m(department.pk, billing.TICKET)
    if by_customer and asked.price_m is not None and asked.price_m != price_m:
        raise PriceChanged(price_m)
    is_guest = customer.kind == User.Kind.VISITOR
    if by_customer and is_guest and (price_m or asked.cc or not sla.rules_of(department.pk).takes_guests):
        raise SignInFirst  # copies, too: whom nobody knows sends no mail of ours to others
    return price_m if by_customer or (asked.charge and not is_guest) else 0


def _make(actor: Person, asked: NewTicket, customer: User, department: Department) -> Ticket:
    at = clock.now()
    by_staff = actor.is_staff
    category = _category(department, asked.category_id)
    ticket = Ticket(
        department=department,
        category=category,
        subject=" ".join(asked.subject.split())[:SUBJECT_CHARACTERS_MAX],
        status=Status.OPEN,
        priority=asked.priority if by_staff else Priority.NORMAL,
        tags=tidy(asked.tags) if by_staff else [],
        channel=asked.channel,
        initiator=Initiator.STAFF if by_staff else Initiator.CUSTOMER,
        fields=answers(department.pk, category, asked.fields, strict=not by_staff),
        cc=checked(asked.cc),
        customer=customer,
        contact=find_contact(actor, customer, asked.contact_id),
        contact_name=" ".join(asked.contact_name.split())[:120],
        contact_email=_guest_address(actor, customer, asked.contact_email),
        contact_phone=asked.phone.strip()[:32],
        organisation_id=customer.membership.organisation_id if hasattr(customer, "membership") else None,
        session_id=asked.session_id,
        follow_up_of=asked.follow_up_of,
        created_at=at,
        updated_at=at,
        status_since=at,
        awaits_since=None if by_staff and asked.session_id is None else at,
    )
    sla.begin(ticket)
    ticket.save(force_insert=True)
    return ticket


def _guest_address(actor: Person, customer: User, typed: str) -> str:
    """Guests say where the answer goes, staff where they know; others have an account. Raises BadAddress."""
    is_guest = customer.kind == User.Kind.VISITOR and not customer.email and not actor.is_staff
    return checked_one(typed) if is_guest or typed.strip() else ""


def _category(department: Department, category_id: int | None) -> Category | None:
    if category_id is None:
        return None
    found = Category.objects.filter(pk=category_id, department=department, is_active=True).first()
    if found is None:
        raise NotFound
    return found


def _give_to_somebody(ticket: Ticket, author: Author, asked: NewTicket) -> None:
    """Whom it is bound to (P6), else whom was asked for."""
    bound = CustomerProfile.objects.filter(pk=ticket.customer_id).values_list("bound_agent", flat=True).first()
    exclusive = exclusive_agent(ticket.customer_id)
    works_there = bound is not None and agents_of(ticket.department_id).filter(user=bound).exists()
    if exclusive is not None or works_there:
        hand_to(ticket, author, exclusive or bound, silent=True)
    elif asked.agent_id is not None:
        if not agents_of(ticket.department_id).filter(user=asked.agent_id).exists():
            raise NotAnAgent(field="agent")
        if ticket.initiator == Initiator.STAFF or sla.rules_of(ticket.department_id).chooses_agent:
            hand_to(ticket, author, asked.agent_id, silent=True)


def _tell(ticket: Ticket, entry: TicketEntry) -> None:
    mails.tell_created(ticket, entry)
    if ticket.agent_id is not None:
        mails.tell_staff(ticket, entry, "assigned", [ticket.agent_id])
