"""Credits in the middle of a chat: none at the start, running out, coming in, and time that is not paid for."""

import uuid
from dataclasses import replace

import pytest
from pytest_django.fixtures import Settings

from chat.actions import refunds, sessions
from chat.actions.requests import once
from chat.errors import LiveAlready, MostSpent, PriceChanged, SignInFirst
from chat.models import Session
from chat.wire import incoming
from credits.errors import AboveLimit
from credits.metering.audit import find_offences
from credits.metering.hub_time import beat
from hub.accounts.models import AuditEntry, Department
from hub.base import clock
from hub.base.errors import Ended, Forbidden, TooFast
from tests.builders import Actor, World, committed, frames, has_no_gap, now_of, receipt, transcript
from tests.people import visitor_person


def running(
    world: World, *, credits: float, price_m: int = 1000, **terms: int
) -> tuple[Department, Actor, Actor, Session]:
    """A chat in which the agent has just answered."""
    support = world.department(price_m=price_m, **terms)
    marko, sanne = world.agent(support), world.customer(credits=credits)
    chat = sanne.starts(support, "Hello?")
    marko.accepts(chat)
    marko.says(chat, "Hello!")
    world.dispatches()
    return support, marko, sanne, chat


def adds_up(chat: Session, sanne: Actor, had_m: int) -> bool:
    """What the receipt says is what left the wallet, and the audit finds nothing."""
    return receipt(chat)["charged_m"] == had_m - sanne.balance_m and not list(find_offences())


# -- X6: who starts how often -----------------------------------------------------------------------


def _starts_as(mark: str, department: Department) -> None:
    visitor = replace(visitor_person(), address_mark=mark)
    frame = incoming.SessionStart(id=uuid.uuid4(), department=str(department.pk), text="Hello?")
    with committed():
        once(sessions.start, actor=visitor, frame=frame)


def test_made_up_visitors_of_one_address_start_so_many_chats(world: World, settings: Settings) -> None:
    """X6: a new visitor each time is no way round; another address and a signed-in customer are not held up."""
    settings.VISITOR_STARTS_PER_10_MINUTES = 2
    support = world.department()
    _starts_as("here", support)
    _starts_as("here", support)
    with pytest.raises(TooFast) as refused:
        _starts_as("here", support)
    assert 0 < (refused.value.retry_after_ms or 0) <= 600_000
    _starts_as("there", support)
    sanne = world.customer()
    for _ in range(3):
        sanne.starts(support, "Hello?")
    assert Session.objects.count() == 6
    world.is_down(minutes=10)
    _starts_as("here", support)


# -- C2: starting without credits -----------------------------------------------------------------


def test_without_credits_the_place_and_the_text_are_kept_while_paying(world: World) -> None:
    """C2."""
    support = world.department(price_m=2000)
    world.agent(support)
    sanne = world.customer(credits=1.5)
    chat = sanne.starts(support, "My printer is on fire")
    assert now_of(chat) == ("waiting", "payment")
    assert transcript(chat) == ["My printer is on fire"]
    world.runs(minutes=3)
    opened_at = chat.queued_at
    later = world.customer("Tom Visser", credits=10).starts(support, "I came later")

    sanne.gets_credits(0.5)
    world.dispatches()
    chat.refresh_from_db()
    later.refresh_from_db()
    assert chat.state in ("queued", "offered")
    assert opened_at is not None
    assert later.queued_at is not None
    assert chat.queued_at == opened_at < later.queued_at


def test_the_place_is_kept_for_ten_minutes_only(world: World) -> None:
    """C2."""
    support = world.department(price_m=2000)
    sanne = world.customer()
    chat = sanne.starts(support, "My printer is on fire")
    world.runs(minutes=9)
    assert now_of(chat) == ("waiting", "payment")
    world.runs(minutes=2)
    assert now_of(chat) == ("ended", "")
    assert (chat.end_reason, receipt(chat)["charged_m"]) == ("empty", 0)
    assert transcript(chat)[0] == "My printer is on fire", "what was typed is never lost"


def test_all_the_minimum_blocks_must_be_there(world: World) -> None:
    """C2, M2: they are charged together, so they are asked for together."""
    support = world.department(price_m=1000, minimum_blocks=3)
    assert now_of(world.customer(credits=2.9).starts(support))[0] == "waiting"
    assert now_of(world.customer("Tom Visser", credits=3).starts(support))[0] == "queued"


def test_the_price_that_was_shown_is_the_price(world: World) -> None:
    """C1, M1: nobody starts at another price than the one that was on the screen."""
    support = world.department(price_m=2000)
    sanne = world.customer(credits=10)
    with pytest.raises(PriceChanged) as refused:
        sanne.starts(support, "Hello?", price_m=1000)
    assert refused.value.params == {"price_m": 2000}
    assert not Session.objects.exists()


def test_an_unsigned_visitor_chats_only_where_it_is_free(world: World) -> None:
    """protocol.md, signing in."""
    with pytest.raises(SignInFirst):
        world.visitor().starts(world.department(price_m=1000), "Hello?")
    assert world.visitor().starts(world.department(), "Hello?").state == "queued"


def test_too_many_conversations_at_once_are_refused_by_name(world: World) -> None:
    """X6."""
    support = world.department()
    sanne = world.customer()
    live = [sanne.starts(support, f"{number}") for number in range(5)]
    with pytest.raises(LiveAlready) as refused:
        sanne.starts(support, "one more")
    assert refused.value.params["session"] in {str(chat.pk) for chat in live}


def test_conversations_that_are_opened_again_count_too(world: World) -> None:
    """X6: ending and reopening is no way round the limit."""
    support = world.department()
    marko, sanne = world.agent(support, capacity=10), world.customer()
    first = sanne.starts(support, "The first")
    marko.accepts(first)
    sanne.ends(first)
    for number in range(5):
        sanne.starts(support, f"{number}")
    with pytest.raises(LiveAlready):
        sanne.reopens(first)
    assert now_of(first) == ("ended", "")


def test_staff_do_not_start_conversations(world: World) -> None:
    support = world.department()
    with pytest.raises(Forbidden):
        world.agent(support).starts(support, "Hello?")


# -- M4: running out ------------------------------------------------------------------------------


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


# -- M5: time that is not paid for ----------------------------------------------------------------


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


# -- M8, P12, C12 ---------------------------------------------------------------------------------


def test_an_agent_waives_blocks(world: World) -> None:
    """M8: what was charged comes back, the coming ones are free."""
    _, marko, sanne, chat = running(world, credits=10)
    world.runs(seconds=70)
    assert sanne.balance_m == 8_000
    marko.waives(chat, 3)
    assert sanne.balance_m == 10_000
    world.runs(seconds=60)
    assert sanne.balance_m == 10_000
    world.runs(seconds=60)
    assert sanne.balance_m == 9_000


def test_blocks_that_are_waived_after_the_end_are_in_the_receipt(world: World) -> None:
    """M8, C12: the cost summary equals the ledger, and the customer is told."""
    _, marko, sanne, chat = running(world, credits=10)
    world.runs(seconds=130)
    sanne.ends(chat)
    world.dispatches()
    assert receipt(chat)["charged_m"] == 3_000
    marko.waives(chat, 1)
    assert adds_up(chat, sanne, 10_000)
    told = frames(world.published, "session", topic=f"s:{chat.pk}:customer")[-1].frame
    assert told["summary"]["charged_m"] == 2_000


def test_long_after_the_end_nothing_is_waived(world: World) -> None:
    """M8, M6: then it is a refund, with the limits of one's role."""
    _, marko, sanne, chat = running(world, credits=10)
    world.runs(seconds=130)
    sanne.ends(chat)
    world.dispatches()
    world.is_down(minutes=14)
    marko.waives(chat, 1)
    world.is_down(minutes=2)
    with pytest.raises(Ended):
        marko.waives(chat, 1)
    assert receipt(chat)["charged_m"] == 2_000
    assert adds_up(chat, sanne, 10_000)


def test_what_an_agent_gives_away_is_in_the_audit_log(world: World) -> None:
    """M4, M8: who, of which conversation, how much and why; a refusal is no gift."""
    _, marko, _, chat = running(world, credits=10)
    marko.grants(chat, 60, "a slow line")
    marko.waives(chat, 2, "our fault")
    with pytest.raises(AboveLimit):
        marko.waives(chat, 1_000)
    noted = AuditEntry.objects.filter(actor=marko.user, target_id=str(chat.pk)).order_by("pk")
    assert list(noted.values_list("fact", "detail", "note__text")) == [
        ("chat.meter.granted", {"seconds": 60}, "a slow line"),
        ("chat.meter.waived", {"blocks": 2}, "our fault"),
    ]


def test_a_refund_while_a_reopened_chat_waits_leaves_its_receipt_to_the_end(world: World) -> None:
    """M6, C12: the refund lets the customer go on, and what is charged then is in the receipt as well."""
    _, marko, sanne, chat = running(world, credits=2)
    world.runs(minutes=5)
    sanne.reopens(chat)
    assert now_of(chat) == ("waiting", "payment")
    with committed():
        owner = world.owner().person
        refunds.refund(actor=owner, session_id=chat.pk, amount_m=1_000, reason="goodwill", key="1")
    world.dispatches()
    marko.accepts(chat)
    marko.says(chat, "Here again")
    world.is_down(seconds=1)
    beat(clock.now())
    sanne.ends(chat)  # the first block has begun and is not charged yet
    world.dispatches()
    assert adds_up(chat, sanne, 2_000)
    assert receipt(chat)["charged_m"] == 2_000


def test_two_of_staff_who_use_the_same_key_make_two_refunds(world: World) -> None:
    """M6, L2: a key is its sender's own; the second refund must not be taken for the first."""
    support, marko, sanne, chat = running(world, credits=10)
    world.runs(seconds=130)
    sanne.ends(chat)
    world.dispatches()
    for who in (marko, world.manager(support), marko):
        with committed():
            refunds.refund(actor=who.person, session_id=chat.pk, amount_m=500, reason="goodwill", key="1")
    assert receipt(chat)["charged_m"] == 2_000
    assert adds_up(chat, sanne, 10_000)


def test_only_the_agent_of_the_session_touches_its_meter(world: World) -> None:
    """M8, P5."""
    support, _, _, chat = running(world, credits=10)
    for other in (world.manager(support), world.owner()):
        for deed in (other.pauses, other.resumes, other.waives, lambda one, who=other: who.grants(one, 60)):
            with pytest.raises(Forbidden):
                deed(chat)


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
    """C12, protocol.md: the same agent first; both meters are in the receipt."""
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


def test_not_solved_asks_for_a_refund_in_one_step(world: World) -> None:
    """C12, M6: the rating may be given again; yes takes the request back."""
    _, _, sanne, chat = running(world, credits=20)
    sanne.ends(chat)
    sanne.rates(chat, 2, solved="no", comment="It still burns")
    chat.refresh_from_db()
    assert (chat.rating, chat.solved, chat.refund_asked_at is not None) == (2, "no", True)
    sanne.rates(chat, 4, solved="yes")
    chat.refresh_from_db()
    assert (chat.rating, chat.comment, chat.refund_asked_at) == (4, "It still burns", None)
