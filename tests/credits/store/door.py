"""The door for notices of payment providers, without a hub behind it: by itself, or with a real server in front."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import uvicorn

from credits.store.notice_door import App, NoticeDoor, Receive, Scope, Send
from tests.running import eventually, free_ports

SANDBOX = "/hooks/payments/sandbox/"


async def nothing_behind(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 418, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@dataclass
class Knock:
    """A request, and what it was answered."""

    body: bytes = b""
    path: str = SANDBOX
    method: str = "POST"
    headers: dict[str, str] = field(default_factory=dict)
    sender: str = "192.0.2.1"
    status: int = 0
    answer: dict[str, str] = field(default_factory=dict)

    async def at(self, door: App) -> int:
        asked = urlsplit(self.path)
        headers = {"content-length": str(len(self.body)), **self.headers}
        scope = {
            "type": "http",
            "method": self.method,
            "path": asked.path,
            "query_string": asked.query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "client": (self.sender, 4711),
        }
        parts = [self.body[at : at + 4096] for at in range(0, len(self.body), 4096)] or [b""]
        events = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
        events[-1]["more_body"] = False

        async def receive() -> dict[str, Any]:
            return events.pop(0)

        async def send(event: Mapping[str, Any]) -> None:
            if event["type"] == "http.response.start":
                self.status = event["status"]
                self.answer = {name.decode(): value.decode() for name, value in event["headers"]}

        await door(scope, receive, send)
        return self.status


def knock(*knocks: Knock) -> list[int]:
    """All at once; the statuses."""

    async def all_of_them() -> list[int]:
        door = NoticeDoor(nothing_behind)
        waiting: list[Coroutine[Any, Any, int]] = [one.at(door) for one in knocks]
        return list(await asyncio.gather(*waiting))

    return asyncio.run(all_of_them())


@contextmanager
def open_door() -> Iterator[str]:
    """A web server with nothing but the door; its address."""
    port = free_ports(1)
    server = uvicorn.Server(uvicorn.Config(NoticeDoor(nothing_behind), port=port, lifespan="off", log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    eventually(lambda: server.started, what="a web server")
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()
