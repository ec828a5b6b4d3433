"""The admin in a browser: for axe in every language, narrow, by keyboard, with and without script (U1 to U4, A1)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.money import Purse
from tests.browser.portal import WIDE, sign_in, speak, violations
from tests.faults.world import get_all
from tests.running import RunningHub

pytestmark = pytest.mark.browser


def customer_of(hub: RunningHub, text: str) -> str:
    rows = get_all(hub, hub.account("owner")["token"], f"/customers/?q={text}")
    return str(rows[0]["id"])


def enter(open_window: OpenWindow, hub: RunningHub) -> Page:
    """As the owner, in English: the language is the account's, and another test may have chosen one."""
    page = open_window("/", viewport=WIDE)
    sign_in(page, hub, "owner")
    page.goto("/admin/")
    speak(page, "en")
    return page


def test_a1_ctrl_k_finds_a_person_and_goes_there(open_window: OpenWindow, hub: RunningHub) -> None:
    """A1, U2: the palette, by keyboard alone."""
    page = enter(open_window, hub)
    page.goto("/admin/audit/")
    page.keyboard.press("Control+k")
    page.keyboard.type("willem bak")
    expect(page.get_by_role("option", name="Willem Bakker")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Willem Bakker")).to_be_visible()
    page.keyboard.press("Control+k")
    page.keyboard.type("zzzz")
    expect(page.locator(".palette [role=status]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".palette")).to_be_hidden()


def test_a1_the_list_follows_what_is_typed(open_window: OpenWindow, hub: RunningHub) -> None:
    """Without a click; the address can be kept and sent on."""
    page = enter(open_window, hub)
    page.goto("/admin/customers/")
    page.get_by_label("Name, number, phone, e-mail or organisation").press_sequentially("heemskinderen")
    expect(page.get_by_role("link", name="Sanne de Vries")).to_have_count(0)
    expect(page.get_by_role("link", name="Willem Bakker")).to_be_visible()
    expect(page).to_have_url("/admin/customers/?q=heemskinderen")
    page.reload()
    expect(page.get_by_role("link", name="Willem Bakker")).to_be_visible()


def test_l6_the_form_says_what_it_will_do(open_window: OpenWindow, hub: RunningHub) -> None:
    """L6, and principle 1: the new balance stands there before the click."""
    page = enter(open_window, hub)
    page.goto(f"/admin/customers/{customer_of(hub, 'Sanne')}/")
    before_m = Purse(hub).balance_m()
    page.get_by_label("Credits", exact=True).fill("1.5")
    page.get_by_label("Reason").fill("Goodwill")
    page.get_by_role("button", name="Add 1.5 credits").click()
    expect(page.get_by_role("status").filter(has_text="The credits were added.")).to_be_visible()
    assert Purse(hub).balance_m() == before_m + 1500
    page.locator("label", has_text="Take away").click()
    page.get_by_label("Credits", exact=True).fill("1.5")
    page.get_by_label("Reason").fill("Back again")
    page.get_by_role("button", name="Take 1.5 credits away").click()
    expect(page.get_by_role("status").filter(has_text="The credits were taken away.")).to_be_visible()
    assert Purse(hub).balance_m() == before_m


def test_u4_everything_works_without_a_script(open_window: OpenWindow, hub: RunningHub) -> None:
    """A1, U3: search, edit and note on an old computer; a mistake is told beside its field."""
    page = enter(open_window, hub)
    plain = open_window("/", viewport=WIDE, java_script_enabled=False, storage_state=page.context.storage_state())
    plain.goto("/admin/")
    plain.get_by_label("Name, number, phone, e-mail or organisation").fill("sanne")
    plain.get_by_role("button", name="Find", exact=True).click()
    plain.get_by_role("link", name="Sanne de Vries").click()
    plain.get_by_role("link", name="Edit", exact=True).click()
    plain.get_by_label("Date of birth").fill("2999-01-01")
    plain.get_by_role("button", name="Save").click()
    expect(plain.get_by_role("alert")).to_contain_text("This date is in the future.")
    plain.get_by_role("link", name="Cancel").click()
    plain.get_by_placeholder("A note for colleagues").fill("Prefers short steps.")
    plain.get_by_role("button", name="Add note").click()
    expect(plain.get_by_text("Prefers short steps.").first).to_be_visible()


def test_u2_menus_close_by_escape_and_give_the_focus_back(open_window: OpenWindow, hub: RunningHub) -> None:
    page = enter(open_window, hub)
    page.goto(f"/admin/customers/{customer_of(hub, 'Sanne')}/")
    more = page.locator("details.more > summary")
    more.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Erase for good")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Erase for good")).to_be_hidden()
    expect(more).to_be_focused()
