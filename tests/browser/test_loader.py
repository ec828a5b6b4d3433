"""What other people's pages load: small, shy, and not to be broken by the page around it (C13, U3)."""

import gzip
import urllib.request

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.windows import SLOW_MS, Customer
from tests.running import RunningHub

pytestmark = pytest.mark.browser

HOSTILE = """
* { display: none !important; font-size: 3px !important; color: red !important; transform: rotate(9deg) !important }
html, body { display: block !important; transform: none !important }
div, button { position: static !important; opacity: 0 !important; width: 3px !important }
iframe { width: 3px !important; z-index: -1 !important }
:where(*)::before { content: "broken" !important }
"""


def test_the_loader_is_at_most_2_kb_gzip(hub: RunningHub) -> None:
    with urllib.request.urlopen(f"{hub.url}widget.js", timeout=60) as response:
        assert len(gzip.compress(response.read(), 9)) <= 2048


def test_c13_nothing_is_stored_and_nothing_else_is_loaded_before_it_is_opened(open_window: OpenWindow) -> None:
    page = open_window("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/demo/")
    page.wait_for_load_state("networkidle")
    stored = page.evaluate("[localStorage.length, sessionStorage.length, document.cookie.length]")
    assert stored == [0, 0, 0]
    assert page.locator("iframe").count() == 0
    assert not [url for url in asked if "/widget/" in url or "/assets/widget" in url or "/api/" in url]


def test_u3_the_pages_styles_do_not_break_the_widget(open_window: OpenWindow) -> None:
    page = open_window("/demo/")
    customer = Customer(page)
    before = customer.bubble.bounding_box()
    page.evaluate(
        "css => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets = [s] }", HOSTILE
    )
    assert customer.bubble.bounding_box() == before
    expect(customer.bubble).to_be_visible()
    customer.open_widget()
    expect(customer.start_button.or_(customer.widget.get_by_role("button").first).first).to_be_visible(timeout=SLOW_MS)
    frame = page.locator('iframe[title="Chat"]').bounding_box()
    assert frame is not None
    assert frame["width"] > 300
    assert frame["height"] > 400


def test_u3_the_widget_does_not_touch_the_pages_styles(open_window: OpenWindow) -> None:
    page = open_window("/demo/")
    before = page.locator("body").evaluate("it => JSON.stringify([...it.children].map(c => c.getBoundingClientRect()))")
    Customer(page).open_widget()
    boxes = "it => JSON.stringify([...it.children].map(c => c.getBoundingClientRect()))"
    assert page.locator("body").evaluate(boxes) == before
