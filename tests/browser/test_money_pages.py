"""The pages of money in a browser, the customer's and the owner's: for axe, on a phone, right to left (U1 to U4)."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenWindow
from tests.browser.portal import LAYOUTS, NARROW, WIDE, overflow, sign_in, speak, violations
from tests.browser.windows import SLOW_MS
from tests.faults.world import get, get_all, post
from tests.running import RunningHub, eventually

pytestmark = pytest.mark.browser

OF_CUSTOMERS = (
    "/wallet/lots/",
    "/wallet/top-up/",
    "/wallet/purchases/",
    "/wallet/purchases/{purchase}/",
    "/wallet/voucher/",
    "/wallet/auto-top-up/",
)
OF_THE_OWNER = (
    "/admin/money/",
    "/admin/money/?by=month",
    "/admin/money/open/",
    "/admin/money/purchases/",
    "/admin/money/purchases/{purchase}/",
    "/admin/money/purchases/{purchase}/notices/",
    "/admin/money/prices/",
    "/admin/money/vouchers/",
    "/admin/money/bank/",
    "/admin/refunds/",
    "/admin/customers/{customer}/purchases/",
    "/admin/organisations/{company}/purchases/",
    "/admin/organisations/{company}/prices/",
)


def bought(page: Page, hub: RunningHub, role: str) -> str:
    """The id of a purchase that was paid at the sandbox, and whose money is asked back."""
    token = hub.account(role)["token"]
    wish = {"credits": 50, "provider": "sandbox", "method": "ideal"}
    api = {"Authorization": f"Bearer {token}"}
    made = page.request.post("/api/v1/purchases/", data=wish, headers=api).json()
    page.goto(made["redirect_url"])
    page.locator("button[value=paid]").click()
    page.wait_for_url("**/wallet/purchases/**", timeout=SLOW_MS)
    path = f"/purchases/{made['id']}/"
    eventually(lambda: get(hub, token, path)["status"] == "paid", seconds=60, what="a paid purchase")
    return str(made["id"])


def faults(page: Page, paths: Iterable[str]) -> list[str]:
    found: list[str] = []
    for path in paths:
        page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        answer = page.goto(path)
        assert answer is not None
        assert answer.ok, path
        found += violations(page)
        page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        if overflow(page) > 0:
            found.append(f"{path} is {overflow(page)} px wider than {NARROW['width']}")
    return found


@pytest.mark.parametrize(("language", "scheme"), [("nl", "dark"), ("fa", "light"), ("it", "light")])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_customers_pages_of_money_hold_in_both_layouts(
    open_window: OpenWindow, hub: RunningHub, layout: str, language: str, scheme: str
) -> None:
    """U1, U2, U3, A3"""
    page = open_window("/", viewport=WIDE, color_scheme=scheme)
    sign_in(page, hub, LAYOUTS[layout])
    purchase = bought(page, hub, LAYOUTS[layout])
    page.goto("/")
    speak(page, language)
    assert faults(page, [path.format(purchase=purchase) for path in OF_CUSTOMERS]) == []


@pytest.mark.parametrize(("language", "scheme"), [("nl", "dark"), ("fa", "dark"), ("it", "light")])
def test_the_owners_pages_of_money_hold(open_window: OpenWindow, hub: RunningHub, language: str, scheme: str) -> None:
    """U1, U2, U3: with a customer who asks for money back, in many words."""
    window = open_window("/", viewport=WIDE)
    sign_in(window, hub, "customer")
    purchase = bought(window, hub, "customer")
    post(hub, hub.account("customer")["token"], f"/purchases/{purchase}/money-back/", {"text": f"Unused {'x' * 90}"})
    page = open_window("/", viewport=WIDE, color_scheme=scheme)
    sign_in(page, hub, "owner")
    page.goto("/admin/")
    if page.locator("html").get_attribute("lang") != language:
        page.locator("details.me-menu > summary").click()
        page.locator(f"button[name=language][value={language}]").click()
    owner = hub.account("owner")["token"]
    about = {
        "purchase": purchase,
        "customer": get(hub, hub.account("customer")["token"], "/me/")["id"],
        "company": get_all(hub, owner, "/organisations/")[0]["id"],
    }
    assert faults(page, [path.format(**about) for path in OF_THE_OWNER]) == []
