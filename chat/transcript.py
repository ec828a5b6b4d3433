"""Reading what was said, as it is now: for resume, `backlog` and the API. Who may read is asked before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection
from msgspec import json

from chat import escalation
from chat.wire import incoming, outgoing

_COLUMNS: Final = (
    "id, session_id::text, client_id, kind, author_id, author_kind, author_name, at, seq, staff_seq, text, "
    "event::text, edited_at, deleted_at, reply_to"
)
_SELECT: Final = f"select {_COLUMNS} from chat_message where session_id = %s"  # noqa: S608 - constants only
_AFTER: Final = f"{_SELECT} and seq > %s order by seq limit %s"
_BEFORE: Final = f"{_SELECT} and seq < %s order by seq desc limit %s"
_STAFF_AFTER: Final = f"{_SELECT} and staff_seq > %s order by staff_seq limit %s"
_BETWEEN: Final = (
    " and staff_seq is not null and at >= coalesce(%s, '-infinity'::timestamptz) "
    "and at < coalesce((select at from chat_message where session_id = %s and seq = %s), 'infinity'::timestamptz) "
    "order by staff_seq desc limit %s"
)
_STAFF_BETWEEN: Final = _SELECT + _BETWEEN
PAGE_CHARACTERS_MAX: Final = 300_000
_NEWEST: Final = 2**62
_WITH_FILES: Final = ("file", "note", "whisper")  # kinds of entries that may have files


class Page(NamedTuple):
    messages: list[outgoing.Message]
    more: bool


def after(session_id: UUID, seq: int, limit: int) -> Page:
    """What the customer may see after `seq`, oldest first."""
    return _cut(_rows(_AFTER, session_id, seq, limit + 1), limit)


def staff_after(session_id: UUID, staff_seq: int, limit: int) -> Page:
    """What only staff may see after `staff_seq`, oldest first."""
    return _cut(_rows(_STAFF_AFTER, session_id, staff_seq, limit + 1), limit)


def before(session_id: UUID, seq: int | None, limit: int) -> Page:
    """The newest before `seq` (or at all), oldest first."""
    page = _cut(_rows(_BEFORE, session_id, seq or _NEWEST, limit + 1), limit)
    return Page(page.messages[::-1], page.more)


def staff_beside(session_id: UUID, page: Page, before_seq: int | None, limit: int) -> list[outgoing.Message]:
    """The staff-only entries of the time that a page of before() covers."""
    since = page.messages[0].at if page.more else None
    return _rows(_STAFF_BETWEEN, session_id, since, session_id, before_seq, limit)[::-1]


def backlog(session_id: UUID, frame: incoming.Backlog, *, staff: bool) -> Page:
    """The answer to a `backlog` frame: one page, and for staff what belongs beside it."""
    if not staff:
        if frame.after_seq is not None:
            return after(session_id, frame.after_seq, frame.limit)
        return before(session_id, frame.before_seq, frame.limit)
    if frame.after_seq is None and frame.after_staff_seq is None:
        page = before(session_id, frame.before_seq, frame.limit)
        return Page(page.messages + staff_beside(session_id, page, frame.before_seq, frame.limit), page.more)
    nothing = Page([], False)
    seen = nothing if frame.after_seq is None else after(session_id, frame.after_seq, frame.limit)
    hidden = nothing if frame.after_staff_seq is None else staff_after(session_id, frame.after_staff_seq, frame.limit)
    return Page(seen.messages + hidden.messages, seen.more or hidden.more)


def _rows(statement: str, *args: UUID | int | datetime | None) -> list[outgoing.Message]:
    with connection.cursor() as cursor:
        cursor.execute(statement, args)
        rows = cursor.fetchall()
    files = escalation.files_of([row[0] for row in rows if row[3] in _WITH_FILES])
    return [_message(row[1:], files.get(row[0])) for row in rows]


def _cut(messages: list[outgoing.Message], limit: int) -> Page:
    """At most so many, and not more text than a phone takes well at once; the first always."""
    kept: list[outgoing.Message] = []
    room = PAGE_CHARACTERS_MAX
    for message in messages[:limit]:
        room -= len(message.text or "")
        if kept and room < 0:
            break
        kept.append(message)
    return Page(kept, len(messages) > len(kept))


def _message(row: Sequence[Any], files: list[outgoing.FileView] | None) -> outgoing.Message:
    session, client_id, kind, author_id, author_kind, author_name, at, seq, staff_seq, text, event, *rest = row
    edited_at, deleted_at, reply_to = rest
    return outgoing.Message(
        session=session,
        id=client_id,
        kind=kind,
        author=outgoing.Author(None if author_id is None else str(author_id), author_kind, author_name),
        at=at,
        seq=seq,
        staff_seq=staff_seq,
        text=text or None,
        files=files,
        event=None if event is None else json.decode(event),
        edited_at=edited_at,
        deleted_at=deleted_at,
        reply_to=reply_to,
    )
