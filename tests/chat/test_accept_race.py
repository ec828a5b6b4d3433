"""Real connections at once: an accept is decided once (C4), and so is everything else that two may want."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from chat.actions import queue, sessions
from chat.models import Member, Message, Session
from chat.wire import incoming
from hub.base.errors import DomainError, Ended, Taken
from tests import people
from tests.builders import a_world

AGENTS = 8


def at_once(deeds: list[Callable[[], Any]]) -> list[Any]:
    """Run them all from one starting shot; what each gave or raised, in order."""
    answers: list[Any] = [None] * len(deeds)
    shot = threading.Barrier(len(deeds))

    def run(place: int, deed: Callable[[], Any]) -> None:
        shot.wait(60)
        try:
            answers[place] = deed()
        except DomainError as refused:
            answers[place] = refused
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    return answers


@pytest.mark.django_db(transaction=True)
def test_of_many_who_accept_at_once_one_has_it_and_the_others_learn_who() -> None:
    """C4: decided once, atomically; who was late sees who has it."""
    with a_world() as world:
        support = world.department()
        agents = [world.agent(support, name=f"Agent {number}") for number in range(AGENTS)]
        chats = [world.customer().starts(support, "Hello?") for _ in range(3)]
        for chat in chats:
            frame = [incoming.SessionAccept(id=uuid.uuid4(), session=str(chat.pk)) for _ in agents]
            answers = at_once(
                [
                    lambda person=agent.person, asked=one: queue.accept(actor=person, frame=asked)  # type: ignore[misc]
                    for agent, one in zip(agents, frame, strict=True)
                ]
            )
            chat.refresh_from_db()
            winners = [agent for agent, answer in zip(agents, answers, strict=True) if isinstance(answer, dict)]
            assert [winner.id for winner in winners] == [chat.agent_id]
            late = [answer for answer in answers if isinstance(answer, Taken)]
            assert len(late) == AGENTS - 1
            assert {refused.params["by"] for refused in late} == {winners[0].user.name}
            assert Message.objects.filter(session=chat, event__type="joined").count() == 1
            assert list(Member.objects.filter(session=chat, side="agent").values_list("user", flat=True)) == [
                chat.agent_id
            ]


@pytest.mark.django_db(transaction=True)
def test_two_dispatchers_offer_a_session_once() -> None:
    """C4: leadership is for economy; two at once are safe."""
    with a_world() as world:
        support = world.department()
        for number in range(2):
            world.agent(support, name=f"Agent {number}")
        chats = [world.customer().starts(support, "Hello?") for _ in range(4)]
        offered = sum(at_once([queue.route for _ in range(4)]))
        rung = Session.objects.filter(pk__in=[chat.pk for chat in chats], state="offered").count()
        assert offered == rung == 4


@pytest.mark.django_db(transaction=True)
def test_both_sides_end_at_once_and_it_ends_once() -> None:
    """C12."""
    with a_world() as world:
        support = world.department(price_m=1000)
        marko, sanne = world.agent(support), world.customer(credits=10)
        chat = sanne.starts(support, "Hello?")
        marko.accepts(chat)
        marko.says(chat, "Hello!")
        answers = at_once(
            [
                lambda person=who.person: sessions.end(  # type: ignore[misc]
                    actor=person, frame=incoming.SessionEnd(id=uuid.uuid4(), session=str(chat.pk))
                )
                for who in (marko, sanne, marko, sanne)
            ]
        )
        assert sum(isinstance(answer, dict) for answer in answers) == 1
        assert sum(isinstance(answer, Ended) for answer in answers) == 3
        assert Message.objects.filter(session=chat, event__type="ended").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_first_starts_of_one_visitor_make_one_person() -> None:
    """An unsigned visitor has no row before the first start."""
    with a_world() as world:
        support = world.department()
        visitor = people.visitor_person()
        frames = [incoming.SessionStart(id=uuid.uuid4(), department=str(support.pk)) for _ in range(4)]
        answers = at_once(
            [lambda one=frame: sessions.start(actor=visitor, frame=one) for frame in frames]  # type: ignore[misc]
        )
        assert all(isinstance(answer, dict) for answer in answers)
        assert Session.objects.values("customer").distinct().count() == 1
