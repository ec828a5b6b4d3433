"""Chats as customers look back on them: lists with filters, a page costs the same however far it is. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal
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
from hub.accounts.public import User, is_one_of, shown_name
from hub.base import clock
from hub.base.errors import BadFrame

if TYPE_CHECKING:
    from hub.accounts.public import Person

PAGE: Final = 25
ORDER: Final = ("-opened_at", "-pk")
PEOPLE_MAX: Final = 200
NEWEST: Final = 500  # among so many of its organisation a unit's page is mostly found
_CURSOR: Final = "chat.history"
_AT_WORK: Final = (State.QUEUED, State.OFFERED)

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
    """Whose chats this person sees beside the own ones, by name (P4); empty for who sees only the own.

    Of very many some are told, and `also` if it is one of them: sorting thousands is not worth a list to choose from.
    """
    if person.organisation_role not in ("owner", "manager"):
        return {}
    people = User.objects.visible_to(person).only("pk", "display_name", "first_name", "last_name", "login_number")
    found = list(people.order_by("pk")[:PEOPLE_MAX])
    if also is not None and len(found) == PEOPLE_MAX:
        found += people.filter(pk=also).exclude(pk__in=[user.pk for user in found])
    found.sort(key=lambda user: (user.first_name, user.last_name, user.pk))
    return {user.pk: user.name for user in found} if len(found) > 1 else {}


def sees_others(person: Person) -> bool:
    """Whether this person sees chats beside the own ones (P4)."""
    if person.organisation_role not in ("owner", "manager"):
        return False
    return bool(User.objects.visible_to(person).exclude(pk=person.user_id).exists())


def read_history(person: Person, wanted: Wanted, *, cursor: str | None = None, limit: int = PAGE) -> HistoryPage:
    """Newest first. Raises BadFrame for a cursor that is not ours."""
    chosen = _chosen(wanted)
    if cursor:
        at, last = _open(cursor, person)
        chosen &= Q(opened_at__lte=at) & (Q(opened_at__lt=at) | Q(pk__lt=last))
    found = _newest(person, chosen, limit + 1, of_all=wanted == Wanted())
    shown = found[:limit]
    older = _seal(shown[-1], person) if len(found) > limit else None
    return HistoryPage([past_chat(row) for row in shown], older)


def read_ended(person: Person, limit: int) -> list[PastChat]:
    """The newest chats that are over, for a glance."""
    return [past_chat(row) for row in _newest(person, Q(state=State.ENDED), limit, of_all=True)]


def _newest(person: Person, chosen: Q, limit: int, *, of_all: bool) -> list[Session]:
    """The newest of each part of what may be seen, and the newest of those: all at once would be sorted first.

    `of_all`: nothing is looked for that few have.
    """
    parts = visible_parts(Session.objects.filter(chosen), person)
    if len(parts) == 1:
        return list(_with_names(parts[0]).order_by(*ORDER)[:limit])
    near = _near(person, chosen, limit) if of_all else None
    own, *others = parts if near is None else [parts[0], Session.objects.filter(pk__in=near)]
    newest = [part.order_by(*ORDER).values("pk")[:limit] for part in (own, *others)]
    rows = Session.objects.filter(pk__in=newest[0].union(*newest[1:]))
    return list(_with_names(rows).order_by(*ORDER)[:limit])


def _near(person: Person, chosen: Q, limit: int) -> list[UUID] | None:
    """A manager's page of their unit where it stands among the organisation's newest; None where it does not.

    The chats of a large unit are many, and no index has them in their order; those of a small one are soon found.
    """
    if person.organisation_role != "manager":
        return None
    newest = Session.objects.filter(chosen, organisation=person.organisation_id).order_by(*ORDER).values("pk")[:NEWEST]
    of_unit = Session.objects.filter(is_one_of("pk", newest), customer__membership__unit=person.unit_id)
    found = list(of_unit.order_by(*ORDER).values_list("pk", flat=True)[:limit])
    return found if len(found) == limit else None


def live_chats(person: Person) -> list[LiveChat]:
    """The person's own chats that have not ended, the newest first, each as it stands now."""
    mine = Session.objects.filter(customer=person.user_id).exclude(state=State.ENDED)
    running = list(mine.values_list("pk", flat=True))  # mostly none, and the rest of it is not small
    if not running:
        return []
    rows = list(_with_names(Session.objects.filter(pk__in=running)).order_by("-opened_at"))
    meters = billing.meter_frames([row.pk for row in rows], side="customer")
    waiting = [row.pk for row in rows if row.state in _AT_WORK]
    queue = places(clock.now(), only=waiting) if waiting else {}
    return [_live(row, meters.get(row.pk), queue.get(row.pk)) for row in rows]


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
        charged_m=_charged_m(row),
        result=result_of(row),
    )


def _charged_m(row: Session) -> int | None:
    """Without asking the meter: a list must not. What runs still, and what is not settled, has no figure yet."""
    if billing.is_vip(row.customer):
        return None
    return int(row.summary["charged_m"]) if row.summary is not None and row.state == State.ENDED else None


def result_of(row: Session) -> Result:
    if row.state != State.ENDED:
        return "waiting" if row.state in _AT_WORK else "running"
    if row.refund_asked_at is not None:
        return "asked"
    if row.accepted_at is None:
        return "not_begun"
    named: dict[str, Result] = {"yes": "solved", "partly": "partly", "no": "unsolved"}
    return named.get(row.solved, "ended")


def may_ask_refund(row: Session, charged_m: int | None) -> bool:
    """M6: something was paid, nobody asked yet or was told no, and the window is open."""
    if not charged_m or row.ended_at is None or row.refund_asked_at is not None or row.refund_declined_at is not None:
        return False
    return (clock.now() - row.ended_at).days < settings.REFUND_WINDOW_DAYS


def titles(person: Person, session_ids: Iterable[UUID]) -> list[Title]:
    """What names those of these chats that the person may see, and no more: a file of a wallet has thousands."""
    rows = Session.objects.visible_to(person).filter(pk__in=list(session_ids))
    names = (f"customer__{name}" for name in ("display_name", "first_name", "last_name", "login_number"))
    found = rows.values_list("pk", "subject", "department__name", *names)
    return [Title(pk, subject, department, shown_name(*name)) for pk, subject, department, *name in found]


def _seal(row: Session, person: Person) -> str:
    return signing.dumps([person.user_id, row.opened_at.isoformat(), str(row.pk)], salt=_CURSOR)


def _open(cursor: str, person: Person) -> tuple[datetime, UUID]:
    try:
        of_user, at, last = signing.loads(cursor, salt=_CURSOR)
    except (signing.BadSignature, ValueError) as error:
        raise BadFrame(field="cursor") from error
    if of_user != person.user_id:
        raise BadFrame(field="cursor")
    return datetime.fromisoformat(at), UUID(last)
