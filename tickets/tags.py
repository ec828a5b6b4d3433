"""Tags of a ticket: short words of staff, in the order in which they were given, each once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

TAGS_MAX: Final = 20
CHARACTERS_MAX: Final = 40


def tidy(typed: Iterable[str]) -> list[str]:
    """As they are kept: without case and doubled spaces; what is too much is left out."""
    words = (" ".join(one.split()).casefold()[:CHARACTERS_MAX].strip() for one in typed)
    return list(dict.fromkeys(filter(None, words)))[:TAGS_MAX]
