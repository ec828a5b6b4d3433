"""The agent's tools on the screen, each with what the customer sees of it: C7, C12, L6, M2, M8, U2."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.counter import Counter
from tests.browser.portal import violations
from tests.browser.windows import SLOW_MS, Agent
from tests.faults.world import get_all, post
from tests.running import eventually

pytestmark = pytest.mark.browser


def press(agent: Agent, keys: str) -> None:
    """A key of the console, outside every text field (WCAG 2.1.4)."""
    agent.page.get_by_role("log").focus()
    agent.page.keyboard.press(keys)


def submit(panel: Locator) -> None:
    panel.locator("button[type=submit]").click()


def test_an_agent_at_work_in_one_chat(counter: Counter) -> None:
    """Notes stay with staff; edits, credits, pauses and gifts reach both sides at once."""
    counter.purse.set_price(price_m=1000, block_s=60)
    counter.purse.fill(20_000)
    counter.begin("Can you see this?")
    _a_note_is_for_staff_only(counter)
    _an_edit_and_a_delete(counter)
    _credits_are_added(counter)
    _the_meter_is_paused(counter)
    _the_chat_is_ended_by_keyboard(counter)


def _a_note_is_for_staff_only(counter: Counter) -> None:
    agent = counter.agent
    press(agent, "n")
    agent.page.keyboard.type("Between us: be patient.")
    agent.page.keyboard.press("Enter")
    expect(agent.page.locator(".note-in")).to_contain_text("Between us: be patient.", timeout=SLOW_MS)
    agent.page.get_by_role("button", name="Reply", exact=True).click()
    agent.talk.say("And this is for you.")
    counter.customer.talk.hears("And this is for you.")
    assert counter.customer.widget.get_by_text("Between us").count() == 0


def _an_edit_and_a_delete(counter: Counter) -> None:
    """C7: of an own message, in place on both sides."""
    agent, customer = counter.agent, counter.customer
    agent.page.locator(".msg.out").last.hover()
    agent.page.get_by_role("button", name="Edit this message").last.click()
    agent.talk.composer.fill("And this is for you, better said.")
    agent.talk.composer.press("Enter")
    customer.talk.hears("better said.")
    agent.page.locator(".msg.out").last.hover()
    agent.page.get_by_role("button", name="Delete this message").last.click()
    agent.page.get_by_role("button", name="Delete message", exact=True).click()
    expect(customer.widget.get_by_text("better said.")).to_be_hidden(timeout=SLOW_MS)


def _credits_are_added(counter: Counter) -> None:
    """L6: the effect is shown before, and both meters and the ledger have it after."""
    page = counter.agent.page
    # The first of twenty credits is charged within a second of the first answer; the screen ticks ahead of the ledger.
    before_m = 19_000
    expect(counter.agent.talk.meter.strip).to_contain_text("19.0 credits", timeout=SLOW_MS)
    page.get_by_role("button", name="Add credits").click()
    panel = page.get_by_role("dialog", name="Add credits")
    panel.get_by_label("Other amount").fill("12,5")
    panel.get_by_label("Reason").fill("Goodwill")
    expect(panel.locator(".effect")).to_contain_text(f"{(before_m + 12_500) / 1000:.1f} credits")
    submit(panel)
    expect(panel).to_be_hidden(timeout=SLOW_MS)
    for talk in (counter.agent.talk, counter.customer.talk):
        expect(talk.meter.strip).to_contain_text(f"{(before_m + 12_500) / 1000:.1f} credits", timeout=SLOW_MS)
    # The ledger follows the strip, which ticks ahead of it.
    eventually(lambda: counter.purse.balance_m() == before_m + 12_500, what="the same in the ledger")


def _the_meter_is_paused(counter: Counter) -> None:
    """M2: with a reason that both sides read, and on again with the same key."""
    press(counter.agent, "p")
    counter.agent.page.get_by_role("button", name="Short break").click()
    for talk in (counter.agent.talk, counter.customer.talk):
        expect(talk.meter.strip).to_contain_text("Paused", timeout=SLOW_MS)
    press(counter.agent, "p")
    for talk in (counter.agent.talk, counter.customer.talk):
        expect(talk.meter.strip).not_to_contain_text("Paused", timeout=SLOW_MS)


def _the_chat_is_ended_by_keyboard(counter: Counter) -> None:
    """C12: it asks once; the wrap-up survives a reload and closes the chat when it is saved."""
    page = counter.agent.page
    press(counter.agent, "Shift+X")
    page.get_by_role("button", name="End chat", exact=True).press("Enter")
    counter.customer.sees("Is it solved?")
    wrap_up = page.get_by_role("heading", name="Wrap up")
    expect(wrap_up).to_be_visible(timeout=SLOW_MS)
    page.reload()
    expect(wrap_up).to_be_visible(timeout=SLOW_MS)
    page.get_by_role("radio", name="Solved", exact=True).check(force=True)
    page.get_by_label("Tags").fill("disk, patience")
    page.get_by_role("button", name="Save and close").click()
    expect(page.get_by_role("tab")).to_have_count(0, timeout=SLOW_MS)


def test_a_draft_survives_a_reload_and_another_chat(counter: Counter) -> None:
    """C9: what was typed and not sent is there again."""
    counter.purse.set_price(price_m=1000, block_s=60)
    counter.purse.fill(20_000)
    counter.begin("Hello?")
    composer = counter.agent.talk.composer
    composer.fill("Half a sentence")
    counter.agent.reload(counter.name)
    expect(composer).to_have_value("Half a sentence", timeout=SLOW_MS)
    composer.fill("")


@pytest.mark.parametrize("width", [360, 700, 1024, 1440])
def test_u3_the_console_fits(staff_window: OpenWindow, width: int) -> None:
    """No sideways scrolling, and every control can be reached."""
    page = staff_window("/console/", viewport={"width": width, "height": 740})
    expect(page.locator("button.me")).to_be_visible(timeout=SLOW_MS)
    assert _overflow_px(page) <= 0
    page.get_by_role("button", name=re.compile("Change status")).click()
    menu = page.get_by_role("dialog", name="Status and capacity")
    expect(menu).to_be_in_viewport(ratio=1)
    expect(menu.get_by_role("link", name="My details")).to_have_attribute("href", "/profile/")
    expect(menu.get_by_role("link", name="Sign out")).to_have_attribute("href", "/logout/")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def _overflow_px(page: Page) -> int:
    overflow: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return overflow


def test_what_is_above_the_own_limit_waits_for_a_second_person(counter: Counter) -> None:
    """M6: asked back in one step, too much to be given alone, given by the second person; the list follows."""
    counter.purse.set_price(price_m=120_000, block_s=600)
    counter.purse.fill(130_000)
    counter.begin("This did not help at all")
    page, purse = counter.agent.page, counter.purse
    session = purse.live_session()["session"]
    eventually(purse.charged_m, seconds=60, what="the first block")
    counter.customer.choose_in_menu("End the chat")
    counter.customer.widget.get_by_text("No", exact=True).click()
    counter.customer.widget.get_by_role("radio", name="1 of 5").check(force=True)
    counter.customer.widget.get_by_role("button", name="Send rating").click()
    page.get_by_role("button", name=f"Answer {counter.name}").first.click()
    sheet = page.get_by_role("dialog", name=f"Give credits back to {counter.name}")
    expect(sheet.locator(".effect")).to_contain_text("You may give 100.0 credits back by yourself")
    assert violations(page) == []
    sheet.get_by_text("A part").click()
    sheet.get_by_label("Credits").fill("120.001")
    expect(sheet.get_by_text("Of this chat 120.0 credits can be given back.", exact=True)).to_be_visible()
    expect(sheet.get_by_role("button", name="Ask a second person")).to_be_disabled()
    sheet.get_by_label("Credits").fill("110")
    sheet.get_by_text("The help was not good enough").click()
    sheet.get_by_role("button", name="Ask a second person").click()
    counter.agent.sees("It waits for a second person.")
    assert purse.balance_m() == 10_000
    (waiting,) = [one for one in get_all(purse.hub, purse.owner["token"], "/approvals/") if one["reference"] == session]
    post(purse.hub, purse.owner["token"], f"/approvals/{waiting['id']}/approve/", {})
    assert purse.balance_m() == 120_000
    page.keyboard.press("Escape")
    page.reload()
    expect(page.get_by_role("region", name="Queue and chats")).to_be_visible(timeout=SLOW_MS)
    expect(page.get_by_role("button", name=f"Answer {counter.name}")).to_be_hidden(timeout=SLOW_MS)
