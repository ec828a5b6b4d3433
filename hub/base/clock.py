"""What time it is: PostgreSQL's clock, read here and passed into every statement; no SQL calls now() by itself.

The offset between PostgreSQL's clock and this process's monotonic clock is measured at most every 5 s, so that `now()`
costs no statement and a wrong or jumping clock on one machine bills nobody. On an event loop nothing is measured: the
last offset is used and a thread refreshes it.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, connections
from django.db.transaction import TransactionManagementError

from hub.base.threads import on_event_loop

MEASURE_EVERY_S = 5.0


class _Clock:
    def __init__(self) -> None:
        # (PostgreSQL's epoch seconds minus our monotonic seconds, when measured): replaced as a whole, so no lock.
        self.measured: tuple[float, float] | None = None
        self.travelled = timedelta(0)
        self.frozen_at: datetime | None = None
        self.measuring = threading.Lock()


_clock = _Clock()


def _offset_from_environment() -> timedelta:
    text = os.environ.get("BALIE_CLOCK_OFFSET_S", "")
    if text and not settings.DEMO:
        raise ImproperlyConfigured("BALIE_CLOCK_OFFSET_S moves money in time; it is for tests, with DEBUG only.")
    return timedelta(seconds=float(text or 0))


def now() -> datetime:
    """PostgreSQL's time, aware, in UTC. Never blocks on an event loop."""
    if _clock.frozen_at is not None:
        return _clock.frozen_at + _clock.travelled
    seconds = _offset_seconds() + time.monotonic()
    return datetime.fromtimestamp(seconds, UTC) + _clock.travelled + _offset_from_environment()


def _offset_seconds() -> float:
    measured = _clock.measured
    if measured is not None and time.monotonic() - measured[1] < MEASURE_EVERY_S:
        return measured[0]
    if on_event_loop():
        _measure_beside()
    else:
        measure()
    return _clock.measured[0] if _clock.measured is not None else time.time() - time.monotonic()


def measure() -> None:
    """Ask PostgreSQL for its time. Where it cannot answer (down, broken transaction) the last offset stays in use."""
    if not _clock.measuring.acquire(blocking=_clock.measured is None):
        return
    try:
        before = time.monotonic()
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
            (epoch,) = cursor.fetchone()
        after = time.monotonic()
        _clock.measured = (epoch - (before + after) / 2, after)
    except (DatabaseError, TransactionManagementError):
        if _clock.measured is not None:
            _clock.measured = (_clock.measured[0], time.monotonic())
    finally:
        _clock.measuring.release()


def _measure_beside() -> None:
    def run() -> None:
        try:
            measure()
        finally:
            connections.close_all()

    if not _clock.measuring.locked():
        threading.Thread(target=run, name="clock", daemon=True).start()


@contextmanager
def freeze(at: datetime | None = None) -> Iterator[Travel]:
    """For tests: time stands still (at `at`, or now) and moves only by `advance`."""
    before = (_clock.frozen_at, _clock.travelled)
    _clock.frozen_at, _clock.travelled = at or now(), timedelta(0)
    try:
        yield Travel()
    finally:
        _clock.frozen_at, _clock.travelled = before


@contextmanager
def travel(*, seconds: float = 0, minutes: float = 0) -> Iterator[Travel]:
    """For tests: from here on it is that much later, and time runs on."""
    before = _clock.travelled
    _clock.travelled = before + timedelta(seconds=seconds, minutes=minutes)
    try:
        yield Travel()
    finally:
        _clock.travelled = before


class Travel:
    """What a test holds while it moves time."""

    def advance(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0, days: float = 0) -> datetime:
        _clock.travelled += timedelta(seconds=seconds, minutes=minutes, hours=hours, days=days)
        return now()

    def now(self) -> datetime:
        return now()
