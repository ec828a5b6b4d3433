"""What the widget shows and asks before a chat: the department's questions (C14), what is announced (D4)."""

import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.counter import Counter
from tests.browser.test_accessibility import violations
from tests.browser.windows import SLOW_MS, Customer
from tests.faults.world import get, get_all, post
from tests.running import RunningHub

pytestmark = pytest.mark.browser

QUESTIONS: list[tuple[str, str, str, list[str], bool]] = [
    ("device", "Which device?", "choice", ["Laptop", "Desktop <b>PC</b>"], True),
    ("brand", "Brand and model", "text", [], True),
    ("order_number", "Order number", "text", [], False),
]
ASK = (
    "insert into site_prechatquestion (department_id, position, key, label, kind, choices, required)"
    " values (%s, %s, %s, %s, %s, %s, %s)"
)
RTL_360: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark", "locale": "fa-IR"}


@pytest.fixture
def questions(hub: RunningHub) -> Iterator[None]:
    """The first department asks these."""
    department = int(get_all(hub, hub.account("customer")["token"], "/departments/")[0]["id"])
    with psycopg.connect(hub.demo["database_url"]) as line:
        rows = [(department, position, *question) for position, question in enumerate(QUESTIONS)]
        line.cursor().executemany(ASK, rows)
    yield
    with psycopg.connect(hub.demo["database_url"]) as line:
        line.execute("delete from site_prechatquestion where department_id = %s", [department])


@pytest.fixture
def announced(hub: RunningHub) -> Iterator[str]:
    """One in the widget for everybody; its id."""
    owner = hub.account("owner")["token"]
    said = {"title": "Closed on Friday", "source": "We are back on Monday."}
    in_dutch = {"title": "Vrijdag gesloten", "source": "Maandag zijn we er weer."}
    asked = {"texts": {"en": said, "nl": in_dutch}, "audience": "everybody", "in_widget": True, "state": "published"}
    post(hub, owner, "/announcements/", asked)
    with psycopg.connect(hub.demo["database_url"], autocommit=True) as line:
        row = line.execute("select max(id) from site_announcement").fetchone()
        assert row
        yield str(row[0])
        line.execute("update site_announcement set state = 'withdrawn' where id = %s", [row[0]])


def test_c14_a_department_asks_before_the_chat_and_the_agent_reads_the_answers(
    questions: None, counter: Counter
) -> None:
    """By keyboard alone. What must be answered says so beside itself, and what was answered survives a reload."""
    customer, agent, widget = counter.customer, counter.agent, counter.customer.widget
    counter.purse.set_price(price_m=1000, block_s=60)
    counter.purse.fill(50_000)
    agent.go_online()
    customer.open_widget()
    device, brand = widget.get_by_label("Which device?"), widget.get_by_label("Brand and model")
    expect(device).to_be_visible(timeout=SLOW_MS)
    expect(widget.get_by_label("Order number (optional)")).to_be_visible()
    expect(customer.start_button).to_be_enabled(timeout=SLOW_MS)
    customer.start_button.press("Enter")
    expect(widget.get_by_text("Please answer this.")).to_have_count(2)
    expect(device).to_be_focused()
    expect(device).to_have_accessible_description("Please answer this.")
    expect(widget.get_by_text("Please answer this.").first).to_be_in_viewport(ratio=1)
    assert violations(customer.page) == []
    device.press("L")
    expect(device).to_have_value("Laptop")
    device.press("Tab")
    customer.page.keyboard.insert_text("Acme 3000")
    expect(widget.get_by_text("Please answer this.")).to_have_count(0)
    customer.reload()
    expect(device).to_have_value("Laptop", timeout=SLOW_MS)
    expect(brand).to_have_value("Acme 3000")
    customer.ask("It does not start.")
    agent.accept(counter.name)
    panel = agent.page.get_by_role("complementary", name="Customer")
    expect(panel).to_contain_text(re.compile(r"Which device\?\s*Laptop\s*Brand and model\s*Acme 3000"), timeout=SLOW_MS)
    assert _fields(counter) == {"device": "Laptop", "brand": "Acme 3000"}


def _fields(counter: Counter) -> dict[str, str]:
    session = counter.purse.live_session()["session"]
    with psycopg.connect(counter.purse.hub.demo["database_url"]) as line:
        row = line.execute("select fields from chat_session where id = %s", [session]).fetchone()
    assert row
    found: dict[str, str] = row[0]
    return found


def test_c14_what_the_site_knows_of_its_user_is_filled_in(
    open_window: OpenWindow, questions: None, staff_window: OpenWindow
) -> None:
    customer = Customer(open_window("/demo/"))
    customer.page.evaluate("Balie.setFields({order_number: 'A-77', device: 'Toaster'})")
    customer.open_widget()
    expect(customer.widget.get_by_label("Order number (optional)")).to_have_value("A-77", timeout=SLOW_MS)
    expect(customer.widget.get_by_label("Which device?")).to_have_value("")


def test_u1_questions_fit_a_narrow_phone_from_right_to_left(open_window: OpenWindow, questions: None) -> None:
    customer = Customer(open_window("/demo/?language=fa", **RTL_360))
    customer.page.evaluate("Balie.setLanguage('fa')")
    customer.page.locator("button").last.click()
    frame = customer.page.frame_locator("iframe")
    device = frame.get_by_label("Which device?")
    expect(device).to_be_visible(timeout=SLOW_MS)
    wide = "it => it.ownerDocument.documentElement.scrollWidth - it.ownerDocument.documentElement.clientWidth"
    assert device.evaluate(wide) <= 0
    assert frame.locator("html").get_attribute("dir") == "rtl"
    assert violations(customer.page) == []


def test_d4_what_is_announced_is_shown_put_away_and_stays_away(
    open_window: OpenWindow, hub: RunningHub, announced: str
) -> None:
    customer = Customer(open_window("/demo/"))
    customer.open_widget()
    customer.sees("Closed on Friday")
    assert violations(customer.page) == []
    expect(customer.widget.get_by_text("We are back on Monday.")).to_be_visible()
    _seen_by(customer, hub, announced, people=1)
    customer.page.evaluate("Balie.setLanguage('nl')")
    customer.sees("Vrijdag gesloten")
    customer.page.evaluate("Balie.setLanguage('en')")
    customer.sees("Closed on Friday")
    customer.widget.get_by_role("button", name="Close").press("Enter")
    expect(customer.widget.get_by_text("Closed on Friday")).to_have_count(0)
    customer.reload()
    expect(customer.widget.get_by_label("Your question")).to_be_visible(timeout=SLOW_MS)
    expect(customer.widget.get_by_text("Closed on Friday")).to_have_count(0)


def _seen_by(customer: Customer, hub: RunningHub, announcement: str, *, people: int) -> None:
    """D4: who has seen it; it is told on its way, so it is asked for until it is there."""
    for _ in range(300):
        if get(hub, hub.account("owner")["token"], f"/announcements/{announcement}/")["seen_by"] == people:
            return
        customer.page.wait_for_timeout(100)
    raise AssertionError("nobody has seen it")
