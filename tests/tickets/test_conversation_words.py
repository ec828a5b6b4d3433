"""How a conversation is shown: each event has a sentence, files are beside what they came with, at a fixed cost."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

import tickets
from hub.base import rich_text
from tests.tickets.desk import Desk
from tickets import event_words, queries
from tickets.actions import ruling
from tickets.conversation import entries_shown
from tickets.files.uploads import take_whole
from tickets.models import Ticket, TicketEntry
from tickets.pages.uploads import files_kept, files_of_form

pytestmark = pytest.mark.django_db


def shown(desk: Desk, who: Any, ticket: Ticket) -> list[Any]:
    rows, _more = queries.read_entries(desk.as_(who), ticket)
    return entries_shown(rows, desk.as_(who))


def page(entries: list[Any]) -> str:
    return render_to_string("tickets/entries.html", {"entries": entries})


def test_t4_every_event_that_is_written_has_a_sentence() -> None:
    """Also one of which retention left nothing but its type (P10)."""
    folder = Path(tickets.__file__).parent
    sources = "".join(path.read_text() for path in folder.rglob("*.py"))
    written = {
        *re.findall(r'\btell\(\s*\w+,\s*(?:[\w.]+(?:\(\w+\))?),\s*"(\w+)"', sources),
        *re.findall(r'_tell\([^)"]*"(work_\w+)"', sources),
        *re.findall(r'"(sla_\w+)" if', sources),
        *("linked", "unlinked", "sla_near", "sla_missed", "work_owed", "work_charged"),
    }
    assert len(written) > 15
    for kind in written:
        for for_staff in (True, False):
            assert event_words.sentence({"type": kind}, event_words.Names(), for_staff=for_staff), kind


def test_t4_customers_read_replies_and_public_events_and_staff_everything(desk: Desk) -> None:
    ticket = desk.files()
    desk.says(desk.agent, ticket, "<p>Which <b>printer</b>?</p>", status="pending")
    desk.notes(desk.agent, ticket)
    desk.sets(desk.agent, ticket, tags=["vip"])
    for_customer, for_staff = shown(desk, desk.customer, ticket), shown(desk, desk.agent, ticket)
    assert [one.event or one.html for one in for_customer] == [
        "<p>It smokes.</p>",
        f"{desk.agent.name} takes care of it",
        "<p>Which <b>printer</b>?</p>",
        "Waits for your answer",
    ]
    assert [one.who for one in for_customer if one.event] == ["", desk.agent.name]  # who took it is in the sentence
    assert [one.event for one in for_staff if one.event][1:] == [
        "Waits for an answer of the customer",
        "Tags added: vip",
    ]
    assert [one.is_note for one in for_staff if not one.is_event] == [False, False, True]
    html = page(for_customer)
    assert "<p>Which <b>printer</b>?</p>" in html
    assert "Among us." not in html
    assert "Among us." in page(for_staff)


def test_x5_files_stand_beside_what_they_came_with_and_pictures_in_the_text_only_there(desk: Desk) -> None:
    person = desk.as_(desk.customer)
    listed = take_whole(person, "log & more.txt", b"a line\n").pk
    inside = take_whole(person, "shot.txt", b"another line\n").pk
    ticket = desk.files(html=f'<p><img src="/api/v1/files/{inside}/content/"></p>', files=[listed, inside])
    (entry,) = shown(desk, desk.agent, ticket)
    assert [one.name for one in entry.files] == ["log & more.txt"]
    html = page([entry])
    assert f"/api/v1/files/{listed}/content/" in html
    assert "log &amp; more.txt" in html
    assert html.count(str(inside)) == 1
    assert rich_text.pictures(entry.html) == [inside]


def test_t4_a_conversation_costs_the_same_however_long_it_is(desk: Desk) -> None:
    ticket = desk.files()

    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            page(shown(desk, desk.agent, ticket))
        return len(asked)

    desk.says(desk.agent, ticket)
    desk.sets(desk.agent, ticket, priority=4)
    few = statements()
    for _again in range(5):
        desk.says(desk.customer, ticket)
        desk.says(desk.agent, ticket, status="pending")
    assert TicketEntry.objects.filter(ticket=ticket).count() > 15
    assert statements() == few


def test_x5_a_form_without_script_brings_its_files_and_sent_twice_they_are_the_same(
    desk: Desk, rf: RequestFactory
) -> None:
    person = desk.as_(desk.customer)
    earlier = take_whole(person, "earlier.txt", b"before\n").pk

    def post(content: bytes = b"some words\n") -> Any:
        given = SimpleUploadedFile("notes.txt", content, content_type="text/plain")
        return rf.post("/", {"file": [str(earlier), "no id"], "files": [given]})

    ids = files_of_form(post(), person, "key-1")
    assert ids[0] == earlier
    assert len(ids) == 2
    assert files_of_form(post(), person, "key-1") == ids
    assert files_of_form(post(b"SOME WORDS\n"), person, "key-1")[1] not in ids, "as long, and something else"
    assert [one.name for one in files_kept(person, ids)] == ["earlier.txt", "notes.txt"]
    assert files_kept(desk.as_(desk.agent), ids) == []
    desk.files(files=ids)
    assert files_kept(person, ids) == []


def test_x3_the_editor_sends_html_and_a_plain_field_letters() -> None:
    both = {"body": "plain <b>", "body_html": '<p onclick="x()">rich</p>'}
    assert rich_text.typed(both, "body").html == "<p>rich</p>"
    assert rich_text.typed({"body": "one <b>\n\ntwo\0"}, "body").html == "<p>one &lt;b&gt;</p><p>two</p>"
    assert rich_text.typed({}, "body").is_empty


def test_t13_what_a_rule_wrote_says_so(desk: Desk) -> None:
    """Staff read which rule it was; customers that nobody wrote it by hand."""
    said = [{"do": "reply", "value": "<p>We got it.</p>"}, {"do": "note", "value": "<p>Look at once.</p>"}]
    ruling.save_rule(desk.as_(desk.owner), name="Thank them", events=["created"], deeds=said)
    ticket = desk.files()
    for_customer, for_staff = shown(desk, desk.customer, ticket), shown(desk, desk.agent, ticket)
    assert [one.who for one in for_staff if one.is_automatic] == ["Rule: Thank them"] * 2
    assert [one.who for one in for_customer if one.is_automatic] == ["Automatic message"]
    assert "Automatic message" in page(for_customer)
    assert "Thank them" not in page(for_customer)
    rows, _ = queries.read_entries(desk.as_(desk.customer), ticket)
    assert "Thank them" not in str(queries.describe_entries(rows, desk.as_(desk.customer)))
    rows, _ = queries.read_entries(desk.as_(desk.agent), ticket)
    assert [one["rule"] for one in queries.describe_entries(rows, desk.as_(desk.agent))] == ["", *["Thank them"] * 2]
