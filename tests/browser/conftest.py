"""A browser for the whole run, and windows in it: each person in a test has one, with cookies of its own."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.browser.chromium import find_browser
from tests.running import RunningHub


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(**find_browser().launch_options())  # type: ignore[arg-type]
    yield browser
    browser.close()


OpenWindow = Callable[..., Page]


@pytest.fixture
def open_window(browser: Browser, hub: RunningHub) -> Iterator[OpenWindow]:
    """`open_window("/demo/", web=1, locale="nl-NL", color_scheme="dark")` gives a page in a window of its own.

    A script error or a violation of the content security policy in any of the windows fails the test at its end.
    """
    complaints: list[str] = []
    contexts = []

    def open_one(path: str = "/", *, web: int = 0, **options: object) -> Page:
        base = str(hub.demo["urls"][web])
        context = browser.new_context(base_url=base, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda said: complaints.append(said.text) if _is_complaint(said.text) else None)
        page.goto(path)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


def _is_complaint(text: str) -> bool:
    return "Content Security Policy" in text
