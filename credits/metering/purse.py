"""Credits that come into or leave wallets while its meters run: they wake, and their time left changes at once.

What a wallet owes is paid before anything else gets of what came in (S5).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from credits.ledger.debts import pay_debt
from credits.metering.news import tell_wallet
from credits.metering.waking import lock_live, wake_wallet, woke_events


@contextmanager
def moving(*wallet_ids: int) -> Iterator[None]:
    """Around transfers of wallets: locks their live meters first (the order of locks), then wakes and tells them."""
    with transaction.atomic():
        lock_live(wallet_ids)
        yield
        for wallet_id in sorted(wallet_ids):
            pay_debt(wallet_id)
        for wallet_id in wallet_ids:
            woken = wake_wallet(wallet_id)
            tell_wallet(wallet_id, woken, woke_events(woken))
