"""The customers' list, conversation and files (T2, T4, T5, T6, T7, T11)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hub.accounts.models import Membership
from hub.base.clock import Travel
from hub.base.models import OutboxMessage
from hub.base.snapshots import forget_all
from hub.site.public import set_settings
from tests import people
from tests.browsers import browser_of
from tests.tickets.desk import Desk, now_of
from tests.tickets.test_pages_new import key_in, words
from tickets.actions import joining
from tickets.files.uploads import take_whole
from tickets.models import Ticket, TicketRules

pytestmark = pytest.mark.django_db


def answers(browser: Any, ticket: Ticket, body: str = "My answer", **more: Any) -> Any:
    page = browser.get(f"/tickets/{ticket.pk}/")
    price = re.search(r'name="price_m" value="(\d+)"', page.content.decode())
    said = {"form_key": key_in(page), "price_m": price[1] if price else "", "body": body, **more}
    return browser.post(f"/tickets/{ticket.pk}/answer/", said)


def test_t6_the_list_shows_ones_own_by_status_number_text_department_and_day(desk: Desk, time: Travel) -> None:
    old = desk.files(subject="Old printer")
    desk.says(desk.agent, old, status="pending")
    time.advance(days=2)
    new = desk.files(subject="New mailbox", department=desk.elsewhere, html="<p>zebra</p>")
    desk.files(by=people.make_customer("Eve"), subject="Not theirs")
    browser = browser_of(desk.customer)

    def shown(**asked: str | int) -> list[str]:
        page = browser.get("/tickets/", asked).content.decode()
        return [name for name in ("Old printer", "New mailbox", "Not theirs") if f">{name}<" in page]

    assert shown() == ["Old printer", "New mailbox"]
    assert shown(show="yours") == ["Old printer"]
    assert shown(show="open") == ["Old printer", "New mailbox"]
    assert shown(show="done") == []
    assert shown(number=new.pk) == ["New mailbox"]
    assert shown(q="zebr") == ["New mailbox"]
    assert shown(department=desk.here.pk) == ["Old printer"]
    assert shown(since="2026-03-03") == ["New mailbox"]
    assert shown(until="2026-03-02") == ["Old printer"]
    assert "No ticket fits" in words(browser.get("/tickets/", {"q": "nothing like this"}))
    assert "was left out" in words(browser.get("/tickets/", {"number": "12x"}))


def test_t6_who_waits_for_us_has_an_age_with_a_shape(desk: Desk, time: Travel) -> None:
    desk.files()
    ages = []
    for hours in (1, 5, 30):
        time.advance(hours=hours)
        found = re.search(r'class="age (\w+)">([^<]+)<', browser_of(desk.customer).get("/tickets/").content.decode())
        assert found is not None
        ages.append(found.groups())
    assert ages == [("fresh", "60 min"), ("ageing", "6 h"), ("overdue", "36 h")]


def test_t6_the_list_pages_and_costs_the_same_however_long_it_is(desk: Desk) -> None:
    browser = browser_of(desk.customer)
    desk.files()

    def statements() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            assert browser.get("/tickets/").status_code == 200
        return len(asked)

    statements()
    few = statements()
    for number in range(34):
        desk.files(subject=f"Number {number}")
    assert statements() == few
    page = browser.get("/tickets/").content.decode()
    older = re.search(r'href="\?(after=[^"]+)"', page)
    assert older is not None
    second = browser.get(f"/tickets/?{older[1]}").content.decode()
    assert page.count('class="subj"') == 30
    assert second.count('class="subj"') == 5


def test_p4_an_owner_reads_what_members_asked_and_answers_nothing(desk: Desk) -> None:
    firm = people.make_organisation()
    ticket = desk.files(by=firm.employee, subject="Of an employee")
    owner = browser_of(firm.owner)
    assert "Of an employee" in words(owner.get("/tickets/"))
    page = owner.get(f"/tickets/{ticket.pk}/")
    assert "you read along" in words(page)
    assert 'id="reply"' not in page.content.decode()
    assert owner.post(f"/tickets/{ticket.pk}/solve/", {}).status_code == 302
    assert now_of(ticket).status == "open"
    stranger = people.join(people.make_customer("Lotte"), firm.organisation, Membership.Role.EMPLOYEE, firm.unit)
    assert browser_of(stranger).get(f"/tickets/{ticket.pk}/").status_code == 404


def test_t4_the_conversation_shows_what_is_public_and_who_reads_along(desk: Desk) -> None:
    ticket = desk.files(cc=["ann@example.com"], phone="+31201234567")
    desk.says(desk.agent, ticket, "<p>Which one?</p>", status="pending")
    desk.notes(desk.agent, ticket, "<p>Secret among staff</p>")
    page = browser_of(desk.customer).get(f"/tickets/{ticket.pk}/")
    html = page.content.decode()
    assert "<p>Which one?</p>" in html
    assert "Secret" not in html
    assert "ann@example.com" in html
    assert desk.agent.name in html
    assert "unsafe-inline" not in page["Content-Security-Policy"]


def test_t2_an_answer_says_its_price_and_is_charged_once(desk: Desk) -> None:
    desk.costs("ticket_reply", 2000)
    desk.gives(desk.customer, 5000)
    ticket = desk.files()
    browser = browser_of(desk.customer)
    page = browser.get(f"/tickets/{ticket.pk}/")
    assert "An answer costs 2.0 credits. You have 5.0." in words(page)
    said = {"form_key": key_in(page), "price_m": "2000", "body_html": "<p>Here it is</p>"}
    for _again in range(2):
        answer = browser.post(f"/tickets/{ticket.pk}/answer/", said)
        assert answer["Location"].startswith(f"/tickets/{ticket.pk}/#entry-")
    assert desk.balance_m(desk.customer) == 3000
    assert f'href="/tickets/{ticket.pk}/"' in browser.get("/wallet/").content.decode()
    desk.costs("ticket_reply", 4000)
    assert "This costs 4.0 credits, and you have 3.0." in words(browser.get(f"/tickets/{ticket.pk}/"))
    refused = browser.post(f"/tickets/{ticket.pk}/answer/", said | {"form_key": "other", "body_html": "<p>More</p>"})
    assert refused.status_code == 409
    assert desk.balance_m(desk.customer) == 3000


def test_t5_pending_says_when_it_closes_and_solved_until_when_it_comes_back(desk: Desk) -> None:
    ticket = desk.files()
    desk.says(desk.agent, ticket, status="pending")
    browser = browser_of(desk.customer)
    assert "Without an answer this ticket closes on 16 March 2026." in words(browser.get(f"/tickets/{ticket.pk}/"))
    browser.post(f"/tickets/{ticket.pk}/solve/", {})
    assert now_of(ticket).status == "solved"
    page = words(browser.get(f"/tickets/{ticket.pk}/"))
    assert "Until 30 March 2026 an answer opens this ticket again." in page
    assert "Open it again" in page
    browser.post(f"/tickets/{ticket.pk}/reopen/", {})
    assert now_of(ticket).status == "open"


def test_t4_what_is_over_says_that_an_answer_becomes_a_linked_ticket_at_the_price_of_one(
    desk: Desk, time: Travel
) -> None:
    desk.costs("ticket", 3000)
    desk.gives(desk.customer, 10_000)
    ticket = desk.files()
    desk.sets(desk.agent, ticket, status="solved")
    time.advance(days=29)
    desk.clock_ticks()
    browser = browser_of(desk.customer)
    page = words(browser.get(f"/tickets/{ticket.pk}/"))
    assert "becomes a new ticket that is linked to this one" in page
    assert "A ticket costs 3.0 credits." in page
    answer = answers(browser, ticket)
    follow_up = Ticket.objects.get(follow_up_of=ticket)
    assert answer["Location"].startswith(f"/tickets/{follow_up.pk}/")
    assert f"linked to ticket {ticket.pk}" in words(browser.get(f"/tickets/{follow_up.pk}/"))
    assert f"/tickets/{follow_up.pk}/" in browser.get(f"/tickets/{ticket.pk}/").content.decode()


def test_t7_what_was_merged_shows_where_it_went_and_takes_no_answer(desk: Desk) -> None:
    gone, kept = desk.files(subject="Twice", html="<p>said first</p>"), desk.files(subject="Once")
    joining.merge(desk.as_(desk.agent), gone.pk, kept.pk)
    browser = browser_of(desk.customer)
    old = browser.get(f"/tickets/{gone.pk}/").content.decode()
    assert f'href="/tickets/{kept.pk}/"' in old
    assert 'id="reply"' not in old
    page = words(browser.get(f"/tickets/{kept.pk}/"))
    assert f"From ticket {gone.pk}" in page
    assert "said first" in page


def test_t11_the_library_has_the_files_of_ones_tickets_by_number_and_name(desk: Desk) -> None:
    browser = browser_of(desk.customer)
    ticket = desk.files(files=[take_whole(desk.as_(desk.customer), "first.txt", b"one\n").pk])
    given = SimpleUploadedFile("second.txt", b"two\n", content_type="text/plain")
    assert answers(browser, ticket, files=[given]).status_code == 302
    desk.notes(desk.agent, ticket)
    other = desk.files(files=[take_whole(desk.as_(desk.customer), "third.txt", b"three\n").pk])
    eve = people.make_customer("Eve")
    desk.files(by=eve, files=[take_whole(desk.as_(eve), "theirs.txt", b"four\n").pk])

    def shown(**asked: str | int) -> list[str]:
        page = browser.get("/tickets/files/", asked).content.decode()
        return re.findall(r"<bdi>(\w+\.txt)</bdi></a>", page)

    assert shown() == ["third.txt", "second.txt", "first.txt"]
    assert shown(number=other.pk) == ["third.txt"]
    assert shown(q="SECOND") == ["second.txt"]
    assert shown(q="theirs") == []


def test_t11_who_sent_a_file_takes_it_back_and_the_history_says_so(desk: Desk) -> None:
    """T11, X1: nobody else can, and only once; there is room again."""
    browser = browser_of(desk.customer)
    ticket = desk.files()
    stored = take_whole(desk.as_(desk.customer), "plan.txt", b"0123456789")
    answers(browser, ticket, file=[str(stored.pk)])
    theirs = take_whole(desk.as_(desk.agent), "manual.txt", b"abc")
    desk.says(desk.agent, ticket, files=[theirs.pk])
    page = browser.get("/tickets/files/").content.decode()
    assert "13 bytes" not in words(browser.get("/tickets/files/"))  # staff's files take no room of the customer's
    assert page.count(f'action="/tickets/{ticket.pk}/files/remove/"') == 1
    address = f"/tickets/{ticket.pk}/files/remove/"
    assert browser_of(people.make_customer("Eve")).post(address, {"file": stored.pk}).status_code == 404
    assert "The file is removed." not in words(browser.post(address, {"file": theirs.pk}, follow=True))
    for _again in range(2):
        assert "The file is removed." in words(browser.post(address, {"file": stored.pk}, follow=True))
    assert now_of(ticket).entries.filter(event__type="file_removed").count() == 1
    said = words(browser.get(f"/tickets/{ticket.pk}/"))
    assert "File removed: plan.txt" in said
    assert "manual.txt" in said
    assert browser.get(f"/api/v1/files/{stored.pk}/content/").status_code == 404


def test_t11_how_much_room_there_is_stands_above_the_files_where_there_is_a_quota(desk: Desk) -> None:
    ticket, browser = desk.files(), browser_of(desk.customer)
    set_settings(desk.as_(desk.owner), {"files_quota_customer_mb": "1"})
    forget_all()
    stored = take_whole(desk.as_(desk.customer), "plan.txt", b"x" * 900_000)
    answers(browser, ticket, file=[str(stored.pk)])
    assert "900 KB of 1 MB are taken." in words(browser.get("/tickets/files/"))
    full = SimpleUploadedFile("more.txt", b"y" * 200_000, content_type="text/plain")
    page = answers(browser, ticket, "One more", files=[full])
    assert page.status_code == 409
    assert "One more" in page.content.decode()


def test_t4_what_one_has_not_read_is_marked_until_one_looks(desk: Desk) -> None:
    """On the list, at home and in the conversation; one's own words never, and nothing for who reads along."""
    ticket, browser = desk.files(subject="My router"), browser_of(desk.customer)

    def marks(address: str) -> int:
        return int(browser.get(address).content.decode().count(">New</span>"))

    assert [marks("/tickets/"), marks("/")] == [0, 0]
    desk.says(desk.agent, ticket, "<p>Switch it off.</p>")
    assert [marks("/tickets/"), marks("/")] == [1, 1]
    assert marks(f"/tickets/{ticket.pk}/") == 1
    assert [marks("/tickets/"), marks("/"), marks(f"/tickets/{ticket.pk}/")] == [0, 0, 0]
    answers(browser, ticket)
    assert [marks("/tickets/"), marks(f"/tickets/{ticket.pk}/")] == [0, 0]


def test_t4_mails_lead_to_the_page_of_who_has_an_account_and_to_nothing_for_cc(desk: Desk) -> None:
    ticket = desk.files(cc=["ann@example.com"])
    desk.says(desk.agent, ticket)
    sent = OutboxMessage.objects.filter(purpose="ticket_reply")
    leads = {row.to: (f"/tickets/{ticket.pk}/" in row.text, f"/tickets/{ticket.pk}/" in row.html) for row in sent}
    assert leads == {"sanne@example.com": (True, True), "ann@example.com": (False, False)}


def test_t5_a_department_that_never_closes_names_no_day(desk: Desk) -> None:
    TicketRules.objects.create(department=desk.here, close_days=0, remind_days=0)
    ticket = desk.files()
    desk.says(desk.agent, ticket, status="pending")
    assert "closes on" not in words(browser_of(desk.customer).get(f"/tickets/{ticket.pk}/"))


def test_home_shows_what_is_not_solved_and_what_waits_for_the_customer(desk: Desk) -> None:
    ticket = desk.files(subject="Still open")
    desk.sets(desk.agent, desk.files(subject="Long solved"), status="solved")
    browser = browser_of(desk.customer)
    home = words(browser.get("/"))
    assert "Still open" in home
    assert "Long solved" not in home
    assert "waits for you" not in home
    desk.says(desk.agent, ticket, status="pending")
    assert "1 waits for you" in words(browser.get("/"))
