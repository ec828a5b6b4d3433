"""A bounded outbox per socket: who puts a frame never waits, and a slow reader is cut off. See docs/how/live-core.md.

ASGI's answer to back-pressure is a `send` that does not return. uvicorn does that; Daphne's `send` always returns at
once and Twisted buffers without end. So there are two signals for "the socket is full":
- uvicorn: `send` suspends. The first step of the coroutine is taken by hand; only if it suspends is a task made.
- Daphne: Twisted's own producer interface on the transport (pauseProducing above 64 KiB of undrained bytes).
A close frame queues behind the undrained bytes (under uvicorn `close` even waits for them), so a slow socket is aborted
after a moment of grace. `pressure()` must be the outermost application: middleware that wraps `send` hides the server.
"""

from __future__ import annotations

import asyncio
import functools
import types
from collections.abc import Awaitable, Callable, Coroutine, Generator, MutableMapping
from typing import Any, Final

from prometheus_client import Counter

FRAMES_MAX: Final = 256
BYTES_MAX: Final = 1 << 20
GRACE_S: Final = 2.0
TOO_SLOW: Final = 4008

Event = MutableMapping[str, Any]
Send = Callable[[Event], Coroutine[Any, Any, None]]
Receive = Callable[[], Awaitable[Event]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]
Abort = Callable[[], object]

too_slow = Counter("balie_sockets_too_slow_total", "Sockets closed because their reader was too slow (4008).")


def transport_of(send: Any) -> tuple[Any, Abort | None]:
    """(transport, abort) of the server behind a raw ASGI `send`; (None, None) for a server we do not know."""
    if isinstance(send, functools.partial):  # Daphne: partial(server.handle_reply, protocol)
        transport = getattr(send.args[0], "transport", None) if send.args else None
        return transport, getattr(transport, "abortConnection", None)
    transport = getattr(getattr(send, "__self__", None), "transport", None)  # uvicorn: a bound method of the protocol
    return transport, getattr(transport, "abort", None)


def pressure(app: App) -> App:
    """The outermost application: leaves the server's transport in the scope for the outbox."""

    async def outermost(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            scope["transport"] = transport_of(send)
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
    def __init__(self, send: Send, transport: Any = None, abort: Abort | None = None) -> None:
        self.send = send
        self.dead = False
        self.full = False
        self._abort = abort
        self._waiting: list[str] = []
        self._size = 0
        self._task: asyncio.Task[None] | None = None
        self._room: asyncio.Event | None = None
        if hasattr(transport, "registerProducer"):  # Twisted; replaces the HTTP channel's producer
            transport.unregisterProducer()
            transport.registerProducer(self, True)

    def put(self, text: str) -> None:
        """Send this frame now, or when the socket has room. Never waits; closes a socket for which too much waits."""
        if self.dead:
            return
        if not self.full:
            self._step({"type": "websocket.send", "text": text})
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
        except Exception:  # the peer is gone; the receiving side hears of it
            self._stop()
            return
        self.full = True
        self._task = asyncio.get_running_loop().create_task(self._blocked(coroutine, waits_for))

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
