"""Tickets of who has no account, on a page (T1)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.browsers import browser_of
from tests.proofs import solved
from tests.tickets.desk import Desk
from tests.tickets.test_pages_new import key_in, words
from tickets.models import Ticket, TicketRules

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _little_work(settings: Any) -> None:
    settings.PROOF_COST = settings.PROOF_TRIES_MAX = 20


@pytest.fixture
def open_desk(desk: Desk) -> Desk:
    TicketRules.objects.create(department=desk.here, takes_guests=True)
    return desk


def form_of(browser: Client, **more: str) -> dict[str, str]:
    said = {
        "name": "Ann",
        "email": "ann@example.com",
        "email_again": "ANN@example.com",
        "phone": "020 123 45 67",
        "subject": "Door",
        "body": "Shut",
    }
    return said | {"form_key": key_in(browser.get("/contact/")), "proof": solved()} | more


def test_t1_a_guest_writes_where_the_department_allows_it_and_sent_twice_it_is_one_ticket(open_desk: Desk) -> None:
    nobody = Client()
    said = form_of(nobody)
    for _again in range(2):
        assert nobody.post("/contact/", {**said, "department": str(open_desk.here.pk)})["Location"] == "/contact/sent/"
    ticket = Ticket.objects.get()
    assert (ticket.contact_name, ticket.contact_email, ticket.customer.kind) == ("Ann", "ann@example.com", "visitor")
    assert "We have received it" in words(nobody.get("/contact/sent/"))
    assert nobody.get(f"/tickets/{ticket.pk}/")["Location"].startswith("/login/")


def test_t1_where_no_department_allows_it_or_it_has_a_price_there_is_no_form(desk: Desk) -> None:
    assert "Please sign in first" in words(Client().get("/contact/"))
    TicketRules.objects.create(department=desk.here, takes_guests=True)
    desk.costs("ticket", 1000)
    assert "Please sign in first" in words(Client().get("/contact/"))
    assert Client().post("/contact/", {"department": desk.here.pk, "subject": "S", "body": "B"}).status_code == 200
    assert Ticket.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"email_again": "bob@example.com"}, "The two addresses are not the same."),
        ({"email": "ann", "email_again": "ann"}, "This is not an address that we can write to."),
        ({"proof": ""}, "is not a robot"),
        ({"body": " "}, "Please write something first."),
        ({"phone": "no"}, "Give the number that we can call you at."),
    ],
)
def test_t1_what_is_wrong_is_said_and_what_was_typed_stays(
    open_desk: Desk, wrong: dict[str, str], sentence: str
) -> None:
    nobody = Client()
    page = nobody.post("/contact/", form_of(nobody, **wrong))
    assert page.status_code == 409
    assert sentence in words(page)
    assert 'value="Door"' in page.content.decode()
    assert Ticket.objects.count() == 0


def test_t1_who_is_signed_in_is_led_to_their_own_form(open_desk: Desk) -> None:
    assert browser_of(open_desk.customer).get("/contact/")["Location"] == "/tickets/new/"
