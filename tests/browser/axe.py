"""axe in a page: what it finds, without what it found in order, which is most of its answer and of its time."""

from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Frame, Page

_SOURCE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
_RUN = "axe.run({ resultTypes: ['violations'] }).then((found) => found.violations)"


def rules_broken(page: Page) -> list[dict[str, Any]]:
    """Frames and open shadow roots included."""
    for frame in page.frames:
        _put_in(frame)
    found: list[dict[str, Any]] = page.evaluate(_RUN)
    return found


def _put_in(frame: Frame) -> None:
    if not frame.evaluate("typeof window.axe === 'object'"):
        frame.evaluate(_SOURCE)
