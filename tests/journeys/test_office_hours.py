"""C4, C14: outside office hours nothing starts, and what runs or waits goes on; a department's capacity holds."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from chat.states import State
from hub.accounts.models import Department
from hub.base import clock
from hub.base.errors import ClosedHours
from hub.base.publish import captured
from hub.site.actions.departments import DepartmentIn, add_holiday, change_department, set_hours
from tests import people
from tests.builders import World

pytestmark = pytest.mark.django_db

MONDAY_NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # 12:00 in Amsterdam


@pytest.fixture
def world() -> Iterator[World]:
    with clock.freeze(MONDAY_NOON) as travel, captured() as published:
        yield World(travel, published)


def office_hours(department: Department) -> None:
    owner = people.person_of(people.make_owner())
    week = [((540, 1050),)] * 5 + [(), ()]
    set_hours(owner, department, keeps_hours=True, time_zone="Europe/Amsterdam", week=week)


def test_c4_a_chat_starts_within_hours_and_not_outside(world: World) -> None:
    support = world.department()
    office_hours(support)
    world.agent(support)
    assert world.customer().starts(support, "Hello").state == State.QUEUED
    world.is_down(minutes=6 * 60)
    with pytest.raises(ClosedHours) as refusal:
        world.customer("Tom Visser").starts(support, "Anybody?")
    assert refusal.value.params["opens_at"] == "2026-11-24T08:00:00+00:00"


def test_c14_on_a_holiday_nothing_starts(world: World) -> None:
    support = world.department()
    office_hours(support)
    owner = people.person_of(people.make_owner())
    add_holiday(owner, None, on=clock.now().date(), name="Feast", period=None)
    with pytest.raises(ClosedHours):
        world.customer().starts(support, "Hello")


def test_c4_what_waits_or_runs_when_it_closes_goes_on(world: World) -> None:
    support = world.department()
    office_hours(support)
    agent = world.agent(support)
    running, waiting = world.customer(), world.customer("Tom Visser")
    chat = running.starts(support, "Hello")
    world.runs(seconds=1)
    agent.accepts(chat)
    queued = waiting.starts(support, "Me too")
    world.is_down(seconds=(timedelta(hours=5, minutes=31)).total_seconds())
    for person in (running, waiting, agent):
        person.comes()
    world.runs(seconds=5)
    queued.refresh_from_db()
    assert queued.state != State.ENDED


def test_c14_a_department_gets_no_more_chats_at_once_than_it_has_room_for(world: World) -> None:
    support = world.department()
    change_department(people.person_of(people.make_owner()), support, DepartmentIn(capacity=2))
    first, second = world.agent(support, name="Ana Kovač"), world.agent(support, name="Luca Rossi")
    chats = [world.customer(f"Customer {number}").starts(support, "Hello") for number in range(3)]
    world.runs(seconds=1)
    for chat in chats:
        chat.refresh_from_db()
    assert sorted(chat.state for chat in chats) == sorted([State.OFFERED, State.OFFERED, State.QUEUED])
    waiting = next(chat for chat in chats if chat.state == State.QUEUED)
    free = first if first.user.pk not in {chat.offered_to_id for chat in chats} else second
    free.accepts(waiting)  # who takes one themselves is not held back
    waiting.refresh_from_db()
    assert waiting.agent_id == free.user.pk
