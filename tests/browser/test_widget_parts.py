"""What the widget loads when: a chat runs on the first load alone; what comes later is tried again (U3, U4)."""

import gzip
import re

import psycopg
import pytest
from playwright.sync_api import FrameLocator, Page, Route, expect

from tests.browser.conftest import OpenWindow
from tests.browser.counter import Counter
from tests.browser.windows import SLOW_MS, Agent, Customer
from tests.faults.world import get_all
from tests.running import eventually

pytestmark = pytest.mark.browser

LATER = re.compile(r"/static/widget/assets/later-[^/]*\.js")
BEYOND = re.compile(r"/static/widget/assets/(?:beyond|tickets)-[^/]*\.js")
FIRST_LOAD_MAX = 39.5 * 1024
MISSING = "A part of the chat could not be loaded. What you typed is kept."
AS_VISITOR = "/demo/?as="


def test_u3_a_chat_runs_on_the_first_load_alone(counter: Counter) -> None:
    """All that is loaded from the first click until both talk and the meter goes, without the fonts."""
    page = counter.customer.page
    for part in (LATER, BEYOND):
        page.route(part, lambda route: route.abort())
    sizes = _watch_sizes(page)
    _let_an_hour_pass_since_the_last_chat(counter)
    counter.purse.set_price(price_m=1000, block_s=60)
    counter.purse.fill(50_000)
    counter.agent.go_online()
    _wait_until_somebody_is_there(counter)
    counter.begin("Does this run?")
    counter.customer.talk.say("It does.")
    counter.agent.talk.hears("It does.")
    expect(counter.customer.talk.meter.strip).to_be_visible()
    expect(counter.customer.widget.get_by_text(MISSING)).to_have_count(0)
    assert {path.rsplit(".", 1)[1] for path in sizes} == {"js", "css"}
    assert sum(sizes.values()) <= FIRST_LOAD_MAX, sizes
    counter.customer.widget.get_by_role("button", name="More").click()
    counter.customer.widget.get_by_role("button", name="End the chat").click(timeout=SLOW_MS)
    expect(counter.agent.page.get_by_role("heading", name="Wrap up")).to_be_visible(timeout=SLOW_MS)


def _let_an_hour_pass_since_the_last_chat(counter: Counter) -> None:
    """The bill of one that has just ended comes later, too."""
    with psycopg.connect(counter.purse.hub.demo["database_url"]) as line:
        line.execute("update chat_session set ended_at = ended_at - interval '1 hour' where state = 'ended'")


def _wait_until_somebody_is_there(counter: Counter) -> None:
    """That nobody is there is said by what comes later."""
    hub, token = counter.purse.hub, counter.purse.customer["token"]
    eventually(lambda: get_all(hub, token, "/departments/")[0]["online"], what="an agent")


def _watch_sizes(page: Page) -> dict[str, int]:
    """What each script and sheet of the widget weighs, packed."""
    sizes: dict[str, int] = {}

    def weigh(route: Route) -> None:
        answer = route.fetch()
        sizes[route.request.url] = len(gzip.compress(answer.body(), 9))
        route.fulfill(response=answer)

    page.route(re.compile(r"/static/widget/assets/(?!later-|beyond-|tickets-)[^/]*\.(js|css)$"), weigh)
    return sizes


def test_u3_the_rest_is_fetched_when_nothing_else_is_to_do(open_window: OpenWindow) -> None:
    """So that it is there when the line is lost later."""
    customer = Customer(open_window(AS_VISITOR))
    with customer.page.expect_response(LATER, timeout=SLOW_MS) as fetched:
        customer.open_widget()
    assert fetched.value.ok
    expect(customer.widget.get_by_label("Your question")).to_be_visible(timeout=SLOW_MS)
    customer.page.context.set_offline(True)
    customer.choose_in_menu("Sign in")
    expect(customer.widget.get_by_label("Password")).to_be_visible()


def test_u4_what_does_not_come_is_said_and_comes_when_it_can(open_window: OpenWindow, staff_window: OpenWindow) -> None:
    Agent(staff_window("/console/")).go_online()
    customer = Customer(open_window(AS_VISITOR))
    lost = _Lost(customer.page)
    _type_and_sign_in(customer)
    expect(customer.widget.get_by_text(MISSING)).to_be_visible(timeout=SLOW_MS)
    expect(customer.widget.get_by_label("Your question")).to_have_value("Kept?")
    assert lost.asked >= 3  # tried again before it was said
    lost.status = 200
    customer.widget.get_by_role("button", name="Try again").press("Enter")
    expect(customer.widget.get_by_label("Password")).to_be_visible(timeout=SLOW_MS)
    expect(customer.widget.get_by_text(MISSING)).to_have_count(0)
    _back_and_see_what_was_typed(customer.widget)


def test_u4_after_an_update_of_the_hub_the_widget_begins_anew(
    open_window: OpenWindow, staff_window: OpenWindow
) -> None:
    """The hub has another script now, and none under the name that the widget knows."""
    Agent(staff_window("/console/")).go_online()
    customer = Customer(open_window(AS_VISITOR))
    lost = _Lost(customer.page, status=404)
    _type_and_sign_in(customer)
    expect(customer.widget.get_by_text(MISSING)).to_be_visible(timeout=SLOW_MS)
    with customer.page.expect_request(re.compile("/widget/frame/"), timeout=SLOW_MS):
        customer.widget.get_by_role("button", name="Try again").click()
    lost.status = 200
    expect(customer.widget.get_by_text(MISSING)).to_have_count(0)
    expect(customer.widget.get_by_label("Your question")).to_have_value("Kept?", timeout=SLOW_MS)
    customer.choose_in_menu("Sign in")
    expect(customer.widget.get_by_label("Password")).to_be_visible(timeout=SLOW_MS)


class _Lost:
    """The later script does not come: no line (status 0), or no such file any more."""

    def __init__(self, page: Page, status: int = 0) -> None:
        self.status, self.asked = status, 0
        page.route(LATER, self._answer)

    def _answer(self, route: Route) -> None:
        self.asked += 1
        if self.status == 0:
            route.abort()
        elif self.status == 404:
            route.fulfill(status=404)
        else:
            route.continue_()


def _type_and_sign_in(customer: Customer) -> None:
    """Somebody is there to start with; else the way is to leave a message."""
    customer.open_widget()
    question = customer.widget.get_by_label("Your question")
    expect(question).to_be_visible(timeout=SLOW_MS)
    question.fill("Kept?")
    customer.widget.get_by_role("button", name="Sign in to start").click()


def _back_and_see_what_was_typed(widget: FrameLocator) -> None:
    widget.get_by_role("button", name="Back").click()
    expect(widget.get_by_label("Your question")).to_have_value("Kept?")
