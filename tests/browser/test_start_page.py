"""The page that the ready line names leads a newcomer through both windows."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import rules_broken
from tests.browser.conftest import OpenWindow

pytestmark = pytest.mark.browser


def test_one_click_opens_the_console_as_an_agent(open_window: OpenWindow) -> None:
    """P7: in demo mode the second factor's code goes along; elsewhere it is asked for."""
    page = open_window("/", locale="en-GB")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name=re.compile("open the console", re.IGNORECASE)).first.click()
    console = opened.value
    expect(console).to_have_url(re.compile("/console/$"))
    expect(console.locator("#app > *:not(noscript)").first).to_be_visible()


def test_the_demo_shop_has_the_bubble(open_window: OpenWindow) -> None:
    page = open_window("/", locale="en-GB")
    assert page.locator('a[href="/demo/"]').count() >= 1
    shop = open_window("/demo/", locale="en-GB")
    expect(shop.get_by_role("button", name=re.compile("chat", re.IGNORECASE)).first).to_be_visible()


def test_the_start_page_is_accessible(open_window: OpenWindow) -> None:
    """U2: nothing serious or critical for axe."""
    found = rules_broken(open_window("/"))
    assert [rule["id"] for rule in found if rule["impact"] in ("serious", "critical")] == []
