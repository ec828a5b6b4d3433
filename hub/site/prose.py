"""What the owner writes: simple Markdown, made into HTML that the hub's one cleaner lets through (X3).

Cleaned on the way in, so that whoever shows it need not think of it. HTML that was typed stays text.
"""

from __future__ import annotations

from markdown_it import MarkdownIt

from hub.base import rich_text

CHARACTERS_MAX = 8000

_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(["image", "html_block", "html_inline"])


def to_html(source: str) -> str:
    """Headings begin at the third level: the title above is one already."""
    made = _markdown.render(source)
    for level, to in (("h1", "h3"), ("h2", "h4"), ("h5", "h4"), ("h6", "h4")):
        made = made.replace(f"<{level}>", f"<{to}>").replace(f"</{level}>", f"</{to}>")
    return rich_text.clean(made).html


def to_text(made: str, characters_max: int = 280) -> str:
    """The beginning of such HTML as one line of text."""
    return rich_text.to_line(made, characters_max)
