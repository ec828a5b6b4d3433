"""Who is there: read from leases and from what agents chose (D1). See docs/how/presence.md.

A user is there while one of their leases is open, its process beats, and it was seen within the side's window. Nothing
has to be cleaned up after a killed process: its beat grows old.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, IntegerField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from chat.models import AgentPresence, Lease, Process, Session
from chat.states import State
from hub.accounts.public import DepartmentStaff, User

# D1 gives 5 s in all for a killed process and 15 s for a silent line; the rest is the board's way to the screen.
PROCESS_SILENT_S: Final = 3.5  # a process beats each second
SILENT_S: Final = {Lease.Side.STAFF: 14, Lease.Side.VISITOR: 35}  # pings come every 5 s and every 15 s

Status = AgentPresence.Status


@dataclass(frozen=True, slots=True)
class Sign:
    """Whether a user is there, and their last sign of life."""

    there: bool
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Agent:
    """A member of staff as routing and the board see them. `status` is what counts now, not what was chosen."""

    user_id: int
    name: str
    status: str
    chats: int
    capacity: int
    departments: frozenset[int]
    idle_since: datetime
    since: datetime

    @property
    def is_available(self) -> bool:
        return self.status == Status.ONLINE and self.chats < self.capacity


def _open_leases(side: Lease.Side, at: datetime) -> QuerySet[Lease]:
    return Lease.objects.filter(
        side=side,
        closed_at=None,
        seen_at__gt=at - timedelta(seconds=SILENT_S[side]),
        process__beat_at__gt=at - timedelta(seconds=PROCESS_SILENT_S),
    )


def signs_of_life(user_ids: Iterable[int], side: Lease.Side, at: datetime) -> dict[int, Sign]:
    """Who never had a socket is missing."""
    here = Q(pk__in=_open_leases(side, at).values("pk"))
    rows = (
        Lease.objects.filter(user__in=list(user_ids), side=side)
        .values("user")
        .annotate(last_at=Max("seen_at"), here=Count("pk", filter=here))
    )
    return {row["user"]: Sign(row["here"] > 0, row["last_at"]) for row in rows}


def is_hub_reachable(at: datetime) -> bool:
    """Whether any web process lives. If none does, nobody can be held absent: it is our outage (M5)."""
    return Process.objects.filter(beat_at__gt=at - timedelta(seconds=PROCESS_SILENT_S)).exists()


def agents(at: datetime, *, user_ids: Collection[int] | None = None) -> list[Agent]:
    """Everybody who works in a department, or some of them, as they are at this moment; one statement."""
    staff = User.objects.filter(kind="staff", is_active=True).select_related("presence")
    if user_ids is not None:
        staff = staff.filter(pk__in=user_ids)
    seats = DepartmentStaff.objects.filter(user=OuterRef("pk"))
    staff = staff.annotate(
        there=Exists(_open_leases(Lease.Side.STAFF, at).filter(user=OuterRef("pk"))),
        wraps_up=Exists(Session.objects.filter(wrapup_agent=OuterRef("pk"), wrapup_until__gt=at)),
        chats=_count_of(Session.objects.exclude(state=State.ENDED), "agent"),
        offers=_count_of(Session.objects.filter(state=State.OFFERED), "offered_to"),
        seat_ids=ArraySubquery(seats.values("department")),
    )
    return [_agent(one) for one in staff.filter(Q(Exists(seats)) | Q(presence__isnull=False))]


def _count_of(sessions: QuerySet[Session], of: str) -> Coalesce:
    counted = sessions.filter(**{of: OuterRef("pk")}).order_by().values(of).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _agent(user: Any) -> Agent:
    """`user` is annotated by agents(). Who never chose a status is offline."""
    chosen: AgentPresence | None = getattr(user, "presence", None)
    return Agent(
        user_id=user.pk,
        name=user.name,
        status=_status(chosen.status if chosen else Status.OFFLINE, there=user.there, wraps_up=user.wraps_up),
        chats=user.chats + user.offers,
        capacity=chosen.capacity if chosen else 0,
        departments=frozenset(user.seat_ids),
        idle_since=chosen.idle_since if chosen else user.created_at,
        since=chosen.changed_at if chosen else user.created_at,
    )


def _status(chosen: str, *, there: bool, wraps_up: bool) -> str:
    if not there:
        return Status.OFFLINE
    return Status.BUSY if wraps_up and chosen == Status.ONLINE else chosen
