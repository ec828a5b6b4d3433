"""X3 in a browser: what the cleaner lets through runs nothing, loads nothing and stays as it was written."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from playwright.sync_api import Browser, Route

from hub.base.rich_text import clean
from tests.base.hostile_html import PAYLOADS

pytestmark = pytest.mark.browser

# The browser reads it, writes it and reads it again, as a page does that moves it about.
TWICE = """
cleaned => cleaned.map(html => {
    const place = document.createElement('div')
    document.body.append(place)
    place.innerHTML = html
    const again = place.innerHTML
    place.innerHTML = again
    const odd = [...place.querySelectorAll('*')].flatMap(one => one.getAttributeNames())
        .filter(name => !['href', 'rel', 'src', 'alt', 'dir'].includes(name))
    const elsewhere = [...place.querySelectorAll('a')].filter(one => one.hasAttribute('href'))
        .filter(one => !['https:', 'http:', 'mailto:', 'tel:'].includes(one.protocol) || one.host.includes('evil'))
    return [odd.length, elsewhere.length]
})
"""


def test_x3_a_browser_finds_nothing_to_run_or_load(browser: Browser) -> None:
    asked: list[str] = []

    def answer(route: Route) -> None:
        if route.request.resource_type != "document":
            asked.append(route.request.url)
        route.fulfill(status=HTTPStatus.OK, content_type="text/html", body="<!doctype html><title>x</title><body>")

    page = browser.new_page()
    page.route("**/*", answer)
    page.goto("http://hub.example/")
    page.evaluate("() => { window.ran = []; window.alert = said => { window.ran.push(said) } }")
    cleaned = [clean(payload).html for payload in PAYLOADS]
    found = page.evaluate(TWICE, cleaned)
    page.wait_for_load_state("networkidle")
    wrong = [cleaned[number] for number, counted in enumerate(found) if counted != [0, 0]]
    assert wrong == []
    assert page.evaluate("window.ran") == []
    assert asked == []
    page.close()
