"""The customer's half of a ticket in a browser: suggestions, files that go on after a cut, drafts, no script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FilePayload, Page, Request, Route, expect

from tests.browser.conftest import OpenWindow
from tests.browser.portal import LAYOUTS, NARROW, WIDE, overflow, sign_in, speak, violations
from tests.faults.world import get, post
from tests.running import RunningHub

pytestmark = pytest.mark.browser

PART_BYTES = 1_000_000
LARGE = b"0123456789abcde\n" * 252_512  # four parts, and a fifth from 99 % on


def publish(hub: RunningHub, title: str, html: str) -> int:
    said = {"texts": {"en": {"title": title, "html": html}}, "state": "published"}
    token = hub.account("owner")["token"]
    post(hub, token, "/articles/", said)
    return next(int(row["id"]) for row in get(hub, token, "/articles/")["results"] if row.get("title") == title)


def begin(page: Page) -> None:
    """The form of the first department."""
    page.goto("/tickets/new/")
    page.locator("a.desk").first.click()
    expect(page.locator(".editor-text")).to_be_visible()


def test_k2_t1_x5_reads_a_suggestion_and_still_files_the_ticket_with_three_files(
    open_window: OpenWindow, hub: RunningHub
) -> None:
    """Done-point 1, the customer's half: one file is cut at 99 % and goes on there."""
    publish(hub, "The zebraprinter smokes", "<p>Pull the <b>plug</b> first.</p>")
    page = open_window("/", viewport=WIDE)
    sign_in(page, hub, "customer")
    speak(page, "en")
    begin(page)
    page.locator("#field-subject").press_sequentially("zebraprnter smokes")
    suggestion = page.locator("#suggested details").first
    suggestion.locator("summary").click()
    expect(suggestion.locator(".rich")).to_contain_text("Pull the plug first.")
    expect(suggestion.get_by_role("button", name="This solved it")).to_be_visible()

    offsets, cut = watch_the_line(page)
    page.locator(".editor-text").click()
    page.keyboard.type("The plug is out, and it ")
    page.keyboard.press("Control+b")
    page.keyboard.type("still")
    page.keyboard.press("Control+b")
    page.keyboard.type(" smokes.")
    page.set_input_files(
        ".drop input[type=file]",
        files=[
            FilePayload(name="one.txt", mimeType="text/plain", buffer=b"first\n"),
            FilePayload(name="two.txt", mimeType="text/plain", buffer=b"second\n"),
            FilePayload(name="large.txt", mimeType="text/plain", buffer=LARGE),
        ],
    )
    page.get_by_role("button", name=re.compile("^Send")).click()  # it waits for the files, and goes by itself
    page.wait_for_url(re.compile(r"/tickets/\d+/$"))
    assert cut == [4 * PART_BYTES]
    assert offsets.count(4 * PART_BYTES) == 2
    assert all(offsets.count(place) == 1 for place in (PART_BYTES, 2 * PART_BYTES, 3 * PART_BYTES))
    expect(page.locator(".post .rich b")).to_have_text("still")
    expect(page.locator(".post .file")).to_have_count(3)
    url = page.locator(".post a.file", has_text="large.txt").get_attribute("href")
    assert url is not None
    assert page.request.get(url).body() == LARGE


def watch_the_line(page: Page) -> tuple[list[int], list[int]]:
    """Where each part of the large file began, and where the line was cut: once, in its last part."""
    offsets: list[int] = []
    cut: list[int] = []

    def part(route: Route, request: Request) -> None:
        if request.method != "PATCH":
            return route.continue_()
        offset = int(request.headers.get("upload-offset", "0"))
        offsets.append(offset)
        if offset >= 4 * PART_BYTES and not cut:
            cut.append(offset)
            return route.abort("connectionreset")
        return route.continue_()

    page.route(re.compile(r"/api/v1/files/[0-9a-f-]{36}/$"), part)
    return offsets, cut


def test_u4_what_was_typed_is_there_again_until_it_is_sent(open_window: OpenWindow, hub: RunningHub) -> None:
    page = open_window("/", viewport=WIDE)
    sign_in(page, hub, "customer")
    begin(page)
    page.fill("#field-subject", "A draft")
    page.locator(".editor-text").click()
    page.keyboard.type("Half a sentence")
    expect(page.locator("[data-draft-said]")).not_to_be_empty()
    page.wait_for_function("localStorage.length > 0 && JSON.stringify(localStorage).includes('Half a sentence')")
    page.reload()
    expect(page.locator("#field-subject")).to_have_value("A draft")
    expect(page.locator(".editor-text")).to_contain_text("Half a sentence")
    page.locator("form[data-draft] button.primary").click()
    page.wait_for_url(re.compile(r"/tickets/\d+/$"))
    begin(page)
    expect(page.locator("#field-subject")).to_have_value("")
    expect(page.locator(".editor-text")).to_have_text("")


def test_t1_t4_without_script_a_ticket_is_filed_answered_and_solved(open_window: OpenWindow, hub: RunningHub) -> None:
    page = open_window("/", viewport=NARROW, java_script_enabled=False)
    sign_in(page, hub, "customer")
    page.goto("/tickets/new/")
    page.locator("a.desk").first.click()
    page.fill("[name=subject]", "Without script")
    page.fill("[name=body]", "One line\n\nAnd <another>")
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
