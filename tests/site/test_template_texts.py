"""U1: nothing that is shown or read aloud stands in a template outside the tags that translate it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

from hub.launcher.messages import TEMPLATES

READ_ALOUD = {"title", "aria-label", "aria-description", "placeholder", "alt", "label"}
# What is in these is for machines, or is to be typed or read as it stands.
NO_TEXT = {"script", "style", "code", "kbd", "pre", "samp"}
WORD = re.compile(r"[^\W\d_]{2,}")
# Addresses, and names that are the same in every language.
NAMES = re.compile(r"/[\w/]*/|\b(?:Balie|PC|JavaScript|OpenAPI|PHP|Python|Node(?:\.js)?|CSV|HTTP|API)\b")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in NO_TEXT:
            self._silent.append(tag)
        for name, value in attrs:
            if name in READ_ALOUD or (name == "value" and ("type", "submit") in attrs):
                self._look(value or "")

    def handle_endtag(self, tag: str) -> None:
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._look(data)

    def _look(self, text: str) -> None:
        if WORD.search(NAMES.sub("", text)):
            self.found.append(" ".join(text.split()))


def untranslated(source: str, *, is_html: bool) -> list[str]:
    """The words left when everything that Django fills in is taken out."""
    kept = _without_tags(source)
    if not is_html:
        return [line.strip() for line in kept.splitlines() if WORD.search(NAMES.sub("", line))]
    reader = _Reader()
    reader.feed(kept)
    reader.close()
    return reader.found


def _without_tags(source: str) -> str:
    kept: list[str] = []
    until = ""
    for token in Lexer(source).tokenize():
        name = token.contents.split()[0] if token.token_type == TokenType.BLOCK and token.contents else ""
        if until:
            until = "" if name == until else until
        elif name in ("blocktranslate", "blocktrans", "comment"):
            until = f"end{name}"
        elif name == "block" and token.contents.endswith(("_class", " width")):
            until = "endblock"
        elif token.token_type == TokenType.TEXT:
            kept.append(token.contents)
    return "".join(kept)


SOURCES = sorted([*TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.txt")])


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(TEMPLATES).as_posix())
def test_u1_a_template_has_no_text_outside_translation(path: Path) -> None:
    assert untranslated(path.read_text(encoding="utf-8"), is_html=path.suffix == ".html") == []


def test_u1_the_reader_finds_text_and_labels_and_skips_what_is_filled_in() -> None:
    source = """
    {# A remark #}{% comment %}Old words{% endcomment %}<h1>{% translate "Chats" %} · Balie</h1>
    <p>{% blocktranslate with a=b|credits %}You have {{ a }} credits{% endblocktranslate %}</p><code>curl</code>
    <a href="/x/" {% if here %}aria-current="page"{% endif %} aria-label="Open it">{{ name }} forgotten</a>"""
    assert untranslated(source, is_html=True) == ["Open it", "forgotten"]
    assert untranslated("{% translate 'Hello' %}\nSee you\n", is_html=False) == ["See you"]
