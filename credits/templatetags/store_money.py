"""Money and VAT rates in templates: {% load store_money %}."""

from __future__ import annotations

from decimal import Decimal

from django import template

from credits.store.money_text import money_text
from hub.base import formats

register = template.Library()


@register.filter
def money(cents: int, currency: str) -> str:
    return money_text(cents, currency)


@register.filter
def percent(basis_points: int) -> str:
    """2100 is 21 %."""
    share = Decimal(basis_points) / 100
    return f"{formats.number(share.normalize() if share % 1 else int(share))} %"
