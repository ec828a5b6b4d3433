"""Every text of ours that a person can read, found in Python and templates, for the test of the catalogs."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.extract import DEFAULT_KEYWORDS, extract
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("hub", "chat", "credits", "tickets")
TEMPLATES = ROOT / "frontend" / "templates"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_noop": None,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def our_messages() -> dict[str, str]:
    """Each msgid (the first of a plural), and a file that says it."""
    found: dict[str, str] = {}
    for path in _sources():
        for _line, message, _comments, _context in extract("python", BytesIO(_source(path)), KEYWORDS):
            text = message[0] if isinstance(message, tuple) else message
            found[str(text)] = str(path.relative_to(ROOT))
    return found


def _sources() -> list[Path]:
    code = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts]
    return sorted([*code, *TEMPLATES.rglob("*.html")])


def _source(path: Path) -> bytes:
    text = path.read_text(encoding="utf-8")
    return (templatize(text) if path.suffix == ".html" else text).encode()
