"""Money as the reader writes it (docs/how/languages.md)."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_currency
from django.utils import translation

from hub.base.formats import digits


def money_text(cents: int, currency: str) -> str:
    """€ 12.50 in the reader's language; the reader's language is Django's active one."""
    locale = (translation.get_language() or "en").replace("-", "_")
    return digits(format_currency(Decimal(cents) / 100, currency, locale=locale, numbering_system="default"))
