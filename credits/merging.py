"""The wallets of two accounts that become one (A1): what is left moves by transfers, lot by lot; no row is changed."""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext as _

from credits.ledger.accounts import get_wallet, open_wallet
from credits.ledger.debts import move_debt
from credits.ledger.transfers import Movement, post
from credits.metering.purse import moving
from credits.models import AutoTopUp, Hold, Purchase, Wallet
from hub.base import formats, locking
from hub.base.merging import Doubles, Merger, mergers


def register() -> None:
    mergers.register(Merger("credits", _run, _tell, _obstacle))


def _wallet_of(user_id: int) -> int | None:
    return Wallet.objects.filter(user=user_id).values_list("pk", flat=True).first()


def _obstacle(doubles: Doubles) -> str | None:
    wallet_id = _wallet_of(doubles.gone_id)
    if wallet_id is not None and Hold.objects.filter(wallet=wallet_id, state=Hold.State.OPEN).exists():
        return _("Credits of the account that would be shut are reserved for something that goes on.")
    return None


def _tell(doubles: Doubles) -> list[str]:
    wallet_id = _wallet_of(doubles.gone_id)
    left_m = get_wallet(wallet_id).balance_m if wallet_id is not None else 0
    return [_("%(amount)s credits") % {"amount": formats.credits(left_m)}] if left_m else []


def _run(doubles: Doubles) -> None:
    """Paid credits stay paid and granted ones keep their day (L7)."""
    wallet_id = _wallet_of(doubles.gone_id)
    if wallet_id is None:
        return
    kept_wallet_id = open_wallet(user_id=doubles.kept_id)
    _move_purchases(wallet_id, kept_wallet_id)
    with moving(*sorted((wallet_id, kept_wallet_id))):
        move_debt(wallet_id, kept_wallet_id, key=f"merge:{doubles.gone_id}:{doubles.kept_id}:debt", actor=doubles.actor)
        with connection.cursor() as cursor:
            cursor.execute(
                "select lot, expires_at, sum(left_m)::bigint from credits_wallet_lots(%s) where left_m > 0"
                " group by 1, 2 order by 2 nulls last, 1",
                [wallet_id],
            )
            lots = cursor.fetchall()
        for number, (lot, expires_at, left_m) in enumerate(lots):
            movement = Movement(
                debit_id=wallet_id,
                credit_id=kept_wallet_id,
                amount_m=left_m,
                reason="merge",
                actor=doubles.actor,
                lot=lot,
                expires_at=expires_at,
            )
            post(f"merge:{doubles.gone_id}:{doubles.kept_id}:{number}", movement)


def _move_purchases(wallet_id: int, kept_wallet_id: int) -> None:
    """What is charged back later is taken from the wallet that has the credits. Nobody buys by itself for the other."""
    for row in locking.lock(AutoTopUp.objects.filter(wallet=wallet_id, on=True)):
        row.on, row.off_because = False, "merged"
        row.save(update_fields=["on", "off_because"])
    bought = locking.lock(Purchase.objects.filter(wallet=wallet_id))
    Purchase.objects.filter(pk__in=[one.pk for one in bought]).update(wallet_id=kept_wallet_id)
