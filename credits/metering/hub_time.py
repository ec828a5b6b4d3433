"""The hub's clock: seconds in which the hub was up, one row. See docs/how/metering.md.

The dispatcher's tick calls `beat`, nobody else moves it, and everybody reads it. So all processes have one clock, and
an outage shifts every meter by changing one row (M5).
"""

from datetime import datetime

from django.db import connection, transaction

from credits.sql import read

# Longer without a beat and the hub was down. Also M5's limit for a dispatcher that is being replaced (< 3 s).
GAP_SECONDS_MAX = 15


def beat(wall: datetime) -> int:
    """Move hub time to this wall time; the hub second.

    Any number may do it at once, and a wall clock that steps back moves nothing.
    """
    return beat_and_look(wall)[0]


@transaction.atomic
def beat_and_look(wall: datetime) -> tuple[int, bool]:
    """As `beat`; also whether the hub was down since the beat before, so that all times on the screens have shifted."""
    with connection.cursor() as cursor:
        cursor.execute(read("metering", "beat"), {"wall": wall, "gap_s_max": GAP_SECONDS_MAX})
        hub_s, was_down = cursor.fetchone()
        if hub_s is None:
            raise RuntimeError("credits_hubclock has no row; migrations make it")
    return int(hub_s), bool(was_down)
