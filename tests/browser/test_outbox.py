"""The outbox in a browser: what a demo sent appears by itself, its links lead on; the owner sees what became of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.portal import LANGUAGES, NARROW, WIDE, overflow, sign_in, violations
from tests.browser.tickets import a_ticket
from tests.running import RunningHub

pytestmark = pytest.mark.browser

OUTBOX = "/demo/outbox/"
PERSON = "sanne.devries@example.com"
LONG = "x" * 90  # what somebody's subject may be: no place to break it


def ask_for_a_password(page: Page) -> None:
    page.goto("/password/forgot/")
    page.locator("input[name=login]").fill(PERSON)
    page.locator("form:has(input[name=login]) button").click()
    page.wait_for_url("**/sent/")


def test_what_was_sent_appears_by_itself_and_its_link_leads_on(open_window: OpenWindow) -> None:
    outbox = open_window(f"{OUTBOX}?q={PERSON}", viewport=WIDE)
    before = outbox.locator("[data-outbox]").get_attribute("data-outbox")
    ask_for_a_password(open_window("/"))
    expect(outbox.locator("[data-outbox]")).not_to_have_attribute("data-outbox", before or "")
    outbox.locator("ol.outbox h3 a").first.click()
    mail = outbox.frame_locator("iframe")
    expect(mail.locator("a.button")).to_be_visible()
    mail.locator("a.button").click()
    outbox.wait_for_url("**/password/*/")
    expect(outbox.locator("input[type=password]").first).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_u2_axe_finds_nothing_and_nothing_is_wider_than_a_phone(
    open_window: OpenWindow, hub: RunningHub, language: str
) -> None:
    """U1, U2, U3: the demo's pages and the owner's, in every language, two of them dark; a subject without a space."""
    shade = "dark" if language in ("nl", "fa") else "light"
    page = open_window(f"{OUTBOX}?q={PERSON}", viewport=WIDE, color_scheme=shade, locale=language)
    sign_in(page, hub, "owner")
    number = a_ticket(hub, LONG)
    page.goto(f"{OUTBOX}?q={PERSON}")
    written = page.locator("ol.outbox h3 a", has_text=number)
    expect(written).to_contain_text(LONG)
    message = written.get_attribute("href") or ""
    for path in (OUTBOX, f"{OUTBOX}?q=nobody", message, "/admin/outbox/", "/admin/outbox/?state=failed"):
        for size in (WIDE, NARROW):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.goto(path)
            assert page.locator("html").get_attribute("lang") == language
            assert violations(page) == []
            assert overflow(page) <= 0, path
