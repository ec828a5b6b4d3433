"""Tickets as their readers see them, in the shapes of the API. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from django.db import connection
from django.db.models import F, Q, QuerySet

from hub.accounts.public import shown_name
from hub.base import clock
from hub.base.prepared import prepared
from tickets.amounts import amount_cents, amount_m
from tickets.colours import colour_of
from tickets.lifecycle import reply_price_m
from tickets.listed import Listed
from tickets.models import HandOver, Looking, SavedView, Ticket, TicketEntry, TicketLink, WorkLog
from tickets.states import LIVE, EntryKind, word_of

if TYPE_CHECKING:
    from datetime import datetime

    from hub.accounts.public import Person, User

ENTRIES_PAGE = 200
COUNTED_MAX = 99
NAMES: Final = ("display_name", "first_name", "last_name", "login_number")  # of what shown_name() makes a name
_OF_ENTRY: Final = (
    *(field.attname for field in TicketEntry._meta.concrete_fields if field.name != "search"),
    *(f"author__{name}" for name in NAMES),
)


def describe(rows: Sequence[Listed], person: Person) -> list[dict[str, object]]:
    """What staff keep for themselves is not told to the customer's side."""
    now = clock.now()
    return [_ticket(row) | (_for_staff(row, colour_of(row, now)) if person.is_staff else {}) for row in rows]


def _ticket(row: Listed) -> dict[str, object]:
    return {
        "number": row.number,
        "subject": row.subject,
        "status": row.status,
        "priority": word_of(row.priority),
        "department": str(row.department_id),
        "department_name": row.department_name,
        "category": None if row.category_id is None else str(row.category_id),
        "agent": None if row.agent_id is None else {"id": str(row.agent_id), "name": row.agent_name},
        "customer": {"id": str(row.customer_id), "name": row.customer_name},
        "organisation": None if row.organisation_id is None else str(row.organisation_id),
        "channel": row.channel,
        "initiator": row.initiator,
        "contact": _contact(row),
        "cc": row.cc,
        "tags": [],
        "follow_up_of": None if row.follow_up_of_id is None else str(row.follow_up_of_id),
        "merged_into": None if row.merged_into_id is None else str(row.merged_into_id),
        "session": None if row.session_id is None else str(row.session_id),
        "reopen_until": row.reopen_until,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def _for_staff(row: Listed, colour: str) -> dict[str, object]:
    return {
        "tags": row.tags,
        "colour": colour,
        "waiting_since": row.awaits_since,
        "due_at": row.due_at,
        "first_reply_due_at": row.first_reply_due_at,
        "solve_due_at": row.solve_due_at,
        "breached": row.breached,
        "last_seq": row.last_seq,
    }


def _person(user: User | None) -> dict[str, object] | None:
    return None if user is None else {"id": str(user.pk), "name": user.name}


def _contact(row: Listed) -> dict[str, object] | None:
    told = {"name": row.contact_name, "email": row.contact_email, "phone": row.contact_phone}
    known = {name: value for name, value in told.items() if value}
    if row.contact_id is not None:
        known["id"] = str(row.contact_id)
    return dict(known) or None


def beside(ticket: Ticket, person: Person) -> dict[str, object]:
    """What a ticket's own page shows besides its row."""
    shown: dict[str, object] = {
        "fields": ticket.fields,
        "reply_price_m": reply_price_m(ticket),
        "merged": [
            str(pk) for pk in Ticket.objects.filter(merged_into=ticket, deleted_at=None).values_list("pk", flat=True)
        ],
    }
    if person.is_staff:
        shown |= {
            "links": _links(ticket, person),
            "transfer": _transfer(ticket),
            "looking": looking(ticket, person),
        }
    return shown


def _links(ticket: Ticket, person: Person) -> list[str]:
    """Those of the linked ones that the reader may see."""
    pairs = TicketLink.objects.filter(Q(one=ticket) | Q(other=ticket)).values_list("one", "other")
    others = {pk for pair in pairs for pk in pair} - {ticket.pk}
    seen = Ticket.objects.visible_to(person).filter(pk__in=others) if others else ()
    return sorted(one.number for one in seen)


def _transfer(ticket: Ticket) -> dict[str, object] | None:
    asked = HandOver.objects.filter(ticket=ticket, state=HandOver.State.OPEN).select_related("asked_by").first()
    return None if asked is None else describe_transfer(asked)


def describe_transfer(asked: HandOver) -> dict[str, object]:
    return {
        "from": str(asked.from_department_id),
        "to": str(asked.to_department_id),
        "asked_by": _person(asked.asked_by),
        "asked_at": asked.asked_at,
        "note": asked.note,
        "state": asked.state,
        "reason": asked.reason,
    }


def looking(ticket: Ticket, person: Person) -> list[dict[str, object]]:
    """Who else has it open now, and whether they write (T7)."""
    rows = _looking(ticket=ticket.pk, user=person.user_id, lately=clock.now() - Looking.SEEN_FOR)
    return [{"id": str(user), "name": shown_name(*names), "writing": writing} for user, writing, *names in rows]


@prepared
def _looking(*, ticket: int, user: int | None, lately: datetime) -> QuerySet[Looking, tuple[Any, ...]]:
    rows = Looking.objects.filter(ticket=ticket, seen_at__gte=lately).exclude(user=user)
    return rows.values_list("user_id", "writing", *(f"user__{name}" for name in NAMES))


def read_entries(
    person: Person, ticket: Ticket, *, after_seq: int = 0, before_seq: int | None = None, limit: int = ENTRIES_PAGE
) -> tuple[list[TicketEntry], bool]:
    """The conversation in order, from after a place on, or the newest before one; whether there is more."""
    if before_seq is not None:
        found = _entries_before(person.is_staff, limit + 1, ticket=ticket.pk, seq=before_seq)
        return found[:limit][::-1], len(found) > limit
    found = _entries_after(person.is_staff, limit + 1, ticket=ticket.pk, seq=after_seq)
    return found[:limit], len(found) > limit


@prepared
def _entries_before(everything: bool, limit: int, *, ticket: int, seq: int) -> QuerySet[TicketEntry]:
    return _entries(everything, ticket).filter(seq__lt=seq).order_by("-seq")[:limit]


@prepared
def _entries_after(everything: bool, limit: int, *, ticket: int, seq: int) -> QuerySet[TicketEntry]:
    return _entries(everything, ticket).filter(seq__gt=seq).order_by("seq")[:limit]


def _entries(everything: bool, ticket: int) -> QuerySet[TicketEntry]:
    """With the names of who wrote, and no more of them: fifty accounts with all they are take long to make."""
    rows = TicketEntry.objects.filter(ticket=ticket).select_related("author").only(*_OF_ENTRY)
    return rows if everything else rows.filter(is_public=True)


def describe_entries(rows: Iterable[TicketEntry], person: Person) -> list[dict[str, object]]:
    return [_entry(row, person) for row in rows]


def _entry(row: TicketEntry, person: Person) -> dict[str, object]:
    shown: dict[str, object] = {
        "id": str(row.pk),
        "kind": row.kind,
        "html": row.html,
        "author": {"id": _id(row.author_id), "name": row.author.name if row.author else "", "kind": row.author_side},
        "channel": row.channel,
        "files": [],
        "at": row.at,
    }
    if row.event is not None and row.kind == EntryKind.EVENT:
        shown["event"] = row.event
    if person.is_staff:
        shown |= {"seq": row.seq, "public": row.is_public, "rule": rule_of(row)}
    return shown


def rule_of(row: TicketEntry) -> str:
    """The name of the rule that wrote it (T13), which customers are not told; '' where a person did."""
    return str(row.event.get("name", "")) if row.event is not None and row.kind != EntryKind.EVENT else ""


def _id(pk: int | None) -> str | None:
    return None if pk is None else str(pk)


def describe_work(rows: Iterable[WorkLog]) -> list[dict[str, Any]]:
    return [
        {
            "id": str(row.pk),
            "agent": _person(row.agent),
            "kind": row.kind,
            "manual": row.manual,
            "note": row.note,
            "started_at": row.started_at,
            "ended_at": row.ended_at,
            "seconds": row.seconds,
            "paid_in": row.paid_in,
            "amount_m": amount_m(row) if row.paid_in == WorkLog.PaidIn.CREDITS else 0,
            "amount_cents": amount_cents(row) if row.paid_in == WorkLog.PaidIn.MONEY else 0,
            "charged_at": row.charged_at,
            "owed": row.owed_since is not None,
        }
        for row in rows
    ]


def work_of(ticket: Ticket) -> list[WorkLog]:
    return list(WorkLog.objects.filter(ticket=ticket).select_related("agent").order_by("started_at", "pk"))


_LAST_CHANGE: Final = """
select (select max(deleted_at) from tickets_ticket where deleted_at is not null),
       (select updated_at from tickets_ticket where deleted_at is null order by updated_at desc, id desc limit 1)
"""


def last_change() -> str:
    """When a ticket last changed, whosever it is: two rows of indexes, however many there are. What is put into the bin
    or taken out of it changed, too."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST_CHANGE)
        return ".".join(f"{at.timestamp():.6f}" if at is not None else "" for at in cursor.fetchone())


def count_live(person: Person, customer_id: int) -> int:
    """A customer's tickets that somebody has to do something about."""
    return int(Ticket.objects.visible_to(person).filter(customer=customer_id, status__in=LIVE).count())


def views_seen_by(person: Person) -> QuerySet[SavedView]:
    """Saved views (T6): own ones, those of own departments, and everybody's. The owner sees every department's."""
    of_departments = Q(user=None) if person.is_owner else Q(department__in=person.departments | person.managed)
    return SavedView.objects.filter(Q(user=person.user_id) | of_departments | Q(user=None, department=None))


def hand_overs_for(person: Person) -> QuerySet[HandOver]:
    """Open requests that wait for this person's answer (T8)."""
    asked = HandOver.objects.filter(state=HandOver.State.OPEN, ticket__deleted_at=None)
    return asked if person.is_owner else asked.filter(to_department__in=person.managed)


def count_waiting(person: Person) -> int:
    """What waits for somebody of staff: own tickets whose customer waits, and hand-overs to answer. In the rail."""
    return len(_waiting(person.managed, user=person.user_id))


@prepared
def _waiting(managed: frozenset[int], *, user: int | None) -> QuerySet[Any]:
    own = Ticket.objects.filter(agent=user, deleted_at=None, awaits_since__isnull=False).values("pk")[:COUNTED_MAX]
    asked = HandOver.objects.filter(state=HandOver.State.OPEN, ticket__deleted_at=None, to_department__in=managed)
    return own.union(asked.values("pk")[:COUNTED_MAX], all=True) if managed else own


@prepared
def views_shown(who: Person, *, user: int | None) -> QuerySet[SavedView]:
    """Those of views_seen_by() in order, each with its department; `who` is hub.accounts.public.standing()."""
    seen = views_seen_by(replace(who, user_id=user))
    return seen.select_related("department").order_by("position", "name", "pk")


@prepared
def hand_overs_shown(who: Person, limit: int) -> QuerySet[Any, Any]:
    """The oldest of hand_overs_for(), as lists name them; `who` is hub.accounts.public.standing()."""
    names = {"subject": F("ticket__subject"), "department": F("to_department__name")}
    return hand_overs_for(who).order_by("asked_at").values("ticket_id", **names)[:limit]
