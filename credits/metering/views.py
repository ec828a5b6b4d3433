"""What a meter looks like to its readers: rows of the sweep and of views.sql, made into MeterView.

Between two beats the hub's clock stands; a view adds what passed since the last one, so that the time on the screen
does not hop.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from django.conf import settings
from django.db import connection

from credits.events import MeterView
from credits.metering.hub_time import GAP_SECONDS_MAX
from credits.sql import read
from hub.base import clock

STATE_ON_THE_WIRE = {"empty": "grace"}


class Row(NamedTuple):
    """One row of sweep.sql or views.sql, in their order of columns. `_s` is hub time."""

    id: int
    reference: str
    wallet_id: int
    state: str
    reason: str
    unmetered: bool
    due: bool
    blocks_now: int
    amount_now_m: int
    emptied: bool
    price_m: int
    block_s: int
    free_s: int
    gift_s: int
    min_blocks: int
    blocks_charged: int
    net_m: int
    most_to_spend_m: int | None
    limit_left_m: int | None
    ran_s: int
    clock_from_s: int | None
    next_charge_s: int | None
    grace_until_s: int | None
    warn_s: int | None
    low_minutes: int | None
    available_m: int
    balance_m: int
    purse_s: int | None
    most_s: int | None
    limit_s: int | None
    hub_s: int
    lost_s: int

    @property
    def empty_s(self) -> int | None:
        """The hub second at which the meter will stop, when nothing else happens; None while it stands or is free."""
        if self.purse_s is None:
            return None
        if self.most_s is None and self.limit_s is None:  # nearly always
            return self.purse_s
        return min(self.stops.values())

    @property
    def stops(self) -> dict[str, int]:
        """What could stop it, and when."""
        ends = {"balance": self.purse_s, "most_to_spend": self.most_s, "limit": self.limit_s}
        return {name: end_s for name, end_s in ends.items() if end_s is not None}

    @property
    def settled(self) -> bool:
        return self.state == "ended" and self.next_charge_s is None


def low_of(row: Row) -> int | None:
    """Which low-balance warning stands: the fewest minutes of the settings that the time left is within (M4).

    The settings name the most minutes first.
    """
    empty_s = row.empty_s
    if empty_s is None:
        return None
    left_s, warnings = empty_s - row.hub_s, settings.LOW_BALANCE_WARN_MINUTES
    if left_s > warnings[0] * 60:  # nearly always
        return None
    return min(minutes for minutes in warnings if left_s <= minutes * 60)


def view_of(row: Row, now: datetime) -> MeterView:
    """The frame of this row, at this moment."""
    empty_s = row.empty_s
    return MeterView(
        meter_id=row.id,
        reference=row.reference,
        wallet_id=row.wallet_id,
        unmetered=row.unmetered,
        state=STATE_ON_THE_WIRE.get(row.state, row.state),
        reason=row.reason,
        low=low_of(row),
        price_m=row.price_m,
        block_s=row.block_s,
        free_s=row.free_s + row.gift_s,
        elapsed_s=_elapsed_s(row, now),
        charged_m=row.net_m,
        balance_m=row.balance_m,
        available_m=row.available_m,
        limit_left_m=row.limit_left_m,
        next_charge_at=_wall(row, row.next_charge_s) if row.clock_from_s is not None else None,
        empty_at=_wall(row, empty_s),
        stops_by=_stops_by(row),
        grace_until=_wall(row, row.grace_until_s),
        now=now,
    )


def _elapsed_s(row: Row, now: datetime) -> int:
    if row.clock_from_s is None:
        return row.ran_s
    since_beat_s = int(now.timestamp()) - row.hub_s - row.lost_s
    return row.ran_s + row.hub_s - row.clock_from_s + min(max(since_beat_s, 0), GAP_SECONDS_MAX)


def _wall(row: Row, hub_s: int | None) -> datetime | None:
    return None if hub_s is None else datetime.fromtimestamp(hub_s + row.lost_s, UTC)


def _stops_by(row: Row) -> str | None:
    if row.state == "empty":
        return row.reason
    if row.purse_s is None:
        return None
    stops = row.stops
    return min(stops, key=stops.__getitem__)


def read_rows(meter_ids: Iterable[int]) -> list[Row]:
    ids = list(meter_ids)
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(read("metering", "views"), {"ids": ids, "now": clock.now()})
        return [Row._make(row) for row in cursor]


def live_meters(wallet_id: int) -> list[int]:
    """Ids of the meters of this wallet whose time left depends on each other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select id from credits_meter where wallet_id = %s and state in ('free', 'running', 'empty') order by id",
            [wallet_id],
        )
        return [meter_id for (meter_id,) in cursor]


def meter_views(meter_ids: Sequence[int], now: datetime) -> dict[int, MeterView]:
    return {row.id: view_of(row, now) for row in read_rows(meter_ids)}
