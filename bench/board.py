"""The board (D2): bytes a second to one board at 10 changes a second with 10, 100 and 1,000 running sessions, and what
50 boards cost the dispatcher beside what one costs.

    python -m bench.board [--seconds 20]

A change is a session whose row on the board is another one (when it started). The sessions and the leases that keep
them alive are put into the tables; everything else is the real thing: triggers, dispatcher, web process, sockets.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import websockets
from websockets.asyncio.client import ClientConnection
from websockets.typing import Subprotocol

from bench.machine import REST_CPU, cpu_seconds, pin
from bench.servers import ROOT, Services, Web, ask, hub, services

if TYPE_CHECKING:
    from chat.models import Process
    from hub.accounts.models import User

CHANGES_PER_S = 10
AGENTS = 20
BOARDS_OF_ONE = 10  # a member of staff may have 20 sockets


class World:
    """Running sessions in the database. Django is set up on it."""

    def __init__(self, both: Services) -> None:
        os.environ.update(both.environment)
        import django

        django.setup()
        from hub.accounts.models import Department, User

        self.department = Department.objects.create(name="Board", position=99)
        self.agents = [self._user(User.Kind.STAFF, User.Level.AGENT) for _ in range(AGENTS)]
        self.sessions: list[uuid.UUID] = []
        self._process = self._immortal()
        for agent in self.agents:
            self._keep(agent, "staff")

    def grow(self, count: int) -> None:
        """Until so many sessions run."""
        from chat.models import Counter, Member, Session
        from chat.states import State
        from hub.accounts.models import User
        from hub.base import clock

        while len(self.sessions) < count:
            customer, agent = self._user(User.Kind.CUSTOMER, ""), self.agents[len(self.sessions) % AGENTS]
            now = clock.now()
            session = Session.objects.create(
                state=State.ACTIVE,
                department=self.department,
                customer=customer,
                agent=agent,
                opened_at=now,
                accepted_at=now,
            )
            Counter.objects.create(session=session)
            Member.objects.create(session=session, user=customer, side="customer")
            self._keep(customer, "visitor")
            self.sessions.append(session.pk)

    def change(self, number: int) -> None:
        """One session's row is another one."""
        from chat.models import Session
        from hub.base import clock

        changed = Session.objects.filter(pk=self.sessions[number % len(self.sessions)])
        changed.update(started_at=clock.now())

    def owners(self, count: int) -> list[str]:
        """API tokens of so many hub owners."""
        from hub.accounts.access import SYSTEM
        from hub.accounts.actions.api_tokens import create_token
        from hub.accounts.models import User

        people = [self._user(User.Kind.STAFF, User.Level.OWNER) for _ in range(count)]
        return [create_token(SYSTEM, user=person, name="bench", wanted_scopes=["*"]) for person in people]

    def _user(self, kind: str, level: str) -> User:
        from hub.accounts.public import User
        from hub.base import clock

        name = f"7{User.objects.count():07d}"
        user: User = User.objects.create(
            login_number=name, kind=kind, level=level, display_name=name, created_at=clock.now()
        )
        return user

    def _immortal(self) -> Process:
        """A process whose beat never grows old, so that nobody of this world is away."""
        from chat.models import Process
        from hub.base import clock

        return Process.objects.create(id=uuid.uuid4(), beat_at=clock.now() + timedelta(days=1))

    def _keep(self, user: User, side: str) -> None:
        from chat.models import Lease
        from hub.base import clock

        Lease.objects.create(process=self._process, user=user, side=side, seen_at=clock.now() + timedelta(days=1))


@contextlib.contextmanager
def dispatcher(both: Services) -> Iterator[int]:
    with (both.folder / "dispatcher.log").open("ab") as log:
        command = [sys.executable, "-m", "hub.dispatcher"]
        child = subprocess.Popen(command, cwd=ROOT, env=both.environment, stdout=log, stderr=log)
    pin(child.pid, REST_CPU)
    try:
        yield child.pid
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait(20)


class Board:
    """One open board: counts what comes."""

    def __init__(self, line: ClientConnection) -> None:
        self.line = line
        self.bytes = self.frames = 0
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        with contextlib.suppress(websockets.ConnectionClosed):
            async for text in self.line:
                if '"type":"board"' in str(text)[:20]:
                    self.bytes += len(text)
                    self.frames += 1


async def measure(
    web: Web, tokens: list[str], world: World, dispatching: int, *, boards: int, seconds: float
) -> list[float]:
    """[bytes/s to the first board, CPU seconds of the dispatcher per second]"""
    async with contextlib.AsyncExitStack() as stack:
        opened = [
            await stack.enter_async_context(_open(web, tokens[number // BOARDS_OF_ONE])) for number in range(boards)
        ]
        watching = []
        for line in opened:
            await ask(line, "board.subscribe", topic="all")
            watching.append(Board(line))
        await asyncio.sleep(3)
        bytes_before, cpu_before, began = watching[0].bytes, cpu_seconds(dispatching), time.monotonic()
        for number in itertools.count():
            due = began + number / CHANGES_PER_S
            if due - began >= seconds:
                break
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            await asyncio.to_thread(world.change, number)
        await asyncio.sleep(1)
        span = time.monotonic() - began
        return [(watching[0].bytes - bytes_before) / span, (cpu_seconds(dispatching) - cpu_before) / span]


def _open(web: Web, token: str) -> websockets.connect:
    offered = [Subprotocol("balie.v1"), Subprotocol(f"bearer.{token}")]
    return websockets.connect(f"{web.url}/ws/staff/", subprotocols=offered, compression=None, max_size=None)


def main(words: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--boards", type=int, default=50)
    arguments = parser.parse_args(words)
    print("| running sessions | boards | bytes/s to one board | dispatcher CPU |\n|---|---|---|---|")
    with services() as both:
        both.manage("demo_seed")
        world = World(both)
        tokens = world.owners(-(-arguments.boards // BOARDS_OF_ONE))
        with hub("daphne", both) as web, dispatcher(both) as dispatching:
            for sessions, boards in ((10, 1), (100, 1), (1000, 1), (1000, arguments.boards)):
                world.grow(sessions)
                figures = asyncio.run(
                    measure(web, tokens, world, dispatching, boards=boards, seconds=arguments.seconds)
                )
                print(f"| {sessions:,} | {boards} | {figures[0]:,.0f} | {figures[1]:.1%} |", flush=True)


if __name__ == "__main__":
    main()
