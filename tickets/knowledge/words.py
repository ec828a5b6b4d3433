"""Words as they are looked for: without accents, in one spelling per letter, near words by how people mistype.

One way of folding for what is written and what is typed, so that the index needs no language: endings are taken off
the typed word alone, and what begins with what is left is found.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LETTERS_MAX: Final = 40
_WORD: Final = re.compile(r"[^\W_]{1,40}")
# Letters that no decomposition brings together, Arabic and Persian forms of one letter, digits of both.
_SAME: Final = str.maketrans(
    {
        "đ": "d",
        "ł": "l",
        "ø": "o",
        "ı": "i",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ي": "ی",
        "ى": "ی",
        "ئ": "ی",
        "ك": "ک",
        "ة": "ه",
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ؤ": "و",
        "\u200c": " ",
        "\u0640": "",
        "\u2019": "",
        "'": "",
        **dict(zip("٠١٢٣٤٥٦٧٨٩", "0123456789", strict=True)),
        **dict(zip("۰۱۲۳۴۵۶۷۸۹", "0123456789", strict=True)),
    }
)
_STEMMERS: Final = {"en": "english_stem", "nl": "dutch_stem", "it": "italian_stem"}
_LATIN: Final = "abcdefghijklmnopqrstuvwxyz0123456789"
_PERSIAN: Final = "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
_PERSIAN_ENDINGS: Final = ("هایی", "های", "ها", "ترین", "تر", "ای", "ی")


def fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in decomposed if not unicodedata.combining(one)).translate(_SAME)


def words_of(text: str) -> list[str]:
    """In their order, folded."""
    return _WORD.findall(fold(text))


def stemmer_of(language: str) -> str:
    """PostgreSQL's dictionary; `simple` where it has none."""
    return _STEMMERS.get(language, "simple")


def light_stem(word: str, language: str) -> str:
    """For languages without a dictionary: most of what changes is at the end."""
    if language == "fa":
        for ending in _PERSIAN_ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= 3:
                return word.removesuffix(ending)
    if language == "hr" and len(word) >= 5:
        return word[: max(4, len(word) - 2)]
    return word


def is_near(typed: str, word: str) -> bool:
    """One slip in a short word, two in a long one: a letter too many, too few, another, or two changed over."""
    allowed = 1 if len(typed) <= 5 else 2
    return abs(len(typed) - len(word)) <= allowed and slips(typed, word) <= allowed


def one_slip_from(word: str) -> set[str]:
    """All that the hand could have meant that is one slip away, in the letters of the word's own script."""
    letters = _PERSIAN if any("\u0600" <= one <= "\u06ff" for one in word) else _LATIN
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    fewer = {before + after[1:] for before, after in halves if after}
    swapped = {before + after[1] + after[0] + after[2:] for before, after in halves if len(after) > 1}
    other = {before + letter + after[1:] for before, after in halves if after for letter in letters}
    more = {before + letter + after for before, after in halves for letter in letters}
    return fewer | swapped | other | more


def slips(one: str, other: str) -> int:
    """Damerau's distance, by optimal string alignment."""
    before: list[int] = []
    line = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        before_last, before, line = before, line, [row]
        for column, theirs in enumerate(other, 1):
            cost = min(before[column] + 1, line[-1] + 1, before[column - 1] + (letter != theirs))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == theirs:
                cost = min(cost, before_last[column - 2] + 1)
            line.append(cost)
    return line[-1]
