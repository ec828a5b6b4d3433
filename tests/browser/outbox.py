"""What people got by mail and SMS, as the demo's own page shows it."""

from __future__ import annotations

import re

from playwright.sync_api import Page

from tests.running import eventually


def text_to(page: Page, address: str, pattern: str) -> str:
    """The newest message to this address in which the pattern is found; what it found."""

    def look() -> str:
        outbox = page.request.get("/demo/outbox/", params={"q": address})
        assert outbox.ok
        found = re.search(pattern, outbox.text())
        return found[1] if found else ""

    return eventually(look, what=f"a message to {address}")


def code_to(page: Page, address: str) -> str:
    return text_to(page, address, r'(?s)class="text"[^>]*>(?:(?!</div>).)*?\b(\d{6})\b')
