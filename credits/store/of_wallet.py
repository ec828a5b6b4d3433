"""The purchases of one wallet, for staff's pages."""

from __future__ import annotations

from credits.models import Purchase
from hub.accounts.public import Person


def purchases_of(person: Person, wallet_id: int, *, start: int, limit: int) -> tuple[list[Purchase], bool]:
    """The newest first, of those that this person sees; and whether there are more."""
    rows = Purchase.objects.visible_to(person).filter(wallet=wallet_id).select_related("buyer")
    found = list(rows.order_by("-created_at", "-pk")[start : start + limit + 1])
    return found[:limit], len(found) > limit


def count_purchases(wallet_id: int) -> int:
    """Of a wallet that the reader was seen to see: staff see all purchases of it then."""
    return int(Purchase.objects.filter(wallet=wallet_id).count())
