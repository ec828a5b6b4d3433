"""Who is there: read from leases and from what agents chose (D1). See docs/how/presence.md.

A user is there while one of their leases is open, its process beats, and it was seen within the side's window. Nothing
has to be cleaned up after a killed process: its beat grows old.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, IntegerField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from chat.models import AgentPresence, Lease, Process, Session
from chat.states import State
from hub.accounts.public import DepartmentStaff, User, is_among, shown_name
from hub.base.prepared import prepared

# D1 gives 5 s in all for a killed process and 15 s for a silent line; the rest is the board's way to the screen.
PROCESS_SILENT_S: Final = 3.5  # a process beats each second
SILENT_S: Final = {Lease.Side.STAFF: 14, Lease.Side.VISITOR: 35}  # pings come every 5 s and every 15 s

Status = AgentPresence.Status
Which = Literal["all", "some", "there"]
COLUMNS: Final = (
    *("pk", "display_name", "first_name", "last_name", "login_number", "created_at"),
    *("presence__status", "presence__capacity", "presence__idle_since", "presence__changed_at"),
    *("there", "wraps_up", "chats", "offers", "seat_ids"),
)


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


def _open_leases(side: Lease.Side, *, seen_after: datetime, beat_after: datetime) -> QuerySet[Lease]:
    return Lease.objects.filter(side=side, closed_at=None, seen_at__gt=seen_after, process__beat_at__gt=beat_after)


def _seen_after(side: Lease.Side, at: datetime) -> datetime:
    return at - timedelta(seconds=SILENT_S[side])


def _beat_after(at: datetime) -> datetime:
    return at - timedelta(seconds=PROCESS_SILENT_S)


def signs_of_life(user_ids: Iterable[int], side: Lease.Side, at: datetime) -> dict[int, Sign]:
    """Who never had a socket is missing."""
    rows = _signs(side, users=list(user_ids), seen_after=_seen_after(side, at), beat_after=_beat_after(at))
    return {user: Sign(here > 0, last_at) for user, last_at, here in rows}


@prepared
def _signs(
    side: Lease.Side, *, users: list[int], seen_after: datetime, beat_after: datetime
) -> QuerySet[Lease, tuple[int, datetime, int]]:
    here = Q(pk__in=_open_leases(side, seen_after=seen_after, beat_after=beat_after).values("pk"))
    theirs = Lease.objects.filter(is_among("user", users), side=side).values("user")
    return theirs.annotate(last_at=Max("seen_at"), here=Count("pk", filter=here)).values_list("user", "last_at", "here")


def is_hub_reachable(at: datetime) -> bool:
    """Whether any web process lives. If none does, nobody can be held absent: it is our outage (M5)."""
    return bool(_any_process(beat_after=_beat_after(at)))


@prepared
def _any_process(*, beat_after: datetime) -> QuerySet[Process, UUID]:
    return Process.objects.filter(beat_at__gt=beat_after).values_list("pk", flat=True)[:1]


def agents(at: datetime, *, user_ids: Collection[int] | None = None) -> list[Agent]:
    """Everybody who works in a department, or some of them, as they are at this moment; one statement."""
    return _agents("some" if user_ids is not None else "all", at, list(user_ids or ()))


def agents_there(at: datetime, department_ids: Collection[int]) -> list[Agent]:
    """Of the staff of these departments those who are there, or are busy; one statement."""
    found = _agents("there", at, list(department_ids))
    return [agent for agent in found if agent.status in (Status.ONLINE, Status.BUSY)]


def _agents(which: Which, at: datetime, ids: list[int]) -> list[Agent]:
    seen_after = _seen_after(Lease.Side.STAFF, at)
    rows = _rows(which, ids=ids, at=at, seen_after=seen_after, beat_after=_beat_after(at))
    return [_agent(row) for row in rows]


@prepared
def _rows(
    which: Which, *, ids: list[int], at: datetime, seen_after: datetime, beat_after: datetime
) -> QuerySet[User, tuple[Any, ...]]:
    """`ids` are of accounts where some are asked for, of departments where those who are there are."""
    seats = DepartmentStaff.objects.filter(user=OuterRef("pk"))
    leases = _open_leases(Lease.Side.STAFF, seen_after=seen_after, beat_after=beat_after)
    staff = User.objects.filter(kind="staff", is_active=True).annotate(
        there=Exists(leases.filter(user=OuterRef("pk"))),
        wraps_up=Exists(Session.objects.filter(wrapup_agent=OuterRef("pk"), wrapup_until__gt=at)),
        chats=_count_of(Session.objects.exclude(state=State.ENDED), "agent"),
        offers=_count_of(Session.objects.filter(state=State.OFFERED), "offered_to"),
        seat_ids=ArraySubquery(seats.values("department")),
    )
    staff = staff.filter(Q(Exists(seats)) | Q(presence__isnull=False))
    if which == "some":
        staff = staff.filter(is_among("pk", ids))
    if which == "there":
        staff = staff.filter(Exists(seats.filter(is_among("department", ids))), there=True)
    found: QuerySet[User, tuple[Any, ...]] = staff.values_list(*COLUMNS)
    return found


def _count_of(sessions: QuerySet[Session], of: str) -> Coalesce:
    counted = sessions.filter(**{of: OuterRef("pk")}).order_by().values(of).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _agent(row: tuple[Any, ...]) -> Agent:
    """A row of COLUMNS. Who never chose a status is offline."""
    user_id, *names, created_at, chosen, capacity, idle_since, changed_at, there, wraps_up, chats, offers, seat_ids = (
        row
    )
    return Agent(
        user_id=user_id,
        name=shown_name(*names),
        status=_status(chosen or Status.OFFLINE, there=there, wraps_up=wraps_up),
        chats=chats + offers,
        capacity=capacity or 0,
        departments=frozenset(seat_ids),
        idle_since=idle_since or created_at,
        since=changed_at or created_at,
    )


def _status(chosen: str, *, there: bool, wraps_up: bool) -> str:
    if not there:
        return Status.OFFLINE
    return Status.BUSY if wraps_up and chosen == Status.ONLINE else chosen
