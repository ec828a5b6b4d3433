"""Topping up without leaving the chat, in two windows and the provider's (C2, M4, S1-S4): it goes on by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import OpenWindow
from tests.browser.counter import Counter
from tests.browser.money import Purse
from tests.browser.portal import NARROW, overflow, violations
from tests.browser.windows import SLOW_MS, Customer
from tests.faults.world import get, get_all
from tests.running import eventually

pytestmark = pytest.mark.browser

PAY = re.compile(r"^Pay €")


@dataclass
class Payer:
    """The customer, who counts the clicks on our pages from the first sign of low credit on."""

    customer: Customer
    clicks: int = 0

    def clicks_on(self, name: str | re.Pattern[str]) -> None:
        self.customer.widget.get_by_role("button", name=name).click(timeout=SLOW_MS)
        self.clicks += 1

    def to_the_provider(self) -> Page:
        with self.customer.page.context.expect_page(timeout=SLOW_MS) as opened:
            self.clicks_on(PAY)
        opened.value.wait_for_url("**/demo/pay/**", timeout=SLOW_MS)
        return opened.value

    @property
    def waits(self) -> Locator:
        return self.customer.widget.get_by_text("Waiting for the payment of €50.00")


@pytest.fixture
def payer(counter: Counter) -> Iterator[Payer]:
    """No payment of theirs is under way, of a test before nor of this one afterwards: the card would wait for it."""
    _end_payments(counter.purse)
    yield Payer(counter.customer)
    _end_payments(counter.purse)


def _end_payments(purse: Purse) -> None:
    with psycopg.connect(purse.hub.demo["database_url"]) as line:
        line.execute("update credits_sandboxpayment set state = 'expired' where state in ('open', 'pending')")
    eventually(lambda: not _open_purchases(purse), seconds=90, what="the end of all payments")


def _purchases(purse: Purse) -> list[dict[str, Any]]:
    return get_all(purse.hub, purse.customer["token"], "/purchases/")


def _open_purchases(purse: Purse) -> list[dict[str, Any]]:
    """Looking at one asks its provider."""
    found = [one for one in _purchases(purse) if one["status"] in ("open", "pending")]
    now = [get(purse.hub, purse.customer["token"], f"/purchases/{one['id']}/") for one in found]
    return [one for one in now if one["status"] in ("open", "pending")]


def test_done_1_low_credit_is_topped_up_and_the_meter_goes_on(counter: Counter, payer: Payer) -> None:
    """S3, S4, M4, M6, L5: the payer never comes back from the provider, and its notice comes late and twice."""
    purse = counter.purse
    purse.set_price(price_m=2000, block_s=10)
    purse.fill(12_000)
    counter.begin("It stops in the middle of everything")
    session = purse.live_session()["session"]
    counter.customer.sees(re.compile("Top up to keep talking to"))
    before, lines = {one["id"] for one in _purchases(purse)}, _bought_lines(purse)
    _ask_nobody(counter.customer.page)

    provider = payer.to_the_provider()
    expect(payer.waits).to_be_visible(timeout=SLOW_MS)
    provider.route("**/store/return/**", _drop)
    provider.locator("[name=delay_s]").fill("3")
    provider.locator("[name=copies]").fill("2")
    provider.locator("button[value=paid]").click(no_wait_after=True)
    counter.customer.sees("Added: 50.0 credits", seconds=60)
    provider.close()
    assert payer.clicks <= 3

    charged_m = purse.charged_m()
    eventually(lambda: purse.charged_m() > charged_m + 2000, seconds=60, what="a meter that goes on")
    counter.agent.talk.say("There we go on")
    counter.customer.talk.hears("There we go on")
    (bought,) = [one for one in _purchases(purse) if one["id"] not in before]
    assert (bought["status"], bought["credits"]) == ("paid", 50)
    assert _bought_lines(purse) == [50_000, *lines]
    _noticed_twice(purse, bought)
    _receipt_came_by_mail(counter.agent.page, purse)
    _is_given_back_what_did_not_help(counter, session)


def _ask_nobody(page: Page) -> None:
    """So that it is the line that tells."""
    page.route(re.compile(r"/api/v1/purchases/[0-9a-f-]+/"), _drop)


def _drop(route: Route) -> None:
    route.abort()


def _bought_lines(purse: Purse) -> list[int]:
    lines = get_all(purse.hub, purse.customer["token"], "/wallet/lines/")
    return [int(line["amount_m"]) for line in lines if line["reason"] == "purchase"]


def _noticed_twice(purse: Purse, bought: dict[str, Any]) -> None:
    with psycopg.connect(purse.hub.demo["database_url"]) as line:
        sent = line.execute(
            "select n.copies, n.sent_at is not null from credits_sandboxnotice n "
            "join credits_sandboxpayment p on p.id = n.payment_id where p.order_id = %s",
            [bought["id"]],
        ).fetchall()
    assert sent == [(2, True)]


def _receipt_came_by_mail(page: Page, purse: Purse) -> None:
    """With the PDF (S4)."""
    address = _address(purse)

    def look() -> str:
        answer = page.request.get("/demo/outbox/", params={"q": address})
        newest = re.search(r"(?s)Your purchase of 50.*?</li>", answer.text())
        link = re.search(r'href="(/demo/outbox/[^"]+)" download', newest[0]) if newest else None
        return link[1] if link else ""

    file = page.request.get(eventually(look, seconds=60, what="the receipt by mail"))
    assert file.ok
    assert file.body().startswith(b"%PDF")


def _mails(page: Page, purse: Purse) -> str:
    return str(page.request.get("/demo/outbox/", params={"q": _address(purse)}).text())


def _address(purse: Purse) -> str:
    with psycopg.connect(purse.hub.demo["database_url"]) as line:
        sought = line.execute("select email from accounts_user where login_number = %s", [purse.customer["login"]])
        (address,) = sought.fetchone() or ("",)
    return str(address)


def _is_given_back_what_did_not_help(counter: Counter, session: str) -> None:
    """One step of the customer's, and the agent's answer in the console; the customer is told by mail."""
    customer, agent, purse = counter.customer, counter.agent, counter.purse
    customer.choose_in_menu("End the chat")
    customer.sees("Is it solved?")
    customer.widget.get_by_text("No", exact=True).click()
    customer.widget.get_by_role("radio", name="1 of 5").check(force=True)
    customer.widget.get_by_role("button", name="Send rating").click()
    customer.sees("Thank you for telling us.")
    charged_m = sum(int(charge["amount_m"]) for charge in purse.charges(session))
    balance_m = purse.balance_m()
    agent.sees(f"{counter.name} asks for the credits of this chat back.")
    agent.page.get_by_role("button", name="Give credits back").click()
    sheet = agent.page.get_by_role("dialog", name=f"Give credits back to {counter.name}")
    expect(sheet.get_by_role("radio", name="Not solved")).to_be_checked()
    sheet.get_by_role("button", name=f"Give {charged_m / 1000:.1f} credits back").click()
    agent.sees(f"{counter.name} has {charged_m / 1000:.1f} credits back.")
    agent.page.get_by_role("dialog").get_by_role("button", name="Close").click()
    expect(agent.page.get_by_role("button", name="Give credits back")).to_be_hidden(timeout=SLOW_MS)
    assert purse.balance_m() == balance_m + charged_m
    assert sum(int(line["amount_m"]) for line in purse.lines_of(session)) == 0
    eventually(lambda: "Your credits are back" in _mails(agent.page, purse), seconds=60, what="the mail")


def test_c2_too_little_to_start_is_topped_up_and_the_chat_goes_on(counter: Counter, payer: Payer) -> None:
    """C2: the text and the place are kept meanwhile; a cancelled payment says so; a reload goes on waiting."""
    customer, purse = counter.customer, counter.purse
    purse.set_price(price_m=2000, block_s=60)
    purse.fill(500)
    counter.ask("Nothing must be lost of this")
    customer.sees("Not enough credit to start")
    customer.sees(re.compile("are kept until"))
    payer.to_the_provider().locator("button[value=cancelled]").click(no_wait_after=True)
    customer.sees(re.compile("The payment was cancelled"))
    provider = payer.to_the_provider()
    expect(payer.waits).to_be_visible(timeout=SLOW_MS)
    customer.reload()
    expect(payer.waits).to_be_visible(timeout=SLOW_MS)
    provider.locator("button[value=paid]").click(no_wait_after=True)
    counter.agent.accept(counter.name)
    counter.agent.talk.hears("Nothing must be lost of this")
    assert purse.balance_m() == 50_500


def test_where_no_window_opens_one_comes_back_to_the_page_of_the_chat(counter: Counter, payer: Payer) -> None:
    """C2"""
    customer, purse = counter.customer, counter.purse
    page = customer.page
    page.add_init_script("window.open = () => null")
    page.reload()
    purse.set_price(price_m=2000, block_s=60)
    purse.fill(500)
    counter.ask("No windows here")
    payer.clicks_on(PAY)
    customer.widget.get_by_role("link", name="Go to the payment page").click(timeout=SLOW_MS)
    page.wait_for_url("**/demo/pay/**", timeout=SLOW_MS)
    page.locator("button[value=paid]").click()
    page.wait_for_url("**/demo/", timeout=SLOW_MS)
    counter.agent.accept(counter.name)
    customer.talk.hears("No windows here")
    assert payer.clicks + 1 <= 3


@pytest.mark.parametrize(("language", "scheme"), [("nl", "light"), ("fa", "dark")])
def test_the_card_holds_on_a_phone(
    counter: Counter, open_window: OpenWindow, payer: Payer, language: str, scheme: str
) -> None:
    """U1, U2, U3"""
    purse = counter.purse
    purse.set_price(price_m=2000, block_s=60)
    purse.fill(500)
    counter.ask("On a phone?")
    expect(counter.customer.widget.locator(".top-up .btn.primary")).to_be_visible(timeout=SLOW_MS)
    phone = open_window("/demo/", viewport=NARROW, color_scheme=scheme)
    phone.evaluate("language => { Balie.setLanguage(language); Balie.open(); }", language)
    widget = phone.frame_locator("iframe")
    card = widget.locator(".top-up")
    expect(widget.locator("html")).to_have_attribute("lang", language, timeout=SLOW_MS)
    more, voucher = card.locator(".row.between > .link:first-child"), card.locator("input[name=voucher]")
    expect(more).to_be_visible(timeout=SLOW_MS)

    def unfolds() -> bool:
        """On a slow machine the card is drawn anew when the chat's state comes in, and is folded again."""
        if more.is_visible():
            more.click(timeout=SLOW_MS)
        return voucher.is_visible()

    eventually(unfolds, seconds=60, what="all ways to pay")
    assert overflow(phone) == 0
    assert violations(phone) == []
    assert card.evaluate("card => card.scrollWidth - card.clientWidth") <= 0
    _with_the_keyboard(phone, card)


def _with_the_keyboard(page: Page, card: Locator) -> None:
    """From amount to amount with the arrows, on with Tab, and it can be paid."""
    amounts = card.locator(".chips input")
    amounts.first.focus()
    page.keyboard.press("ArrowDown")
    expect(amounts.nth(1)).to_be_checked()
    expect(card.locator(".btn.primary")).to_contain_text(re.compile("[9۹][9۹][.,٫][5۵][0۰]"))
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(card.locator(".btn.primary")).to_be_focused()
