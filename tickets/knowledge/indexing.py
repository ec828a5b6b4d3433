"""What makes a text findable: two vectors of its words, and the vocabulary of all texts.

Written in the transaction that publishes. The vocabulary's rows are raised in the order of their words, so that two
who publish at once wait for each other and never in a circle.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db import connection

from tickets.knowledge.words import words_of
from tickets.models import ArticleText

TEXTS: Final = ""  # the word that counts the texts
_VECTORS: Final = """
UPDATE tickets_articletext SET head = to_tsvector('simple', %s), body = to_tsvector('simple', %s) WHERE id = %s
"""
_COUNT: Final = """
INSERT INTO tickets_knownword AS k (word, documents)
SELECT w, %s FROM unnest(%s::text[]) AS w ORDER BY w COLLATE "C"
ON CONFLICT (word) DO UPDATE SET documents = k.documents + excluded.documents
"""


@dataclass(frozen=True, slots=True)
class Said:
    """What a text consists of, as far as it is looked for."""

    title: str
    keywords: str
    text: str

    def words(self) -> set[str]:
        return {TEXTS, *words_of(f"{self.title} {self.keywords} {self.text}")}


def said_by(text: ArticleText) -> Said:
    return Said(text.title, text.keywords, text.text)


def write(text: ArticleText, *, before: Said | None) -> None:
    """The text is as it shall be found; `before` is what stood there."""
    head = " ".join(words_of(f"{text.title} {text.keywords}"))
    with connection.cursor() as cursor:
        cursor.execute(_VECTORS, [head, " ".join(words_of(text.text)), text.pk])
    now, earlier = said_by(text).words(), before.words() if before else set()
    _count(now - earlier, +1)
    _count(earlier - now, -1)


def forget(text: ArticleText) -> None:
    """The text is read by nobody any more."""
    _count(said_by(text).words(), -1)


def _count(words: Iterable[str], by: int) -> None:
    wanted = sorted(words)
    if wanted:
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, [by, wanted])


def rebuild() -> int:
    """All of it anew, after a change of how words are folded. How many texts."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM tickets_knownword")
    texts = 0
    for text in ArticleText.objects.defer("head", "body").order_by("pk").iterator(chunk_size=500):
        write(text, before=None)
        texts += 1
    return texts
