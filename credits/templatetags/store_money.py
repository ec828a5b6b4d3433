"""Money and VAT rates in templates: {% load store_money %}."""

from __future__ import annotations

from decimal import Decimal

from django import template

from credits.admin.words import state_look, state_name
from credits.models import Purchase
from credits.store.money_text import money_text
from hub.base import formats

register = template.Library()


@register.filter
def money(cents: int, currency: str) -> str:
    return money_text(cents, currency)


@register.inclusion_tag("admin/money/state.html")
def purchase_state(purchase: Purchase) -> dict[str, object]:
    trouble = bool(purchase.trouble) and purchase.trouble != purchase.closed_trouble
    return {"state": state_name(purchase), "look": state_look(purchase), "trouble": trouble}


@register.filter
def percent(basis_points: int) -> str:
    """2100 is 21 %."""
    share = Decimal(basis_points) / 100
    return f"{formats.number(share.normalize() if share % 1 else int(share))} %"
