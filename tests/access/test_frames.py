"""X1 over sockets: somebody else's session answers as one that does not exist, for every frame and every role.

A frame that this table does not know fails the first test: whoever adds a frame says here what it may touch.
"""

import asyncio
import contextlib
import typing
from collections.abc import AsyncIterator

import msgspec
import pytest

from chat.wire import codec, incoming
from tests.access.people import Cast, Role, cast_of
from tests.faults.client import Client, Frame, Refused, Side, new_id
from tests.faults.world import Chat, open_chat
from tests.running import RunningHub

# What a frame needs besides its id and the session.
ABOUT_A_SESSION: dict[str, Frame] = {
    "message.send": {"text": "I should not be here"},
    "message.edit": {"seq": 1, "text": "changed"},
    "message.delete": {"seq": 1},
    "react": {"seq": 1, "emoji": "👍", "on": True},
    "backlog": {"after_seq": 0, "limit": 10},
    "session.end": {},
    "session.reopen": {},
    "limit.ask": {},
    "session.rate": {"score": 1},
    "consent": {"offer": "1", "agree": True},
    "session.accept": {},
    "session.decline": {},
    "session.transfer": {"to": {"department": "1"}},
    "session.invite": {},
    "session.watch": {},
    "session.join": {},
    "session.takeover": {},
    "session.leave": {},
    "session.wrapup": {"outcome": "solved"},
    "meter.pause": {},
    "meter.resume": {},
    "meter.grant": {"seconds": 60, "reason": "because"},
    "meter.waive": {"reason": "because"},
    "escalate": {"to": "ticket"},
}
WITHOUT_AN_ANSWER: dict[str, Frame] = {"typing": {"on": True}, "read": {"seq": 1}}
# Named in the protocol, built later: nobody may use them yet.
COMES_LATER = {
    "react",
    "consent",
    "session.transfer",
    "session.invite",
    "session.watch",
    "session.join",
    "session.takeover",
    "session.leave",
}
# Colleagues see on the board who has a chat, and who is late for it is told (C4).
TOLD_ON_PURPOSE = {("a colleague", "session.accept")}
ABOUT_A_TOPIC = {"board.subscribe", "board.unsubscribe"}
ABOUT_ONESELF = {"hello", "ping", "session.start", "presence.set"}


def frames_of(side: Side) -> set[str]:
    union = incoming.FromVisitor if side == "visitor" else incoming.FromStaff
    return {str(kind.__struct_config__.tag) for kind in typing.get_args(union)}


def test_x1_every_frame_is_in_the_table() -> None:
    known = ABOUT_A_SESSION.keys() | WITHOUT_AN_ANSWER.keys() | ABOUT_A_TOPIC | ABOUT_ONESELF
    offered = frames_of("visitor") | frames_of("staff")
    print(f"frames: {len(known & offered)} of {len(offered)} in a table")
    assert frames_of("visitor") | frames_of("staff") == known


def test_the_table_holds_valid_frames() -> None:
    for side in typing.get_args(Side):
        decode = codec.decode_visitor if side == "visitor" else codec.decode_staff
        for kind, fields in (ABOUT_A_SESSION | WITHOUT_AN_ANSWER).items():
            if kind in frames_of(side):
                identity = {} if kind in WITHOUT_AN_ANSWER else {"id": new_id()}
                decode(msgspec.json.encode({"type": kind, "session": new_id(), **identity, **fields}).decode())


@contextlib.asynccontextmanager
async def somebodys_chat(hub: RunningHub, cast: Cast) -> AsyncIterator[Chat]:
    async with open_chat(hub, cast.pair) as chat:
        await chat.settle()
        yield chat


@contextlib.asynccontextmanager
async def window_of(hub: RunningHub, role: Role) -> AsyncIterator[Client]:
    async with Client([hub.url], role.token, role.side, name=role.name) as client:
        await client.opened()
        yield client


async def told(client: Client, kind: str, session: str) -> Frame:
    """What the server says, without what differs from request to request."""
    try:
        answer = await client.ask(kind, session=session, **ABOUT_A_SESSION[kind])
    except Refused as refused:
        answer = refused.frame
    return {name: value for name, value in answer.items() if name not in ("re", "reference", "session")}


@pytest.mark.faults
async def test_x1_a_session_of_others_answers_as_one_that_is_not_there(hub: RunningHub) -> None:
    """X1, X2: whoever may not see it cannot even learn that it exists; and nothing of it changes."""
    cast = await asyncio.to_thread(cast_of, hub)
    async with somebodys_chat(hub, cast) as chat:
        before = (chat.agent.sessions[chat.session]["state"], await asyncio.to_thread(chat.stored))
        found = [line for role in cast.strangers for line in await _differences(hub, role, chat.session)]
        assert found == []
        await chat.settle()
        assert (chat.agent.sessions[chat.session]["state"], await asyncio.to_thread(chat.stored)) == before
        assert not [frame for frame in chat.customer.frames if frame["type"] in ("typing", "read")]


async def _differences(hub: RunningHub, role: Role, session: str) -> list[str]:
    found: list[str] = []
    async with window_of(hub, role) as client:
        for kind in sorted(frames_of(role.side) & ABOUT_A_SESSION.keys()):
            theirs, nowhere = await told(client, kind, session), await told(client, kind, new_id())
            if (role.name, kind) in TOLD_ON_PURPOSE:
                continue
            if theirs != nowhere:
                found.append(f"{role.name}, {kind}: {theirs}, but for an unknown one {nowhere}")
            if theirs.get("code") != ("forbidden" if kind in COMES_LATER else "not_found"):
                found.append(f"{role.name}, {kind}: {theirs}")
        await _all_heard(client)
        for kind, fields in WITHOUT_AN_ANSWER.items():
            client.post(kind, session=session, **fields)
        await _all_heard(client)
        shown = [frame for frame in client.frames if frame.get("session") == session]
        found += [f"{role.name} was sent {frame}" for frame in shown]
    return found


async def _all_heard(client: Client) -> None:
    """Frames of a socket are answered in order, so after this answer there is nothing to come."""
    with pytest.raises(Refused):
        await client.ask("backlog", session=new_id(), after_seq=0, limit=1)


@pytest.mark.faults
async def test_x1_resuming_a_session_of_others_brings_nothing(hub: RunningHub) -> None:
    """X1: `hello` names sessions too."""
    cast = await asyncio.to_thread(cast_of, hub)
    async with somebodys_chat(hub, cast) as chat:
        for role in cast.strangers:
            async with window_of(hub, role) as client:
                client.timeline(chat.session)  # from here on its hello asks for it
                await client.drop()
                await client.until(lambda client=client: client.welcomes == 2, what="a second welcome")  # type: ignore[misc]
                await _all_heard(client)
                assert [frame for frame in client.frames if frame.get("session") == chat.session] == []


@pytest.mark.faults
async def test_x1_a_board_of_others_answers_as_one_that_is_not_there(hub: RunningHub) -> None:
    cast = await asyncio.to_thread(cast_of, hub)
    for role in cast.strangers:
        if role.side == "visitor" or cast.pair.department in role.departments:
            continue
        async with window_of(hub, role) as client:
            answers = []
            for topic in (cast.pair.department, "999999999", "nothing"):
                with pytest.raises(Refused) as refused:
                    await client.ask("board.subscribe", topic=topic)
                answers.append(refused.value.code)
            assert answers == ["not_found"] * 3
