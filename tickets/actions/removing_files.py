"""A customer takes a file of a ticket back (T11): bytes and name go, and the history says so."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from hub.base.errors import NotFound
from hub.base.locking import lock_one
from tickets.actions.assigning import locked
from tickets.entries import ENTRY_FILES, Author, keep, tell
from tickets.files.tidying import empty
from tickets.models import StoredFile, TicketEntry

if TYPE_CHECKING:
    from hub.accounts.public import Person


@transaction.atomic
def remove_file(actor: Person, number: int | str, file_id: UUID) -> None:
    """One that the actor sent. The same again changes nothing. Raises NotFound, also for somebody else's."""
    ticket = locked(actor, number)
    entries = TicketEntry.objects.filter(ticket=ticket).values("pk")
    own = StoredFile.objects.filter(pk=file_id, owner=actor.user_id)
    if not own.filter(places__kind=ENTRY_FILES, places__number__in=entries).exists():
        raise NotFound
    row = lock_one(StoredFile, file_id)
    if row.state == StoredFile.State.GONE:
        return
    tell(ticket, Author.of(actor), "file_removed", {"name": row.name})
    empty([row])
    keep(ticket)
