"""A bounded outbox per socket: who puts a frame never waits, and a slow reader is cut off. See docs/how/live-core.md.

ASGI's answer to back-pressure is a `send` that does not return. uvicorn does that; Daphne's `send` always returns at
once and Twisted buffers without end. So there are two signals for "the socket is full":
- uvicorn: `send` suspends. The first step of the coroutine is taken by hand; only if it suspends is a task made.
- Daphne: Twisted's own producer interface on the transport (pauseProducing above 64 KiB of undrained bytes).
A close frame queues behind the undrained bytes (under uvicorn `close` even waits for them), so a slow socket is aborted
after a moment of grace. `pressure()` must be the outermost application: middleware that wraps `send` hides the server.

Daphne's limit for messages that come in (128 KiB) also refuses what goes out, and a board or a page of backlog may be
larger: for such a frame it is lifted.
"""

from __future__ import annotations

import asyncio
import functools
import types
from collections.abc import Awaitable, Callable, Coroutine, Generator, MutableMapping
from typing import Any, Final, NamedTuple

import structlog
from prometheus_client import Counter

FRAMES_MAX: Final = 256
BYTES_MAX: Final = 1 << 20
GRACE_S: Final = 2.0
LARGE: Final = 16 * 1024  # characters; below it no frame can be over a limit of 64 KiB
TOO_SLOW: Final = 4008

Event = MutableMapping[str, Any]
Send = Callable[[Event], Coroutine[Any, Any, None]]
Receive = Callable[[], Awaitable[Event]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]
Abort = Callable[[], object]

log = structlog.get_logger(__name__)
too_slow = Counter("balie_sockets_too_slow_total", "Sockets closed because their reader was too slow (4008).")


class Door(NamedTuple):
    """What lies behind a raw ASGI `send`; all None for a server we do not know."""

    transport: Any = None
    abort: Abort | None = None
    limited: Any = None  # the protocol whose maxMessagePayloadSize stands in the way of large frames


def door_of(send: Any) -> Door:
    if isinstance(send, functools.partial):  # Daphne: partial(server.handle_reply, protocol)
        protocol = send.args[0] if send.args else None
        transport = getattr(protocol, "transport", None)
        limited = protocol if hasattr(protocol, "maxMessagePayloadSize") else None
        return Door(transport, getattr(transport, "abortConnection", None), limited)
    transport = getattr(getattr(send, "__self__", None), "transport", None)  # uvicorn: a bound method of the protocol
    return Door(transport, getattr(transport, "abort", None))


def pressure(app: App) -> App:
    """The outermost application: leaves in the scope what the outbox must know of the server."""

    async def outermost(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            scope["door"] = door_of(send)
        await app(scope, receive, send)

    return outermost


@types.coroutine
def _finish(coroutine: Coroutine[Any, Any, None], waits_for: Any) -> Generator[Any, None, None]:
    """The rest of a coroutine whose first step was taken by hand."""
    while True:
        yield waits_for
        try:
            waits_for = coroutine.send(None)
        except StopIteration:
            return


class Outbox:
    def __init__(self, send: Send, door: Door) -> None:
        self.send = send
        self.dead = False
        self.full = False
        self._abort = door.abort
        self._limited = door.limited
        self._waiting: list[str] = []
        self._size = 0
        self._task: asyncio.Task[None] | None = None
        self._room: asyncio.Event | None = None
        if hasattr(door.transport, "registerProducer"):  # Twisted; replaces the HTTP channel's producer
            door.transport.unregisterProducer()
            door.transport.registerProducer(self, True)

    def put(self, text: str) -> None:
        """Send this frame now, or when the socket has room. Never waits; closes a socket for which too much waits."""
        if self.dead:
            return
        if not self.full:
            event = {"type": "websocket.send", "text": text}
            if len(text) < LARGE or self._limited is None:
                self._step(event)
            else:
                self._step_unlimited(event)
            return
        self._waiting.append(text)
        self._size += len(text)
        if len(self._waiting) > FRAMES_MAX or self._size > BYTES_MAX:
            too_slow.inc()
            self.close(TOO_SLOW)

    async def room(self, seconds_max: float) -> None:
        """Until the socket takes more: for who has a lot to say (resume), so that it is not taken for a slow reader."""
        if not self.full or self.dead:
            return
        self._room = self._room or asyncio.Event()
        try:
            await asyncio.wait_for(self._room.wait(), seconds_max)
        except TimeoutError:
            too_slow.inc()
            self.close(TOO_SLOW)

    def close(self, code: int) -> None:
        """Drop what waits, say why (if the peer still reads), and abort after a moment, which frees its buffer."""
        if self.dead:
            return
        if self._task is None:
            self._step({"type": "websocket.close", "code": code})
        self._stop()
        if self._abort is not None:
            asyncio.get_running_loop().call_later(GRACE_S, self._abort)

    def _step(self, event: Event) -> None:
        coroutine = self.send(event)
        try:
            waits_for = coroutine.send(None)
        except StopIteration:
            return
        except Exception as failed:  # the peer is gone, or the server will not send this: nothing can follow it
            log.info("outbox.lost", error=repr(failed))
            self._stop()
            if self._abort is not None:
                self._abort()
            return
        self.full = True
        self._task = asyncio.get_running_loop().create_task(self._blocked(coroutine, waits_for))

    def _step_unlimited(self, event: Event) -> None:
        """Under Daphne the first step is the whole of it, so the limit is there again before anything comes in."""
        limit, self._limited.maxMessagePayloadSize = self._limited.maxMessagePayloadSize, 0
        try:
            self._step(event)
        finally:
            self._limited.maxMessagePayloadSize = limit

    async def _blocked(self, coroutine: Coroutine[Any, Any, None], waits_for: Any) -> None:
        try:
            await _finish(coroutine, waits_for)
        except Exception:
            self._stop()
        self._task = None
        self.resumeProducing()

    def _stop(self) -> None:
        self.dead, self._waiting, self._size = True, [], 0
        if self._room is not None:
            self._room.set()

    # -- Twisted's producer interface; the names are Twisted's -------------------------------

    def pauseProducing(self) -> None:  # noqa: N802
        self.full = True

    def resumeProducing(self) -> None:  # noqa: N802
        self.full = False
        waiting, self._waiting, self._size = self._waiting, [], 0
        for place, text in enumerate(waiting):
            if self.full:  # filled up again: the rest keeps its place
                self._waiting = waiting[place:]
                self._size = sum(map(len, self._waiting))
                return
            self.put(text)
        if self._room is not None and not self.full:
            self._room.set()
            self._room = None

    def stopProducing(self) -> None:  # noqa: N802
        self._stop()
