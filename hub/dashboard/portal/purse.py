"""The wallet that the reader of a page pays from, where a balance is shown."""

from __future__ import annotations

from django.http import HttpRequest

from credits import public as money
from hub.accounts.public import Person


def wallet_of(request: HttpRequest, person: Person) -> money.WalletView | None:
    """None where no balance and no charges are shown: a VIP (P12)."""
    wallet = money.wallet_of_reader(request, person)
    return None if wallet is None or wallet.unmetered else wallet
