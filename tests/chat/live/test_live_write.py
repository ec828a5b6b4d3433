"""live_write(), the one statement of the hot path, by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection

from chat.entries import STATEMENT, Entry, Written, batch_of
from chat.models import Counter, Member, Message
from hub.base import clock
from tests.chat.live.world import Chat, end, join, make_chat
from tests.people import make_agent, make_customer

pytestmark = pytest.mark.django_db


def entry(
    chat: Chat, author: int | None, text: str = "hello", *, key: UUID | None = None, content: str = "00", **more: object
) -> Entry:
    fields: dict[str, object] = {"k": "text", "n": "Someone", **more}
    return Entry(s=chat.id, i=key or uuid4(), h=content * 16, t=text, a=author, **fields)  # type: ignore[arg-type]


def write(*entries: Entry, at: datetime | None = None) -> list[Written]:
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, [[one.s for one in entries], batch_of(entries), at or clock.now()])
        return [Written(*row) for row in cursor.fetchall()]


def test_a_batch_over_several_sessions_is_numbered_without_gaps_c5() -> None:
    one, two = make_chat(), make_chat()
    rows = write(
        entry(one, one.customer.pk),
        entry(two, two.agent.pk),
        entry(one, one.agent.pk),
        entry(one, one.customer.pk),
        entry(two, two.customer.pk),
    )
    assert [(row.verdict, row.seq) for row in rows] == [("new", 1), ("new", 1), ("new", 2), ("new", 3), ("new", 2)]
    assert [write(entry(one, one.customer.pk))[0].seq, Counter.objects.get(session=one.session).last_seq] == [4, 4]


def test_notes_have_a_sequence_of_their_own() -> None:
    chat = make_chat()
    rows = write(
        entry(chat, chat.agent.pk),
        entry(chat, chat.agent.pk, k="note"),
        entry(chat, chat.customer.pk),
        entry(chat, chat.agent.pk, k="note"),
    )
    assert [(row.seq, row.staff_seq) for row in rows] == [(1, None), (None, 1), (2, None), (None, 2)]


def test_the_same_id_is_one_message_and_other_content_is_a_conflict_c5() -> None:
    chat, key = make_chat(), uuid4()
    first = write(entry(chat, chat.customer.pk, key=key))[0]
    again = write(entry(chat, chat.customer.pk, key=key))[0]
    other = write(entry(chat, chat.customer.pk, "other", key=key, content="11"))[0]
    elses = write(entry(chat, chat.agent.pk, key=key))[0]
    assert (again.verdict, again.seq, again.at) == ("done", first.seq, first.at)
    assert (other.verdict, other.seq) == ("conflict", None)
    assert (elses.verdict, elses.seq) == ("new", 2), "an id is unique per sender"
    assert Message.objects.filter(session=chat.session).count() == 2


def test_who_may_write_is_decided_at_commit_x2() -> None:
    chat, stranger, watcher = make_chat(), make_customer(), make_agent()
    join(chat.session, watcher, Member.Side.WATCHER)
    unknown = Entry(s=str(uuid4()), i=uuid4(), h="00" * 16, k="text", n="", t="x", a=chat.customer.pk)
    verdicts = [
        row.verdict
        for row in write(
            unknown,
            entry(chat, stranger.pk),
            entry(chat, chat.customer.pk, k="note"),
            entry(chat, watcher.pk),
            entry(chat, watcher.pk, k="whisper"),
        )
    ]
    assert verdicts == ["not_found", "not_found", "forbidden", "forbidden", "new"]
    Member.objects.filter(user=chat.agent).update(gone=True)
    assert write(entry(chat, chat.agent.pk))[0].verdict == "forbidden"


def test_an_ended_session_takes_events_and_notes_only() -> None:
    chat = make_chat()
    end(chat)
    rows = write(
        entry(chat, chat.customer.pk),
        entry(chat, chat.agent.pk, k="note"),
        entry(chat, None, "", k="event", e={"type": "ended"}, y="system"),
    )
    assert [row.verdict for row in rows] == ["ended", "new", "new"]
    assert rows[2].author_kind == "system"


def test_a_reply_must_be_to_something_that_is_there() -> None:
    chat = make_chat()
    assert write(entry(chat, chat.customer.pk, r=1))[0].verdict == "not_found"
    write(entry(chat, chat.customer.pk))
    assert write(entry(chat, chat.agent.pk, r=1))[0].verdict == "new"


def test_only_the_agents_first_message_is_the_first_reply_m2() -> None:
    chat = make_chat()
    rows = write(
        entry(chat, chat.customer.pk),
        entry(chat, chat.agent.pk, k="note"),
        entry(chat, chat.agent.pk),
        entry(chat, chat.agent.pk),
    )
    assert [row.first_reply for row in rows] == [False, False, True, False]
    assert write(entry(chat, chat.agent.pk))[0].first_reply is False
    counter = Counter.objects.get(session=chat.session)
    assert counter.replied_at == rows[2].at
    assert counter.last_customer_at == rows[0].at


def test_time_never_runs_back_within_a_session() -> None:
    chat, now = make_chat(), clock.now()
    late = write(entry(chat, chat.customer.pk), at=now)[0]
    early = write(entry(chat, chat.agent.pk), at=now - timedelta(seconds=5))[0]
    assert early.at == late.at == now
