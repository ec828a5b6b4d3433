"""The staff’s side of tickets in a browser: two people at one ticket, a list that lives, keys (T6, T7)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.portal import NARROW, WIDE, overflow, violations
from tests.browser.tickets import a_ticket, desk_of, replies, says, write
from tests.faults.world import get_all
from tests.running import RunningHub

pytestmark = pytest.mark.browser


def test_t7_what_comes_in_while_one_types_is_seen_before_it_is_sent(open_window: OpenWindow, hub: RunningHub) -> None:
    """T7: the answer appears, nothing typed is lost, the first click only warns; what was typed survives a reload."""
    number = a_ticket(hub, "Two at one ticket")
    agent = desk_of(open_window, hub, "agent", f"/admin/tickets/{number}/")
    owner = desk_of(open_window, hub, "owner", f"/admin/tickets/{number}/")
    expect(owner.locator("#looking")).to_contain_text("has this ticket open.")
    write(agent, "Shall I come and look?")
    expect(owner.locator("#looking")).to_contain_text("is writing on this ticket now.")
    expect(agent.locator("[data-draft-state]")).to_have_text("Draft kept")
    agent.route("**/draft/", lambda route: route.abort())  # what comes now is in this browser alone
    write(agent, " Tomorrow.")
    agent.reload()
    expect(agent.locator("#composer [contenteditable=true]")).to_contain_text("Shall I come and look? Tomorrow.")
    expect(agent.locator("[data-draft-said]")).to_contain_text("What you wrote before is back.")
    agent.unroute("**/draft/")
    write(agent, " At nine.")
    write(owner, "I am on my way.")
    owner.locator("#files").set_input_files({"name": "way.txt", "mimeType": "text/plain", "buffer": b"A map\n"})
    owner.get_by_role("button", name="Send reply").click()
    says(owner, "The reply is on its way.")
    expect(agent.locator("#lines")).to_contain_text("I am on my way.")
    expect(agent.locator("#lines").get_by_role("link", name="way.txt")).to_be_visible()  # C8: files come along
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
