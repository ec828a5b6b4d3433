"""The outbox in a browser: what a demo sent appears by itself, its links lead on; the owner sees what became of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.portal import WIDE

pytestmark = pytest.mark.browser

OUTBOX = "/demo/outbox/"
PERSON = "sanne.devries@example.com"


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
