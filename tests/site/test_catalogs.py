"""U1: every text of ours has a translation in every language we ship, and the translation can stand in its place.

What is missing or unused here is put right by `make messages` (docs/how/languages.md). That the pages of the browser
say all that djangojs.po has, and no more, is for frontend/build/tests/catalogs.test.ts, which can read them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel import Locale
from babel.messages import Catalog, Message

from hub.launcher import messages
from hub.launcher.catalogs import compile_catalogs, shipped_languages
from tests.site.same_as_english import may_be_the_same

LANGUAGES = messages.languages()
CATALOGS = [(language, domain) for language in LANGUAGES for domain in messages.DOMAINS]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
TAG = re.compile(r"</?[a-zA-Z][^>]*>")
# How sentences end, by language: what stands for the same is one class.
ENDS = {"?": "?", "؟": "?", ".": ".", "…": "…", ":": ":", "!": "!", ",": ",", "،": ",", ";": ";", "؛": ";"}
# Letters and figures that Arabic keyboards give where Persian has its own; Latin figures and punctuation in Persian.
NOT_PERSIAN = re.compile(r"[يكة٠-٩0-9]|(?<=[\u0600-\u06FF])[,;?]")
# Names, and what is to be typed as it stands: isolated, so that it keeps its order in text from right to left.
LATIN = re.compile(r"<code>.*?</code>|\u2066[^\u2069]*\u2069|[A-Za-z][\w./:+-]*(?: \d[\d.]*)?")

# One word per thing, and one way to speak to people: what somebody might write instead (docs/how/languages.md).
ANOTHER_WORD = {
    "nl": r"portemonnee|\bvouchers?\b|vouchercode",
    "it": r"\blei\b|\bda lei\b|\b(?:Scelga|Scriva|Inserisca|Attenda|Riprovi|Controlli|Incolli|Apra|Esegua) ",
    "fa": r"کیف پول|کیف شما|(?<![\w\u200c])بن(?![\w])",
}


@pytest.fixture(scope="module")
def server_texts() -> Catalog:
    return messages.texts_of("django")


@cache
def shipped(language: str, domain: str) -> Catalog:
    """The catalog that is shipped; to read one takes a fifth of a second."""
    return messages.read_catalog(language, domain)


def test_u1_the_languages_of_the_rule_book_are_shipped() -> None:
    assert [code for code, _name in shipped_languages(messages.LOCALE)] == ["en", "hr", "it", "nl", "fa"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_u1_the_catalog_has_the_texts_that_are_said_and_no_others(language: str, server_texts: Catalog) -> None:
    said = {_name(text) for text in server_texts if text.id}
    known = {_name(text) for text in shipped(language, "django") if text.id}
    assert said - known == set(), "texts without an entry: run make messages, then translate them"
    assert known - said == set(), "entries that nobody says any more: run make messages"


@pytest.mark.parametrize(("language", "domain"), CATALOGS)
def test_u1_every_text_is_translated(language: str, domain: str) -> None:
    catalog = shipped(language, domain)
    assert [_name(text) for text in catalog if text.id and (text.fuzzy or not all(_forms(text)))] == []


@pytest.mark.parametrize(("language", "domain"), CATALOGS)
def test_u1_plural_forms_are_those_of_the_language(language: str, domain: str) -> None:
    """As many as CLDR tells apart among whole numbers up to where millions begin to matter; Croatian three."""
    rule = Locale.parse(language).plural_form
    forms = len({rule(n) for n in range(200)})
    catalog = shipped(language, domain)
    assert catalog.num_plurals == forms
    wrong = [_name(text) for text in catalog if text.pluralizable and len(_forms(text)) != forms]
    assert wrong == []


@pytest.mark.parametrize(("language", "domain"), CATALOGS)
def test_u1_placeholders_are_those_of_the_english(language: str, domain: str) -> None:
    """A form for one may leave the number out; the last form is that of most numbers and has all."""
    wrong = []
    for text in _texts(language, domain):
        *some, last = _forms(text)
        wanted = sorted(PLACEHOLDER.findall(_english(text)[-1]))
        if sorted(PLACEHOLDER.findall(last)) != wanted or any(set(PLACEHOLDER.findall(s)) - set(wanted) for s in some):
            wrong.append(f"{last!r} for {_name(text)!r}")
    assert wrong == []


@pytest.mark.parametrize(("language", "domain"), CATALOGS)
def test_u1_html_is_that_of_the_english(language: str, domain: str) -> None:
    wrong = [
        _name(text)
        for text in _texts(language, domain)
        for form in _forms(text)
        if sorted(TAG.findall(form)) != sorted(TAG.findall(_english(text)[0]))
    ]
    assert wrong == []


@pytest.mark.parametrize(("language", "domain"), CATALOGS)
def test_u1_ends_and_spaces_are_those_of_the_english(language: str, domain: str) -> None:
    wrong = []
    for text in _texts(language, domain):
        for form in _forms(text):
            same_space = form == form.strip() or _english(text)[0] != _english(text)[0].strip()
            if not same_space or "  " in form or _end(form) != _end(_english(text)[0]):
                wrong.append(f"{form!r} for {_name(text)!r}")
    assert wrong == []


@pytest.mark.parametrize(("language", "domain"), CATALOGS)
def test_u1_nothing_was_left_in_english(language: str, domain: str) -> None:
    """What is rightly the same stands in tests/site/same_as_english.py."""
    same = [
        _english(text)[0]
        for text in _texts(language, domain)
        if _english(text)[0] in _forms(text) and re.search("[a-z]{2}", TAG.sub("", _without_names(_english(text)[0])))
    ]
    assert [text for text in same if not may_be_the_same(language, text)] == []


@pytest.mark.parametrize("language", sorted(ANOTHER_WORD))
def test_u1_a_thing_has_one_word_and_people_are_spoken_to_in_one_way(language: str) -> None:
    forms = [form for domain in messages.DOMAINS for text in _texts(language, domain) for form in _forms(text)]
    assert [form for form in forms if re.search(ANOTHER_WORD[language], _without_names(form))] == []


@pytest.mark.parametrize("domain", messages.DOMAINS)
def test_u1_persian_is_written_as_persian(domain: str) -> None:
    """Its own letters, punctuation and digits; names and addresses in Latin letters stay as they are."""
    forms = [form for text in _texts("fa", domain) for form in _forms(text)]
    assert [form for form in forms if NOT_PERSIAN.search(LATIN.sub("", _without_names(form)))] == []


def test_u1_a_folder_is_all_that_a_new_language_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server_texts: Catalog
) -> None:
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    (tmp_path / "de").mkdir()
    messages.write("de", "django", messages.merge("de", "django", server_texts))
    catalog = messages.read_catalog("de", "django")
    assert len(catalog) == len([text for text in server_texts if text.id])
    assert catalog.num_plurals == 2
    assert ("de", "Deutsch") in shipped_languages(tmp_path)
    assert compile_catalogs(tmp_path) == 1


def test_u1_merging_keeps_work_and_drops_what_nobody_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    (tmp_path / "hr" / "LC_MESSAGES").mkdir(parents=True)
    first = Catalog()
    first.add("Kept", None, [("a.py", 1)])
    first.add("Gone", None, [("a.py", 2)])
    messages.write("hr", "django", messages.merge("hr", "django", first))
    path = messages.po_path("hr", "django")
    done = path.read_text().replace('msgid "Kept"\nmsgstr ""', '# Why so.\nmsgid "Kept"\nmsgstr "Zadržano"')
    path.write_text(done.replace("#: a.py\n# Why so.", "# Why so.\n#: a.py"))
    second = Catalog()
    second.add("Kept", None, [("b/elsewhere.py", 7)])
    second.add(("%(n)s chat", "%(n)s chats"), None, [("b.py", 1)])
    messages.write("hr", "django", messages.merge("hr", "django", second))
    written = path.read_text()
    assert 'msgstr "Zadržano"' in written
    assert "# Why so." in written
    assert "#: b/elsewhere.py\n" in written
    assert "Gone" not in written
    assert 'msgstr[2] ""' in written
    messages.write("hr", "django", messages.merge("hr", "django", second))
    assert path.read_text() == written


def test_u1_catalogs_hold_nothing_of_a_machine() -> None:
    for path in messages.LOCALE.glob("*/LC_MESSAGES/*.po"):
        places = re.findall(r"^#: (.*)$", path.read_text(), re.MULTILINE)
        assert [place for place in places if ":" in place or place.startswith("/")] == [], path
        assert not re.search(r"^#~", path.read_text(), re.MULTILINE)


def _texts(language: str, domain: str) -> Iterator[Message]:
    """Those with a translation."""
    return (text for text in shipped(language, domain) if text.id and all(_forms(text)))


def _english(text: Message) -> tuple[str, ...]:
    return tuple(text.id) if isinstance(text.id, tuple | list) else (str(text.id),)


def _forms(text: Message) -> tuple[str, ...]:
    return tuple(text.string) if isinstance(text.string, tuple | list) else (str(text.string),)


def _name(text: Message) -> str:
    return f"{text.context}: {_english(text)[0]}" if text.context else _english(text)[0]


def _without_names(text: str) -> str:
    return PLACEHOLDER.sub("", text)


def _end(text: str) -> str:
    return ENDS.get(text[-1:], "")
