"""What happens when a side is gone, and when it is back (D1, M5, C3). See docs/how/presence.md.

Absence is read from leases. Our own outage is nobody's absence: when no web process lives, or nobody looked at the
leases for a while, deadlines are shifted by the gap and every absence counts anew. A meter still stops at the last sign
of life.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from chat import billing, presence
from chat.actions import messages, queue
from chat.actions.ending import close
from chat.actions.locking import find_unlocked
from chat.actions.one_by_one import one_by_one
from chat.actions.telling import tell
from chat.models import AgentPresence, Lease, LeaseWatch, Session
from chat.states import ACTIVE, AGENT_AWAY, CUSTOMER_AWAY, OFFERED, QUEUED, EndReason, Situation, State, move, situation
from hub.accounts.public import is_among
from hub.base import clock
from hub.base.locking import lock_one
from hub.base.prepared import prepared

# Longer than a reload takes, with the 5 s between pings; an offer rings for 20 s in all.
RING_GONE_S: Final = 8
OUTAGE: Final = timedelta(seconds=15)  # as long as the meters' own limit: credits' hub time skips longer gaps


@dataclass(frozen=True, slots=True)
class Side:
    """A side as its leases show it. `last_at` is the last sign of life, `since` from when absence counts."""

    there: bool
    last_at: datetime
    since: datetime

    def is_gone(self, at: datetime, seconds: float) -> bool:
        return not self.there and at - self.since > timedelta(seconds=seconds)


# -- Our own outage --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Watch:
    """`counts_from`: absence before this is not held against anybody. `is_well`: a web process lives, so that who is
    there can be seen at all; while none does, meters stop and nothing else happens."""

    counts_from: datetime
    is_well: bool


@transaction.atomic
def open_eyes(at: datetime) -> Watch:
    """Note that somebody looks at the leases. A gap in looking, or in web processes, was our outage (M5)."""
    watch = _locked_watch(at)
    is_well = presence.is_hub_reachable(at)
    gap = at - watch.well_at
    if is_well and gap > OUTAGE:
        _shift_deadlines(gap)
    if at - watch.looked_at > OUTAGE or (is_well and gap > OUTAGE):
        watch.counts_from = at
    watch.looked_at = max(at, watch.looked_at)
    if is_well:
        watch.well_at = max(at, watch.well_at)
    watch.save()
    return Watch(watch.counts_from, is_well)


def _locked_watch(at: datetime) -> LeaseWatch:
    try:
        return lock_one(LeaseWatch, 1)
    except LeaseWatch.DoesNotExist:  # the first look of all
        first = LeaseWatch(id=1, looked_at=at, well_at=at, counts_from=at)
        LeaseWatch.objects.bulk_create([first], ignore_conflicts=True)
        return lock_one(LeaseWatch, 1)


def _shift_deadlines(gap: timedelta) -> None:
    """An outage shifts every deadline, as it shifts every meter."""
    Session.objects.filter(due_at__isnull=False).exclude(state=State.ENDED).update(due_at=F("due_at") + gap)
    Session.objects.filter(wrapup_until__isnull=False).update(wrapup_until=F("wrapup_until") + gap)


# -- Looking ---------------------------------------------------------------------------------------


def look(at: datetime, watch: Watch) -> int:
    """Act on everybody who is gone or back; how many sessions changed."""
    sessions = _watched()
    if not sessions:
        return 0
    agents = presence.signs_of_life(_agents_of(sessions), Lease.Side.STAFF, at)
    customers = presence.signs_of_life({one.customer_id for one in sessions}, Lease.Side.VISITOR, at)
    off = set(_chose_offline(users=list(_agents_of(sessions))))
    steps: dict[UUID, Callable[[UUID], object]] = {}
    for session in sessions:
        agent_id = session.offered_to_id or session.agent_id
        agent = _side(agents.get(agent_id) if agent_id else None, session, watch.counts_from)
        customer = _side(customers.get(session.customer_id), session, watch.counts_from)
        if watch.is_well and situation(session) == OFFERED and (agent_id in off or agent.is_gone(at, RING_GONE_S)):
            steps[session.pk] = partial(queue.withdraw, is_gone=True)
            continue
        step = next_step(session, agent, customer, at, agent_left=agent_id in off)
        if step is not None and (watch.is_well or step == PAUSE_FOR_AGENT):
            steps[session.pk] = partial(_STEPS[step], agent=agent, customer=customer)
    return one_by_one("absence", steps, lambda key: steps[key](key))


@prepared
def _watched() -> QuerySet[Session]:
    away = Q(state=State.WAITING, reason__in=[Session.Reason.AGENT_AWAY, Session.Reason.CUSTOMER_AWAY])
    return Session.objects.filter(Q(state__in=[State.ACTIVE, State.QUEUED, State.OFFERED]) | away).order_by("pk")


def _agents_of(sessions: Iterable[Session]) -> set[int]:
    return {one for session in sessions for one in (session.agent_id, session.offered_to_id) if one is not None}


@prepared
def _chose_offline(*, users: list[int]) -> QuerySet[AgentPresence, int]:
    chosen = AgentPresence.objects.filter(is_among("user", users), status=AgentPresence.Status.OFFLINE)
    return chosen.values_list("pk", flat=True)


def _side(sign: presence.Sign | None, session: Session, counts_from: datetime) -> Side:
    """Who never had a socket (an API client) counts from when the session came to them."""
    last_at = sign.last_at if sign is not None else (session.accepted_at or session.opened_at)
    return Side(sign is not None and sign.there, last_at, max(last_at, counts_from))


Step = str
PAUSE_FOR_AGENT: Final[Step] = "agent leaves"
AGENT_RETURNS: Final[Step] = "agent returns"
GIVE_BACK: Final[Step] = "give back"
PAUSE_FOR_CUSTOMER: Final[Step] = "customer leaves"
CUSTOMER_RETURNS: Final[Step] = "customer returns"
LEAVE_QUEUE: Final[Step] = "leave queue"


def next_step(session: Session, agent: Side, customer: Side, at: datetime, *, agent_left: bool) -> Step | None:
    """What this session's sides call for now; None for nothing. Pure, so that its table can be tested."""
    now: Situation = situation(session)
    if now in (QUEUED, OFFERED):
        return LEAVE_QUEUE if customer.is_gone(at, settings.CUSTOMER_AWAY_ENDS_S) else None
    if now == AGENT_AWAY:
        return AGENT_RETURNS if agent.there else None
    if now == CUSTOMER_AWAY:
        return CUSTOMER_RETURNS if customer.there else None
    if now != ACTIVE:
        return None
    unanswered = session.started_at is None or session.awaits_reply
    if unanswered and agent_left:
        return GIVE_BACK
    if agent.is_gone(at, settings.STAFF_AWAY_PAUSES_S):
        return GIVE_BACK if unanswered else PAUSE_FOR_AGENT
    return PAUSE_FOR_CUSTOMER if customer.is_gone(at, settings.CUSTOMER_AWAY_PAUSES_S) else None


# -- Acting ----------------------------------------------------------------------------------------


@transaction.atomic
def agent_leaves(session_id: UUID, agent: Side, customer: Side) -> bool:
    """The meter stands, counting back to the last sign of life (M5); the customer waits a while for the same agent."""
    session = find_unlocked(session_id)
    if session is None or situation(session) != ACTIVE:
        return False
    billing.pause_meter(session, billing.AGENT_AWAY, since=agent.last_at)
    due_at = clock.now() + timedelta(seconds=settings.STAFF_AWAY_GIVES_BACK_S)
    move(session, AGENT_AWAY, due_at=due_at)
    session.away_since = agent.last_at
    session.save(update_fields=["state", "reason", "due_at", "away_since"])
    tell(session)
    messages.add_event(session.pk, "agent_away")
    return True


@transaction.atomic
def agent_returns(session_id: UUID, agent: Side, customer: Side) -> bool:
    return _return(session_id, AGENT_AWAY, billing.AGENT_AWAY, "agent_back")


@transaction.atomic
def customer_leaves(session_id: UUID, agent: Side, customer: Side) -> bool:
    session = find_unlocked(session_id)
    if session is None or situation(session) != ACTIVE:
        return False
    billing.pause_meter(session, billing.CUSTOMER_AWAY, since=customer.last_at)
    move(session, CUSTOMER_AWAY, due_at=customer.since + timedelta(seconds=settings.CUSTOMER_AWAY_ENDS_S))
    session.away_since = customer.last_at
    session.save(update_fields=["state", "reason", "due_at", "away_since"])
    tell(session)
    messages.add_event(session.pk, "customer_away")
    return True


@transaction.atomic
def customer_returns(session_id: UUID, agent: Side, customer: Side) -> bool:
    return _return(session_id, CUSTOMER_AWAY, billing.CUSTOMER_AWAY, "customer_back")


def _return(session_id: UUID, away: Situation, paused_for: str, event: str) -> bool:
    session = find_unlocked(session_id)
    if session is None or situation(session) != away:
        return False
    move(session, ACTIVE)
    session.away_since = None
    session.save(update_fields=["state", "reason", "due_at", "away_since"])
    billing.resume_after(session, paused_for)
    tell(session)
    messages.add_event(session.pk, event)
    return True


@transaction.atomic
def give_back(session_id: UUID, agent: Side, customer: Side) -> bool:
    """Nobody answered yet: to the head of the queue at once (C4)."""
    session = find_unlocked(session_id)
    if session is None or situation(session) != ACTIVE or session.agent_id is None:
        return False
    if session.counter.replied_at is not None and session.awaits_reply:  # the answer is being noted right now
        return False
    queue.give_back(session, clock.now(), because="agent_away")
    return True


@transaction.atomic
def leave_queue(session_id: UUID, agent: Side, customer: Side) -> bool:
    session = find_unlocked(session_id)
    if session is None or situation(session) not in (QUEUED, OFFERED):
        return False
    close(session, EndReason.LEFT_QUEUE, clock.now())
    return True


_STEPS: Final = {
    PAUSE_FOR_AGENT: agent_leaves,
    AGENT_RETURNS: agent_returns,
    GIVE_BACK: give_back,
    PAUSE_FOR_CUSTOMER: customer_leaves,
    CUSTOMER_RETURNS: customer_returns,
    LEAVE_QUEUE: leave_queue,
}
