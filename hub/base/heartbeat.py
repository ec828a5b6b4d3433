"""Signs of life of processes that answer no requests; /readyz reads them."""

from datetime import timedelta

from django.db import connection

from hub.base import clock
from hub.base.models import Heartbeat

# The dispatcher beats every second or so, the worker when it starts and every 15 s through beat.
SILENT_SECONDS_MAX = {"dispatcher": 10, "worker": 60}


def beat(name: str) -> None:
    """Note that `name` is alive now. One statement; two processes of one name do not disturb each other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into base_heartbeat (name, at) values (%s, %s)"
            " on conflict (name) do update set at = greatest(base_heartbeat.at, excluded.at)",
            [name, clock.now()],
        )


def silent_names() -> set[str]:
    """Which of the known processes were not heard for too long."""
    now = clock.now()
    seen = dict(Heartbeat.objects.values_list("name", "at"))
    return {
        name
        for name, seconds in SILENT_SECONDS_MAX.items()
        if name not in seen or now - seen[name] > timedelta(seconds=seconds)
    }
