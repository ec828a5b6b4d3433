"""The checker bites: for each way to break C5 or M2 there is a small history that it refuses."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.faults.checker import Bill, Entry, charge_offences, message_offences
from tests.faults.history import Fact, Kind

CLEAN = [Entry(1, "opened", is_event=True), Entry(2, "a", "one"), Entry(3, "b", "two"), Entry(4, "c", "three")]


def fact(kind: Kind, message_id: str, at_s: float, *, text: str = "", seq: int | None = None) -> Fact:
    return Fact(kind, "somebody", "s", message_id, at_s, text=text, seq=seq)


def facts() -> list[Fact]:
    return [
        fact("invoke", "a", 1, text="one"),
        fact("ok", "a", 2, seq=2),
        fact("invoke", "b", 3, text="two"),
        fact("invoke", "c", 4, text="three"),
        fact("unknown", "b", 5),
        fact("ok", "c", 6, seq=4),
        fact("ok", "b", 7, seq=3),
    ]


def test_a_clean_history_passes() -> None:
    assert message_offences(facts(), {"customer": CLEAN, "agent": list(CLEAN)}) == []


def test_an_unknown_message_may_be_there_or_not() -> None:
    """C5 promises nothing about what was never acknowledged; only that it is there once or not at all."""
    open_end = [known for known in facts() if known != fact("ok", "c", 6, seq=4)]
    assert message_offences(open_end, {"customer": CLEAN}, settled=False) == []
    assert message_offences(open_end, {"customer": CLEAN[:3]}, settled=False) == []
    assert message_offences(open_end, {"customer": CLEAN[:3]}) == ["c was never answered"]


VIEWS: dict[str, tuple[Callable[[list[Entry]], list[Entry]], str]] = {
    "lost at the end": (lambda view: view[:-1], "lost: c"),
    "lost in the middle": (lambda view: [view[0], view[1], view[3]], "gaps: [3]"),
    "shown twice": (lambda view: [*view, view[-1]], "seq 4 shown 2 times"),
    "stored twice": (lambda view: [*view, replace(view[-1], seq=5)], "c shown 2 times"),
    "out of order": (lambda view: [view[0], view[2], view[1], view[3]], "not in the order of seq: 2 after 3"),
    "another seq": (lambda view: [*view[:2], replace(view[3], seq=3), replace(view[2], seq=4)], "shown as 4"),
    "invented": (lambda view: [*view, Entry(5, "x", "?")], "invented: x"),
    "changed": (lambda view: [*view[:3], replace(view[3], text="tree")], "c was changed on the way"),
}


@pytest.mark.parametrize(("spoil", "offence"), VIEWS.values(), ids=VIEWS.keys())
def test_a_spoilt_view_is_found(spoil: Callable[[list[Entry]], list[Entry]], offence: str) -> None:
    found = message_offences(facts(), {"customer": CLEAN, "agent": spoil(list(CLEAN))})
    assert any(offence in line and line.startswith("agent") for line in found), found


def test_views_that_differ_in_events_are_found() -> None:
    other = [replace(CLEAN[0], id="joined"), *CLEAN[1:]]
    found = message_offences(facts(), {"customer": CLEAN, "agent": other})
    assert [line.split(":")[0] for line in found] == ["customer and agent differ at seq 1"]


def test_two_acknowledgements_that_differ_are_found() -> None:
    found = message_offences([*facts(), fact("ok", "c", 8, seq=5)], {"customer": CLEAN})
    assert found == ["c was acknowledged with several seq: [4, 5]"]


def test_one_seq_for_two_messages_is_found() -> None:
    found = message_offences([*facts(), fact("invoke", "d", 8), fact("ok", "d", 9, seq=4)], {"customer": CLEAN})
    assert "seq 4 was given to 2 messages" in found


def test_a_refused_message_that_is_there_is_found() -> None:
    told = [known for known in facts() if known != fact("ok", "c", 6, seq=4)]
    assert message_offences([*told, fact("fail", "c", 8)], {"customer": CLEAN}) == [
        "customer: c was refused and is there all the same"
    ]


def test_an_order_against_time_is_found() -> None:
    told = [*facts(), fact("invoke", "d", 8, text="four"), fact("ok", "d", 9, seq=1)]
    view = [Entry(1, "d", "four"), *CLEAN[1:]]
    assert message_offences(told, {"customer": view}) == ["d has seq 1, though 4 was acknowledged before it was sent"]


BILL = Bill(price_m=2000, block_s=60, free_s=0, elapsed_s=130, charged_m=6000)
CHARGES = [{"block": block, "amount_m": 2000} for block in (1, 2, 3)]
LINES = [{"amount_m": -2000}] * 3


def test_clean_charges_pass() -> None:
    assert charge_offences(CHARGES, BILL, LINES) == []
    assert charge_offences([], replace(BILL, free_s=200, charged_m=0), []) == []


def test_a_block_that_began_this_very_second_may_be_there_or_not() -> None:
    edge = replace(BILL, elapsed_s=120)
    assert charge_offences(CHARGES, edge) == []
    assert charge_offences(CHARGES[:2], replace(edge, charged_m=4000)) == []


@pytest.mark.parametrize(
    ("charges", "bill", "lines", "offence"),
    [
        ([*CHARGES, CHARGES[2]], replace(BILL, charged_m=8000), None, "block 3 was charged 2 times"),
        ([CHARGES[0], CHARGES[2]], replace(BILL, charged_m=4000), None, "blocks are missing"),
        ([*CHARGES[:2], {"block": 3, "amount_m": 1999}], replace(BILL, charged_m=5999), None, "block 3 cost 1999"),
        (CHARGES, replace(BILL, charged_m=4000), None, "the session says 4000"),
        (CHARGES, replace(BILL, elapsed_s=90), None, "3 blocks for 90 s"),
        (CHARGES[:2], replace(BILL, charged_m=4000), None, "2 blocks for 130 s"),
        (CHARGES, BILL, LINES[:2], "the wallet's lines say 4000"),
        (CHARGES, BILL, [{"amount_m": -6000}], "1 wallet lines for 3 charges"),
    ],
)
def test_spoilt_charges_are_found(
    charges: list[dict[str, int]], bill: Bill, lines: list[dict[str, int]] | None, offence: str
) -> None:
    """M2"""
    found = charge_offences(charges, bill, lines)
    assert any(offence in line for line in found), found
