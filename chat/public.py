"""What the apps above may use of live chat."""

from __future__ import annotations

from collections.abc import Collection

from chat import presence
from hub.base import clock

__all__ = ["online_agents"]


def online_agents(department_ids: Collection[int]) -> dict[int, list[str]]:
    """Per department the names of the agents who are there and take work (C3, C4)."""
    there: dict[int, list[str]] = {department: [] for department in department_ids}
    for agent in sorted(presence.agents(clock.now()), key=lambda agent: agent.name):
        if agent.status in (presence.Status.ONLINE, presence.Status.BUSY):
            for department in agent.departments & there.keys():
                there[department].append(agent.name)
    return there
