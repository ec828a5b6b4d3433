"""Macros, triggers and scheduled rules (T13): each run is logged, and loops are impossible."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.base.clock import Travel
from hub.base.errors import DomainError, NotFound
from tests.any_machine import on_any_machine
from tests.tickets.desk import Desk, letters, now_of, story
from tickets import rules
from tickets.actions import ruling
from tickets.errors import BadRule, ManagerAssigns, OwnerOnly
from tickets.models import Rule, RuleRun

pytestmark = pytest.mark.django_db

URGENT = {"do": "priority", "value": "urgent"}


def rule(desk: Desk, **more: Any) -> Rule:
    return ruling.save_rule(desk.as_(desk.owner), name=more.pop("name", "A rule"), **more)


def test_t13_when_if_then(desk: Desk) -> None:
    rule(
        desk,
        events=["created"],
        conditions=[{"what": "subject", "is": ["fire", "smoke"]}, {"what": "channel", "is": ["phone"], "not": True}],
        deeds=[URGENT, {"do": "tag", "value": "Fire"}, {"do": "note", "value": "<p>Look at once</p>"}],
    )
    other = desk.files(subject="Toner")
    ticket = desk.files(subject="There is SMOKE")
    assert (now_of(ticket).priority, ticket.tags) == (4, ["fire"])
    assert story(ticket)[1:] == ["(Look at once)", "[priority]", "[tags]"]
    assert (now_of(other).priority, other.tags) == (2, [])
    run = RuleRun.objects.get()
    assert (run.ticket, run.name, run.outcome, run.done) == (ticket, "A rule", "done", ["priority", "tag", "note"])


def test_t13_what_a_rule_does_sets_off_no_rule(desk: Desk) -> None:
    """A rule that causes its own cause, and two that cause each other's: each runs once."""
    rule(desk, events=["changed", "created"], deeds=[{"do": "status", "value": "pending"}])
    rule(desk, events=["changed", "created"], deeds=[{"do": "status", "value": "open"}])
    ticket = desk.files()
    assert RuleRun.objects.filter(ticket=ticket).count() == 2
    desk.sets(desk.agent, ticket, tags=["x"])
    assert RuleRun.objects.filter(ticket=ticket).count() == 4


def test_t13_a_macro_that_sets_off_a_rule_ends(desk: Desk) -> None:
    """The issue's bad input: a macro triggers a rule that would trigger the macro."""
    macro = ruling.save_macro(
        desk.as_(desk.owner),
        name="Ask",
        deeds=[
            {"do": "reply", "value": "<p>Which one?</p>"},
            {"do": "status", "value": "pending"},
            {"do": "assign", "value": "me"},
        ],
    )
    rule(desk, events=["replied"], deeds=[{"do": "reply", "value": "<p>We are on it</p>"}])
    ticket = desk.files()
    ruling.run_macro(desk.as_(desk.agent), ticket.pk, macro.pk)
    assert (now_of(ticket).status, ticket.agent) == ("pending", desk.agent)
    assert story(ticket)[1:] == ["[assigned]", "Which one?", "We are on it", "[status]"]
    assert sorted(RuleRun.objects.values_list("name", flat=True)) == ["A rule", "Ask"]
    assert letters().count(("sanne@example.com", "ticket_reply")) == 2


def test_t13_a_macro_can_no_more_than_the_agent(desk: Desk) -> None:
    macro = ruling.save_macro(
        desk.as_(desk.owner), name="Away", deeds=[{"do": "assign", "value": desk.colleague.pk}, URGENT]
    )
    ticket = desk.files()
    with pytest.raises(ManagerAssigns):
        ruling.run_macro(desk.as_(desk.agent), ticket.pk, macro.pk)
    assert now_of(ticket).priority == 2
    theirs = ruling.save_macro(desk.as_(desk.owner), name="Theirs", deeds=[URGENT], department_id=desk.elsewhere.pk)
    with pytest.raises(NotFound):
        ruling.run_macro(desk.as_(desk.agent), ticket.pk, theirs.pk)


def test_t13_a_deed_that_is_refused_is_in_the_log_and_stops_nobody(desk: Desk) -> None:
    rule(desk, events=["created"], deeds=[URGENT, {"do": "assign", "value": desk.stranger.pk}])
    ticket = desk.files()
    assert (now_of(ticket).priority, ticket.agent, RuleRun.objects.get().outcome) == (2, None, "bad_frame")
    assert desk.says(desk.customer, ticket).seq == 2


def test_t13_a_scheduled_rule_runs_once_per_stretch(desk: Desk, time: Travel) -> None:
    rule(
        desk,
        after_hours=48,
        conditions=[{"what": "assigned", "is": [False]}],
        deeds=[{"do": "tag", "value": "forgotten"}],
    )
    ticket = desk.files()
    time.advance(hours=47)
    ruling.run_scheduled()
    assert not RuleRun.objects.exists()
    time.advance(hours=1)
    for _ in range(3):
        ruling.run_scheduled()
    assert (now_of(ticket).tags, RuleRun.objects.count()) == (["forgotten"], 1)
    desk.sets(desk.manager, ticket, status="pending", tags=[])
    time.advance(hours=48)
    ruling.run_scheduled()
    assert RuleRun.objects.count() == 2


def test_t13_the_owner_sets_them_up(desk: Desk) -> None:
    with pytest.raises(OwnerOnly):
        ruling.save_rule(desk.as_(desk.manager), name="x", events=["created"], deeds=[URGENT])


@pytest.mark.parametrize(
    "wrong",
    [
        {"events": ["made"]},
        {"deeds": []},
        {"deeds": [{"do": "explode", "value": 1}]},
        {"deeds": [{"do": "status", "value": "gone"}]},
        {"deeds": [{"do": "assign", "value": "me"}]},
        {"deeds": [URGENT | {"more": 1}]},
        {"deeds": [URGENT] * 21},
        {"conditions": [{"what": "password", "is": ["x"]}]},
        {"conditions": [{"what": "status", "is": []}]},
        {"conditions": [{"what": "status", "is": "open"}]},
        {"name": " "},
        {"events": []},
    ],
)
def test_t13_what_makes_no_sense_is_refused(desk: Desk, wrong: dict[str, Any]) -> None:
    with pytest.raises(BadRule):
        rule(desk, **({"events": ["created"], "deeds": [URGENT]} | wrong))


names = st.sampled_from(["do", "value", "what", "is", "not", "x"])
json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["do", "value", "what", "is", "not", "x"]), inner)
    ),
    max_leaves=6,
)


@on_any_machine
@given(said=json)
def test_t13_whatever_was_saved_is_read_or_refused(said: Any) -> None:
    for read in (rules.read_conditions, lambda one: rules.read_deeds(one, by_hand=True), rules.read_events):
        with suppress(DomainError):  # anything else that is raised fails the test
            read(said)
