"""The wallet that the reader of a page pays from, read once per request."""

from __future__ import annotations

from django.http import HttpRequest

from credits.ledger.accounts import WalletView, find_wallet
from hub.accounts.public import Person


def wallet_of_reader(request: HttpRequest, person: Person) -> WalletView | None:
    """None for who has none: all but customers."""
    if not hasattr(request, "reader_wallet"):
        found = find_wallet(person.user_id) if person.user_id is not None else None
        request.reader_wallet = found  # type: ignore[attr-defined]
    wallet: WalletView | None = request.reader_wallet  # type: ignore[attr-defined]
    return wallet
