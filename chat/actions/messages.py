"""Entries of the transcript that do not come over a socket's hot path: events, edits, the API's messages.

All go through live_write(), as the sockets' do, so that there is one order for all (C5). See docs/how/live-core.md.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction

from chat import escalation
from chat.entries import REFUSALS, STATEMENT, Entry, Written, batch_of, content_hash, item_of, message_of
from chat.errors import TooLateToChange
from chat.models import Counter, Member, Message, MessageVersion, Session
from chat.permissions import get_visible, parse_id
from chat.wire import incoming, outgoing, vocabulary
from hub.accounts.public import Person
from hub.base import clock
from hub.base.errors import Forbidden, NotFound
from hub.base.publish import publish

if TYPE_CHECKING:
    from django.db.models import QuerySet

FORGET_IN_EVENTS = (
    "update chat_message set event = event - 'text' "
    "where session_id = %s and kind = 'event' and event ->> 'type' = 'edited' and (event ->> 'of')::bigint = %s"
)


def add_event(
    session_id: UUID | str,
    event_type: str,
    *,
    staff_only: bool = False,
    client_id: UUID | None = None,
    **data: str | int | float | bool | None,
) -> int:
    """Write what happened into the transcript and give its seq (or staff_seq). Works in an ended session too.

    Belongs at the end of the action's transaction, with nothing locked afterwards: live_write() waits for the counter.
    """
    event = {"type": event_type, **data}
    entry = Entry(
        s=str(session_id),
        i=client_id or uuid4(),
        h=content_hash(event),
        k="event",
        n="",
        e=event,
        y="system",
        x=staff_only,
    )
    return _number(_write(entry, clock.now()))


def add_text(
    *,
    session_id: UUID | str,
    author_id: int,
    author_kind: vocabulary.AuthorKind,
    author_name: str,
    client_id: UUID,
    text: str,
    at: datetime,
) -> int:
    """Write a text that came with something else (the first one of a session). The author must be a member."""
    session = str(session_id)
    frame = incoming.MessageSend(id=client_id, session=session, text=text)
    entry = Entry(
        s=session, i=client_id, h=content_hash(frame), k="text", n=author_name, t=text, a=author_id, y=author_kind
    )
    return _number(_write(entry, at))


def await_reply(session_id: UUID) -> None:
    """The next message of an agent is a first reply again (reopened, or back in the queue).

    Takes the counter's lock, so it belongs beside add_event(), at the end of the action's transaction.
    """
    Counter.objects.filter(session_id=parse_id(session_id)).update(replied_at=None)


def send(*, actor: Person, frame: incoming.MessageSend) -> dict[str, object]:
    """A message from a page or the API, and every one with files. Sockets write the others in batches
    (chat/consumers/writer.py), by the same statement.
    """
    if frame.files:
        return send_files(actor=actor, frame=frame)
    written = _write_as(actor, entry_of(actor, frame), clock.now())
    if written.first_reply:
        from chat.actions import sessions

        sessions.begin(parse_id(frame.session))
    return {"seq": written.seq, "staff_seq": written.staff_seq, "at": written.at}


@transaction.atomic
def send_files(*, actor: Person, frame: incoming.MessageSend) -> dict[str, object]:
    """A message with files (C8): own uploads that are finished and belong nowhere yet. The same again is the same one.

    Files are locked before the counter. Raises what sending raises, UploadUnfinished, TooManyFiles, and NotFound also
    for a file that is somebody else's or belongs elsewhere.
    """
    get_visible(actor, frame.session)
    files = [] if _is_said(actor, frame) else _uploads(actor, frame)
    views = [escalation.view_of(one) for one in files]
    written = _write_as(actor, entry_of(actor, frame), clock.now(), views)
    if written.verdict == "new":
        escalation.settle(files, _said(actor, frame).values_list("pk", flat=True).get())
    if written.first_reply:
        from chat.actions import sessions

        # A session is locked before files are: afterwards. If we die here, the dispatcher's job does it.
        transaction.on_commit(partial(sessions.begin, parse_id(frame.session)), robust=True)
    return {"seq": written.seq, "staff_seq": written.staff_seq, "at": written.at}


def _uploads(actor: Person, frame: incoming.MessageSend) -> list[escalation.StoredFile]:
    try:
        return escalation.take_up(actor, frame.files)
    except NotFound:
        if _is_said(actor, frame):  # by another window, while we waited for the files
            return []
        raise


def _said(actor: Person, frame: incoming.MessageSend) -> QuerySet[Message]:
    return Message.objects.filter(client_id=frame.id, session_id=parse_id(frame.session), author_id=actor.user_id)


def _is_said(actor: Person, frame: incoming.MessageSend) -> bool:
    return _said(actor, frame).exists()


def entry_of(actor: Person, frame: incoming.MessageSend) -> Entry:
    """A message frame as live_write() takes it."""
    if frame.kind is not None and not (actor.is_staff or actor.kind == "bot"):
        raise Forbidden
    return Entry(
        s=frame.session,
        i=frame.id,
        h=content_hash(frame),
        k=frame.kind or ("file" if frame.files else "text"),
        n=actor.name,
        t=frame.text,
        a=actor.user_id,
        r=frame.reply_to,
    )


def edit(*, actor: Person, frame: incoming.MessageEdit) -> dict[str, object]:
    """Change an own message within the limit; what it said stays as a trace for staff (C7)."""
    return _change(actor, frame, {"type": "edited", "of": frame.seq, "text": frame.text}, frame.text)


def delete(*, actor: Person, frame: incoming.MessageDelete) -> dict[str, object]:
    """Empty an own message within the limit; what it said stays as a trace for staff (C7)."""
    return _change(actor, frame, {"type": "deleted", "of": frame.seq}, None)


@transaction.atomic
def _change(
    actor: Person, frame: incoming.MessageEdit | incoming.MessageDelete, event: dict[str, str | int], text: str | None
) -> dict[str, object]:
    session_id = parse_id(frame.session)
    if actor.user_id is None:
        raise NotFound
    now = clock.now()
    entry = Entry(
        s=str(session_id), i=frame.id, h=content_hash(frame), k="event", n=actor.name, a=actor.user_id, e=event
    )
    # First the entry: live_write() takes the counter's lock, under which one edit at a time looks at the message.
    written = _write_as(actor, entry, now)
    if written.verdict == "new":
        _replace_text(_require_own(session_id, frame.seq, actor, now), text, written.at)
    return {"seq": written.seq, "at": written.at}


def _require_own(session_id: UUID, seq: int, actor: Person, now: datetime) -> Message:
    message = Message.objects.filter(session_id=session_id, seq=seq).first()
    if message is None or message.deleted_at is not None:
        raise NotFound
    if message.author_id != actor.user_id or message.kind not in ("text", "file"):
        raise Forbidden
    if now - message.at > timedelta(seconds=settings.EDIT_WINDOW_S):
        raise TooLateToChange
    return message


def _replace_text(message: Message, text: str | None, now: datetime) -> None:
    MessageVersion.objects.create(message=message, text=message.text, replaced_at=now)
    message.text = text or ""
    if text is not None:
        message.edited_at = now
    else:
        message.deleted_at = now
        if message.kind == "file":
            escalation.remove_files([message.pk])
        with connection.cursor() as cursor:
            cursor.execute(FORGET_IN_EVENTS, [message.session_id, message.seq])
    message.save(update_fields=["text", "edited_at", "deleted_at"])


def _write_as(actor: Person, entry: Entry, now: datetime, files: list[outgoing.FileView] | None = None) -> Written:
    """As _write(). To who reads along and is no member it is `forbidden`: they know that it is there (X1)."""
    try:
        return _write(entry, now, files)
    except NotFound:
        session_id = parse_id(entry.s)
        members = Member.objects.filter(session=session_id, user=actor.user_id)
        if not members.exists() and Session.objects.visible_to(actor).filter(pk=session_id).exists():
            raise Forbidden from None
        raise


def _write(entry: Entry, now: datetime, files: list[outgoing.FileView] | None = None) -> Written:
    """One entry, published on commit. Raises the refusal."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, [[entry.s], batch_of([entry]), now])
        written = Written(*cursor.fetchone())
    refusal = REFUSALS.get(written.verdict)
    if refusal is not None:
        raise refusal
    if written.verdict == "new":
        publish([item_of(message_of(entry, written, files))])
    return written


def _number(written: Written) -> int:
    number = written.seq if written.staff_seq is None else written.staff_seq
    if number is None:
        raise AssertionError("an entry that was written has a number")
    return number
