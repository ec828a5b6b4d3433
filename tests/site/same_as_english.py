"""Texts that are rightly the same in a language as in English: names, codes, and words that the language took over."""

from __future__ import annotations

EVERYWHERE = {
    "HTTP API",
    "VIP",
    "{amount}/min",
    "{name}: {text}",
    "{n} min",
    "{n} s",
    "%(n)s min",
    "%(n)s s",
}

SAME: dict[str, set[str]] = {"nl": set(), "hr": set(), "it": set(), "fa": set()}


def may_be_the_same(language: str, text: str) -> bool:
    return text in EVERYWHERE or text in SAME.get(language, set())
