"""The client keeps the protocol's word, against a server made of a script: C6 on the client's side."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.typing import Subprotocol

from tests.faults.checker import Entry
from tests.faults.client import Client, Frame, new_id

SESSION = "0193"


class Script:
    """A server with one session whose answers the test chooses. Everything it is sent is in `heard`."""

    def __init__(self) -> None:
        self.messages: list[Frame] = []
        self.heard: list[Frame] = []
        self.lines: list[ServerConnection] = []
        self.is_mute = False
        self.stored = asyncio.Event()

    async def serve(self, line: ServerConnection) -> None:
        self.lines.append(line)
        async for text in line:
            frame = json.loads(text)
            self.heard.append(frame)
            await self.answer(line, frame)

    async def answer(self, line: ServerConnection, frame: Frame) -> None:
        if frame["type"] == "hello":
            await say(line, type="welcome", protocol=1)
            after = next((entry["after_seq"] for entry in frame["resume"]), 0)
            for message in self.messages[after:]:
                await say(line, **message)
        elif frame["type"] == "message.send":
            known = next((message for message in self.messages if message["id"] == frame["id"]), None)
            stored = known or self.store(frame["text"], frame["id"])
            if not self.is_mute:
                await say(line, type="ok", re=frame["id"], seq=stored["seq"])
        elif frame["type"] == "backlog":
            found = self.messages[frame["after_seq"] :][:2]
            more = len(self.messages) > frame["after_seq"] + 2
            await say(line, type="backlog", re=frame["id"], session=SESSION, messages=found, more=more)

    def store(self, text: str, message_id: str = "") -> Frame:
        seq = len(self.messages) + 1
        frame = {"type": "message", "session": SESSION, "seq": seq, "kind": "text", "text": text}
        self.messages.append({**frame, "id": message_id or f"m{seq}"})
        self.stored.set()
        return self.messages[-1]


async def say(line: ServerConnection, **frame: Any) -> None:
    await line.send(json.dumps(frame))


@asynccontextmanager
async def script_and_client() -> AsyncIterator[tuple[Script, Client]]:
    script = Script()
    server: Server
    async with serve(script.serve, "127.0.0.1", 0, subprotocols=[Subprotocol("balie.v1")]) as server:
        url = f"http://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}/"
        async with Client([url], "token", "visitor", name="me") as client:
            await client.opened()
            yield script, client


async def test_unanswered_messages_are_sent_again_with_the_same_id() -> None:
    """C6"""
    async with script_and_client() as (script, client):
        script.is_mute = True
        sent = client.send(SESSION, "hello")
        await script.stored.wait()
        script.is_mute = False
        await client.drop()
        answer = await asyncio.wait_for(sent, 10)
        sends = [frame for frame in script.heard if frame["type"] == "message.send"]
    assert answer["seq"] == 1
    assert len({frame["id"] for frame in sends}) == 1
    assert len(sends) == 2
    assert [fact.kind for fact in client.history.facts] == ["invoke", "unknown", "ok"]


async def test_resumes_after_what_it_shows() -> None:
    """C6"""
    async with script_and_client() as (script, client):
        await say(script.lines[0], **script.store("one"))
        await client.shows(SESSION, 1)
        script.store("two")
        await client.drop()
        shown = await client.shows(SESSION, 2)
    hellos = [frame["resume"] for frame in script.heard if frame["type"] == "hello"]
    assert hellos == [[], [{"session": SESSION, "after_seq": 1}]]
    assert [entry.text for entry in shown] == ["one", "two"]


async def test_a_gap_is_filled_before_anything_later_is_shown() -> None:
    """C5"""
    async with script_and_client() as (script, client):
        for text in ("one", "two", "three", "four"):
            script.store(text)
        await say(script.lines[0], **script.messages[3])
        shown = await client.shows(SESSION, 4)
    assert [entry.seq for entry in shown] == [1, 2, 3, 4]
    assert client.catch_ups == 2


async def test_a_beat_that_knows_more_makes_it_ask() -> None:
    """F5: a deaf socket heals."""
    async with script_and_client() as (script, client):
        script.store("one")
        await say(script.lines[0], type="beat", sessions={SESSION: 1})
        assert [entry.text for entry in await client.shows(SESSION, 1)] == ["one"]


async def test_a_double_is_dropped_and_a_contradiction_is_kept() -> None:
    async with script_and_client() as (script, client):
        await say(script.lines[0], **script.store("one"))
        await say(script.lines[0], **script.messages[0])
        await say(script.lines[0], **{**script.messages[0], "id": "other"})
        await say(script.lines[0], **script.store("two"))
        shown = await client.shows(SESSION, 2)
    assert shown == [Entry(1, "m1", "one"), Entry(2, "m2", "two")]
    assert client.timeline(SESSION).conflicts == ["seq 1 is m1 and other"]


def test_ids_are_uuid_version_7() -> None:
    ids = [new_id() for _ in range(50)]
    assert len(set(ids)) == 50
    assert all(one[14] == "7" and one[19] in "89ab" for one in ids)
