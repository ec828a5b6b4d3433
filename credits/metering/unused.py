"""Paid blocks of which nothing was used: given back by themselves when the meter ends (M5).

They come from a pause that counts back beyond the start of a block, or from free time given after it was charged. Until
the end they are kept: what is paid is used first.
"""

from django.db import connection

from credits.ledger.accounts import house_account
from credits.ledger.transfers import lock_accounts
from credits.models import Account, Meter
from credits.sql import read
from hub.base import clock


def give_back_unused(meter_id: int) -> int:
    """Give back what this ended meter paid and did not use; millicredits. Its row is locked, nothing of it is owed."""
    meter = Meter.objects.get(pk=meter_id)
    if meter.next_charge_s is not None:  # something begun is still owed, so nothing is unused
        return 0
    with connection.cursor() as cursor:
        cursor.execute(read("metering", "unused"), {"meter": meter_id})
        charges = cursor.fetchall()
    return give_back(meter, [charge_id for charge_id, _, _ in charges], reason="unused", actor="meter")


def give_back(meter: Meter, charge_ids: list[int], *, reason: str, actor: str) -> int:
    """Refund these charges of a locked meter in full, and count it there; millicredits."""
    if not charge_ids:
        return 0
    lock_accounts([meter.wallet_id])
    with connection.cursor() as cursor:
        cursor.execute(
            read("metering", "give_back"),
            {
                "reason": reason,
                "refunds": house_account(Account.Kind.REFUNDS),
                "actor": actor,
                "reference": meter.reference,
                "now": clock.now(),
                "ids": charge_ids,
            },
        )
        cursor.execute(
            """update credits_meter set refunded_m = refunded_m
                 + (select sum(amount_m) from credits_transfer where reverses_id = any(%s)) where id = %s
               returning refunded_m""",
            [charge_ids, meter.pk],
        )
        return int(cursor.fetchone()[0]) - meter.refunded_m
