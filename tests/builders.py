"""A hub in miniature: people who act, time that passes, and what each of them got to see.

world = World(time)
support = world.department(price_m=2000)
marko = world.agent(support)
sanne = world.customer(credits=10)
chat = sanne.starts(support, "My printer is on fire")
marko.accepts(chat)
marko.says(chat, "Which one?")
world.runs(minutes=3)
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from django.test import TestCase

from chat import jobs
from chat.actions import absence, messages, meters, presence, queue, sessions
from chat.models import Counter, Lease, Message, Process, Session
from chat.wire import incoming, vocabulary
from credits import public as money
from credits.metering.hub_time import beat
from credits.metering.tick import tick
from hub.accounts.access import Person
from hub.accounts.models import Department, User
from hub.base import clock
from hub.base.publish import CONTROL, Item, captured
from tests import people
from tickets.files import uploads

STEP_S = 5
LONG_STEP_S = 14  # the hub counts more than 15 s without a beat as its own outage


@contextmanager
def committed() -> Iterator[None]:
    """Run what waits for a commit, as if the test's transaction had committed."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        yield


class World:
    """Time, the web process and the dispatcher. Whoever is here keeps giving signs of life while it runs."""

    def __init__(self, travel: clock.Travel, published: list[Item] | None = None) -> None:
        self._travel = travel
        self.published: list[Item] = published if published is not None else []
        self.process = Process.objects.create(id=uuid.uuid4(), beat_at=clock.now())
        self.here: set[Actor] = set()
        self.web_lives = True
        beat(clock.now())

    def department(self, *, price_m: int = 0, **terms: int) -> Department:
        made = people.make_department()
        if price_m:
            money.set_price(made.pk, replace(money.Price(price_m, block_seconds=60), **terms))
        return made

    def customer(self, name: str = "Sanne de Vries", *, credits: float = 0, here: bool = True, **fields: Any) -> Actor:
        return self._enter(people.make_customer(name, **fields), "visitor", here, credits)

    def visitor(self, *, here: bool = True) -> Actor:
        return self._enter(people.make_visitor(), "visitor", here, 0)

    def agent(
        self,
        *departments: Department,
        name: str = "Marko Horvat",
        status: vocabulary.PresenceStatus = "online",
        **more: Any,
    ) -> Actor:
        made = self._enter(people.make_agent(name, departments=departments), "staff", here=True, credits=0)
        made.is_now(status, **more)
        return made

    def manager(self, *departments: Department, name: str = "Giulia Conti") -> Actor:
        return self._enter(people.make_manager(name, departments=departments), "staff", here=True, credits=0)

    def owner(self) -> Actor:
        return self._enter(people.make_owner(), "staff", here=True, credits=0)

    def _enter(self, user: User, side: str, here: bool, credits: float) -> Actor:
        actor = Actor(self, user, side)
        if credits:
            actor.gets_credits(credits)
        if here:
            actor.comes()
        return actor

    # -- time ---------------------------------------------------------------------------------

    def runs(self, *, seconds: float = 0, minutes: float = 0) -> None:
        """The hub is up: people give signs of life, and the dispatcher does its work every few seconds."""
        left = seconds + minutes * 60
        while left > 0:
            step = min(left, STEP_S if left <= 60 else LONG_STEP_S)
            self._travel.advance(seconds=step)
            left -= step
            self._signs_of_life()
            self.dispatches()

    def passes(self, *, minutes: float) -> None:
        """As `runs` where nothing is to happen on the way, which is quicker: the dispatcher looks for work at the end.

        For what a test begins with. Nobody is warned or ended in between.
        """
        left = minutes * 60
        while left > 0:
            step = min(left, LONG_STEP_S)
            self._travel.advance(seconds=step)
            left -= step
            Process.objects.filter(pk=self.process.pk).update(beat_at=clock.now())
            beat(clock.now())
            absence.open_eyes(clock.now())
        self._signs_of_life()
        self.dispatches()

    def is_down(self, *, seconds: float = 0, minutes: float = 0) -> None:
        """Nothing of the hub lives for so long."""
        self._travel.advance(seconds=seconds, minutes=minutes)

    def web_is_down(self, *, seconds: float) -> None:
        """The dispatcher lives, and no web process does: nobody can give a sign of life."""
        self.web_lives = False
        self.runs(seconds=seconds)
        self.web_lives = True

    def dispatches(self) -> None:
        """What the dispatcher's leader does each second."""
        with committed():
            tick()
            for job in (
                jobs.hear_meters,
                jobs.watch,
                jobs.route,
                jobs.let_paid_in,
                jobs.begin_answered,
                jobs.watch_silence,
                jobs.settle_ended,
            ):
                job()

    def _signs_of_life(self) -> None:
        if not self.web_lives:
            return
        at = clock.now()
        Process.objects.filter(pk=self.process.pk).update(beat_at=at)
        here = [actor.id for actor in self.here]
        Lease.objects.filter(process=self.process, user__in=here).update(seen_at=at, closed_at=None)


@dataclass(frozen=True)
class Seen:
    """A frame that was published, and to whom."""

    topic: str
    frame: dict[str, Any]


@dataclass(eq=False)
class Actor:
    world: World
    user: User
    side: str

    @property
    def id(self) -> int:
        return int(self.user.pk)

    @property
    def person(self) -> Person:
        """As the hub knows them now."""
        return people.person_of(self.user)

    # -- coming and going ---------------------------------------------------------------------

    def comes(self) -> None:
        self.world.here.add(self)
        self.gives_sign_of_life()

    def gives_sign_of_life(self) -> None:
        Lease.objects.update_or_create(
            process=self.world.process,
            user=self.user,
            side=self.side,
            defaults={"seen_at": clock.now(), "closed_at": None},
        )

    def closes_everything(self) -> None:
        """The last socket closes properly."""
        self.world.here.discard(self)
        Lease.objects.filter(user=self.user).update(closed_at=clock.now())

    def falls_silent(self) -> None:
        """The line is dead; no close frame comes."""
        self.world.here.discard(self)

    # -- credits ------------------------------------------------------------------------------

    def gets_credits(self, amount: float) -> None:
        wallet = money.wallet_for(self.id)
        assert wallet is not None
        with committed():
            money.adjust(wallet.id, int(amount * 1000), reason="gift", actor_id=None, key=f"test-{uuid.uuid4()}")

    @property
    def balance_m(self) -> int:
        wallet = money.wallet_for(self.id)
        assert wallet is not None
        return wallet.balance_m

    # -- the customer's side ------------------------------------------------------------------

    def starts(self, department: Department | None = None, text: str | None = None, **more: Any) -> Session:
        frame = incoming.SessionStart(
            id=uuid.uuid4(), department=str(department.pk) if department else None, text=text, **more
        )
        answer = self._does(sessions.start, frame)
        return Session.objects.get(pk=answer["session"])

    def rates(self, chat: Session, score: int, **more: Any) -> dict[str, object]:
        return self._does(
            sessions.rate, incoming.SessionRate(id=uuid.uuid4(), session=str(chat.pk), score=score, **more)
        )

    # -- the agent's side ---------------------------------------------------------------------

    def is_now(self, status: vocabulary.PresenceStatus, *, capacity: int | None = None) -> dict[str, object]:
        return self._does(presence.set_status, incoming.PresenceSet(id=uuid.uuid4(), status=status, capacity=capacity))

    def accepts(self, chat: Session) -> dict[str, object]:
        return self._does(queue.accept, incoming.SessionAccept(id=uuid.uuid4(), session=str(chat.pk)))

    def declines(self, chat: Session) -> dict[str, object]:
        return self._does(queue.decline, incoming.SessionDecline(id=uuid.uuid4(), session=str(chat.pk)))

    def pauses(self, chat: Session, reason: str | None = None) -> dict[str, object]:
        return self._does(meters.pause, incoming.MeterPause(id=uuid.uuid4(), session=str(chat.pk), reason=reason))

    def resumes(self, chat: Session) -> dict[str, object]:
        return self._does(meters.resume, incoming.MeterResume(id=uuid.uuid4(), session=str(chat.pk)))

    def grants(self, chat: Session, seconds: int, reason: str = "our fault") -> dict[str, object]:
        frame = incoming.MeterGrant(id=uuid.uuid4(), session=str(chat.pk), seconds=seconds, reason=reason)
        return self._does(meters.grant, frame)

    def waives(self, chat: Session, blocks: int | None = None, reason: str = "our fault") -> dict[str, object]:
        frame = incoming.MeterWaive(id=uuid.uuid4(), session=str(chat.pk), blocks=blocks, reason=reason)
        return self._does(meters.waive, frame)

    def wraps_up(self, chat: Session, outcome: str = "solved", **more: Any) -> dict[str, object]:
        frame = incoming.SessionWrapup(id=uuid.uuid4(), session=str(chat.pk), outcome=outcome, **more)
        return self._does(sessions.wrapup, frame)

    # -- both ---------------------------------------------------------------------------------

    def says(self, chat: Session, text: str) -> int:
        answer = self._does(messages.send, incoming.MessageSend(id=uuid.uuid4(), session=str(chat.pk), text=text))
        assert isinstance(answer["seq"], int)
        return answer["seq"]

    def uploads(self, name: str, content: bytes) -> str:
        with committed():
            return str(uploads.take_whole(self.person, name, content).pk)

    def sends(self, chat: Session, *files: str, **more: Any) -> int:
        """A message with files."""
        frame = incoming.MessageSend(
            id=more.pop("id", None) or uuid.uuid4(), session=str(chat.pk), files=list(files), **more
        )
        answer = self._does(messages.send, frame)
        return int(answer["seq"] or answer["staff_seq"])

    def makes_a_ticket(self, chat: Session, **more: Any) -> str:
        """Of a chat (C11); its number."""
        frame = incoming.Escalate(id=uuid.uuid4(), session=str(chat.pk), to=more.pop("to", "ticket"), **more)
        return str(self._does(sessions.escalate, frame)["ticket"])

    def ends(self, chat: Session) -> dict[str, object]:
        return self._does(sessions.end, incoming.SessionEnd(id=uuid.uuid4(), session=str(chat.pk)))

    def reopens(self, chat: Session) -> dict[str, object]:
        return self._does(sessions.reopen, incoming.SessionReopen(id=uuid.uuid4(), session=str(chat.pk)))

    def _does(self, action: Any, frame: incoming.FromClient) -> dict[str, Any]:
        """Acts, and is alive while doing so."""
        if self in self.world.here:
            self.gives_sign_of_life()
        with committed():
            answer: dict[str, Any] = action(actor=self.person, frame=frame)
        return answer


def now_of(chat: Session) -> tuple[str, str]:
    """State and reason of a session as PostgreSQL has them."""
    chat.refresh_from_db()
    return chat.state, chat.reason


def receipt(chat: Session) -> dict[str, Any]:
    """The cost summary, once it is settled."""
    chat.refresh_from_db()
    assert chat.summary is not None, "not settled yet"
    return dict(chat.summary)


def transcript(chat: Session) -> list[str]:
    """What the customer reads: texts as they are, events as their type in brackets."""
    rows = Message.objects.filter(session=chat, seq__isnull=False).order_by("seq")
    return [f"[{row.event['type']}]" if row.event else row.text for row in rows]


def has_no_gap(chat: Session) -> bool:
    seqs = list(Message.objects.filter(session=chat, seq__isnull=False).order_by("seq").values_list("seq", flat=True))
    return seqs == list(range(1, Counter.objects.get(pk=chat.pk).last_seq + 1))


def frames(published: list[Item], kind: str, *, topic: str | None = None) -> list[Seen]:
    """What was published of one type, in order."""
    seen = [Seen(to, msgspec.json.decode(text)) for to, text in published if to != CONTROL]
    return [one for one in seen if one.frame["type"] == kind and (topic is None or one.topic == topic)]


@contextmanager
def a_world() -> Iterator[World]:
    with clock.freeze() as travel, captured() as published:
        yield World(travel, published)
