"""The portal as the people of the demo use it in a browser."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.axe import rules_broken
from tests.faults.world import get_all
from tests.running import RunningHub

PAGES = (
    "/",
    "/chats/",
    "/tickets/",
    "/tickets/new/",
    "/tickets/files/",
    "/wallet/",
    "/help/",
    "/help/articles/",
    "/news/",
)
# Who sees which layout without having chosen one (A3).
LAYOUTS = {"classic": "customer", "compact": "organisation_owner"}
LANGUAGES = ("en", "nl", "hr", "it", "fa")
NARROW, WIDE = {"width": 360, "height": 740}, {"width": 1440, "height": 900}


def sign_in(page: Page, hub: RunningHub, role: str) -> None:
    """As one of the demo's people (a role, or a login), by the start page's own form; then at home."""
    page.goto("/")
    token = page.locator("input[name=csrfmiddlewaretoken]").first.get_attribute("value")
    login = role if role.isdecimal() else hub.account(role)["login"]
    answer = page.request.post(
        "/demo/sign-in/",
        form={"login": login, "csrfmiddlewaretoken": token or "", "next": "/"},
        headers={"Referer": page.url},
    )
    assert answer.ok
    page.goto("/")


def speak(page: Page, language: str) -> None:
    """By the switch that every page has; with the keyboard, which needs no frame to be drawn."""
    if page.locator("html").get_attribute("lang") == language:
        return
    page.locator("details:has(button[name=language]) > summary").first.press("Enter")
    page.locator(f"button[name=language][value={language}]").press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", language)


def violations(page: Page, *, contrast: bool = True) -> list[str]:
    """What axe finds, of any weight."""
    return told(page, rules_broken(page, contrast=contrast))


def told(page: Page, rules: list[dict[str, Any]]) -> list[str]:
    return [
        f"{page.url}: {rule['id']} at {', '.join(str(node['target']) for node in rule['nodes'][:3])}: {rule['help']}"
        for rule in rules
    ]


def overflow(page: Page) -> int:
    """How many pixels the page is wider than the screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def a_past_chat(page: Page, hub: RunningHub, role: str, subject: str) -> str:
    """The id of a chat of this person that is over: asked where it is free of charge, and given up."""
    account: dict[str, Any] = hub.account(role)
    free = min(get_all(hub, account["token"], "/departments/"), key=lambda row: int(row.get("price_m") or 0))
    api = {"Authorization": f"Bearer {account['token']}"}
    asked = {"department": free["id"], "subject": subject, "text": "See https://example.com/ for <b>it</b>."}
    made = page.request.post("/api/v1/sessions/", data=asked, headers=api)
    assert made.status == 201, made.text()
    session = str(made.json()["session"])
    assert page.request.post(f"/api/v1/sessions/{session}/end/", data={}, headers=api).ok
    return session
