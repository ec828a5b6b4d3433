"""Tells what changed: events made of rows, and the low-balance warnings that go with them (M4).

A warning is said when the time left is first seen within it. Each charge shows the time left anew; for what falls
between two charges (long blocks) `warn_s` holds the hub second at which to look again. It may be too early, never too
late: then the look finds nothing and sets the next one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import connection

from credits.events import Changed, Charged, Emptied, Event, Low, MeterView, Settled
from credits.metering.views import Row, live_meters, low_of, read_rows, view_of
from hub.base import clock
from hub.base.events import emit, is_heard

_STORE = """
with wanted(id, low_minutes, warn_s, was) as (
  select * from unnest(%(ids)s::bigint[], %(low)s::smallint[], %(warn_s)s::bigint[], %(was)s::smallint[])),
locked as materialized (                  -- not if somebody said it since we looked
  select m.id from credits_meter m join wanted w on w.id = m.id and w.was is not distinct from m.low_minutes
   where m.id = any(%(ids)s) order by m.id for no key update of m skip locked)
update credits_meter m set low_minutes = w.low_minutes, warn_s = w.warn_s
  from wanted w where m.id = w.id and m.id = any(array(select id from locked))
returning m.id"""


class _Views(dict[int, MeterView]):
    """The frames of some rows, each made when it is asked for and once."""

    def __init__(self, rows: Sequence[Row]) -> None:
        super().__init__()
        self.rows = {row.id: row for row in rows}
        self.now = clock.now()

    def __missing__(self, meter_id: int) -> MeterView:
        made = self[meter_id] = view_of(self.rows[meter_id], self.now)
        return made


def tell(rows: Sequence[Row], more: Iterable[Event] = ()) -> None:
    """Emit what these rows say, then `more`, then Changed for each of them. Inside the transaction of the change."""
    views = _Views(rows)
    events: list[Event] = []
    if is_heard(Charged):
        events += [
            Charged(row.id, row.reference, row.blocks_now, row.amount_now_m, views[row.id])
            for row in rows
            if row.blocks_now
        ]
    events += [Emptied(row.id, row.reference, views[row.id]) for row in rows if row.emptied]
    events += [Settled(row.id, row.reference, views[row.id]) for row in rows if row.due and row.settled]
    events += [Low(row.id, row.reference, minutes, views[row.id]) for row, minutes in _new_warnings(rows)]
    events += more
    if is_heard(Changed):
        events += [Changed(row.id, row.reference, views[row.id]) for row in rows]
    emit(events)


def tell_wallet(wallet_id: int, meter_ids: Iterable[int] = (), more: Iterable[Event] = ()) -> None:
    """Tell of these meters and of all live ones of the wallet: what one uses, the others have not."""
    tell(read_rows(dict.fromkeys([*meter_ids, *live_meters(wallet_id)])), more)


def _new_warnings(rows: Sequence[Row]) -> list[tuple[Row, int]]:
    """Store where each meter stands, and answer those that crossed a warning.

    A row that somebody else holds is skipped: whoever holds it tells of it.
    """
    changed: list[tuple[Row, int | None, int | None]] = []
    for row in rows:
        if row.clock_from_s is not None:
            low = low_of(row)
            warn_s = _look_again_s(row, low)
            if (low, warn_s) != (row.low_minutes, row.warn_s):
                changed.append((row, low, warn_s))
    stored = _store(changed) if changed else set()
    return [
        (row, low)
        for row, low, _ in changed
        if row.id in stored and low is not None and (row.low_minutes is None or low < row.low_minutes)
    ]


def _store(changed: Sequence[tuple[Row, int | None, int | None]]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            _STORE,
            {
                "ids": [row.id for row, _, _ in changed],
                "low": [low for _, low, _ in changed],
                "warn_s": [warn_s for _, _, warn_s in changed],
                "was": [row.low_minutes for row, _, _ in changed],
            },
        )
        return {meter_id for (meter_id,) in cursor}


def _look_again_s(row: Row, low: int | None) -> int | None:
    """The hub second at which the next warning is due, when that is before the next charge would show it anyway."""
    empty_s = row.empty_s
    if empty_s is None or row.next_charge_s is None:
        return None
    coming = [minutes for minutes in settings.LOW_BALANCE_WARN_MINUTES if low is None or minutes < low]
    if not coming:
        return None
    due_s = empty_s - max(coming) * 60
    return due_s if due_s < row.next_charge_s else None
