"""C12, M5: what happened in a chat, in words: the customer reads "your", everybody else of the customer."""

from __future__ import annotations

import pytest

from chat.words import ENDS, EVENTS, OUTCOMES, PAUSES, end_text, event_text, outcome_text, pause_text


@pytest.mark.parametrize("kind", sorted(EVENTS))
def test_c12_only_the_customer_is_spoken_to(kind: str) -> None:
    event = {"type": kind, "name": "Marko", "reason": "customer_asked", "seconds": 60}
    assert event_text(event, own=True)
    assert not {"you", "your"} & set(event_text(event, own=False).lower().replace(".", "").split())


@pytest.mark.parametrize("reason", sorted(PAUSES))
def test_m5_a_pause_is_told_to_each_reader(reason: str) -> None:
    assert pause_text(reason, own=True)
    assert not {"you", "your"} & set(pause_text(reason, own=False).lower().split())


@pytest.mark.parametrize("reason", sorted(ENDS))
def test_c12_an_end_is_told_to_each_reader(reason: str) -> None:
    """Whoever left is told "you", and nobody is called "the customer" to their face."""
    assert "customer" not in end_text(reason, own=True).lower()
    assert not {"you", "your"} & set(end_text(reason, own=False).lower().split())


def test_c12_the_lines_differ_where_the_reader_does() -> None:
    away = {"type": "customer_away"}
    assert event_text(away, own=True) == "Your connection was lost. Meter off."
    assert event_text(away, own=False) == "The customer's connection was lost. Meter off."
    assert event_text({"type": "edited"}, own=True) == ""


@pytest.mark.parametrize("stopped_by", ["limit", "most_to_spend"])
def test_m4_a_limit_is_not_told_as_an_empty_wallet(stopped_by: str) -> None:
    event = {"type": "grace", "stopped_by": stopped_by}
    for own in (True, False):
        assert "limit was reached" in event_text(event, own=own)
    assert "credit is used up" in event_text({"type": "grace", "stopped_by": "balance"}, own=True)
    assert "Your" not in event_text(event, own=False)


def test_c12_what_came_of_it_is_said_in_words() -> None:
    assert [outcome_text(code) for code in OUTCOMES] == ["Solved", "Partly solved", "Not solved", "Customer gone"]
    assert outcome_text("escalated") == "escalated"  # a program's own word
