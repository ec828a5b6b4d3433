"""Amounts of credits and whole numbers as people write them into a field, and as they stand in one."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

AMOUNT_MAX: Final = 10**9  # credits; beyond it is a mistake, not an amount
_WHOLE: Final = re.compile(r"[0-9]{1,12}")
_AMOUNT: Final = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,3})?")


def field_text(amount_millicredits: int) -> str:
    """As it stands in a field: a point, no groups, so that it can be read again in every language."""
    whole, rest = divmod(amount_millicredits, 1000)
    decimals = f"{rest:03d}".rstrip("0")
    return f"{whole}.{decimals}" if decimals else f"{whole}"


def find_millicredits(text: str) -> int | None:
    """What was written, with comma or point, in any digits; None when it is no amount of credits."""
    plain = _plain(text).replace("٫", ".").replace(",", ".").replace(" ", "").replace("\u00a0", "")
    if not _AMOUNT.fullmatch(plain):
        return None
    amount = Decimal(plain)
    return None if abs(amount) > AMOUNT_MAX else int(amount * 1000)


def find_whole_number(text: str, least: int, most: int) -> int | None:
    """What was written, in any digits; None when it is no number from `least` to `most`."""
    plain = _plain(text)
    number = int(plain) if _WHOLE.fullmatch(plain) else None
    return number if number is not None and least <= number <= most else None


def _plain(text: str) -> str:
    """With our digits, whatever the script."""
    return "".join(str(int(sign)) if sign.isdecimal() else sign for sign in text)
