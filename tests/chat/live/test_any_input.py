"""Any bytes, any JSON, any order of valid frames: one answer each, no traceback, nothing of somebody else's changes."""

from __future__ import annotations

import asyncio
import functools
import json
from collections import Counter
from typing import Any, get_args
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.models import Member, Message, Session
from chat.wire import codec, incoming
from hub.accounts.models import User
from tests.chat.live.conftest import Stack
from tests.chat.live.frames import any_json, frames
from tests.chat.live.harness import LOAD, Client, Frame, until
from tests.chat.live.world import Chat, make_chat

slowly = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
MINE, OTHERS, UNKNOWN = "mine", "others", "unknown"
PLACES = [MINE, MINE, MINE, OTHERS, UNKNOWN, "nonsense"]
ANSWERS = ("ok", "error", "backlog")


async def settle(client: Client, answers: int) -> None:
    """Until so many answers have come, and a ping that was sent last is answered too."""
    await client.ws.send('{"type":"ping"}')
    await until(lambda: client.ws.close_code or (client.of("pong") and _answers(client) >= answers))


def _answers(client: Client) -> int:
    return sum(frame["type"] in ANSWERS for frame in client.frames)


@slowly
@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"])) | any_json().map(json.dumps), max_size=9))
def test_any_text_gets_one_error_and_only_what_is_no_json_closes(stack: Stack, texts: list[str]) -> None:
    chat = _chat()

    async def go() -> None:
        async with Client(stack.a, chat.customer, LOAD) as c:
            for text in texts:
                await c.ws.send(text)
            first = next((place for place, text in enumerate(texts) if not codec.is_json(text)), None)
            if first is None:
                await settle(c, len(texts))
                assert c.ws.close_code is None
            else:
                assert await c.closed() == 4010
            expected = len(texts) if first is None else first + 1
            assert [frame["code"] for frame in c.of("error")] == ["bad_frame"] * expected

    asyncio.run(go())


@slowly
@given(data=st.binary(max_size=300))
def test_any_bytes_get_one_error_and_4010(stack: Stack, data: bytes) -> None:
    chat = _chat()

    async def go() -> None:
        async with Client(stack.a, chat.customer, LOAD) as c:
            await c.ws.send(data)
            assert await c.closed() == 4010
            assert [frame["code"] for frame in c.of("error")] == ["bad_frame"]

    asyncio.run(go())


@slowly
@given(sent=st.lists(frames(get_args(incoming.FromVisitor), PLACES), min_size=1, max_size=12))
def test_any_order_of_a_visitors_frames(stack: Stack, sent: list[Frame]) -> None:
    chat = make_chat()
    _try(stack, chat, chat.customer, sent)


@slowly
@given(sent=st.lists(frames(get_args(incoming.FromStaff), PLACES), min_size=1, max_size=12))
def test_any_order_of_an_agents_frames(stack: Stack, sent: list[Frame]) -> None:
    chat = make_chat()
    _try(stack, chat, chat.agent, sent)


def _try(stack: Stack, chat: Chat, user: User, sent: list[Frame]) -> None:
    others = _others()
    before = _state(others)
    places = {MINE: chat.id, OTHERS: others.id, UNKNOWN: str(uuid4())}
    ready = [_placed(frame, places) for frame in sent]
    expected = [frame["id"] for frame in ready if "id" in frame]
    # Each frame is as the schema has it; but the address for a ticket may still be none.
    addressed = [frame["id"] for frame in ready if frame["type"] == "escalate"]

    async def go() -> None:
        async with Client(stack.a, user, LOAD) as client:
            for frame in ready:
                await client.ws.send(json.dumps(frame, ensure_ascii=False))
            await settle(client, len(expected))
            assert client.ws.close_code is None
            answered = Counter(frame["re"] for frame in client.frames if frame["type"] in ANSWERS)
            assert answered == Counter(expected)
            wrong = [
                error
                for error in client.of("error")
                if error["code"] == "internal" or (error["code"] == "bad_frame" and error.get("re") not in addressed)
            ]
            assert wrong == []
            told = {frame["session"] for frame in client.frames if frame["type"] in ("message", "session", "backlog")}
            assert others.id not in told

    asyncio.run(go())
    assert _state(others) == before, "a stranger changed it"


def _placed(frame: Frame, places: dict[str, str]) -> Frame:
    """With real ids for the places, also inside `resume`."""

    def put(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: places.get(one, one) if key == "session" else put(one) for key, one in value.items()}
        return [put(one) for one in value] if isinstance(value, list) else value

    placed: Frame = put(frame)
    return placed


def _state(chat: Chat) -> list[object]:
    members = list(Member.objects.filter(session=chat.session).order_by("pk").values())
    messages = Message.objects.filter(session=chat.session).count()
    return [Session.objects.values().get(pk=chat.session.pk), members, messages]


@functools.cache
def _chat() -> Chat:
    """One for all examples that change nothing of it."""
    return make_chat()


@functools.cache
def _others() -> Chat:
    return make_chat()
