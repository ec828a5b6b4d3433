"""One channel-layer channel per process: it joins the groups its sockets need and hands events to them itself.

Sockets of the same process are served directly, without the layer. All of it is a hint: a publish that fails is counted
and dropped, a subscription that fails is tried again, and a probe to our own channel notices that we were deaf (Valkey
killed, restarted, hung) and asks for a beat at once. See docs/how/delivery.md.
"""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter as Counts
from collections.abc import Callable, Iterable
from typing import Any, Final, Protocol

import structlog
from channels.layers import get_channel_layer
from prometheus_client import Counter

from hub.base.publish import (
    CONTROL,
    CONTROL_GROUP,
    EVENT,
    WAITING_MAX,
    Item,
    by_group,
    group_of,
    pack_items,
    unpack_items,
)

log = structlog.get_logger(__name__)

PROBE: Final = "live.probe"
PROBE_S: Final = 1.0
RETRY_S: Final = 0.5

failures = Counter("balie_layer_failures_total", "Publishes, subscriptions and probes that the channel layer refused.")
dropped = Counter("balie_layer_dropped_total", "Hints that were dropped because too many waited for the channel layer.")


class Listener(Protocol):
    """A socket, or whatever stands in for one."""

    def put(self, text: str, /) -> None: ...


class Exchange:
    def __init__(self, *, healed: Callable[[], None], told: Callable[[str], None]) -> None:
        """`healed`: we were deaf and hear again. `told`: a control item, as JSON text."""
        self._healed, self._told = healed, told
        self._node = uuid.uuid4().hex
        self._channel: str | None = None
        self._members: dict[str, set[Listener]] = {}
        self._needs: Counts[str] = Counts({CONTROL_GROUP: 1})
        self._joined: set[str] = set()
        self._news: list[Item] = []
        self._wake, self._dirty = asyncio.Event(), asyncio.Event()
        self._deaf, self._probed = False, True
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._layer: Any = get_channel_layer()
        self._dirty.set()
        for work in (self._subscribe, self._publish, self._probe):
            self._tasks.add(self._loop.create_task(work()))

    # -- Sockets of this process ---------------------------------------------------------------

    def join(self, topic: str, listener: Listener) -> None:
        here = self._members.get(topic)
        if here is None:
            here = self._members[topic] = set()
            self._need(topic, 1)
        here.add(listener)

    def leave(self, topic: str, listener: Listener) -> None:
        here = self._members.get(topic)
        if here is None or listener not in here:
            return
        here.discard(listener)
        if not here:
            del self._members[topic]
            self._need(topic, -1)

    def local(self, topic: str, text: str, but: Listener | None = None) -> None:
        """To the sockets of this process; a set that changes meanwhile (a socket is closed) is no harm."""
        for listener in tuple(self._members.get(topic, ())):
            if listener is not but:
                listener.put(text)

    # -- Items of actions ------------------------------------------------------------------------

    def deliver(self, items: list[Item]) -> None:
        """The outlet of hub.base.publish: from any thread."""
        self._loop.call_soon_threadsafe(self.accept, items)

    def accept(self, items: Iterable[Item]) -> None:
        """On the loop: our own sockets first, then the other processes."""
        items = list(items)
        self._hear(items)
        self.announce(items)

    def _hear(self, items: Iterable[Item]) -> None:
        """A frame that goes to several topics in a row (a session, and an agent who may not follow it yet) is one."""
        last, heard_by = "", [""]
        for topic, text in items:
            if topic == CONTROL:
                self._told(text)
            elif text == last:
                self._local_to_others(topic, text, heard_by)
                heard_by.append(topic)
            else:
                self.local(topic, text)
                last, heard_by = text, [topic]

    def _local_to_others(self, topic: str, text: str, heard_by: list[str]) -> None:
        for listener in tuple(self._members.get(topic, ())):
            if not any(listener in self._members.get(before, ()) for before in heard_by):
                listener.put(text)

    # -- Other processes -------------------------------------------------------------------------

    def announce(self, items: list[Item]) -> None:
        """Publish soon, all that waits in one go. Never waits itself."""
        if len(self._news) + len(items) > WAITING_MAX:
            dropped.inc(len(items))
            return
        self._news += items
        self._wake.set()

    async def _publish(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            news, self._news = self._news, []
            for group, items in by_group(news).items():
                event = {"type": EVENT, "node": self._node, "items": pack_items(items)}
                try:
                    await self._layer.group_send(group, event)
                except Exception as failed:
                    self._failed("publish", failed)

    # -- What this process hears -----------------------------------------------------------------

    def _need(self, topic: str, change: int) -> None:
        group = group_of(topic)
        self._needs[group] += change
        if not self._needs[group]:
            del self._needs[group]
        self._dirty.set()

    async def settled(self, seconds_max: float = 1.0) -> None:
        """Until what is needed is subscribed; without Valkey the beat must do."""
        for _ in range(int(seconds_max / 0.01)):
            if self._needs.keys() <= self._joined or self._deaf:
                return
            await asyncio.sleep(0.01)

    async def _subscribe(self) -> None:
        while True:
            try:
                if self._channel is None:
                    self._channel = await self._layer.new_channel("process.")
                    self._tasks.add(self._loop.create_task(self._listen(self._channel)))
                await self._dirty.wait()
                self._dirty.clear()
                await self._change_groups(self._channel)
            except Exception as failed:
                self._failed("subscribe", failed)
                self._deaf = True
                self._dirty.set()
                await asyncio.sleep(RETRY_S)

    async def _change_groups(self, channel: str) -> None:
        for group in self._needs.keys() - self._joined:
            await self._layer.group_add(group, channel)
            self._joined.add(group)
        for group in self._joined - self._needs.keys():
            self._joined.discard(group)
            await self._layer.group_discard(group, channel)

    async def _listen(self, channel: str) -> None:
        while True:
            event = await self._layer.receive(channel)
            try:
                self._heard(event)
            except Exception:  # one bad event must not make the process deaf
                log.exception("exchange.event")

    def _heard(self, event: dict[str, Any]) -> None:
        if event["type"] == PROBE:
            self._probed = True
            if self._deaf:
                self._deaf = False
                self._healed()
        elif event["node"] != self._node:  # ours come back too: the inner pack is not opened
            self._hear(unpack_items(event["items"]))

    async def _probe(self) -> None:
        while True:
            await asyncio.sleep(PROBE_S)
            self._deaf = self._deaf or not self._probed
            self._probed = False
            if self._channel is None:
                continue
            try:
                await self._layer.send(self._channel, {"type": PROBE})
            except Exception as failed:
                self._failed("probe", failed)
                self._deaf = True

    def _failed(self, what: str, failed: Exception) -> None:
        failures.inc()
        log.warning("exchange.failed", what=what, error=str(failed))
