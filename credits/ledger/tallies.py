"""Adds up the lines of long wallets in the night (L5, L7), so that no page walks along them all (docs/how/ledger.md).

A tally is never wrong, only behind: whoever reads goes on from the last one.
"""

from __future__ import annotations

from typing import Final

from django.db import connection, transaction

from credits.ledger.transfers import lock_accounts
from credits.models import Account
from credits.sql import read

LINES_MAX: Final = 1_000  # of one tally: months and days that cut one are added up line by line
LINES_MIN: Final = 500  # fewer behind the last one are no work for a page
BATCH: Final = 200

_LONG = """
select a.id from credits_account a
 where a.kind = 'wallet' and a.id > %s
   and (select count(*) from (
          select from credits_transfer t
           where t.debit_id = a.id
             and t.id > coalesce((select max(k.through_id) from credits_tally k where k.wallet_id = a.id), 0)
           limit %s) l) = %s
 order by a.id limit %s"""
_LAST = """
select greatest(
  (select max(l.id) from unnest(%s::bigint[]) p, lateral (
     select t.id from credits_transfer t where t.debit_id = p order by t.id desc limit 1) l),
  (select max(l.id) from unnest(%s::bigint[]) p, lateral (
     select t.id from credits_transfer t where t.credit_id = p and t.meter_id is null
      order by t.id desc limit 1) l), 0)"""


def keep_tallies(*, lines_min: int = LINES_MIN, lines_max: int = LINES_MAX) -> int:
    """Of all wallets that have grown; how many tallies were made. Any number of times, also at once."""
    last = made = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_LONG, [last, lines_min, lines_min, BATCH])
            wallets = [wallet_id for (wallet_id,) in cursor]
        made += sum(keep_tallies_of(one, lines_min=lines_min, lines_max=lines_max) for one in wallets)
        if len(wallets) < BATCH:
            return made
        last = wallets[-1]


def keep_tallies_of(wallet_id: int, *, lines_min: int = LINES_MIN, lines_max: int = LINES_MAX) -> int:
    """How many were made of this wallet."""
    asked = {"wallet": wallet_id, "safe": _last_line(wallet_id), "lines_max": lines_max, "lines_min": lines_min}
    made = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(read("ledger", "tally"), asked)
            if not cursor.rowcount:
                return made
            made += 1


@transaction.atomic
def _last_line(wallet_id: int) -> int:
    """Whoever writes a line has locked the wallet or its hold before it got its id: none up to this one comes later."""
    pots = [wallet_id, *Account.objects.filter(wallet=wallet_id, kind=Account.Kind.HOLD).values_list("pk", flat=True)]
    lock_accounts(pots)
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [pots, pots])
        return int(cursor.fetchone()[0])
