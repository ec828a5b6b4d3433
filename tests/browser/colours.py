"""Which colours axe has found far enough apart already: a page on which no others meet needs no second look for that.

A meeting is small or large text of a colour on what lies behind it. One is known when axe passed it somewhere, or had
nothing to say against it (it is hidden, or disabled) in the same place of a page that it looked at.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser.axe import put_in

_SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
_SCRIPT = _SCRIPT[_SCRIPT.index("() =>") :]
_ALL = f"({_SCRIPT})().all()"
_RUN = f"""async () => {{
  const {{ meeting }} = ({_SCRIPT})();
  const options = {{ runOnly: ["color-contrast"], resultTypes: ["violations", "passes"], elementRef: true }};
  const {{ violations, passes }} = await axe.run(options);
  const wrong = violations.map(({{ id, impact, help, nodes }}) =>
    ({{ id, impact, help, nodes: nodes.map(({{ target }}) => ({{ target }})) }}));
  const passed = passes.flatMap(({{ nodes }}) => nodes.map(({{ element }}) => meeting(element)));
  return [wrong, passed];
}}"""
_passed: set[str] = set()
_in_order: set[str] = set()


def meetings(page: Page) -> set[str]:
    """All of the page, each with its place; empty where one cannot tell (frames)."""
    return set(page.evaluate(_ALL))


def are_known(found: set[str]) -> bool:
    return bool(found) and all(one in _in_order or one.split("|", 1)[0] in _passed for one in found)


def faults(page: Page, found: set[str]) -> list[dict[str, Any]]:
    """What axe finds of contrast. `found` are the page's meetings, which are known from now on if it finds nothing."""
    put_in(page)
    wrong, passed = page.evaluate(_RUN)
    if not wrong:
        _passed.update(passed)
        _in_order.update(found)
    rules: list[dict[str, Any]] = wrong
    return rules
