"""Chats as customers look back on them: lists with filters, a page costs the same however far it is. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Literal
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db.models import Q, QuerySet

from chat import billing
from chat.models import Session
from chat.permissions import visible_parts
from chat.queue_places import places
from chat.states import State
from chat.wire import outgoing
from hub.accounts.public import customer_of, ids_of, is_one_of, people_seen, shown_name, standing
from hub.base import clock
from hub.base.errors import BadFrame
from hub.base.prepared import any_of, prepared

if TYPE_CHECKING:
    from hub.accounts.public import Person

PAGE: Final = 25
ORDER: Final = ("-opened_at", "-pk")
NEWEST: Final = 500  # among so many of its organisation a unit's page is mostly found
_CURSOR: Final = "chat.history"
_AT_WORK: Final = (State.QUEUED, State.OFFERED)

_NAME: Final = ("display_name", "first_name", "last_name", "login_number")
_ROW: Final = (
    *("pk", "subject", "opened_at", "state", "refund_asked_at", "accepted_at", "solved", "summary"),
    *("department__name", "agent", *(f"agent__{name}" for name in _NAME), *(f"customer__{name}" for name in _NAME)),
    *("customer__vip", "customer__membership__organisation__vip"),
)

# How a chat stands, or came out, in one word; templates have the sentence.
Result = Literal["waiting", "running", "solved", "partly", "unsolved", "asked", "ended", "not_begun"]
RESULTS: Final[dict[str, Q]] = {
    "running": ~Q(state=State.ENDED),
    "solved": Q(solved="yes"),
    "unsolved": Q(solved__in=("no", "partly")),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of the chats that one may see. `people`: whose; None is everybody's."""

    text: str = ""
    result: str = ""
    people: list[int] | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Title:
    """What a chat is called elsewhere, and who talked."""

    id: UUID
    subject: str
    department: str
    customer: str


@dataclass(frozen=True, slots=True)
class PastChat:
    """One row. `charged_m` is None where it is not known yet, or not shown (P12)."""

    id: UUID
    title: str
    department: str
    agent: str
    customer: str
    opened_at: datetime
    seconds: int
    charged_m: int | None
    result: Result


@dataclass(frozen=True, slots=True)
class LiveChat:
    """One that has not ended. `meter` is the meter's state, '' where there is none; `position` is that in the queue."""

    id: UUID
    title: str
    department: str
    agent: str
    state: str
    reason: str
    meter: str
    seconds: int
    charged_m: int | None
    position: int | None
    wait_s: int | None


@dataclass(frozen=True, slots=True)
class HistoryPage:
    rows: list[PastChat]
    older: str | None  # the cursor of the next page


def seen_people(person: Person, *, also: int | None = None) -> dict[int, str]:
    """Whose chats this person sees beside the own ones, by name (P4); empty for who sees only the own."""
    found = people_seen(person, also=also)
    return found if len(found) > 1 else {}


def read_history(person: Person, wanted: Wanted, *, cursor: str | None = None, limit: int = PAGE) -> HistoryPage:
    """Newest first. Raises BadFrame for a cursor that is not ours."""
    if wanted == Wanted() and not cursor:
        found = _newest(person, limit + 1, over=False)
    else:
        chosen = _chosen(wanted)
        if cursor:
            at, last = _open(cursor, person)
            chosen &= Q(opened_at__lte=at) & (Q(opened_at__lt=at) | Q(pk__lt=last))
        found = _rows(_ids_of(person, chosen, limit + 1, of_all=wanted == Wanted()), limit + 1)
    shown = found[:limit]
    return HistoryPage(shown, _seal(shown[-1], person) if len(found) > limit else None)


def read_ended(person: Person, limit: int) -> list[PastChat]:
    """The newest chats that are over, for a glance."""
    return _newest(person, limit, over=True)


def _newest(person: Person, limit: int, *, over: bool) -> list[PastChat]:
    """Of all that may be seen, or of what is over: what every page of chats begins with."""
    if person.kind != "customer":
        return _rows(_ids_of(person, _those(over), limit, of_all=True), limit)
    role, ids = person.organisation_role, ids_of(person)
    near = _near_ids(over, limit, **ids) if role == "manager" else []
    if len(near) < limit:
        return _rows(_ids(role, over, limit, **ids), limit)
    return _rows([*_ids("", over, limit, **ids), *near], limit)


def _ids_of(person: Person, chosen: Q, limit: int, *, of_all: bool) -> list[UUID]:
    """`of_all`: nothing is looked for that few have."""
    if of_all and person.organisation_role == "manager":
        near = list(_near(chosen, limit, organisation_id=person.organisation_id, unit_id=person.unit_id))
        if len(near) == limit:
            return [*_of_each_part(replace(person, organisation_role=""), chosen, limit), *near]
    return list(_of_each_part(person, chosen, limit))


def _those(over: bool) -> Q:
    return Q(state=State.ENDED) if over else Q()


@prepared
def _ids(
    role: str, over: bool, limit: int, *, user_id: int | None, organisation_id: int | None, unit_id: int | None
) -> QuerySet[Session, UUID]:
    asking = customer_of(role, user_id=user_id, organisation_id=organisation_id, unit_id=unit_id)
    return _of_each_part(asking, _those(over), limit)


@prepared
def _near_ids(
    over: bool, limit: int, *, user_id: int | None, organisation_id: int | None, unit_id: int | None
) -> QuerySet[Session, UUID]:
    return _near(_those(over), limit, organisation_id=organisation_id, unit_id=unit_id)


def _near(chosen: Q, limit: int, *, organisation_id: int | None, unit_id: int | None) -> QuerySet[Session, UUID]:
    """A manager's page of their unit, where it stands among the organisation's newest.

    The chats of a large unit are many, and no index has them in their order; those of a small one are soon found.
    """
    newest = Session.objects.filter(chosen, organisation=organisation_id).order_by(*ORDER).values("pk")[:NEWEST]
    of_unit = Session.objects.filter(is_one_of("pk", newest), customer__membership__unit=unit_id)
    return of_unit.order_by(*ORDER).values_list("pk", flat=True)[:limit]


def _of_each_part(person: Person, chosen: Q, limit: int) -> QuerySet[Session, UUID]:
    """The newest of each part of what may be seen: all at once would be sorted first."""
    parts = visible_parts(Session.objects.filter(chosen), person)
    first, *others = [part.order_by(*ORDER).values_list("pk", flat=True)[:limit] for part in parts]
    return first.union(*others) if others else first


def _rows(ids: Sequence[UUID], limit: int) -> list[PastChat]:
    """The newest of these."""
    return [_past_chat(row) for row in _named(limit, ids=ids)] if ids else []


@prepared
def _named(limit: int, *, ids: Sequence[UUID]) -> QuerySet[Session, tuple[Any, ...]]:
    found: QuerySet[Session, tuple[Any, ...]] = Session.objects.filter(any_of("pk", ids, "uuid")).values_list(*_ROW)
    return found.order_by(*ORDER)[:limit]


def live_chats(person: Person) -> list[LiveChat]:
    """The person's own chats that have not ended, the newest first, each as it stands now."""
    running = _running(customer=person.user_id)  # mostly none, and the rest of it is not small
    if not running:
        return []
    rows = list(_with_names(Session.objects.filter(pk__in=running)).order_by("-opened_at"))
    meters = billing.meter_frames([row.pk for row in rows], side="customer")
    waiting = [row.pk for row in rows if row.state in _AT_WORK]
    queue = places(clock.now(), only=waiting) if waiting else {}
    return [_live(row, meters.get(row.pk), queue.get(row.pk)) for row in rows]


@prepared
def _running(*, customer: int | None) -> QuerySet[Session, UUID]:
    return Session.objects.filter(customer=customer).exclude(state=State.ENDED).values_list("pk", flat=True)


def _live(row: Session, meter: outgoing.Meter | None, queue: outgoing.Queue | None) -> LiveChat:
    return LiveChat(
        id=row.pk,
        title=row.subject,
        department=row.department.name,
        agent=row.agent.name if row.agent else "",
        state=row.state,
        reason=row.reason,
        meter=meter.state if meter else "",
        seconds=int(meter.elapsed_s) if meter else 0,
        charged_m=meter.charged_m if meter else None,
        position=queue.position if queue else None,
        wait_s=queue.wait_s if queue else None,
    )


def _chosen(wanted: Wanted) -> Q:
    chosen = RESULTS.get(wanted.result, Q())
    if wanted.people is not None:
        chosen &= Q(customer__in=wanted.people)
    if wanted.text:
        chosen &= Q(subject__icontains=wanted.text)
    if wanted.since is not None:
        chosen &= Q(opened_at__gte=wanted.since)
    if wanted.until is not None:
        chosen &= Q(opened_at__lt=wanted.until)
    return chosen


def _with_names(rows: QuerySet[Session]) -> QuerySet[Session]:
    return rows.select_related("agent", "department", "customer__membership__organisation")


def past_chat(row: Session) -> PastChat:
    summary = row.summary or {}
    return PastChat(
        id=row.pk,
        title=row.subject,
        department=row.department.name,
        agent=row.agent.name if row.agent else "",
        customer=row.customer.name,
        opened_at=row.opened_at,
        seconds=int(summary.get("elapsed_s", 0)),
        charged_m=_charged_m(row.summary, row.state, is_vip=billing.is_vip(row.customer)),
        result=_result(row.state, row.refund_asked_at, row.accepted_at, row.solved),
    )


def _past_chat(row: tuple[Any, ...]) -> PastChat:
    """The same of a row with the columns of _ROW."""
    pk, subject, opened_at, state, refund_asked_at, accepted_at, solved, summary, department, agent_id = row[:10]
    agent, customer, vips = row[10:14], row[14:18], row[18:20]
    return PastChat(
        id=pk,
        title=subject,
        department=department,
        agent=shown_name(*agent) if agent_id is not None else "",
        customer=shown_name(*customer),
        opened_at=opened_at,
        seconds=int((summary or {}).get("elapsed_s", 0)),
        charged_m=_charged_m(summary, state, is_vip=any(vips)),
        result=_result(state, refund_asked_at, accepted_at, solved),
    )


def _charged_m(summary: dict[str, Any] | None, state: str, *, is_vip: bool) -> int | None:
    """Without asking the meter: a list must not. What runs still, and what is not settled, has no figure yet."""
    if is_vip:
        return None
    return int(summary["charged_m"]) if summary is not None and state == State.ENDED else None


def _result(state: str, refund_asked_at: datetime | None, accepted_at: datetime | None, solved: str) -> Result:
    if state != State.ENDED:
        return "waiting" if state in _AT_WORK else "running"
    if refund_asked_at is not None:
        return "asked"
    if accepted_at is None:
        return "not_begun"
    named: dict[str, Result] = {"yes": "solved", "partly": "partly", "no": "unsolved"}
    return named.get(solved, "ended")


def may_ask_refund(row: Session, refundable_m: int) -> bool:
    """M6: something was paid and can be given back, nobody asked yet or was told no, and the window is open."""
    answered = row.refund_asked_at is not None or row.refund_declined_at is not None
    if not refundable_m or row.ended_at is None or answered:
        return False
    return (clock.now() - row.ended_at).days < settings.REFUND_WINDOW_DAYS


def titles(person: Person, session_ids: Iterable[UUID]) -> list[Title]:
    """What names those of these chats that the person may see, and no more: a file of a wallet has thousands."""
    ids = list(session_ids)
    if person.kind == "customer":
        found = _titles_for_customer(person.organisation_role, ids=ids, **ids_of(person))
    else:
        found = _titles_for_staff(standing(person), ids=ids, user_id=person.user_id)
    return [Title(pk, subject, department, shown_name(*name)) for pk, subject, department, *name in found]


@prepared
def _titles_for_customer(
    role: str, *, ids: Sequence[UUID], user_id: int | None, organisation_id: int | None, unit_id: int | None
) -> QuerySet[Session, tuple[Any, ...]]:
    asking = customer_of(role, user_id=user_id, organisation_id=organisation_id, unit_id=unit_id)
    return _titled(Session.objects.visible_to(asking), ids)


@prepared
def _titles_for_staff(
    person: Person, *, ids: Sequence[UUID], user_id: int | None
) -> QuerySet[Session, tuple[Any, ...]]:
    return _titled(Session.objects.visible_to(replace(person, user_id=user_id)), ids)


def _titled(sessions: QuerySet[Session], ids: Sequence[UUID]) -> QuerySet[Session, tuple[Any, ...]]:
    names = (f"customer__{name}" for name in _NAME)
    return sessions.filter(any_of("pk", ids, "uuid")).values_list("pk", "subject", "department__name", *names)


def _seal(row: PastChat, person: Person) -> str:
    return signing.dumps([person.user_id, row.opened_at.isoformat(), str(row.id)], salt=_CURSOR)


def _open(cursor: str, person: Person) -> tuple[datetime, UUID]:
    try:
        of_user, at, last = signing.loads(cursor, salt=_CURSOR)
    except (signing.BadSignature, ValueError) as error:
        raise BadFrame(field="cursor") from error
    if of_user != person.user_id:
        raise BadFrame(field="cursor")
    return datetime.fromisoformat(at), UUID(last)
