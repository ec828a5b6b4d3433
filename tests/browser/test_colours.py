"""U2: what lets axe leave out a page whose colours it has seen knows them from all others."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser import colours
from tests.browser.conftest import OpenWindow
from tests.browser.portal import NARROW

pytestmark = pytest.mark.browser

LOOK = "b {color: #767676} .badge {position: absolute; color: #333} .dark {background: #333; color: #eee}"
BODY = '<p>Words <b>and more</b></p><p class="dark">On dark</p><input disabled value="x" style="color: #ccc">'
NEW = (
    (BODY, BODY + '<p style="color: #777">Paler</p>'),
    (BODY, BODY + '<p class="dark"><b>Grey on dark</b></p>'),
    (BODY, BODY + '<p style="opacity: .5">Words</p>'),
    (BODY, BODY + '<p style="background-image: linear-gradient(red, blue)">Words</p>'),
    (BODY, BODY + '<p class="badge">It may stand on anything</p>'),
    ("#333; color: #eee", "#345; color: #eee"),
    ("<b>", "<b style='font-size: 30px'>"),
    (" disabled", ""),  # axe has not looked at that colour
)


def meetings(page: Page, old: str = "", new: str = "") -> set[str]:
    html = f"<!doctype html><html lang=en><head><title>T</title><style>{LOOK}</style></head><body>{BODY}</body></html>"
    assert old in html
    page.set_content(html.replace(old, new) if old else html)
    return colours.meetings(page)


def test_u2_colours_are_known_wherever_they_meet_again_and_others_are_not(open_still_window: OpenWindow) -> None:
    page = open_still_window("/robots.txt", viewport=NARROW)
    assert not colours.are_known(meetings(page))
    assert colours.faults(page, meetings(page)) == []
    assert colours.are_known(
        meetings(page, BODY, BODY.replace("<p>Words", "<section><p>Elsewhere</p></section><p>Words"))
    )
    assert [change for change in NEW if colours.are_known(meetings(page, *change))] == []


def test_u2_what_is_too_pale_is_never_known(open_still_window: OpenWindow) -> None:
    page = open_still_window("/robots.txt", viewport=NARROW)
    pale = meetings(page, "#767676", "#aaa")
    assert [rule["id"] for rule in colours.faults(page, pale)] == ["color-contrast"]
    assert not colours.are_known(pale)
