"""The staff’s side of tickets in a browser: done-point 1 of tickets, two people at one ticket, keys (T6–T9)."""

from __future__ import annotations

import json
import re
import urllib.request
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.portal import NARROW, WIDE, overflow, sign_in, violations
from tests.faults.world import get_all
from tests.running import RunningHub

pytestmark = pytest.mark.browser


def asks(hub: RunningHub, role: str, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Over the API, as this person."""
    request = urllib.request.Request(
        f"{hub.url.rstrip('/')}/api/v1{path}",
        data=json.dumps(body).encode(),
        method=method,
        headers={"Authorization": f"Bearer {hub.account(role)['token']}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        return dict(json.load(response))


def a_ticket(hub: RunningHub, subject: str, *, place: int = 1) -> str:
    """Of the demo's customer, in the department at this place; its number."""
    departments = get_all(hub, hub.account("owner")["token"], "/departments/")
    said = {"department": departments[place]["id"], "subject": subject, "html": "<p>It does not start any more.</p>"}
    return str(asks(hub, "customer", "POST", "/tickets/", said)["number"])


def replies(hub: RunningHub, number: str, html: str) -> None:
    asks(hub, "customer", "POST", f"/tickets/{number}/entries/", {"html": html})


def desk_of(open_window: OpenWindow, hub: RunningHub, role: str, path: str, **options: Any) -> Page:
    page = open_window("/", viewport=WIDE, locale="en-GB", **options)
    sign_in(page, hub, role)
    page.goto(path)
    return page


def write(page: Page, text: str) -> None:
    """Into the editor, as a paste does."""
    page.locator("#composer [contenteditable=true]").focus()
    page.keyboard.insert_text(text)


def says(page: Page, text: str) -> None:
    expect(page.get_by_role("status").filter(has_text=text)).to_be_visible()


def mails_about(hub: RunningHub, number: str) -> set[str]:
    with psycopg.connect(hub.demo["database_url"]) as line:
        rows = line.execute("select purpose from base_outboxmessage where subject like %s", [f"%{number}%"]).fetchall()
    return {purpose for (purpose,) in rows}


def test_done_1_from_new_to_solved_with_every_step_in_the_history(open_window: OpenWindow, hub: RunningHub) -> None:
    """T4, T7, T8, T9: taken, timed, noted, asked, answered, handed over to a department that approves, solved."""
    number = a_ticket(hub, "Laptop does not start")
    agent = desk_of(open_window, hub, "agent", "/admin/tickets/?agent=none&status=live")
    agent.get_by_role("link", name="Laptop does not start").first.click()
    agent.get_by_role("button", name="Take it").click()
    says(agent, "The ticket is yours.")
    agent.get_by_role("button", name="Start the stopwatch").click()
    says(agent, "Your stopwatch runs.")
    expect(agent.locator("[data-running]")).to_be_visible()
    agent.keyboard.press("n")
    agent.keyboard.insert_text("He has called twice already.")
    agent.get_by_role("button", name="Keep note").click()
    says(agent, "The note is kept.")
    agent.keyboard.press("r")
    write(agent, "Does a light burn when you plug it in?")
    agent.get_by_label("What becomes of the ticket").select_option(label="and wait for the customer")
    agent.get_by_role("button", name="Send reply").click()
    says(agent, "The reply is on its way.")
    expect(agent.locator("#top")).to_contain_text("Waits for customer")

    replies(hub, number, "<p>No light at all.</p>")
    expect(agent.locator("#lines")).to_contain_text("No light at all.")
    agent.get_by_label("What was done").first.fill("Looked into it")
    agent.get_by_role("button", name="Stop", exact=True).click()
    says(agent, "Your stopwatch stands still.")
    agent.get_by_text("Ask another department").click()
    agent.locator("form:has(input[value=ask]) select").select_option(index=1)
    agent.locator("form:has(input[value=ask]) input[name=note]").fill("It is the hardware")
    agent.get_by_role("button", name="Ask", exact=True).click()
    says(agent, "The other department's manager is asked.")

    manager = desk_of(open_window, hub, "manager", "/admin/tickets/")
    manager.get_by_role("region", name="Questions to take over").get_by_role("link", name=number).click()
    expect(manager.get_by_text("It is the hardware").first).to_be_visible()
    manager.get_by_role("button", name="Take over").click()
    says(manager, "Your department has the ticket now.")
    write(manager, "Here is a new adapter.")
    manager.get_by_label("What becomes of the ticket").select_option(label="and it is solved")
    manager.get_by_role("button", name="Send reply").click()
    says(manager, "The reply is on its way.")
    expect(manager.locator("#top")).to_contain_text("Solved")
    history = manager.locator("#lines").inner_text()
    for step in ("takes care of it", "Stopwatch started", "called twice", "Waits for an answer", "No light at all.",
                 "Stopwatch stopped", "is asked to take over: It is the hardware", "Handed over from", "new adapter",
                 "Solved"):  # fmt: skip
        assert step in history, step
    assert {"ticket_created", "ticket_reply", "ticket_staff"} <= mails_about(hub, number)


def test_t7_what_comes_in_while_one_types_is_seen_before_it_is_sent(open_window: OpenWindow, hub: RunningHub) -> None:
    """T7: the answer appears, nothing typed is lost, the first click only warns; what was typed survives a reload."""
    number = a_ticket(hub, "Two at one ticket")
    agent = desk_of(open_window, hub, "agent", f"/admin/tickets/{number}/")
    owner = desk_of(open_window, hub, "owner", f"/admin/tickets/{number}/")
    expect(owner.locator("#looking")).to_contain_text("has this ticket open.")
    write(agent, "Shall I come and look?")
    expect(owner.locator("#looking")).to_contain_text("is writing on this ticket now.")
    expect(agent.locator("[data-draft-state]")).to_have_text("Draft kept")
    agent.reload()
    expect(agent.locator("#composer [contenteditable=true]")).to_contain_text("Shall I come and look?")
    write(agent, " Tomorrow.")
    write(owner, "I am on my way.")
    owner.get_by_role("button", name="Send reply").click()
    says(owner, "The reply is on its way.")
    expect(agent.locator("#lines")).to_contain_text("I am on my way.")
    expect(agent.get_by_role("alert").filter(has_text="Somebody has replied while you were writing.")).to_be_visible()
    agent.get_by_role("button", name="Send reply").click()
    expect(agent.locator("#lines")).not_to_contain_text("Shall I come")
    expect(agent.locator("#composer [contenteditable=true]")).to_contain_text("Shall I come and look?")
    agent.get_by_role("button", name="Send reply").click()
    says(agent, "The reply is on its way.")
    expect(agent.locator("#lines")).to_contain_text("Shall I come and look?")


def test_t6_the_list_comes_up_to_date_by_itself_and_keeps_what_is_chosen(
    open_window: OpenWindow, hub: RunningHub
) -> None:
    """T6: a new ticket appears; j, k, x and Enter work; many are changed, and it says what was refused."""
    first = a_ticket(hub, "Live list one")
    page = desk_of(open_window, hub, "agent", "/admin/tickets/?title=Live+list")
    expect(page.get_by_role("link", name="Live list one")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_text("Chosen: 1")).to_be_visible()
    second = a_ticket(hub, "Live list two")
    expect(page.get_by_role("link", name="Live list two")).to_be_visible()
    expect(page.get_by_label(f"Choose ticket {first}")).to_be_checked()
    page.get_by_label(f"Choose ticket {second}").check()
    page.locator("#many-tag").fill("slow")
    page.get_by_role("button", name="Change", exact=True).click()
    says(page, "2 tickets were changed.")
    expect(page).to_have_url(re.compile("title=Live"))
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/admin/tickets/\d+/"))


def test_u3_replies_and_notes_work_without_a_script(open_window: OpenWindow, hub: RunningHub) -> None:
    number = a_ticket(hub, "Old computer")
    page = desk_of(open_window, hub, "agent", "/admin/tickets/")
    plain = open_window("/", viewport=WIDE, java_script_enabled=False, storage_state=page.context.storage_state())
    plain.goto(f"/admin/tickets/{number}/")
    plain.get_by_label("Your text").fill("Have you tried F2?\n\nIt is the second key.")
    plain.locator("#files").set_input_files({"name": "keys.txt", "mimeType": "text/plain", "buffer": b"F1 F2 F3\n"})
    plain.get_by_role("button", name="Send reply").click()
    says(plain, "The reply is on its way.")
    expect(plain.locator("#lines")).to_contain_text("It is the second key.")
    expect(plain.get_by_role("link", name="keys.txt")).to_be_visible()


def test_u2_the_pages_are_for_everybody(open_window: OpenWindow, hub: RunningHub) -> None:
    """U2, U3: axe finds nothing, a phone has room for all of it, with long words in it."""
    number = a_ticket(hub, f"Donau{'dampf' * 30}")
    replies(hub, number, f"<p>{'x' * 300}</p>")
    page = desk_of(open_window, hub, "agent", "/admin/tickets/", color_scheme="dark")
    customer = get_all(hub, hub.account("owner")["token"], "/customers/?q=Sanne")[0]["id"]
    found: list[str] = []
    for path in (f"{number}/", "", "?q=nothing+like+this", "?number=x", "new/?who=sanne", f"new/?customer={customer}"):
        page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        page.goto(f"/admin/tickets/{path}")
        found += violations(page)
        page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        if overflow(page) > 0:
            found.append(f"{path} is {overflow(page)} px wider than {NARROW['width']}")
    assert found == []
