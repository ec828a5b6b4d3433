"""Files of replies and notes: who sees the entry sees them (X5, T11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tickets.entries import ENTRY_FILES
from tickets.files.homes import FileHome, homes
from tickets.models import Ticket, TicketEntry

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hub.accounts.public import Person


def entries_seen_by(person: Person | None) -> QuerySet[TicketEntry]:
    if person is None:
        return TicketEntry.objects.none()
    seen = TicketEntry.objects.filter(ticket__in=Ticket.objects.visible_to(person).values("pk"))
    return seen if person.is_staff or person.kind == "system" else seen.filter(is_public=True)


def register() -> None:
    homes.register(FileHome(ENTRY_FILES, entries_seen_by))
