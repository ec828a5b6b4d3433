"""The purchases of one wallet, for staff's pages."""

from __future__ import annotations

from credits.models import Purchase, Wallet
from hub.accounts.public import Membership, Person


def purchases_of(person: Person, wallet_id: int, *, start: int, limit: int) -> tuple[list[Purchase], bool]:
    """The newest first, of those that this person sees; and whether there are more."""
    rows = Purchase.objects.visible_to(person).filter(wallet=wallet_id).select_related("buyer")
    found = list(rows.order_by("-created_at", "-pk")[start : start + limit + 1])
    return found[:limit], len(found) > limit


def count_purchases(user_id: int) -> int:
    """Of the wallet that a customer pays from, whom the reader was seen to see: staff see all purchases of it then."""
    company = Membership.objects.filter(user=user_id).values_list("organisation", flat=True).first()
    wallets = Wallet.objects.filter(user=user_id) if company is None else Wallet.objects.filter(organisation=company)
    return int(Purchase.objects.filter(wallet__in=wallets.values("pk")).count())
