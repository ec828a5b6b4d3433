"""What axe has found in order already, but for the words: in another language it would find the same.

A page's skeleton is each element in its place with its attributes, whether it is seen and whether it scrolls; of words
only whether there are any, and which names are the same. Where a skeleton is new, whatever the reason, axe looks.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser.axe import rules_broken

_SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
_in_order: set[str] = set()


def trees(page: Page) -> set[str]:
    """The page's and those that scripts put on it; empty where one cannot tell (frames)."""
    found: list[str] = page.evaluate(_SCRIPT)
    return {hashlib.sha256(one.encode()).hexdigest() for one in found}


def are_known(found: set[str]) -> bool:
    """Whether axe found nothing in the same with other words."""
    return bool(found) and found <= _in_order


def faults(page: Page, found: set[str]) -> list[dict[str, Any]]:
    """What axe finds, colours apart. `found` are the page's trees, which are known from now on if it finds nothing."""
    rules = rules_broken(page, contrast=False)
    if not rules:
        _in_order.update(found)
    return rules
