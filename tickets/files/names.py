"""What somebody called their file, made harmless: text that is shown and offered, never a path."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

CHARACTERS_MAX: Final = 120
ENDING_CHARACTERS_MAX: Final = 12
NAMELESS: Final = "file"
# What Persian and emoji are written with; all other invisible characters only deceive.
_JOINERS: Final = "\u200c\u200d"
_FORBIDDEN: Final = re.compile(r'[<>:"|?*]')  # where Windows keeps files
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)


def clean_name(given: str) -> str:
    """The last part of a path, without what cannot be seen, short enough, with its ending."""
    shown = "".join(one for one in unicodedata.normalize("NFC", given) if _is_seen(one))
    last = re.split(r"[/\\]", shown)[-1]
    tidy = _FORBIDDEN.sub("_", " ".join(last.split())).strip(". ")
    tidy = f"_{tidy}" if _DEVICES.match(tidy) else tidy
    return _short(tidy) if tidy.strip(_JOINERS) else NAMELESS


def ending_of(name: str) -> str:
    """Without its dot and in small letters; nothing where there is none."""
    visible = "".join(one for one in name if one not in _JOINERS)
    _, dot, ending = visible.rpartition(".")
    return ending.strip().lower() if dot and 0 < len(ending.strip()) <= ENDING_CHARACTERS_MAX else ""


def with_ending(name: str, ending: str) -> str:
    """The same name with another ending."""
    stem = name.rpartition(".")[0] if ending_of(name) else name
    return _short(f"{stem}.{ending}")


def _is_seen(one: str) -> bool:
    return one in _JOINERS or unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Co", "Cn")


def _short(name: str) -> str:
    if len(name) <= CHARACTERS_MAX:
        return name
    ending = ending_of(name)
    tail = f".{ending}" if ending else ""
    return name[: CHARACTERS_MAX - len(tail)].rstrip(". ") + tail
