"""Sweeps, agents, customers and the dispatcher at the same wallets and sessions, on connections of their own."""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connections

from chat import jobs
from chat.actions import messages, meter_news, meters, sessions
from chat.models import Session
from chat.wire import incoming
from credits.metering.audit import find_offences
from credits.metering.tick import tick
from hub.base.errors import DomainError
from tests.builders import Actor, World, a_world, now_of

SECONDS = 4.0
SEED = 20_261_121


class Hammer:
    """Deeds that are done over and over by threads; a refusal is an answer, a database error is not."""

    def __init__(self) -> None:
        self.errors: list[BaseException] = []
        self.done = 0
        self._until = time.monotonic() + SECONDS

    def swing(self, deeds: list[Callable[[], object]], seed: int) -> None:
        chosen = random.Random(seed)
        try:
            while time.monotonic() < self._until:
                try:
                    chosen.choice(deeds)()
                    self.done += 1
                except DomainError:
                    self.done += 1
        except DatabaseError as broken:
            self.errors.append(broken)
        finally:
            connections.close_all()


def running_chats(world: World, number: int, *, price_m: int = 1) -> tuple[Actor, list[tuple[Actor, Session]]]:
    support = world.department(price_m=price_m)
    marko = world.agent(support, capacity=50)
    pairs = []
    for _ in range(number):
        sanne = world.customer(credits=1)
        chat = sanne.starts(support, "Hello?")
        marko.accepts(chat)
        marko.says(chat, "Hello!")
        pairs.append((sanne, chat))
    return marko, pairs


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_in_a_circle() -> None:
    """M4, M5, L3: sessions before meters before wallets; what credits says takes no lock. The audit stays clean."""
    with a_world() as world:
        marko, pairs = running_chats(world, 4)
        agent = marko.person

        def on(chat: Session) -> list[Callable[[], object]]:
            key = str(chat.pk)
            return [
                lambda: meters.pause(actor=agent, frame=incoming.MeterPause(id=uuid.uuid4(), session=key)),
                lambda: meters.resume(actor=agent, frame=incoming.MeterResume(id=uuid.uuid4(), session=key)),
                lambda: messages.send(actor=agent, frame=incoming.MessageSend(id=uuid.uuid4(), session=key, text="x")),
                lambda: sessions.reopen(actor=agent, frame=incoming.SessionReopen(id=uuid.uuid4(), session=key)),
                lambda: sessions.end(actor=agent, frame=incoming.SessionEnd(id=uuid.uuid4(), session=key)),
            ]

        hammer = Hammer()
        acts = [deed for _, chat in pairs for deed in on(chat)]
        moves: list[Callable[[], object]] = [
            lambda: world._travel.advance(seconds=7),
            tick,
            jobs.hear_meters,
            jobs.settle_ended,
            jobs.begin_answered,
            jobs.route,
        ]
        work = [acts, acts, acts, moves, moves]
        threads = [threading.Thread(target=hammer.swing, args=(deeds, SEED + n)) for n, deeds in enumerate(work)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(SECONDS + 90)
        assert not hammer.errors
        assert hammer.done > 50
        tick()
        assert not list(find_offences())


@pytest.mark.django_db(transaction=True)
def test_one_session_that_fails_holds_up_nobody_and_grace_ends_in_real_transactions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """M4: locks are taken in their order when a grace is over; a broken session is logged and passed by."""
    with a_world() as world:
        _, pairs = running_chats(world, 3, price_m=1000)
        broken = pairs[0][1].pk
        settle = meter_news._obey

        def fails_for_one(session: Session, what: meter_news.What) -> None:
            if session.pk == broken:
                raise RuntimeError("on purpose")
            settle(session, what)

        monkeypatch.setattr(meter_news, "_obey", fails_for_one)
        world.runs(minutes=4)
        states = {chat.pk: now_of(chat)[0] for _, chat in pairs}
        assert states.pop(broken) == "active"
        assert set(states.values()) == {"ended"}
        assert not list(find_offences())
