"""The servers of a measurement: PostgreSQL (fsync on) and Valkey on one CPU, the server under test on the other."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import websockets
from websockets.asyncio.client import ClientConnection
from websockets.typing import Subprotocol

from bench.machine import REST_CPU, SERVER_CPU, pin
from hub.launcher.postgres import Postgres
from hub.launcher.valkey import Valkey

ROOT = Path(__file__).resolve().parent.parent
DAPHNE = ["daphne", "-v", "0", "-b", "127.0.0.1", "--websocket-max-message-size", "131072", "-p"]
UVICORN = ["uvicorn", "--host", "127.0.0.1", "--log-level", "warning", "--loop", "uvloop"]
UVICORN += ["--ws-per-message-deflate", "false", "--port"]
SERVERS = {"daphne": DAPHNE, "uvicorn": UVICORN}
START_SECONDS_MAX = 60


@dataclass
class Services:
    postgres: Postgres
    valkey: Valkey
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "hub.settings",
            "DATABASE_URL": self.postgres.url(),
            "REDIS_URL": self.valkey.url,
            "VAR": str(self.folder / "var"),
            "DEBUG": "1",
            "LOG_LEVEL": "WARNING",
            "LOG_JSON": "1",
        }

    def manage(self, *words: str) -> str:
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True)
        return done.stdout

    def watched(self) -> dict[str, int]:
        return {"postgres": self.postgres.pid or 0, "valkey": self.valkey.pid or 0}


@contextlib.contextmanager
def services() -> Iterator[Services]:
    """Started, migrated with demo data, pinned, and gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="balie-bench-"))
    folder.chmod(0o755)
    both = Services(Postgres(folder, fast=False), Valkey(folder, fast=True), folder)
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        stack.callback(both.postgres.stop)
        both.postgres.start()
        stack.callback(both.valkey.stop)
        both.valkey.start()
        for pid in both.watched().values():
            pin(pid, REST_CPU)
        both.manage("migrate", "--verbosity", "0")
        yield both


class Web:
    """One server process, answering on its port."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path, *, cpu: int, folder: Path) -> None:
        self.port = _free_port()
        with log.open("ab") as output:
            self.child = subprocess.Popen(
                [str(self.port) if word == "{port}" else word for word in command],
                cwd=folder,
                env={**environment, "PORT": str(self.port)},
                stdout=output,
                stderr=output,
            )
        pin(self.child.pid, cpu)
        self._wait(log)

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        return self.child.pid

    def _wait(self, log: Path) -> None:
        end = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < end and self.child.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return
            time.sleep(0.05)
        raise RuntimeError(log.read_text(errors="replace")[-2000:])

    def stop(self) -> None:
        self.child.kill()
        self.child.wait()


@contextlib.contextmanager
def hub(kind: str, both: Services, *, cpu: int = SERVER_CPU, **environment: str) -> Iterator[Web]:
    """Balie under Daphne or uvicorn."""
    command = [sys.executable, "-m", *SERVERS[kind], "{port}", "hub.asgi:application"]
    log = both.folder / f"{kind}-{uuid.uuid4().hex[:6]}.log"
    web = Web(command, {**both.environment, **environment}, log, cpu=cpu, folder=ROOT)
    try:
        yield web
    finally:
        web.stop()


@contextlib.contextmanager
def peer(command: list[str], both: Services, folder: Path = ROOT) -> Iterator[Web]:
    """A server that is not ours. `{port}` in the command is its port; it also finds PORT, DSN and REDIS_URL."""
    environment = {**os.environ, "DSN": both.postgres.url(), "REDIS_URL": both.valkey.url}
    log = both.folder / f"peer-{uuid.uuid4().hex[:6]}.log"
    web = Web(command, environment, log, cpu=SERVER_CPU, folder=folder)
    try:
        yield web
    finally:
        web.stop()


def make_chats(both: Services, count: int) -> Path:
    """So many running chats, made through the sockets as anybody would; a file of {visitor, staff, session}."""
    pairs = [json.loads(line) for line in both.manage("demo_tokens", "--pairs", str(count)).splitlines()]
    with hub("uvicorn", both, cpu=REST_CPU) as web:
        asyncio.run(_start_all(web, pairs))
    path = both.folder / "pairs.jsonl"
    path.write_text("".join(json.dumps(pair) + "\n" for pair in pairs))
    return path


async def _start_all(web: Web, pairs: list[dict[str, Any]]) -> None:
    gate = asyncio.Semaphore(8)

    async def one(pair: dict[str, Any]) -> None:
        async with gate:
            await _start(web, pair)

    await asyncio.gather(*[one(pair) for pair in pairs])


async def _start(web: Web, pair: dict[str, Any]) -> None:
    """The customer starts, the agent takes it and says the first word."""
    async with _open(web, "visitor", pair) as customer, _open(web, "staff", pair) as agent:
        await ask(agent, "presence.set", status="online")
        started = await ask(customer, "session.start", department=pair["department"])
        pair["session"] = started["session"]
        await ask(agent, "session.accept", session=pair["session"])
        await ask(agent, "message.send", session=pair["session"], text="Hello")


def _open(web: Web, side: str, pair: dict[str, Any]) -> websockets.connect:
    token = pair["visitor" if side == "visitor" else "staff"]
    offered = [Subprotocol("balie.v1"), Subprotocol(f"bearer.{token}")]
    return websockets.connect(f"{web.url}/ws/{side}/", subprotocols=offered, compression=None)


async def ask(line: ClientConnection, kind: str, **fields: object) -> dict[str, Any]:
    """The `ok` to this frame; anything else is an error of the bench."""
    key = str(uuid.uuid4())
    await line.send(json.dumps({"type": kind, "id": key, **fields}))
    while True:
        frame: dict[str, Any] = json.loads(await asyncio.wait_for(line.recv(), 30))
        if frame.get("re") == key:
            if frame["type"] != "ok":
                raise RuntimeError(f"{kind}: {frame}")
            return frame


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
