"""Small things that every request reads and that change a few times a year: kept in each process, no restart needed.

Whoever changes such a thing calls `changed` in the same transaction; that writes a new mark into one row. A process
compares the mark at most every CHECK_EVERY_S and reads everything anew when it differs. On an event loop nothing is
read: the last one is used and a thread refreshes it.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import structlog
from django.db import DatabaseError, connections, transaction
from django.db.transaction import TransactionManagementError

from hub.base.models import SnapshotMark
from hub.base.threads import on_event_loop

log = structlog.get_logger(__name__)

CHECK_EVERY_S = 5.0

T = TypeVar("T")

_snapshots: dict[str, Snapshot[Any]] = {}


class Snapshot(Generic[T]):
    """What `read` gives, kept by name. `without` is what holds while PostgreSQL cannot be asked at all."""

    def __init__(self, name: str, read: Callable[[], T], *, without: Callable[[], T]) -> None:
        self._name, self._read, self._without = name, read, without
        # (mark, content, when it was compared): replaced as a whole, so that no reader needs a lock.
        self._held: tuple[uuid.UUID | None, T, float] | None = None
        self._refreshing = threading.Lock()
        _snapshots[name] = self

    def get(self) -> T:
        held = self._held
        if held is not None and time.monotonic() - held[2] < CHECK_EVERY_S:
            return held[1]
        if on_event_loop():
            self._refresh_beside()
        else:
            self._refresh()
        return self._held[1] if self._held is not None else self._without()

    def forget(self) -> None:
        self._held = None

    def _refresh(self) -> None:
        """Where PostgreSQL cannot answer (down, broken transaction) the last one stays in use."""
        held = self._held
        try:
            mark = SnapshotMark.objects.filter(pk=self._name).values_list("mark", flat=True).first()
            content = held[1] if held is not None and held[0] == mark else self._read()
            self._held = (mark, content, time.monotonic())
        except (DatabaseError, TransactionManagementError):
            if held is not None:
                self._held = (held[0], held[1], time.monotonic())

    def _refresh_beside(self) -> None:
        def run() -> None:
            with self._refreshing:
                try:
                    self._refresh()
                except Exception as failed:  # the last one stays in use, and the next reader tries again
                    log.warning("snapshot.failed", name=self._name, error=str(failed))
                finally:
                    connections.close_all()

        if not self._refreshing.locked():
            threading.Thread(target=run, name=f"snapshot-{self._name}", daemon=True).start()


def changed(name: str) -> None:
    """To be called in the transaction of the change. This process sees it at once, the others within seconds."""
    SnapshotMark.objects.update_or_create(pk=name, defaults={"mark": uuid.uuid4()})
    _snapshots[name].forget()
    transaction.on_commit(_snapshots[name].forget)


def forget_all() -> None:
    """For tests: a transaction that was rolled back leaves nothing behind."""
    for snapshot in _snapshots.values():
        snapshot.forget()
