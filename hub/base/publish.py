"""What leaves, leaves after commit, through publish(). See docs/how/delivery.md.

An item is a topic and a frame as JSON text. It is a hint and may be lost: whoever misses it learns from the beat that
there is more to read from PostgreSQL. A publish that fails is counted and never raises.

Topics: `s:<session>` every socket that follows a session, `s:<session>:staff` and `s:<session>:customer` one side of
it, `u:<user id>` every socket of one user, `b:<topic>` those who look at that board. An item for CONTROL is not a frame
but a word to the sockets of some users.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, Literal, Protocol
from zlib import crc32

import structlog
from django.conf import settings
from django.db import connection, transaction
from msgspec import Struct, json, msgpack

log = structlog.get_logger(__name__)

Item = tuple[str, str]
CONTROL: Final = "control"
CONTROL_GROUP: Final = "live.control"
EVENT: Final = "live.items"
WAITING_MAX: Final = 20_000
pack_items = msgpack.Encoder().encode
unpack_items = msgpack.Decoder(list[tuple[str, str]]).decode


def group_of(topic: str) -> str:
    """The channel-layer group of a topic. With one bucket a batch is one publish and every process hears all of it.

    More buckets let a process hear only what it needs and cost publishes: 16 took a fifth of the capacity of two
    processes, one per session half of it. `s:1` and its sides share a bucket.
    """
    if topic == CONTROL:
        return CONTROL_GROUP
    buckets = settings.LIVE_BUCKETS
    return f"live.{crc32(':'.join(topic.split(':')[:2]).encode()) % buckets}" if buckets > 1 else "live.0"


def by_group(items: Iterable[Item]) -> dict[str, list[Item]]:
    """Items in order, apart by group."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(group_of(item[0]), []).append(item)
    return groups


class Control(Struct, frozen=True):
    """`refresh`: read again which sessions these users follow. `revoke`: read again whether they may be here at all."""

    users: list[int]
    what: Literal["refresh", "revoke"]


class Outlet(Protocol):
    """Where items go after commit. Called from any thread; must not wait and must not raise."""

    def deliver(self, items: list[Item]) -> None: ...


_outlet: Outlet | None = None
_outlet_lock = threading.Lock()
_held: ContextVar[list[Item] | None] = ContextVar("held", default=None)


def publish(items: Iterable[Item]) -> None:
    """Hand these to whom they concern once this transaction has committed, at once outside one. For actions alone."""
    ready = list(items)
    if not ready:
        return
    held = _held.get()
    if held is not None:
        transaction.on_commit(lambda: held.extend(ready), robust=True)
    else:
        transaction.on_commit(lambda: outlet().deliver(ready), robust=True)


def control(user_ids: Iterable[int], what: Literal["refresh", "revoke"]) -> None:
    """Tell every socket of these users, in every process, after commit."""
    users = sorted(set(user_ids))
    if users:
        publish([(CONTROL, json.encode(Control(users, what)).decode())])


def wake(topic: str = "chat") -> None:
    """Wake the dispatcher's jobs for this topic when the transaction commits (NOTIFY; PostgreSQL merges repeats)."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify('balie_wake', %s)", [topic])


@contextmanager
def held() -> Iterator[list[Item]]:
    """Keep what this thread publishes, so that the caller can answer first and hand it on then."""
    items: list[Item] = []
    token = _held.set(items)
    try:
        yield items
    finally:
        _held.reset(token)


@contextmanager
def captured() -> Iterator[list[Item]]:
    """For tests: everything that any thread publishes meanwhile, and nothing leaves."""
    before = _outlet
    catcher = _Catcher()
    set_outlet(catcher)
    try:
        yield catcher.items
    finally:
        set_outlet(before)


class _Catcher:
    def __init__(self) -> None:
        self.items: list[Item] = []

    def deliver(self, items: list[Item]) -> None:
        self.items += items


def set_outlet(chosen: Outlet | None) -> None:
    """The web process puts its exchange here; without one, a thread publishes through the channel layer."""
    global _outlet
    with _outlet_lock:
        _outlet = chosen


def outlet() -> Outlet:
    """The outlet of this process; the thread is started at the first item of a process that has no exchange."""
    global _outlet
    with _outlet_lock:
        if _outlet is None:
            _outlet = LayerThread()
        return _outlet


class LayerThread:
    """The outlet of the dispatcher, workers and commands: a daemon thread with a loop of its own."""

    def __init__(self) -> None:
        self._waiting: list[Item] = []
        self._lock = threading.Lock()
        self._pid = os.getpid()
        self.failed = 0
        self.dropped = 0
        self._start()

    def _start(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._news = asyncio.Event()
        threading.Thread(target=self._loop.run_until_complete, args=(self._run(),), name="publish", daemon=True).start()

    def deliver(self, items: list[Item]) -> None:
        if self._pid != os.getpid():  # a worker that was forked has the object, but not the thread
            self._pid = os.getpid()
            self._lock = threading.Lock()
            self._start()
        with self._lock:
            if len(self._waiting) + len(items) > WAITING_MAX:
                self.dropped += len(items)
                return
            self._waiting += items
        self._loop.call_soon_threadsafe(self._news.set)

    async def _run(self) -> None:
        from channels.layers import get_channel_layer

        layer = get_channel_layer()
        while True:
            await self._news.wait()
            self._news.clear()
            with self._lock:
                items, self._waiting = self._waiting, []
            for group, some in by_group(items).items():
                await self._send(layer, group, some)

    async def _send(self, layer: Any, group: str, items: list[Item]) -> None:
        try:
            await layer.group_send(group, {"type": EVENT, "node": "", "items": pack_items(items)})
        except Exception as failed:  # a hint: whoever misses it hears from the beat
            self.failed += 1
            log.warning("publish.failed", error=str(failed), items=len(items))
