"""Done-point 1: an owner invites a manager who invites an employee who signs in by a code; each sees what P4 says."""

from __future__ import annotations

import itertools
import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.money import Purse
from tests.browser.outbox import code_to, text_to
from tests.browser.portal import WIDE, a_past_chat, sign_in
from tests.browser.windows import SLOW_MS, Agent, Customer
from tests.faults.world import get_all
from tests.running import RunningHub, eventually

pytestmark = pytest.mark.browser

PASSWORD = "three lamps over the quay"
NUMBERS = itertools.count(int(time.time()) % 900_000 + 100_000)
LINK = r"https?://[^/\s\"]+(/invitation/[^\s\"<]+)"


def test_p4_owner_invites_manager_invites_employee(
    open_window: OpenWindow, staff_window: OpenWindow, hub: RunningHub
) -> None:
    number = next(NUMBERS)
    manager_mail, employee_mobile = f"mila{number}@example.com", f"+3161{number:07d}"
    purse = Purse(hub)
    purse.set_price(price_m=1000, block_s=60)
    agent = Agent(staff_window("/console/", web=1))
    agent.go_online()

    owner = open_window("/", viewport=WIDE)
    sign_in(owner, hub, "organisation_owner")
    of_owner = f"Of the owner {number}"
    a_past_chat(owner, hub, "organisation_owner", of_owner)
    of_colleague = f"Of a colleague {number}"
    a_past_chat(owner, hub, "organisation_employee", of_colleague)
    invite(
        owner, first_name="Mila", last_name=f"Horvat {number}", email=manager_mail, role="manager", unit="Accounting"
    )

    manager = open_window("/", viewport=WIDE)
    accept(manager, manager_mail)
    invite(manager, first_name="Piet", last_name=f"Smit {number}", mobile=employee_mobile)

    employee = open_window("/", viewport=WIDE)
    accept(employee, employee_mobile)
    subject = f"Of the employee {number}"
    chat_as(employee, agent, purse, name=f"Piet Smit {number}", subject=subject)

    assert seen(employee, number) == ({subject}, {subject})
    assert seen(manager, number) == ({subject, of_colleague}, {subject})
    assert seen(owner, number) == ({subject, of_colleague, of_owner}, {subject})
    expect(employee.get_by_role("link", name="Personnel")).to_be_visible()
    employee.goto("/personnel/invite/")
    expect(employee.get_by_role("button", name="Send the invitation")).to_have_count(0)


def invite(page: Page, *, role: str = "", unit: str = "", **fields: str) -> None:
    page.goto("/personnel/invite/")
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)
    if unit:
        page.locator("[name=unit]").select_option(label=unit)
    if role:
        page.locator("[name=role]").select_option(role)
    page.get_by_role("button", name="Send the invitation").dblclick()
    expect(page.get_by_role("status").first).to_be_visible()


def accept(page: Page, address: str) -> None:
    """By the link in the message, a code to the same phone or mailbox, and a password of one's own (P3)."""
    page.goto(text_to(page, address, LINK))
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code").fill(code_to(page, address))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("The same once more").fill(PASSWORD)
    page.get_by_role("button", name="Keep this password").click()
    expect(page.get_by_role("heading", name=re.compile("Good|Hello"))).to_be_visible(timeout=SLOW_MS)


def chat_as(page: Page, agent: Agent, purse: Purse, *, name: str, subject: str) -> None:
    """Paid from the organisation's wallet."""
    page.get_by_role("link", name="Start chat").first.click()
    customer = Customer(page)
    customer.choose(purse.department_name)
    expect(customer.start_button).to_be_enabled(timeout=SLOW_MS)
    customer.ask(subject)
    agent.accept(name)
    agent.talk.say("I look at it.")
    customer.talk.hears("I look at it.")
    eventually(lambda: customer.talk.meter.used == "1.0", what="the first block on the screen")
    eventually(lambda: used_by_company(purse.hub, subject), what="the first block in the ledger, up to a second later")
    customer.choose_in_menu("End the chat")
    customer.sees("Is it solved?")


def used_by_company(hub: RunningHub, subject: str) -> int:
    """Millicredits that this chat has cost, as the owner of the organisation reads it."""
    token = hub.account("organisation_owner")["token"]
    chat = next(row for row in get_all(hub, token, "/sessions/") if row["subject"] == subject)
    return sum(int(charge["amount_m"]) for charge in get_all(hub, token, f"/sessions/{chat['session']}/charges/"))


def seen(page: Page, number: int) -> tuple[set[str], set[str]]:
    """Which of this test's chats the person finds in the list, and in the wallet's lines."""
    found = []
    for path in ("/chats/", "/wallet/"):
        page.goto(path)
        names = page.locator(".tl .subj a").all_inner_texts()
        found.append({name for name in names if name.endswith(f" {number}")})
    return found[0], found[1]
