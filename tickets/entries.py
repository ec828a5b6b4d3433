"""Writing into a ticket's conversation (T4). The ticket is locked or was just made; whoever calls keeps it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.contrib.postgres.search import SearchVector
from django.db.models import Func, TextField, Value

from hub.accounts.public import SYSTEM
from hub.base import clock
from hub.base.rich_text import RichText
from tickets.errors import SameKeyOtherContent
from tickets.models import FilePlace, Ticket, TicketEntry
from tickets.states import Channel, EntryKind, Side

if TYPE_CHECKING:
    from hub.accounts.public import Person

NOTHING = RichText("", "")
ENTRY_FILES: Final = "ticket_entry"  # where its files belong (tickets/files/homes.py)


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes, and from which side."""

    user_id: int | None
    side: str

    @classmethod
    def of(cls, person: Person) -> Author:
        if person.kind == SYSTEM.kind:
            return BY_THE_HUB
        return cls(person.user_id, Side.STAFF if person.is_staff else Side.CUSTOMER)

    @property
    def actor(self) -> str:
        """As the ledger names who did it."""
        return "hub" if self.user_id is None else f"user:{self.user_id}"


BY_THE_HUB = Author(None, Side.SYSTEM)


def say(
    ticket: Ticket,
    author: Author,
    words: RichText,
    *,
    is_public: bool,
    channel: str = Channel.WEB,
    key: str | None = None,
    heading: str = "",
    rule: str = "",
) -> TicketEntry:
    """A reply, or a note where it is not public. `rule`: the name of the rule that wrote it (T13)."""
    kind = EntryKind.REPLY if is_public else EntryKind.NOTE
    by = {"type": "rule", "name": rule} if rule else None
    return _write(ticket, author, kind, is_public, words=words, channel=channel, key=key, heading=heading, event=by)


def tell(
    ticket: Ticket, author: Author, what: str, said: Mapping[str, object] | None = None, *, is_public: bool = True
) -> TicketEntry:
    """An event: `what` happened, and what there is to say of it."""
    event = {"type": what, **{name: value for name, value in (said or {}).items() if value is not None}}
    return _write(ticket, author, EntryKind.EVENT, is_public, event=event)


def _write(
    ticket: Ticket,
    author: Author,
    kind: str,
    is_public: bool,
    *,
    words: RichText = NOTHING,
    channel: str = Channel.WEB,
    key: str | None = None,
    heading: str = "",
    event: Mapping[str, object] | None = None,
) -> TicketEntry:
    ticket.last_seq += 1
    ticket.updated_at = clock.now()
    return TicketEntry.objects.create(
        ticket=ticket,
        seq=ticket.last_seq,
        kind=kind,
        is_public=is_public,
        author_id=author.user_id,
        author_side=author.side,
        channel=channel,
        heading=heading,
        html=words.html,
        text=words.text,
        search=vector_of(heading, words.text),
        event=event,
        key=key,
        at=ticket.updated_at,
    )


def keep(ticket: Ticket) -> None:
    """Write what an action changed of the locked ticket."""
    ticket.save(force_update=True)


def vector_of(heading: str, text: str) -> SearchVector | None:
    """What it is found by: words without case and accents, as people are searched for."""
    said = f"{heading}\n{text}".strip()
    return SearchVector(folded(said), config="simple") if said else None


def folded(text: str) -> Func:
    return Func(Value(text), function="accounts_fold", output_field=TextField())


def find_repeated(author: Author, key: str | None, words: RichText, files: Collection[UUID] = ()) -> TicketEntry | None:
    """What was written under this key before. Raises SameKeyOtherContent, also where other files came with it."""
    if key is None or author.user_id is None:
        return None
    found = TicketEntry.objects.filter(author=author.user_id, key=key).select_related("ticket").first()
    if found is not None and (found.html != words.html or not _has_all(found, files)):
        raise SameKeyOtherContent
    return found


def _has_all(entry: TicketEntry, files: Collection[UUID]) -> bool:
    wanted = set(files)
    here = FilePlace.objects.filter(kind=ENTRY_FILES, number=entry.pk, file__in=wanted)
    return not wanted or here.count() == len(wanted)


def refresh_heading(ticket: Ticket) -> None:
    """The subject was changed: the first entry is found by the new one."""
    first = TicketEntry.objects.filter(ticket=ticket, seq=1).values_list("text", flat=True).first()
    TicketEntry.objects.filter(ticket=ticket, seq=1).update(
        heading=ticket.subject, search=vector_of(ticket.subject, first or "")
    )
