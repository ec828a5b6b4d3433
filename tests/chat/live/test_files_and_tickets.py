"""Files and tickets over the sockets, on two web processes (C5, C6, C8, C11)."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from asgiref.sync import sync_to_async

from chat.models import Message
from hub.accounts.models import User
from tests import people
from tests.chat.live.conftest import Stack
from tests.chat.live.harness import Client, Frame, clients, until
from tests.chat.live.world import make_chat
from tickets.files.uploads import take_whole
from tickets.models import FilePlace, Ticket

LOG = b"Line after line of a log.\n"


@pytest.fixture(autouse=True)
def _own_disk(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    settings.FILES_DISK_FREE_PERCENT_MIN = 0


def upload(user: User, name: str) -> str:
    return str(take_whole(people.person_of(user), name, LOG).pk)


def names_in(client: Client) -> list[list[str]]:
    return [[file["name"] for file in frame["files"]] for frame in client.of("message") if frame.get("files")]


def test_c8_a_file_reaches_the_other_side_and_comes_again_with_the_backlog(stack: Stack) -> None:
    chat = make_chat()
    file_id = upload(chat.customer, "error.log")

    async def go() -> None:
        async with clients((stack.a, chat.customer), (stack.b, chat.agent)) as (customer, agent):
            said = await customer.ask("message.send", session=chat.id, files=[file_id], text="Look")
            assert (said["type"], said.get("seq")) == ("ok", 1), said
            await until(lambda: names_in(agent) == [["error.log"]])
            page = await agent.ask("backlog", session=chat.id, after_seq=0, limit=10)
            (message,) = page["messages"]
            assert (message["kind"], [file["name"] for file in message["files"]]) == ("file", ["error.log"])
            later = await customer.say(chat.id, "and more")
            assert later["seq"] == 2, "one order for all"

    asyncio.run(go())


def test_c5_c6_the_same_message_with_a_file_on_two_processes_is_one(stack: Stack) -> None:
    chat = make_chat()
    file_id = upload(chat.customer, "error.log")

    async def go() -> None:
        async with clients((stack.a, chat.customer), (stack.b, chat.customer)) as (one, two):
            same: Frame = {"key": str(uuid4()), "session": chat.id, "files": [file_id]}
            answers = await asyncio.gather(one.ask("message.send", **same), two.ask("message.send", **same))
            assert [(answer["type"], answer.get("seq")) for answer in answers] == [("ok", 1)] * 2, answers
            assert await sync_to_async(Message.objects.filter(session=chat.session).count)() == 1
            assert await sync_to_async(FilePlace.objects.filter(file=UUID(file_id)).count)() == 1

    asyncio.run(go())


def test_x5_a_file_of_somebody_else_is_refused_and_nothing_is_said(stack: Stack) -> None:
    chat = make_chat()
    theirs = upload(people.make_customer("Piet"), "secret.log")

    async def go() -> None:
        async with clients((stack.a, chat.customer), (stack.b, chat.agent)) as (customer, agent):
            for files in ([theirs], ["1"], [str(uuid4())]):
                refused = await customer.ask("message.send", session=chat.id, files=files)
                assert (refused["type"], refused["code"]) == ("error", "not_found")
            assert (await agent.ask("backlog", session=chat.id, after_seq=0, limit=10))["messages"] == []

    asyncio.run(go())


def test_c11_escalate_answers_with_the_number_and_both_sides_read_it(stack: Stack) -> None:
    chat = make_chat()

    async def go() -> None:
        async with clients((stack.a, chat.customer), (stack.b, chat.agent)) as (customer, agent):
            await customer.say(chat.id, "It is on fire")
            request: Frame = {"key": str(uuid4()), "session": chat.id, "to": "ticket", "subject": "Fire"}
            first = await agent.ask("escalate", **request)
            again = await agent.ask("escalate", **request)
            assert first["type"] == "ok", first
            assert first["ticket"] == again["ticket"]
            for side in (customer, agent):
                await until(lambda side=side: [one for one in side.of("message") if one.get("event")])  # type: ignore[misc]
                (event,) = [one["event"] for one in side.of("message") if one.get("event")]
                assert (event["type"], event["number"]) == ("ticket", first["ticket"])
                await until(lambda side=side: side.of("session")[-1].get("ticket") == first["ticket"])  # type: ignore[misc]
            assert await sync_to_async(Ticket.objects.filter(session_id=chat.session.pk).count)() == 1
            assert (await agent.ask("escalate", session=chat.id, to="remote_help"))["code"] == "forbidden"

    asyncio.run(go())
