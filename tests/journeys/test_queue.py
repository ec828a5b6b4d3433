"""Waiting and being taken: the queue as customers and agents live it."""

import uuid

import pytest

from chat import jobs, queries
from chat.actions import messages
from chat.history import past_chat
from chat.models import AgentPresence, Session
from chat.queue_places import places
from chat.wire import vocabulary
from hub.base import clock
from hub.base.errors import Forbidden, NotFound, Taken
from tests.builders import Actor, World, committed, frames, now_of, receipt, transcript


def places_of(chat: Session) -> list[int]:
    """The places of everybody in line, in order."""
    return [frame.position for frame in places(clock.now(), only=[chat.pk]).values()]


def offered_to(chat: Session) -> int | None:
    chat.refresh_from_db()
    return chat.offered_to_id


def test_the_longest_idle_agent_is_rung_first_and_the_next_after_the_time_out(world: World) -> None:
    """C4: offered with a time-out, then to the next."""
    support = world.department()
    first = world.agent(support, name="Marko Horvat")
    world.runs(seconds=10)
    second = world.agent(support, name="Sara Rossi")
    chat = world.visitor().starts(support, "Hello?")

    world.runs(seconds=5)
    assert offered_to(chat) == first.id
    world.runs(seconds=25)
    assert offered_to(chat) == second.id, "who let it ring is not asked again while somebody else can be"
    assert frames(world.published, "session.offer", topic=f"u:{second.id}")


def test_a_declined_offer_goes_on_at_once(world: World) -> None:
    """C4."""
    support = world.department()
    first, second = world.agent(support), world.agent(support, name="Sara Rossi")
    chat = world.visitor().starts(support, "Hello?")
    world.dispatches()
    rung, other = (first, second) if offered_to(chat) == first.id else (second, first)
    rung.declines(chat)
    world.dispatches()
    assert offered_to(chat) == other.id


def test_who_accepts_late_learns_who_has_it(world: World) -> None:
    """C4."""
    support = world.department()
    marko, sara = world.agent(support), world.agent(support, name="Sara Rossi")
    chat = world.visitor().starts(support, "Hello?")
    marko.accepts(chat)
    with pytest.raises(Taken) as refused:
        sara.accepts(chat)
    assert refused.value.params["by"] == "Marko Horvat"
    assert marko.accepts(chat)["state"] == "active", "accepting what one has already changes nothing"


def test_an_agent_at_capacity_is_not_rung_but_may_pull(world: World) -> None:
    """C4."""
    support = world.department()
    marko = world.agent(support, capacity=1)
    one = world.visitor().starts(support, "One")
    two = world.visitor().starts(support, "Two")
    marko.accepts(one)
    world.runs(seconds=5)
    assert now_of(two) == ("queued", "")
    assert marko.accepts(two)["state"] == "active"


@pytest.mark.parametrize("status", ["away", "busy", "offline"])
def test_only_who_is_online_is_rung(world: World, status: vocabulary.PresenceStatus) -> None:
    """C4, D1."""
    support = world.department()
    world.agent(support, status=status)
    chat = world.visitor().starts(support, "Hello?")
    world.runs(seconds=10)
    assert now_of(chat) == ("queued", "")


def test_vip_goes_ahead(world: World) -> None:
    """C4, P12."""
    support = world.department()
    early = world.customer().starts(support, "I was first")
    late = world.customer("Vera Vermeer", vip=True).starts(support, "I am a VIP")
    marko = world.agent(support, capacity=1)
    world.dispatches()
    assert offered_to(late) == marko.id
    assert places_of(early) == [2]


def test_a_bound_customer_is_offered_to_the_bound_agent_first(world: World) -> None:
    """C4, P6: first the own agent, and others when that one cannot."""
    support = world.department()
    idle = world.agent(support, name="Sara Rossi")
    world.runs(seconds=30)
    own = world.agent(support, name="Marko Horvat")
    chat = world.customer(agent=own.user).starts(support, "It is me again")
    world.dispatches()
    assert offered_to(chat) == own.id
    own.declines(chat)
    world.dispatches()
    assert offered_to(chat) == idle.id


def test_an_exclusive_customer_waits_for_the_own_agent(world: World) -> None:
    """P6: nobody else is offered the work, nor can take it; their own manager may not either."""
    support = world.department()
    own = world.agent(support, name="Marko Horvat", status="offline")
    other = world.agent(support, name="Sara Rossi")
    boss = world.manager(support)
    chat = world.customer(agent=own.user, exclusive=True).starts(support, "Only Marko")
    world.runs(seconds=40)
    assert now_of(chat) == ("queued", "")
    with pytest.raises(NotFound):
        other.accepts(chat)
    with pytest.raises(Forbidden):
        boss.accepts(chat)
    own.is_now("online")
    world.dispatches()
    assert offered_to(chat) == own.id


def test_an_agent_who_goes_offline_gives_waiting_customers_back_to_the_head(world: World) -> None:
    """C4: those rung for, and those accepted and not answered."""
    support = world.department()
    marko = world.agent(support)
    accepted = world.visitor().starts(support, "Accepted, not answered")
    marko.accepts(accepted)
    waiting = world.visitor().starts(support, "Waiting")
    world.dispatches()
    assert offered_to(waiting) == marko.id
    marko.is_now("offline")
    world.dispatches()
    assert now_of(accepted) == now_of(waiting) == ("queued", "")
    assert places_of(accepted) == [1]
    assert transcript(accepted)[-1] == "[left]"
    sara = world.agent(support, name="Sara Rossi", capacity=1)
    world.dispatches()
    assert offered_to(accepted) == sara.id


def test_an_agent_who_drops_gives_waiting_customers_back(world: World) -> None:
    """C4, D1: a ringing offer goes on some seconds after the line is gone, an unanswered chat after 15 s."""
    support = world.department()
    marko = world.agent(support)
    accepted = world.visitor().starts(support, "Accepted, not answered")
    marko.accepts(accepted)
    ringing = world.visitor().starts(support, "Ringing")
    world.dispatches()
    marko.closes_everything()
    world.runs(seconds=5)
    assert now_of(ringing) == ("offered", ""), "a reload is no absence"
    world.runs(seconds=5)
    assert now_of(ringing) == ("queued", "")
    assert now_of(accepted) == ("active", "")
    world.runs(seconds=10)
    assert now_of(accepted) == ("queued", "")


def test_an_answered_chat_waits_two_minutes_for_its_agent(world: World) -> None:
    """C4, M5: then it goes back to the head of the queue, and the next agent's reply lets time run again."""
    support = world.department(price_m=1000)
    marko = world.agent(support)
    sanne = world.customer(credits=10)
    chat = sanne.starts(support, "Hello?")
    marko.accepts(chat)
    marko.says(chat, "Hello!")
    world.runs(seconds=10)
    marko.falls_silent()
    world.runs(seconds=20)
    assert now_of(chat) == ("waiting", "agent_away")
    world.runs(seconds=130)
    assert now_of(chat) == ("queued", "")
    sara = world.agent(support, name="Sara Rossi")
    world.dispatches()
    sara.accepts(chat)
    world.runs(minutes=3)
    assert sanne.balance_m == 9_000, "nothing is charged until somebody answers"
    sara.says(chat, "I have read it all")
    world.runs(minutes=1)
    assert sanne.balance_m == 8_000, "the rest of the paid block is used first"


def test_who_helped_is_still_named_when_their_line_fell_away_and_nobody_took_it(world: World) -> None:
    """C12: in the history of both sides, and it stays theirs to look after."""
    support = world.department()
    marko, sanne = world.agent(support), world.customer()
    chat = sanne.starts(support, "Hello?")
    marko.accepts(chat)
    marko.says(chat, "Hello!")
    marko.falls_silent()
    world.runs(seconds=200)
    assert now_of(chat) == ("queued", "")
    sanne.ends(chat)
    row = Session.objects.get(pk=chat.pk)
    assert (row.agent_id, row.wrapup_agent_id, row.end_reason) == (marko.id, None, "left_queue")
    assert past_chat(row).agent == marko.user.name


def test_the_place_survives_a_minute_offline_and_not_ten(world: World) -> None:
    """C3."""
    support = world.department()
    visitor = world.visitor()
    chat = visitor.starts(support, "Hello?")
    visitor.falls_silent()
    world.runs(seconds=50)
    marko = world.agent(support)
    world.dispatches()
    assert offered_to(chat) == marko.id
    marko.is_now("away")
    marko.declines(chat)
    world.runs(minutes=4)
    marko.is_now("online")
    world.dispatches()
    assert now_of(chat) == ("queued", ""), "nobody is rung for who is gone"
    assert places_of(chat) == [1]
    world.runs(minutes=6)
    assert now_of(chat) == ("ended", "")
    assert chat.end_reason == "left_queue"


def test_leaving_the_queue_costs_nothing(world: World) -> None:
    """C3."""
    support = world.department(price_m=2000)
    sanne = world.customer(credits=10)
    chat = sanne.starts(support, "Never mind")
    sanne.ends(chat)
    world.runs(minutes=2)
    chat.refresh_from_db()
    assert (chat.end_reason, receipt(chat)["charged_m"], sanne.balance_m) == ("left_queue", 0, 10_000)


def test_a_wrap_up_counts_as_busy_until_it_is_written(world: World) -> None:
    """C12, D1."""
    support = world.department()
    marko = world.agent(support)
    chat = world.visitor().starts(support, "One")
    marko.accepts(chat)
    marko.says(chat, "Hello!")
    marko.ends(chat)
    other = world.visitor().starts(support, "Two")
    world.runs(seconds=5)
    assert now_of(other) == ("queued", "")
    marko.wraps_up(chat, "solved", tags=["printer"], next="call back")
    world.dispatches()
    assert now_of(other) == ("offered", "")
    chat.refresh_from_db()
    assert (chat.outcome, chat.tags, chat.next_step) == ("solved", ["printer"], "call back")


def test_an_unwritten_wrap_up_holds_an_agent_for_a_minute_only(world: World) -> None:
    """C12."""
    support = world.department()
    marko = world.agent(support)
    chat = world.visitor().starts(support, "One")
    marko.accepts(chat)
    marko.says(chat, "Hello!")
    marko.ends(chat)
    other = world.visitor().starts(support, "Two")
    world.runs(seconds=70)
    assert now_of(other) == ("offered", "")


def test_a_status_holds_in_every_tab(world: World) -> None:
    """D1: it is the agent's, not a socket's; a second lease changes nothing, and one open line is enough."""
    support = world.department()
    marko = world.agent(support)
    assert marko.is_now("busy", capacity=2) == {"status": "busy", "capacity": 2}
    presence = AgentPresence.objects.get(pk=marko.id)
    assert (presence.status, presence.capacity) == ("busy", 2)


def test_places_are_told_when_they_change_and_not_otherwise(world: World) -> None:
    """C3: position, estimate, who is there; live, and without a frame a second."""
    support = world.department()
    publisher = jobs.Places()
    visitors = [world.visitor() for _ in range(3)]
    chats: list[Session] = []
    for visitor in visitors:
        chats += [visitor.starts(support, "Hello?")]
        world.runs(seconds=1)

    def told() -> list[tuple[str, int, int]]:
        before = len(frames(world.published, "queue"))
        with committed():
            publisher.publish_changes()
        news = frames(world.published, "queue")[before:]
        return [(one.topic, one.frame["position"], one.frame["agents"]) for one in news]

    topics = [f"s:{chat.pk}:customer" for chat in chats]
    assert told() == [(topics[0], 1, 0), (topics[1], 2, 0), (topics[2], 3, 0)]
    world.runs(seconds=5)
    assert told() == []
    visitors[0].ends(chats[0])
    assert told() == [(topics[1], 1, 0), (topics[2], 2, 0)]
    world.agent(support, status="busy")
    assert told() == [(topics[1], 1, 1), (topics[2], 2, 1)]


def test_the_estimate_follows_what_others_waited(world: World) -> None:
    """C3: nothing is promised that nobody has seen."""
    support = world.department()
    first = world.visitor().starts(support, "Hello?")
    assert places(clock.now())[first.pk].wait_s is None
    world.runs(seconds=90)
    marko = world.agent(support, status="away")
    marko.accepts(first)
    second = world.visitor().starts(support, "Hello?")
    world.runs(seconds=1)
    third = world.visitor().starts(support, "Hello?")
    shown = places(clock.now())
    assert (shown[second.pk].wait_s, shown[third.pk].wait_s) == (90, 180)


def test_a_reply_whose_process_died_still_starts_the_meter(world: World) -> None:
    """M2: the message is committed, the process dies before the meter starts; the dispatcher starts it."""
    support = world.department(price_m=1000)
    marko, sanne = world.agent(support), world.customer(credits=10)
    chat = sanne.starts(support, "Hello?")
    marko.accepts(chat)
    with committed():
        messages.add_text(
            session_id=chat.pk,
            author_id=marko.id,
            author_kind="agent",
            author_name="Marko",
            client_id=uuid.uuid4(),
            text="Hello!",
            at=clock.now(),
        )
    assert sanne.balance_m == 10_000
    world.runs(seconds=10)
    assert sanne.balance_m == 9_000
    chat.refresh_from_db()
    assert chat.started_at is not None


def test_what_a_socket_is_told_on_arrival(world: World) -> None:
    """C3, C6: the session, then what goes with it; an offer that rings is told to who reloads."""
    support = world.department(price_m=1000)
    marko, sanne = world.agent(support), world.customer(credits=10)
    chat = sanne.starts(support, "Hello?")
    world.dispatches()

    def types(actor: Actor) -> list[str]:
        return [str(one.__struct_config__.tag) for one in queries.arrival_frames(actor.person, [chat.pk])]

    assert queries.offered_to(marko.person) == [chat.pk]
    assert types(marko) == ["session", "meter", "session.offer"]
    assert types(sanne) == ["session", "meter", "queue"]
    marko.accepts(chat)
    assert types(sanne) == types(marko) == ["session", "meter"]
    assert types(world.customer("Tom Visser")) == []
