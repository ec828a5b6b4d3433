"""The lists that are looked at all day, narrowed by what menus offer and by nothing that is typed: each statement
is made once (hub/base/prepared.py). What an agent or manager sees has up to seven parts, which take long to write.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Q, QuerySet

from hub.accounts.public import standing
from hub.base.prepared import prepared
from tickets.filters import Sort, Wanted
from tickets.models import Ticket
from tickets.permissions import parts_of
from tickets.places import beyond

if TYPE_CHECKING:
    from hub.accounts.public import Person


class _Shape(NamedTuple):
    """What makes another statement. Of `ids`, an agent's id, days and the place the values are given at each call."""

    status: tuple[str, ...]
    priority: tuple[int, ...]
    ids: tuple[str, ...]
    agent: str
    channel: str
    since: bool
    until: bool
    waiting: bool
    breached: bool
    followed: bool
    sort: Sort
    order: tuple[str, ...]
    goes_on: bool


def find_ids(person: Person, wanted: Wanted, order: Sequence[str], place: Sequence[Any], limit: int) -> set[int] | None:
    """The first of each part of what this person sees, after `place`; None where more is wanted than menus offer."""
    if wanted.text or wanted.title or wanted.person or wanted.tag or wanted.number is not None:
        return None
    is_word = wanted.agent in ("", "me", "none")
    shape = _Shape(
        status=tuple(wanted.status),
        priority=tuple(wanted.priority),
        ids=tuple(wanted.ids),
        agent=wanted.agent if is_word else "id",
        channel=wanted.channel,
        since=wanted.since is not None,
        until=wanted.until is not None,
        waiting=wanted.waiting,
        breached=wanted.breached,
        followed=wanted.followed,
        sort=wanted.sort,
        order=tuple(order),
        goes_on=bool(place),
    )
    first, second, third = [*place, None, None, None][:3]
    found = _ids(
        standing(person),
        shape,
        limit,
        user=person.user_id,
        company=person.organisation_id,
        unit=person.unit_id,
        agent=None if is_word else int(wanted.agent),
        since=wanted.since,
        until=wanted.until,
        first=first,
        second=second,
        third=third,
        **{name: wanted.ids.get(name) for name in ("department", "customer", "organisation", "category")},
    )
    return set(found)


@prepared
def _ids(
    who: Person,
    shape: _Shape,
    limit: int,
    *,
    user: int | None,
    company: int | None,
    unit: int | None,
    agent: Any,
    since: datetime | None,
    until: datetime | None,
    first: Any,
    second: Any,
    third: Any,
    department: Any,
    customer: Any,
    organisation: Any,
    category: Any,
) -> QuerySet[Ticket, int]:
    given = {"department": department, "customer": customer, "organisation": organisation, "category": category}
    wanted = Wanted(
        status=shape.status,
        priority=shape.priority,
        ids={name: given[name] for name in shape.ids},
        agent=agent if shape.agent == "id" else shape.agent,
        channel=shape.channel,
        since=since if shape.since else None,
        until=until if shape.until else None,
        waiting=shape.waiting,
        breached=shape.breached,
        followed=shape.followed,
        sort=shape.sort,
    )
    chosen = Q(deleted_at=None) & wanted.narrowing(user)
    if shape.goes_on:
        chosen &= beyond(shape.order, (first, second, third)[: len(shape.order)])
    person = replace(who, user_id=user, organisation_id=company, unit_id=unit)
    parts: list[QuerySet[Ticket, int]] = [
        Ticket.objects.filter(chosen, part).order_by(*shape.order).values_list("pk", flat=True)[:limit]
        for part in parts_of(person)
    ]
    return parts[0].union(*parts[1:], all=True)
