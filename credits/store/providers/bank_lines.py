"""A line of a bank statement, as staff paste it: free text, a row of a bank's CSV, or MT940's :61: and :86:.

Read is what booking needs: our reference, the amount, and that it came in. What is not certain is refused, never
guessed: the person who books looks at the statement anyway.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from credits.store.providers.bank_transfer import is_reference
from credits.store.providers.base import Money

LINE_CHARACTERS_MAX: Final = 5000
_REFERENCE: Final = re.compile(r"RF ?[0-9]{2}(?: ?[0-9]){16}(?![0-9A-Z])")
# MT940 (SWIFT): value date, entry date, C or D (R before it takes back), the currency's third letter, an amount.
_MT940: Final = re.compile(r":61:[0-9]{6}(?:[0-9]{4})?(R?[CD])[A-Z]?([0-9]{1,12},[0-9]{0,2})N")
# 1.234,56 or 1,234.56 or 1234.56, with at most one currency beside it; never part of a longer number or a date.
_AMOUNT: Final = re.compile(
    r"(?<![0-9A-Za-z.,-])(?:(EUR|€)\s?)?([+-]?)"
    r"([0-9]{1,3}(?:\.[0-9]{3})+,[0-9]{2}|[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]{2}|[0-9]{1,9}[.,][0-9]{2})"
    r"(?:\s?(EUR|€))?(?![0-9A-Za-z]|[.,-][0-9])"
)
_OUT: Final = re.compile(r"\b(Af|Debet|Debit|DBIT)\b", re.IGNORECASE)
_OTHER_CURRENCY: Final = re.compile(r"\b(USD|GBP|CHF|PLN|DKK|SEK|NOK|JPY|IRR|AED|CAD|AUD)\b")


# 2026-11-22, 20261122, 22-11-2026, 22/11/2026, 22.11.2026; :61:261122
_DAYS: Final = re.compile(
    r"(?<![0-9])(?:(?P<y>20[0-9]{2})-?(?P<m>[0-9]{2})-?(?P<d>[0-9]{2})"
    r"|(?P<d2>[0-9]{1,2})[-/.](?P<m2>[0-9]{1,2})[-/.](?P<y2>20[0-9]{2}))(?![0-9])"
    r"|:61:(?P<y3>[0-9]{2})(?P<m3>[0-9]{2})(?P<d3>[0-9]{2})"
)
_DAYS_APART: Final = timedelta(days=3)  # a bank books later than it values, and not at weekends


class Unreadable(Exception):
    """`what` could not be read with certainty: "reference", "amount", "direction", "currency" or "length"."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True, slots=True)
class BankLine:
    reference: str
    amount: Money


def read_line(text: str) -> BankLine:
    """Raises Unreadable."""
    if len(text) > LINE_CHARACTERS_MAX:
        raise Unreadable("length")
    if _OTHER_CURRENCY.search(text):
        raise Unreadable("currency")
    return BankLine(_reference(text), Money(_cents(text), "EUR"))


def _reference(text: str) -> str:
    found = find_reference(text)
    if found is None:
        raise Unreadable("reference")
    return found


def find_reference(text: str) -> str | None:
    """The one of ours in it, if there is just one. Line breaks and blanks that a bank put inside do not matter."""
    joined = re.sub(r"\s+", " ", text.upper())
    written: list[str] = _REFERENCE.findall(joined)
    found = {one for one in (each.replace(" ", "") for each in written) if is_reference(one)}
    return found.pop() if len(found) == 1 else None


def _cents(text: str) -> int:
    swift = _MT940.findall(text)
    if swift:
        if len(swift) > 1:
            raise Unreadable("amount")
        direction, amount = swift[0]
        return _came_in(direction == "C", _swift_cents(amount))
    amounts = {(sign, _plain_cents(digits)) for _, sign, digits, _ in _AMOUNT.findall(text)}
    if len(amounts) != 1:  # a balance beside it, or none at all
        raise Unreadable("amount")
    sign, cents = amounts.pop()
    return _came_in(sign != "-" and not _OUT.search(text), cents)


def _came_in(came_in: bool, cents: int) -> int:
    if not came_in:
        raise Unreadable("direction")
    if cents == 0:
        raise Unreadable("amount")
    return cents


def _swift_cents(text: str) -> int:
    whole, _, part = text.partition(",")
    return int(whole) * 100 + int(part.ljust(2, "0"))


def _plain_cents(text: str) -> int:
    return int(re.sub(r"[.,]", "", text))


def fits_day(text: str, day: date | None, *, pasted: datetime) -> bool:
    """Whether a line of text, brought at that moment, can be the payment that a file has on this day.

    By a day that stands in it; without one, by the fact that nobody brings what has not happened yet.
    """
    if day is None:
        return True
    written = days_in(text)
    if written:
        return any(abs(one - day) <= _DAYS_APART for one in written)
    return day <= pasted.date() + timedelta(days=1)  # in the bank's zone it may be tomorrow already


def days_in(text: str) -> set[date]:
    """All that read like days."""
    found = set()
    for match in _DAYS.finditer(text):
        part = match.groupdict()
        year = part["y"] or part["y2"] or f"20{part['y3']}"
        with suppress(ValueError):
            month, day = part["m"] or part["m2"] or part["m3"], part["d"] or part["d2"] or part["d3"]
            found.add(date(int(year), int(month), int(day)))
    return found
