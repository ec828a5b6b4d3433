"""Silence ends a chat; it is opened again within the window, and not after it (C12)."""

import pytest

from hub.base.errors import Ended
from tests.builders import World, has_no_gap, now_of, receipt, transcript
from tests.journeys.paid import adds_up, running


def test_silence_of_both_is_warned_and_then_ended(world: World) -> None:
    """C12: ten minutes, then fifteen; a word in between starts the count anew."""
    _, marko, _, chat = running(world, credits=60)
    world.runs(minutes=10.5)
    assert transcript(chat)[-1] == "[inactive]"
    marko.says(chat, "Still there?")
    world.runs(minutes=9)
    assert now_of(chat) == ("active", "")
    world.runs(minutes=2)
    assert transcript(chat)[-1] == "[inactive]"
    world.runs(minutes=5)
    assert now_of(chat) == ("ended", "")
    assert chat.end_reason == "inactive"


def test_a_chat_is_reopened_with_its_seq_and_a_meter_at_the_price_of_now(world: World) -> None:
    """C12: the same agent first; both meters are in the receipt."""
    from credits.public import Price, set_price

    support, marko, sanne, chat = running(world, credits=20)
    world.runs(seconds=70)
    sanne.ends(chat)
    world.runs(seconds=5)
    before = has_no_gap(chat) and len(transcript(chat))
    set_price(support.pk, Price(3000, block_seconds=60))
    sanne.reopens(chat)
    world.runs(seconds=5)
    assert now_of(chat) == ("offered", "")
    assert chat.offered_to_id == marko.id
    marko.accepts(chat)
    world.runs(minutes=2)
    assert sanne.balance_m == 18_000, "time runs from the next first reply"
    marko.says(chat, "Here again")
    world.runs(seconds=5)
    assert sanne.balance_m == 15_000
    sanne.ends(chat)
    world.runs(seconds=5)
    assert adds_up(chat, sanne, 20_000)
    assert receipt(chat)["charged_m"] == 5_000
    assert len(transcript(chat)) > before
    assert has_no_gap(chat)


def test_free_time_is_given_once_per_conversation(world: World) -> None:
    """M1: who ends and reopens gets what is left of the free time, and in the end pays."""
    _, marko, sanne, chat = running(world, credits=20, free_seconds=60)
    for seconds, charged_m in ((40, 0), (15, 0), (15, 1_000)):  # 40 s, 55 s and 70 s of free time wanted
        world.runs(seconds=seconds)
        sanne.ends(chat)
        world.runs(seconds=5)
        assert receipt(chat)["charged_m"] == charged_m
        marko.reopens(chat)
        marko.says(chat, "Here again")
        world.dispatches()
    world.runs(seconds=5)
    sanne.ends(chat)
    world.runs(seconds=5)
    assert (receipt(chat)["free_s"], receipt(chat)["charged_m"]) == (60, 2_000)
    assert adds_up(chat, sanne, 20_000)


def test_after_fifteen_minutes_an_end_is_final(world: World) -> None:
    """C12."""
    _, _, sanne, chat = running(world, credits=20)
    sanne.ends(chat)
    world.is_down(minutes=16)
    with pytest.raises(Ended):
        sanne.reopens(chat)


def test_an_agent_reopens_for_a_word_that_was_forgotten(world: World) -> None:
    """C12."""
    _, marko, sanne, chat = running(world, credits=20)
    sanne.ends(chat)
    world.runs(seconds=5)
    marko.reopens(chat)
    assert now_of(chat) == ("active", "")
    marko.says(chat, "One more thing")
    assert has_no_gap(chat)
