"""Paid blocks of which nothing was used: given back by themselves when the meter ends (M5).

They come from a pause that counts back beyond the start of a block, or from free time given after it was charged. Until
the end they are kept: what is paid is used first.
"""

from django.db import connection

from credits.ledger.accounts import house_account
from credits.ledger.transfers import lock_accounts
from credits.models import Account, Meter
from hub.base import clock

# As many charges as there are unused blocks, the newest that were not given back yet. A waived block that turns out to be
# unused is thus given back by another one: who was promised both gets both.
_UNUSED = """
with m as (
  select id, credits_blocks_begun(ran_s, block_s, free_s + gift_s, min_blocks) as used from credits_meter where id = %(meter)s),
charge as (
  select t.id, t.block, t.debit_id, t.amount_m, r.id is not null as given_back, t.block > m.used as unused
    from credits_transfer t join m on t.meter_id = m.id left join credits_transfer r on r.reverses_id = t.id)
select id, debit_id, amount_m from charge where not given_back
 order by block desc limit (select count(*) from charge where unused)"""
_GIVE_BACK = """
insert into credits_transfer (key, debit_id, credit_id, amount_m, reason, actor, reference, reverses_id, at)
select %(reason)s || ':' || t.id, %(refunds)s, t.debit_id, t.amount_m, %(reason)s, %(actor)s, %(reference)s, t.id, %(now)s
  from credits_transfer t where t.id = any(%(ids)s)"""


def give_back_unused(meter_id: int) -> int:
    """Give back what this ended meter paid and did not use; millicredits. Its row is locked, nothing of it is owed."""
    meter = Meter.objects.get(pk=meter_id)
    if meter.next_charge_s is not None:  # something begun is still owed, so nothing is unused
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_UNUSED, {"meter": meter_id})
        charges = cursor.fetchall()
    return give_back(meter, [charge_id for charge_id, _, _ in charges], reason="unused", actor="meter")


def give_back(meter: Meter, charge_ids: list[int], *, reason: str, actor: str) -> int:
    """Refund these charges of a locked meter in full, and count it there; millicredits."""
    if not charge_ids:
        return 0
    lock_accounts([meter.wallet_id])
    with connection.cursor() as cursor:
        cursor.execute(
            _GIVE_BACK,
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
