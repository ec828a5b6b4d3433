"""The table of moves: what is in it happens, what is not is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from chat.states import ENDED, MOVES, OPENING, Reason, Situation, State, WrongMove, may_move, move, situation
from tests.any_machine import on_any_machine

EVERYTHING = sorted(MOVES)


@dataclass
class Thing:
    state: str = State.QUEUED
    reason: str = ""
    due_at: datetime | None = None


def thing_in(at: Situation) -> Thing:
    return Thing(state=at[0], reason=at[1])


@on_any_machine
@given(st.sampled_from(EVERYTHING), st.sampled_from(EVERYTHING))
def test_a_move_happens_exactly_when_the_table_has_it(before: Situation, after: Situation) -> None:
    thing = thing_in(before)
    if after in MOVES[before]:
        move(thing, after)
        assert situation(thing) == after
        assert thing.due_at is None, "a deadline belongs to the state that ran out or was left"
    else:
        with pytest.raises(WrongMove):
            move(thing, after)
        assert situation(thing) == before


def test_only_waiting_has_a_reason() -> None:
    for state, reason in MOVES:
        assert (state == State.WAITING) == (reason != Reason.NONE)


def test_every_state_of_the_protocol_is_in_the_table() -> None:
    """docs/how/queue.md."""
    assert {state for state, _ in MOVES} == set(State)
    assert {reason for _, reason in MOVES} == set(Reason)


def test_every_live_session_can_end_and_every_ended_one_can_be_opened_again() -> None:
    """C12: by either side, from wherever it is."""
    assert all(ENDED in MOVES[one] for one in MOVES if one != ENDED)
    assert MOVES[ENDED] - OPENING == {(State.ACTIVE, Reason.NONE)}


class AnySession(RuleBasedStateMachine):
    """However it is pushed about, a session is only ever where the table lets it be."""

    def __init__(self) -> None:
        super().__init__()
        self.thing = thing_in(min(OPENING))
        self.path = [situation(self.thing)]

    @rule(to=st.sampled_from(EVERYTHING))
    def push(self, to: Situation) -> None:
        allowed = may_move(self.thing, to)
        try:
            move(self.thing, to)
        except WrongMove:
            assert not allowed
        else:
            assert allowed
            self.path.append(to)

    def teardown(self) -> None:
        assert self.path[0] in OPENING
        assert all(after in MOVES[before] for before, after in zip(self.path, self.path[1:], strict=False))


TestAnySession = AnySession.TestCase
