"""The portal in a browser: for everybody, in every language and layout, quickly, and into a chat and back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenWindow
from tests.browser.money import Purse
from tests.browser.portal import (
    LANGUAGES,
    NARROW,
    PAGES,
    WIDE,
    a_past_chat,
    overflow,
    sign_in,
    speak,
)
from tests.browser.windows import SLOW_MS, Agent, Customer
from tests.running import RunningHub, eventually

pytestmark = pytest.mark.browser

FIRST_VISIT_BYTES_MAX = 60 * 1024  # without fonts
FONT_FILES_MAX = 2
ROLES = ["customer", "vip", "organisation_owner", "organisation_manager", "organisation_employee"]
PAGES_MAX = 60
ROWS_FOLLOWED = 6
SHIFT_MAX = 0.01  # what a person can see begins at 0.1


@pytest.mark.parametrize("role", ROLES)
def test_every_page_that_a_customer_finds_is_there(open_still_window: OpenWindow, hub: RunningHub, role: str) -> None:
    """From link to link as each of the demo's customers: nothing is missing, complains, or is wider than a phone."""
    page = open_still_window("/", viewport=NARROW)
    sign_in(page, hub, role)
    a_past_chat(page, hub, role, "Found by following links")
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(f"{page.url}: {said.text}") if said.type == "error" else None)
    seen: set[str] = set()
    left = list(PAGES)
    while left and len(seen) < PAGES_MAX:
        path = left.pop(0)
        if path in seen:
            continue
        seen.add(path)
        answer = page.goto(path)
        if answer is None or answer.status != 200:
            wrong.append(f"{path}: {answer.status if answer else 'nothing'}")
        elif overflow(page) > 0:
            wrong.append(f"{path} is {overflow(page)} px wider than {NARROW['width']}")
        left += [found for found in links_of(page) if found not in seen]
    assert wrong == []
    assert {"/", "/chats/", "/wallet/", "/help/", "/news/"} <= seen


def links_of(page: Page) -> list[str]:
    """The pages of the hub that this one leads to; of a list its first rows. Not the way out, and no files."""
    found = page.eval_on_selector_all(
        "a[href^='/']:not([download]), a[href^='?']:not([download])",
        "all => all.map((one) => one.pathname + one.search)",
    )
    wanted = (
        one for one in dict.fromkeys(found) if not re.search(r"logout|download|transcript|\.csv|export|^/api/", one)
    )
    rows = 0
    kept = []
    for path in wanted:
        rows += path.startswith("/chats/")
        if rows <= ROWS_FOLLOWED or not path.startswith("/chats/"):
            kept.append(path)
    return kept


@pytest.mark.parametrize("language", ["nl", "hr", "fa"])
def test_u3_the_first_visit_is_light_and_nothing_shifts(
    open_window: OpenWindow, hub: RunningHub, language: str
) -> None:
    """Done-point 6: at most 60 KB packed without fonts, two font files, no shift, though the fonts come late."""
    page = open_window("/", viewport=NARROW, locale=language, reduced_motion="no-preference")
    sign_in(page, hub, "customer")
    speak(page, language)
    for path in ("/", "/wallet/"):
        weights, shift = first_visit(page, path)
        fonts = [url for url in weights if url.endswith(".woff2")]
        assert len(fonts) <= FONT_FILES_MAX, fonts
        assert sum(size for url, size in weights.items() if url not in fonts) <= FIRST_VISIT_BYTES_MAX, weights
        assert shift <= SHIFT_MAX


def first_visit(page: Page, path: str) -> tuple[dict[str, int], float]:
    """What came over the line, by address, with an empty cache; and the layout shift."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    addresses: dict[str, str] = {}
    sizes: dict[str, int] = {}
    devtools.on("Network.requestWillBeSent", lambda said: addresses.update({said["requestId"]: said["request"]["url"]}))
    devtools.on(
        "Network.loadingFinished", lambda said: sizes.update({said["requestId"]: int(said["encodedDataLength"])})
    )
    page.route("**/*.woff2", _late)
    page.goto(path, wait_until="networkidle")
    page.evaluate("document.fonts.ready.then(() => true)")
    shift = page.evaluate(
        """() => new Promise((resolve) => new PerformanceObserver((list) => {
             resolve(list.getEntries().reduce((sum, entry) => sum + entry.value, 0));
           }).observe({ type: "layout-shift", buffered: true }) ?? setTimeout(() => resolve(0), 500))"""
    )
    page.unroute("**/*.woff2")
    devtools.detach()
    return {addresses[key]: size for key, size in sizes.items()}, float(shift)


def _late(route: Route) -> None:
    """After the first drawing, as on a slow line."""
    route.request.frame.page.wait_for_timeout(400)
    route.continue_()


def test_the_portal_leads_into_a_chat_and_back(open_window: OpenWindow, staff_window: Any, hub: RunningHub) -> None:
    """P11, C12, L5: signed in here is signed in there; afterwards the chat and its lines are found again."""
    purse = Purse(hub)
    purse.set_price(price_m=1000, block_s=60)
    purse.fill(50_000)
    agent = Agent(staff_window("/console/", web=1))
    agent.go_online()
    page = open_window("/", viewport=WIDE)
    sign_in(page, hub, "customer")
    page.get_by_role("link", name="Start chat").first.click()
    customer = Customer(page)
    expect(customer.widget.get_by_text("50.0 credits").first).to_be_visible(timeout=SLOW_MS)
    customer.choose(purse.department_name)
    expect(customer.start_button).to_be_enabled(timeout=SLOW_MS)
    customer.ask("Portal: my backup fails")
    agent.accept(str(purse.customer["name"]))
    agent.talk.say("Which program?")
    customer.talk.hears("Which program?")
    page.goto("/help/")  # the next page of the portal: the chat goes on
    customer.talk.hears("Which program?")
    other = page.context.new_page()
    other.goto("/")
    expect(other.get_by_text(re.compile("In a chat with .*credits so far"))).to_be_visible()
    expect(other.get_by_role("link", name="Back to the chat")).to_be_visible()
    customer.choose_in_menu("End the chat")
    customer.sees("Is it solved?")
    expect(other.get_by_role("link", name="Start chat")).to_be_visible(timeout=SLOW_MS)  # by itself
    _finds_it_again(other)


def _finds_it_again(page: Page) -> None:
    page.goto("/chats/?q=backup")
    page.get_by_role("link", name="Portal: my backup fails").first.click()
    expect(page.get_by_text("Which program?")).to_be_visible()
    page.get_by_label("4").check()
    page.get_by_label("Yes").check()
    page.get_by_role("button", name="Send rating").dblclick()
    expect(page.get_by_text("Thank you. We have noted it.")).to_be_visible()
    expect(page.get_by_text("4 of 5")).to_be_visible()
    page.get_by_role("link", name="Credits", exact=True).click()
    page.get_by_label("Kind").select_option("charge")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_role("link", name="Portal: my backup fails")).to_be_visible()
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download as CSV").click()
    text = downloading.value.path().read_text(encoding="utf-8-sig")
    assert "Portal: my backup fails" in text
    assert "Added by us" not in text  # the filter holds for the file, too


def test_u2_by_keyboard_alone(open_window: OpenWindow, hub: RunningHub) -> None:
    """The skip link, menus that open and close, a filter, a page of news: no pointer."""
    page = open_window("/", viewport=WIDE)
    sign_in(page, hub, "customer")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.goto("/")
    for _ in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.value") in LANGUAGES
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert page.locator("details.menu[open]").count() == 0
    page.get_by_role("link", name="Chats", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/chats/")
    page.get_by_label("Subject").focus()
    page.keyboard.type("printer")
    page.keyboard.press("Enter")
    page.wait_for_url("**/chats/?q=printer*")
    page.goto("/")
    page.get_by_role("link", name="Start chat").first.focus()
    page.keyboard.press("Enter")
    expect(Customer(page).widget.get_by_role("main")).to_be_visible(timeout=SLOW_MS)


def test_u3_everything_but_the_chat_works_without_scripts(open_window: OpenWindow, hub: RunningHub) -> None:
    """An old computer: read, filter, open a chat, download, change the language, sign out."""
    page = open_window("/login/", viewport=NARROW, java_script_enabled=False)
    sign_in(page, hub, "customer")
    chat = a_past_chat(page, hub, "customer", "Without scripts")
    page.get_by_role("link", name="Start chat").first.click()
    expect(page).to_have_url(re.compile("/help/$"))
    page.goto("/chats/")
    page.get_by_label("Subject").fill("Without scripts")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Without scripts").first.click()
    expect(page.get_by_text("See https://example.com/ for <b>it</b>.")).to_be_visible()
    assert chat in page.content() or "/transcript/" in page.content()
    page.goto("/wallet/")
    page.get_by_role("link", name="Every line").click()
    page.get_by_label("Language", exact=False).first.click()
    page.get_by_role("button", name="Nederlands").click()
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    page.locator("details.who > summary").click()
    page.locator('a[href="/logout/"]').click()
    page.get_by_role("button").last.click()
    page.goto("/wallet/")
    expect(page).to_have_url(re.compile("/login/"))


def test_p9_who_signs_out_leaves_nothing_in_the_widget(open_window: OpenWindow, hub: RunningHub) -> None:
    """On a shared computer the next one must not be the one before."""
    page = open_window("/", viewport=WIDE)
    sign_in(page, hub, "organisation_owner")
    Customer(page).open_widget()
    kept = "() => Object.keys(localStorage).filter((key) => key.startsWith('balie.portal.'))"
    eventually(lambda: page.evaluate(kept), what="something kept by the widget")
    page.goto("/logout/")
    page.get_by_role("button", name="Sign out here").click()
    page.wait_for_url("**/login/**")
    assert page.evaluate(kept) == []
    sign_in(page, hub, "customer")
    customer = Customer(page)
    customer.open_widget()
    customer.sees(re.compile(str(hub.account("customer")["name"]).split()[0]))
