"""What some people used of a wallet that many share, found by their meters (P4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from credits.sql import read
from hub.base.sql_arrays import array_of

# Beyond, their lines stand close together among all.
PEOPLE_MAX = 200
METERS_MAX = 2_000


def meters_of(wallet_id: int, spenders: Sequence[int] | None) -> list[int] | None:
    """The meters of these people; None where they are many or everybody's lines are asked for: then all are walked."""
    if spenders is None or len(spenders) > PEOPLE_MAX:
        return None
    asked: dict[str, Any] = {"wallet": wallet_id, "spenders": array_of(spenders), "limit": METERS_MAX + 1}
    with connection.cursor() as cursor:
        cursor.execute(read("ledger", "meters_of"), asked)
        found = [meter_id for (meter_id,) in cursor]
    return found if len(found) <= METERS_MAX else None
