"""axe in a page: what it finds, without what it found in order, which is most of its answer and of its time."""

from pathlib import Path
from typing import Any
from weakref import WeakSet

import axe_playwright_python
from playwright.sync_api import Page

_SOURCE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
_RUN = "(rules) => axe.run({ resultTypes: ['violations'], rules }).then((found) => found.violations)"
_KEPT: WeakSet[Page] = WeakSet()  # windows that put axe into whatever they load: half a megabyte is sent once


def rules_broken(page: Page, *, contrast: bool = True) -> list[dict[str, Any]]:
    """Frames and open shadow roots included. `contrast=False` leaves the contrast of colours out, which is most of the
    work.
    """
    put_in(page)
    rules = {} if contrast else {"color-contrast": {"enabled": False}}
    found: list[dict[str, Any]] = page.evaluate(_RUN, rules)
    return found


def put_in(page: Page) -> None:
    """Now and in whatever the window loads from now on."""
    if page not in _KEPT:
        page.add_init_script(_SOURCE)
        _KEPT.add(page)
    for frame in page.frames:
        if not frame.evaluate("typeof window.axe === 'object'"):
            frame.evaluate(_SOURCE)
