"""A member at the spending limit: cannot start, is stopped, asks the manager, goes on by itself (P4, C2, M4)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from chat.actions import sessions
from chat.errors import NeverBegun, PayerChanged, TooLateToReopen
from chat.models import Session
from chat.queries import session_frames
from chat.states import WrongMove
from chat.wire import incoming
from credits import public as money
from credits.models import LimitRequest
from hub.accounts.access import SYSTEM
from hub.accounts.actions import memberships
from hub.accounts.models import Department
from hub.base.errors import Forbidden, NotFound
from hub.base.models import OutboxMessage
from tests import people
from tests.builders import Actor, World, a_world, committed, frames, has_no_gap, now_of, transcript

pytestmark = pytest.mark.django_db


class Firm:
    """An organisation with credits, an employee with a limit, and an agent who is there."""

    def __init__(self, world: World) -> None:
        self.world = world
        made = people.make_organisation()
        self.id, self.unit = made.organisation.pk, made.unit
        made.manager.email = "fatima@example.com"
        made.manager.save()
        self.owner, self.manager = Actor(world, made.owner, "visitor"), Actor(world, made.manager, "visitor")
        self.employee = Actor(world, made.employee, "visitor")
        self.owner.gets_credits(100)
        self.employee.comes()
        self.support: Department = world.department(price_m=2_000)
        self.agent = world.agent(self.support)

    def allows(self, credits: float | None) -> None:
        with committed():
            limit_m = None if credits is None else int(credits * 1000)
            money.set_limit(SYSTEM, self.id, self.employee.id, limit_m=limit_m)

    def asks(self, chat: Session, who: Actor | None = None) -> dict[str, Any]:
        frame = incoming.LimitAsk(id=uuid.uuid4(), session=str(chat.pk))
        with committed():
            return sessions.ask(actor=(who or self.employee).person, frame=frame)

    def talks(self) -> Session:
        chat = self.employee.starts(self.support, "Help")
        self.agent.accepts(chat)
        self.agent.says(chat, "Hello")
        self.world.runs(seconds=2)
        return chat


@pytest.fixture
def firm(db: None) -> Iterator[Firm]:
    with a_world() as world:
        yield Firm(world)


def test_at_the_limit_a_chat_cannot_start_and_says_why_C2_P4(firm: Firm) -> None:
    firm.allows(1)
    chat = firm.employee.starts(firm.support, "My mail does not work")
    assert now_of(chat) == ("waiting", "payment")
    (told,) = session_frames(firm.employee.person, [chat.pk])
    assert (told.short_of, told.limit_asked) == ("limit", False)
    assert transcript(chat) == ["My mail does not work"]


def test_the_balance_comes_before_the_limit_C2_P4(firm: Firm) -> None:
    wallet = money.wallet_for(firm.employee.id)
    assert wallet is not None
    money.adjust(wallet.id, -100_000, reason="test", actor_id=None, key="empty")
    firm.allows(1)
    chat = firm.employee.starts(firm.support, "Help")
    assert chat.short_of == "balance"
    firm.owner.gets_credits(50)
    firm.world.runs(seconds=2)
    chat.refresh_from_db()
    assert (now_of(chat), chat.short_of) == (("waiting", "payment"), "limit")


def test_who_asks_from_the_widget_goes_on_when_the_manager_raises_it_P4_C2(firm: Firm) -> None:
    firm.allows(1)
    chat = firm.employee.starts(firm.support, "Help")
    place = chat.queued_at
    firm.asks(chat)
    firm.asks(chat)  # again changes nothing
    told = frames(firm.world.published, "session")[-1].frame
    assert told["limit_asked"] is True
    (mail,) = OutboxMessage.objects.filter(purpose="limit_request")
    assert mail.to == "fatima@example.com"
    (request,) = LimitRequest.objects.all()
    assert f"/personnel/requests/{request.pk}/" in mail.text
    assert "Tom Visser" in mail.subject
    with committed():
        money.grant_more(firm.manager.person, request.pk, by_m=5_000, for_good=False)
    chat.refresh_from_db()
    assert now_of(chat) == ("queued", "")
    assert (chat.queued_at, chat.short_of, chat.limit_asked_at) == (place, "", None)
    assert transcript(chat) == ["Help", "[limit_asked]"]


def test_a_chat_that_stops_at_the_limit_asks_and_goes_on_P4_M4(firm: Firm) -> None:
    firm.allows(3)
    chat = firm.talks()
    firm.world.runs(seconds=62)
    assert now_of(chat) == ("waiting", "grace")
    assert chat.short_of == "limit"
    firm.asks(chat)
    request = LimitRequest.objects.get()
    with committed():
        money.grant_more(firm.owner.person, request.pk, by_m=5_000, for_good=True)
    firm.world.runs(seconds=1)
    assert now_of(chat) == ("active", "")
    assert transcript(chat)[-3:] == ["[grace]", "[limit_asked]", "[limit_raised]"]
    assert has_no_gap(chat)
    firm.world.runs(seconds=62)
    assert (
        money.read_allowances(money.wallet_for(firm.employee.id).id, [firm.employee.id])[  # type: ignore[union-attr]
            firm.employee.id
        ].used_m
        >= 4_000
    )


def test_a_no_is_told_and_one_may_ask_again_P4(firm: Firm) -> None:
    firm.allows(1)
    chat = firm.employee.starts(firm.support, "Help")
    firm.asks(chat)
    with committed():
        money.decline_more(firm.manager.person, LimitRequest.objects.get().pk)
    chat.refresh_from_db()
    assert chat.limit_asked_at is None
    assert transcript(chat) == ["Help", "[limit_asked]", "[limit_declined]"]
    firm.asks(chat)
    assert LimitRequest.objects.filter(state="open").count() == 1


def test_the_place_is_not_kept_for_ever_C2_P4(firm: Firm) -> None:
    firm.allows(1)
    chat = firm.employee.starts(firm.support, "Help")
    firm.asks(chat)
    firm.world.runs(minutes=11)
    assert now_of(chat)[0] == "ended"


def test_only_who_is_stopped_by_the_limit_asks_and_only_for_oneself_P4_X1(firm: Firm) -> None:
    chat = firm.employee.starts(firm.support, "Help")
    with pytest.raises(WrongMove):
        firm.asks(chat)
    with pytest.raises(Forbidden):
        firm.asks(chat, firm.owner)
    with pytest.raises(NotFound):
        firm.asks(chat, firm.world.customer())


def test_a_limit_set_in_the_middle_of_a_chat_counts_P4_M4(firm: Firm) -> None:
    chat = firm.talks()
    firm.allows(2)
    firm.world.runs(seconds=62)
    assert now_of(chat) == ("waiting", "grace")
    firm.allows(None)
    firm.world.runs(seconds=1)
    assert now_of(chat) == ("active", "")


def test_what_runs_when_a_member_is_shut_out_stops_as_for_who_is_away_P4_M5(firm: Firm) -> None:
    chat = firm.talks()
    with committed():
        memberships.suspend_member(firm.owner.person, firm.id, firm.employee.id)
    firm.employee.closes_everything()  # their sockets end
    firm.world.runs(seconds=70)
    assert now_of(chat) == ("waiting", "customer_away")
    firm.world.runs(minutes=11)
    assert now_of(chat) == ("ended", "")
    assert sum(charge.amount_m - charge.refunded_m for charge in money.charges_of([chat.meter_id or 0])) == 2_000


def test_who_left_does_not_go_on_with_the_organisations_chat_P4(firm: Firm) -> None:
    chat = firm.talks()
    firm.employee.ends(chat)
    with committed():
        memberships.remove_member(firm.owner.person, firm.id, firm.employee.id)
    with pytest.raises(PayerChanged):
        firm.employee.reopens(chat)


def test_why_a_chat_is_not_opened_again_is_said_as_it_is_C12(firm: Firm) -> None:
    alone = firm.employee.starts(firm.support, "Anybody?")
    firm.employee.ends(alone)
    with pytest.raises(NeverBegun) as refusal:
        firm.employee.reopens(alone)
    assert refusal.value.code == "ended"
    chat = firm.talks()
    firm.employee.ends(chat)
    firm.world.runs(minutes=16)
    with pytest.raises(TooLateToReopen):
        firm.employee.reopens(chat)


def test_an_organisation_sees_what_was_said_as_its_member_and_nothing_else_P4_X1(firm: Firm) -> None:
    newcomer = firm.world.customer("Lotte Smit", credits=20)
    before = newcomer.starts(firm.support, "private, before")
    newcomer.ends(before)
    with committed():
        memberships.join(firm.id, newcomer.id, role="employee", unit_id=firm.unit.pk)
    during = newcomer.starts(firm.support, "as a member")
    newcomer.ends(during)
    assert _sees(firm.owner, before, during) == [False, True]
    assert _sees(firm.manager, before, during) == [False, True]
    assert _sees(firm.employee, before, during) == [False, False]
    with committed():
        memberships.remove_member(firm.owner.person, firm.id, newcomer.id)
    after = newcomer.starts(firm.support, "private, after")
    assert _sees(firm.owner, during, after) == [True, False]
    assert _sees(firm.manager, during, after) == [False, False]
    assert _sees(newcomer, before, during, after) == [True, True, True]


def _sees(actor: Actor, *chats: Session) -> list[bool]:
    seen = set(Session.objects.visible_to(actor.person).values_list("pk", flat=True))
    return [chat.pk in seen for chat in chats]
