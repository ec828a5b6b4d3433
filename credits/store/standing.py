"""How much of the outstanding credits was bought, and how much was given (L7): counted every night, over all wallets.

Bought ones are owed for in money, given ones are not. Which are left tells each wallet's walk along its lines
(docs/how/ledger.md), so the wallets are taken in batches, and a page shows what was counted last.
"""

from __future__ import annotations

from typing import Final

from django.db import connection

from credits.models import CreditsStanding
from hub.base import clock

BATCH: Final = 500

_BATCH = """
with batch as materialized (
  select a.id from credits_account a
   where a.kind = 'wallet' and a.id > %s
     and (a.balance_m > 0 or exists (select from credits_account h where h.wallet_id = a.id and h.balance_m > 0))
   order by a.id limit %s)
select max(s.id), coalesce(sum(w.left_m) filter (where w.lot = 'paid'), 0)::bigint,
       coalesce(sum(w.left_m) filter (where w.lot <> 'paid'), 0)::bigint
  from batch s left join lateral credits_wallet_lots(s.id) w on true"""


def count_standing(batch: int = BATCH) -> CreditsStanding:
    """Of wallets that move meanwhile, as each stood when its turn came."""
    at, last, paid_m, granted_m = clock.now(), 0, 0, 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(_BATCH, [last, batch])
            up_to, paid, granted = cursor.fetchone()
            if up_to is None:
                break
            last, paid_m, granted_m = up_to, paid_m + paid, granted_m + granted
    made, _ = CreditsStanding.objects.update_or_create(at=at, defaults={"paid_m": paid_m, "granted_m": granted_m})
    return made


def last_standing() -> CreditsStanding | None:
    return CreditsStanding.objects.order_by("-at").first()
