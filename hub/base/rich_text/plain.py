"""Between clean HTML and letters alone, in both directions."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

_BREAKS_BEFORE = {"p", "h2", "h3", "h4", "ul", "ol", "blockquote", "pre", "table"}
_LINES = {"li", "tr", "br", "hr"}

# Where an address ends: before the punctuation of the sentence that it stands in.
_LINK = re.compile(r"\bhttps?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]}]", re.IGNORECASE)


def to_text(clean_html: str) -> str:
    """What clean HTML says: paragraphs with a line between them, items with a dash, addresses after their links."""
    reader = _Reader()
    reader.feed(clean_html)
    reader.close()
    return reader.text()


def to_line(clean_html: str, characters_max: int) -> str:
    """The beginning of it as one line, without dashes and addresses."""
    reader = _Reader(bare=True)
    reader.feed(clean_html)
    reader.close()
    line = " ".join(reader.text().split())
    return line if len(line) <= characters_max else line[: characters_max - 1].rsplit(" ", 1)[0] + "…"


def from_text(text: str) -> str:
    """Letters as HTML: an empty line begins a paragraph, web addresses become links. Clean as it is."""
    paragraphs = re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n").strip())
    return "".join(f"<p>{_lines(one)}</p>" for one in paragraphs if one.strip())


def _lines(paragraph: str) -> str:
    return "<br>".join(_linked(line) for line in paragraph.strip("\n").split("\n"))


def _linked(line: str) -> str:
    made, end = [], 0
    for found in _LINK.finditer(line):
        address = html.escape(found[0])
        made += [
            html.escape(line[end : found.start()], quote=False),
            f'<a href="{address}" rel="noopener noreferrer nofollow">{html.escape(found[0], quote=False)}</a>',
        ]
        end = found.end()
    return "".join([*made, html.escape(line[end:], quote=False)])


class _Reader(HTMLParser):
    """Reads what the cleaner wrote, and nothing else."""

    def __init__(self, *, bare: bool = False) -> None:
        super().__init__(convert_charrefs=True)
        self._bare = bare
        self._said: list[str] = []
        self._links: list[tuple[str, int]] = []
        self._verbatim = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BREAKS_BEFORE:
            self._said.append("\n\n")
        elif tag in _LINES:
            self._said.append("\n- " if tag == "li" and not self._bare else "\n")
        elif tag in ("td", "th"):
            self._said.append(" ")
        elif tag == "img":
            self._said.append(dict(attrs).get("alt") or "")
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self._said)))
        self._verbatim += tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        if tag in _BREAKS_BEFORE:
            self._said.append("\n\n")
        elif tag == "a" and self._links and not self._bare:
            self._tell_address(*self._links.pop())
        self._verbatim -= tag == "pre"

    def _tell_address(self, address: str, since: int) -> None:
        words = "".join(self._said[since:]).strip()
        if address.startswith(("http", "/")) and address != words:
            self._said.append(f" ({address})")

    def handle_data(self, data: str) -> None:
        if not self._verbatim:
            data = re.sub(r"[ \t\n]+", " ", data)
            begins = not self._said or self._said[-1].endswith("\n")
            data = data.lstrip(" ") if begins else data
        if data:
            self._said.append(data)

    def text(self) -> str:
        lines = [line.rstrip() for line in "".join(self._said).split("\n")]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
