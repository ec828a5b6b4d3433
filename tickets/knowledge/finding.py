"""Finding articles (K1, K2): forgiving, over all languages, and quick while somebody types (docs/how/knowledge.md).

First the vocabulary is asked what the typed words are: how common; and, of those that nobody wrote, which were probably
meant. Then the texts that have all of them, or one of the rarest, are weighed by how rare those are. Two statements,
four with slips, however much is typed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from tickets.knowledge.readers import audiences_of
from tickets.knowledge.words import is_near, light_stem, one_slip_from, stemmer_of, words_of

if TYPE_CHECKING:
    from hub.accounts.public import Person

TYPED_CHARACTERS_MAX: Final = 200
WORDS_MAX: Final = 8
COMMON_PART: Final = 0.15  # a word in more of the texts says little, where there are rarer ones
NEAR_WORDS_MAX: Final = 6
MENDED_MAX: Final = 4  # words that nobody wrote, of which the longest say most; each costs some hundred look-ups
PREFIX_LETTERS_MIN: Final = 4  # what is still being typed may be shorter
CANDIDATES: Final = 300
SUMMARY_CHARACTERS: Final = 220
OTHER_LANGUAGE: Final = 0.55
_ITEM: Final = re.compile(r"^\s*(?:-|\d+\.)\s+", re.MULTILINE)

_KNOWN: Final = """
WITH typed AS (
    SELECT t.word, coalesce((ts_lexize(%(stemmer)s, t.light))[1], t.light) AS stem, t.n
      FROM unnest(%(words)s::text[], %(light)s::text[]) WITH ORDINALITY AS t(word, light, n)
), begins AS (
    SELECT *, length(stem) >= CASE WHEN n = %(last)s THEN 3 ELSE %(prefix)s END AS open FROM typed
)
SELECT word, CASE WHEN open THEN stem END, coalesce(CASE WHEN open THEN
             (SELECT sum(k.documents) FROM tickets_knownword k
               WHERE k.word >= stem AND k.word < stem || U&'\\+10FFFF' AND k.documents > 0)
           ELSE (SELECT k.documents FROM tickets_knownword k WHERE k.word = begins.word) END, 0),
       (SELECT documents FROM tickets_knownword WHERE word = '')
  FROM begins ORDER BY n
"""
# One slip: every word that it could have been is looked up. Two slips in a long word: by trigrams.
_NEAR: Final = "SELECT word FROM tickets_knownword WHERE word = ANY(%(one_slip)s::text[]) AND documents > 0"
_NEAR_LONG: Final = """
SELECT word FROM tickets_knownword WHERE word %% %(word)s AND documents > 0 AND word <> ''
 ORDER BY similarity(word, %(word)s) DESC LIMIT 20
"""


@dataclass(frozen=True, slots=True)
class Found:
    """One article, in the reader's language where there is one."""

    article_id: int
    language: str
    title: str
    summary: str
    kind: str
    published_at: datetime
    score: float


def in_short(text: str) -> str:
    """How a text begins, on one line and as far as whole words go; marks of lists are not in it."""
    words = " ".join(_ITEM.sub("", text[: SUMMARY_CHARACTERS + 1]).split())
    if len(text) <= SUMMARY_CHARACTERS:
        return words
    return f"{words.rpartition(' ')[0] or words}…"


@dataclass(frozen=True, slots=True)
class _Term:
    query: str
    weight: float
    hits: int  # texts, at most; each word that begins so counts by itself
    is_common: bool


def suggest(person: Person | None, typed: str, language: str, *, limit: int = 5) -> list[Found]:
    """While a subject is typed (K2): by titles and keywords."""
    return _find(person, typed, language, limit, _SUGGEST)


def search(person: Person | None, typed: str, language: str, *, limit: int = 50) -> list[Found]:
    """By all that an article says; its title counts most."""
    return _find(person, typed, language, limit, _SEARCH)


# Those that have all terms, and those that have one of the rarest: a bounded number of each, whatever was typed. Each
# term's weight counts where the text has it.
_SUGGEST: Final = """
WITH near AS MATERIALIZED (
    (SELECT id FROM tickets_articletext WHERE head @@ %(all)s::tsquery LIMIT %(most)s)
    UNION (SELECT id FROM tickets_articletext WHERE head @@ %(any)s::tsquery LIMIT %(most)s)
), hit AS MATERIALIZED (
    SELECT t.id, t.article_id, t.language, t.title, ({score}) AS score
      FROM near JOIN tickets_articletext t USING (id)
)"""
_SEARCH: Final = """
WITH near AS MATERIALIZED (
    (SELECT id FROM tickets_articletext WHERE head @@ %(all)s::tsquery LIMIT %(most)s)
    UNION (SELECT id FROM tickets_articletext WHERE head @@ %(any)s::tsquery LIMIT %(most)s)
    UNION (SELECT id FROM tickets_articletext WHERE body @@ %(all)s::tsquery LIMIT %(most)s)
    UNION (SELECT id FROM tickets_articletext WHERE body @@ %(any)s::tsquery LIMIT %(most)s)
), hit AS MATERIALIZED (
    SELECT t.id, t.article_id, t.language, t.title, 3 * ({score}) + ({body_score}) AS score
      FROM near JOIN tickets_articletext t USING (id)
)"""
_READ: Final = """
SELECT hit.article_id, hit.language, hit.title, left(t.text, %(summary)s), a.kind, t.published_at,
       hit.score * CASE WHEN hit.language = %(language)s THEN 1 ELSE %(other)s END AS weighed
  FROM hit JOIN tickets_article a ON a.id = hit.article_id JOIN tickets_articletext t ON t.id = hit.id
 WHERE a.audience = ANY(%(audiences)s) AND hit.score > 0
 ORDER BY weighed DESC, length(hit.title), hit.article_id DESC LIMIT %(limit)s
"""


def _find(person: Person | None, typed: str, language: str, limit: int, shape: str) -> list[Found]:
    terms = _terms(typed, language)
    if not terms:
        return []
    values: dict[str, Any] = {
        "all": " & ".join(term.query for term in terms),
        "any": " | ".join(term.query for term in _rarest(terms)),
        "most": CANDIDATES,
        "summary": SUMMARY_CHARACTERS + 1,  # whether there is more
        "language": language,
        "other": OTHER_LANGUAGE,
        "audiences": audiences_of(person),
        "limit": limit * 3,  # of one article several languages may be found
    }
    for number, term in enumerate(terms):
        values |= {f"q{number}": term.query, f"w{number}": term.weight}
    statement = shape.format(score=_score("head", terms), body_score=_score("body", terms)) + _READ
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return _one_per_article(cursor.fetchall(), limit)


def _score(column: str, terms: Sequence[_Term]) -> str:
    parts = (f"CASE WHEN t.{column} @@ %(q{number})s::tsquery THEN %(w{number})s::float8 ELSE 0 END"
             for number in range(len(terms)))  # fmt: skip
    return " + ".join(parts)


def _one_per_article(rows: Sequence[tuple[Any, ...]], limit: int) -> list[Found]:
    best: dict[int, Found] = {}
    for row in rows:
        article_id, language, title, text, *rest = row
        best.setdefault(article_id, Found(article_id, language, title, in_short(text), *rest))
    return list(best.values())[:limit]


def _rarest(terms: Sequence[_Term]) -> Sequence[_Term]:
    """So few that those who have them can be looked at; the rarest in any case."""
    taken, hits = 0, 0
    while taken < len(terms) and (taken == 0 or hits + terms[taken].hits <= CANDIDATES):
        hits += terms[taken].hits
        taken += 1
    return terms[:taken]


def _terms(typed: str, language: str) -> list[_Term]:
    """What is looked for, the rarest first. Words that nobody wrote are those that were probably meant."""
    words = list(dict.fromkeys(words_of(typed[:TYPED_CHARACTERS_MAX])))[:WORDS_MAX]
    if not words:
        return []
    values: dict[str, Any] = {
        "words": words,
        "light": [light_stem(word, language) for word in words],
        "stemmer": stemmer_of(language),
        "last": len(words),
        "prefix": PREFIX_LETTERS_MIN,
    }
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, values)
        rows = cursor.fetchall()
    total = max(rows[0][3] or 0, 1)
    terms = [_known_term(word, stem, hits, total) for word, stem, hits, _ in rows if hits]
    terms += _meant_terms([word for word, _, hits, _ in rows if not hits and len(word) > 3], total)
    rare = [term for term in terms if not term.is_common]
    return sorted(rare or terms, key=lambda term: term.hits)


def _known_term(word: str, stem: str | None, hits: int, total: int) -> _Term:
    part = min(hits / total, 1.0)
    query = f"'{stem}':*" if stem else f"'{word}'"
    return _Term(query, math.log(1 + 1 / part), int(hits), part > COMMON_PART)


def _meant_terms(words: list[str], total: int) -> list[_Term]:
    """What was probably meant; one statement for all that are one slip away, one for the longest that is not."""
    if not words:
        return []
    by_slip = {word: one_slip_from(word) for word in sorted(words, key=len, reverse=True)[:MENDED_MAX]}
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, {"one_slip": [one for near in by_slip.values() for one in near]})
        written = {row[0] for row in cursor.fetchall()}
        meant = {word: sorted(written & near)[:NEAR_WORDS_MAX] for word, near in by_slip.items()}
        far = max((word for word, near in meant.items() if not near and len(word) > 5), key=len, default="")
        if far:
            cursor.execute(_NEAR_LONG, {"word": far})
            meant[far] = [row[0] for row in cursor.fetchall() if is_near(far, row[0])][:NEAR_WORDS_MAX]
    weight = 0.8 * math.log(1 + total)
    queries = ["(" + " | ".join(f"'{one}'" for one in near) + ")" for near in meant.values() if near]
    return [_Term(query, weight, hits=1, is_common=False) for query in queries]
