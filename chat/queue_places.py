"""Places in the queue and how long they last (C3). Reads only; chat/jobs publishes them. See docs/how/queue.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Avg, F, QuerySet

from chat import presence
from chat.models import Session
from chat.states import State
from chat.wire import outgoing

RECENT: Final = timedelta(hours=2)
ROUND_S: Final = 30  # an estimate to the second would promise too much, and change with every look


def in_order() -> QuerySet[Session]:
    """Who waits for an agent, the first first: those who were given back, then VIP and priority, then by time (C4)."""
    return Session.objects.filter(state__in=[State.QUEUED, State.OFFERED]).order_by("-priority", "queued_at", "pk")


def places(at: datetime, *, only: Collection[UUID] | None = None) -> dict[UUID, outgoing.Queue]:
    """The `queue` frame of everybody who waits, or of some of them."""
    waiting = list(in_order().values_list("pk", "department_id"))
    if not waiting:
        return {}
    waits = _recent_waits({department for _, department in waiting}, at)
    there = _agents_there(at)
    reached: Counter[int] = Counter()
    frames: dict[UUID, outgoing.Queue] = {}
    for key, department in waiting:
        reached[department] += 1
        if only is None or key in only:
            wait_s = _estimate_s(waits.get(department), reached[department])
            frames[key] = outgoing.Queue(str(key), reached[department], wait_s, there[department])
    return frames


def _recent_waits(departments: Collection[int], at: datetime) -> dict[int, timedelta]:
    recent = Session.objects.filter(department__in=departments, opened_at__gt=at - RECENT, accepted_at__isnull=False)
    rows = recent.order_by().values("department").annotate(wait=Avg(F("accepted_at") - F("queued_at")))
    return {row["department"]: row["wait"] for row in rows if row["wait"] is not None}


def _agents_there(at: datetime) -> Counter[int]:
    there: Counter[int] = Counter()
    for agent in presence.agents(at):
        if agent.status != presence.Status.OFFLINE:
            there.update(agent.departments)
    return there


def _estimate_s(mean: timedelta | None, position: int) -> int | None:
    """What the last ones of this department waited, times the place. None: nobody waited lately, so we do not know."""
    if mean is None:
        return None
    return max(round(mean.total_seconds() * position / ROUND_S), 1) * ROUND_S
