"""U1: every text of ours has a translation in every catalog we ship, with the same placeholders."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.messages import ROOT, our_messages

CATALOGS = sorted((ROOT / "frontend" / "locale").glob("*/LC_MESSAGES/django.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)s|<[^>]+>")


def test_u1_dutch_is_shipped() -> None:
    assert "nl" in {path.parts[-3] for path in CATALOGS}


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.parts[-3])
def test_u1_every_text_is_translated(path: Path) -> None:
    """Add what is named here to the catalog; a text that nobody says any more may go."""
    with path.open("rb") as file:
        catalog = read_po(file, locale=path.parts[-3])
    translated = {str(message.id): str(message.string) for message in catalog if message.id and not message.fuzzy}
    missing = {text: where for text, where in our_messages().items() if not translated.get(text)}
    assert not missing
    for text, translation in translated.items():
        assert sorted(PLACEHOLDER.findall(text)) == sorted(PLACEHOLDER.findall(translation)), text
