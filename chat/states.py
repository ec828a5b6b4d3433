"""The states of a live session and the one table of moves between them (docs/how/queue.md).

A move that is not in the table is refused, whoever asks: no code sets `state` or `reason` by hand, but by move().
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, Protocol

from django.db import models

from hub.base.errors import Conflict


class State(models.TextChoices):
    WAITING = "waiting"
    QUEUED = "queued"
    OFFERED = "offered"
    ACTIVE = "active"
    ENDED = "ended"


class Reason(models.TextChoices):
    """Why a session is `waiting`; empty in every other state."""

    NONE = "", "none"
    PAYMENT = "payment"
    HANDOVER = "handover"
    CUSTOMER_AWAY = "customer_away"
    AGENT_AWAY = "agent_away"
    GRACE = "grace"


class EndReason(models.TextChoices):
    NONE = "", "none"
    CUSTOMER = "customer"
    AGENT = "agent"
    INACTIVE = "inactive"
    EMPTY = "empty"
    LEFT_QUEUE = "left_queue"
    ERROR = "error"


Situation = tuple[State, Reason]

QUEUED: Final[Situation] = (State.QUEUED, Reason.NONE)
OFFERED: Final[Situation] = (State.OFFERED, Reason.NONE)
ACTIVE: Final[Situation] = (State.ACTIVE, Reason.NONE)
ENDED: Final[Situation] = (State.ENDED, Reason.NONE)
PAYMENT: Final[Situation] = (State.WAITING, Reason.PAYMENT)
HANDOVER: Final[Situation] = (State.WAITING, Reason.HANDOVER)
CUSTOMER_AWAY: Final[Situation] = (State.WAITING, Reason.CUSTOMER_AWAY)
AGENT_AWAY: Final[Situation] = (State.WAITING, Reason.AGENT_AWAY)
GRACE: Final[Situation] = (State.WAITING, Reason.GRACE)

OPENING: Final[frozenset[Situation]] = frozenset({PAYMENT, QUEUED})  # how a session may begin

MOVES: Final[dict[Situation, frozenset[Situation]]] = {
    PAYMENT: frozenset({QUEUED, ENDED}),
    QUEUED: frozenset({OFFERED, ACTIVE, ENDED}),
    OFFERED: frozenset({QUEUED, ACTIVE, ENDED}),
    ACTIVE: frozenset({HANDOVER, CUSTOMER_AWAY, AGENT_AWAY, GRACE, QUEUED, ENDED}),
    HANDOVER: frozenset({ACTIVE, QUEUED, ENDED}),
    # Who is away may be joined by the other side or by an empty wallet; the session then says what stops it longest.
    CUSTOMER_AWAY: frozenset({ACTIVE, GRACE, QUEUED, ENDED}),
    AGENT_AWAY: frozenset({ACTIVE, CUSTOMER_AWAY, GRACE, QUEUED, ENDED}),
    GRACE: frozenset({ACTIVE, QUEUED, ENDED}),
    ENDED: frozenset({PAYMENT, QUEUED, ACTIVE}),  # reopened, within its window
}

# With an agent: these keep the agent's place among their chats.
WITH_AGENT: Final[frozenset[Situation]] = frozenset({ACTIVE, HANDOVER, CUSTOMER_AWAY, AGENT_AWAY, GRACE})


class WrongMove(Conflict):
    """The session is not in a state from which this can be done; it has probably just changed."""


class Moving(Protocol):
    """What move() needs of a session."""

    state: str
    reason: str
    due_at: datetime | None


def situation(session: Moving) -> Situation:
    return State(session.state), Reason(session.reason)


def may_move(session: Moving, to: Situation) -> bool:
    return to in MOVES[situation(session)]


def move(session: Moving, to: Situation, *, due_at: datetime | None = None) -> None:
    """Set the new state, its reason and its deadline, unsaved. Raises WrongMove."""
    if not may_move(session, to):
        raise WrongMove(state=session.state)
    session.state, session.reason = to
    session.due_at = due_at
