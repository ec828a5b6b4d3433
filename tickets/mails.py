"""What people get by mail about tickets (T4): one function per message, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from hub.accounts.public import DepartmentStaff, User
from hub.base import outbox
from tickets.entries import ENTRY_FILES
from tickets.files.claims import files_of
from tickets.models import Follower, Ticket, TicketEntry

TEXT_CHARACTERS_MAX = 20_000
FILES_NAMED_MAX = 50  # a chat that became a ticket may have had more


def tell_created(ticket: Ticket, entry: TicketEntry) -> None:
    """T4: the number, to the customer and to everybody in CC."""
    by_staff = ticket.initiator == "staff"
    _customers_side(ticket, entry, "ticket_created", text=_text_of(entry), files=_files_of(entry), by_staff=by_staff)


def tell_reply(ticket: Ticket, entry: TicketEntry) -> None:
    """Every public reply goes to the customer and CC (T4); nobody gets their own words back."""
    author = entry.author.name if entry.author is not None else ""
    not_to = {entry.author.email.lower()} if entry.author is not None and entry.author.email else set()
    said = {"text": _text_of(entry), "files": _files_of(entry), "author": author}
    _customers_side(ticket, entry, "ticket_reply", not_to=not_to, **said)


def remind(ticket: Ticket, entry: TicketEntry, *, closes_at: datetime | None) -> None:
    """T5: we asked something and heard nothing."""
    _customers_side(ticket, entry, "ticket_reminder", closes_at=closes_at)


def tell_closed(ticket: Ticket, entry: TicketEntry) -> None:
    """T5: closed by the clock; until when a reply opens it again."""
    _customers_side(ticket, entry, "ticket_closed", reopen_until=ticket.reopen_until)


def tell_staff(
    ticket: Ticket,
    entry: TicketEntry,
    what: str,
    to: Iterable[int | None],
    *,
    author: str = "",
    note: str = "",
    department: str = "",
) -> None:
    """`what` is one of the sentences of mail/ticket_staff.txt. Who did it is not told."""
    ids = {one for one in to if one is not None and one != entry.author_id}
    shows = what == "replied"
    files = _files_of(entry) if shows and ids else []
    people = User.objects.filter(pk__in=ids, kind=User.Kind.STAFF, is_active=True).exclude(email=None)
    for user in people.order_by("pk"):
        _put(
            ticket,
            entry,
            "ticket_staff",
            user.email,
            user,
            what=what,
            **({"department": department} if department else {}),
            author=author,
            note=note or (_text_of(entry) if shows else ""),
            files=files,
        )


def watchers_of(ticket: Ticket) -> list[int | None]:
    """Its agent and who follows it."""
    return [ticket.agent_id, *Follower.objects.filter(ticket=ticket).values_list("user", flat=True)]


def managers_of(department_id: int) -> list[int]:
    """Of a department; where there is none, the hub owners."""
    found = DepartmentStaff.objects.filter(department=department_id, is_manager=True).values_list("user", flat=True)
    return list(found) or list(
        User.objects.filter(kind=User.Kind.STAFF, level=User.Level.OWNER).values_list("pk", flat=True)
    )


def _customers_side(
    ticket: Ticket, entry: TicketEntry, template: str, *, not_to: Iterable[str] = (), **said: object
) -> None:
    done = set(not_to)
    for address, user in _recipients(ticket):
        if address.lower() not in done:
            done.add(address.lower())
            _put(ticket, entry, template, address, user, **said)


def _recipients(ticket: Ticket) -> list[tuple[str, User | None]]:
    """With whose account it is, where there is one."""
    people = [user for user in (ticket.customer, ticket.contact) if user is not None and user.email]
    own: list[tuple[str, User | None]] = [(user.email or "", user) for user in people]
    typed = [ticket.contact_email, *ticket.cc]
    return own + [(address, None) for address in typed if address]


def _put(ticket: Ticket, entry: TicketEntry, template: str, address: str, user: User | None, **said: object) -> None:
    reader = user or ticket.customer
    context = {
        "number": ticket.number,
        "title": ticket.subject,
        "department": ticket.department.name,
        "name": (user.first_name or user.name) if user is not None else "",
        "path": _page_for(ticket, user),
        **said,
    }
    with timezone.override(reader.time_zone):
        outbox.put_mail(
            to=address,
            template=template,
            language=reader.language or settings.LANGUAGE_CODE,
            context=context,
            about=f"user:{reader.pk}",
            names={ticket.customer_id, *filter(None, [ticket.contact_id])} - {reader.pk},
        )


def _page_for(ticket: Ticket, user: User | None) -> str:
    """Where they read and answer it; '' for who has no account to sign in with: CC, and guests."""
    if user is None or user.kind != User.Kind.CUSTOMER:
        return ""
    return reverse("ticket", args=[ticket.pk])


def _text_of(entry: TicketEntry) -> str:
    return entry.text[:TEXT_CHARACTERS_MAX]


def _files_of(entry: TicketEntry) -> list[str]:
    """The names of what goes along: of an answer without words they are all that there is to say."""
    found = files_of(ENTRY_FILES, [entry.pk]).get(entry.pk, ())
    return [one.name for one in found if one.name][:FILES_NAMED_MAX]
