"""Real processes for the tests of the live core: web servers that can be killed, a Valkey that can be, and a client."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import websockets
from django.db import connection
from websockets.asyncio.client import ClientConnection
from websockets.typing import Subprotocol

from hub.accounts.models import User
from hub.accounts.tokens import issue
from tests.running import START_SECONDS_MAX

ROOT = Path(__file__).resolve().parents[3]
Frame = dict[str, Any]
T = TypeVar("T")
SERVERS = {
    "daphne": ["daphne", "-v", "0", "-b", "127.0.0.1", "--websocket-max-message-size", "131072",
               "--websocket-max-frame-size", "131072", "-p"],
    "uvicorn": ["uvicorn", "--host", "127.0.0.1", "--log-level", "warning", "--ws-max-size", "131072",
                "--ws-per-message-deflate", "false", "--port"],
}  # fmt: skip


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


class Web:
    """A web process on a port of its own; kill() is kill -9, start() again uses the same port."""

    def __init__(self, kind: str, log: Path, **environment: str) -> None:
        self.port = free_port()
        self._command = [sys.executable, "-m", *SERVERS[kind], str(self.port), "hub.asgi:application"]
        self._environment = {**os.environ, **environment}
        self.log = log
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(self._command, cwd=ROOT, env=self._environment, stdout=log, stderr=log)
        deadline = time.monotonic() + START_SECONDS_MAX
        while self.child.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return
            time.sleep(0.05)
        self.kill()
        raise RuntimeError(f"no web process:\n{self.words()[-3000:]}")

    def kill(self) -> None:
        self.child.kill()
        self.child.wait()

    def terminate(self) -> int:
        self.child.terminate()
        return self.child.wait(60)

    def rss_mib(self) -> float:
        status = Path(f"/proc/{self.child.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024

    def words(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""


def database_url(name: str | None = None) -> str:
    """That database, or the one of Django's connection, for processes of our own."""
    given = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(given._replace(path=f"/{name or connection.settings_dict['NAME']}"))


def token(user: User, *, scopes: tuple[str, ...] = ("*",), seconds: int = 3600) -> str:
    staff = user.kind == "staff"
    return issue(
        side="staff" if staff else "visitor",
        lifetime=timedelta(seconds=seconds),
        user_id=user.pk,
        two_factor=staff,
        scopes=scopes,
        sign_in_version=user.sign_in_version,
    )


LOAD = ("*", "load")


async def until(test: Callable[[], T], seconds: float = 60) -> T:
    """Ask until the answer is true, and return it."""
    end = time.monotonic() + seconds
    while not (found := test()):
        assert time.monotonic() < end, "not in time"
        await asyncio.sleep(0.02)
    return found


def _text(frame: Frame) -> str:
    """As a browser writes it; a lone surrogate, which UTF-8 does not have, stays escaped."""
    text = json.dumps(frame, ensure_ascii=False)
    return text if text.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in text) else json.dumps(frame)


class Client:
    """Keeps every message by (session, seq), asks for what a beat says it lacks, and remembers what was acked."""

    def __init__(self, web: Web, user: User, scopes: tuple[str, ...] = ("*",)) -> None:
        self.web, self.user, self.scopes = web, user, scopes
        self.seen: dict[str, dict[int, str]] = {}
        self.ok: dict[str, int] = {}
        self.catch_ups = 0  # how often it had to ask, because a beat said so
        self.frames: list[Frame] = []
        self._waiting: dict[str, asyncio.Future[Frame]] = {}

    @property
    def path(self) -> str:
        return f"ws://127.0.0.1:{self.web.port}/ws/{'staff' if self.user.kind == 'staff' else 'visitor'}/"

    async def __aenter__(self) -> Client:
        offered = [Subprotocol("balie.v1"), Subprotocol("bearer." + token(self.user, scopes=self.scopes))]
        self.ws: ClientConnection = await websockets.connect(
            self.path, compression=None, subprotocols=offered, max_size=None
        )
        self._reader = asyncio.create_task(self._read())
        self.welcomes = 0
        await self.hello()
        await until(lambda: self.welcomes or self.ws.close_code)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.ws.close()
        await asyncio.wait([self._reader], timeout=30)

    async def hello(self) -> None:
        resume = [{"session": session, "after_seq": self.contiguous(session)} for session in self.seen]
        await self.ws.send(json.dumps({"type": "hello", "protocol": 1, "resume": resume}))

    def contiguous(self, session: str) -> int:
        number = 0
        while number + 1 in self.seen.get(session, {}):
            number += 1
        return number

    def of(self, kind: str) -> list[Frame]:
        return [frame for frame in self.frames if frame["type"] == kind]

    async def _read(self) -> None:
        with contextlib.suppress(websockets.ConnectionClosed):
            async for text in self.ws:
                self._take(json.loads(text))
                if self.frames[-1]["type"] == "beat":
                    await self._catch_up(self.frames[-1]["sessions"])
        for future in self._waiting.values():
            future.cancel()

    def _take(self, frame: Frame) -> None:
        self.frames.append(frame)
        self.welcomes += frame["type"] == "welcome"
        if frame["type"] == "message" and "seq" in frame:
            known = self.seen.setdefault(frame["session"], {}).setdefault(frame["seq"], frame["id"])
            assert known == frame["id"], "one seq, two messages"
        waiting = self._waiting.pop(frame.get("re", ""), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(frame)

    async def _catch_up(self, sessions: dict[str, int]) -> None:
        behind = [session for session, last in sessions.items() if last > self.contiguous(session)]
        for session in behind:
            self.seen.setdefault(session, {})
        if behind:
            self.catch_ups += 1
            await self.hello()

    def post(self, frame: Frame) -> None:
        """Without an answer to wait for."""
        self._posts = asyncio.ensure_future(self.ws.send(_text(frame)))

    async def ask(self, type_: str, *, key: str | None = None, **fields: object) -> Frame:
        """The answer (`ok`, `error` or `backlog`) to a frame with an id."""
        key = key or str(uuid.uuid4())
        future = self._waiting[key] = asyncio.get_running_loop().create_future()
        await self.ws.send(_text({"type": type_, "id": key, **fields}))
        return await asyncio.wait_for(future, 60)

    async def say(self, session: str, text: str, key: str | uuid.UUID | None = None, **fields: object) -> Frame:
        """Send a message; an `ok` is kept, and the own message takes its place in the order."""
        key = str(key or uuid.uuid4())
        frame = await self.ask("message.send", key=key, session=session, text=text, **fields)
        if frame["type"] == "ok" and "seq" in frame:
            self.ok[key] = frame["seq"]
            self.seen.setdefault(session, {})[frame["seq"]] = key
        return frame

    async def closed(self, seconds: float = 60) -> int | None:
        """The close code, once it is closed."""
        await asyncio.wait_for(self.ws.wait_closed(), seconds)
        return self.ws.close_code


@contextlib.contextmanager
def web(kind: str, folder: Path, **environment: str) -> Iterator[Web]:
    process = Web(kind, folder / f"web-{uuid.uuid4().hex[:6]}.log", **environment)
    try:
        yield process
    finally:
        process.kill()


@contextlib.asynccontextmanager
async def clients(*wanted: tuple[Web, User], scopes: tuple[str, ...] = ("*",)) -> AsyncIterator[list[Client]]:
    async with contextlib.AsyncExitStack() as stack:
        yield [await stack.enter_async_context(Client(process, user, scopes)) for process, user in wanted]
