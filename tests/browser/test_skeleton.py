"""U2: what lets axe leave out a page in another language knows the page from every one that axe might find wrong."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser import skeleton
from tests.browser.conftest import OpenWindow
from tests.browser.portal import NARROW

pytestmark = pytest.mark.browser

HEAD = "<title>Chats</title><style>.list { overflow: auto; width: 9em } .gone { display: none }</style>"
BODY = """
<nav aria-label="Menu"><a href="/chats/">Chats</a></nav><nav aria-label="Pages"><a href="#main">On</a></nav>
<main id="main"><h1 id="head">Your chats</h1>
<label for="word">Word</label><input id="word" aria-describedby="hint"><p id="hint">Two or more.</p>
<a href="/"><img src="/x.png" alt="Home"></a><button type="button" title="Away">×</button><b>Now</b>
<div class="list"><p>Short</p></div></main>
"""
OTHER_WORDS = (
    ("Chats", "Gesprekken"), ("Menu", "Menù"), ("Pages", "صفحه‌ها"), ("Your chats", "Uw gesprekken"), ("Word", "Woord"),
    ("Two or more.", "Twee of meer."), ("Home", "Naar huis"), ("Away", "Weg"), ("Now", "Nu"), ("/chats/", "/nl/"),
)  # fmt: skip
WORSE = (
    ("<title>Chats", "<title>"),  # no title
    ('lang="en"', 'lang="xx-no"'),
    (">Your chats<", "><"),  # an empty heading
    ("Pages", "Menu"),  # two of one name
    ('for="word"', 'for="ward"'),  # a field without a name
    ('id="hint"', 'id="word"'),  # twice the same
    ("aria-describedby", "aria-wrong"),
    ('title="Away"', 'title=" "'),
    ('alt="Home"', ""),
    ('alt="Home"', 'alt=""'),
    ("#main", "#men"),  # leads nowhere
    ("<b>Now</b>", '<b role="nothing">Now</b>'),
    ("<b>Now</b>", "<h4>Now</h4>"),
    ("<b>Now</b>", '<b tabindex="3">Now</b>'),
    ("<b>Now</b>", '<b class="gone">Now</b>'),
    ("<p>Short</p>", f"<p>{'Long' * 9}</p>"),  # scrolls, and nobody comes there by keyboard
    ("</main>", "</main><p>Outside</p>"),
)


def trees(page: Page, *changes: tuple[str, str]) -> set[str]:
    html = f'<!doctype html><html lang="en"><head>{HEAD}</head><body>{BODY}</body></html>'
    for old, new in changes:
        assert old in html
        html = html.replace(old, new)
    page.set_content(html)
    return skeleton.trees(page)


def test_u2_a_page_in_other_words_is_known_and_a_worse_one_is_not(open_still_window: OpenWindow) -> None:
    page = open_still_window("/robots.txt", viewport=NARROW)
    assert not skeleton.are_known(trees(page))
    assert skeleton.faults(page, trees(page)) == []
    assert skeleton.are_known(trees(page, *OTHER_WORDS, ('lang="en"', 'lang="fa" dir="rtl"')))
    assert [change for change in WORSE if skeleton.are_known(trees(page, change))] == []


def test_u2_what_is_wrong_or_has_a_frame_is_never_known(open_still_window: OpenWindow) -> None:
    page = open_still_window("/robots.txt", viewport=NARROW)
    empty = trees(page, (">Your chats<", "><"))
    assert [rule["id"] for rule in skeleton.faults(page, empty)] == ["empty-heading"]
    assert not skeleton.are_known(empty)
    framed = trees(page, ("</main>", "<iframe title='Chat'></iframe></main>"))
    skeleton.faults(page, framed)
    assert not skeleton.are_known(framed)
