"""U2: nothing serious or critical for axe, on every page and in every state that there is so far."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import rules_broken
from tests.browser.conftest import OpenWindow
from tests.browser.counter import Counter
from tests.browser.windows import SLOW_MS, Agent, Customer

pytestmark = pytest.mark.browser

LOOKS: list[dict[str, Any]] = [{"color_scheme": "light"}, {"color_scheme": "dark"}]


def violations(page: Page) -> list[str]:
    """What axe finds, frames and open shadow roots included."""
    found = rules_broken(page)
    return [
        f"{rule['id']} at {', '.join(str(node['target']) for node in rule['nodes'][:3])}: {rule['help']}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("look", LOOKS, ids=["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/login/", "/demo/"])
def test_u2_pages_that_everybody_sees(open_window: OpenWindow, path: str, look: dict[str, Any]) -> None:
    assert violations(open_window(path, **look)) == []


@pytest.mark.parametrize("look", LOOKS, ids=["light", "dark"])
def test_u2_the_board(staff_window: OpenWindow, look: dict[str, Any]) -> None:
    page = staff_window("/board/", **look)
    expect(page.get_by_role("heading").first).to_be_visible(timeout=SLOW_MS)
    assert violations(page) == []


def test_u2_the_widget_and_the_console_in_a_chat(counter: Counter) -> None:
    """Start, queue, chat, summary; the quiet console, an open chat, wrap-up."""
    customer, agent, purse = counter.customer, counter.agent, counter.purse
    purse.set_price(price_m=1000, block_s=60)
    purse.fill(50_000)
    agent.go_online()
    found = {"quiet console": violations(agent.page)}
    customer.open_widget()
    customer.choose(purse.department_name)
    expect(customer.start_button).to_be_enabled(timeout=SLOW_MS)
    found["start"] = violations(customer.page)
    customer.ask("Is this easy to read?")
    expect(customer.talk.composer).to_be_visible(timeout=SLOW_MS)
    found["queue"] = violations(customer.page)
    agent.accept(counter.name)
    agent.talk.say("I hope so.")
    customer.talk.hears("I hope so.")
    found["chat"], found["console with a chat"] = violations(customer.page), violations(agent.page)
    customer.choose_in_menu("End the chat")
    customer.sees("Is it solved?")
    expect(agent.page.get_by_role("heading", name="Wrap up")).to_be_visible(timeout=SLOW_MS)
    found["ended"], found["wrap-up"] = violations(customer.page), violations(agent.page)
    assert {state: rules for state, rules in found.items() if rules} == {}


def test_u2_the_widget_by_keyboard_alone(open_window: OpenWindow, staff_window: OpenWindow) -> None:
    """Open, fill in, start, leave the queue, close: without a mouse, and the focus is always somewhere."""
    Agent(staff_window("/console/")).go_online()
    customer = Customer(open_window("/demo/"))
    customer.bubble.focus()
    page = customer.page
    page.keyboard.press("Enter")
    question = customer.widget.get_by_label("Your question")
    expect(question).to_be_visible(timeout=SLOW_MS)
    _tab_to(customer, "Your question")
    page.keyboard.type("By keyboard")
    expect(question).to_have_value("By keyboard")
    _tab_to(customer, "Minimise", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(customer.bubble).to_be_visible(timeout=SLOW_MS)
    expect(customer.bubble).to_be_focused()


def _tab_to(customer: Customer, name: str, key: str = "Tab") -> None:
    """Press Tab until that has the focus."""
    for _ in range(40):
        customer.page.keyboard.press(key)
        focused = customer.widget.locator(":focus")
        if (
            focused.count()
            and focused.evaluate("it => it.ariaLabel ?? it.labels?.[0]?.innerText ?? it.innerText") == name
        ):
            return
    raise AssertionError(f"{name} cannot be reached by {key}")
