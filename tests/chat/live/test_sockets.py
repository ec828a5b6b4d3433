"""What happens over the sockets beside messages: sessions, requests that come twice, leases, boards, visitors."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import websockets
from channels_redis.pubsub import RedisPubSubChannelLayer
from django.conf import settings
from django.db.models import F
from websockets.asyncio.client import ClientConnection
from websockets.typing import Subprotocol

from chat.models import Lease, Process, Session
from chat.presence import signs_of_life
from hub.accounts.actions.api_tokens import create_token, revoke_own_token
from hub.accounts.models import DepartmentStaff, User
from hub.accounts.tokens import issue, read
from hub.base import clock
from hub.base.publish import EVENT, Item, by_group, pack_items
from tests.chat.live.conftest import Stack
from tests.chat.live.harness import LOAD, Client, Frame, Web, clients, token, until
from tests.chat.live.world import make_chat
from tests.people import make_agent, make_customer, make_department, make_manager, person_of
from tests.promises import SLACK, promised

UNSUPPORTED: list[Frame] = [
    {"type": "react", "seq": 1, "emoji": "👍", "on": True},
    {"type": "session.transfer", "to": {"agent": "1"}},
    {"type": "session.invite"},
    {"type": "session.watch"},
    {"type": "session.join"},
    {"type": "session.takeover"},
    {"type": "session.leave"},
    {"type": "escalate", "to": "remote_help"},
]


def test_start_accept_and_reply_over_two_processes(stack: Stack) -> None:
    """Customer on one process, agents on the other: `ok` first, then the `session` frame, and none that is older than
    one before it; who is late hears who.
    """
    department = make_department()
    customer, marko, ana = (
        make_customer(),
        make_agent(departments=[department]),
        make_agent("Ana", departments=[department]),
    )

    async def go() -> None:
        async with clients((stack.a, customer), (stack.b, marko), (stack.b, ana)) as (c, g, late):
            for agent in (g, late):
                assert (await agent.ask("presence.set", status="online"))["type"] == "ok"
            started = await c.ask("session.start", department=str(department.pk), text="It is on fire")
            assert started["type"] == "ok", started
            session = started["session"]
            await until(lambda: c.of("session"))
            kinds = [frame["type"] for frame in c.frames if frame.get("re") or frame["type"] == "session"]
            assert kinds[:2] == ["ok", "session"]
            assert (await g.ask("session.accept", session=session))["type"] == "ok"
            taken = await late.ask("session.accept", session=session)
            assert (taken["code"], taken.get("by")) == ("taken", marko.name)
            await until(lambda: c.of("session")[-1]["state"] == "active")
            told = [(frame["last_seq"], frame["state"]) for frame in c.of("session")]
            assert told == sorted(told, key=lambda one: (one[0], ["queued", "offered", "active"].index(one[1]))), told
            assert (await g.say(session, "Which one?"))["type"] == "ok"
            await until(lambda: any(frame.get("text") == "Which one?" for frame in c.of("message")))
            await until(lambda: Session.objects.get(pk=session).started_at is not None)
            assert (await c.ask("session.end", session=session))["type"] == "ok"
            await until(lambda: g.of("session")[-1]["state"] == "ended")

    asyncio.run(go())


def test_a_request_that_comes_twice_is_done_once(stack: Stack) -> None:
    department, customer = make_department(), make_customer()

    async def go() -> None:
        async with clients((stack.a, customer), (stack.b, customer)) as (one, two):
            key = str(uuid4())
            frame = {"department": str(department.pk), "text": "hello"}
            first, second = await asyncio.gather(
                one.ask("session.start", key=key, **frame), two.ask("session.start", key=key, **frame)
            )
            assert first == second
            assert first["type"] == "ok"
            other = await one.ask("session.start", key=key, department=str(department.pk), text="other")
            assert other["code"] == "conflict"

    asyncio.run(go())
    assert Session.objects.filter(customer=customer).count() == 1


def test_what_comes_later_is_forbidden_now(stack: Stack) -> None:
    chat = make_chat()

    async def go() -> None:
        async with clients((stack.a, chat.customer), (stack.b, chat.agent), scopes=LOAD) as (c, g):
            for frame in UNSUPPORTED:
                fields = {name: value for name, value in frame.items() if name != "type"}
                answer = await g.ask(frame["type"], session=chat.id, **fields)
                assert answer["code"] == "forbidden", frame
            consent = await c.ask("consent", session=chat.id, offer="1", agree=True)
            assert consent["code"] == "forbidden"

    asyncio.run(go())


def test_an_unsigned_visitor_is_someone_from_the_first_start(stack: Stack) -> None:
    department, key = make_department(), str(uuid4())

    async def go() -> None:
        async with _visitor(stack.a, key) as line:
            welcome = await _ask(line, {"type": "hello", "protocol": 1}, "welcome")
            assert welcome["you"]["kind"] == "visitor"
            started = await _ask(
                line,
                {"type": "session.start", "id": str(uuid4()), "department": str(department.pk), "text": "hi"},
                "ok",
            )
            said = {"type": "message.send", "id": str(uuid4()), "session": started["session"], "text": "more"}
            assert (await _ask(line, said, "ok"))["seq"] == 2
        async with _visitor(stack.b, key) as line:
            welcome = await _ask(line, {"type": "hello", "protocol": 1}, "welcome")
            assert welcome["sessions"] == [started["session"]], "the place survives a reload"

    asyncio.run(go())
    assert User.objects.filter(visitor_key=key).count() == 1


def test_leases_come_and_go_with_the_sockets_d1(stack: Stack) -> None:
    """Rows in PostgreSQL: there within 2 s, closed within 2 s of the last socket."""
    chat = make_chat()

    def lease() -> Lease | None:
        return Lease.objects.filter(user=chat.agent, side="staff").first()

    async def go() -> None:
        async with clients((stack.a, chat.agent), (stack.a, chat.agent)) as (one, two):
            with promised(2, "the lease"):
                await until(lambda: lease() is not None, 2 * SLACK)
            found = lease()
            assert found is not None
            assert found.closed_at is None
            beat_at = Process.objects.get(pk=found.process_id).beat_at
            with promised(1 + 1, "the next beat"):
                await until(lambda: Process.objects.get(pk=found.process_id).beat_at > beat_at, 2 * SLACK)
            await one.ws.close()
            seen = found.seen_at
            await until(lambda: _pings(two) and lease().seen_at > seen)  # type: ignore[union-attr]
            assert lease().closed_at is None  # type: ignore[union-attr]  # the other tab is still open
        with promised(2, "the end of the lease"):
            await until(lambda: lease().closed_at is not None, 2 * SLACK)  # type: ignore[union-attr]

    asyncio.run(go())


@pytest.mark.parametrize("how", ["reload", "kill -9"])
def test_who_comes_back_is_there_on_the_first_board_d1(stack: Stack, how: str) -> None:
    """D1: the board is read after the lease is written, whatever second of the clockwork it is."""
    chat = make_chat()

    def is_there() -> bool:
        sign = signs_of_life([chat.agent.pk], Lease.Side.STAFF, clock.now()).get(chat.agent.pk)
        return sign is not None and sign.there

    async def first_status() -> str:
        async with Client(stack.a, chat.agent) as g:
            assert (await g.ask("board.subscribe", topic=str(chat.department.pk)))["type"] == "ok"
            await until(lambda: g.of("board"))
            status: str = g.of("board")[0]["agents"][str(chat.agent.pk)]["status"]
            assert (await g.ask("presence.set", status="online"))["type"] == "ok"
            return status

    async def go() -> None:
        assert await first_status() == "offline", "who never chose a status"
        if how == "kill -9":
            stack.a.kill()
        await until(lambda: not is_there())
        if how == "kill -9":
            stack.a.start()
        async with Client(stack.a, chat.customer):
            # Leases have just been written; unless somebody asks, the next time is most of a second away.
            await until(Lease.objects.filter(user=chat.customer, closed_at=None).exists)
            assert await first_status() == "online"

    asyncio.run(go())


def _pings(client: Client) -> bool:
    """A sign of life, sent while we wait."""
    client.post({"type": "ping"})
    return True


def test_live_events_applied_to_an_old_snapshot_equal_a_fresh_one(stack: Stack) -> None:
    """What a reader makes of `message` frames is what `backlog` says (one shape per thing on the wire)."""
    chat = make_chat()

    async def go() -> None:
        async with clients((stack.a, chat.customer), (stack.b, chat.agent), scopes=LOAD) as (c, g):
            await c.say(chat.id, "one")
            await c.say(chat.id, "two")
            await until(lambda: g.contiguous(chat.id) == 2)
            page = await g.ask("backlog", session=chat.id, limit=200)
            heard = len(g.frames)
            await c.ask("message.edit", session=chat.id, seq=1, text="one, better")
            await c.ask("message.delete", session=chat.id, seq=2)
            await c.say(chat.id, "three", reply_to=1)
            await c.ask("message.edit", session=chat.id, seq=5, text="three!")
            await until(lambda: g.contiguous(chat.id) == 6)
            snapshot = {frame["seq"]: frame for frame in page["messages"]}
            for frame in g.frames[heard:]:
                if frame["type"] == "message":
                    _apply(snapshot, frame)
            fresh = await g.ask("backlog", session=chat.id, limit=200)
            assert list(snapshot.values()) == fresh["messages"]

    asyncio.run(go())


def _apply(snapshot: dict[int, Frame], frame: Frame) -> None:
    snapshot[frame["seq"]] = frame
    event = frame.get("event") or {}
    changed = snapshot.get(event.get("of", 0))
    if changed is None:
        return
    if event["type"] == "edited":
        changed |= {"text": event["text"], "edited_at": frame["at"]}
    elif event["type"] == "deleted":
        changed.pop("text", None)
        changed["deleted_at"] = frame["at"]
        for other in snapshot.values():
            earlier = other.get("event") or {}
            if earlier.get("of") == event["of"]:
                earlier.pop("text", None)


def test_a_board_is_seen_by_its_own_staff_alone_d2(stack: Stack) -> None:
    chat, other = make_chat(), make_chat()

    async def go() -> None:
        async with Client(stack.a, chat.agent) as g:
            assert (await g.ask("board.subscribe", topic=str(chat.department.pk)))["type"] == "ok"
            await until(lambda: g.of("board"))
            board = g.of("board")[0]
            assert board["full"] is True
            assert list(board["sessions"]) == [chat.id]
            assert (await g.ask("board.subscribe", topic=str(other.department.pk)))["code"] == "not_found"
            assert (await g.ask("board.subscribe", topic="all"))["code"] == "forbidden"
            assert (await g.ask("board.unsubscribe", topic=str(chat.department.pk)))["type"] == "ok"

    asyncio.run(go())


def test_a_manager_who_becomes_an_agent_sees_the_agents_board_x2(stack: Stack) -> None:
    """X2, P5: within 5 s the board is the thinner one, and what only managers may see does not come any more."""
    department = make_department()
    manager = make_manager(departments=[department])

    async def go() -> None:
        async with Client(stack.a, manager) as m:
            topic = str(department.pk)
            assert (await m.ask("board.subscribe", topic=topic))["type"] == "ok"
            await until(lambda: m.of("board"))
            await asyncio.to_thread(_demote, manager)
            with promised(5, "the other board"):
                await until(lambda: len(m.of("board")) == 2, 5 * SLACK)
            assert m.of("board")[1]["full"] is True
            news = [(name, f'{{"type":"board","on":"{name}"}}') for name in (f"b:{topic}:managers", f"b:{topic}")]
            await _publish(stack, news)
            await until(lambda: len(m.of("board")) > 2)
            assert [frame["on"] for frame in m.of("board")[2:]] == [f"b:{topic}"]

    asyncio.run(go())


async def _publish(stack: Stack, items: list[Item]) -> None:
    """As a process beside the stack's own."""
    configured: dict[str, Any] = settings.CHANNEL_LAYERS["default"]["CONFIG"]  # type: ignore[assignment]
    layer = RedisPubSubChannelLayer(**{**configured, "hosts": [stack.valkey.url]})
    for group, some in by_group(items).items():
        await layer.group_send(group, {"type": EVENT, "node": "", "items": pack_items(some)})


def _demote(manager: User) -> None:
    DepartmentStaff.objects.filter(user=manager).update(is_manager=False)
    User.objects.filter(pk=manager.pk).update(level="agent", rights_version=F("rights_version") + 1)


@pytest.mark.parametrize("path", ["/ws/", "/ws/visitor", "/elsewhere/"])
def test_another_path_is_no_endpoint(stack: Stack, path: str) -> None:
    async def go() -> None:
        with pytest.raises(websockets.InvalidStatus):
            await websockets.connect(f"ws://127.0.0.1:{stack.a.port}{path}")

    asyncio.run(go())


def test_an_expired_token_ends_its_socket(stack: Stack) -> None:
    chat = make_chat()

    async def go() -> None:
        offered = [Subprotocol("balie.v1"), Subprotocol("bearer." + token(chat.customer, seconds=2))]
        url = f"ws://127.0.0.1:{stack.a.port}/ws/visitor/"
        async with websockets.connect(url, subprotocols=offered) as line:
            await _ask(line, {"type": "hello", "protocol": 1}, "welcome")
            await asyncio.wait_for(line.wait_closed(), 10)
            assert line.close_code == 4001

    asyncio.run(go())


def test_a_revoked_api_token_ends_its_sockets_x2(stack: Stack) -> None:
    """X2, P9: within 5 s, without a frame being sent; the same person's other token goes on."""
    agent = make_agent(departments=[make_department()])
    tokens = [create_token(person_of(agent), user=agent, name="Till", wanted_scopes=["chat"]) for _ in range(2)]

    async def go() -> None:
        async with _staff(stack.a, tokens[0]) as line, _staff(stack.a, tokens[1]) as other:
            for one in (line, other):
                await _ask(one, {"type": "hello", "protocol": 1}, "welcome")
            await asyncio.to_thread(_revoke, agent, tokens[0])
            with promised(5, "the end of the socket"):
                await asyncio.wait_for(line.wait_closed(), 5 * SLACK)
            assert line.close_code == 4001
            await _ask(other, {"type": "ping"}, "pong")

    asyncio.run(go())


def _revoke(agent: User, token: str) -> None:
    claims = read(token)
    assert claims is not None
    revoke_own_token(person_of(agent), UUID(str(claims.token_id)))


@contextlib.asynccontextmanager
async def _staff(web: Web, bearer: str) -> AsyncIterator[ClientConnection]:
    offered = [Subprotocol("balie.v1"), Subprotocol(f"bearer.{bearer}")]
    async with websockets.connect(f"ws://127.0.0.1:{web.port}/ws/staff/", subprotocols=offered) as line:
        yield line


@contextlib.asynccontextmanager
async def _visitor(web: Web, key: str) -> AsyncIterator[ClientConnection]:
    bearer = issue(side="visitor", lifetime=timedelta(hours=1), visitor_key=key)
    offered = [Subprotocol("balie.v1"), Subprotocol(f"bearer.{bearer}")]
    async with websockets.connect(f"ws://127.0.0.1:{web.port}/ws/visitor/", subprotocols=offered) as line:
        yield line


async def _ask(line: ClientConnection, frame: dict[str, Any], kind: str) -> Frame:
    """The next frame of this kind; an error is none of them."""
    await line.send(json.dumps(frame))
    while True:
        answer: Frame = json.loads(await asyncio.wait_for(line.recv(), 15))
        assert answer["type"] != "error", answer
        if answer["type"] == kind:
            return answer
