"""Done-point 1 of tickets in one walk: what a customer asks, who answers, where it ends (T1, T4, T5, T7–T9, K2, X5)."""

from __future__ import annotations

import re

import psycopg
import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.portal import WIDE, sign_in, speak
from tests.browser.tickets import (
    LARGE,
    PART_BYTES,
    begin,
    desk_of,
    mails_about,
    publish,
    says,
    watch_the_line,
    write,
)
from tests.running import RunningHub

pytestmark = pytest.mark.browser

MANAGER_THERE = "10000003"  # of the demo: she manages the second department


def test_done_1_from_the_first_letter_to_solved_with_every_step_in_the_history(
    open_window: OpenWindow, hub: RunningHub
) -> None:
    customer = open_window("/", viewport=WIDE)
    sign_in(customer, hub, "customer")
    speak(customer, "en")
    number = files_it(customer, hub)

    agent = desk_of(open_window, hub, "agent", "/admin/tickets/?agent=none&status=live")
    agent.get_by_role("link", name="zebraprnter smokes").first.click()
    takes_and_asks(agent)

    customer.reload()
    expect(customer.locator(".steps [aria-current=step]")).to_have_text("Your turn")
    customer.locator("#reply .editor-text").click()
    customer.keyboard.type("No light at all.")
    customer.locator("#reply button.primary").click()
    expect(customer.locator(".post", has_text="No light at all.")).to_be_visible()
    expect(customer.locator(".steps [aria-current=step]")).to_have_text("We are on it")
    expect(agent.locator("#lines")).to_contain_text("No light at all.")
    agent.get_by_label("What was done").first.fill("Looked into it")
    agent.get_by_role("button", name="Stop", exact=True).click()
    says(agent, "Your stopwatch stands still.")

    goes_to_another_department(desk_of(open_window, hub, "manager", f"/admin/tickets/{number}/"))
    solver = is_taken_over_and_solved(open_window, hub, number)
    history = solver.locator("#lines").inner_text()
    for step in ("takes care of it", "Stopwatch started", "called twice", "Waits for an answer", "No light at all.",
                 "Stopwatch stopped", "is asked to take over: It is the hardware", "Handed over from", "new adapter",
                 "Solved"):  # fmt: skip
        assert step in history, step
    assert {"ticket_created", "ticket_reply", "ticket_staff"} <= mails_about(hub, number)
    customer.reload()
    expect(customer.locator(".phead")).to_contain_text("zebraprnter smokes")
    expect(customer.locator("form[action$='/reopen/'] button")).to_be_visible()


def files_it(page: Page, hub: RunningHub) -> str:
    """K2, T1, X5: reads a suggestion, and still files it with three files; one is cut at 99 % and goes on there."""
    publish(hub, "The zebraprinter smokes", "<p>Pull the <b>plug</b> first.</p>")
    begin(page)
    page.locator("#field-subject").press_sequentially("zebraprnter smokes")
    suggestion = page.locator("#suggested details").first
    suggestion.locator("summary").click()
    expect(suggestion.locator(".rich")).to_contain_text("Pull the plug first.")
    expect(suggestion.get_by_role("button", name="This solved it")).to_be_visible()

    offsets, cut = watch_the_line(page)
    page.locator(".editor-text").click()
    page.keyboard.type("The plug is out, and it ")
    page.keyboard.press("Control+b")
    page.keyboard.type("still")
    page.keyboard.press("Control+b")
    page.keyboard.type(" smokes.")
    page.set_input_files(
        ".drop input[type=file]",
        files=[
            FilePayload(name="one.txt", mimeType="text/plain", buffer=b"first\n"),
            FilePayload(name="two.txt", mimeType="text/plain", buffer=b"second\n"),
            FilePayload(name="large.txt", mimeType="text/plain", buffer=LARGE),
        ],
    )
    page.get_by_role("button", name=re.compile("^Send")).click()  # it waits for the files, and goes by itself
    page.wait_for_url(re.compile(r"/tickets/\d+/$"))
    assert cut == [4 * PART_BYTES]
    assert offsets.count(4 * PART_BYTES) == 2
    assert all(offsets.count(place) == 1 for place in (PART_BYTES, 2 * PART_BYTES, 3 * PART_BYTES))
    expect(page.locator(".post .rich b")).to_have_text("still")
    expect(page.locator(".post .file")).to_have_count(3)
    url = page.locator(".post a.file", has_text="large.txt").get_attribute("href")
    assert url is not None
    assert page.request.get(url).body() == LARGE
    return page.url.rstrip("/").rsplit("/", 1)[-1]


def takes_and_asks(agent: Page) -> None:
    """T7, T9, T5: taken, timed, a note, and a question that the customer answers."""
    agent.get_by_role("button", name="Take it").click()
    says(agent, "The ticket is yours.")
    agent.get_by_role("button", name="Start the stopwatch").click()
    says(agent, "Your stopwatch runs.")
    expect(agent.locator("[data-running]")).to_be_visible()
    agent.keyboard.press("n")
    agent.keyboard.insert_text("He has called twice already.")
    agent.get_by_role("button", name="Keep note").click()
    says(agent, "The note is kept.")
    agent.keyboard.press("r")
    write(agent, "Does a light burn when you plug it in?")
    agent.get_by_label("What becomes of the ticket").select_option(label="and wait for the customer")
    agent.get_by_role("button", name="Send reply").click()
    says(agent, "The reply is on its way.")
    expect(agent.locator("#top")).to_contain_text("Waits for customer")


def goes_to_another_department(manager: Page) -> None:
    """T8: its manager asks the second department."""
    manager.get_by_text("Ask another department").click()
    manager.locator("form:has(input[value=ask]) select").select_option(index=1)
    manager.locator("form:has(input[value=ask]) input[name=note]").fill("It is the hardware")
    manager.get_by_role("button", name="Ask", exact=True).click()
    says(manager, "The other department's manager is asked.")


def is_taken_over_and_solved(open_window: OpenWindow, hub: RunningHub, number: str) -> Page:
    """T8, T4: the receiving manager approves, and solves it."""
    page = open_window("/", viewport=WIDE, locale="en-GB")
    with psycopg.connect(hub.demo["database_url"]) as line:
        line.execute("update accounts_user set language = 'en' where login_number::text = %s", [MANAGER_THERE])
    sign_in(page, hub, MANAGER_THERE)
    page.goto("/admin/tickets/")
    page.get_by_role("region", name="Questions to take over").get_by_role("link", name=number).click()
    expect(page.get_by_text("It is the hardware").first).to_be_visible()
    page.get_by_role("button", name="Take over").click()
    says(page, "Your department has the ticket now.")
    write(page, "Here is a new adapter.")
    page.get_by_label("What becomes of the ticket").select_option(label="and it is solved")
    page.get_by_role("button", name="Send reply").click()
    says(page, "The reply is on its way.")
    expect(page.locator("#top")).to_contain_text("Solved")
    return page
