"""What a socket follows and tells when it is cut short: nothing of it is kept, and nothing of what it did is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID, uuid4

import psycopg
import pytest

from chat.actions import sessions
from chat.consumers.core import core
from chat.consumers.exchange import Exchange
from chat.consumers.following import Followed
from chat.consumers.outbox import Door, Event, Outbox
from chat.consumers.visitor import VisitorSocket
from chat.consumers.writer import Line, Waiting, Writer
from chat.entries import Entry, Written
from chat.wire import incoming, outgoing
from chat.wire.codec import BadFrame
from chat.wire.incoming import FromClient
from hub.accounts.access import SYSTEM
from hub.accounts.tokens import Claims
from hub.base import publish
from hub.base.errors import DomainError
from hub.base.publish import Item

FOLLOWED = {"0190f3c2-0000-7000-8000-000000000001": Followed("customer", 3, 0)}


class Topics(Exchange):
    def accept(self, items: Iterable[Item]) -> None:
        self.accepted = list(items)

    @property
    def listened_to(self) -> set[str]:
        return set(self._members)


def test_a_socket_that_left_while_the_database_was_asked_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The look at who follows what waits for PostgreSQL; meanwhile a socket may close."""

    async def go() -> None:
        exchange, socket = _signed_in(monkeypatch)
        assert socket.may_see(FOLLOWED) == list(FOLLOWED)
        assert exchange.listened_to

        socket.outbox.stopProducing()
        socket.left()
        assert socket.may_see(FOLLOWED) == []
        assert not exchange.listened_to

    asyncio.run(go())


def test_what_was_committed_is_published_though_the_socket_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database is away for the look at who follows what, just after it has committed an end."""
    frame = incoming.SessionEnd(id=uuid4(), session="1")
    items = [(publish.CONTROL, '{"users":[1],"what":"refresh"}'), ("s:1", '{"type":"session"}')]

    async def fails(user_id: int | None) -> dict[str, Followed]:
        raise OSError("away")

    async def go() -> None:
        exchange, socket = _signed_in(monkeypatch)
        monkeypatch.setattr("chat.consumers.socket._perform", lambda *_: (outgoing.Ok(re=frame.id), items))
        monkeypatch.setattr(core, "followed", fails)
        socket.greeted = True
        with pytest.raises(OSError, match="away"):
            await socket._act(frame, sessions.end)
        assert exchange.accepted == items

    asyncio.run(go())


class Reader:
    def __init__(self) -> None:
        self.heard: list[str] = []

    def put(self, text: str, /) -> None:
        self.heard.append(text)


def test_d2_a_frame_for_a_session_and_for_its_agent_is_heard_once() -> None:
    exchange = Exchange(healed=lambda: None, told=lambda _: None)
    agent, colleague, rung = Reader(), Reader(), Reader()
    for topic, reader in (("s:1:staff", agent), ("u:1", agent), ("s:1:staff", colleague), ("u:2", rung)):
        exchange.join(topic, reader)
    exchange.accept([("s:1:customer", "C"), ("s:1:staff", "S"), ("u:1", "S"), ("u:2", "S"), ("u:1", "T"), ("u:1", "S")])
    assert (agent.heard, colleague.heard, rung.heard) == (["S", "T", "S"], ["S"], ["S"])


class Sender(Reader):
    user_id: int | None = 1

    def refuse(self, refusal: DomainError, re: UUID | None) -> None:
        self.heard.append(refusal.code)

    def fail(self, failed: BaseException, re: UUID | None) -> None:
        self.heard.append("internal")


class Refusing(Line):
    async def write(self, entries: list[Entry]) -> list[Written]:
        raise psycopg.DataError


def test_c6_what_the_database_refuses_is_answered_however_often_it_was_sent() -> None:
    """The same frame twice in one batch: both wait for an answer."""
    writer = Writer("", Exchange(healed=lambda: None, told=lambda _: None), writers=1, replied=lambda _: None)
    sender = Sender()
    entry = Entry(s="1", i=uuid4(), h="", k="text", n="Sanne", a=1)
    asyncio.run(writer._write([Waiting(sender, entry), Waiting(sender, entry)], Refusing("")))
    assert sender.heard == ["internal", "internal"]


def _signed_in(monkeypatch: pytest.MonkeyPatch) -> tuple[Topics, VisitorSocket]:
    exchange = Topics(healed=lambda: None, told=lambda _: None)
    monkeypatch.setattr(core, "exchange", exchange, raising=False)
    socket = VisitorSocket(decode=_nothing)
    socket.outbox = Outbox(_send, Door())
    socket.claims = Claims(side="visitor", expires_at=0, user_id=1)
    socket.person = replace(SYSTEM, kind="customer", user_id=1)
    return exchange, socket


async def _send(event: Event) -> None:
    """A peer that reads everything."""


def _nothing(text: str) -> FromClient:
    raise BadFrame
