"""What a socket follows, and that nothing of it is left in the exchange when it is gone."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from chat.consumers.core import core
from chat.consumers.exchange import Exchange
from chat.consumers.following import Followed
from chat.consumers.outbox import Door, Event, Outbox
from chat.consumers.visitor import VisitorSocket
from chat.wire import BadFrame, FromClient
from hub.accounts.access import SYSTEM
from hub.accounts.tokens import Claims

FOLLOWED = {"0190f3c2-0000-7000-8000-000000000001": Followed("customer", 3, 0)}


class Topics(Exchange):
    @property
    def listened_to(self) -> set[str]:
        return set(self._members)


def test_a_socket_that_left_while_the_database_was_asked_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The look at who follows what waits for PostgreSQL; meanwhile a socket may close."""

    async def go() -> None:
        exchange = Topics(healed=lambda: None, told=lambda _: None)
        monkeypatch.setattr(core, "exchange", exchange, raising=False)
        socket = VisitorSocket(decode=_nothing)
        socket.outbox = Outbox(_send, Door())
        socket.claims = Claims(side="visitor", expires_at=0, user_id=1)
        socket.person = replace(SYSTEM, kind="customer", user_id=1)
        assert socket.may_see(FOLLOWED) == list(FOLLOWED)
        assert exchange.listened_to

        socket.outbox.stopProducing()
        socket.left()
        assert socket.may_see(FOLLOWED) == []
        assert not exchange.listened_to

    asyncio.run(go())


async def _send(event: Event) -> None:
    """A peer that reads everything."""


def _nothing(text: str) -> FromClient:
    raise BadFrame
