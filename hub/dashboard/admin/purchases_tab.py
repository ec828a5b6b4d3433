"""The purchases of one wallet, on a customer's or an organisation's page (S1, S5)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from credits import public as money
from hub.base.filters import number_of
from hub.site.public import person_of

PAGE = 25


def values(request: HttpRequest, wallet_id: int) -> dict[str, Any]:
    """For the template admin/wallet_purchases.html. What is no page of ours is the first."""
    number = min(number_of(request.GET.get("page")) or 1, 1000)
    start = (max(number, 1) - 1) * PAGE
    rows, more = money.purchases_of(person_of(request), wallet_id, start=start, limit=PAGE)
    return {
        "rows": rows,
        "next_page": number + 1 if more else None,
        "auto": money.find_auto_top_up(wallet_id),
        "owed_m": money.get_wallet(wallet_id).owed_m,
    }
