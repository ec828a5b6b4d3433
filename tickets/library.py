"""The files of tickets in one library, by number, by name, and for staff by whose they are (T11). Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from tickets.entries import ENTRY_FILES
from tickets.entry_files import entries_seen_by
from tickets.models import FilePlace, StoredFile, TicketEntry

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hub.accounts.public import Person


@dataclass(frozen=True, slots=True)
class Asked:
    """What of it is looked for; nothing is all of it."""

    name: str = ""
    number: int | None = None
    customer_id: int | None = None
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A file and where it was sent. Who sent it may take it back."""

    place_id: int
    file: StoredFile
    ticket_id: int
    entry_id: int
    at: datetime
    removable: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """One page of it, the newest first. `older`: the place before which there are more."""

    rows: list[Kept]
    older: int | None


def read_library(person: Person, asked: Asked, *, before: int | None = None, limit: int) -> Shelf:
    """Files of entries that this person may see (X1), however many tickets they are of."""
    places = list(_places(person, asked, before)[: limit + 1])
    shown = places[:limit]
    entries = TicketEntry.objects.filter(pk__in=[one.number for one in shown])
    tickets = dict(entries.values_list("pk", "ticket_id"))
    rows = [
        Kept(
            place_id=one.pk,
            file=one.file,
            ticket_id=tickets[one.number],
            entry_id=one.number,
            at=one.at,
            removable=one.file.owner_id == person.user_id and one.file.state != StoredFile.State.GONE,
        )
        for one in shown
        if one.number in tickets
    ]
    return Shelf(rows, shown[-1].pk if len(places) > limit else None)


def _places(person: Person, asked: Asked, before: int | None) -> QuerySet[FilePlace]:
    """A place is younger the higher its key is."""
    entries = entries_seen_by(person)
    if asked.number is not None:
        entries = entries.filter(ticket=asked.number)
    if asked.customer_id is not None:
        entries = entries.filter(ticket__customer=asked.customer_id)
    if asked.organisation_id is not None:
        entries = entries.filter(ticket__organisation=asked.organisation_id)
    chosen = Q(kind=ENTRY_FILES, number__in=entries.values("pk"))
    if asked.name:
        chosen &= Q(file__name__icontains=asked.name)
    if before is not None:
        chosen &= Q(pk__lt=before)
    usable = FilePlace.objects.filter(chosen).exclude(file__state=StoredFile.State.REFUSED)
    return usable.select_related("file").order_by("-pk")
