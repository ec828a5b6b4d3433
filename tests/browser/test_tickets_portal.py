"""The customer's half of a ticket in a browser: what is typed is never lost, no script, for everybody (U2, U4)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.portal import LAYOUTS, NARROW, WIDE, overflow, sign_in, speak, violations
from tests.browser.tickets import PHONE, begin, lose_one_answer, publish
from tests.running import RunningHub

pytestmark = pytest.mark.browser


def test_u4_what_was_typed_is_there_again_and_is_sent_once_whatever_the_line_does(
    open_window: OpenWindow, hub: RunningHub
) -> None:
    """A new ticket outlives a reload, and an answer lost on its way; a reply is written while nobody hears."""
    page = open_window("/", viewport=WIDE)
    sign_in(page, hub, "customer")
    speak(page, "en")
    begin(page)
    page.fill("#field-subject", "A draft")
    page.locator(".editor-text").click()
    page.keyboard.type("Half a sentence")
    small = FilePayload(name="kept.txt", mimeType="text/plain", buffer=b"small\n")
    page.set_input_files(".drop input[type=file]", files=[small])
    expect(page.locator(".up.done")).to_have_count(1)
    expect(page.locator("[data-draft-said]")).to_have_text("Your draft is kept in this browser.")
    page.reload()
    expect(page.locator("#field-subject")).to_have_value("A draft")
    expect(page.locator(".editor-text")).to_contain_text("Half a sentence")
    expect(page.locator(".up")).to_contain_text("kept.txt")
    expect(page.locator("[data-draft-said]")).to_contain_text("What you wrote before is back.")

    lost = lose_one_answer(page, "/tickets/new/")
    page.locator("form[data-draft] button.primary").click()
    page.wait_for_url(re.compile(r"/tickets/\d+/$"))  # sent again by itself
    assert len(lost) == 1
    expect(page.locator(".post .file")).to_have_count(1)
    page.goto("/tickets/?status=open")
    expect(page.get_by_role("link", name="A draft", exact=True)).to_have_count(1)
    page.get_by_role("link", name="A draft", exact=True).click()

    page.route("**/answer/", lambda route: route.abort())
    page.locator("#reply .editor-text").click()
    page.keyboard.type("One more thing")
    page.locator("#reply button.primary").click()
    expect(page.get_by_role("alert")).to_contain_text("The server does not answer. What you wrote is kept")
    page.unroute("**/answer/")
    page.reload()
    expect(page.locator("#reply .editor-text")).to_contain_text("One more thing")
    page.locator("#reply button.primary").click()
    expect(page.locator(".post", has_text="One more thing")).to_have_count(1)
    expect(page.locator("#reply .editor-text")).to_have_text("")
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('balie.draft'))") == []


def test_t1_t4_without_script_a_ticket_is_filed_answered_and_solved(open_window: OpenWindow, hub: RunningHub) -> None:
    page = open_window("/", viewport=NARROW, java_script_enabled=False)
    sign_in(page, hub, "customer")
    page.goto("/tickets/new/")
    page.locator("a.desk").first.click()
    page.fill("[name=subject]", "Without script")
    page.fill("[name=body]", "One line\n\nAnd <another>")
    page.fill("[name=phone]", PHONE)
    page.set_input_files(
        "input[type=file]", files=[FilePayload(name="plain.txt", mimeType="text/plain", buffer=b"some\n")]
    )
    page.locator("form[data-draft] button.primary").click()
    page.wait_for_url(re.compile(r"/tickets/\d+/$"))
    expect(page.locator(".post")).to_contain_text("And <another>")
    expect(page.locator(".post .file")).to_contain_text("plain.txt")
    page.fill("[name=body]", "My answer")
    page.locator("#reply button.primary").click()
    expect(page.locator(".post").last).to_contain_text("My answer")
    page.locator("form[action$='/solve/'] button").click()
    expect(page.locator("form[action$='/reopen/'] button")).to_be_visible()


@pytest.mark.parametrize(("layout", "language"), [("classic", "nl"), ("compact", "fa")])
def test_u2_axe_finds_nothing_in_form_and_conversation(
    open_window: OpenWindow, hub: RunningHub, layout: str, language: str
) -> None:
    """The pages without an address that a test can know; the others are in the list of tests/browser/portal.py."""
    article = publish(hub, f"Axe {layout}", "<p>Words</p><ul><li>one</li></ul>")
    page = open_window("/", viewport=WIDE, color_scheme="dark")
    sign_in(page, hub, LAYOUTS[layout])
    speak(page, language)
    begin(page)
    page.fill("#field-subject", f"Axe {'x' * 60}")
    page.set_input_files(
        ".drop input[type=file]",
        files=[
            FilePayload(name=f"{'long-' * 30}.txt", mimeType="text/plain", buffer=b"some\n"),
            FilePayload(name="lies.png", mimeType="image/png", buffer=b"MZ none"),
        ],
    )
    expect(page.locator(".up.err")).to_have_count(1)
    expect(page.locator(".up.done")).to_have_count(1)
    found = looked_at(page)
    page.locator(".up.err .ibtn").click()
    page.locator(".editor-text").click()
    page.keyboard.type("Words")
    page.locator("form[data-draft] button.primary").click()
    page.wait_for_url(re.compile(r"/tickets/\d+/$"))
    found += looked_at(page)
    page.goto(f"/help/articles/{article}/")
    found += looked_at(page)
    assert found == []


def looked_at(page: Page) -> list[str]:
    found = violations(page)
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    if overflow(page) > 0:
        found.append(f"{page.url} is {overflow(page)} px wider than {NARROW['width']}")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    return found
