"""One second of the dispatcher: beat, wake, sweep, warn, end graces.

Each is a short transaction of its own; any may be lost or come twice.
"""

from django.db import connection, transaction

from credits.metering.hub_time import beat_and_look
from credits.metering.news import tell
from credits.metering.sweep import charge_due
from credits.metering.views import read_rows
from credits.metering.waking import Turn, end_graces, wake_batch
from hub.base import clock

BATCH = 2_000
_turn = Turn()


def tick() -> None:
    """What the dispatcher's leader runs each second."""
    _, was_down = beat_and_look(clock.now())
    if was_down:
        tell_everybody()
    wake_batch(_turn)
    charge_due()
    warn_due()
    end_graces()


def tell_everybody() -> None:
    """After an outage: when the next block begins and when the wallet is empty has shifted for all (M3, M5)."""
    after = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                """select id from credits_meter where state in ('free', 'running', 'empty') and id > %s
                    order by id limit %s""",
                [after, BATCH],
            )
            ids = [meter_id for (meter_id,) in cursor]
            tell(read_rows(ids))
        if len(ids) < BATCH:
            return
        after = ids[-1]


@transaction.atomic
def warn_due(batch: int = BATCH) -> int:
    """Look again at the meters whose next warning may be due between two charges (M4); how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select id from credits_meter where warn_s <= (select hub_s from credits_hubclock)
                order by warn_s limit %s for no key update skip locked""",
            [batch],
        )
        ids = [meter_id for (meter_id,) in cursor]
    tell(read_rows(ids))
    return len(ids)
