"""Time that is not paid for: absence of either side, pauses, an outage of ours (M5)."""

import pytest

from credits.metering.audit import find_offences
from tests.builders import World, frames, now_of, receipt, transcript
from tests.journeys.paid import adds_up, running


@pytest.mark.parametrize("reason", ["customer_away", "agent_away", "requeued"])
def test_an_agents_pause_is_resumed_by_an_agent_alone_whatever_it_is_called(world: World, reason: str) -> None:
    """M5: who comes back does not set a clock going that an agent stopped."""
    _, marko, sanne, chat = running(world, credits=10)
    world.runs(seconds=20)
    marko.pauses(chat, reason)
    for who in (sanne, marko):
        who.falls_silent()
        world.runs(seconds=110)
        who.comes()
        world.runs(seconds=10)
    assert now_of(chat) == ("active", "")
    assert frames(world.published, "meter")[-1].frame["state"] == "paused"
    assert sanne.balance_m == 9_000


def test_the_meter_stops_while_the_agent_is_disconnected(world: World) -> None:
    """M5, D1: after 15 s, counting back to the last sign of life; it goes on when the agent is back."""
    _, marko, sanne, chat = running(world, credits=10)
    world.runs(seconds=40)
    marko.falls_silent()
    world.runs(seconds=30)
    assert now_of(chat) == ("waiting", "agent_away")
    assert sanne.balance_m == 9_000, "the second block began after the last sign of life"
    marko.comes()
    world.runs(seconds=5)
    assert now_of(chat) == ("active", "")
    world.runs(seconds=25)
    assert sanne.balance_m == 8_000
    assert transcript(chat)[-2:] == ["[agent_away]", "[agent_back]"]


def test_a_short_cut_of_the_agents_line_is_invisible(world: World) -> None:
    """M5: up to 15 s."""
    _, marko, _, chat = running(world, credits=10)
    world.runs(seconds=20)
    marko.falls_silent()
    world.runs(seconds=10)
    marko.comes()
    world.runs(seconds=10)
    assert now_of(chat) == ("active", "")
    assert "[agent_away]" not in transcript(chat)


def test_a_customer_who_is_away_pauses_and_then_ends(world: World) -> None:
    """M5, C12: paused after 60 s, ended after 10 minutes; what ran meanwhile is not charged."""
    _, _, sanne, chat = running(world, credits=20)
    world.runs(seconds=50)
    sanne.falls_silent()
    world.runs(seconds=70)
    assert now_of(chat) == ("waiting", "customer_away")
    world.runs(minutes=8)
    assert now_of(chat) == ("waiting", "customer_away")
    world.runs(minutes=2)
    assert now_of(chat) == ("ended", "")
    assert chat.end_reason == "inactive"
    world.runs(seconds=5)
    assert adds_up(chat, sanne, 20_000)
    assert receipt(chat)["charged_m"] == 1_000
    assert "customer_away" in {pause["reason"] for pause in receipt(chat)["paused"]}


def test_a_customer_who_comes_back_goes_on(world: World) -> None:
    """M5."""
    _, _, sanne, chat = running(world, credits=20)
    world.runs(seconds=20)
    sanne.falls_silent()
    world.runs(minutes=3)
    sanne.comes()
    world.runs(seconds=5)
    assert now_of(chat) == ("active", "")
    world.runs(seconds=80)
    assert sanne.balance_m == 18_000, "the block that began after the last sign of life is used first"


def test_the_hub_down_for_ten_minutes_charges_nothing_for_them(world: World) -> None:
    """M5: and nobody is ended for our outage."""
    _, _, sanne, chat = running(world, credits=20)
    world.runs(seconds=30)
    world.is_down(minutes=10)
    world.dispatches()
    assert now_of(chat) == ("active", "")
    world.runs(seconds=20)
    assert sanne.balance_m == 19_000
    world.runs(seconds=15)
    assert sanne.balance_m == 18_000, "the second block began after 60 s of the hub's own time"
    sanne.ends(chat)
    world.runs(seconds=5)
    assert adds_up(chat, sanne, 20_000)
    assert "outage" in {pause["reason"] for pause in receipt(chat)["paused"]}


def test_after_an_outage_everybody_has_time_to_come_back(world: World) -> None:
    """M5: the agent pauses after 15 s, the customer is not ended; nothing in between is charged."""
    _, marko, sanne, chat = running(world, credits=20)
    world.runs(seconds=30)
    marko.falls_silent()
    sanne.falls_silent()
    world.is_down(minutes=30)
    world.runs(seconds=10)
    assert now_of(chat) == ("active", "")
    world.runs(seconds=15)
    assert now_of(chat) == ("waiting", "agent_away")
    marko.comes()
    sanne.comes()
    world.runs(seconds=10)
    assert now_of(chat) == ("active", "")
    assert sanne.balance_m == 19_000
    world.runs(seconds=20)
    assert sanne.balance_m == 19_000
    assert not list(find_offences())


def test_no_web_process_is_our_outage_too(world: World) -> None:
    """M5: the meter stands from the last sign of life, and no deadline passes."""
    _, _, sanne, chat = running(world, credits=20)
    world.runs(seconds=30)
    ringing = world.visitor().starts(world.department(), "Hello?")
    world.web_is_down(seconds=300)
    assert now_of(chat) == ("waiting", "agent_away")
    assert now_of(ringing) == ("queued", "")
    world.runs(seconds=5)
    assert now_of(chat) == ("active", "")
    world.runs(seconds=20)
    assert sanne.balance_m == 19_000
    assert transcript(chat)[-2:] == ["[agent_away]", "[agent_back]"]


def test_deadlines_wait_for_an_outage(world: World) -> None:
    """M5, C2: a place that was kept for ten minutes is kept for ten minutes of a hub that lives."""
    support = world.department(price_m=2000)
    chat = world.customer().starts(support, "Hello?")
    world.runs(minutes=5)
    world.is_down(minutes=30)
    world.runs(minutes=4)
    assert now_of(chat) == ("waiting", "payment")
    world.runs(minutes=2)
    assert now_of(chat) == ("ended", "")


def test_an_agents_pause_is_the_agents_to_end(world: World) -> None:
    """M5, M2: with a reason both sides see; neither a reload nor the hub resumes it; the rest of the block is kept."""
    _, marko, sanne, chat = running(world, credits=10)
    world.runs(seconds=40)
    marko.pauses(chat, "looking_up")
    assert frames(world.published, "meter")[-1].frame["reason"] == "looking_up"
    marko.falls_silent()
    world.runs(seconds=30)
    marko.comes()
    world.runs(minutes=2)
    assert frames(world.published, "meter")[-1].frame["state"] == "paused"
    assert sanne.balance_m == 9_000
    marko.resumes(chat)
    world.runs(seconds=15)
    assert sanne.balance_m == 9_000
    world.runs(seconds=15)
    assert sanne.balance_m == 8_000
    assert now_of(chat) == ("active", "")
