"""Who may see which session (P4, P5, P6), and who may do what with it (X1)."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from chat.actions import messages
from chat.models import Message, Session
from chat.permissions import get_visible
from chat.wire import incoming
from hub.accounts.access import Person
from hub.base.errors import DomainError, Forbidden, NotFound, Taken
from tests import people
from tests.builders import Actor, World


def sees(person: Person, chat: Session) -> bool:
    return Session.objects.visible_to(person).filter(pk=chat.pk).exists()


class Table:
    """One session of each kind in two departments, and everybody who might look."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.support, self.sales = world.department(), world.department()
        self.marko = world.agent(self.support, name="Marko Horvat")
        self.sara = world.agent(self.support, name="Sara Rossi")
        self.piet = world.agent(self.sales, name="Piet Bakker")
        self.boss = world.manager(self.support)
        self.other_boss = world.manager(self.sales)
        self.owner = world.owner()
        self.sanne, self.tom = world.customer(), world.customer("Tom Visser")
        self.waiting = self.sanne.starts(self.support, "I wait")
        self.running = self.tom.starts(self.support, "I am helped")
        self.marko.accepts(self.running)
        self.past = self.sanne.starts(self.support, "Long ago")
        self.marko.accepts(self.past)
        self.marko.ends(self.past)
        self.left = self.tom.starts(self.support, "Never mind")
        self.tom.ends(self.left)

    def row(self, actor: Actor) -> dict[str, bool]:
        names = ("waiting", "running", "past", "left")
        return {name: sees(actor.person, getattr(self, name)) for name in names}


def test_staff_see_by_level_department_and_own_work(world: World) -> None:
    """P5: agents own work and what waits in their departments; managers the department; the owner everything."""
    table = Table(world)
    everything = dict.fromkeys(("waiting", "running", "past", "left"), True)
    nothing = dict.fromkeys(everything, False)
    assert table.row(table.marko) == everything, "also what Tom left, while Marko talks with Tom (C15)"
    assert table.row(table.sara) == nothing | {"waiting": True}
    assert table.row(table.piet) == nothing
    assert table.row(table.boss) == everything
    assert table.row(table.other_boss) == nothing
    assert table.row(table.owner) == everything


def test_customers_see_their_own(world: World) -> None:
    """P4, X1."""
    table = Table(world)
    assert table.row(table.sanne) == {"waiting": True, "running": False, "past": True, "left": False}
    assert table.row(table.tom) == {"waiting": False, "running": True, "past": False, "left": True}
    assert not sees(people.visitor_person(), table.waiting)


def test_an_organisation_sees_by_level(world: World) -> None:
    """P4: the owner everything, a manager the unit, an employee only what is own."""
    support, firm = world.department(), people.make_organisation()
    chats = {}
    for name in ("owner", "manager", "employee"):
        actor = world._enter(getattr(firm, name), "visitor", here=True, credits=0)
        chats[name] = actor.starts(support, name)
    seen = {
        name: {whose for whose, chat in chats.items() if sees(people.person_of(getattr(firm, name)), chat)}
        for name in chats
    }
    assert seen["owner"] == {"owner", "manager", "employee"}
    assert seen["manager"] == {"manager", "employee"}
    assert seen["employee"] == {"employee"}
    stranger = people.make_organisation()
    assert not any(sees(people.person_of(stranger.owner), chat) for chat in chats.values())


def test_the_bound_agent_sees_the_customers_sessions(world: World) -> None:
    """P5, P6: own customers, in whatever department they ask."""
    support, sales = world.department(), world.department()
    own = world.agent(support)
    chat = world.customer(agent=own.user).starts(sales, "Hello?")
    assert sees(own.person, chat)


def test_exclusive_work_is_invisible_to_colleagues(world: World) -> None:
    """P6."""
    support = world.department()
    own, sara, boss = world.agent(support), world.agent(support, name="Sara Rossi"), world.manager(support)
    chat = world.customer(agent=own.user, exclusive=True).starts(support, "Only you")
    assert (sees(own.person, chat), sees(sara.person, chat), sees(boss.person, chat)) == (True, False, True)


def test_the_history_of_whom_one_talks_with_is_seen_while_one_talks(world: World) -> None:
    """C15, P5."""
    support = world.department()
    marko, sara = world.agent(support), world.agent(support, name="Sara Rossi")
    sanne = world.customer()
    earlier = sanne.starts(support, "Earlier")
    sara.accepts(earlier)
    sara.ends(earlier)
    assert not sees(marko.person, earlier)
    now = sanne.starts(support, "Again")
    marko.accepts(now)
    assert sees(marko.person, earlier)
    marko.ends(now)
    assert not sees(marko.person, earlier)


UNKNOWN = ("6f1c2b0e-5d1a-4c55-9a55-0d8f7a3a9b11", "00000000-0000-0000-0000-000000000000")


@pytest.mark.parametrize("junk", ["", "x", "0", *UNKNOWN, "é" * 36])
def test_what_does_not_exist_and_what_one_may_not_see_are_the_same(world: World, junk: str) -> None:
    """X1: `not_found` for both."""
    with pytest.raises(NotFound):
        get_visible(world.owner().person, junk)


def test_every_action_refuses_who_may_not(world: World) -> None:
    """X1: strangers, colleagues and the other side, with everything that has a session in its frame."""
    table = Table(world)
    chat = table.running
    deeds: dict[str, Callable[[Actor], object]] = {
        "end": lambda who: who.ends(chat),
        "reopen": lambda who: who.reopens(chat),
        "rate": lambda who: who.rates(chat, 5),
        "accept": lambda who: who.accepts(chat),
        "decline": lambda who: who.declines(chat),
        "wrapup": lambda who: who.wraps_up(chat),
        "pause": lambda who: who.pauses(chat),
        "resume": lambda who: who.resumes(chat),
        "grant": lambda who: who.grants(chat, 60),
        "waive": lambda who: who.waives(chat),
        "say": lambda who: who.says(chat, "I should not be here"),
    }
    strangers = (table.sanne, table.sara, table.piet, table.other_boss)
    for who in strangers:
        for name, deed in deeds.items():
            with pytest.raises(DomainError) as refused:
                deed(who)
            late = name == "accept" and who is table.sara
            assert refused.value.code in (("taken",) if late else ("not_found", "forbidden")), (name, who.user.name)
    for name in ("accept", "decline", "wrapup", "pause", "resume", "grant", "waive"):
        with pytest.raises(Forbidden):
            deeds[name](table.tom)
    chat.refresh_from_db()
    assert (chat.state, chat.agent_id, chat.rating) == ("active", table.marko.id, None)


def test_an_owner_of_an_organisation_reads_along_and_does_not_speak_for_the_member(world: World) -> None:
    """P4."""
    support, firm = world.department(), people.make_organisation()
    employee = world._enter(firm.employee, "visitor", here=True, credits=0)
    owner = world._enter(firm.owner, "visitor", here=True, credits=0)
    chat = employee.starts(support, "Hello?")
    assert sees(owner.person, chat)
    with pytest.raises(Forbidden):
        owner.ends(chat)
    with pytest.raises(Forbidden):
        owner.rates(chat, 1)
    with pytest.raises(DomainError):
        messages.send(
            actor=owner.person, frame=incoming.MessageSend(id=uuid.uuid4(), session=str(chat.pk), text="It is I")
        )


def test_who_reads_along_may_not_write_and_who_sees_nothing_finds_nothing(world: World) -> None:
    """X1, P5: `not_found` would be untrue of what one reads."""
    table = Table(world)
    chat = table.running
    seq = table.tom.says(chat, "Hello?")
    edit = incoming.MessageEdit(id=uuid.uuid4(), session=str(chat.pk), seq=seq, text="x")
    delete = incoming.MessageDelete(id=uuid.uuid4(), session=str(chat.pk), seq=seq)
    deeds: list[Callable[[Actor], object]] = [
        lambda who: who.says(chat, "I read along"),
        lambda who: messages.edit(actor=who.person, frame=edit),
        lambda who: messages.delete(actor=who.person, frame=delete),
    ]
    for who, refusal in ((table.boss, Forbidden), (table.owner, Forbidden), (table.sara, NotFound)):
        for deed in deeds:
            with pytest.raises(refusal):
                deed(who)
    assert Message.objects.get(session=chat, seq=seq).text == "Hello?"


def test_managers_and_the_owner_may_end_what_is_theirs_to_see(world: World) -> None:
    """C12, P5."""
    table = Table(world)
    table.boss.ends(table.running)
    table.running.refresh_from_db()
    assert table.running.end_reason == "agent"
    table.owner.ends(table.waiting)
    with pytest.raises(NotFound):
        table.other_boss.ends(table.waiting)


def test_what_a_colleague_has_ended_is_not_found_by_who_would_take_it(world: World) -> None:
    """X1, C4: who is late learns who has it, and nothing once it is over."""
    support = world.department()
    marko, sara = world.agent(support), world.agent(support, name="Sara Rossi")
    chat = world.customer().starts(support, "Hello?")
    world.dispatches()
    rung, quick = (sara, marko) if Session.objects.get(pk=chat.pk).offered_to_id == sara.id else (marko, sara)
    quick.accepts(chat)
    assert rung.declines(chat)["state"] == "active"
    with pytest.raises(Taken):
        rung.accepts(chat)
    quick.ends(chat)
    for deed in (rung.accepts, rung.declines):
        with pytest.raises(NotFound):
            deed(chat)
