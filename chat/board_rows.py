"""The rows of the board: who waits, what runs, who works (D2, P5). Reads only. See docs/how/board.md.

A topic is `all`, a department's id as its agents see it, or `<id>:managers`. Agents learn of colleagues' sessions only
name, state and time; managers and the owner also see the meters.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final, cast
from uuid import UUID

import msgspec
from django.db.models import Q, QuerySet

from chat import billing, presence
from chat.models import Session
from chat.states import State
from chat.wire import outgoing, vocabulary
from hub.base import clock
from hub.base.registries import BoardPart, BoardRow, board_parts

ALL: Final = "all"
Rows = Mapping[str, Mapping[str, BoardRow]]

_WAITS = Q(state__in=[State.QUEUED, State.OFFERED]) | Q(state=State.WAITING, reason=Session.Reason.PAYMENT)


def managers_topic(department: int | str) -> str:
    return f"{department}:managers"


def read_queue(ids: Collection[str] | None) -> Rows:
    waiting = _some(Session.objects.filter(_WAITS), ids).select_related(
        "customer__membership__organisation", "offered_to"
    )
    return {str(one.pk): _queue_row(one) for one in waiting}


def _queue_row(session: Session) -> dict[str, BoardRow]:
    fields = outgoing.BoardQueued(
        department=str(session.department_id),
        name=session.customer.name,
        state=cast("vocabulary.SessionState", session.state),
        reason=cast("vocabulary.WaitReason | None", session.reason or None),
        since=session.queued_at,
        vip=billing.is_vip(session.customer),
        subject=session.subject or None,
        language=session.customer.language or None,
        offered_to=_person(session.offered_to),
        expires_at=session.due_at if session.state == State.OFFERED else None,
    )
    whole = BoardRow(fields, fields)
    # Work that is exclusively one agent's is not the others' to read (P6).
    of_one = msgspec.structs.replace(fields, subject=None, language=None)
    thin = whole if session.only_agent_id is None else BoardRow(of_one, of_one)
    return _by_topic(session.department_id, for_agents=thin, for_managers=whole)


def read_sessions(ids: Collection[str] | None) -> Rows:
    running = Session.objects.exclude(state=State.ENDED).exclude(_WAITS).select_related("agent", "customer")
    sessions = list(_some(running, ids))
    meters = billing.views_of([session.pk for session in sessions])
    return {str(one.pk): _session_row(one, meters.get(one.pk)) for one in sessions}


def _session_row(session: Session, meter: billing.MeterView | None) -> dict[str, BoardRow]:
    thin = outgoing.BoardSession(
        department=str(session.department_id),
        name=session.customer.name,
        state=cast("vocabulary.SessionState", session.state),
        reason=cast("vocabulary.WaitReason | None", session.reason or None),
        agent=_person(session.agent),
        since=session.accepted_at,
        started_at=session.started_at,
    )
    whole = msgspec.structs.replace(thin, meter=billing.board_meter(meter)) if meter is not None else thin
    # A meter that runs counts by itself: only what changes its course is news.
    course = (meter.state, meter.reason, meter.price_m, meter.free_s, meter.unmetered) if meter is not None else None
    return _by_topic(
        session.department_id, for_agents=BoardRow(thin, thin), for_managers=BoardRow(whole, (thin, course))
    )


def read_agents(ids: Collection[str] | None) -> Rows:
    wanted = None if ids is None else [int(one) for one in ids]
    return {str(agent.user_id): _agent_row(agent) for agent in presence.agents(clock.now(), user_ids=wanted)}


def _agent_row(agent: presence.Agent) -> dict[str, BoardRow]:
    fields = outgoing.BoardAgent(
        name=agent.name,
        status=cast("vocabulary.PresenceStatus", agent.status),
        chats=agent.chats,
        capacity=agent.capacity,
        departments=[str(one) for one in sorted(agent.departments)],
        since=agent.since,
    )
    row = BoardRow(fields, fields)
    topics = {ALL: row}
    for department in agent.departments:
        topics |= _by_topic(department, for_agents=row, for_managers=row)
    return topics


def _by_topic(department: int, *, for_agents: BoardRow, for_managers: BoardRow) -> dict[str, BoardRow]:
    return {ALL: for_managers, str(department): for_agents, managers_topic(department): for_managers}


def _some(sessions: QuerySet[Session], ids: Collection[str] | None) -> QuerySet[Session]:
    return sessions if ids is None else sessions.filter(pk__in=[UUID(one) for one in ids])


def _person(user: object) -> outgoing.PersonView | None:
    return None if user is None else outgoing.PersonView(str(user.pk), user.name)  # type: ignore[attr-defined]


def register() -> None:
    board_parts.register(BoardPart("queue", "s", read_queue))
    board_parts.register(BoardPart("sessions", "s", read_sessions))
    board_parts.register(BoardPart("agents", "a", read_agents))
