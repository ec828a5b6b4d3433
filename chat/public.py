"""What the apps above may use of live chat."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from chat import presence
from chat.history import LiveChat, PastChat, live_chats, read_ended, seen_people
from hub.accounts.public import DepartmentStaff
from hub.base import clock

__all__ = [
    "FreeAgents",
    "LiveChat",
    "PastChat",
    "free_agents",
    "live_chats",
    "online_agents",
    "read_ended",
    "seen_people",
]


@dataclass(frozen=True, slots=True)
class FreeAgents:
    """Who can take a chat at once, and how many are there but have their hands full."""

    names: list[str]
    busy: int


def free_agents(department_ids: Collection[int]) -> FreeAgents:
    """Of the staff of these departments, those who are there (C3, C4)."""
    seats = DepartmentStaff.objects.filter(department__in=department_ids).values_list("user", flat=True)
    there = [
        agent
        for agent in presence.agents(clock.now(), user_ids=list(seats))
        if agent.status in (presence.Status.ONLINE, presence.Status.BUSY)
    ]
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
