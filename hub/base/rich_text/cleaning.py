"""HTML from hostile hands becomes HTML of ours: a short list of tags, three attributes, nothing that loads by itself.

How and why: docs/how/rich-text.md. Cleaned on the way in, so that whoever shows it need not think of it; cleaning
what is clean changes nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import nh3

from hub.base.errors import TooLarge
from hub.base.rich_text.plain import from_text, to_text

CHARACTERS_MAX = 200_000
# The parser's time grows with the square of the depth; browsers themselves stop at 512.
DEPTH_MAX = 200
HREF_CHARACTERS_MAX = 2000
ALT_CHARACTERS_MAX = 300

_INLINE = {"a", "b", "strong", "i", "em", "u", "s", "del", "code", "sub", "sup", "br", "img"}
_BLOCKS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "pre", "hr"}
_TABLES = {"table", "thead", "tbody", "tr", "th", "td"}
TAGS = frozenset(_INLINE | _BLOCKS | _TABLES)
# Of these not even the words inside are kept: no reader ever saw them as words.
_GONE = {
    *("script", "style", "title", "head", "template", "noscript", "noembed", "noframes", "iframe", "object", "embed"),
    *("svg", "math", "xmp", "plaintext", "textarea", "select", "option", "button", "canvas", "audio", "video"),
}
_ATTRIBUTES = {"*": {"dir"}, "a": {"href"}, "img": {"src", "alt"}}
_SCHEMES = {"https", "http", "mailto", "tel"}

# A picture is one of our own files, which are judged, written anew and shown only to whom may see them (X5).
_OWN_PICTURE = re.compile(r"/api/v1/files/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/content/")
_ABSOLUTE = re.compile(r"(?:https?://|mailto:|tel:)[^\s\\]+", re.IGNORECASE)
_OF_THIS_HUB = re.compile(r"(?:/(?![/\\])|#)[^\s\\]*")  # `//host` and `/\host` are other hosts
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# These end by themselves where the next begins, or have no inside.
_NEVER_DEEP = {
    *("p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "col"),
    *("br", "hr", "img", "input", "meta", "link", "wbr", "source", "area", "base", "param", "embed", "track"),
}


@dataclass(frozen=True, slots=True)
class RichText:
    """`html` may be shown as it is; `text` says the same in letters alone, for mails, searching and previews."""

    html: str
    text: str

    @property
    def is_empty(self) -> bool:
        return not self.text.strip() and "<img" not in self.html


def clean(raw: str, *, characters_max: int = CHARACTERS_MAX) -> RichText:
    """What is left of `raw`. Raises TooLarge: longer than that, or nested as nobody writes."""
    if len(raw) > characters_max or _is_too_deep(raw):
        raise TooLarge
    made = nh3.clean(
        _headings(_CONTROLS.sub("", raw)),
        tags=set(TAGS),
        clean_content_tags=_GONE,
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=_attribute,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )
    made = _WITHOUT_PICTURE.sub("", made).strip()
    return RichText(made, to_text(made))


def of_text(text: str, *, characters_max: int = CHARACTERS_MAX) -> RichText:
    """What was typed where there is no editor. Raises TooLarge."""
    if len(text) > characters_max:
        raise TooLarge
    made = from_text(_CONTROLS.sub("", text))
    return RichText(made, to_text(made))


# nh3 writes `<` and `>` inside attributes as entities, so a tag ends at the first `>`.
_WITHOUT_PICTURE = re.compile(r"<img(?![^>]* src=)[^>]*>")
_H1 = re.compile(r"<(/?)h1(?=[\s/>])", re.IGNORECASE)
_H56 = re.compile(r"<(/?)h[56](?=[\s/>])", re.IGNORECASE)


def _headings(raw: str) -> str:
    """The page has its first heading already, and below the fourth nobody tells them apart."""
    return _H56.sub(r"<\1h4", _H1.sub(r"<\1h2", raw))


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return _address(value)
    if name == "src":
        return value if _OWN_PICTURE.fullmatch(value) else None
    if name == "alt":
        return value[:ALT_CHARACTERS_MAX]
    if name == "dir":
        return value if value in ("ltr", "rtl", "auto") else None
    return value  # `rel`, which is ours


def _address(value: str) -> str | None:
    said = value.strip()
    if len(said) > HREF_CHARACTERS_MAX:
        return None
    return said if _ABSOLUTE.fullmatch(said) or _OF_THIS_HUB.fullmatch(said) else None


def _is_too_deep(raw: str) -> bool:
    depth = deepest = 0
    for found in _TAG.finditer(raw):
        if found[2].lower() not in _NEVER_DEEP:
            depth = max(0, depth - 1) if found[1] else depth + 1
            deepest = max(deepest, depth)
    return deepest > DEPTH_MAX
