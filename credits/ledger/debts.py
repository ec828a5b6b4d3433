"""What a wallet owes (S5): credits that were taken back after they had been spent. It is paid first from what comes in.

A debt is the wallet's debt account below zero; the wallet itself never is (L3). See docs/how/payments.md.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from credits.ledger.accounts import house_account
from credits.ledger.transfers import Movement, lock_accounts, post
from credits.models import Account, Transfer


def owed_m(wallet_id: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(credits_owed_m(%s), 0)", [wallet_id])
        return int(cursor.fetchone()[0])


def owed_by(wallet_ids: Iterable[int]) -> dict[int, int]:
    """Those of these wallets that owe something, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute("select w, credits_owed_m(w) from unnest(%s::bigint[]) w", [list(wallet_ids)])
        return {wallet_id: owed for wallet_id, owed in cursor if owed}


def take_back(wallet_id: int, amount_m: int, *, key: str, reference: str, actor: str) -> int:
    """Take so much out of the wallet, and what it has not got as a debt; how much became debt. Inside `moving`.

    `reference` is the key of the lot that goes back (lots_0002.sql): it is taken first.
    """
    lock_accounts([wallet_id])
    clearing = house_account(Account.Kind.CLEARING)
    there_m = min(amount_m, available_m(wallet_id))
    if there_m:
        post(f"{key}:wallet", Movement(wallet_id, clearing, there_m, "taken_back", actor, reference))
    if amount_m > there_m:
        post(f"{key}:debt", Movement(_debt_account(wallet_id), clearing, amount_m - there_m, "owed", actor, reference))
    return amount_m - there_m


def pay_debt(wallet_id: int) -> int:
    """Pay what is owed out of what is there; how much. Inside `moving`, after credits came in."""
    if not owed_m(wallet_id):
        return 0
    lock_accounts([wallet_id])
    amount_m = min(owed_m(wallet_id), available_m(wallet_id))  # as it is now that nobody else moves it
    if amount_m <= 0:
        return 0
    debt = _debt_account(wallet_id)
    times = Transfer.objects.filter(credit=debt, reason="debt").count()
    post(f"debt:{wallet_id}:{times}", Movement(wallet_id, debt, amount_m, "debt", "clock"))
    return amount_m


def move_debt(wallet_id: int, kept_wallet_id: int, *, key: str, actor: str) -> None:
    """What one wallet owes another one owes from now on (two accounts of one person, A1). Inside `moving` of both."""
    amount_m = owed_m(wallet_id)
    if amount_m > 0:
        post(key, Movement(_debt_account(kept_wallet_id), _debt_account(wallet_id), amount_m, "merge", actor))


def available_m(wallet_id: int) -> int:
    return Account.objects.values_list("balance_m", flat=True).get(pk=wallet_id) or 0


def _debt_account(wallet_id: int) -> int:
    return int(Account.objects.values_list("pk", flat=True).get(wallet=wallet_id, kind=Account.Kind.DEBT))
