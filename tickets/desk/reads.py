"""What every page of a ticket reads, each statement made once (hub/base/prepared.py).

`who`: hub.accounts.public.standing().
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from django.db import connection
from django.db.models import Q

from hub.base.prepared import prepared
from tickets.lists import with_names
from tickets.models import Draft, Follower, FormField, HandOver, Ticket, WorkLog
from tickets.queries import NAMES
from tickets.states import LIVE

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hub.accounts.public import Person


@prepared
def visible_ticket(who: Person, *, user: int | None, number: int) -> QuerySet[Ticket]:
    """With all names; nothing where they may not see it (X1)."""
    rows: QuerySet[Ticket] = Ticket.objects.visible_to(replace(who, user_id=user))
    return with_names(rows).select_related("contact", "department__ticket_rules").filter(pk=number)


@prepared
def drafts_of(*, ticket: int, user: int | None) -> QuerySet[Draft]:
    """The newest first."""
    return Draft.objects.filter(ticket=ticket, user=user).order_by("-updated_at")


@prepared
def open_hand_over(*, ticket: int) -> QuerySet[HandOver]:
    asked = HandOver.objects.filter(ticket=ticket, state=HandOver.State.OPEN)
    return asked.select_related("asked_by", "to_department", "from_department")


_MENUS: Final = """
select 'category' as kind, id, name, position, name as beside
  from tickets_category where department_id = %(here)s and is_active
 union all select 'macro', id, name, position, name
  from tickets_macro where (department_id is null or department_id = %(here)s) and is_active
 union all select 'department', id, name, position, ''
  from accounts_department where id <> %(here)s and is_active
 order by kind, position, beside, id
"""
Choice = tuple[str, str]  # the id, and the name


def menus_of(department_id: int) -> dict[str, list[Choice]]:
    """What there is to choose from on a ticket of this department: its `category`, a `macro`, another `department`."""
    found: dict[str, list[Choice]] = {"category": [], "macro": [], "department": []}
    with connection.cursor() as cursor:
        cursor.execute(_MENUS, {"here": department_id})
        for kind, pk, name, *_order in cursor.fetchall():
            found[kind].append((str(pk), name))
    return found


@prepared
def questions_of(*, department: int, category: int | None) -> QuerySet[FormField]:
    """As form_fields.fields_of()."""
    rows = FormField.objects.filter(Q(category=None) | Q(category=category), department=department)
    return rows.order_by("category", "position", "pk")


@prepared
def followers_of(*, ticket: int) -> QuerySet[Follower, tuple[Any, ...]]:
    """Their ids, and what their names are made of."""
    rows = Follower.objects.filter(ticket=ticket).order_by("pk")
    named: QuerySet[Follower, tuple[Any, ...]] = rows.values_list("user_id", *(f"user__{name}" for name in NAMES))
    return named


@prepared
def works_shown(*, ticket: int, user: int | None) -> QuerySet[WorkLog]:
    """What was worked on it, and what this person's stopwatch runs for elsewhere."""
    rows = WorkLog.objects.filter(Q(ticket=ticket) | Q(agent=user, ended_at=None))
    return rows.select_related("agent").order_by("started_at", "pk")


@prepared
def others_of(who: Person, limit: int, *, user: int | None, customer: int, ticket: int) -> QuerySet[Ticket, int]:
    """The customer's other live tickets, the last changed first."""
    seen: QuerySet[Ticket] = Ticket.objects.visible_to(replace(who, user_id=user))
    live = seen.filter(customer=customer, status__in=LIVE).exclude(pk=ticket)
    return live.order_by("-updated_at", "-pk").values_list("pk", flat=True)[:limit]


_RELATED: Final = """
select 'linked', case one_id when %(pk)s then other_id else one_id end
  from tickets_ticketlink where one_id = %(pk)s or other_id = %(pk)s
 union all select 'follow_up', id from tickets_ticket where follow_up_of_id = %(pk)s
 union all select 'merged', id from tickets_ticket where merged_into_id = %(pk)s and deleted_at is null
"""


@dataclass(frozen=True, slots=True)
class Related:
    """Numbers of tickets that belong together with one (T7), whoever may see them."""

    linked: set[int] = field(default_factory=set)
    follow_up: set[int] = field(default_factory=set)
    merged: set[int] = field(default_factory=set)


def related_to(ticket_id: int) -> Related:
    found = Related()
    with connection.cursor() as cursor:
        cursor.execute(_RELATED, {"pk": ticket_id})
        for how, pk in cursor.fetchall():
            getattr(found, how).add(pk)
    return found
