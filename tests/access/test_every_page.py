"""U2, U3: there is no page that nobody looks at (tests/browser/test_every_page.py)."""

from __future__ import annotations

from pathlib import Path

from tests.access import test_pages, test_setup_pages
from tests.browser import every_page

BROWSER_TESTS = Path(every_page.__file__).parent


def pages() -> set[str]:
    """What the tables of access let somebody read."""
    setup = {name for name in test_setup_pages.TABLE if not name.startswith("+")}
    return setup | {name for name, page in test_pages.TABLE.items() if "get" in page.methods.split()}


def test_u2_every_page_is_looked_at() -> None:
    """A new page belongs in one of the lists of tests/browser/every_page.py."""
    assert sorted(pages() - every_page.looked_at() - every_page.NO_PAGE.keys()) == []
    assert sorted((every_page.looked_at() | every_page.NO_PAGE.keys()) - pages()) == []
    assert sorted(every_page.looked_at() & every_page.NO_PAGE.keys()) == []


def test_u2_what_is_looked_at_elsewhere_is() -> None:
    written = "".join(path.read_text(encoding="utf-8") for path in sorted(BROWSER_TESTS.glob("test_*.py")))
    assert [test for test in every_page.ELSEWHERE.values() if f"def {test}(" not in written] == []
