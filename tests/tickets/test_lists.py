"""Lists of tickets (T6): filters, search, order, keyset pages, colours, and a constant number of statements."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hub.accounts.models import User
from hub.base import clock
from hub.base.clock import Travel
from hub.base.errors import BadFrame
from tests import people
from tests.tickets.desk import Desk
from tickets import searching
from tickets.actions import assigning
from tickets.colours import colour_of
from tickets.filters import ORDERS, read
from tickets.listed import read_one
from tickets.lists import read_page
from tickets.models import Ticket, TicketRules

pytestmark = pytest.mark.django_db


def shown(desk: Desk, user: User, **said: Any) -> list[int]:
    return [row.pk for row in read_page(desk.as_(user), read(said)).rows]


def test_t6_filters(desk: Desk, time: Travel) -> None:
    old = desk.files(subject="Old toner")
    time.advance(days=1)
    company = people.make_organisation("Bakkerij Zoet")
    theirs = desk.files(company.employee, subject="Screen is black")
    desk.sets(desk.agent, old, status="solved", tags=["Toner"], agent_id=desk.agent.pk)
    cases: list[tuple[dict[str, Any], list[Ticket]]] = [
        ({}, [old, theirs]),
        ({"status": "open"}, [theirs]),
        ({"status": "live"}, [theirs]),
        ({"status": "open,solved"}, [old, theirs]),
        ({"title": "TONER"}, [old]),
        ({"person": "zoet"}, [theirs]),
        ({"person": "sanne vries"}, [old]),
        ({"number": str(old.pk)}, [old]),
        ({"tag": "toner"}, [old]),
        ({"agent": "none"}, [theirs]),
        ({"agent": str(desk.agent.pk)}, [old]),
        ({"organisation": str(company.organisation.pk)}, [theirs]),
        ({"customer": str(desk.customer.pk)}, [old]),
        ({"department": str(desk.elsewhere.pk)}, []),
        ({"channel": "phone"}, []),
        ({"priority": "normal,high"}, [old, theirs]),
        ({"waiting": "1"}, [theirs]),
        ({"since": "2026-03-03T00:00:00+00:00"}, [theirs]),
        ({"until": "2026-03-03T00:00:00Z"}, [old]),
    ]
    wrong = [
        said for said, expected in cases if sorted(shown(desk, desk.owner, **said)) != [one.pk for one in expected]
    ]
    assert wrong == []
    assert shown(desk, desk.agent, agent="me") == [old.pk]


@pytest.mark.parametrize(
    "said",
    [{"status": "x"}, {"agent": "x"}, {"department": "9" * 20}, {"since": "2026"}, {"sort": "x"}, {"priority": "1"}],
)
def test_t6_what_makes_no_sense_is_refused(db: None, said: dict[str, str]) -> None:
    with pytest.raises(BadFrame):
        read(said)


@pytest.mark.parametrize("few", [10**9, -1])
def test_t6_search_finds_words_in_the_conversation(desk: Desk, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    """By the index and by walking the list alike; folded as people are searched for."""
    monkeypatch.setattr(searching, "FEW", few)
    one = desk.files(subject="Čćž printer", html="<p>My toner is <b>empty</b></p>")
    other = desk.files(subject="Nothing else")
    desk.notes(desk.agent, other, "<p>The customer is a liar</p>")
    assert shown(desk, desk.agent, q="TONER emp") == [one.pk]
    assert shown(desk, desk.agent, q="ccz") == [one.pk]
    assert shown(desk, desk.agent, q="liar") == [other.pk]
    assert shown(desk, desk.customer, q="liar") == []
    assert shown(desk, desk.agent, q=str(other.pk)) == [other.pk]
    assert shown(desk, desk.agent, q="'toner\\ | x:") == []
    assert shown(desk, desk.stranger, q="toner") == []
    desk.sets(desk.agent, one, subject="Renamed")
    assert shown(desk, desk.agent, q="renamed toner") == [one.pk]


@pytest.mark.parametrize("sort", ORDERS)
def test_t6_every_order_gives_each_ticket_once_page_by_page(desk: Desk, time: Travel, sort: str) -> None:
    for number in range(7):
        ticket = desk.files(subject=f"Ticket {number}")
        desk.sets(desk.manager, ticket, priority=1 + number % 4)
        Ticket.objects.filter(pk=ticket.pk).update(solve_due_at=clock.now())
        time.advance(minutes=number % 3)
    person, wanted = desk.as_(desk.manager), read({"sort": sort})
    whole = [row.pk for row in read_page(person, wanted, limit=50).rows]
    seen, cursor = [], None
    while True:
        page = read_page(person, wanted, cursor=cursor, limit=2)
        seen += [row.pk for row in page.rows]
        cursor = page.following
        if cursor is None:
            break
    assert seen == whole
    assert len(set(seen)) == 7


def test_t6_a_cursor_is_of_its_own_order_and_ours(desk: Desk) -> None:
    desk.files()
    desk.files()
    person = desk.as_(desk.agent)
    cursor = read_page(person, read({}), limit=1).following
    for said, wrong in (({"sort": "age"}, cursor), ({}, "x"), ({}, "W10:1abc:xyz")):
        with pytest.raises(BadFrame):
            read_page(person, read(said), cursor=wrong)


def test_t6_the_number_of_statements_does_not_grow(desk: Desk) -> None:
    def statements() -> int:
        person = desk.as_(desk.manager)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            for row in read_page(person, read({"q": "smokes"})).rows:
                colour_of(row, clock.now())
        return len(seen)

    desk.files()
    before = statements()
    for _ in range(5):
        desk.files(people.make_customer())
    assert statements() == before


def test_t6_unanswered_tickets_turn_yellow_and_red(desk: Desk, time: Travel) -> None:
    TicketRules.objects.create(department=desk.here, yellow_hours=2, red_hours=5)
    ticket = desk.files()

    def colour() -> str:
        return colour_of(read_one(ticket), clock.now())

    seen = [colour()]
    for hours in (2, 3):
        time.advance(hours=hours)
        seen.append(colour())
    desk.says(desk.agent, ticket)
    seen.append(colour())
    desk.says(desk.customer, ticket)
    assert [*seen, colour()] == ["green", "yellow", "red", "", "green"]


def test_p5_a_list_shows_what_may_be_seen_and_no_more(desk: Desk) -> None:
    """As visible_to() does, for everybody."""
    company = people.make_organisation()
    bound = people.make_customer(agent=desk.stranger, exclusive=True)
    tickets = [
        desk.files(),
        desk.files(company.employee, department=desk.elsewhere),
        desk.files(company.owner),
        desk.files(bound, department=desk.here),
    ]
    assigning.follow(desk.as_(desk.colleague), tickets[0].pk)
    desk.sets(desk.agent, tickets[0], agent_id=desk.agent.pk)
    everybody = [desk.customer, desk.agent, desk.colleague, desk.stranger, desk.manager, desk.other_manager, desk.owner]
    for user in [*everybody, company.owner, company.manager, company.employee, bound, people.make_visitor()]:
        seen = Ticket.objects.visible_to(desk.as_(user)).values_list("pk", flat=True)
        assert sorted(shown(desk, user)) == sorted(seen), user.name
