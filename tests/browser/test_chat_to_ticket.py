"""A chat becomes a ticket, with files, in two real windows; and the ways into one without: C2, C4, C8, C11, C12, T1."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Locator, Route, expect

from tests.browser.conftest import OpenWindow
from tests.browser.counter import Counter
from tests.browser.test_accessibility import violations
from tests.browser.windows import SLOW_MS, Customer
from tests.faults.world import get, get_all
from tests.running import RunningHub

pytestmark = pytest.mark.browser

LOG: FilePayload = {"name": "error.log", "mimeType": "text/plain", "buffer": b"Line after line.\n" * 200}


def photo(name: str = "screen.png") -> FilePayload:
    made = io.BytesIO()
    Image.new("RGB", (320, 200), "#1188cc").save(made, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": made.getvalue()}


def attach(where: Locator, *files: FilePayload) -> None:
    where.locator("input[type=file]").set_input_files(list(files))


def test_c8_c11_a_chat_becomes_a_ticket_with_transcript_and_files(counter: Counter, hub: RunningHub) -> None:
    """Done-point 3: the customer sees the number in the chat, and the chat goes on."""
    customer, agent, purse = counter.customer, counter.agent, counter.purse
    purse.set_price(price_m=1000, block_s=60)
    purse.fill(50_000)
    counter.begin("My printer is on fire")
    _customer_sends_files(counter)
    _agent_answers_with_a_file(counter)
    session = purse.live_session()
    agent.page.get_by_role("button", name="Make a ticket").click()
    panel = agent.page.get_by_role("dialog", name="Make a ticket")
    expect(panel.get_by_label("Subject")).to_have_value("My printer is on fire")
    panel.get_by_label("Subject").fill("Printer burns")
    panel.get_by_label("Note for colleagues").fill("Spare parts are in stock")
    panel.get_by_role("button", name="Make ticket").click()
    card = customer.widget.locator(".made-ticket")
    expect(card).to_contain_text(re.compile(r"Ticket \d+"), timeout=SLOW_MS)
    number = re.search(r"\d+", card.inner_text())[0]  # type: ignore[index]
    expect(agent.page.locator(".made-ticket")).to_contain_text(number, timeout=SLOW_MS)
    customer.talk.say("Thank you, I wait for that.")
    agent.talk.hears("Thank you, I wait for that.")
    _is_all_there(hub, counter, number, str(session["session"]))
    assert violations(agent.page) == []


def _customer_sends_files(counter: Counter) -> None:
    """One upload is cut once and goes on by itself; the picture is seen, the log is a card to download."""
    customer, agent = counter.customer, counter.agent
    cuts: list[str] = []

    def cut_once(route: Route) -> None:
        if route.request.method == "PATCH" and not cuts:
            cuts.append(route.request.url)
            route.abort("connectionreset")
        else:
            route.continue_()

    customer.page.route("**/api/v1/files/**", cut_once)
    attach(customer.widget.locator(".w-f"), photo(), LOG)
    tray = customer.widget.locator(".tray li")
    expect(tray).to_have_count(2, timeout=SLOW_MS)
    expect(tray.locator("progress")).to_have_count(0, timeout=SLOW_MS)
    assert cuts
    customer.widget.get_by_role("button", name="Send", exact=True).click()
    for where in (customer.widget, agent.page):
        expect(where.locator(".thumb img")).to_have_js_property("complete", True, timeout=3 * SLOW_MS)  # drawn anew
        expect(where.get_by_role("button", name="Download error.log")).to_be_visible(timeout=SLOW_MS)
    with agent.page.expect_download() as download:
        agent.page.get_by_role("button", name="Download error.log").click()
    assert download.value.path().read_bytes() == LOG["buffer"]


def _agent_answers_with_a_file(counter: Counter) -> None:
    customer, agent = counter.customer, counter.agent
    attach(agent.page.locator(".compose"), {**LOG, "name": "manual.txt"})
    expect(agent.page.locator(".tray progress")).to_have_count(0, timeout=SLOW_MS)
    agent.talk.say("Please read this.")
    customer.talk.hears("Please read this.")
    with customer.page.expect_download() as download:
        customer.widget.get_by_role("button", name="Download manual.txt").click()
    assert download.value.suggested_filename == "manual.txt"


def _is_all_there(hub: RunningHub, counter: Counter, number: str, session: str) -> None:
    token = hub.account("customer")["token"]
    ticket = get(hub, token, f"/tickets/{number}/")
    assert (ticket["subject"], ticket["channel"], ticket["session"]) == ("Printer burns", "chat", session)
    first = get_all(hub, token, f"/tickets/{number}/entries/")[0]
    for said in ("My printer is on fire", "Please read this.", "error.log"):
        assert said in first["html"]
    assert "Spare parts" not in str(get_all(hub, token, f"/tickets/{number}/entries/"))
    with psycopg.connect(hub.demo["database_url"]) as line:
        placed = line.execute(
            "select f.name from tickets_fileplace p join tickets_storedfile f on f.id = p.file_id"
            " join tickets_ticketentry e on e.id = p.number where p.kind = 'ticket_entry' and e.ticket_id = %s",
            [number],
        ).fetchall()
    assert sorted(name for (name,) in placed) == ["error.log", "manual.txt", "screen.png"]


def test_x5_what_is_not_taken_is_said_beside_it(counter: Counter) -> None:
    customer = counter.customer
    counter.purse.set_price(price_m=1000, block_s=60)
    counter.purse.fill(50_000)
    counter.ask("Can I send you this?")
    lies: FilePayload = {"name": "holiday.jpg", "mimeType": "image/jpeg", "buffer": b"MZ" + b"\0" * 300}
    attach(customer.widget.locator(".w-f"), lies)
    row = customer.widget.locator(".tray li.wrong")
    expect(row).to_have_count(1, timeout=SLOW_MS)
    expect(row.get_by_role("alert")).not_to_be_empty()
    row.get_by_role("button").click()
    many: list[FilePayload] = [{**LOG, "name": f"{number}.log"} for number in range(12)]
    attach(customer.widget.locator(".w-f"), *many)
    customer.sees("At most 10 files go with one message.")


def test_c12_after_the_end_a_ticket_in_two_clicks(counter: Counter, hub: RunningHub) -> None:
    customer = counter.customer
    counter.purse.set_price(price_m=1000, block_s=60)
    counter.purse.fill(50_000)
    counter.begin("It still burns")
    customer.choose_in_menu("End the chat")
    customer.widget.get_by_role("button", name="Not solved? Make a ticket of this chat").click()
    subject, words = customer.widget.get_by_label("Subject"), customer.widget.get_by_label("What is still to be done?")
    expect(subject).to_have_value("It still burns", timeout=SLOW_MS)
    subject.fill("It burns again")
    words.fill("The second tray, too")
    customer.reload()
    expect(words).to_have_value("The second tray, too", timeout=SLOW_MS)
    expect(subject).to_have_value("It burns again")
    customer.widget.get_by_role("button", name="Send ticket").click()
    customer.sees(re.compile(r"Ticket \d+ is made\."))


def test_c2_too_little_credit_becomes_a_ticket_with_what_was_typed(counter: Counter, hub: RunningHub) -> None:
    customer, purse = counter.customer, counter.purse
    purse.set_price(price_m=9_000_000, block_s=60)
    counter.ask("Far too dear for me")
    customer.widget.get_by_role("button", name="Make a ticket instead").click()
    expect(customer.widget.get_by_label("Subject")).to_have_value("Far too dear for me", timeout=SLOW_MS)
    customer.sees("This ticket costs nothing.")
    customer.widget.get_by_role("button", name="Send ticket").click()
    customer.sees(re.compile(r"Ticket \d+ is made\."))
    newest = get_all(hub, hub.account("customer")["token"], "/tickets/")[0]
    entries = get_all(hub, hub.account("customer")["token"], f"/tickets/{newest['number']}/entries/")
    assert "Far too dear for me" in entries[0]["html"]


@pytest.fixture
def closed_to_chats(hub: RunningHub) -> Iterator[str]:
    """The free department takes tickets of guests; nobody sits there."""
    rows = get_all(hub, hub.account("customer")["token"], "/departments/")
    free = next(row for row in rows if row["price_m"] == 0)
    with psycopg.connect(hub.demo["database_url"]) as line:
        line.execute(
            "insert into tickets_ticketrules (department_id, remind_days, close_days, reopen_days, yellow_hours,"
            " red_hours, takes_guests, chooses_agent, warn_minutes, work_paid_in, work_block_minutes, work_block_cents)"
            " values (%s, 7, 14, 28, 4, 24, true, false, 30, 'credits', 15, 0)"
            " on conflict (department_id) do update set takes_guests = true",
            [free["id"]],
        )
    yield str(free["name"])
    with psycopg.connect(hub.demo["database_url"]) as line:
        line.execute("update tickets_ticketrules set takes_guests = false where department_id = %s", [free["id"]])


RTL_360: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark"}


def test_c4_t1_a_guest_leaves_a_message_where_nobody_is_there(
    closed_to_chats: str, open_window: OpenWindow, hub: RunningHub
) -> None:
    """Name, the address twice, and work of the browser instead of a puzzle."""
    customer = Customer(open_window("/demo/?as=", **RTL_360))
    customer.open_widget()
    customer.choose(closed_to_chats)
    customer.widget.get_by_label("Your question").fill("Do you also repair bicycles?")
    customer.widget.get_by_role("button", name="Leave a message").click()
    expect(customer.widget.get_by_label("Subject")).to_have_value("Do you also repair bicycles?", timeout=SLOW_MS)
    assert violations(customer.page) == []
    send = customer.widget.get_by_role("button", name="Send ticket")
    customer.widget.get_by_label("Your name").fill("Guest")
    customer.widget.get_by_label("E-mail", exact=True).fill("guest@example.com")
    customer.widget.get_by_label("E-mail once more").fill("gest@example.com")
    customer.widget.get_by_label("Phone").fill("+31 20 123 45 67")
    send.click()
    customer.sees("The two addresses are not the same.")
    customer.widget.get_by_label("E-mail once more").fill("guest@example.com")
    send.click()
    customer.sees(re.compile(r"Ticket \d+ is made\."))
    with psycopg.connect(hub.demo["database_url"]) as line:
        row = line.execute(
            "select subject, contact_phone from tickets_ticket where contact_email = 'guest@example.com'"
        ).fetchone()
    assert row == ("Do you also repair bicycles?", "+31 20 123 45 67")
