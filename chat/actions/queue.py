"""The queue: who is offered a session, who takes it, and how it comes back (C3, C4). See docs/how/queue.md."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from chat import billing, presence
from chat.actions import messages
from chat.actions.locking import find_unlocked, lock_acceptable, lock_rung
from chat.actions.one_by_one import one_by_one
from chat.actions.telling import ring, tell
from chat.errors import BoundToOther, NotLive
from chat.models import AgentPresence, Lease, Member, Session
from chat.permissions import require_staff
from chat.queue_places import in_order
from chat.rooms import Rooms
from chat.states import ACTIVE, OFFERED, QUEUED, State, WrongMove, move, situation
from chat.wire import incoming
from hub.base import clock
from hub.base.errors import Ended, Taken
from hub.base.prepared import prepared
from hub.base.publish import control, wake

if TYPE_CHECKING:
    from hub.accounts.access import Person

VIP_PRIORITY: Final = 10
REOPENED_PRIORITY: Final = 50
RETURNED_PRIORITY: Final = 100  # the head of the queue: they were promised somebody already (C4)
# Who declined or let it ring is asked again after the first, when everybody who could be asked has passed, else after
# the second.
AGAIN_WHEN_ALONE: Final = timedelta(seconds=10)
AGAIN: Final = timedelta(seconds=30)
ROUTED_AT_ONCE_MAX: Final = 500


# -- Offering --------------------------------------------------------------------------------------


def route() -> int:
    """Offer what waits to who is free, first come first served; how many were offered. Two at once are safe."""
    at = clock.now()
    waiting = _waiting()
    if not waiting:
        return 0
    free = {agent.user_id: agent for agent in presence.agents(at) if agent.is_available}
    here = _customers_here(waiting, at)
    inline = {session.pk: session for session in waiting if session.pk in here}
    rooms = Rooms(session.department_id for session in inline.values())
    return one_by_one("offer", inline, lambda key: _offer_to_next(inline[key], free, rooms, at))


@prepared
def _waiting() -> QuerySet[Session]:
    return in_order().filter(state=State.QUEUED)[:ROUTED_AT_ONCE_MAX]


def _offer_to_next(session: Session, free: dict[int, presence.Agent], rooms: Rooms, at: datetime) -> bool:
    """Not in a department that has as many chats as it takes at once (C14): they wait in its queue."""
    if not rooms.has_room(session.department_id):
        return False
    chosen = choose(session, list(free.values()), at)
    if chosen is None or not offer(session.pk, chosen.user_id):
        return False
    _count_one_more(free, chosen.user_id)
    rooms.take(session.department_id)
    return True


def choose(session: Session, agents: list[presence.Agent], at: datetime) -> presence.Agent | None:
    """Whose turn it is among available agents: the bound one, else who has least to do, the longest idle first.

    An exclusive binding waits for its agent (P6).
    """
    fresh = [agent for agent in agents if not _has_passed(session, agent, at, AGAIN)]
    rested = [agent for agent in agents if not _has_passed(session, agent, at, AGAIN_WHEN_ALONE)]
    return _first_of(session, fresh) or _first_of(session, rested)


def _first_of(session: Session, agents: list[presence.Agent]) -> presence.Agent | None:
    if session.only_agent_id is not None:
        return next((agent for agent in agents if agent.user_id == session.only_agent_id), None)
    bound = next((agent for agent in agents if agent.user_id == session.first_agent_id), None)
    if bound is not None:
        return bound
    of_department = [agent for agent in agents if session.department_id in agent.departments]
    return min(of_department, key=lambda agent: (agent.chats, agent.idle_since, agent.user_id), default=None)


def _has_passed(session: Session, agent: presence.Agent, at: datetime, rest: timedelta) -> bool:
    """Lately, and since they last changed their status: who comes back online begins anew."""
    text = session.passed_by.get(str(agent.user_id))
    if text is None:
        return False
    passed_at = datetime.fromisoformat(text)
    return agent.since <= passed_at and at - passed_at < rest


def _customers_here(waiting: list[Session], at: datetime) -> set[UUID]:
    """A place survives a minute offline (C3); beyond that nobody is rung for who is gone."""
    signs = presence.signs_of_life({session.customer_id for session in waiting}, Lease.Side.VISITOR, at)
    limit = at - timedelta(seconds=settings.CUSTOMER_AWAY_PAUSES_S)
    return {
        session.pk
        for session in waiting
        if (sign := signs.get(session.customer_id)) is None or sign.there or sign.last_at > limit
    }


def _count_one_more(free: dict[int, presence.Agent], agent_id: int) -> None:
    agent = replace(free[agent_id], chats=free[agent_id].chats + 1)
    free[agent_id] = agent
    if not agent.is_available:
        del free[agent_id]


@transaction.atomic
def offer(session_id: UUID, agent_id: int) -> bool:
    """Ring this agent, for OFFER_TIMEOUT_S. False: somebody was first."""
    session = find_unlocked(session_id)
    if session is None or situation(session) != QUEUED:
        return False
    expires_at = clock.now() + timedelta(seconds=settings.OFFER_TIMEOUT_S)
    move(session, OFFERED, due_at=expires_at)
    session.offered_to_id = agent_id
    session.save(update_fields=["state", "reason", "due_at", "offered_to"])
    ring(session, agent_id=agent_id, expires_at=expires_at)
    return True


@transaction.atomic
def withdraw(session_id: UUID, *, is_gone: bool = False) -> bool:
    """The offer rang out, or its agent is gone: on to the next. Who was gone and is back may be rung again at once."""
    session = find_unlocked(session_id)
    if session is None or situation(session) != OFFERED:
        return False
    _back_in_line(session, passed=not is_gone)
    return True


def _back_in_line(session: Session, *, passed: bool = True) -> None:
    agent_id = session.offered_to_id
    if passed:
        session.passed_by[str(agent_id)] = clock.now().isoformat()
    move(session, QUEUED)
    session.offered_to = None
    session.save(update_fields=["state", "reason", "due_at", "offered_to", "passed_by"])
    tell(session, also=[agent_id])
    wake("queue")


# -- Taking ----------------------------------------------------------------------------------------


@transaction.atomic
def accept(*, actor: Person, frame: incoming.SessionAccept) -> dict[str, object]:
    """Take an offered session, or pull one that waits. Decided once, on the locked row (C4).

    Raises Taken with the name of who was first.
    """
    agent_id = require_staff(actor)
    session = lock_acceptable(actor, frame.session)
    if session.agent_id == actor.user_id and session.state != State.ENDED:
        return {"session": str(session.pk), "state": session.state}
    _require_free(session, actor)
    rung = session.offered_to_id
    _give_to(session, agent_id)
    tell(session, also=[agent_id, rung])
    control([agent_id], "refresh")
    billing.publish_meter(session)
    wake("queue")
    messages.add_event(session.pk, "joined", agent=str(agent_id), name=actor.name)
    return {"session": str(session.pk), "state": session.state}


def _require_free(session: Session, actor: Person) -> None:
    if session.state == State.ENDED:
        raise Ended
    if session.agent is not None:
        raise Taken(by=session.agent.name)
    if session.only_agent_id not in (None, actor.user_id):
        raise BoundToOther
    if session.state == State.WAITING:  # still paying: the place is kept, nobody can be given it
        raise WrongMove(state=session.state)


def _give_to(session: Session, agent_id: int) -> None:
    move(session, ACTIVE)
    session.agent_id = agent_id
    if session.offered_to_id is not None and session.offered_to_id != agent_id:
        session.passed_by[str(session.offered_to_id)] = (
            clock.now().isoformat()
        )  # it rang for them: they may ask who has it
    session.offered_to = None
    session.accepted_at = clock.now()
    session.awaits_reply = True
    session.away_since = session.warned_at = None
    session.save()
    join(session, agent_id, Member.Side.AGENT)


def join(session: Session, user_id: int, side: Member.Side) -> None:
    """Let them write and hear; also those who were gone."""
    Member.objects.update_or_create(
        session=session, user_id=user_id, defaults={"gone": False}, create_defaults={"side": side, "gone": False}
    )


@transaction.atomic
def decline(*, actor: Person, frame: incoming.SessionDecline) -> dict[str, object]:
    """Let an offer pass to the next. Declining what is not (any more) offered to oneself changes nothing."""
    require_staff(actor)
    session = lock_rung(actor, frame.session)
    if situation(session) == OFFERED and session.offered_to_id == actor.user_id:
        _back_in_line(session)
    return {"session": str(session.pk), "state": session.state}


# -- Coming back -----------------------------------------------------------------------------------


def give_back(session: Session, at: datetime, *, because: str) -> None:
    """To the head of the queue (C4), its meter at rest until the next agent's first reply. The session is locked."""
    agent = session.agent
    if agent is None:
        raise NotLive
    billing.pause_meter(session, billing.REQUEUED)
    move(session, QUEUED)
    session.agent = None
    session.priority = RETURNED_PRIORITY
    session.queued_at = session.queued_at or at
    session.awaits_reply = True
    session.away_since = session.warned_at = None
    session.passed_by = {}
    session.save()
    Member.objects.filter(session=session, user=agent).update(gone=True)
    release(agent.pk)
    tell(session, also=[agent.pk])
    control([agent.pk], "refresh")
    messages.await_reply(session.pk)
    messages.add_event(session.pk, "left", agent=str(agent.pk), name=agent.name, reason=because)


def release(agent_id: int | None) -> None:
    """An agent has one conversation less: they are idle from now on, and there may be work for them."""
    if agent_id is not None:
        AgentPresence.objects.filter(pk=agent_id).update(idle_since=clock.now())
        wake("queue")
