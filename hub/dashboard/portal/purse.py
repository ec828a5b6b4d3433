"""The wallet that the reader of a page pays from, read once per request."""

from __future__ import annotations

from django.http import HttpRequest

from credits import public as money
from hub.accounts.public import Person


def wallet_of(request: HttpRequest, person: Person) -> money.WalletView | None:
    """None where no balance and no charges are shown: a VIP (P12)."""
    if not hasattr(request, "portal_wallet"):
        wallet = money.wallet_for(person.user_id) if person.user_id is not None else None
        request.portal_wallet = None if wallet is None or wallet.unmetered else wallet  # type: ignore[attr-defined]
    found: money.WalletView | None = request.portal_wallet  # type: ignore[attr-defined]
    return found
