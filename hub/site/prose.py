"""What the owner writes: simple Markdown, made into HTML of which only a short list of tags is kept (X3).

Cleaned on the way in, so that whoever shows it need not think of it. HTML that was typed stays text.
"""

from __future__ import annotations

import html

import nh3
from markdown_it import MarkdownIt

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "h3", "h4", "code", "blockquote", "hr"}
SCHEMES = {"https", "http", "mailto", "tel"}
CHARACTERS_MAX = 8000

_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(["image", "html_block", "html_inline"])


def to_html(source: str) -> str:
    """Headings begin at the third level: the title above is one already."""
    made = _markdown.render(source)
    for level, to in (("h1", "h3"), ("h2", "h4"), ("h5", "h4"), ("h6", "h4")):
        made = made.replace(f"<{level}>", f"<{to}>").replace(f"</{level}>", f"</{to}>")
    return nh3.clean(
        made, tags=TAGS, attributes={"a": {"href"}}, url_schemes=SCHEMES, link_rel="noopener noreferrer nofollow"
    ).strip()


def to_text(made: str, characters_max: int = 280) -> str:
    """The beginning of such HTML as one line of text."""
    spaced = made.replace("</p>", "</p> ").replace("</li>", "</li> ").replace("<br>", " ")
    text = " ".join(html.unescape(nh3.clean(spaced, tags=set())).split())
    return text if len(text) <= characters_max else text[: characters_max - 1].rsplit(" ", 1)[0] + "…"
