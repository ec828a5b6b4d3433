"""A ticket from the first word to the last (T1 to T5)."""

from __future__ import annotations

import pytest

from hub.base.clock import Travel
from hub.base.errors import BadAddress, Forbidden, NotFound
from hub.base.models import OutboxMessage
from tests import people
from tests.proofs import solved
from tests.tickets.desk import Desk, letters, now_of, story
from tickets.actions import changing
from tickets.errors import (
    EmptyText,
    FollowUpNeeded,
    NoCredits,
    PriceChanged,
    SameKeyOtherContent,
    SignInFirst,
    SomebodyElseWrote,
    WrongMove,
)
from tickets.lifecycle import reply_price_m
from tickets.models import Ticket, TicketEntry, TicketRules
from tickets.states import Priority, Status

pytestmark = pytest.mark.django_db


def test_t1_t3_a_customer_files_a_ticket(desk: Desk) -> None:
    ticket = desk.files(cc=["Boss@example.com", "boss@example.com"], phone="030 1234567")
    assert (ticket.status, ticket.channel, ticket.initiator) == ("open", "web", "customer")
    assert (ticket.cc, ticket.contact_phone, ticket.awaits_since) == (["Boss@example.com"], "030 1234567", desk.MONDAY)
    assert story(ticket) == ["It smokes."]
    assert letters() == [("sanne@example.com", "ticket_created"), ("Boss@example.com", "ticket_created")]


def test_t1_what_is_missing_or_wrong_is_refused(desk: Desk) -> None:
    with pytest.raises(EmptyText):
        desk.files(html="<p> </p>")
    with pytest.raises(EmptyText):
        desk.files(subject="  ")
    with pytest.raises(BadAddress):
        desk.files(cc=["boss"])
    assert not Ticket.objects.exists()


def test_t1_a_guest_files_one_where_that_is_allowed_and_free(desk: Desk) -> None:
    guest = people.make_visitor()
    with pytest.raises(SignInFirst):
        desk.files(guest, contact_email="guest@example.com")
    TicketRules.objects.create(department=desk.here, takes_guests=True)
    with pytest.raises(BadAddress):
        desk.files(guest, proof=solved())
    ticket = desk.files(guest, contact_email="guest@example.com", contact_name="Guest", proof=solved())
    desk.says(desk.agent, ticket)
    assert letters() == [("guest@example.com", "ticket_created"), ("guest@example.com", "ticket_reply")]
    desk.costs("ticket", 1000)
    with pytest.raises(SignInFirst):
        desk.files(guest, contact_email="guest@example.com")


def test_t2_the_price_is_charged_with_the_ticket_and_with_a_reply(desk: Desk) -> None:
    desk.costs("ticket", 3000)
    desk.costs("ticket_reply", 1000)
    with pytest.raises(NoCredits):
        desk.files()
    assert not Ticket.objects.exists()
    desk.gives(desk.customer, 5000)
    with pytest.raises(PriceChanged) as refusal:
        desk.files(price_m=2000)
    assert refusal.value.params == {"price_m": 3000}
    ticket = desk.files(price_m=3000)
    desk.says(desk.customer, ticket)
    assert desk.balance_m(desk.customer) == 1000
    desk.says(desk.agent, ticket)
    assert desk.balance_m(desk.customer) == 1000


def test_t4_customer_and_cc_get_every_public_reply_and_no_note(desk: Desk) -> None:
    ticket = desk.files(cc=["boss@example.com"])
    OutboxMessage.objects.all().delete()
    desk.notes(desk.agent, ticket)
    desk.says(desk.agent, ticket, "<p>Is it still <b>burning</b>?</p>")
    desk.says(desk.customer, ticket, "<p>Yes.</p>")
    assert story(ticket) == ["It smokes.", "(Among us.)", "[assigned]", "Is it still burning?", "Yes."]
    assert letters() == [
        ("sanne@example.com", "ticket_reply"),
        ("boss@example.com", "ticket_reply"),
        ("boss@example.com", "ticket_reply"),
        ("marko@example.com", "ticket_staff"),
    ]
    assert "Is it still burning?" in OutboxMessage.objects.order_by("pk")[0].text


def test_t4_hostile_html_is_cleaned_on_the_way_in(desk: Desk) -> None:
    ticket = desk.files(html='<p onclick="x()">Hi<script>alert(1)</script><img src="//evil.example/p.gif"></p>')
    assert TicketEntry.objects.get(ticket=ticket).html == "<p>Hi</p>"


def test_t4_a_reply_reopens_what_was_solved_for_28_days(desk: Desk, time: Travel) -> None:
    ticket = desk.files()
    changing.solve(desk.as_(desk.customer), ticket.pk)
    time.advance(days=27)
    desk.says(desk.customer, ticket, "<p>Not solved.</p>")
    assert now_of(ticket).status == Status.OPEN
    assert ticket.awaits_since == desk.MONDAY.replace(day=29)


def test_t4_later_a_reply_is_a_linked_follow_up_at_the_price_of_a_ticket(desk: Desk, time: Travel) -> None:
    ticket = desk.files()
    desk.sets(desk.agent, ticket, status="solved")
    time.advance(days=28, seconds=1)
    desk.costs("ticket", 3000)
    desk.gives(desk.customer, 3000)
    assert reply_price_m(now_of(ticket)) == 3000
    entry = desk.says(desk.customer, ticket, "<p>It burns again.</p>", price_m=3000)
    assert (entry.ticket.follow_up_of_id, entry.seq) == (ticket.pk, 1)
    assert desk.balance_m(desk.customer) == 0
    desk.clock_ticks()
    assert now_of(ticket).status == Status.CLOSED


def test_t4_the_customer_marks_it_solved_and_opens_it_again(desk: Desk) -> None:
    ticket = desk.files()
    changing.solve(desk.as_(desk.customer), ticket.pk)
    assert now_of(ticket).status == Status.SOLVED
    changing.reopen(desk.as_(desk.customer), ticket.pk)
    assert now_of(ticket).status == Status.OPEN
    desk.sets(desk.agent, ticket, status="closed")
    with pytest.raises(FollowUpNeeded):
        changing.reopen(desk.as_(desk.customer), ticket.pk)
    with pytest.raises(FollowUpNeeded):
        desk.says(desk.manager, ticket)
    with pytest.raises(WrongMove):
        desk.sets(desk.manager, ticket, status="pending")


def test_t5_pending_is_reminded_closed_and_reopened(desk: Desk, time: Travel) -> None:
    """The time travel of T5: a week, a week, a reply."""
    ticket = desk.files()
    desk.says(desk.agent, ticket, "<p>Which printer?</p>", status="pending")
    OutboxMessage.objects.all().delete()
    time.advance(days=6, hours=23)
    desk.clock_ticks()
    assert letters() == []
    time.advance(hours=1)
    desk.clock_ticks()
    desk.clock_ticks()
    assert letters() == [("sanne@example.com", "ticket_reminder")]
    time.advance(days=7)
    desk.clock_ticks()
    assert (now_of(ticket).status, ticket.closed_by) == ("closed", "clock")
    assert letters()[1:] == [("sanne@example.com", "ticket_closed")]
    time.advance(days=27)
    desk.says(desk.customer, ticket, "<p>The left one.</p>")
    assert (now_of(ticket).status, ticket.closed_by, ticket.closed_at) == ("open", "", None)
    assert story(ticket)[-5:] == ["[status]", "[reminded]", "[status]", "The left one.", "[status]"]


def test_t5_an_answer_stops_the_clock(desk: Desk, time: Travel) -> None:
    ticket = desk.files()
    desk.says(desk.agent, ticket, status="pending")
    desk.says(desk.customer, ticket)
    time.advance(days=15)
    desk.clock_ticks()
    assert now_of(ticket).status == Status.OPEN


def test_t5_days_are_the_department_s(desk: Desk, time: Travel) -> None:
    TicketRules.objects.create(department=desk.here, remind_days=0, close_days=2)
    ticket = desk.files()
    desk.says(desk.agent, ticket, status="pending")
    time.advance(days=2)
    desk.clock_ticks()
    assert now_of(ticket).status == Status.CLOSED
    assert "[reminded]" not in story(ticket)


def test_t7_two_who_answer_at_once_see_each_other(desk: Desk) -> None:
    ticket = desk.files()
    seen = now_of(ticket).last_seq
    desk.says(desk.agent, ticket, seen_seq=seen)
    with pytest.raises(SomebodyElseWrote):
        desk.says(desk.manager, ticket, seen_seq=seen)


def test_c6_the_same_key_is_the_same_ticket_and_the_same_reply(desk: Desk) -> None:
    first, again = desk.files(key="k1"), desk.files(key="k1")
    assert first.pk == again.pk
    assert desk.says(desk.customer, first, key="k2").pk == desk.says(desk.customer, first, key="k2").pk
    with pytest.raises(SameKeyOtherContent):
        desk.says(desk.customer, first, "<p>Other.</p>", key="k2")
    assert story(first) == ["It smokes.", "Hello."]


def test_t7_staff_file_one_for_a_customer_free_of_charge(desk: Desk) -> None:
    desk.costs("ticket", 3000)
    customer = people.make_customer(agent=desk.agent)
    desk.customer = customer
    ticket = desk.files(desk.agent, channel="phone", priority=Priority.HIGH, tags=["  Fire ", "fire"])
    assert (ticket.customer, ticket.initiator, ticket.channel, ticket.tags) == (customer, "staff", "phone", ["fire"])
    assert (ticket.agent_id, ticket.awaits_since) == (desk.agent.pk, None)
    desk.gives(customer, 5000)
    desk.files(desk.agent, charge=True)
    assert desk.balance_m(customer) == 2000


def test_p4_who_reads_along_does_not_speak_for_the_member(desk: Desk) -> None:
    company = people.make_organisation()
    ticket = desk.files(company.employee)
    with pytest.raises(Forbidden):
        desk.says(company.owner, ticket)
    with pytest.raises(NotFound):
        desk.says(desk.customer, ticket)


def test_t3_what_is_set_is_in_the_history(desk: Desk) -> None:
    ticket = desk.files()
    desk.sets(desk.agent, ticket, agent_id=desk.agent.pk, priority=Priority.URGENT, tags=["fire"], subject="Fire!")
    assert story(ticket)[1:] == ["[assigned]", "[subject]", "[priority]", "[tags]"]
    private = TicketEntry.objects.filter(ticket=ticket, is_public=False).values_list("event__type", flat=True)
    assert sorted(private) == ["priority", "tags"]
