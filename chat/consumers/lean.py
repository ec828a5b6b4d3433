"""A Channels consumer without Channels' machinery per event: no thread hop, no task, no layer channel per socket.

`LeanConsumer` keeps as_asgi(), scope, StopConsumer and the names of Channels and replaces `__call__` and `dispatch`,
which cost about 300 us per event. See docs/how/live-core.md.
"""

from __future__ import annotations

from collections.abc import Awaitable, MutableMapping
from typing import Any

from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer

from chat.consumers.outbox import Door, Event, Outbox, Receive, Send


class LeanConsumer(AsyncConsumer):  # type: ignore[misc]  # Channels has no types
    scope: MutableMapping[str, Any]
    outbox: Outbox

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        self.scope = scope
        self.outbox = Outbox(send, scope.get("door", Door()))
        try:
            while True:
                await self.dispatch(await receive())
        except StopConsumer:
            pass
        finally:
            self.outbox.stopProducing()
            self.left()

    async def dispatch(self, event: Event) -> None:
        kind = event["type"]
        if kind == "websocket.receive":
            waits = self.received(event.get("text"))  # a plain call; only rare frames give something to await
            if waits is not None:
                await waits
        elif kind == "websocket.connect":
            await self.connect()
        else:
            raise StopConsumer

    async def connect(self) -> None:
        raise NotImplementedError

    def received(self, text: str | None) -> Awaitable[None] | None:
        """A frame (None: a binary one). What must wait for something is given back to be awaited."""
        raise NotImplementedError

    def left(self) -> None:
        """The socket is gone. Never relied on for anything that must happen (a killed process does not come here)."""


class Nowhere(LeanConsumer):
    """A path that is no endpoint of ours: refused before it is accepted."""

    async def connect(self) -> None:
        await self.outbox.send({"type": "websocket.close", "code": 4003})
        raise StopConsumer
