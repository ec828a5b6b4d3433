"""A page by keyboard alone (U2; WCAG 2.1.1, 2.1.2, 2.4.7, 2.4.11): Tab reaches all that can be used, shows where it is,
and leaves it again.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

_BEGIN = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
_END = "() => [...window.byKeyboard.wrong, ...[...window.byKeyboard.left.values()].map((one) => `not reached: ${one}`)]"
TO_SPARE = 6  # the page itself, and what appeared meanwhile


def offences(page: Page) -> list[str]:
    """What somebody without a pointer cannot do on this page."""
    for _ in range(page.evaluate(_BEGIN) + TO_SPARE):
        page.keyboard.press("Tab")
    return [f"{page.url}: {one}" for one in page.evaluate(_END)]
