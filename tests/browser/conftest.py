"""A browser for the whole run, and windows in it: each person in a test has one, with cookies of its own."""

import contextlib
import functools
from collections.abc import Callable, Iterator

import psycopg
import pytest
from playwright.sync_api import Browser, Dialog, Page, Playwright, StorageState, expect, sync_playwright

from tests.browser.chromium import find_browser
from tests.browser.closing import end_all_chats
from tests.browser.counter import Counter
from tests.browser.money import Purse
from tests.browser.windows import SLOW_MS, Agent, Customer, sign_in
from tests.running import RunningHub


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=SLOW_MS)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(**find_browser().launch_options())  # type: ignore[arg-type]
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def still_browser(playwright: Playwright) -> Iterator[Browser]:
    """Lays pages out and draws no frame, which is half of the work. Nothing moves: a click would wait for ever."""
    options = find_browser().launch_options("--disable-threaded-compositing")
    browser = playwright.chromium.launch(**options)  # type: ignore[arg-type]
    yield browser
    browser.close()


OpenWindow = Callable[..., Page]


@pytest.fixture(scope="session")
def languages(hub: RunningHub) -> list[tuple[str, int]]:
    """What the demo people speak, as the hub began: (language, user id)."""
    with psycopg.connect(hub.demo["database_url"]) as line:
        return line.execute("select language, id from accounts_user").fetchall()


@pytest.fixture
def _languages_as_they_were(hub: RunningHub, languages: list[tuple[str, int]]) -> None:
    """A choice is the account's, and tests share the people."""
    with psycopg.connect(hub.demo["database_url"]) as line:
        line.cursor().executemany("update accounts_user set language = %s where id = %s", languages)


@pytest.fixture
def open_window(browser: Browser, hub: RunningHub, _languages_as_they_were: None) -> Iterator[OpenWindow]:
    """`open_window("/demo/", web=1, locale="nl-NL", color_scheme="dark")` gives a page in a window of its own.

    Its owner prefers that nothing moves. A script error or a violation of the content security policy in any of the
    windows fails the test at its end.
    """
    with _windows(browser, hub) as open_one:
        yield open_one


@pytest.fixture
def open_still_window(still_browser: Browser, hub: RunningHub, _languages_as_they_were: None) -> Iterator[OpenWindow]:
    """As open_window, to look at pages that the server made: nothing is drawn, and nothing clicked."""
    with _windows(still_browser, hub) as open_one:
        yield open_one


@contextlib.contextmanager
def _windows(browser: Browser, hub: RunningHub) -> Iterator[OpenWindow]:
    complaints: list[str] = []
    contexts = []

    def open_one(path: str = "/", *, web: int = 0, **options: object) -> Page:
        base = str(hub.demo["urls"][web])
        # What moves for ever (three dots, a ring) is drawn sixty times a second, which is a third of what a chat takes.
        context = browser.new_context(base_url=base, **{"reduced_motion": "reduce", **options})  # type: ignore[arg-type]
        context.set_default_timeout(SLOW_MS)
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


@pytest.fixture(scope="session")
def agent_cookies(browser: Browser, hub: RunningHub) -> StorageState:
    """An agent who has signed in with password and second factor, once for the whole run: a code works once."""
    with browser.new_context(base_url=hub.url) as context:
        sign_in(context.new_page(), hub.account("agent"))
        return context.storage_state()


@pytest.fixture
def staff_window(open_window: OpenWindow, agent_cookies: StorageState, hub: RunningHub) -> Iterator[OpenWindow]:
    """As open_window, but with the agent signed in; what chats the test leaves are put away."""
    yield functools.partial(open_window, storage_state=agent_cookies)
    end_all_chats(hub)


@pytest.fixture
def counter(open_window: OpenWindow, staff_window: OpenWindow, hub: RunningHub) -> Counter:
    """The shop with the widget, on one web process, and an agent's console on the other."""
    purse = Purse(hub)
    customer, agent = Customer(open_window("/demo/", web=0)), Agent(staff_window("/console/", web=1))
    for page in (customer.page, agent.page):
        page.on("dialog", _refuse_dialog)
    return Counter(customer, agent, purse, str(purse.customer["name"]))


def _refuse_dialog(dialog: Dialog) -> None:
    raise AssertionError(f"a script ran: {dialog.message}")


def _is_complaint(text: str) -> bool:
    return "Content Security Policy" in text
