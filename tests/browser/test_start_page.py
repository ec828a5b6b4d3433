"""The page that the ready line names."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import OpenWindow

pytestmark = pytest.mark.browser


def test_the_start_page_leads_a_newcomer_on(open_window: OpenWindow) -> None:
    page = open_window("/")
    assert page.locator("h1").count() == 1
    for path in ("/demo/", "/console/"):
        assert page.locator(f'a[href="{path}"]').count() >= 1


def test_the_start_page_is_accessible(open_window: OpenWindow) -> None:
    """U2: nothing serious or critical for axe."""
    found = Axe().run(open_window("/")).response["violations"]
    assert [rule["id"] for rule in found if rule["impact"] in ("serious", "critical")] == []
