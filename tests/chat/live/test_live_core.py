"""The promises of the live core, with real processes: idempotency, order, resume, kill -9, rights, limits, poison."""

from __future__ import annotations

import asyncio
import json
import random
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import UUID, uuid4

import psycopg
import pytest
import websockets
from django.db import connection
from websockets.typing import Subprotocol

from chat.entries import STATEMENT, Entry, batch_of
from chat.models import Counter, Member, Message
from hub.base import clock
from tests import people
from tests.chat.live.conftest import Stack
from tests.chat.live.harness import LOAD, Client, clients, database_url, token, until
from tests.chat.live.world import end, make_chat
from tests.promises import SLACK, promised


def stored(session: str) -> dict[int, str]:
    """What PostgreSQL has, which is gapless (C5)."""
    found = Message.objects.filter(session_id=UUID(session)).order_by("seq")
    rows = {row.seq or 0: str(row.client_id) for row in found}
    assert list(rows) == list(range(1, len(rows) + 1)), "gaps"
    assert Counter.objects.get(session_id=UUID(session)).last_seq == len(rows)
    return rows


def test_the_same_id_at_once_on_two_processes_is_one_message_c5(stack: Stack) -> None:
    chat = make_chat()

    async def go() -> None:
        async with Client(stack.a, chat.customer, LOAD) as a, Client(stack.b, chat.customer, LOAD) as b:
            for number in range(60):
                key = uuid4()
                one, two = await asyncio.gather(a.say(chat.id, "same", key), b.say(chat.id, "same", key))
                assert one == two
                assert one["seq"] == number + 1
            assert (await a.say(chat.id, "other", key))["code"] == "conflict"
            again = uuid4()
            pair = await asyncio.gather(a.say(chat.id, "x", again), b.say(chat.id, "y", again))
            assert sorted(frame["type"] for frame in pair) == ["error", "ok"]

    asyncio.run(go())
    assert len(stored(chat.id)) == 61


def test_two_processes_write_the_same_sessions_in_one_order_c5(stack: Stack) -> None:
    chats = [make_chat() for _ in range(8)]

    async def talk(client: Client, session: str) -> None:
        for number in range(40):
            assert (await client.say(session, f"{number}"))["type"] == "ok"

    async def go() -> None:
        people = [(web, user) for chat in chats for web, user in ((stack.a, chat.customer), (stack.b, chat.agent))]
        async with clients(*people, scopes=LOAD) as open_clients:
            sessions = [chat.id for chat in chats for _ in range(2)]
            pairs = list(zip(open_clients, sessions, strict=True))
            await asyncio.gather(*[talk(client, session) for client, session in pairs])
            await until(lambda: all(client.contiguous(session) == 80 for client, session in pairs))
            for client, session in pairs:
                assert dict(sorted(client.seen[session].items())) == stored(session)

    asyncio.run(go())


def test_the_statement_does_not_deadlock(stack: Stack) -> None:
    """Two connections, the same 100 sessions in shuffled batches; without the fixed order this fails at once."""
    chats = [make_chat() for _ in range(100)]
    url = database_url()

    def write(_: int) -> None:
        with psycopg.connect(url, autocommit=True) as db:
            for _ in range(40):
                some = random.sample(chats, 80)
                rows = [
                    Entry(s=chat.id, i=uuid4(), h="00" * 16, k="text", n="", t="x", a=chat.customer.pk) for chat in some
                ]
                db.execute(STATEMENT, ([chat.id for chat in some], batch_of(rows), clock.now()))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, range(2)))
    assert sum(len(stored(chat.id)) for chat in chats) == 2 * 40 * 80


def test_a_client_that_was_away_catches_up_on_another_process_c6(stack: Stack) -> None:
    chat = make_chat()

    async def go() -> None:
        async with Client(stack.a, chat.customer) as customer:
            async with Client(stack.b, chat.agent) as agent:
                await customer.say(chat.id, "1")
                await until(lambda: agent.contiguous(chat.id) == 1)
            for _ in range(5):
                await customer.say(chat.id, "while away")
            back = Client(stack.a, chat.agent)
            back.seen = agent.seen
            async with back:
                await until(lambda: back.contiguous(chat.id) == 6)
                assert len(back.of("message")) == 5, "what it had is not sent again"

    asyncio.run(go())


def test_a_client_that_was_away_long_pages_through_the_backlog_c6(stack: Stack) -> None:
    chat = make_chat()

    async def go() -> None:
        async with Client(stack.a, chat.customer, LOAD) as customer:
            await asyncio.gather(*[customer.say(chat.id, f"{number}") for number in range(250)])
            async with Client(stack.b, chat.agent, LOAD) as agent:
                await agent.ws.send(
                    json.dumps({"type": "hello", "protocol": 1, "resume": [{"session": chat.id, "after_seq": 0}]})
                )
                await until(lambda: agent.contiguous(chat.id) == 100)
                page = await agent.ask("backlog", session=chat.id, after_seq=100, limit=200)
                assert [frame["seq"] for frame in page["messages"]] == list(range(101, 251))
                assert page["more"] is False
                newest = await agent.ask("backlog", session=chat.id, limit=3)
                assert [frame["seq"] for frame in newest["messages"]] == [248, 249, 250]
                assert newest["more"] is True
                before = await agent.ask("backlog", session=chat.id, before_seq=3, limit=3)
                assert [frame["seq"] for frame in before["messages"]] == [1, 2]
                assert before["more"] is False

    asyncio.run(go())


def test_a_page_of_backlog_may_be_larger_than_what_may_come_in(stack: Stack) -> None:
    chat = make_chat()

    async def go() -> None:
        async with Client(stack.a, chat.customer, LOAD) as c:
            await asyncio.gather(*[c.say(chat.id, "😀" * 8000) for _ in range(45)])
            page = await c.ask("backlog", session=chat.id, limit=200)
            assert [len(frame["text"]) for frame in page["messages"]] == [8000] * 37
            assert page["more"] is True
            assert page["messages"][-1]["seq"] == 45

    asyncio.run(go())


def test_notes_reach_staff_alone(stack: Stack) -> None:
    chat = make_chat()

    async def go() -> None:
        async with clients((stack.a, chat.customer), (stack.b, chat.agent), (stack.a, chat.agent)) as (c, g, other):
            answer = await g.say(chat.id, "not for the customer", kind="note")
            assert answer["staff_seq"] == 1
            assert "seq" not in answer
            await g.say(chat.id, "for the customer")
            await until(lambda: c.contiguous(chat.id) == 1 and other.of("message"))
            assert [frame["text"] for frame in c.of("message")] == ["for the customer"]
            await until(lambda: {"note", "text"} == {frame["kind"] for frame in other.of("message")})
            assert (await c.say(chat.id, "x", kind="note"))["code"] == "forbidden"
            page = await c.ask("backlog", session=chat.id, limit=10)
            assert [frame["kind"] for frame in page["messages"]] == ["text"]
            page = await g.ask("backlog", session=chat.id, limit=10)
            assert sorted(frame["kind"] for frame in page["messages"]) == ["note", "text"]

    asyncio.run(go())


def test_rights_are_decided_at_commit_x2(stack: Stack) -> None:
    chat, other, hub_owner = make_chat(), make_chat(), people.make_owner()

    async def go() -> None:
        async with clients((stack.a, chat.customer), (stack.b, chat.agent), (stack.a, hub_owner)) as (c, g, reader):
            assert (await reader.say(chat.id, "I read along"))["code"] == "forbidden"
            assert [(await one.say(str(uuid4()), "not there"))["code"] for one in (reader, g)] == ["not_found"] * 2
            for unknown in (str(uuid4()), other.id, "nonsense"):
                assert (await c.say(unknown, "not mine"))["code"] == "not_found"
                assert (await c.ask("backlog", session=unknown, limit=1))["code"] == "not_found"
            Member.objects.filter(session=chat.session, user=chat.agent).update(gone=True)
            assert (await g.say(chat.id, "too late"))["code"] == "forbidden"
            end(chat)
            assert (await c.say(chat.id, "too late"))["code"] == "ended"

    asyncio.run(go())
    assert not stored(chat.id)


def test_who_is_no_member_any_more_hears_nothing_more_x2(stack: Stack) -> None:
    chat = make_chat()

    async def go() -> None:
        async with clients((stack.a, chat.customer), (stack.b, chat.agent)) as (c, g):
            Member.objects.filter(session=chat.session, user=chat.agent).update(gone=True)
            beats = len(g.of("beat"))
            await until(lambda: len(g.of("beat")) > beats + 1)  # the next may have been read before the change
            await c.say(chat.id, "between us")
            beats = len(g.of("beat"))
            await until(lambda: len(g.of("beat")) > beats)
            assert not g.of("message")

    asyncio.run(go())


@pytest.mark.parametrize(
    ("change", "code"), [({"is_active": False}, 4003), ({"sign_in_version": 99}, 4001)], ids=["suspended", "signed out"]
)
def test_rights_taken_away_end_open_sockets_within_5_s_x2(stack: Stack, change: dict[str, object], code: int) -> None:
    chat = make_chat()

    async def go() -> None:
        async with Client(stack.a, chat.agent) as g:
            type(chat.agent).objects.filter(pk=chat.agent.pk).update(rights_version=2, **change)
            with promised(5, "the end of the socket"):
                assert await g.closed(5 * SLACK) == code

    asyncio.run(go())


def test_ten_bad_frames_in_a_minute_or_one_that_is_no_json_close_4010(stack: Stack) -> None:
    chat = make_chat()

    async def go() -> None:
        async with Client(stack.a, chat.customer) as c:
            for number in range(9):
                await c.ws.send(json.dumps({"type": "typing", "session": chat.id, "on": True, "more": number}))
            await until(lambda: len(c.of("error")) == 9)
            assert (await c.say(chat.id, "still here"))["type"] == "ok"
            await c.ws.send('{"type":"message.send","id":"1"}')
            assert await c.closed() == 4010
            assert [frame["code"] for frame in c.of("error")] == ["bad_frame"] * 10
        for junk in ("hello", b'{"type":"ping"}', "{"):
            async with Client(stack.a, chat.customer) as c:
                await c.ws.send(junk)
                assert await c.closed() == 4010
                assert [frame["code"] for frame in c.of("error")] == ["bad_frame"]

    asyncio.run(go())


def test_a_frame_over_64_kib_is_too_large_and_the_socket_stays(stack: Stack) -> None:
    chat = make_chat()

    async def go() -> None:
        async with Client(stack.a, chat.customer) as c:
            assert (await c.say(chat.id, "x" * 66_000))["code"] == "too_large"
            assert (await c.say(chat.id, "é" * 33_000))["code"] == "too_large"
            assert (await c.say(chat.id, "x" * 8001))["code"] == "bad_frame"
            assert (await c.say(chat.id, "😀" * 8000))["type"] == "ok"

    asyncio.run(go())


def test_too_fast_is_said_and_then_closed_4029_x6(stack: Stack) -> None:
    chat = make_chat()

    async def go() -> None:
        async with Client(stack.a, chat.customer) as v:
            for _ in range(60):
                await v.ws.send(json.dumps({"type": "typing", "session": chat.id, "on": True}))
            assert await v.closed() == 4029
            errors = v.of("error")
            assert {frame["code"] for frame in errors} == {"too_fast"}
            assert all(frame["retry_after_ms"] > 0 for frame in errors)

    asyncio.run(go())


@pytest.mark.parametrize("bad", ["x.y", "", "bearer", "AAAA.BBBB"])
def test_a_bad_token_is_accepted_and_closed_4001(stack: Stack, bad: str) -> None:
    async def go() -> None:
        url = f"ws://127.0.0.1:{stack.a.port}/ws/staff/"
        offered = [Subprotocol("balie.v1"), Subprotocol(f"bearer.{bad}")]
        async with websockets.connect(url, subprotocols=offered) as socket:
            assert socket.subprotocol == "balie.v1"
            await socket.wait_closed()
            assert socket.close_code == 4001

    asyncio.run(go())


def test_a_wrong_origin_is_refused_with_403_x2(stack: Stack) -> None:
    async def go() -> None:
        url = f"ws://127.0.0.1:{stack.a.port}/ws/visitor/"
        for origin in ("https://evil.example", f"http://127.0.0.1:{stack.b.port}", "null"):
            with pytest.raises(websockets.InvalidStatus) as refused:
                await websockets.connect(url, additional_headers={"Origin": origin})
            assert refused.value.response.status_code == 403
        own = {"Origin": f"http://127.0.0.1:{stack.a.port}"}
        async with websockets.connect(url, additional_headers=own) as socket:
            await socket.wait_closed()
            assert socket.close_code == 4001

    asyncio.run(go())


def test_a_token_of_the_other_side_is_not_allowed(stack: Stack) -> None:
    chat = make_chat()

    async def go() -> None:
        customer = Client(stack.a, chat.customer)
        offered = [Subprotocol("balie.v1"), Subprotocol("bearer." + token(chat.customer))]
        async with websockets.connect(customer.path.replace("visitor", "staff"), subprotocols=offered) as socket:
            await socket.wait_closed()
            assert socket.close_code == 4003

    asyncio.run(go())


def test_the_oldest_of_six_sockets_of_a_visitor_goes_4009(stack: Stack) -> None:
    chat = make_chat()

    async def go() -> None:
        async with clients(*[(stack.a, chat.customer)] * 6) as six:
            assert await six[0].closed() == 4009
            assert (await six[5].say(chat.id, "the newest"))["type"] == "ok"
            assert [client.ws.close_code for client in six[1:]] == [None] * 5

    asyncio.run(go())


@pytest.mark.parametrize("text", ["nul \0", "\ud800"], ids=["nul", "surrogate"])
def test_poison_hurts_only_its_sender(stack: Stack, text: str) -> None:
    chat = make_chat()

    async def go() -> None:
        async with Client(stack.a, chat.customer) as c:
            good = [asyncio.create_task(c.say(chat.id, "fine")) for _ in range(5)]
            assert (await c.say(chat.id, text))["code"] == "bad_frame"
            assert all(frame["type"] == "ok" for frame in await asyncio.gather(*good))
            assert (await c.say(chat.id, "still here"))["type"] == "ok"

    asyncio.run(go())
    assert len(stored(chat.id)) == 6


def test_a_lost_database_connection_is_not_noticed(stack: Stack) -> None:
    chat = make_chat()

    async def go() -> None:
        async with Client(stack.a, chat.customer, LOAD) as c:
            sends = [asyncio.create_task(c.say(chat.id, f"{number}")) for number in range(300)]
            await until(lambda: len(c.ok) > 20)
            with connection.cursor() as cursor:
                cursor.execute(
                    "select count(pg_terminate_backend(pid)) from pg_stat_activity "
                    "where query like '%%live_write%%' and pid <> pg_backend_pid() and datname = current_database()"
                )
                assert cursor.fetchone()[0] >= 1
            assert all(frame["type"] == "ok" for frame in await asyncio.gather(*sends))

    asyncio.run(go())
    assert len(stored(chat.id)) == 300


def test_kill_9_loses_no_acknowledged_message_c5(stack: Stack) -> None:
    """Process A dies under load, twice; clients send what was not acked again, with the same id, through B."""
    chats = [make_chat() for _ in range(6)]
    acked: dict[str, tuple[str, int]] = {}
    each = 80

    async def talk(session: str, user: object) -> None:
        todo = [uuid4() for _ in range(each)]
        process = stack.a
        while todo:
            try:
                async with Client(process, user, LOAD) as c:  # type: ignore[arg-type]
                    while todo:
                        frame = await c.say(session, str(todo[0]), todo[0])
                        acked[str(todo.pop(0))] = (session, frame["seq"])
            except (OSError, websockets.WebSocketException, asyncio.CancelledError, TimeoutError):
                process = stack.b if process is stack.a else stack.a

    async def go() -> None:
        work = asyncio.gather(*[talk(chat.id, user) for chat in chats for user in (chat.customer, chat.agent)])
        for enough in (each * 2, each * 6):
            await until(partial(_more_than, acked, enough))
            stack.a.kill()
            await asyncio.to_thread(stack.a.start)
        await work

    asyncio.run(go())
    for chat in chats:
        rows = stored(chat.id)
        assert len(rows) == 2 * each
        assert all(acked[key] == (chat.id, seq) for seq, key in rows.items())


def _more_than(acked: dict[str, tuple[str, int]], enough: int) -> bool:
    return len(acked) > enough


def test_typing_and_read_marks_reach_the_other_side_c7(stack: Stack) -> None:
    chat = make_chat()

    async def go() -> None:
        async with clients((stack.a, chat.customer), (stack.b, chat.agent)) as (c, g):
            await g.ws.send(json.dumps({"type": "typing", "session": chat.id, "on": True}))
            await until(lambda: c.of("typing"))
            assert c.of("typing")[0] == {"type": "typing", "session": chat.id, "who": str(chat.agent.pk), "on": True}
            await c.say(chat.id, "one")
            await until(lambda: g.contiguous(chat.id) == 1)
            await g.ws.send(json.dumps({"type": "read", "session": chat.id, "seq": 999}))
            await until(lambda: c.of("read"))
            assert c.of("read")[0]["seq"] == 1, "never beyond what is there"
            await g.ws.send(json.dumps({"type": "ping", "at": 12345}))
            await until(lambda: g.of("pong"))
            assert g.of("pong")[0]["at"] == 12345

    asyncio.run(go())
    assert Member.objects.get(session=chat.session, user=chat.agent).read_seq == 1


def test_edit_and_delete_are_entries_of_their_own_c7(stack: Stack) -> None:
    chat = make_chat()

    async def go() -> None:
        async with clients((stack.a, chat.customer), (stack.b, chat.agent)) as (c, g):
            await c.say(chat.id, "helo")
            key = str(uuid4())
            first = await c.ask("message.edit", key=key, session=chat.id, seq=1, text="hello")
            again = await c.ask("message.edit", key=key, session=chat.id, seq=1, text="hello")
            assert first["seq"] == again["seq"] == 2
            await until(lambda: g.contiguous(chat.id) == 2)
            assert g.of("message")[-1]["event"] == {"type": "edited", "of": 1, "text": "hello"}
            page = await g.ask("backlog", session=chat.id, limit=10)
            assert page["messages"][0]["text"] == "hello"
            assert "edited_at" in page["messages"][0]
            assert (await g.ask("message.edit", session=chat.id, seq=1, text="x"))["code"] == "forbidden"
            assert (await c.ask("message.delete", session=chat.id, seq=9))["code"] == "not_found"
            assert (await c.ask("message.delete", session=chat.id, seq=1))["seq"] == 3
            page = await g.ask("backlog", session=chat.id, limit=10)
            assert "text" not in page["messages"][0]
            assert "text" not in page["messages"][1]["event"]

    asyncio.run(go())
    message = Message.objects.get(session=chat.session, seq=1)
    assert [version.text for version in message.versions.order_by("pk")] == ["helo", "hello"]


def test_errors_are_in_the_readers_language(stack: Stack) -> None:
    chat = make_chat()
    type(chat.customer).objects.filter(pk=chat.customer.pk).update(language="nl")

    async def go() -> None:
        async with clients((stack.a, chat.customer), (stack.a, chat.agent)) as (c, g):
            dutch = await c.say(str(uuid4()), "x")
            english = await g.say(str(uuid4()), "x")
            assert (dutch["code"], english["code"]) == ("not_found", "not_found")
            assert dutch["message"] != english["message"]

    asyncio.run(go())


def test_a_deploy_says_bye_and_4012(stack: Stack) -> None:
    chat = make_chat()

    async def go() -> None:
        async with Client(stack.b, chat.customer) as c:
            stopped = asyncio.create_task(asyncio.to_thread(stack.b.terminate))
            assert await c.closed() == 4012
            assert c.frames[-1]["type"] == "bye"
            assert 0 <= c.frames[-1]["retry_after_ms"] <= 30_000
            await stopped

    try:
        with promised(15, "a deploy"):
            asyncio.run(go())
    finally:
        stack.b.start()
