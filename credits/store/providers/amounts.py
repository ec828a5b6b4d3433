"""Money as Mollie and PayPal write it: text with two decimals beside a currency."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from credits.store.providers.base import Money, ProviderDown

_VALUE: Final = re.compile(r"([0-9]{1,9})\.([0-9]{2})")


def decimal_text(amount: Money) -> str:
    return f"{amount.cents // 100}.{amount.cents % 100:02d}"


def read_money(part: object, *, currency_field: str) -> Money:
    """`{"value": "10.00", currency_field: "EUR"}`. Raises ProviderDown: a sum that cannot be read is no sum."""
    if isinstance(part, Mapping):
        found = _VALUE.fullmatch(str(part.get("value", "")))
        if found:
            try:
                return Money(int(found[1]) * 100 + int(found[2]), str(part.get(currency_field, "")))
            except ValueError:
                pass
    raise ProviderDown("The answer holds an amount that cannot be read.")


def cents_of(part: Any, like: Money, *, currency_field: str) -> int:
    """A sum that belongs to `like`, 0 where there is none. Another currency cannot be added up."""
    if part is None:
        return 0
    money = read_money(part, currency_field=currency_field)
    if money.currency != like.currency:
        raise ProviderDown("The answer mixes currencies.")
    return money.cents
