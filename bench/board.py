"""What one board gets per second when ten things change per second, however much exists (D2). `python -m bench.board`

The changes are the product's own (agents pause and resume meters), told by the database's own notices and published by
the dispatcher's own publisher. Bytes are those of the frames of topic `all`.
"""

from __future__ import annotations

import itertools
import time
import uuid
from dataclasses import dataclass
from typing import Any

from bench.database import own_database

SIZES = (10, 100, 1_000)
CHANGES_PER_S = 10
SECONDS = 8.0
SPREAD_MAX = 0.10  # the bar: the same bytes for all sizes, within ten per cent


@dataclass(frozen=True)
class Result:
    sessions: int
    bytes_per_s: float
    frames_per_s: float
    publisher_ms_per_s: float
    open_ms: float
    open_kib: float


class Scene:
    """So many running, metered sessions of one department."""

    def __init__(self) -> None:
        from hub.base import clock
        from tests.builders import World

        self.world = World(clock.Travel())
        self.support = self.world.department(price_m=1000)
        self.agents = [self.world.agent(self.support, name=f"Agent {n:02}", capacity=50) for n in range(10)]
        self.owner = self.world.owner()
        self.pairs: list[tuple[Any, Any]] = []
        self._turns = itertools.cycle(self.pairs)
        self._paused: set[uuid.UUID] = set()

    def grow(self, sessions: int) -> None:
        while len(self.pairs) < sessions:
            self.pairs.append(self._running(len(self.pairs)))
        self._turns = itertools.cycle(self.pairs)

    def _running(self, number: int) -> tuple[Any, Any]:
        chat = self.world.customer(f"Customer {number:04}", credits=1000).starts(self.support, "Hello?")
        agent = self.agents[number % 10]
        agent.accepts(chat)
        agent.says(chat, "Hello!")
        return agent, chat

    def change(self) -> None:
        """One thing that a board shows."""
        agent, chat = next(self._turns)
        if chat.pk in self._paused:
            agent.resumes(chat)
            self._paused.discard(chat.pk)
        else:
            agent.pauses(chat, "looking_up")
            self._paused.add(chat.pk)


def measure(scene: Scene, sessions: int) -> Result:
    from chat import board, wire
    from chat.board_changes import Publisher
    from hub.base.publish import captured
    from hub.dispatcher import CHANNEL, connect

    with captured() as published, connect() as line:
        scene.grow(sessions)
        line.execute(f"listen {CHANNEL}")
        publisher = Publisher()
        publisher.publish()
        begun = time.perf_counter()
        full = board.subscribe(actor=scene.owner.person, topic="all")
        open_ms = (time.perf_counter() - begun) * 1000
        published.clear()
        busy_s, started, changes = 0.0, time.monotonic(), 0
        while (passed := time.monotonic() - started) < SECONDS:
            while changes < passed * CHANGES_PER_S:
                scene.change()
                changes += 1
            for notice in line.notifies(timeout=0.01):
                topic, _, detail = notice.payload.partition(":")
                if topic == "board" and detail:
                    publisher.hear(detail)
            begun = time.thread_time()
            publisher.publish()
            busy_s += time.thread_time() - begun
            time.sleep(max(0.0, 0.25 - (time.monotonic() - started - passed)))
        seconds = time.monotonic() - started
        told = [text for topic, text in published if topic == "b:all"]
    size = len(wire.encode(full).encode()) / 1024
    rate = sum(len(text.encode()) for text in told) / seconds
    return Result(sessions, rate, len(told) / seconds, busy_s / seconds * 1000, open_ms, size)


def main() -> None:
    print("| running sessions | bytes/s to one board | frames/s | publisher, ms of CPU per s | opening: ms, KiB |")
    print("|---|---|---|---|---|", flush=True)
    scene, results = Scene(), []
    for sessions in SIZES:
        one = measure(scene, sessions)
        results.append(one)
        cells = (
            f"{one.sessions:,}",
            f"{one.bytes_per_s:,.0f}",
            f"{one.frames_per_s:.1f}",
            f"{one.publisher_ms_per_s:.0f}",
            f"{one.open_ms:.0f}, {one.open_kib:.0f}",
        )
        print("| " + " | ".join(cells) + " |", flush=True)
    rates = [one.bytes_per_s for one in results]
    spread = max(rates) / min(rates) - 1
    print(
        f"\nSpread {spread:.1%} (bar: {SPREAD_MAX:.0%}). The publisher publishes once per topic and knows of no board:"
    )
    print("fifty boards cost it what one costs; each costs its web process one send per frame.")


if __name__ == "__main__":
    with own_database():
        main()
