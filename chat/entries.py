"""What goes into live_write() and what comes out, for the writer of the sockets and for actions alike.

See docs/how/live-core.md and chat/live_sql.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Final, Literal, NamedTuple
from uuid import UUID

from msgspec import Struct, json

from chat import groups
from chat.errors import SameIdOtherContent
from chat.wire import codec, incoming, outgoing, vocabulary
from hub.base.errors import DomainError, Ended, Forbidden, NotFound
from hub.base.publish import Item

STATEMENT: Final = "select * from live_write(%s::uuid[], %s::json, %s)"
EventData = Mapping[str, str | int | float | bool | None]
Verdict = Literal["new", "done", "conflict", "not_found", "forbidden", "ended"]
REFUSALS: Final[dict[str, type[DomainError]]] = {
    "conflict": SameIdOtherContent,
    "not_found": NotFound,
    "forbidden": Forbidden,
    "ended": Ended,
}
_encode = json.Encoder().encode


class Entry(Struct, frozen=True, omit_defaults=True):
    """One entry to be written. The short names are those of live_write()'s batch."""

    s: str
    i: UUID
    h: str
    k: str
    n: str
    t: str = ""
    a: int | None = None
    e: EventData | None = None
    r: int | None = None
    y: str | None = None
    x: bool = False


class Written(NamedTuple):
    """A row of live_write()'s answer."""

    verdict: Verdict
    seq: int | None
    staff_seq: int | None
    at: datetime
    author_kind: vocabulary.AuthorKind
    first_reply: bool


def content_hash(content: incoming.FromClient | EventData) -> str:
    """Of a whole frame, so that the same id with any other content is found out. 16 bytes in hex."""
    return blake2b(_encode(content), digest_size=16).hexdigest()


def batch_of(entries: Iterable[Entry]) -> str:
    return _encode(list(entries)).decode()


def message_of(entry: Entry, written: Written, files: list[outgoing.FileView] | None = None) -> outgoing.Message:
    """The frame that everybody gets for what was just written."""
    return outgoing.Message(
        session=entry.s,
        id=entry.i,
        kind=entry.k,  # type: ignore[arg-type]  # the kinds of vocabulary.MessageKind are the only ones that are written
        author=outgoing.Author(None if entry.a is None else str(entry.a), written.author_kind, entry.n),
        at=written.at,
        seq=written.seq,
        staff_seq=written.staff_seq,
        text=entry.t or None,
        files=files or None,
        event=None if entry.e is None else dict(entry.e),
        reply_to=entry.r,
    )


def item_of(message: outgoing.Message) -> Item:
    """To whom it goes: what has a staff_seq is for staff alone."""
    staff_only = message.staff_seq is not None
    topic = groups.session_side(message.session, "staff") if staff_only else groups.session_all(message.session)
    return topic, codec.encode(message)
