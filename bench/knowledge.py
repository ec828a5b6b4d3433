"""How long it takes to suggest articles while somebody types (K2), and to search them, among ten thousand.

10,000 articles in two languages each, 130 words to a text, of a vocabulary as uneven as a language's (Zipf). Typed are
beginnings of titles as they grow, words with a slip of the hand, and words that nobody wrote; what a sentence is mostly
made of (the commonest words) is in all of them. The time is that of the function: both statements, and all around them.
"""

from __future__ import annotations

import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

from bench.database import own_database

ARTICLES: Final = 10_000
LANGUAGES: Final = ("en", "nl")
WORDS: Final = 30_000
WORDS_OF_TEXT: Final = 130
ROUNDS: Final = 2_000
NOW: Final = datetime(2026, 11, 22, tzinfo=UTC)
BAR_MS: Final = 20.0
SYLLABLES: Final = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we zi ster print kan net werk al on in ver".split()  # noqa: SIM905


def main() -> None:
    with own_database():
        chance = random.Random(20)
        vocabulary = _vocabulary(chance)
        titles = _seed(chance, vocabulary)
        _measure(chance, vocabulary, titles)


def _vocabulary(chance: random.Random) -> list[str]:
    """The commonest first."""
    words: dict[str, None] = {}
    while len(words) < WORDS:
        words["".join(chance.choices(SYLLABLES, k=chance.choice((1, 2, 2, 3, 3, 4))))] = None
        if len(words) % 500 == 499:
            words[f"w{len(words)}"] = None
    return list(words)


def _seed(chance: random.Random, vocabulary: list[str]) -> list[str]:
    from django.db import connection

    from tickets.knowledge import indexing
    from tickets.models import Article, ArticleText, ArticleVersion, KnownWord

    weights = [1 / (rank + 3) for rank in range(len(vocabulary))]
    dated = {"created_at": NOW, "updated_at": NOW, "is_published": True}
    articles = Article.objects.bulk_create(Article(**dated) for _ in range(ARTICLES))
    versions, counted = [], Counter[str]()
    for article in articles:
        for language in LANGUAGES:
            title = " ".join(chance.choices(vocabulary, weights, k=6))
            text = " ".join(chance.choices(vocabulary, weights, k=WORDS_OF_TEXT))
            said = {"language": language, "number": 1, "title": title, "html": f"<p>{text}</p>", "text": text}
            versions.append(ArticleVersion(article=article, written_at=NOW, published_at=NOW, **said))
            counted.update({indexing.TEXTS, *title.split(), *text.split()})
    ArticleVersion.objects.bulk_create(versions, batch_size=2000)
    names = ("article_id", "language", "title", "html", "text", "published_at")
    texts = [ArticleText(version=one, **{name: getattr(one, name) for name in names}) for one in versions]
    ArticleText.objects.bulk_create(texts, batch_size=2000)
    KnownWord.objects.bulk_create(KnownWord(word=word, documents=count) for word, count in counted.items())
    with connection.cursor() as cursor:
        cursor.execute(
            "update tickets_articletext set head = to_tsvector('simple', title), body = to_tsvector('simple', text)"
        )
        cursor.execute("vacuum analyze tickets_articletext")
        cursor.execute("vacuum analyze tickets_knownword")
        cursor.execute("vacuum analyze tickets_article")
    return [one.title for one in versions]


def _typed(chance: random.Random, vocabulary: list[str], titles: list[str]) -> Iterator[tuple[str, str]]:
    """(what kind, what was typed): a title as it grows, with slips, with words that nobody wrote."""
    while True:
        title = chance.choice(titles)
        yield "a title as it grows", title[: chance.randint(3, len(title))]
        yield "with slips", " ".join(_slip(chance, word) for word in title.split())
        yield "the commonest words", " ".join(chance.choices(vocabulary[:50], k=5))
        yield "words nobody wrote", " ".join(chance.choice(("xylofoon", "qqqqq", "zzyzx", "wvwvwv")) for _ in range(8))


def _slip(chance: random.Random, word: str) -> str:
    if len(word) < 4:
        return word
    at = chance.randrange(1, len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _measure(chance: random.Random, vocabulary: list[str], titles: list[str]) -> None:
    from tickets.knowledge import finding

    asked = _typed(chance, vocabulary, titles)
    typed = [next(asked) for _ in range(ROUNDS)]
    print("| what | typed | p50 ms | p95 ms | p99 ms | most |\n|---|---|---|---|---|---|")
    for name, find in (("suggest", finding.suggest), ("search", finding.search)):
        times = _times(find, typed)
        _row(name, "all of it", [ms for _, ms in times])
        for kind in dict.fromkeys(kind for kind, _ in typed):
            _row(name, kind, [ms for one, ms in times if one == kind])


def _times(find: Callable[..., Any], typed: list[tuple[str, str]]) -> list[tuple[str, float]]:
    for _, text in typed[:50]:
        find(None, text, "en")
    times = []
    for kind, text in typed:
        begun = time.perf_counter()
        find(None, text, "en")
        times.append((kind, (time.perf_counter() - begun) * 1000))
    return times


def _row(name: str, kind: str, times: list[float]) -> None:
    p50, p95, p99 = (statistics.quantiles(times, n=100)[at] for at in (49, 94, 98))
    missed = " **missed**" if name == "suggest" and p95 > BAR_MS else ""
    print(f"| {name} | {kind} | {p50:.1f} | {p95:.1f}{missed} | {p99:.1f} | {max(times):.1f} |")


if __name__ == "__main__":
    main()
