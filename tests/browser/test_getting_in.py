"""Getting in, in a browser: register, codes, the widget, one's own account (P1, P2, P8, P9, U2)."""

from __future__ import annotations

import itertools
import re
import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.outbox import code_to, text_to
from tests.browser.portal import NARROW, overflow, sign_in, speak, violations
from tests.browser.windows import SLOW_MS, Agent, Customer
from tests.faults.world import get_all
from tests.running import RunningHub

pytestmark = pytest.mark.browser

PASSWORD = "a quiet harbour town"
NUMBERS = itertools.count(int(time.time()) % 1_000_000)


def register(page: Page, email: str) -> None:
    """From the form to the portal, by the link in the mail."""
    page.goto("/register/")
    page.get_by_label("First name").fill("Noor")
    page.get_by_label("Last name").fill("van den Boogaard-Müller")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("heading", name="Look in your mailbox")).to_be_visible()
    page.goto(text_to(page, email, r'href="https?://[^/"]+(/password/[^"]+)"'))
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("The same once more").fill(PASSWORD)
    page.get_by_role("button", name="Keep this password").click()
    page.wait_for_url("**/")


def an_address() -> str:
    return f"noor{next(NUMBERS)}@example.com"


def test_p1_register_mail_password_portal_chat(
    open_window: OpenWindow, hub: RunningHub, staff_window: OpenWindow
) -> None:
    """Done-point 1: what is wrong is said first, then all the way into a chat that an agent accepts."""
    agent = Agent(staff_window("/console/"))
    agent.go_online()
    page = open_window("/register/")
    page.get_by_label("First name").fill("Noor")
    page.get_by_label("E-mail address").fill("noor@example")
    page.locator("main form.form").evaluate("form => form.noValidate = true")
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("First name")).to_have_value("Noor")
    expect(page.get_by_label("E-mail address")).to_have_attribute("aria-invalid", "true")
    register(page, an_address())
    expect(page.get_by_text("Noor van den Boogaard-Müller").first).to_be_visible()

    token = hub.account("agent")["token"]
    free = next(row for row in get_all(hub, token, "/departments/") if not row["price_m"])
    customer = Customer(page)
    page.locator("[data-open-chat]").first.click()
    expect(customer.widget.get_by_role("main")).to_be_visible(timeout=SLOW_MS)
    customer.choose(free["name"])
    customer.ask("I have just registered.")
    agent.accept("Noor van den Boogaard-Müller")
    agent.talk.say("Welcome.")
    customer.talk.hears("Welcome.")


def test_u1_what_was_typed_stays_when_the_language_is_switched(open_window: OpenWindow) -> None:
    page = open_window("/register/")
    page.locator("[name=first_name]").fill("Noor")
    page.locator("[name=birth_date]").fill("1980-02-29")
    speak(page, "nl")
    expect(page.locator("[name=first_name]")).to_have_value("Noor")
    expect(page.locator("[name=birth_date]")).to_have_value("1980-02-29")
    page.goto("/register/")
    expect(page.locator("[name=first_name]")).to_have_value("")


def test_p2_in_by_a_code_and_out_on_another_device(open_window: OpenWindow) -> None:
    """Two devices: the second comes in by a code, is told by mail, and is signed out from the first."""
    email = an_address()
    first = open_window("/register/")
    register(first, email)
    second = open_window("/login/code/", locale="en-GB", user_agent="Mozilla/5.0 (Windows NT 10.0) Firefox/133.0")
    second.get_by_label("Mobile number, e-mail or login number").fill(email)
    second.get_by_role("button", name="Send me a code").click()
    expect(second.get_by_text(re.compile("You can ask for another code in"))).to_be_visible()
    expect(second.get_by_role("button", name="Send a new code")).to_be_hidden()
    second.get_by_label("Code").fill("000000")
    second.get_by_role("button", name="Sign in").click()
    expect(second.get_by_role("alert")).to_contain_text("This code is not right")
    second.get_by_label("Code").fill(code_to(second, email))
    second.get_by_role("button", name="Sign in").click()
    second.wait_for_url("**/")
    assert text_to(first, email, r"(A new device has signed in)")

    first.goto("/profile/devices/")
    row = first.get_by_role("listitem").filter(has_text="Firefox on Windows")
    row.get_by_role("button", name="Sign out").click()
    expect(first.get_by_role("status").first).to_contain_text("signed out")
    second.goto("/profile/")
    expect(second).to_have_url(re.compile("/login/"))


def test_p2_in_by_a_code_inside_the_widget(open_window: OpenWindow) -> None:
    """Without leaving the shop; the name is known afterwards."""
    email = an_address()
    register(open_window("/register/"), email)
    shop = Customer(open_window("/demo/?as=nobody"))
    shop.open_widget()
    widget = shop.widget
    shop.choose_in_menu("Sign in")
    widget.get_by_label("Login number, e-mail or mobile number").fill(email)
    widget.get_by_role("button", name="Sign in with a code").click()
    widget.get_by_role("button", name="Send me a code").click()
    expect(widget.get_by_label("Code", exact=True)).to_be_focused(timeout=SLOW_MS)
    widget.get_by_label("Code", exact=True).fill(code_to(shop.page, email))
    widget.get_by_role("button", name="Sign in").click()
    expect(widget.get_by_label("Code", exact=True)).to_have_count(0, timeout=SLOW_MS)
    widget.get_by_role("button", name="More").click()
    expect(widget.get_by_role("menuitem", name="Sign out Noor van den Boogaard-Müller")).to_be_visible()


def test_x7_a_new_token_is_copied_and_not_shown_again(open_window: OpenWindow) -> None:
    """In Persian, dark and narrow, with a name that no line holds; a reload shows the list."""
    narrow: Any = {"viewport": NARROW, "color_scheme": "dark", "permissions": ["clipboard-read", "clipboard-write"]}
    page = open_window("/register/", **narrow)
    register(page, an_address())
    speak(page, "fa")
    page.goto("/profile/tokens/new/")
    page.locator("[name=name]").fill("Donaudampfschifffahrtsgesellschaft" * 2)
    page.locator("[name=scope_chat]").select_option("chat:read")
    page.locator("[name=current]").fill(PASSWORD)
    page.locator("[name=current]").press("Enter")
    token = page.locator("#new-token").inner_text()
    page.locator("[data-copies]").click()
    expect(page.locator("[data-copies] + [role=status]")).not_to_be_empty()
    assert page.evaluate("navigator.clipboard.readText()") == token
    assert (overflow(page), violations(page)) == (0, [])
    page.reload()
    expect(page).to_have_url(re.compile("/profile/tokens/$"))
    assert token not in page.content()
    assert (overflow(page), violations(page)) == (0, [])


def test_u2_without_script_there_is_no_button_that_does_nothing(
    open_window: OpenWindow, hub: RunningHub, staff_window: OpenWindow
) -> None:
    """The button that copies waits for its script, in the portal's shell and in the staff's."""
    customer, staff = open_window("/"), staff_window("/profile/tokens/new/")
    sign_in(customer, hub, "customer")
    for page, role in ((customer, "customer"), (staff, "agent")):
        page.context.route("**/*.js", lambda route: route.abort())
        page.goto("/profile/tokens/new/")
        page.locator("[name=name]").fill("Without script")
        page.locator("[name=scope_chat]").select_option("chat:read")
        page.locator("[name=current]").fill(hub.account(role)["password"])
        page.locator("[name=current]").press("Enter")
        expect(page.locator("#new-token")).to_be_visible()
        expect(page.locator("[data-copies]")).to_be_hidden()


def test_u2_registering_by_keyboard_alone(open_window: OpenWindow) -> None:
    page = open_window("/register/")
    email = an_address()
    for label, text in (("First name", "Noor"), ("Last name", "Bakker"), ("E-mail address", email)):
        focused = f"(document.activeElement.labels?.[0]?.textContent ?? '').includes('{label}')"
        for _ in range(30):
            if page.evaluate(focused):
                break
            page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Look in your mailbox")).to_be_visible()
