"""Opens pairs of sockets, sends numbered messages, and measures when they are acknowledged and delivered."""

from __future__ import annotations

import asyncio
import gc
import os
import random
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from bench.load.targets import Target
from bench.machine import CLEAN_SHARE_MAX, Awake, cpu_seconds, machine_seconds, wait_for_quiet

now = time.perf_counter_ns
AT_ONCE = 50  # connections that are being opened
DRAIN_S = 5.0  # what is under way after a step may still come


@dataclass(frozen=True)
class Plan:
    pairs: int = 100
    text_bytes: int = 100
    warmup_s: float = 1.0
    seconds: float = 3.0
    quiet_s: float = 10.0  # how long to wait for a quiet machine before a step


class Line(WSListener):
    """One socket. Until it is signed in, frames wait in an inbox."""

    def __init__(self, load: Load, role: str, pair: int, index: int) -> None:
        super().__init__()
        self.load, self.role, self.pair, self.index = load, role, pair, index
        self.ready = False
        self._inbox: asyncio.Queue[bytes] = asyncio.Queue()
        self._transport: WSTransport | None = None

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.TEXT:
            self._take(frame.get_payload_as_bytes())
        elif frame.msg_type == WSMsgType.CLOSE:
            transport.disconnect()

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self._transport = None
        self.load.lost_a_line()

    def send(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.send(WSMsgType.TEXT, data)

    async def next(self) -> bytes:
        return await asyncio.wait_for(self._inbox.get(), 30)

    def begin(self) -> None:
        self.ready = True
        while not self._inbox.empty():
            self._take(self._inbox.get_nowait())

    def close(self) -> None:
        if self._transport is not None:
            self._transport.disconnect()

    def _take(self, data: bytes) -> None:
        if not self.ready:
            self._inbox.put_nowait(data)
            return
        numbers = self.load.target.hits(self, data)
        if numbers:
            self.load.hit(self, numbers)


@dataclass
class Sent:
    """What was sent, by number."""

    at: list[int] = field(default_factory=list)
    by: list[int] = field(default_factory=list)
    acked: bytearray = field(default_factory=bytearray)
    delivered: bytearray = field(default_factory=bytearray)

    def add(self, index: int, at: int) -> int:
        self.at.append(at)
        self.by.append(index)
        self.acked.append(0)
        self.delivered.append(0)
        return len(self.at) - 1


class Load:
    """All pairs of one run against one target."""

    def __init__(self, target: Target, plan: Plan, awake: Awake) -> None:
        self.target, self.plan, self.awake = target, plan, awake
        self.lines: list[Line] = []
        self.pairs: list[tuple[Line, Line]] = []
        self.sent = Sent()
        self.doubled = 0
        self.closed = 0
        self._closing = False
        self._saturating = False
        self._text = "x" * plan.text_bytes
        self._clear()

    def _clear(self) -> None:
        self.acks: list[int] = []
        self.deliveries: list[int] = []
        self.since = self.till = 1 << 62

    async def open(self) -> None:
        gate = asyncio.Semaphore(AT_ONCE)
        agents = await asyncio.gather(*[self._open(gate, "a", pair) for pair in range(self.plan.pairs)])
        customers = await asyncio.gather(*[self._open(gate, "c", pair) for pair in range(self.plan.pairs)])
        self.pairs = list(zip(customers, agents, strict=True))
        random.Random(7).shuffle(self.pairs)

    async def _open(self, gate: asyncio.Semaphore, role: str, pair: int) -> Line:
        async with gate:
            line = Line(self, role, pair, len(self.lines))
            self.lines.append(line)
            headers = self.target.headers(role, pair) or None
            address = self.target.address(role, pair)
            await ws_connect(lambda: line, address, extra_headers=headers, enable_auto_pong=True)
            await self.target.sign_in(line)
            line.begin()
            return line

    def close(self) -> None:
        self._closing = True
        for line in self.lines:
            line.close()

    def lost_a_line(self) -> None:
        self.closed += not self._closing

    # -- messages ----------------------------------------------------------------------------------

    def send(self, line: Line, at: int) -> None:
        number = self.sent.add(line.index, at)
        line.send(self.target.message(line, number, self._text))

    def hit(self, line: Line, numbers: Iterable[int]) -> None:
        at = now()
        for number in numbers:
            own = self.sent.by[number] == line.index
            marks, spans = (self.sent.acked, self.acks) if own else (self.sent.delivered, self.deliveries)
            if marks[number]:
                self.doubled += not own
                continue
            marks[number] = 1
            began = self.sent.at[number]
            if self.since <= began < self.till:
                spans.append(at - began)
            if self._saturating and self.sent.acked[number] and self.sent.delivered[number]:
                self.send(self.lines[self.sent.by[number]], at)

    async def _at_rate(self, rate: float, seconds: float) -> None:
        """Evenly spaced, round robin over the customers."""
        began, gap, number = now(), 1e9 / rate, 0
        while number < rate * seconds:
            while number < rate * seconds and began + number * gap <= now():
                self.send(self.pairs[number % len(self.pairs)][0], now())
                number += 1
            await asyncio.sleep(0.001)

    async def _saturate(self, window: int, seconds: float) -> None:
        self._saturating = True
        for _ in range(window):
            for customer, _agent in self.pairs:
                self.send(customer, now())
        await asyncio.sleep(seconds)
        self._saturating = False

    async def step(self, *, rate: float = 0, window: int = 0, watched: Mapping[str, int]) -> dict[str, Any]:
        """One measured step: at a fixed rate (latency), or with so many in flight per pair (saturation)."""
        plan = self.plan
        self._clear()
        first = len(self.sent.at)
        await wait_for_quiet(plan.quiet_s, self.awake)
        gc.collect()
        gc.disable()
        self.since = now() + int(plan.warmup_s * 1e9)
        self.till = self.since + int(plan.seconds * 1e9)
        meter = asyncio.create_task(self._measure(watched))
        seconds = plan.warmup_s + plan.seconds
        await (self._at_rate(rate, seconds) if rate else self._saturate(window, seconds))
        used = await meter
        await self._drain(first)
        gc.enable()
        return self._result(first, used)

    async def _measure(self, watched: Mapping[str, int]) -> dict[str, float]:
        """CPU seconds of the watched trees and of everybody else within the measured span."""
        await asyncio.sleep(self.plan.warmup_s)
        before = {name: cpu_seconds(pid) for name, pid in watched.items()}
        own, machine, began = sum(os.times()[:2]), machine_seconds(self.awake), time.perf_counter()
        await asyncio.sleep(self.plan.seconds)
        used = {name: cpu_seconds(pid) - before[name] for name, pid in watched.items()}
        spent = sum(os.times()[:2]) - own
        span = time.perf_counter() - began
        others = machine_seconds(self.awake) - machine - spent - sum(used.values())
        return {**used, "span": span, "noise": others / span / (os.cpu_count() or 1)}

    async def _drain(self, first: int) -> None:
        for _ in range(int(DRAIN_S / 0.05)):
            if all(self.sent.delivered[first:]) and all(self.sent.acked[first:]):
                return
            await asyncio.sleep(0.05)

    def _result(self, first: int, used: dict[str, float]) -> dict[str, Any]:
        span, noise = used.pop("span"), used.pop("noise")
        delivered = len(self.deliveries)
        return {
            "rate": delivered / span,
            "lost": self.sent.delivered[first:].count(0),
            "unacked": self.sent.acked[first:].count(0),
            "doubled": self.doubled,
            "closed": self.closed,
            "e2e": spread(self.deliveries),
            "ack": spread(self.acks),
            "us": {name: seconds / delivered * 1e6 if delivered else 0.0 for name, seconds in used.items()},
            "noise": noise,
            "clean": noise <= CLEAN_SHARE_MAX,
        }


def spread(nanoseconds: list[int]) -> dict[str, float]:
    """p50, p95, p99 and the longest, in ms."""
    values = sorted(nanoseconds)
    if not values:
        return {"p50": 0.0, "p95": 0.0, "p99": 0.0, "max": 0.0}
    last = len(values) - 1
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
    return {name: values[min(last, int(len(values) * share))] / 1e6 for name, share in shares.items()}
