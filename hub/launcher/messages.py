"""`make messages`: brings the catalogs up to date with the texts in the sources (docs/how/languages.md).

Each language is a folder in frontend/locale with django.po (Python, templates, mails) and djangojs.po (the pages of the
browser). New texts are added without a translation, texts that nobody says any more are dropped, translations and
translators' comments stay. No gettext programs, no line numbers, no dates: running it twice changes nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "frontend" / "locale"
TEMPLATES = ROOT / "frontend" / "templates"
PACKAGES = ("hub", "chat", "credits", "tickets")
DOMAINS = ("django", "djangojs")
WIDTH = 120
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_noop": None,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
COMMENT_TAGS = ("Translators:",)
HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {plural}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""


def texts_of(domain: str) -> Catalog:
    """Every text of a domain, and which files say it."""
    return _texts_of_the_server() if domain == "django" else _texts_of_the_browser()


def languages() -> list[str]:
    return sorted(path.name for path in LOCALE.iterdir() if path.is_dir() and path.name != "json")


def po_path(language: str, domain: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"{domain}.po"


def read_catalog(language: str, domain: str) -> Catalog:
    """The catalog as it is; an empty one where the language is new."""
    path = po_path(language, domain)
    source = path.read_bytes() if path.exists() else _new_header(language).encode()
    return read_po(BytesIO(source), locale=language, abort_invalid=True)


def merge(language: str, domain: str, texts: Catalog) -> Catalog:
    """Exactly the texts that are said, each with the translation and the translators' comments that it had."""
    old = read_catalog(language, domain)
    merged = Catalog(locale=language)
    merged.mime_headers = old.mime_headers  # with the plural forms of the file, which need not be Babel's
    for text in _in_order(texts):
        known = old.get(text.id, text.context)
        new = Message(text.id, "", text.locations, text.flags, text.auto_comments, context=text.context)
        if known is not None:
            new.user_comments = known.user_comments
            if isinstance(known.id, tuple) == isinstance(text.id, tuple) and not known.fuzzy:
                new.string = known.string
        if new.pluralizable and not isinstance(new.string, tuple):
            new.string = ("",) * old.num_plurals
        merged[new.id] = new
    return merged


def write(language: str, domain: str, catalog: Catalog) -> None:
    """The file: its own header as it was, then the texts."""
    path = po_path(language, domain)
    path.parent.mkdir(parents=True, exist_ok=True)
    head = path.read_text(encoding="utf-8").split("\n\n", 1)[0] + "\n" if path.exists() else _new_header(language)
    body = BytesIO()
    write_po(body, catalog, width=WIDTH, omit_header=True, include_lineno=False)
    path.write_text(f"{head}\n{body.getvalue().decode().strip()}\n", encoding="utf-8")


def main() -> None:
    for domain in DOMAINS:
        texts = texts_of(domain)
        for language in languages():
            merged = merge(language, domain, texts)
            write(language, domain, merged)
            lacking = sum(not _is_translated(text) for text in merged if text.id)
            sys.stdout.write(f"{language} {domain}: {len(merged)} texts, {lacking} without translation\n")


def _texts_of_the_server() -> Catalog:
    found = Catalog()
    for path in _server_sources():
        for _line, text, comments, context in extract("python", BytesIO(_as_python(path)), KEYWORDS, COMMENT_TAGS):
            place = [(path.relative_to(ROOT).as_posix(), 0)]
            found.add(text, None, place, auto_comments=_without_tag(comments), context=context)
    return found


def _texts_of_the_browser() -> Catalog:
    """The front end's build finds them: it has to know which page says what."""
    from hub.launcher.node import find_node

    lister = [str(ROOT / "frontend" / "build" / "catalogs.ts"), "--list"]
    node = find_node()
    said = subprocess.run(
        [str(node.node), *lister], cwd=ROOT, env=node.environment(), check=True, capture_output=True, text=True
    )
    found = Catalog()
    for text in json.loads(said.stdout):
        places = [(file, 0) for file in text["files"]]
        found.add((text["one"], text["other"]) if "other" in text else text["one"], None, places)
    return found


def _server_sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted(path for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts)
    yield from sorted([*TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.txt")])


def _as_python(path: Path) -> bytes:
    from django.utils.translation.template import templatize

    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text.encode()
    # What is left of a template has its indentation, which Python's reader would trip over.
    return "\n".join(line.lstrip() for line in templatize(text).split("\n")).encode()


def _without_tag(comments: list[str]) -> list[str]:
    return [comment.removeprefix(COMMENT_TAGS[0]).strip() for comment in comments]


def _in_order(texts: Catalog) -> list[Message]:
    def key(text: Message) -> tuple[str, str, str]:
        first = text.id if isinstance(text.id, str) else text.id[0]
        return first.casefold(), first, text.context or ""

    for text in texts:
        text.locations = sorted({(file, 0) for file, _line in text.locations})
    return sorted((text for text in texts if text.id), key=key)


def _is_translated(text: Message) -> bool:
    return all(text.string) if isinstance(text.string, tuple | list) else bool(text.string)


def _new_header(language: str) -> str:
    plural = get_plural(language)
    return HEADER.format(language=language, plural=f"nplurals={plural[0]}; plural={plural[1]};")


if __name__ == "__main__":
    main()
