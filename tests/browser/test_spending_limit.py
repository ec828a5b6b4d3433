"""P4 in a browser: at the limit a chat cannot start; the manager is asked in the widget, and it goes on by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.money import Purse
from tests.browser.portal import NARROW, WIDE, overflow, sign_in, violations
from tests.browser.windows import SLOW_MS, Agent, Customer
from tests.faults.world import get, get_all
from tests.running import RunningHub

pytestmark = pytest.mark.browser


@pytest.fixture
def limit_of_employee(hub: RunningHub, open_window: OpenWindow) -> Iterator[Any]:
    """Sets it by the API, as the organisation's owner; afterwards there is none."""
    owner, employee = hub.account("organisation_owner"), hub.account("organisation_employee")
    member = get(hub, employee["token"], "/me/")["id"]
    page = open_window("/", viewport=WIDE)

    def set_limit(limit_m: int | None) -> None:
        answer = page.request.patch(
            f"/api/v1/members/{member}/",
            data={"limit_m": limit_m, "extra_m": 0},
            headers={"Authorization": f"Bearer {owner['token']}"},
        )
        assert answer.ok, answer.text()

    yield set_limit
    for row in get_all(hub, employee["token"], "/sessions/")[:3]:
        page.request.post(
            f"/api/v1/sessions/{row['session']}/end/", data={}, headers={"Authorization": f"Bearer {employee['token']}"}
        )
    set_limit(None)


def test_p4_who_is_at_the_limit_asks_and_goes_on_by_itself(
    open_window: OpenWindow, staff_window: OpenWindow, hub: RunningHub, limit_of_employee: Any
) -> None:
    Agent(staff_window("/console/")).go_online()
    purse = Purse(hub)
    purse.set_price(price_m=2000, block_s=60)
    limit_of_employee(1_000)

    employee = Customer(open_window("/", viewport=WIDE))
    sign_in(employee.page, hub, "organisation_employee")
    employee.open_widget()
    employee.choose(purse.department_name)
    employee.sees(f"Balance of {get(hub, hub.account('organisation_owner')['token'], '/me/')['organisation']['name']}")
    employee.sees("too little to start")
    expect(employee.start_button).to_be_enabled(timeout=SLOW_MS)
    employee.ask("The cash drawer does not open")
    employee.sees("You are at your spending limit")
    employee.widget.get_by_role("button", name="Ask your manager for more").click()
    employee.sees(re.compile("Your manager was asked"))

    manager = open_window("/", viewport=NARROW)
    sign_in(manager, hub, "organisation_manager")
    manager.goto("/personnel/")
    assert overflow(manager) == 0
    assert violations(manager) == []
    manager.get_by_role("button", name="5.0 more, this month").click()
    expect(manager.get_by_role("status").first).to_contain_text("was raised")

    employee.sees(re.compile("in the queue|You are number|Connecting"))
    expect(employee.widget.get_by_text("The cash drawer does not open").first).to_be_visible(timeout=SLOW_MS)
