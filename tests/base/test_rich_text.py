"""X3: HTML from hostile hands. What comes out is looked at by another parser than the one that cleaned it; what a
browser makes of it is tests/browser/test_rich_text.py.
"""

from __future__ import annotations

import time
from contextlib import suppress
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.base.errors import TooLarge
from hub.base.rich_text import CHARACTERS_MAX, clean, from_text, of_text, to_line
from hub.base.rich_text.cleaning import DEPTH_MAX, TAGS
from tests.base.hostile_html import DEEP, PAYLOADS

PICTURE = "/api/v1/files/0f8fad5b-d9cb-469f-a165-70867728950e/content/"
ATTRIBUTES = {"href", "rel", "src", "alt", "dir"}


class Inspector(HTMLParser):
    """Every tag and attribute that is there."""

    def __init__(self, made: str) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []
        self.feed(made)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.wrong.append(tag)
        for name, value in attrs:
            if name not in ATTRIBUTES or value is None or (name == "href" and not _is_fine(value)):
                self.wrong.append(f"{tag} {name}={value}")
            if name == "src" and not (value or "").startswith("/api/v1/files/"):
                self.wrong.append(f"src {value}")

    def handle_comment(self, data: str) -> None:
        self.wrong.append(f"comment {data}")

    def handle_decl(self, decl: str) -> None:
        self.wrong.append(decl)

    def handle_pi(self, data: str) -> None:
        self.wrong.append(data)


def _is_fine(address: str) -> bool:
    seen = "".join(one for one in address if one > " ").lower()  # a browser skips what is no letter
    if seen.startswith(("https://", "http://", "mailto:", "tel:", "#")):
        return True
    return seen.startswith("/") and not seen.startswith(("//", "/\\"))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_x3_nothing_hostile_is_left(payload: str) -> None:
    made = clean(payload).html
    assert Inspector(made).wrong == []
    assert clean(made).html == made, "cleaning what is clean changes nothing"


PARTS = [
    *("<", ">", "</", "/>", "a", "p", " href=", '"', "'", "`", "svg", "math", "style", "table", "javascript:", "//x"),
    *("&#106;", "&lt;", "\0", "\n", "img src=", "on", "error=", "<!--", "-->", "<![CDATA[", "=", " "),
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=40).map("".join))
def test_x3_whatever_is_put_together(raw: str) -> None:
    made = clean(raw).html
    assert Inspector(made).wrong == []
    assert clean(made).html == made


@pytest.mark.parametrize("unit", DEEP)
def test_x3_nesting_has_an_end_and_costs_no_time(unit: str) -> None:
    began = time.process_time()
    with suppress(TooLarge):
        clean((unit * CHARACTERS_MAX)[:CHARACTERS_MAX])
    assert time.process_time() - began < 3  # without a bound these take minutes
    clean("<blockquote>" * DEPTH_MAX + "deep" + "</blockquote>" * DEPTH_MAX)
    with pytest.raises(TooLarge):
        clean("<blockquote>" * (DEPTH_MAX + 1))


def test_too_long_is_refused() -> None:
    assert clean("x" * CHARACTERS_MAX).text
    with pytest.raises(TooLarge):
        clean("x" * (CHARACTERS_MAX + 1))
    with pytest.raises(TooLarge):
        of_text("x" * (CHARACTERS_MAX + 1))


@pytest.mark.parametrize(
    ("raw", "html", "text"),
    [
        ("<p>Hello <b>there</b></p><p>Bye</p>", "<p>Hello <b>there</b></p><p>Bye</p>", "Hello there\n\nBye"),
        ("<ul><li>one</li><li>two</li></ul>", "<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
        ("<h1>Big</h1><h6>Small</h6>", "<h2>Big</h2><h4>Small</h4>", "Big\n\nSmall"),
        ('<p dir="rtl" class="x" style="y">سلام</p>', '<p dir="rtl">سلام</p>', "سلام"),
        ("a<br>b", "a<br>b", "a\nb"),
        ("<pre>x  =  1\n  y</pre>", "<pre>x  =  1\n  y</pre>", "x  =  1\n  y"),
        ("1 &lt; 2 &amp; 3", "1 &lt; 2 &amp; 3", "1 < 2 & 3"),
    ],
)
def test_what_people_write_stays(raw: str, html: str, text: str) -> None:
    made = clean(raw)
    assert (made.html, made.text) == (html, text)


def test_links_say_where_they_lead_and_tell_nobody_where_they_were() -> None:
    made = clean('<a href="https://example.com/a?b=1&amp;c=2" target="_blank" rel="opener">here</a>')
    assert 'rel="noopener noreferrer nofollow"' in made.html
    assert made.text == "here (https://example.com/a?b=1&c=2)"
    assert clean('<a href="https://example.com">https://example.com</a>').text == "https://example.com"
    assert "href" not in clean('<a href="//evil.example/x">x</a>').html
    assert 'href="/help/"' in clean('<a href="/help/">x</a>').html


def test_x3_a_picture_is_one_of_our_own_files_or_none() -> None:
    kept = clean(f'<p><img src="{PICTURE}" alt="Where &lt;to&gt; click" width=9 onload=x()></p>')
    assert kept.html == f'<p><img src="{PICTURE}" alt="Where &lt;to&gt; click"></p>'
    assert kept.text == "Where <to> click"
    assert not kept.is_empty
    for src in (
        "https://evil.example/pixel.gif",
        "data:image/png;base64,AA",
        f"//evil.example{PICTURE}",
        f"{PICTURE}?x",
    ):
        gone = clean(f'<img src="{src}" alt=">">')
        assert (gone.html, gone.is_empty) == ("", True), src


def test_letters_alone_become_paragraphs_and_links() -> None:
    made = from_text("Hi <b>,\nsee https://example.com/a?b=1&c=2.\r\n\r\n\r\nBye")
    address = "https://example.com/a?b=1&amp;c=2"
    link = f'<a href="{address}" rel="noopener noreferrer nofollow">{address}</a>'
    assert made == f"<p>Hi &lt;b&gt;,<br>see {link}.</p><p>Bye</p>"
    assert clean(made).html == made
    assert of_text("\0a\x07b").html == "<p>ab</p>"
    assert of_text(" \n ").is_empty


@pytest.mark.parametrize("payload", PAYLOADS)
def test_x3_letters_alone_stay_letters(payload: str) -> None:
    made = of_text(payload)
    assert Inspector(made.html).wrong == []
    assert clean(made.html).html == made.html


def test_a_line_of_it() -> None:
    made = "<p>Please <a href='https://example.com'>look</a></p><ul><li>one</li></ul>"
    assert to_line(made, 50) == "Please look one"
    assert to_line(made, 12) == "Please…"
