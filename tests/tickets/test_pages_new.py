"""The customers' form of a new ticket: price before typing, questions, files, once (T1, T2, T10, K2)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import people
from tests.browsers import browser_of
from tests.tickets.desk import Desk
from tests.tickets.library import publish
from tickets.files.claims import files_of
from tickets.models import Category, FormField, StoredFile, Ticket, TicketEntry

pytestmark = pytest.mark.django_db


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def key_in(answer: Any) -> str:
    found = re.search(r'name="form_key" value="(\w+)"', answer.content.decode())
    assert found is not None
    return found[1]


def form_of(browser: Client, desk: Desk) -> dict[str, Any]:
    page = browser.get("/tickets/new/", {"department": desk.here.pk})
    price = re.search(r'name="price_m" value="(\d+)"', page.content.decode())
    assert price is not None
    return {"form_key": key_in(page), "department": desk.here.pk, "price_m": price[1], "phone": "112"}


def test_t2_each_department_says_what_a_ticket_costs_before_anybody_types(desk: Desk) -> None:
    desk.costs("ticket", 5000)
    desk.gives(desk.customer, 20_000)
    browser = browser_of(desk.customer)
    choice = words(browser.get("/tickets/new/"))
    assert "5.0 credits for a ticket" in choice
    assert "Free of charge" in choice
    page = words(browser.get("/tickets/new/", {"department": desk.here.pk}))
    assert "A ticket costs 5.0 credits. You have 20.0." in page
    assert "Send for 5.0 credits" in page


def test_t2_too_few_credits_are_told_before_typing_and_there_is_no_form(desk: Desk) -> None:
    desk.costs("ticket", 5000)
    desk.gives(desk.customer, 4000)
    page = browser_of(desk.customer).get("/tickets/new/", {"department": desk.here.pk})
    assert "This costs 5.0 credits, and you have 4.0." in words(page)
    assert 'name="subject"' not in page.content.decode()


def test_p12_a_vip_sees_no_amounts(desk: Desk) -> None:
    from credits import public as credits

    desk.costs("ticket", 5000)
    credits.set_vip(desk.as_(desk.owner), on=True, user_id=desk.customer.pk)
    page = words(browser_of(desk.customer).get("/tickets/new/", {"department": desk.here.pk}))
    assert "5.0" not in page
    assert "credits" not in page


def test_t1_a_ticket_with_everything_is_made_and_charged_once(desk: Desk) -> None:
    desk.costs("ticket", 5000)
    desk.gives(desk.customer, 20_000)
    browser = browser_of(desk.customer)
    said = form_of(browser, desk) | {
        "subject": "The printer is on fire",
        "body_html": "<p>It <b>smokes</b>.</p><script>x</script>",
        "phone": "+31 20 123 45 67",
        "cc": "ann@example.com, bob@example.com",
    }
    for _again in range(2):
        given = SimpleUploadedFile("log.txt", b"a line\n", content_type="text/plain")
        answer = browser.post("/tickets/new/", {**said, "files": [given]})
        assert answer.status_code == 302
    ticket = Ticket.objects.get()
    assert answer["Location"] == f"/tickets/{ticket.pk}/"
    assert (ticket.cc, ticket.contact_phone) == (["ann@example.com", "bob@example.com"], "+31 20 123 45 67")
    entry = TicketEntry.objects.get(ticket=ticket, kind="reply")
    assert entry.html == "<p>It <b>smokes</b>.</p>"
    assert [one.name for one in files_of("ticket_entry", [entry.pk])[entry.pk]] == ["log.txt"]
    assert desk.balance_m(desk.customer) == 15_000
    page = words(browser.get(answer["Location"]))
    assert f"Ticket {ticket.pk} is made." in page
    assert "log.txt" in page


def test_t1_back_and_other_words_ask_before_a_second_ticket(desk: Desk) -> None:
    browser = browser_of(desk.customer)
    said = form_of(browser, desk) | {"subject": "One", "body": "First words"}
    assert browser.post("/tickets/new/", said).status_code == 302
    again = browser.post("/tickets/new/", said | {"body": "Other words"})
    assert again.status_code == 409
    first = Ticket.objects.get()
    assert f"You sent this form already: it is ticket {first.pk}." in words(again)
    assert "Other words" in again.content.decode()
    assert browser.post("/tickets/new/", said | {"body": "Other words", "form_key": key_in(again)}).status_code == 302
    assert Ticket.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"subject": " "}, "Please write something first."),
        ({"body": " "}, "Please write something first."),
        ({"phone": ""}, "Give the number that we can call you at."),
        ({"cc": "nobody"}, "This is not an address that we can write to."),
        ({"price_m": "1000"}, "The price has changed to 0.0 credits."),
    ],
)
def test_t1_what_is_wrong_is_said_and_nothing_typed_is_lost(desk: Desk, change: dict[str, str], sentence: str) -> None:
    browser = browser_of(desk.customer)
    said = form_of(browser, desk) | {"subject": "My subject", "body": "My <words>", "phone": "112"} | change
    given = SimpleUploadedFile("kept.txt", b"some words\n", content_type="text/plain")
    page = browser.post("/tickets/new/", {**said, "files": [given]})
    assert page.status_code == 409
    html = page.content.decode()
    assert sentence in words(page)
    assert "phone" in change or 'value="112"' in html
    assert "kept.txt" in html  # it has arrived, and goes with the form when that is sent again
    if "body" not in change:
        assert "My &lt;words&gt;" in html
    assert Ticket.objects.count() == 0


def test_x5_two_hundred_files_at_once_are_told_beside_what_was_typed(desk: Desk) -> None:
    browser = browser_of(desk.customer)
    many = [SimpleUploadedFile(f"{number}.txt", b"x", content_type="text/plain") for number in range(200)]
    page = browser.post("/tickets/new/", form_of(browser, desk) | {"subject": "S", "body": "My words", "files": many})
    assert page.status_code == 409
    assert "My words" in page.content.decode()
    assert "At most 20 files" in words(page)
    assert StoredFile.objects.count() == 0


def test_x5_a_file_that_lies_is_named_beside_the_files(desk: Desk) -> None:
    browser = browser_of(desk.customer)
    lies = SimpleUploadedFile("picture.png", b"MZ this is none", content_type="image/png")
    page = browser.post("/tickets/new/", form_of(browser, desk) | {"subject": "S", "body": "B", "files": [lies]})
    assert page.status_code == 409
    assert "not accepted" in words(page) or "not what its name says" in words(page)


def test_t10_questions_of_department_and_category_are_asked_and_kept_as_data(desk: Desk) -> None:
    mail = Category.objects.create(department=desk.here, name="E-mail")
    FormField.objects.create(department=desk.here, key="browser", label="Which browser?", required=True)
    FormField.objects.create(
        department=desk.here, category=mail, key="client", label="Which program?", kind="choice", choices=["A", "B"]
    )
    browser = browser_of(desk.customer)
    page = browser.get("/tickets/new/", {"department": desk.here.pk}).content.decode()
    assert "Which browser?" in page
    assert re.search(r'of-category of-0">.*Which program\?', page, re.DOTALL)
    said = form_of(browser, desk) | {"subject": "S", "body": "B", "category": mail.pk, "field-client": "B"}
    refused = browser.post("/tickets/new/", said)
    assert "Please look at “Which browser?” again." in words(refused)
    made = browser.post("/tickets/new/", said | {"field-browser": "Firefox"})
    assert made.status_code == 302
    assert Ticket.objects.get().fields == {"browser": "Firefox", "client": "B"}
    shown = words(browser.get(made["Location"]))
    assert "Which browser? Firefox" in shown
    assert "Which program? B" in shown


def test_k2_articles_are_suggested_read_inside_the_form_and_a_ticket_avoided_counts(desk: Desk) -> None:
    article = publish(desk, "Printer on fire", "<p>Pull the plug.</p>")
    browser = browser_of(desk.customer)
    found = browser.get("/help/suggest/", {"q": "prnter fire"})
    assert "Printer on fire" in words(found)
    inside = browser.get(f"/help/articles/{article.pk}/inside/")
    assert "Pull the plug." in words(inside)
    assert f'formaction="/help/articles/{article.pk}/avoided/"' in inside.content.decode()
    for _again in range(2):
        assert browser.post(f"/help/articles/{article.pk}/avoided/")["Location"] == "/tickets/"
    assert article.days.get().avoided == 1
    assert Ticket.objects.count() == 0


def test_x1_uploads_of_others_are_nobodys_to_send(desk: Desk) -> None:
    from tickets.files.uploads import take_whole

    theirs = take_whole(desk.as_(people.make_customer("Eve")), "secret.txt", b"secret\n").pk
    browser = browser_of(desk.customer)
    page = browser.post("/tickets/new/", form_of(browser, desk) | {"subject": "S", "body": "B", "file": str(theirs)})
    assert page.status_code == 409
    assert "secret.txt" not in page.content.decode()
    assert Ticket.objects.count() == 0
