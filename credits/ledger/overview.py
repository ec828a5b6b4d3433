"""A wallet at a glance: what came in and went out by month, and what will expire (L5, L7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from credits.sql import read


@dataclass(frozen=True, slots=True)
class Month:
    """`month` is its first day. What was given back of a chat is taken off `used_m`."""

    month: date
    added_m: int
    used_m: int


@dataclass(frozen=True, slots=True)
class Lot:
    """Granted credits that expire, and what is left of them."""

    expires_at: datetime
    left_m: int


def months(wallet_id: int, *, zone: str, since: datetime, spenders: list[int] | None) -> list[Month]:
    with connection.cursor() as cursor:
        cursor.execute(
            read("ledger", "months"), {"wallet": wallet_id, "zone": zone, "since": since, "spenders": spenders}
        )
        return [Month(*row) for row in cursor]


def expiring(wallet_id: int, now: datetime) -> list[Lot]:
    """What is left of lots that expire, the soonest first. Where there is no such lot nothing is counted through."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists(select from credits_transfer where credit_id = %s and meter_id is null and expires_at > %s)",
            [wallet_id, now],
        )
        if not cursor.fetchone()[0]:
            return []
        cursor.execute(
            "select expires_at, sum(left_m)::bigint from credits_wallet_lots(%s)"
            " where expires_at > %s and left_m > 0 group by 1 order by 1",
            [wallet_id, now],
        )
        return [Lot(*row) for row in cursor]
