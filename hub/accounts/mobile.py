"""Mobile numbers as they are kept: E.164. People write them in many ways, and in more than one script's digits."""

from __future__ import annotations

import unicodedata

from django.conf import settings

DIGITS_MIN = 8
DIGITS_MAX = 15


def plain_number(text: str) -> str | None:
    """`06 1234 5678` and `۰۶۱۲۳۴۵۶۷۸` are `+31612345678`. None where it cannot be a number.

    A number without a country is one of the hub's own (settings.COUNTRY_CALLING_CODE).
    """
    digits = "".join(_digit(sign) for sign in text.strip() if sign not in " -./()\u00a0\u200e\u200f")
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    elif digits.startswith("0"):
        digits = f"+{settings.COUNTRY_CALLING_CODE}{digits[1:]}"
    number = digits.removeprefix("+")
    plain = digits.startswith("+") and number.isascii() and number.isdecimal()
    return digits if plain and DIGITS_MIN <= len(number) <= DIGITS_MAX else None


def _digit(sign: str) -> str:
    value = unicodedata.decimal(sign, None)
    return sign if value is None else str(value)
