"""What members of an organisation may spend in a month: read here, changed in limits.py (P4).

See docs/how/organisations.md. The rows: credits/models/allowances.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection

from hub.base import clock
from hub.base.sql_arrays import array_of

# The month of the row, or of the moment where that one is over; whoever has no row has used nothing and has no limit.
_READ = """
select u.wallet, u.id, a.limit_m, case when %(now)s < a.until then a.extra_m else 0 end,
       case when %(now)s < a.until then a.used_m else 0 end,
       credits_room_m(a.limit_m, a.extra_m, a.used_m, a.until, %(now)s),
       credits_month_since(%(now)s, z.name), credits_month_until(%(now)s, z.name)
  from unnest(%(wallets)s::bigint[], %(users)s::bigint[]) u(wallet, id)
  left join credits_allowance a on a.wallet_id = u.wallet and a.user_id = u.id
 cross join lateral (select coalesce(a.time_zone, %(zone)s) as name) z"""
_MOST_USED = """
select a.user_id, sum(a.used_m) over ()::bigint
  from credits_allowance a join credits_wallet w on w.account_id = a.wallet_id
  join accounts_membership m on m.user_id = a.user_id and m.organisation_id = w.organisation_id
 where a.wallet_id = %(wallet)s and a.used_m > 0 and %(now)s < a.until
   and (%(unit)s::bigint is null or m.unit_id = %(unit)s)
 order by a.used_m desc, a.user_id limit %(limit)s"""
_OPEN = """
insert into credits_allowance (wallet_id, user_id, since, until, time_zone)
select w.account_id, %(user)s, credits_month_since(%(now)s, %(zone)s), credits_month_until(%(now)s, %(zone)s), %(zone)s
  from credits_wallet w where w.account_id = %(wallet)s and w.organisation_id is not null
    on conflict (wallet_id, user_id) do nothing returning id"""
_FIND = "select id from credits_allowance where wallet_id = %(wallet)s and user_id = %(user)s"


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a member may spend in the month [since, until): `limit_m` and `extra_m` for this one, of which `used_m` is
    used and `left_m` is left. Without a limit, `limit_m` and `left_m` are None."""

    user_id: int
    limit_m: int | None
    extra_m: int
    used_m: int
    left_m: int | None
    since: datetime
    until: datetime

    @property
    def most_m(self) -> int | None:
        """All that may be spent this month."""
        return None if self.limit_m is None else self.limit_m + self.extra_m

    @property
    def used_percent(self) -> int | None:
        """For a bar; None without a limit."""
        if self.most_m is None:
            return None
        return 100 if not self.most_m else min(100, self.used_m * 100 // self.most_m)


def read_allowances(wallet_id: int, user_ids: Iterable[int]) -> dict[int, Allowance]:
    """How these members stand, in one statement."""
    return {user_id: found for (_, user_id), found in read_pairs((wallet_id, one) for one in user_ids).items()}


def read_pairs(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Allowance]:
    """The same for members of several wallets: (wallet, user)."""
    wanted = list(pairs)
    if not wanted:
        return {}
    wallets, users = array_of(wallet for wallet, _ in wanted), array_of(user for _, user in wanted)
    with connection.cursor() as cursor:
        cursor.execute(_READ, {"wallets": wallets, "users": users, "now": clock.now(), "zone": settings.TIME_ZONE})
        return {(row[0], row[1]): Allowance(*row[1:]) for row in cursor}


def read_most_used(wallet_id: int, *, unit_id: int | None, limit: int) -> tuple[list[Allowance], int]:
    """The members who used most this month, most first, and what all together used; None is every unit."""
    values = {"wallet": wallet_id, "unit": unit_id, "limit": limit, "now": clock.now()}
    with connection.cursor() as cursor:
        cursor.execute(_MOST_USED, values)
        rows = cursor.fetchall()
    found = read_allowances(wallet_id, [user_id for user_id, _ in rows])
    return [found[user_id] for user_id, _ in rows], rows[0][1] if rows else 0


def find_allowance(wallet_id: int, user_id: int | None) -> int | None:
    """The id of this member's row, made now or before; None where the wallet is no organisation's."""
    if user_id is None:
        return None
    values: dict[str, int | str | datetime] = {"wallet": wallet_id, "user": user_id, "now": clock.now()}
    values["zone"] = settings.TIME_ZONE
    with connection.cursor() as cursor:
        for statement in (_FIND, _OPEN, _FIND):  # made between the first two by somebody else: the third sees it
            cursor.execute(statement, values)
            found = cursor.fetchone()
            if found is not None:
                return int(found[0])
    return None
