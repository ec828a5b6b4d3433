"""Chats that cost nothing: of a VIP, and where there is no price (P12, M1)."""

from credits.metering.audit import find_offences
from tests.builders import World, frames, now_of, receipt


def test_a_vip_sees_time_and_no_money(world: World) -> None:
    """P12: blocks are rows of amount 0; no balance and no charge is in any frame of theirs."""
    support = world.department(price_m=1000)
    marko, vera = world.agent(support), world.customer("Vera Vermeer", vip=True)
    chat = vera.starts(support, "Hello?")
    marko.accepts(chat)
    marko.says(chat, "Hello!")
    world.runs(minutes=3)
    assert now_of(chat) == ("active", "")
    shown = [frame.frame for frame in frames(world.published, "meter")]
    assert shown
    money = {"price_m", "charged_m", "balance_m", "available_m", "empty_at", "low"}
    assert not any(money & frame.keys() for frame in shown)
    sessions = [one.frame for one in frames(world.published, "session", topic=f"s:{chat.pk}:customer")]
    assert not any(frame.keys() & {"price_m", "block_s"} for frame in sessions)
    vera.ends(chat)
    world.runs(seconds=5)
    chat.refresh_from_db()
    assert receipt(chat)["charged_m"] == 0
    assert not list(find_offences())


def test_free_of_charge_has_no_meter(world: World) -> None:
    """M1."""
    support = world.department()
    marko, visitor = world.agent(support), world.visitor()
    chat = visitor.starts(support, "Hello?")
    marko.accepts(chat)
    marko.says(chat, "Hello!")
    world.runs(seconds=30)
    visitor.ends(chat)
    chat.refresh_from_db()
    assert not frames(world.published, "meter")
    assert receipt(chat)["charged_m"] == 0
    assert receipt(chat)["elapsed_s"] == 30
