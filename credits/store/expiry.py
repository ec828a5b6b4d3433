"""Granted credits whose time is over leave the wallet (L7). Never what is held; what returns to them expires too."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import connection

from credits.ledger.accounts import house_account
from credits.metering.purse import moving
from credits.models import Account
from hub.base import clock

log = structlog.get_logger(__name__)

# How far back a night looks at lots again: the hub may have been down, and credits return to lots that are over.
LOOKS_BACK: Final = timedelta(days=45)
LATELY: Final = timedelta(hours=1)
BATCH: Final = 1_000

_WALLETS = """
select distinct t.credit_id from credits_transfer t join credits_account a on a.id = t.credit_id and a.balance_m > 0
 where t.expires_at > %s and t.expires_at <= %s and t.credit_id > %s order by t.credit_id limit %s"""


def expire_due(batch: int = BATCH, *, looks_back: timedelta = LOOKS_BACK) -> int:
    """Expire what is over, each wallet in a transaction of its own; millicredits.

    All of them, batch by batch: a wallet whose gift is over stays among them for as long as is looked back.
    """
    now, last, expired_m = clock.now(), 0, 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_WALLETS, [now - looks_back, now, last, batch])
            wallets = [wallet_id for (wallet_id,) in cursor]
        expired_m += sum(_expire_safely(wallet_id, now) for wallet_id in wallets)
        if len(wallets) < batch:
            return expired_m
        last = wallets[-1]


def _expire_safely(wallet_id: int, now: datetime) -> int:
    try:
        return expire_wallet(wallet_id, now)
    except Exception:  # one must not stop the others
        log.exception("store.expiry_failed", wallet=wallet_id)
        return 0


def expire_wallet(wallet_id: int, now: datetime) -> int:
    """Millicredits that expired. Live meters of the wallet are told of their new time left."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists(select from credits_wallet_lots(%s) where expires_at <= %s and left_m > 0)", [wallet_id, now]
        )
        if not cursor.fetchone()[0]:
            return 0
    expired = house_account(Account.Kind.EXPIRED)
    with moving(wallet_id), connection.cursor() as cursor:
        cursor.execute("select credits_expire_lots(%s, %s, %s)", [wallet_id, expired, now])
        return int(cursor.fetchone()[0])
