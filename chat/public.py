"""What the apps above may use of live chat."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from chat import presence
from chat.history import (
    HistoryPage,
    LiveChat,
    PastChat,
    Wanted,
    live_chats,
    read_ended,
    read_history,
    seen_people,
)
from chat.models import Session
from chat.states import State
from hub.accounts.public import is_among, standing
from hub.base import clock
from hub.base.prepared import count_of, prepared

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hub.accounts.public import Person, User

__all__ = [
    "FreeAgents",
    "HistoryPage",
    "LiveChat",
    "PastChat",
    "Wanted",
    "customers_of",
    "free_agents",
    "live_chats",
    "online_agents",
    "read_ended",
    "read_history",
    "seen_people",
    "talking_now",
    "visible_chats",
]


@dataclass(frozen=True, slots=True)
class FreeAgents:
    """Who can take a chat at once, and how many are there but have their hands full."""

    names: list[str]
    busy: int


def free_agents(department_ids: Collection[int]) -> FreeAgents:
    """Of the staff of these departments, those who are there (C3, C4)."""
    there = presence.agents_there(clock.now(), department_ids)
    free = sorted(agent.name for agent in there if agent.is_available)
    return FreeAgents(free, len(there) - len(free))


def online_agents(department_ids: Collection[int]) -> dict[int, list[str]]:
    """Per department the names of the agents who are there and take work (C3, C4)."""
    there: dict[int, list[str]] = {department: [] for department in department_ids}
    for agent in sorted(presence.agents(clock.now()), key=lambda agent: agent.name):
        if agent.status in (presence.Status.ONLINE, presence.Status.BUSY):
            for department in agent.departments & there.keys():
                there[department].append(agent.name)
    return there


def talking_now(user_ids: Collection[int]) -> set[int]:
    """Who of these customers waits or talks at this moment."""
    return set(_talking(ids=list(user_ids))) if user_ids else set()


@prepared
def _talking(*, ids: list[int]) -> QuerySet[Session, int]:
    rows = Session.objects.filter(is_among("customer", ids)).exclude(state=State.ENDED)
    return rows.values_list("customer", flat=True)


def visible_chats(person: Person, customer_ids: Collection[int]) -> int:
    """How many chats of these customers this member of staff may open (P5)."""
    return sum(_visible(standing(person), user_id=person.user_id, customers=list(customer_ids)))


@prepared
def _visible(person: Person, *, user_id: int | None, customers: list[int]) -> QuerySet[Session, int]:
    seen = Session.objects.visible_to(replace(person, user_id=user_id))
    return count_of(seen.filter(is_among("customer", customers)))


def customers_of(session_ids: Collection[str]) -> dict[UUID, User]:
    """With whom these chats were; what is no chat is missing. For lists that the owner reads (P9)."""
    keys = [key for text in session_ids if (key := _key(text)) is not None]
    rows = Session.objects.filter(pk__in=keys).select_related("customer") if keys else ()
    return {row.pk: row.customer for row in rows}


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
