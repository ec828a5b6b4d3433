"""Connections: memory of 2,000 idle widgets, and how 2,000 that lost their server come back by the client's own jitter.

    python -m bench.connections [--widgets 2000] [--server daphne]

The waits are those of frontend/shared/backoff.ts (VISITOR_SPREAD), read from that file: what is measured is what the
widget does.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import statistics
import time
from dataclasses import dataclass
from typing import Final

from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from bench.machine import REST_CPU, cpu_seconds, pin, pss_kib
from bench.servers import ROOT, SERVERS, Services, Web, hub, services

OPENING_MAX: Final = 50
ANSWER_S: Final = 20.0
WELCOME: Final = b'"type":"welcome"'
GIVE_UP_S: Final = 120.0


@dataclass(frozen=True)
class Spread:
    first_ms: int
    last_ms: int

    def wait_s(self, attempt: int) -> float:
        """The same sum as waitBeforeAttempt() in backoff.ts."""
        ceiling_ms = min(self.last_ms, self.first_ms << min(attempt, 16))
        return random.random() * ceiling_ms / 1000


def visitor_spread() -> Spread:
    source = (ROOT / "frontend" / "shared" / "backoff.ts").read_text(encoding="utf-8")
    found = re.search(r"VISITOR_SPREAD.*?first_ms: ([\d_]+), last_ms: ([\d_]+)", source)
    if found is None:
        raise RuntimeError("backoff.ts says no VISITOR_SPREAD")
    return Spread(int(found[1]), int(found[2]))


class Widget(WSListener):
    """A widget that is open and says nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.transport: WSTransport | None = None
        self.welcomed = asyncio.Event()
        self.lost = asyncio.Event()

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.transport = transport
        transport.send(WSMsgType.TEXT, b'{"type":"hello","protocol":1}')

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.TEXT and WELCOME in frame.get_payload_as_bytes():
            self.welcomed.set()
        elif frame.msg_type == WSMsgType.CLOSE:
            transport.disconnect()

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self.lost.set()


async def connect(web: Web, token: str) -> Widget:
    """A widget that was welcomed; raises when that fails."""
    widget = Widget()
    headers = [("Sec-WebSocket-Protocol", f"balie.v1, bearer.{token}")]
    address = f"{web.url}/ws/visitor/"
    await ws_connect(
        lambda: widget, address, extra_headers=headers, enable_auto_pong=True, websocket_handshake_timeout=ANSWER_S
    )
    welcomed, lost = (asyncio.ensure_future(event.wait()) for event in (widget.welcomed, widget.lost))
    try:
        await asyncio.wait([welcomed, lost], timeout=ANSWER_S, return_when=asyncio.FIRST_COMPLETED)
    finally:
        welcomed.cancel()
        lost.cancel()
    if not widget.welcomed.is_set():
        raise ConnectionError("not welcomed")
    return widget


async def idle(web: Web, tokens: list[str]) -> float:
    """KiB per widget, once all of them are quiet."""
    before, cpu_before = pss_kib(web.pid), cpu_seconds(web.pid)
    gate = asyncio.Semaphore(OPENING_MAX)
    began = time.monotonic()

    async def one(token: str) -> Widget:
        async with gate:
            return await connect(web, token)

    widgets = await asyncio.gather(*[one(token) for token in tokens])
    spent = time.monotonic() - began
    each_ms = (cpu_seconds(web.pid) - cpu_before) / len(widgets) * 1000
    await asyncio.sleep(5)
    each = (pss_kib(web.pid) - before) / len(widgets)
    rate = f"{len(widgets) / spent:,.0f} sign-ins/s, {each_ms:.1f} ms of server CPU each"
    print(f"| {len(widgets):,} idle widgets | {each:.1f} KiB each | {rate} |", flush=True)
    for widget in widgets:
        if widget.transport is not None:
            widget.transport.disconnect()
    return each


async def storm(web: Web, tokens: list[str], spread: Spread) -> None:
    """All lose their server at this moment; each comes back as the widget does."""
    began = time.monotonic()
    attempts: list[int] = []
    back: list[float] = []
    refused: list[int] = []

    async def one(token: str) -> None:
        for attempt in range(100):
            await asyncio.sleep(spread.wait_s(attempt))
            try:
                await connect(web, token)
            except Exception:  # whatever it was, the widget tries again
                if time.monotonic() - began > GIVE_UP_S:
                    break
                continue
            attempts.append(attempt + 1)
            back.append(time.monotonic() - began)
            return
        refused.append(1)

    await asyncio.gather(*[one(token) for token in tokens])
    back.sort()
    print(
        f"| {len(tokens):,} that lost their server | {len(back):,} back: half in {statistics.median(back):.1f} s, "
        f"all in {back[-1]:.1f} s | {len(refused)} refused for good, {max(attempts)} attempts at most |",
        flush=True,
    )


def tokens_of(both: Services, count: int) -> list[str]:
    lines = both.manage("demo_tokens", "--pairs", str(count)).splitlines()
    return [json.loads(line)["visitor"] for line in lines]


def main(words: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--widgets", type=int, default=2000)
    parser.add_argument("--server", choices=sorted(SERVERS), default="daphne")
    arguments = parser.parse_args(words)
    print("| what | figure | more |\n|---|---|---|")
    with services() as both:
        tokens = tokens_of(both, arguments.widgets)
        pin(os.getpid(), REST_CPU)
        with hub(arguments.server, both) as web:
            asyncio.run(connect_once(web, tokens[0]))  # so that what is loaded at the first socket is not counted
            asyncio.run(idle(web, tokens))
        with hub(arguments.server, both) as web:  # the one that came in its place
            asyncio.run(storm(web, tokens, visitor_spread()))


async def connect_once(web: Web, token: str) -> None:
    widget = await connect(web, token)
    if widget.transport is not None:
        widget.transport.disconnect()
    await asyncio.sleep(1)


if __name__ == "__main__":
    main()
