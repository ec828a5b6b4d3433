"""Charging what is due: one statement for a batch of meters. See docs/how/metering.md.

The sweep waits for nobody and may crash anywhere, run twice or run beside another one. Leadership of the dispatcher
is for economy, not for safety.
"""

from django.conf import settings
from django.db import connection, transaction

from credits.metering.hub_time import beat
from credits.metering.news import tell
from credits.metering.views import Row
from credits.sql import read
from hub.base import clock

# Statements of 2,000 take some 150 ms and charge as many per second as longer ones; a longer one would only hold its
# locks longer.
BATCH = 2_000
# How many blocks of one meter a statement catches up; the rest is due again in the next.
BLOCKS_MAX = 60


@transaction.atomic
def charge_batch(batch: int = BATCH) -> list[Row]:
    """Charge what is due, at most so many meters, and tell of it.

    Answers the rows whose frame changed; `due` marks those that were charged or emptied.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            read("metering", "sweep"),
            {"batch": batch, "blocks_max": BLOCKS_MAX, "grace_s": settings.GRACE_WHEN_EMPTY_S, "now": clock.now()},
        )
        rows = [Row._make(row) for row in cursor]
    tell(rows)
    return rows


def charge_due(batch: int = BATCH) -> int:
    """Charge all that is due, batch after batch, each in its own transaction.

    Answers how many meters; who is more than a batch of blocks behind counts twice.
    """
    total = 0
    if not _anything_due():
        return total
    while True:
        charged = [row for row in charge_batch(batch) if row.due]
        total += len(charged)
        behind = any(row.next_charge_s is not None and row.next_charge_s < row.hub_s for row in charged)
        if len(charged) < batch and not behind:
            return total
        beat(clock.now())  # so that catching up for long does not look like an outage


def _anything_due() -> bool:
    """A quiet second costs a look at an index, not the planning of the sweep.

    The first of the order, not `exists`: the planner thinks that a third of all meters is due and would look for one of
    them anywhere.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """select next_charge_s < (select hub_s from credits_hubclock) from credits_meter
                where next_charge_s is not null order by next_charge_s, id limit 1"""
        )
        first = cursor.fetchone()
    return first is not None and bool(first[0])
