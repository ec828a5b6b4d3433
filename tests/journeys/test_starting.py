"""Starting a chat: with too few credits, at another price, too often, as nobody (C2, X6)."""

import uuid
from dataclasses import replace

import pytest
from pytest_django.fixtures import Settings

from chat.actions import sessions
from chat.actions.requests import once
from chat.errors import LiveAlready, PriceChanged, SignInFirst
from chat.models import Session
from chat.wire import incoming
from credits.store.providers.base import State
from credits.store.settling import settle
from hub.accounts.models import Department
from hub.base.errors import Forbidden, TooFast
from tests.builders import World, committed, frames, now_of, receipt, transcript
from tests.credits.store.shop import buys, open_shop
from tests.people import visitor_person


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


def test_who_pays_hears_of_it_and_goes_on_where_they_stood(world: World) -> None:
    """C2, S3: whatever window of theirs is open, by the socket; nobody else hears it."""
    support = world.department(price_m=2000)
    sanne = world.customer()
    chat = sanne.starts(support, "My printer is on fire")
    with open_shop() as shop:
        bought = buys(sanne.person)
        shop.change(str(bought.provider_ref), state=State.PENDING)
        with committed():
            settle(bought.pk)
        assert now_of(chat) == ("waiting", "payment")
        shop.pays(str(bought.provider_ref))
        for _copy in range(2):
            with committed():
                settle(bought.pk)
    world.dispatches()
    assert now_of(chat)[0] in ("queued", "offered")
    heard = frames(world.published, "purchase")
    assert {one.topic for one in heard} == {f"u:{sanne.id}"}
    told = {"type": "purchase", "purchase": str(bought.pk), "credits": 50}
    assert [one.frame for one in heard] == [{**told, "status": "pending"}, {**told, "status": "paid"}]


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
    assert refused.value.params == {"price_m": 2000, "block_s": 60, "free_s": 0, "minimum_blocks": 1}
    for terms in ({"block_s": 120}, {"free_s": 60}, {"minimum_blocks": 2}):
        with pytest.raises(PriceChanged):
            sanne.starts(support, "Hello?", price_m=2000, **terms)
    assert not Session.objects.exists()
    assert sanne.starts(support, "Hello?", price_m=2000, block_s=60, free_s=0, minimum_blocks=1).state == "queued"


def test_an_unsigned_visitor_chats_only_where_it_is_free(world: World) -> None:
    """Who is not signed in has no wallet to pay from."""
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
