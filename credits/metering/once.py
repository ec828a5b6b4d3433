"""A fixed price that is charged at once: a ticket, a reply, an hour of work (T2, T9). See docs/how/ledger.md.

It is a meter that ran for one second and has ended, so that limits (P4), VIPs (P12), refunds by reference (M6), the
lines of a wallet (L5) and the nightly audit (M7) hold for it as for everything else that costs.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, connection, transaction

from credits.allowances import find_allowance
from credits.errors import NoCredits, WrongAmount
from credits.ledger.accounts import WalletView, find_wallet, house_account
from credits.ledger.transfers import lock_accounts
from credits.metering.purse import moving
from credits.models import Account
from credits.sql import read
from hub.base import clock

# What the database says when a wallet, or a member's limit of the month, has less.
_RULES = frozenset({"credits_account_balance_not_negative", "credits_allowance_within_limit"})


@transaction.atomic
def charge_once(*, spender_id: int, amount_m: int, reference: str, actor: str) -> int:
    """Charge this to the wallet that the spender pays from; the id of what was charged. A VIP's costs nothing (P12).

    It has no key: it is charged once because whoever calls makes a row of their own in the same transaction. Raises
    WrongAmount, and NoCredits with `short_of` 'balance' or 'limit' (C2, P4), with no effect.
    """
    if amount_m <= 0:
        raise WrongAmount(field="amount_m")
    wallet = find_wallet(spender_id)
    if wallet is None:
        raise NoCredits(short_of="balance")
    with moving(wallet.id):
        lock_accounts([wallet.id])
        _require_funds(spender_id, amount_m)
        return _post(wallet, spender_id, amount_m, reference, actor)


def _require_funds(spender_id: int, amount_m: int) -> None:
    """Read again now that nobody else can spend it."""
    wallet = find_wallet(spender_id)
    short_of = "balance" if wallet is None else wallet.lacks(amount_m)
    if short_of:
        raise NoCredits(short_of=short_of)


def _post(wallet: WalletView, spender_id: int, amount_m: int, reference: str, actor: str) -> int:
    values: dict[str, int | str | bool | datetime | None] = {
        "wallet": wallet.id,
        "house": house_account(Account.Kind.HOUSE),
        "reference": reference,
        "spender": spender_id,
        "price": amount_m,
        "allowance": find_allowance(wallet.id, spender_id) if wallet.organisation_id is not None else None,
        "unmetered": wallet.unmetered,
        "actor": actor,
        "now": clock.now(),
    }
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(read("metering", "once"), values)
            return int(cursor.fetchone()[0])
    except IntegrityError as refusal:
        if getattr(getattr(refusal.__cause__, "diag", None), "constraint_name", None) in _RULES:
            raise NoCredits(short_of="balance") from None
        raise
