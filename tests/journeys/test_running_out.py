"""Credits run out in the middle of a chat, and come in again; limits do the same (M4, C1)."""

import pytest

from chat.errors import MostSpent
from tests.builders import World, frames, has_no_gap, now_of, receipt, transcript
from tests.journeys.paid import adds_up, running


def test_both_sides_are_warned_then_grace_then_the_end(world: World) -> None:
    """M4, C12: warnings at 5, 2 and 1 minutes, an unbilled grace, the end; never below zero."""
    _, _, sanne, chat = running(world, credits=7)
    world.runs(minutes=6.5)
    lows = [frame.frame["low"] for frame in frames(world.published, "meter") if "low" in frame.frame]
    assert [minutes for minutes in (5, 2, 1) if minutes in lows] == [5, 2, 1]
    world.runs(seconds=60)
    assert now_of(chat) == ("waiting", "grace")
    assert sanne.balance_m == 0
    world.runs(minutes=2.5)
    assert now_of(chat) == ("ended", "")
    assert chat.end_reason == "empty"
    assert adds_up(chat, sanne, 7_000)
    assert transcript(chat)[-2:] == ["[grace]", "[ended]"]
    assert has_no_gap(chat)


def test_a_top_up_in_grace_goes_on_at_once(world: World) -> None:
    """M4: top-up inside the chat adds time at once; grace itself is free."""
    _, _, sanne, chat = running(world, credits=1)
    world.runs(seconds=90)
    assert now_of(chat) == ("waiting", "grace")
    sanne.gets_credits(1)
    world.dispatches()
    world.dispatches()
    assert now_of(chat) == ("active", "")
    assert transcript(chat)[-1] == "[goes_on]"
    world.runs(seconds=30)
    assert sanne.balance_m == 0
    assert chat.state == "active"


def test_an_agent_grants_minutes_in_grace(world: World) -> None:
    """M4: the grace lasts as much longer."""
    _, marko, _, chat = running(world, credits=1)
    world.runs(seconds=90)
    marko.grants(chat, 120)
    world.runs(seconds=150)
    assert now_of(chat) == ("waiting", "grace")
    world.runs(seconds=90)
    assert now_of(chat) == ("ended", "")


def test_the_customer_may_write_and_end_in_grace(world: World) -> None:
    """M4."""
    _, _, sanne, chat = running(world, credits=1)
    world.runs(seconds=90)
    sanne.says(chat, "I will come back")
    sanne.ends(chat)
    world.dispatches()
    assert adds_up(chat, sanne, 1_000)


def test_most_to_spend_stops_a_meter_as_an_empty_wallet_does(world: World) -> None:
    """M4, C1."""
    support = world.department(price_m=1000)
    marko, sanne = world.agent(support), world.customer(credits=10)
    chat = sanne.starts(support, "Hello?", most_to_spend_m=2000)
    marko.accepts(chat)
    marko.says(chat, "Hello!")
    world.runs(seconds=150)
    assert now_of(chat) == ("waiting", "grace")
    assert sanne.balance_m == 8_000
    assert frames(world.published, "meter")[-1].frame["stops_by"] == "most_to_spend"


def test_most_to_spend_is_on_the_conversation_however_often_it_is_opened(world: World) -> None:
    """C1, C12: who opens it again, an agent above all, does not lift what the customer agreed to."""
    support = world.department(price_m=1000)
    marko, sanne = world.agent(support), world.customer(credits=10)
    chat = sanne.starts(support, "Hello?", most_to_spend_m=2000)
    marko.accepts(chat)
    marko.says(chat, "Hello!")
    world.runs(seconds=30)
    sanne.ends(chat)
    world.runs(seconds=5)
    marko.reopens(chat)
    marko.says(chat, "One more thing")
    world.runs(minutes=5)
    assert now_of(chat) == ("ended", "")
    assert sanne.balance_m == 8_000
    for who in (marko, sanne):
        with pytest.raises(MostSpent):
            who.reopens(chat)
    assert now_of(chat) == ("ended", "")
    assert adds_up(chat, sanne, 10_000)


def test_parallel_chats_of_one_wallet_share_it(world: World) -> None:
    """M4: never below zero, also when both are due at once."""
    support = world.department(price_m=1000)
    marko, sanne = world.agent(support), world.customer(credits=3)
    chats = [sanne.starts(support, "One"), sanne.starts(support, "Two")]
    for chat in chats:
        marko.accepts(chat)
        marko.says(chat, "Hello!")
    world.runs(minutes=5)
    assert sanne.balance_m == 0
    assert sorted(now_of(chat)[0] for chat in chats) == ["ended", "ended"]
    world.runs(seconds=10)
    assert sum(receipt(chat)["charged_m"] for chat in chats) == 3_000
