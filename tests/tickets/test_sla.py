"""What is promised, in office hours, over holidays and both changes of the clocks (T12)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.base.clock import Travel
from hub.base.models import OutboxMessage
from hub.site.models import DepartmentRules, OpenPeriod
from hub.site.public import Hours
from tests.any_machine import on_any_machine
from tests.tickets.desk import Desk, letters, now_of, story
from tickets.models import SlaTarget, Ticket
from tickets.sla import after_office_time, office_seconds
from tickets.states import Priority

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NINE_TO_FIVE = ((9 * 60, 17 * 60),)
WEEK = (*[NINE_TO_FIVE] * 5, (), ())
OFFICE = Hours("Europe/Amsterdam", keeps_hours=True, week=WEEK)
NIGHTS = Hours("Europe/Amsterdam", keeps_hours=True, week=(((0, 24 * 60),),) * 7)


def at(*when: int, fold: int = 0) -> datetime:
    return datetime(*when, tzinfo=AMSTERDAM, fold=fold).astimezone(UTC)  # type: ignore[arg-type,misc]


def test_t12_what_is_left_on_friday_goes_on_on_monday() -> None:
    assert after_office_time(OFFICE, at(2026, 3, 6, 16, 30), 3600) == at(2026, 3, 9, 9, 30)


def test_t12_before_and_after_hours_the_time_stands_still() -> None:
    assert after_office_time(OFFICE, at(2026, 3, 3, 3), 60) == at(2026, 3, 3, 9, 1)
    assert after_office_time(OFFICE, at(2026, 3, 3, 20), 60) == at(2026, 3, 4, 9, 1)


def test_t12_a_holiday_is_no_office_time() -> None:
    hours = Hours("Europe/Amsterdam", keeps_hours=True, week=WEEK, holidays={date(2026, 4, 6): ()})  # Easter Monday
    assert after_office_time(hours, at(2026, 4, 3, 16), 2 * 3600) == at(2026, 4, 7, 10)


def test_t12_the_night_that_is_shorter_and_the_one_that_is_longer() -> None:
    """The clocks change on 29 March and 25 October 2026; a day has 23 and 25 hours then."""
    assert after_office_time(NIGHTS, at(2026, 3, 29), 3 * 3600) == at(2026, 3, 29, 4)
    assert after_office_time(NIGHTS, at(2026, 10, 25), 3 * 3600) == at(2026, 10, 25, 2, fold=1)
    assert office_seconds(NIGHTS, at(2026, 3, 29), at(2026, 3, 30)) == 23 * 3600
    assert office_seconds(NIGHTS, at(2026, 10, 25), at(2026, 10, 26)) == 25 * 3600


def test_t12_who_never_opens_promises_nothing() -> None:
    assert after_office_time(Hours("Europe/Amsterdam", keeps_hours=True), at(2026, 3, 3), 60) is None


minutes = st.integers(0, 60 * 24 * 20)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)).map(lambda one: one.replace(tzinfo=UTC))  # noqa: DTZ001


@on_any_machine
@given(since=moments, length=minutes)
def test_t12_counting_there_and_back_is_the_same(since: datetime, length: int) -> None:
    until = after_office_time(OFFICE, since, length * 60)
    assert until is not None
    assert office_seconds(OFFICE, since, until) == length * 60


@on_any_machine
@given(since=moments, first=minutes, second=minutes)
def test_t12_in_two_parts_it_is_as_much_as_in_one(since: datetime, first: int, second: int) -> None:
    middle, end = since + timedelta(minutes=first), since + timedelta(minutes=first + second)
    parts = office_seconds(OFFICE, since, middle) + office_seconds(OFFICE, middle, end)
    assert parts == pytest.approx(office_seconds(OFFICE, since, end))


def promise(desk: Desk) -> None:
    """Two hours to the first reply, eight to the solution, nine to five from Monday to Friday."""
    DepartmentRules.objects.create(department=desk.here, time_zone="Europe/Amsterdam", keeps_hours=True)
    OpenPeriod.objects.bulk_create(
        OpenPeriod(department=desk.here, weekday=day, opens_minute=540, closes_minute=1020) for day in range(5)
    )
    SlaTarget.objects.create(department=desk.here, priority=Priority.NORMAL, first_reply_minutes=120, solve_minutes=480)


def test_t12_it_is_warned_before_the_fact_and_the_breach_is_told_once(desk: Desk, time: Travel) -> None:
    promise(desk)
    ticket = desk.files()  # at ten in Amsterdam
    assert (ticket.first_reply_due_at, ticket.solve_due_at) == (at(2026, 3, 2, 12), at(2026, 3, 3, 10))
    OutboxMessage.objects.all().delete()
    time.advance(minutes=89)
    desk.clock_ticks()
    assert story(ticket) == ["It smokes."]
    time.advance(minutes=1)
    desk.clock_ticks()
    time.advance(minutes=30)
    desk.clock_ticks()
    desk.clock_ticks()
    assert story(ticket)[1:] == ["[sla_near]", "[sla_missed]"]
    assert letters() == [("giulia@example.com", "ticket_staff")] * 2
    assert now_of(ticket).breached


def test_t12_an_answer_meets_the_first_target_and_waiting_for_the_customer_stops_the_second(
    desk: Desk, time: Travel
) -> None:
    promise(desk)
    ticket = desk.files()
    time.advance(hours=1)
    desk.says(desk.agent, ticket, status="pending")
    assert (now_of(ticket).first_reply_due_at, ticket.solve_due_at, ticket.solve_left_minutes) == (None, None, 420)
    time.advance(days=3)
    desk.says(desk.customer, ticket)
    assert now_of(ticket).solve_due_at == at(2026, 3, 6, 10)
    time.advance(hours=1)
    desk.sets(desk.agent, ticket, status="solved")
    time.advance(days=2)
    desk.clock_ticks()
    assert not now_of(ticket).breached


def test_t12_another_priority_promises_something_else(desk: Desk) -> None:
    promise(desk)
    SlaTarget.objects.create(department=desk.here, priority=Priority.URGENT, first_reply_minutes=30)
    ticket = desk.files()
    desk.sets(desk.agent, ticket, priority=Priority.URGENT)
    assert (now_of(ticket).due_at, ticket.solve_due_at) == (at(2026, 3, 2, 10, 30), None)
    assert Ticket.objects.get(sla_at__isnull=False) == ticket
