"""The stopwatch (T9), and hand-overs between departments (T8)."""

from __future__ import annotations

import pytest

from hub.accounts.models import AuditEntry
from hub.base.clock import Travel
from hub.base.errors import NotFound
from tests import people
from tests.tickets.desk import Desk, letters, now_of, story
from tickets import retention
from tickets.actions import binning, bulk, handing_over, joining, settling, working
from tickets.actions.changing import Changes
from tickets.amounts import amount_cents
from tickets.errors import (
    HandOverWaits,
    ManagerAssigns,
    MergedAway,
    NoStopwatch,
    NotTheManager,
    OwnerOnly,
    WrongMove,
    WrongTicket,
)
from tickets.models import HandOver, Ticket, TicketLink, TicketRules, WorkLog

pytestmark = pytest.mark.django_db


def test_t9_one_stopwatch_runs_per_agent(desk: Desk, time: Travel) -> None:
    one, other = desk.files(), desk.files()
    agent = desk.as_(desk.agent)
    first = working.start(agent, one.pk)
    assert working.start(agent, one.pk).pk == first.pk
    time.advance(minutes=3)
    working.start(agent, other.pk)
    first.refresh_from_db()
    assert (first.seconds, story(one)[1:]) == (180, ["[work_started]", "[work_stopped]"])
    working.start(desk.as_(desk.colleague), other.pk)
    assert WorkLog.objects.filter(ended_at=None).count() == 2
    working.halt(agent, other.pk, note="Toner")
    with pytest.raises(NoStopwatch):
        working.halt(agent, other.pk)


def test_t9_started_blocks_are_charged_when_it_closes(desk: Desk, time: Travel) -> None:
    desk.costs("ticket_work", 4000)
    desk.gives(desk.customer, 50_000)
    ticket = desk.files()
    agent = desk.as_(desk.agent)
    working.start(agent, ticket.pk)
    time.advance(minutes=16)  # two quarters of an hour
    working.write_down(agent, ticket.pk, 5, kind="warranty")
    working.write_down(agent, ticket.pk, 15, note="On site")
    desk.costs("ticket_work", 9000)  # the terms are those of when it began
    desk.sets(desk.agent, ticket, status="solved")
    assert desk.balance_m(desk.customer) == 50_000
    desk.sets(desk.manager, ticket, status="closed")
    settling.charge_what_is_owed()
    settling.charge_what_is_owed()
    assert desk.balance_m(desk.customer) == 50_000 - 3 * 4000
    assert not WorkLog.objects.filter(ended_at=None).exists()
    with pytest.raises(WrongMove):
        working.start(desk.as_(desk.manager), ticket.pk)


def test_t9_what_there_are_not_enough_credits_for_waits(desk: Desk) -> None:
    desk.costs("ticket_work", 4000)
    ticket = desk.files()
    working.write_down(desk.as_(desk.agent), ticket.pk, 10)
    desk.sets(desk.agent, ticket, status="closed")
    settling.charge_what_is_owed()
    settling.charge_what_is_owed()
    assert story(ticket)[-2:] == ["[status]", "[work_owed]"]
    assert WorkLog.objects.get().charged_at is None
    desk.gives(desk.customer, 5000)
    settling.charge_what_is_owed()
    settling.charge_what_is_owed()
    assert desk.balance_m(desk.customer) == 1000
    assert story(ticket)[-1] == "[work_charged]"


def test_t9_in_money_it_is_for_the_statement(desk: Desk) -> None:
    TicketRules.objects.create(department=desk.here, work_paid_in="money", work_block_cents=1250)
    ticket = desk.files()
    work = working.write_down(desk.as_(desk.agent), ticket.pk, 20)
    desk.sets(desk.agent, ticket, status="closed")
    work.refresh_from_db()
    assert amount_cents(work) == 2500
    assert work.charged_at is not None


def test_t9_what_is_free_is_decided_by_who_worked_or_is_in_charge(desk: Desk) -> None:
    desk.costs("ticket_work", 4000)
    ticket = desk.files()
    work = working.write_down(desk.as_(desk.agent), ticket.pk, 20)
    with pytest.raises(NotTheManager):
        working.set_kind(desk.as_(desk.colleague), ticket.pk, work.pk, "free")
    working.set_kind(desk.as_(desk.manager), ticket.pk, work.pk, "free")
    desk.sets(desk.agent, ticket, status="closed")
    settling.charge_what_is_owed()
    assert story(ticket)[-1] == "[status]"


def test_t8_another_department_approves(desk: Desk) -> None:
    ticket = desk.files()
    desk.sets(desk.agent, ticket, agent_id=desk.agent.pk)
    with pytest.raises(NotFound):
        handing_over.ask(desk.as_(desk.colleague), ticket.pk, desk.elsewhere.pk)
    handing_over.ask(desk.as_(desk.manager), ticket.pk, desk.elsewhere.pk, note="Theirs, I think")
    assert letters()[-1] == ("bram@example.com", "ticket_staff")
    with pytest.raises(HandOverWaits):
        handing_over.ask(desk.as_(desk.agent), ticket.pk, desk.elsewhere.pk)
    with pytest.raises(NotTheManager):
        handing_over.approve(desk.as_(desk.manager), ticket.pk)
    with pytest.raises(NotFound):
        handing_over.approve(desk.as_(desk.stranger), ticket.pk)
    handing_over.approve(desk.as_(desk.other_manager), ticket.pk, agent_id=desk.stranger.pk)
    assert (now_of(ticket).department, ticket.agent) == (desk.elsewhere, desk.stranger)
    assert story(ticket)[-3:] == ["[hand_over_asked]", "[handed_over]", "[assigned]"]
    assert not Ticket.objects.visible_to(desk.as_(desk.agent)).exists()


def test_t8_or_refuses_with_a_reason(desk: Desk) -> None:
    ticket = desk.files()
    with pytest.raises(ManagerAssigns):
        handing_over.ask(desk.as_(desk.agent), ticket.pk, desk.elsewhere.pk)
    with pytest.raises(WrongTicket):
        handing_over.ask(desk.as_(desk.manager), ticket.pk, desk.here.pk)
    handing_over.ask(desk.as_(desk.manager), ticket.pk, desk.elsewhere.pk)
    handing_over.refuse(desk.as_(desk.other_manager), ticket.pk, "Not ours")
    assert (now_of(ticket).department, HandOver.objects.get().reason) == (desk.here, "Not ours")
    with pytest.raises(NotFound):
        handing_over.approve(desk.as_(desk.other_manager), ticket.pk)
    handing_over.ask(desk.as_(desk.manager), ticket.pk, desk.elsewhere.pk)
    handing_over.withdraw(desk.as_(desk.manager), ticket.pk)
    assert HandOver.objects.filter(state="withdrawn").count() == 1


def test_t8_who_may_answer_it_is_not_asked(desk: Desk) -> None:
    ticket = desk.files()
    handing_over.ask(desk.as_(desk.owner), ticket.pk, desk.elsewhere.pk)
    assert now_of(ticket).department == desk.elsewhere


def test_t7_merged_tickets_point_to_the_one_that_goes_on(desk: Desk) -> None:
    gone, kept = desk.files(cc=["a@example.com"]), desk.files(cc=["b@example.com"])
    joining.merge(desk.as_(desk.agent), gone.pk, kept.pk)
    assert (now_of(gone).status, gone.merged_into, now_of(kept).cc) == (
        "closed",
        kept,
        ["b@example.com", "a@example.com"],
    )
    with pytest.raises(MergedAway):
        desk.says(desk.customer, gone)
    with pytest.raises(MergedAway):
        joining.merge(desk.as_(desk.manager), kept.pk, gone.pk)
    other = desk.files(people.make_customer())
    for into in (other.pk, kept.pk):
        with pytest.raises(WrongTicket):
            joining.merge(desk.as_(desk.agent), kept.pk, into)


def test_t7_a_reply_is_split_off_and_linked(desk: Desk) -> None:
    customer = people.make_customer(agent=desk.agent)
    desk.customer = customer
    ticket = desk.files()
    entry = desk.says(customer, ticket, "<p>And the fax?</p>")
    made = joining.split(desk.as_(desk.agent), ticket.pk, entry.seq, "The fax")
    assert (made.subject, made.customer, story(made)[0]) == ("The fax", customer, "And the fax?")
    assert TicketLink.objects.filter(one=ticket, other=made).exists()
    joining.link(desk.as_(desk.agent), made.pk, ticket.pk, on=False)
    assert not TicketLink.objects.exists()


def test_p5_only_the_owner_deletes_into_a_bin_for_thirty_days(desk: Desk, time: Travel) -> None:
    ticket = desk.files()
    with pytest.raises(OwnerOnly):
        binning.delete(desk.as_(desk.manager), ticket.pk)
    binning.delete(desk.as_(desk.owner), ticket.pk)
    assert not Ticket.objects.visible_to(desk.as_(desk.owner)).exists()
    with pytest.raises(OwnerOnly):
        binning.restore(desk.as_(desk.manager), ticket.pk)
    binning.restore(desk.as_(desk.owner), ticket.pk)
    binning.delete(desk.as_(desk.owner), ticket.pk)
    time.advance(days=29)
    retention.tidy()
    assert Ticket.objects.exists()
    time.advance(days=2)
    retention.tidy()
    assert not Ticket.objects.exists()
    assert AuditEntry.objects.filter(fact__startswith="tickets.").count() == 3


def test_t6_many_at_once_each_for_itself(desk: Desk) -> None:
    one, other = desk.files(), desk.files(department=desk.elsewhere)
    done = bulk.change_all(desk.as_(desk.agent), [one.pk, other.pk], Changes(tags=["fire"]))
    assert [found and found.code for found in done.values()] == [None, "not_found"]
    assert now_of(one).tags == ["fire"]
