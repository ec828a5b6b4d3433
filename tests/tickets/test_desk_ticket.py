"""The staff’s page of one ticket (T3, T4, T7–T10, T13, P5): what it shows, what one may do, what is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hub.accounts.models import AuditEntry, User
from hub.base.clock import Travel
from hub.base.models import OutboxMessage
from tests import people
from tests.browsers import browser_of
from tests.tickets.desk import Desk, letters, now_of, story
from tickets.actions import handing_over, joining, looking, ruling, working
from tickets.models import Draft, Follower, FormField, HandOver, Ticket, TicketLink, WorkLog

pytestmark = pytest.mark.django_db


def address(ticket: Ticket, deed: str = "") -> str:
    return f"/admin/tickets/{ticket.pk}/{deed and deed + '/'}"


def page(user: User, ticket: Ticket, *, status: int = 200) -> str:
    answer = browser_of(user).get(address(ticket))
    assert answer.status_code == status
    return str(answer.content.decode())


def does(user: User, ticket: Ticket, deed: str, **said: Any) -> str:
    """What stands on the page that follows."""
    answer = browser_of(user).post(address(ticket, deed), said, follow=True)
    assert answer.status_code in (200, 400, 403, 409), answer.status_code
    return str(answer.content.decode())


def taken(desk: Desk, user: User | None = None) -> Ticket:
    ticket = desk.files()
    desk.sets(user or desk.agent, ticket, agent_id=(user or desk.agent).pk)
    return now_of(ticket)


def has(text: str, deed: str) -> bool:
    return f'/{deed}/"' in text


# -- Who sees it -------------------------------------------------------------------------------------


def test_x1_p5_what_one_may_not_see_is_not_there(desk: Desk) -> None:
    """P5, X1: a colleague's ticket, and one of another department, on the page and for every deed."""
    ticket = taken(desk)
    deeds = "write change assign hand-over join work macro follow looking draft"
    for user in (desk.colleague, desk.stranger, desk.other_manager):
        page(user, ticket, status=404)
        browser = browser_of(user)
        assert {browser.post(address(ticket, deed)).status_code for deed in deeds.split()} == {404}
    for user in (desk.agent, desk.manager, desk.owner):
        assert "The printer is on fire" in page(user, ticket)
    assert story(ticket) == ["It smokes.", "[assigned]"]


def test_p9_opening_what_is_not_own_work_is_audited(desk: Desk) -> None:
    ticket = taken(desk)
    page(desk.agent, ticket)
    assert not AuditEntry.objects.filter(fact="tickets.ticket.opened").exists()
    page(desk.manager, ticket)
    assert AuditEntry.objects.filter(fact="tickets.ticket.opened", target_id=str(ticket.pk)).count() == 1


def test_p12_a_vip_has_no_balance_on_the_page(desk: Desk) -> None:
    desk.gives(desk.customer, 25_000)
    ticket = desk.files()
    assert "<dt>Balance</dt>" in page(desk.agent, ticket)
    User.objects.filter(pk=desk.customer.pk).update(vip=True)
    assert "<dt>Balance</dt>" not in page(desk.agent, ticket)


# -- Writing -----------------------------------------------------------------------------------------


def test_t4_a_reply_with_what_becomes_of_the_ticket(desk: Desk) -> None:
    ticket = taken(desk)
    text = does(desk.agent, ticket, "write", kind="reply", body="Is it plugged in?", after="pending", seen_seq="2")
    assert "The reply is on its way." in text
    assert story(ticket)[2:] == ["Is it plugged in?", "[status]"]
    assert now_of(ticket).status == "pending"
    assert ("sanne@example.com", "ticket_reply") in letters()


def test_t4_rich_text_of_the_editor_is_cleaned(desk: Desk) -> None:
    """X3: the editor's HTML goes before the letters, and is cleaned."""
    ticket = taken(desk)
    does(desk.agent, ticket, "write", kind="reply", body="x", body_html="<p><b>Bold</b><script>alert(1)</script></p>")
    text = page(desk.agent, ticket)
    assert "<b>Bold</b>" in text
    assert "alert(1)" not in text


def test_t4_a_note_stays_among_staff(desk: Desk) -> None:
    ticket = taken(desk)
    before = letters()
    text = does(desk.agent, ticket, "write", kind="note", body="He is angry.")
    assert "The note is kept." in text
    assert "Note among staff" in text
    assert story(ticket)[-1] == "(He is angry.)"
    assert letters() == before


def test_t4_the_same_form_sent_twice_is_one_reply(desk: Desk) -> None:
    ticket, browser = taken(desk), browser_of(desk.agent)
    for _ in range(2):
        browser.post(address(ticket, "write"), {"kind": "reply", "body": "Once.", "form_key": "k1"})
    assert story(ticket).count("Once.") == 1


def test_t4_other_words_under_the_key_of_what_was_sent_are_not_thrown_away(desk: Desk) -> None:
    """A reply whose answer got lost, and that was written on, is told and still there; a note is no repeated reply."""
    ticket, said = taken(desk), {"kind": "reply", "body": "Once.", "form_key": "k1"}
    does(desk.agent, ticket, "write", **said)
    text = does(desk.agent, ticket, "write", **(said | {"body": "Once and again."}))
    assert "You sent this already. Send it again if you want to add this one as well." in text
    assert "Once and again." in text
    does(desk.agent, ticket, "write", **(said | {"kind": "note"}))
    assert [line for line in story(ticket) if "Once" in line] == ["Once.", "(Once.)"]


def test_u4_what_is_sent_by_script_is_told_where_it_leads(desk: Desk) -> None:
    """U4: an address for what was taken, the page for what was refused."""
    ticket, browser = taken(desk), browser_of(desk.agent)
    said = {"kind": "reply", "body": "By script.", "form_key": "k1"}
    answer = browser.post(address(ticket, "write"), said, headers={"X-Sent-By-Script": "1"})
    assert answer.json() == {"to": f"{address(ticket)}#composer"}
    assert "The reply is on its way." in page_again(browser, ticket)
    refused = browser.post(address(ticket, "write"), {**said, "body": " "}, headers={"X-Sent-By-Script": "1"})
    assert refused["Content-Type"].startswith("text/html")


def page_again(browser: Client, ticket: Ticket) -> str:
    return str(browser.get(address(ticket)).content.decode())


def test_x5_files_of_the_form_go_with_it(desk: Desk) -> None:
    ticket = taken(desk)
    notes = SimpleUploadedFile("notes.txt", b"It is hot.\n", content_type="text/plain")
    does(desk.agent, ticket, "write", kind="reply", body="See the file.", files=notes)
    assert "notes.txt" in page(desk.manager, ticket)


def test_t7_somebody_else_replied_meanwhile_and_nothing_typed_is_lost(desk: Desk) -> None:
    ticket = taken(desk)
    seen = now_of(ticket).last_seq
    desk.says(desk.manager, ticket, "<p>I did it.</p>")
    text = does(desk.agent, ticket, "write", kind="reply", body="Shall I come?", seen_seq=str(seen))
    assert "Somebody else has replied in the meantime." in text
    assert "Shall I come?" in text
    assert "I did it." in text
    assert "Shall I come?" not in story(ticket)
    again = re.search(r'name="seen_seq" value="(\d+)"', text)
    assert again is not None
    does(desk.agent, ticket, "write", kind="reply", body="Shall I come?", seen_seq=again.group(1))
    assert story(ticket)[-1] == "Shall I come?"


@pytest.mark.parametrize("body", ["", "   "])
def test_t4_an_empty_reply_is_told_and_the_rest_stays(desk: Desk, body: str) -> None:
    ticket = taken(desk)
    text = does(desk.agent, ticket, "write", kind="note", body=body, after="solved")
    assert "Please write something or add a file first." in text
    assert 'value="note" checked' in text


def test_c9_a_draft_survives_until_it_is_sent(desk: Desk) -> None:
    ticket, browser = taken(desk), browser_of(desk.agent)
    assert browser.post(address(ticket, "draft"), {"kind": "reply", "body": "Dear San"}).status_code == 204
    assert "Dear San" in page(desk.agent, ticket)
    assert "Dear San" not in page(desk.manager, ticket)
    does(desk.agent, ticket, "write", kind="reply", body="Dear Sanne")
    assert not Draft.objects.exists()
    browser.post(address(ticket, "draft"), {"kind": "note", "body": "x"})
    browser.post(address(ticket, "draft"), {"kind": "note", "body": " "})
    assert not Draft.objects.exists()
    assert browser.post(address(ticket, "draft"), {"kind": "event", "body": "x"}).status_code == 400


def test_c9_after_a_reload_one_is_in_the_editor_in_which_one_was(desk: Desk, time: Travel) -> None:
    """A reply and a note that were both begun: the later one is in the editor, the other waits behind its switch."""
    ticket, browser = taken(desk), browser_of(desk.agent)
    for kind, other in (("reply", "note"), ("note", "reply"), ("reply", "note")):
        browser.post(address(ticket, "draft"), {"kind": kind, "body": f"My {kind}"})
        time.advance(seconds=1)
        browser.post(address(ticket, "draft"), {"kind": kind, "body": f"My {kind}"})
        shown = page(desk.agent, ticket)
        assert re.search(r'name="kind" value="(\w+)" checked', shown)[1] == kind  # type: ignore[index]
        assert f"<template data-editor-html><p>My {kind}</p></template>" in shown
        waits = re.findall(r'<template data-other-draft="(\w+)"><p>(.*?)</p>', shown)
        assert waits == [(other, f"My {other}")] * Draft.objects.filter(kind=other).count()


def test_t7_two_agents_see_each_other(desk: Desk, time: Travel) -> None:
    ticket = desk.files()
    looking.look(desk.as_(desk.colleague), ticket.pk)
    assert "Ana Kovač has this ticket open." in page(desk.agent, ticket)
    browser = browser_of(desk.agent)
    looking.look(desk.as_(desk.colleague), ticket.pk, writing=True)
    said = browser.post(address(ticket, "looking"), {"writing": "1"}).json()
    assert said["looking"] == "Ana Kovač is writing on this ticket now."
    assert said["last_seq"] == 1
    time.advance(minutes=2)
    assert browser.post(address(ticket, "looking")).json()["looking"] == ""


# -- What is set on it -------------------------------------------------------------------------------


def test_t3_properties_are_set_together(desk: Desk) -> None:
    ticket = taken(desk)
    said = {"status": "pending", "priority": "urgent", "tags": "Printer, Fire", "cc": "bram@example.com; a@example.com"}
    assert "Saved." in does(desk.agent, ticket, "change", **said, subject="The printer smokes")
    now = now_of(ticket)
    assert (now.status, now.priority, now.tags, now.subject) == (
        "pending",
        4,
        ["printer", "fire"],
        "The printer smokes",
    )
    assert now.cc == ["bram@example.com", "a@example.com"]
    does(desk.agent, ticket, "change", tags="", cc="")
    assert (now_of(ticket).tags, now_of(ticket).cc) == ([], [])


@pytest.mark.parametrize("said", [{"status": "gone"}, {"priority": "very"}, {"cc": "nobody"}, {"category": "99999"}])
def test_t3_nonsense_changes_nothing_and_is_told(desk: Desk, said: dict[str, str]) -> None:
    ticket = taken(desk)
    text = does(desk.agent, ticket, "change", tags="x", **said)
    assert 'class="notice danger"' in text
    assert now_of(ticket).tags == []


def test_t10_the_departments_questions_are_answered_on_the_page(desk: Desk) -> None:
    of = {"department": desk.here}
    FormField.objects.create(**of, key="browser", label="Which browser", kind="choice", choices=["Firefox", "Other"])
    FormField.objects.create(**of, key="since", label="Since when", kind="date")
    FormField.objects.create(**of, key="pages", label="How many pages", kind="number")
    FormField.objects.create(**of, key="backup", label="Is there a backup", kind="check")
    ticket = taken(desk)
    answers = {"field-browser": "Firefox", "field-since": "2026-03-01", "field-pages": "12.5", "field-backup": "on"}
    does(desk.agent, ticket, "change", answers="1", **answers)
    assert now_of(ticket).fields == {"browser": "Firefox", "since": "2026-03-01", "pages": 12.5, "backup": True}
    text = page(desk.agent, ticket)
    assert 'value="12.5"' in text
    assert '<option value="Firefox" selected>' in text
    text = does(desk.agent, ticket, "change", answers="1", **{"field-browser": "Mosaic"})
    assert "Please look at “Which browser” again." in text


def test_t3_one_follows_what_is_not_ones_own(desk: Desk) -> None:
    ticket = desk.files()
    does(desk.colleague, ticket, "follow", on="1")
    assert Follower.objects.get().user_id == desk.colleague.pk
    does(desk.colleague, ticket, "follow", on="")
    assert not Follower.objects.exists()


# -- Whose it is -------------------------------------------------------------------------------------


def test_t8_who_is_free_takes_it_and_may_lay_it_down(desk: Desk) -> None:
    ticket = desk.files()
    assert "The ticket is yours." in does(desk.agent, ticket, "assign", agent="me")
    assert now_of(ticket).agent_id == desk.agent.pk
    does(desk.agent, ticket, "assign", agent="")
    assert now_of(ticket).agent_id is None


def test_t8_an_agent_is_not_offered_and_not_allowed_to_give_it_away(desk: Desk) -> None:
    """T8 in the UI: no list of agents on the page, and the post is refused."""
    ticket = taken(desk)
    assert "Give it to" not in page(desk.agent, ticket)
    text = does(desk.agent, ticket, "assign", agent=str(desk.colleague.pk))
    assert "manager can give this ticket to somebody else" in text
    assert now_of(ticket).agent_id == desk.agent.pk
    assert "Give it to" in page(desk.manager, ticket)
    does(desk.manager, ticket, "assign", agent=str(desk.colleague.pk))
    assert now_of(ticket).agent_id == desk.colleague.pk
    assert "does not work in that department" in does(desk.manager, ticket, "assign", agent=str(desk.stranger.pk))


def test_t8_a_hand_over_is_asked_refused_with_a_reason_and_approved(desk: Desk) -> None:
    ticket = taken(desk)
    does(desk.agent, ticket, "hand-over", do="ask", department=str(desk.elsewhere.pk), note="Theirs")
    text = page(desk.other_manager, ticket)
    assert "Theirs" in text
    assert 'value="approve"' in text
    assert 'value="approve"' not in page(desk.agent, ticket)
    refused = does(desk.agent, ticket, "hand-over", do="approve")
    assert "Only the manager of the receiving department can answer this." in refused
    does(desk.other_manager, ticket, "hand-over", do="refuse", note="Not ours")
    assert now_of(ticket).department_id == desk.here.pk
    assert "Not ours" in page(desk.agent, ticket)
    does(desk.agent, ticket, "hand-over", do="ask", department=str(desk.elsewhere.pk))
    does(desk.other_manager, ticket, "hand-over", do="approve", agent=str(desk.stranger.pk))
    now = now_of(ticket)
    assert (now.department_id, now.agent_id) == (desk.elsewhere.pk, desk.stranger.pk)
    assert [one for one in story(ticket) if one.startswith("[hand")] == [
        "[hand_over_asked]", "[hand_over_refused]", "[hand_over_asked]", "[handed_over]",
    ]  # fmt: skip


def test_t8_who_asked_may_withdraw(desk: Desk) -> None:
    ticket = taken(desk)
    handing_over.ask(desk.as_(desk.agent), ticket.pk, desk.elsewhere.pk)
    does(desk.agent, ticket, "hand-over", do="withdraw")
    assert HandOver.objects.get().state == "withdrawn"


def test_t8_who_gave_it_away_is_led_to_the_list(desk: Desk) -> None:
    ticket = taken(desk)
    handing_over.ask(desk.as_(desk.agent), ticket.pk, desk.elsewhere.pk)
    answer = browser_of(desk.other_manager).post(address(ticket, "hand-over"), {"do": "refuse"}, follow=True)
    assert answer.redirect_chain == [("/admin/tickets/", 302)]
    assert "The answer is no" in answer.content.decode()


# -- Together ----------------------------------------------------------------------------------------


def test_t7_linked_merged_and_split(desk: Desk) -> None:
    one, two = taken(desk), taken(desk)
    does(desk.agent, one, "join", do="link", number=str(two.pk))
    assert TicketLink.objects.count() == 1
    assert f"Remove the link with {two.pk}" in page(desk.agent, one)
    does(desk.agent, one, "join", do="unlink", number=str(two.pk))
    assert not TicketLink.objects.exists()
    entry = desk.says(desk.customer, one, "<p>And the scanner is blue.</p>")
    does(desk.agent, one, "join", do="split", seq=str(entry.seq), subject="Blue scanner")
    made = Ticket.objects.get(subject="Blue scanner")
    assert TicketLink.objects.filter(one=one, other=made).exists()
    does(desk.agent, two, "join", do="merge", number=str(one.pk))
    assert now_of(two).merged_into_id == one.pk
    text = page(desk.agent, one)
    assert f'id="merged-{two.pk}"' in text
    assert "What is written goes on there." in page(desk.manager, two)
    assert 'id="composer"' not in page(desk.manager, two)


@pytest.mark.parametrize("said", [{"do": "merge", "number": "x"}, {"do": "link", "number": "999999"}, {"do": "split"}])
def test_t7_what_cannot_belong_together_is_told(desk: Desk, said: dict[str, str]) -> None:
    ticket = taken(desk)
    assert 'class="notice danger"' in does(desk.agent, ticket, "join", **said)
    assert Ticket.objects.count() == 1


# -- Work --------------------------------------------------------------------------------------------


def test_t9_the_stopwatch_and_time_written_down(desk: Desk, time: Travel) -> None:
    desk.costs("ticket_work", 5_000)
    ticket = taken(desk)
    does(desk.agent, ticket, "work", do="start", kind="billable")
    assert 'data-running="0"' in page(desk.agent, ticket)
    assert "data-running" not in page(desk.manager, ticket)
    time.advance(minutes=20)
    does(desk.agent, ticket, "work", do="stop", note="Looked inside")
    does(desk.agent, ticket, "work", do="add", minutes="10", kind="free", note="On the phone")
    text = page(desk.agent, ticket)
    assert "Looked inside" in text
    assert "10.0 credits" in text
    work = WorkLog.objects.get(manual=False)
    does(desk.agent, ticket, "work", do="kind", work=str(work.pk), kind="warranty")
    assert WorkLog.objects.get(pk=work.pk).kind == "warranty"
    assert 'class="notice danger"' in does(desk.agent, ticket, "work", do="add", minutes="0", kind="free")
    assert 'class="notice danger"' in does(desk.agent, ticket, "work", do="stop")
    assert WorkLog.objects.count() == 2


def test_t9_the_page_says_where_the_stopwatch_runs(desk: Desk) -> None:
    one, two = taken(desk), taken(desk)
    working.start(desk.as_(desk.agent), one.pk)
    assert f"It runs on ticket {one.pk} now, and stops there." in page(desk.agent, two)


def test_t7_the_mail_to_staff_leads_to_the_page(desk: Desk) -> None:
    ticket = desk.files()
    desk.sets(desk.manager, ticket, agent_id=desk.agent.pk)
    told = OutboxMessage.objects.get(purpose="ticket_staff")
    assert f"{address(ticket)}\n" in f"{told.text}\n"


# -- Macros, deleting --------------------------------------------------------------------------------


def test_t13_a_macro_is_run_from_the_menu(desk: Desk) -> None:
    deeds = [{"do": "reply", "value": "<p>Turn it off and on.</p>"}, {"do": "status", "value": "pending"}]
    macro = ruling.save_macro(desk.as_(desk.owner), name="Off and on", deeds=deeds, department_id=desk.here.pk)
    ruling.save_macro(desk.as_(desk.owner), name="Theirs", deeds=deeds, department_id=desk.elsewhere.pk)
    ticket = taken(desk)
    text = page(desk.agent, ticket)
    assert "Off and on" in text
    assert "Theirs" not in text
    does(desk.agent, ticket, "macro", macro=str(macro.pk))
    assert "Turn it off and on." in story(ticket)
    assert now_of(ticket).status == "pending"


def test_p5_only_the_owner_deletes(desk: Desk) -> None:
    ticket = taken(desk)
    for user in (desk.agent, desk.manager):
        assert not has(page(user, ticket), "delete")
        assert browser_of(user).post(address(ticket, "delete")).status_code == 403
    assert now_of(ticket).deleted_at is None
    assert has(page(desk.owner, ticket), "delete")
    text = does(desk.owner, ticket, "delete")
    assert "The ticket lies in the bin" in text
    page(desk.owner, ticket, status=404)
    assert f'action="/admin/bin/{ticket.pk}/restore/"' in text
    browser_of(desk.owner).post(f"/admin/bin/{ticket.pk}/restore/")
    assert "The printer is on fire" in page(desk.owner, ticket)


# -- Cost --------------------------------------------------------------------------------------------


def statements(client: Client, ticket: Ticket) -> int:
    """The fewest of some openings: what is remembered for seconds may be read again in any of them."""
    client.get(address(ticket))
    return min(_asked(client, address(ticket)) for _ in range(3))


def _asked(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def test_t4_the_number_of_statements_is_constant(desk: Desk) -> None:
    """However many entries, files, works, links and merged tickets there are."""
    ticket, browser = taken(desk), browser_of(desk.manager)

    def fill() -> None:
        desk.says(desk.agent, ticket)
        desk.notes(desk.agent, ticket)
        desk.sets(desk.agent, ticket, priority=1 + ticket.last_seq % 4)
        working.write_down(desk.as_(desk.agent), ticket.pk, 5)
        linked, merged = taken(desk), taken(desk)
        joining.link(desk.as_(desk.agent), ticket.pk, linked.pk)
        joining.merge(desk.as_(desk.agent), merged.pk, ticket.pk)
        now_of(ticket)

    fill()
    few = statements(browser, ticket)
    for _ in range(4):
        fill()
    assert statements(browser, ticket) == few


def test_t4_fifty_entries_stand_on_a_page_and_those_before_behind_a_link(desk: Desk) -> None:
    ticket = taken(desk)
    for n in range(53):
        desk.notes(desk.agent, ticket, f"<p>Note {n:03}</p>")
    text = page(desk.agent, ticket)
    assert "Note 052" in text
    assert "Note 001" not in text
    found = re.search(r'href="(\?earlier=\d+)"', text)
    assert found is not None
    answer = browser_of(desk.agent).get(address(ticket) + found.group(1))
    assert "Note 001" in answer.content.decode()


# -- A new one ---------------------------------------------------------------------------------------

NEW = "/admin/tickets/new/"


def test_t7_a_ticket_on_behalf_of_a_customer_who_calls(desk: Desk) -> None:
    desk.files()  # whom one has worked for one sees
    browser = browser_of(desk.agent)
    assert "Sanne de Vries" in browser.get(f"{NEW}?who=sanne").content.decode()
    said = {"customer": desk.customer.pk, "department": desk.here.pk, "subject": "It rings", "body": "All day.",
            "channel": "phone", "priority": "high", "agent": "me", "tags": "phone", "form_key": "n1"}  # fmt: skip
    answer = browser.post(NEW, said, follow=True)
    made = Ticket.objects.get(subject="It rings")
    assert answer.redirect_chain == [(f"/admin/tickets/{made.pk}/", 302)]
    assert (made.channel, made.initiator, made.priority, made.agent_id) == ("phone", "staff", 3, desk.agent.pk)
    browser.post(NEW, said)
    assert Ticket.objects.filter(subject="It rings").count() == 1
    other = browser.post(NEW, {**said, "body": "All night, too."})
    assert "You sent this already. Send it again to make another ticket." in other.content.decode()
    assert "All night, too." in other.content.decode()


@pytest.mark.parametrize(("charge", "left_m"), [("on", 8_000), ("", 10_000)])
def test_t2_its_price_is_charged_or_not(desk: Desk, charge: str, left_m: int) -> None:
    desk.gives(desk.customer, 10_000)
    desk.files()
    desk.costs("ticket", 2_000)
    browser = browser_of(desk.owner)
    assert "2.0 credits" in browser.get(f"{NEW}?customer={desk.customer.pk}").content.decode()
    said = {"customer": desk.customer.pk, "department": desk.here.pk, "subject": "It rings", "body": "All day.",
            "channel": "phone", "priority": "normal", "charge": charge}  # fmt: skip
    browser.post(NEW, said)
    assert desk.balance_m(desk.customer) == left_m


def test_t2_without_enough_credits_it_is_told_and_what_was_typed_stays(desk: Desk) -> None:
    desk.costs("ticket", 2_000)
    said = {"customer": desk.customer.pk, "department": desk.here.pk, "subject": "It rings", "body": "All day.",
            "channel": "phone", "priority": "normal", "charge": "on"}  # fmt: skip
    answer = browser_of(desk.owner).post(NEW, said)
    text = answer.content.decode()
    assert answer.status_code == 402
    assert "There are not enough credits for this." in text
    assert "All day." in text
    assert not Ticket.objects.exists()


def test_t3_the_contact_is_another_of_the_organisation(desk: Desk) -> None:
    company = people.make_organisation("Bakkerij Zoet")
    browser = browser_of(desk.owner)
    boss, employee = company.owner, company.employee
    assert f'<option value="{employee.pk}">' in browser.get(f"{NEW}?customer={boss.pk}").content.decode()
    said = {"customer": boss.pk, "department": desk.here.pk, "subject": "Oven", "body": "Cold.", "channel": "phone"}
    browser.post(NEW, {**said, "priority": "normal", "contact": str(employee.pk)})
    assert Ticket.objects.get().contact_id == employee.pk
    assert employee.name in page(desk.owner, Ticket.objects.get())
    browser.post(NEW, {**said, "subject": "Again", "priority": "normal", "contact": str(desk.customer.pk)})
    assert not Ticket.objects.filter(subject="Again").exists()


def test_t3_the_contact_may_become_another(desk: Desk) -> None:
    """Of the customer's organisation; they see the ticket then, and it is in the history."""
    company = people.make_organisation("Bakkerij Zoet")
    boss, employee = company.owner, company.employee
    ticket = desk.files(boss)
    owner = browser_of(desk.owner)
    assert f'<option value="{employee.pk}">' not in page(desk.owner, ticket)
    assert f'<option value="{employee.pk}">' in owner.get(f"{address(ticket)}?contact").content.decode()
    assert not Ticket.objects.visible_to(desk.as_(employee)).filter(pk=ticket.pk).exists()
    assert f"Contact: {employee.name}" in does(desk.owner, ticket, "change", contact=str(employee.pk))
    assert Ticket.objects.visible_to(desk.as_(employee)).filter(pk=ticket.pk).exists()
    for not_of_them in (desk.customer.pk, desk.agent.pk, 999_999_999):
        does(desk.owner, ticket, "change", contact=str(not_of_them))
        assert now_of(ticket).contact_id == employee.pk
    does(desk.owner, ticket, "change", contact="")
    assert now_of(ticket).contact_id is None
    assert story(ticket)[-2:] == ["[contact]", "[contact]"]


def test_x1_a_customer_one_may_not_see_gets_no_ticket(desk: Desk) -> None:
    far = people.make_customer("Far Away")
    browser = browser_of(desk.agent)
    assert "For whom is it?" in browser.get(f"{NEW}?customer={far.pk}").content.decode()
    said = {"customer": far.pk, "department": desk.here.pk, "subject": "x", "body": "x", "channel": "web"}
    browser.post(NEW, {**said, "priority": "normal"})
    assert not Ticket.objects.exists()
