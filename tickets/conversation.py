"""A ticket's conversation as pages show it, to customers and to staff (T4). Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tickets.entries import ENTRY_FILES
from tickets.event_words import Names, names_in, sentence
from tickets.files.claims import files_of
from tickets.models import StoredFile, TicketEntry
from tickets.queries import rule_of
from tickets.states import EntryKind, Side

if TYPE_CHECKING:
    from hub.accounts.public import Person


@dataclass(frozen=True, slots=True)
class FileShown:
    """`url` is '' where there is nothing to get: it is still checked, or gone."""

    name: str
    size: int
    state: str
    is_picture: bool
    url: str
    preview_url: str


@dataclass(frozen=True, slots=True)
class EntryShown:
    """`html` is clean. `event` is a sentence where it is an event; `who` wrote or did it, '' the hub itself."""

    pk: int
    seq: int
    kind: str
    is_public: bool
    at: datetime
    who: str
    user_id: int
    of_staff: bool
    mine: bool
    channel: str
    html: SafeString
    event: str
    fresh: bool
    is_automatic: bool
    files: Sequence[FileShown] = field(default=())

    @property
    def is_event(self) -> bool:
        return self.kind == EntryKind.EVENT

    @property
    def is_note(self) -> bool:
        return self.kind == EntryKind.NOTE


def entries_shown(rows: Iterable[TicketEntry], person: Person, *, since_seq: int | None = None) -> list[EntryShown]:
    """Rows of queries.read_entries(), with their files and the names in their events: a fixed number of statements.

    `since_seq`: what came after it from somebody else is marked as new.
    """
    rows = list(rows)
    files = files_of(ENTRY_FILES, [row.pk for row in rows if row.kind != EntryKind.EVENT])
    names = names_in([row.event for row in rows if row.event is not None and row.kind == EntryKind.EVENT])
    shown = (_shown(row, person, files.get(row.pk, ()), names, since_seq) for row in rows)
    return [one for one in shown if not one.is_event or one.event]


def _shown(
    row: TicketEntry, person: Person, files: Iterable[StoredFile], names: Names, since_seq: int | None
) -> EntryShown:
    mine = row.author_id is not None and row.author_id == person.user_id
    event = row.event if row.kind == EntryKind.EVENT else None
    return EntryShown(
        pk=row.pk,
        seq=row.seq,
        kind=row.kind,
        is_public=row.is_public,
        at=row.at,
        who=_who(row, person),
        user_id=row.author_id or 0,
        of_staff=row.author_side == Side.STAFF,
        mine=mine,
        channel=row.channel,
        html=mark_safe(row.html),  # noqa: S308 - cleaned before it was written (X3)
        event=sentence(event, names, for_staff=person.is_staff) if event is not None else "",
        is_automatic=row.author_side == Side.SYSTEM,
        fresh=since_seq is not None and row.seq > since_seq and not mine,
        files=[file_shown(one) for one in files if str(one.pk) not in row.html],
    )


def _who(row: TicketEntry, person: Person) -> str:
    """Whose words or deed it is; which rule wrote is told to staff alone (T13)."""
    if row.author is not None:
        return "" if _took_it(row) else row.author.name
    if row.kind == EntryKind.EVENT or row.author_side != Side.SYSTEM:
        return ""
    rule = rule_of(row) if person.is_staff else ""
    return _("Rule: %(name)s") % {"name": rule} if rule else _("Automatic message")


def _took_it(row: TicketEntry) -> bool:
    """Whoever took a ticket is the subject of the sentence already."""
    event = row.event or {}
    return event.get("type") == "assigned" and event.get("to") == row.author_id


def file_shown(row: StoredFile) -> FileShown:
    """As a page lists it. A picture that stands in the text is not listed once more."""
    return FileShown(
        name=row.name,
        size=row.size,
        state=row.state,
        is_picture=row.is_picture,
        url=reverse("api-file-content", args=[row.pk]) if row.content.name else "",
        preview_url=reverse("api-file-preview", args=[row.pk]) if row.preview.name else "",
    )
