"""In transactions of their own: locks in their order, whatever one action sets off, and two at the same moment."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connections

from hub.base.errors import DomainError
from tests.credits.money import everything_adds_up, own_connection
from tests.tickets.desk import Desk, now_of, story
from tickets.actions import creating, ruling, settling, working
from tickets.entries import find_repeated
from tickets.models import Ticket, TicketEntry

pytestmark = pytest.mark.django_db(transaction=True)


def test_t9_t13_one_action_sets_off_charges_rules_and_a_close() -> None:
    """The worst of it: a reply is charged, and a rule closes the ticket, on which two worked."""
    desk = Desk()
    desk.gives(desk.customer, 100_000)
    for what in ("ticket", "ticket_reply", "ticket_work"):
        desk.costs(what, 1000)
    ruling.save_rule(
        desk.as_(desk.owner),
        name="Close",
        events=["answered"],
        deeds=[{"do": "assign", "value": desk.agent.pk}, {"do": "status", "value": "closed"}],
    )
    ticket = desk.files()
    working.write_down(desk.as_(desk.agent), ticket.pk, 10)
    working.start(desk.as_(desk.colleague), ticket.pk)
    desk.says(desk.customer, ticket)
    assert now_of(ticket).status == "closed"
    settling.charge_what_is_owed()
    assert desk.balance_m(desk.customer) == 96_000
    assert story(ticket)[-1] == "[work_charged]"
    assert everything_adds_up()


def test_t7_two_close_and_reply_at_the_same_moment() -> None:
    """Bad input of the issue: one of them is first, the other is told; nothing is lost and nothing hangs."""
    desk = Desk()
    ticket = desk.files()
    seen, refused = now_of(ticket).last_seq, []
    together = threading.Barrier(2)

    def act(who: str) -> None:
        own_connection()
        try:
            together.wait(timeout=30)
            if who == "manager":
                desk.says(desk.manager, ticket, "<p>From the manager</p>", status="closed", seen_seq=seen)
            else:
                desk.says(desk.agent, ticket, "<p>From the agent</p>", seen_seq=seen)
        except DomainError as refusal:
            refused.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=(who,)) for who in ("manager", "agent")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    replies = [one for one in story(ticket) if one.startswith("From")]
    assert len(replies) == 1
    assert refused in (["conflict"], ["not_found"], ["ended"])


def test_t1_the_same_form_twice_at_the_same_moment_is_one_ticket(monkeypatch: pytest.MonkeyPatch) -> None:
    """T2: neither saw the other when it looked; both are told of the one ticket, which is paid once."""
    desk = Desk()
    desk.gives(desk.customer, 100_000)
    desk.costs("ticket", 1000)
    looked, together = threading.local(), threading.Barrier(2)
    made: list[int] = []

    def looks(*asked: Any) -> TicketEntry | None:
        found = find_repeated(*asked)
        if not hasattr(looked, "once"):
            looked.once = True
            together.wait(timeout=60)
        return found

    def send() -> None:
        own_connection()
        try:
            made.append(desk.files(key="once").pk)
        finally:
            connections.close_all()

    monkeypatch.setattr(creating, "find_repeated", looks)
    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert len(made) == 2
    assert {*made} == {Ticket.objects.get().pk}
    assert desk.balance_m(desk.customer) == 99_000
    assert everything_adds_up()
