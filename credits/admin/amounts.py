"""Money and percentages as people write them into a field, and as they stand in one."""

from __future__ import annotations

from hub.base.amounts import find_millicredits

CENTS_MAX = 100_000_00
BASIS_POINTS_MAX = 9_999


def cents_text(cents: int) -> str:
    """A point and no groups, so that it can be read again in every language."""
    return f"{cents // 100}.{cents % 100:02d}"


def percent_text(basis_points: int) -> str:
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)


def find_cents(text: str) -> int | None:
    """With comma or point, in any digits; None when it is no amount of whole cents up to CENTS_MAX."""
    return _hundredths(text, CENTS_MAX)


def find_basis_points(text: str) -> int | None:
    return _hundredths(text.removesuffix("%").strip(), BASIS_POINTS_MAX)


def _hundredths(text: str, most: int) -> int | None:
    thousandths = find_millicredits(text)
    if thousandths is None or thousandths % 10 or not 0 <= thousandths // 10 <= most:
        return None
    return thousandths // 10
