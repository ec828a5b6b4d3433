"""What the pages of tests/browser/every_page.py are about: one of each thing, made once, named as no line can hold."""

from __future__ import annotations

import itertools
import time
from typing import Any

from playwright.sync_api import Page

from tests.browser.portal import LAYOUTS, a_past_chat
from tests.browser.tickets import asks
from tests.browser.windows import SLOW_MS
from tests.faults.world import get, get_all
from tests.running import RunningHub, eventually

LONG = "x" * 90
_made: dict[tuple[str, str], dict[str, str]] = {}
_numbers = itertools.count(int(time.time()) % 100_000)


def of_department(hub: RunningHub) -> str:
    return str(get_all(hub, hub.account("owner")["token"], "/departments/")[1]["id"])


def a_ticket(hub: RunningHub, role: str) -> str:
    """Its number; of a subject without a space, which stands in a mail to the customer."""
    html = f"<p>{LONG * 3}</p><ul><li>one</li></ul>"
    said = {"department": of_department(hub), "subject": f"Printer{LONG}", "html": html}
    return str(asks(hub, role, "POST", "/tickets/", said)["number"])


def bought(page: Page, hub: RunningHub, role: str) -> str:
    """The id of a purchase that was paid at the sandbox."""
    token = hub.account(role)["token"]
    made = asks(hub, role, "POST", "/purchases/", {"credits": 50, "provider": "sandbox", "method": "ideal"})
    page.goto(made["redirect_url"])
    page.locator("button[value=paid]").press("Enter")
    page.wait_for_url("**/wallet/purchases/**", timeout=SLOW_MS)
    path = f"/purchases/{made['id']}/"
    eventually(lambda: get(hub, token, path)["status"] == "paid", seconds=60, what="a paid purchase")
    return str(made["id"])


def of_guests(page: Page, hub: RunningHub) -> dict[str, str]:
    """An article, and a mail in the demo's outbox."""
    return _once(hub, "guests") or _keep(hub, "guests", _about_guest(page, hub))


def of_customers(page: Page, hub: RunningHub, layout: str) -> dict[str, str]:
    """By the name in the address. `page` is a window of the customer who has this layout."""
    return _once(hub, layout) or _keep(hub, layout, _about_customer(page, hub, LAYOUTS[layout]))


def of_staff(page: Page, hub: RunningHub) -> dict[str, str]:
    """About the customer of the demo and everything that is set up. `page` is a window of that customer.

    A colleague's number is `colleague_id`, that of somebody with an organisation `user_id`.
    """
    return _once(hub, "staff") or _keep(hub, "staff", _about_all(page, hub))


def _once(hub: RunningHub, what: str) -> dict[str, str]:
    return _made.get((str(hub.folder), what), {})


def _keep(hub: RunningHub, what: str, about: dict[str, str]) -> dict[str, str]:
    _made[(str(hub.folder), what)] = about
    return about


def _about_guest(page: Page, hub: RunningHub) -> dict[str, str]:
    number = a_ticket(hub, "customer")
    page.goto("/demo/outbox/?q=sanne.devries@example.com")
    message = page.locator("ol.outbox h3 a", has_text=number).first.get_attribute("href") or ""
    article = {"texts": {"en": {"title": f"Help {LONG}", "html": "<p>Words</p>"}}, "state": "published"}
    return {
        "token": "not-a-link",
        "article_id": str(asks(hub, "owner", "POST", "/articles/", article)["id"]),
        "language": "en",
        "message_id": message.rstrip("/").rsplit("/", 1)[1],
    }


def _about_customer(page: Page, hub: RunningHub, role: str) -> dict[str, str]:
    news = {"texts": {"en": {"title": f"News {LONG}", "source": f"At **eight**. {LONG}"}}, "state": "published"}
    article = {"texts": {"en": {"title": f"Help {LONG}", "html": "<p>Words</p>"}}, "state": "published"}
    member = hub.account("organisation_employee")
    return {
        "department_id": of_department(hub),
        "session_id": a_past_chat(page, hub, role, f"Printer {LONG}"),
        "ticket_number": a_ticket(hub, role),
        "purchase_id": bought(page, hub, role),
        "announcement_id": str(asks(hub, "owner", "POST", "/announcements/", news)["id"]),
        "article_id": str(asks(hub, "owner", "POST", "/articles/", article)["id"]),
        "user_id": str(get(hub, member["token"], "/me/")["id"]),
        "language": "en",
    }


def _about_all(page: Page, hub: RunningHub) -> dict[str, str]:
    owner = hub.account("owner")["token"]
    about = of_customers(page, hub, "classic")
    purchase = about["purchase_id"]
    asks(hub, "customer", "POST", f"/purchases/{purchase}/money-back/", {"text": f"Unused {LONG}"})
    customer = str(get(hub, hub.account("customer")["token"], "/me/")["id"])
    asks(hub, "owner", "POST", f"/customers/{customer}/notes/", {"text": f"Prefers short steps. {LONG}"})
    number = next(_numbers)
    brand: dict[str, Any] = {
        "name": f"Hulp {number}",
        "colour": "#7b1f45",
        "accent": "#8a3b12",
        "default_language": "nl",
    }
    brand |= {"languages": ["nl"], "hosts": [f"hulp{number}.example.com"]}
    quiet: dict[str, Any] = {"name": LONG[:70], "active": False, "deeds": [{"do": "priority", "value": "urgent"}]}
    site = {"name": LONG[:40], "origins": [f"https://{LONG[:50]}.example"]}
    return about | {
        "customer_id": customer,
        "colleague_id": str(get(hub, hub.account("agent")["token"], "/me/")["id"]),
        "organisation_id": str(get_all(hub, owner, "/organisations/")[0]["id"]),
        "rule_id": str(asks(hub, "owner", "POST", "/ticket-rules/", quiet | {"events": ["created"]})["id"]),
        "macro_id": str(asks(hub, "owner", "POST", "/macros/", quiet)["id"]),
        "brand_id": str(asks(hub, "owner", "POST", "/brands/", brand)["id"]),
        "number": "1",
        "website_id": str(asks(hub, "owner", "POST", "/websites/", site)["id"]),
    }
