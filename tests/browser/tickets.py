"""What people do with tickets in a browser, and over the API beside it."""

from __future__ import annotations

import json
import re
import urllib.request
from typing import Any

import psycopg
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.conftest import OpenWindow
from tests.browser.portal import WIDE, sign_in
from tests.faults.world import get, get_all, post
from tests.running import RunningHub

PART_BYTES = 1_000_000
LARGE = b"0123456789abcde\n" * 252_512  # four parts, and a fifth from 99 % on
PHONE = "+31 20 123 45 67"

# -- The customer's side -----------------------------------------------------------------------------


def publish(hub: RunningHub, title: str, html: str) -> int:
    said = {"texts": {"en": {"title": title, "html": html}}, "state": "published"}
    token = hub.account("owner")["token"]
    post(hub, token, "/articles/", said)
    return next(int(row["id"]) for row in get(hub, token, "/articles/")["results"] if row.get("title") == title)


def begin(page: Page) -> None:
    """The form of the first department."""
    page.goto("/tickets/new/")
    page.locator("a.desk").first.click()
    expect(page.locator(".editor-text")).to_be_visible()
    page.fill("#field-phone", PHONE)


def watch_the_line(page: Page) -> tuple[list[int], list[int]]:
    """Where each part of the large file began, and where the line was cut: once, in its last part."""
    offsets: list[int] = []
    cut: list[int] = []

    def part(route: Route, request: Request) -> None:
        if request.method != "PATCH":
            return route.continue_()
        offset = int(request.headers.get("upload-offset", "0"))
        offsets.append(offset)
        if offset >= 4 * PART_BYTES and not cut:
            cut.append(offset)
            return route.abort("connectionreset")
        return route.continue_()

    page.route(re.compile(r"/api/v1/files/[0-9a-f-]{36}/$"), part)
    return offsets, cut


def lose_one_answer(page: Page, path: str) -> list[str]:
    """The hub does what is asked, and the browser never hears of it."""
    lost: list[str] = []

    def once(route: Route, request: Request) -> None:
        if request.method != "POST" or lost:
            return route.continue_()
        lost.append(request.url)
        route.fetch()
        return route.abort("connectionreset")

    page.route(re.compile(re.escape(path) + "$"), once)
    return lost


# -- The staff's side --------------------------------------------------------------------------------


def desk_of(open_window: OpenWindow, hub: RunningHub, role: str, path: str, **options: Any) -> Page:
    page = open_window("/", viewport=WIDE, locale="en-GB", **options)
    sign_in(page, hub, role)
    page.goto(path)
    return page


def write(page: Page, text: str) -> None:
    """Into the editor, as a paste does."""
    page.locator("#composer [contenteditable=true]").focus()
    page.keyboard.insert_text(text)


def says(page: Page, text: str) -> None:
    expect(page.get_by_role("status").filter(has_text=text)).to_be_visible()


# -- Beside the browser ------------------------------------------------------------------------------


def asks(hub: RunningHub, role: str, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Over the API, as this person."""
    request = urllib.request.Request(
        f"{hub.url.rstrip('/')}/api/v1{path}",
        data=json.dumps(body).encode(),
        method=method,
        headers={"Authorization": f"Bearer {hub.account(role)['token']}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        return dict(json.load(response))


def a_ticket(hub: RunningHub, subject: str, *, place: int = 1) -> str:
    """Of the demo's customer, in the department at this place; its number."""
    departments = get_all(hub, hub.account("owner")["token"], "/departments/")
    said = {"department": departments[place]["id"], "subject": subject, "html": "<p>It does not start any more.</p>"}
    return str(asks(hub, "customer", "POST", "/tickets/", said)["number"])


def replies(hub: RunningHub, number: str, html: str) -> None:
    asks(hub, "customer", "POST", f"/tickets/{number}/entries/", {"html": html})


def mails_about(hub: RunningHub, number: str) -> set[str]:
    with psycopg.connect(hub.demo["database_url"]) as line:
        rows = line.execute("select purpose from base_outboxmessage where subject like %s", [f"%{number}%"]).fetchall()
    return {purpose for (purpose,) in rows}
