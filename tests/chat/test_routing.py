"""Whose turn it is (C4, P6), as a table: no database, no clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chat.actions.queue import choose
from chat.models import Session
from chat.presence import Agent

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SUPPORT, SALES = 1, 2


def agent(user_id: int, *, chats: int = 0, idle_s: int = 0, departments: tuple[int, ...] = (SUPPORT,)) -> Agent:
    return Agent(
        user_id=user_id,
        name=f"Agent {user_id}",
        status="online",
        chats=chats,
        capacity=4,
        departments=frozenset(departments),
        idle_since=NOW - timedelta(seconds=idle_s),
        since=NOW - timedelta(hours=1),
    )


def session(**fields: Any) -> Session:
    return Session(department_id=SUPPORT, **fields)


def ago(seconds: float) -> str:
    return (NOW - timedelta(seconds=seconds)).isoformat()


@pytest.mark.parametrize(
    ("asked", "agents", "chosen"),
    [
        ("nobody is there", [], None),
        ("one is there", [agent(7)], 7),
        ("the longest idle first", [agent(7, idle_s=10), agent(8, idle_s=60)], 8),
        ("who has nothing to do goes before who is busy longer", [agent(7, chats=1, idle_s=600), agent(8)], 8),
        ("equals by number, so that two dispatchers agree", [agent(9), agent(8)], 8),
        ("not those of other departments", [agent(7, departments=(SALES,)), agent(8, chats=3)], 8),
        ("only others are there", [agent(7, departments=(SALES,))], None),
    ],
)
def test_a_plain_session(asked: str, agents: list[Agent], chosen: int | None) -> None:
    """C4."""
    found = choose(session(), agents, NOW)
    assert (found and found.user_id) == chosen, asked


@pytest.mark.parametrize(
    ("asked", "fields", "agents", "chosen"),
    [
        ("the bound agent first", {"first_agent_id": 7}, [agent(7, chats=3), agent(8, idle_s=999)], 7),
        ("whatever their department", {"first_agent_id": 7}, [agent(7, departments=(SALES,)), agent(8)], 7),
        ("others when the bound one is not there", {"first_agent_id": 7}, [agent(8)], 8),
        ("exclusive: this one", {"only_agent_id": 7, "first_agent_id": 7}, [agent(7), agent(8)], 7),
        ("exclusive: nobody else", {"only_agent_id": 7, "first_agent_id": 7}, [agent(8)], None),
    ],
)
def test_a_bound_customer(asked: str, fields: dict[str, Any], agents: list[Agent], chosen: int | None) -> None:
    """P6, C4."""
    found = choose(session(**fields), agents, NOW)
    assert (found and found.user_id) == chosen, asked


@pytest.mark.parametrize(
    ("asked", "passed_by", "chosen"),
    [
        ("who let it pass is left out for a while", {"7": ago(20)}, 8),
        ("and asked again after it", {"7": ago(31)}, 7),
        ("both let it pass: the rested one", {"7": ago(12), "8": ago(5)}, 7),
        ("both let it pass just now: wait", {"7": ago(9), "8": ago(5)}, None),
    ],
)
def test_who_let_it_pass(asked: str, passed_by: dict[str, str], chosen: int | None) -> None:
    """C4: offered with a time-out, then to the next."""
    found = choose(session(passed_by=passed_by), [agent(7, idle_s=60), agent(8)], NOW)
    assert (found and found.user_id) == chosen, asked


def test_who_comes_back_online_begins_anew() -> None:
    """C4: an offer that rang at an empty desk is no refusal."""
    back = replace(agent(7), since=NOW - timedelta(seconds=1))
    assert choose(session(passed_by={"7": ago(3)}), [back], NOW) == back
