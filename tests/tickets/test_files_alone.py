"""T4, C8: a screenshot says enough. An answer or a note may be files alone, by form and by API, of both sides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hub.accounts.models import User
from hub.base.clock import Travel
from hub.base.models import OutboxMessage
from tests.browsers import browser_of
from tests.tickets.callers import Caller
from tests.tickets.desk import Desk, letters, now_of, story
from tests.tickets.test_pages_new import key_in, words
from tests.tickets.test_pages_tickets import answers
from tickets.actions import joining
from tickets.entries import ENTRY_FILES
from tickets.errors import NothingSaid, SameKeyOtherContent
from tickets.files.claims import files_of
from tickets.files.uploads import take_whole
from tickets.models import Draft, Ticket, TicketEntry

pytestmark = pytest.mark.django_db


def sends(desk: Desk, who: User, name: str = "shot.txt") -> UUID:
    return take_whole(desk.as_(who), name, f"{name}\n".encode()).pk


def names(entry: TicketEntry) -> list[str]:
    return [one.name for one in files_of(ENTRY_FILES, [entry.pk]).get(entry.pk, [])]


def form_file(name: str = "shot.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"what is on the screen\n", content_type="text/plain")


def test_t4_an_answer_of_a_file_alone_and_its_mail_names_it(desk: Desk) -> None:
    ticket = desk.files()
    OutboxMessage.objects.all().delete()
    entry = desk.says(desk.agent, ticket, "<p> </p>", files=[sends(desk, desk.agent, "a & b.txt")])
    desk.says(desk.customer, ticket, "", files=[sends(desk, desk.customer, one) for one in ("1.txt", "2.txt")])
    assert (entry.html, entry.text, names(entry)) == ("", "", ["a & b.txt"])
    assert letters() == [("sanne@example.com", "ticket_reply"), ("marko@example.com", "ticket_staff")]
    to_customer, to_agent = OutboxMessage.objects.order_by("pk")
    assert "\n\nFile: a & b.txt\n\n" in to_customer.text
    assert "File: a &amp; b.txt" in to_customer.html
    assert "\n\nFiles: 1.txt, 2.txt\n\n" in to_agent.text
    assert now_of(ticket).awaits_since is not None


def test_t4_neither_words_nor_a_file_is_nothing(desk: Desk) -> None:
    ticket = desk.files()
    with pytest.raises(NothingSaid):
        desk.says(desk.customer, ticket, "<p> </p>")
    with pytest.raises(NothingSaid):
        desk.notes(desk.agent, ticket, "")
    page = answers(browser_of(desk.customer), ticket, "  ")
    assert page.status_code == 409
    assert "Please write something or add a file first." in words(page)


def test_t4_the_form_of_a_customer_takes_a_file_alone_without_script(desk: Desk) -> None:
    ticket, browser = desk.files(), browser_of(desk.customer)
    assert answers(browser, ticket, "", files=[form_file()]).status_code == 302
    page = browser.get(f"/tickets/{ticket.pk}/").content.decode()
    assert "<bdi>shot.txt</bdi>" in page
    assert '<div class="rich" dir="auto"></div>' not in page


@pytest.mark.parametrize("kind", ["reply", "note"])
def test_t7_the_form_of_staff_takes_a_file_alone_and_its_draft_goes(desk: Desk, kind: str) -> None:
    ticket, browser = desk.files(), browser_of(desk.agent)
    address = f"/admin/tickets/{ticket.pk}/"
    browser.post(f"{address}draft/", {"kind": kind, "body": "Hm"})
    said = {"kind": kind, "body": "", "form_key": key_in(browser.get(address)), "files": [form_file()]}
    assert browser.post(f"{address}write/", said).status_code == 302
    assert not Draft.objects.exists()
    assert story(ticket).count("(Hm)") + story(ticket).count("Hm") == 0
    entry = TicketEntry.objects.get(ticket=ticket, kind=kind, author=desk.agent)
    assert (entry.text, names(entry)) == ("", ["shot.txt"])


def test_t4_over_the_api_words_may_be_left_out_with_files(desk: Desk) -> None:
    ticket = desk.files()
    for who, kind in ((desk.customer, "reply"), (desk.agent, "reply"), (desk.agent, "note")):
        body: dict[str, Any] = {"kind": kind, "files": [str(sends(desk, who))]}
        made = Caller(who)("post", "api-ticket-entries", ticket.pk, body=body, status=201)
        assert (made["html"], [one["name"] for one in made["files"]]) == ("", ["shot.txt"])
    refused = Caller(desk.customer)("post", "api-ticket-entries", ticket.pk, body={"html": ""}, status=400)
    assert refused["field"] == "html"


def test_t4_the_same_key_with_another_file_is_refused_and_not_lost(desk: Desk) -> None:
    ticket = desk.files()
    one, other = sends(desk, desk.customer, "1.txt"), sends(desk, desk.customer, "2.txt")
    first = desk.says(desk.customer, ticket, "", files=[one], key="k")
    assert desk.says(desk.customer, ticket, "", files=[one], key="k").pk == first.pk
    with pytest.raises(SameKeyOtherContent):
        desk.says(desk.customer, ticket, "", files=[other], key="k")
    assert story(ticket).count("") == 1


def test_t4_on_what_is_over_a_file_alone_is_a_linked_ticket(desk: Desk, time: Travel) -> None:
    ticket = desk.files()
    desk.sets(desk.agent, ticket, status="solved")
    time.advance(days=29)
    entry = desk.says(desk.customer, ticket, "", files=[sends(desk, desk.customer)])
    assert (entry.ticket.follow_up_of_id, entry.ticket.subject, names(entry)) == (
        ticket.pk,
        ticket.subject,
        ["shot.txt"],
    )


def test_t7_a_reply_that_is_split_off_takes_its_files_along(desk: Desk) -> None:
    ticket = desk.files()
    entry = desk.says(desk.customer, ticket, "", files=[sends(desk, desk.customer)])
    made = joining.split(desk.as_(desk.agent), ticket.pk, entry.seq, "Another thing")
    first = Ticket.objects.get(pk=made.pk).entries.get(seq=1)
    assert (first.text, names(first), names(entry)) == ("", ["shot.txt"], ["shot.txt"])
