"""Customers who ask for credits back (M6): the list of staff, and the answer no."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import override_settings

from chat.actions import afterwards, refunds
from chat.errors import NoRefund
from chat.models import Session
from credits.approvals import approve
from credits.errors import ReasonMissing
from credits.models import Approval
from hub.accounts.models import AuditEntry, User
from hub.base.errors import Conflict, NotFound
from hub.base.models import OutboxMessage
from tests.builders import Actor, World, a_world
from tests.dashboard.admin_windows import Window
from tests.dashboard.test_setup_api import Caller

pytestmark = pytest.mark.django_db

ADDRESS = "jansen@example.com"


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as made:
        yield made


def asked(world: World) -> tuple[Actor, Actor, Actor, Session]:
    """A chat that is over and was not solved: its agent, a colleague, its customer, the chat."""
    here = world.department(price_m=2000)
    agent, colleague = world.agent(here), world.agent(here, name="Ana Kovač")
    customer = world.customer(credits=100, department=here)
    User.objects.filter(pk=customer.user.pk).update(email=ADDRESS)
    chat = customer.starts(here, "It does not print")
    world.runs(seconds=1)
    agent.accepts(chat)
    agent.says(chat, "Let me look.")
    world.passes(minutes=2)
    customer.ends(chat)
    agent.wraps_up(chat)
    world.runs(seconds=5)
    afterwards.ask_refund(actor=customer.person, session_id=chat.pk)
    return agent, colleague, customer, chat


def test_who_can_answer_sees_the_request_and_others_do_not_M6_X1(world: World) -> None:
    agent, colleague, _, chat = asked(world)
    for actor, sees in ((agent, True), (colleague, False), (world.owner(), True)):
        assert (str(chat.pk) in Window(actor.user).reads("admin-refunds")) == sees
        found = Caller(actor.user).asks("refund-requests/")[1]["results"]
        assert [one["id"] for one in found] == [str(chat.pk)] * sees


def test_a_request_that_is_declined_is_told_to_the_customer_and_not_asked_again_M6(world: World) -> None:
    agent, colleague, customer, chat = asked(world)
    with pytest.raises(NotFound):  # of colleagues' chats one sees no more than the board shows
        refunds.decline(actor=colleague.person, session_id=chat.pk, text="No")
    window = Window(agent.user)
    window.sends("admin-chat-refund-decline", chat.pk, text=" ")
    assert Session.objects.get(pk=chat.pk).refund_asked_at is not None  # nobody said why
    window.sends("admin-chat-refund-decline", chat.pk, text="It was solved in the end", **{"from": "list"})
    row = Session.objects.get(pk=chat.pk)
    assert (row.refund_asked_at, row.refund_declined_at is not None) == (None, True)
    assert AuditEntry.objects.get(fact="chat.session.refund_declined").note.text == "It was solved in the end"
    assert "Nobody asks for credits back" in window.reads("admin-refunds")
    assert "was told no" in window.reads("admin-chat", chat.pk)
    page = Window(customer.user).reads("chat-page", chat.pk)
    assert "do not give them back" in page
    assert "It was solved in the end" in page
    (mail,) = OutboxMessage.objects.filter(purpose="refund_declined")
    assert mail.to == ADDRESS
    assert "It was solved in the end" in mail.text
    with pytest.raises(NoRefund):
        afterwards.ask_refund(actor=customer.person, session_id=chat.pk)


def test_who_was_told_no_is_given_nothing_by_a_second_person_M6_L6(world: World) -> None:
    agent, _, _, chat = asked(world)
    waiting = refunds.ask_approval(
        actor=agent.person, session_id=chat.pk, amount_m=4000, reason="not_solved", text="", key="one"
    )
    with pytest.raises(ReasonMissing):
        refunds.decline(actor=agent.person, session_id=chat.pk, text="")
    waiting.refresh_from_db()
    assert waiting.state == "open"  # nothing was said, so nothing changed
    refunds.decline(actor=agent.person, session_id=chat.pk, text="It was solved in the end")
    waiting.refresh_from_db()
    assert waiting.state == "withdrawn"
    with pytest.raises(Conflict):
        approve(world.owner().person, waiting.pk)


def test_giving_back_answers_the_request_M6(world: World) -> None:
    agent, _, _, chat = asked(world)
    Window(agent.user).sends("admin-chat-refund", chat.pk, amount="2", reason="not_solved")
    assert Session.objects.get(pk=chat.pk).refund_asked_at is None
    assert "Nobody asks for credits back" in Window(agent.user).reads("admin-refunds")
    (mail,) = OutboxMessage.objects.filter(purpose="refund_granted")
    assert mail.to == ADDRESS
    assert "2.0 credits are in your wallet again" in mail.text


def test_nobody_who_did_not_ask_is_told_of_a_gift_M6(world: World) -> None:
    agent, _, _, chat = asked(world)
    for amount_m in (1000, 1000):
        refunds.refund(actor=agent.person, session_id=chat.pk, amount_m=amount_m, reason="quality", key=str(amount_m))
    refunds.refund(actor=agent.person, session_id=chat.pk, amount_m=500, reason="goodwill", key="more")
    assert OutboxMessage.objects.filter(purpose="refund_granted").count() == 1


def test_what_is_above_the_own_limit_is_asked_of_a_second_person_over_the_api_M6(world: World) -> None:
    agent, colleague, customer, chat = asked(world)
    owner = world.owner()
    here = Caller(agent.user)
    with override_settings(REFUND_LIMITS_MILLICREDITS={"agent": 1000, "manager": 0, "owner": None}):
        assert here.asks(f"sessions/{chat.pk}/")[1]["refund"] == {"left_m": 4000, "alone_m": 1000, "waiting_m": 0}
        asked_for = {"amount_m": 4000, "reason": "not_solved"}
        assert here.sends("post", f"sessions/{chat.pk}/refund/", asked_for)[0] == 403
        status, made = here.sends("post", f"sessions/{chat.pk}/refund/ask/", asked_for)
        assert (status, made["amount_m"], made["state"]) == (201, 4000, "open")
        assert here.asks(f"sessions/{chat.pk}/")[1]["refund"]["waiting_m"] == 4000
        assert here.sends("post", f"sessions/{chat.pk}/refund/ask/", {"amount_m": 4001, "reason": "quality"})[0] == 409
        assert Caller(colleague.user).sends("post", f"sessions/{chat.pk}/refund/ask/", asked_for)[0] == 404
        assert "refund" not in Caller(customer.user).asks(f"sessions/{chat.pk}/")[1]
        assert Caller(owner.user).sends("post", f"approvals/{made['id']}/approve/", {})[0] == 200
        assert "refund" not in here.asks(f"sessions/{chat.pk}/")[1]  # nothing is left of it
    assert Session.objects.get(pk=chat.pk).refund_asked_at is None
    assert OutboxMessage.objects.filter(purpose="refund_granted").count() == 1


def test_of_a_block_that_was_given_back_in_part_no_more_is_offered_or_asked_for_M6(world: World) -> None:
    agent, _, customer, chat = asked(world)
    here = Caller(agent.user)
    refunds.refund(actor=agent.person, session_id=chat.pk, amount_m=500, reason="quality", key="one")
    assert here.asks(f"sessions/{chat.pk}/")[1]["refund"]["left_m"] == 2000  # of the other block
    assert 'value="2"' in Window(agent.user).reads("admin-chat", chat.pk)
    assert here.sends("post", f"sessions/{chat.pk}/refund/ask/", {"amount_m": 2001, "reason": "quality"})[0] == 409
    refunds.refund(actor=agent.person, session_id=chat.pk, amount_m=2000, reason="quality", key="two")
    assert here.asks(f"sessions/{chat.pk}/")[1]["charged_m"] == 1500
    assert "refund" not in here.asks(f"sessions/{chat.pk}/")[1]
    assert 'id="refund"' not in Window(agent.user).reads("admin-chat", chat.pk)
    assert "chat-refund" not in Window(customer.user).reads("chat-page", chat.pk)
    with pytest.raises(NoRefund):
        afterwards.ask_refund(actor=customer.person, session_id=chat.pk)


def test_no_more_is_asked_of_a_second_person_than_is_left_M6(world: World) -> None:
    agent, _, _, chat = asked(world)
    with override_settings(REFUND_LIMITS_MILLICREDITS={"agent": 1000, "manager": 0, "owner": None}):
        answer = Window(agent.user).sends("admin-chat-refund", chat.pk, amount="5", reason="not_solved")
    assert answer.status_code == 409
    assert "not that much left" in answer.content.decode()
    assert not Approval.objects.exists()


def test_what_waits_for_a_second_person_is_withdrawn_when_its_credits_were_given_back_M6_L6(world: World) -> None:
    """By somebody who may, or by another approval: it could only be refused."""
    agent, _, _, chat = asked(world)
    owner = world.owner()
    limits = {"agent": 0, "manager": 0, "owner": None}

    def asks(amount_m: int) -> Approval:
        return refunds.ask_approval(
            actor=agent.person, session_id=chat.pk, amount_m=amount_m, reason="quality", text="", key=str(amount_m)
        )

    with override_settings(REFUND_LIMITS_MILLICREDITS=limits):
        small, large, all_of_it = asks(1000), asks(2000), asks(4000)
        refunds.refund(actor=owner.person, session_id=chat.pk, amount_m=2000, reason="quality", key="k")
        states = dict(Approval.objects.values_list("pk", "state"))
        assert states == {small.pk: "open", large.pk: "open", all_of_it.pk: "withdrawn"}
        approve(owner.person, large.pk)
        states = dict(Approval.objects.values_list("pk", "state"))
        assert states == {small.pk: "withdrawn", large.pk: "approved", all_of_it.pk: "withdrawn"}
