"""A faithful client of the live protocol, made to lose its line: what a widget or console must do, and no more.

It keeps what is unanswered and sends it again with the same id, resumes by the last seq it shows, asks for what is
missing when a message or a beat says so, and comes back with backoff and jitter. It writes down what it asked and was
told (history.py), and `timelines` is what a person would see, in the order in which it appeared.
"""

import asyncio
import contextlib
import json
import os
import random
import time
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, Literal, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Origin, Subprotocol

from tests.faults.checker import Entry
from tests.faults.history import History

Frame = dict[str, Any]
Side = Literal["visitor", "staff"]

PING_EVERY_S = {"visitor": 15.0, "staff": 5.0}
SILENT_S = {"visitor": 35.0, "staff": 12.0}  # two beats, or two pings, without a word: the line is dead
BACKOFF_FIRST_S = 0.25
BACKOFF_MOST_S = 4.0
OPEN_SECONDS_MAX = 15.0
ANSWERED_SECONDS_MAX = 120.0  # whatever was killed is back by then
PASSING = frozenset({"busy", "too_fast", "internal"})  # told to wait, or not told whether it was done: ask again


class Refused(Exception):
    """The server answered with an error frame."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(f"{frame['code']}: {frame.get('message')}")
        self.code = str(frame["code"])
        self.frame = frame


def new_id() -> str:
    """A UUIDv7: 48 bits of milliseconds, then chance."""
    raw = bytearray((time.time_ns() // 1_000_000).to_bytes(6, "big") + os.urandom(10))
    raw[6] = raw[6] & 0x0F | 0x70
    raw[8] = raw[8] & 0x3F | 0x80
    text = raw.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


class Timeline:
    """What is on the screen of one session: only what is next in seq is shown, the rest waits for its turn."""

    def __init__(self) -> None:
        self.shown: list[Entry] = []
        self.early: dict[int, Frame] = {}
        self.last_seq = 0
        self.conflicts: list[str] = []

    def take(self, frame: Frame) -> None:
        seq = int(frame["seq"])
        if seq <= self.last_seq:
            self._compare(frame, seq)
            return
        self.early[seq] = frame
        while (ready := self.early.pop(self.last_seq + 1, None)) is not None:
            self.shown.append(Entry.of_frame(ready))
            self.last_seq += 1

    @property
    def has_gap(self) -> bool:
        return bool(self.early)

    def _compare(self, frame: Frame, seq: int) -> None:
        """What we have is dropped, but it must be the same thing."""
        if self.shown[seq - 1].id != str(frame["id"]):
            self.conflicts.append(f"seq {seq} is {self.shown[seq - 1].id} and {frame['id']}")


class Client:
    """One person's window. Use as `async with Client(...) as client`."""

    def __init__(
        self,
        urls: Sequence[str],
        token: str,
        side: Side,
        *,
        name: str,
        history: History | None = None,
        ping_every_s: float | None = None,
        returns: bool = True,
    ) -> None:
        self.addresses = [f"{url.replace('http', 'ws', 1).rstrip('/')}/ws/{side}/" for url in urls]
        self.token, self.side, self.name = token, side, name
        self.history = history or History()
        self.ping_every_s = ping_every_s or PING_EVERY_S[side]
        self.returns = returns
        self.frames: list[Frame] = []
        self.timelines: dict[str, Timeline] = {}
        self.sessions: dict[str, Frame] = {}
        self.meters: dict[str, Frame] = {}
        self.welcomes = 0
        self.closes: list[int | None] = []
        self.is_open = False
        self.catch_ups = 0
        self._outbox: dict[str, tuple[Frame, asyncio.Future[Frame]]] = {}
        self._asking_backlog: set[str] = set()
        self._line: ClientConnection | None = None
        self._changed = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()
        self._wait_at_least_s = 0.0

    # -- for tests -----------------------------------------------------------------------------------------------------
    async def __aenter__(self) -> Self:
        self._spawn(self._live())
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for _frame, future in self._outbox.values():
            future.cancel()

    async def ask(self, frame_type: str, **fields: Any) -> Frame:
        """Send a request until it is answered; `ok` or `backlog` is returned, an error raises Refused."""
        frame = {"type": frame_type, "id": fields.pop("id", None) or new_id(), **fields}
        try:
            return await asyncio.wait_for(self._enqueue(frame), ANSWERED_SECONDS_MAX)
        except TimeoutError:
            raise AssertionError(f"{self.name}: no answer to {frame}; closed with {self.closes}") from None

    def send(self, session: str, text: str, **fields: Any) -> "asyncio.Future[Frame]":
        """Say something; the future is its `ok`. Nobody needs to wait for it."""
        frame = {"type": "message.send", "id": new_id(), "session": session, "text": text, **fields}
        self.history.invoke(self.name, session, frame["id"], text)
        return self._enqueue(frame)

    def post(self, frame_type: str, **fields: Any) -> None:
        """Send what has no answer, if there is a line."""
        self._write({"type": frame_type, **fields})

    async def until(self, holds: Callable[[], Any], *, seconds: float = 60.0, what: str = "it") -> Any:
        """Wait until something about this client is true, and return it."""
        try:
            async with asyncio.timeout(seconds), self._changed:
                while not (found := holds()):
                    await self._changed.wait()
                return found
        except TimeoutError:
            last = [frame for frame in self.frames if frame["type"] not in ("pong", "beat")][-8:]
            said = f"{self.name}: {what} did not happen within {seconds:.0f} s; last: {str(last)[-3000:]}"
            raise AssertionError(said) from None

    async def frame(self, frame_type: str, *, after: int = 0, seconds: float = 60.0, **fields: Any) -> Frame:
        """The first frame with these fields, from position `after` of `frames` on."""

        def find() -> Frame | None:
            wanted = fields | {"type": frame_type}
            return next((frame for frame in self.frames[after:] if wanted.items() <= frame.items()), None)

        found: Frame = await self.until(find, seconds=seconds, what=f"{frame_type} {fields}")
        return found

    async def in_state(self, session: str, state: str, *, seconds: float = 60.0, **fields: Any) -> Frame:
        """The session frame once it says so."""
        wanted = fields | {"state": state}
        await self.until(
            lambda: wanted.items() <= self.sessions.get(session, {}).items(), seconds=seconds, what=f"state {wanted}"
        )
        return self.sessions[session]

    async def shows(self, session: str, last_seq: int, *, seconds: float = 60.0) -> list[Entry]:
        """The transcript as this window shows it, once it has come that far."""
        await self.until(
            lambda: self.timeline(session).last_seq >= last_seq, seconds=seconds, what=f"seq {last_seq} of {session}"
        )
        return self.timeline(session).shown

    async def settle(self, *, seconds: float = 90.0) -> None:
        """Until everything that was asked has been answered."""
        await self.until(lambda: not self._outbox, seconds=seconds, what="an answer to everything")

    async def opened(self, *, seconds: float = 60.0) -> None:
        await self.until(lambda: self.is_open, seconds=seconds, what="an open line")

    async def drop(self) -> None:
        """Lose the line; the client comes back by itself."""
        if self._line is not None:
            self._line.transport.abort()

    async def leave(self) -> None:
        """Close the window for good."""
        self.returns = False
        if self._line is not None:
            await self._line.close()
        await self.until(lambda: not self.is_open, what="a closed line")

    def timeline(self, session: str) -> Timeline:
        return self.timelines.setdefault(session, Timeline())

    # -- the line ------------------------------------------------------------------------------------------------------
    async def _live(self) -> None:
        attempt = 0
        while True:
            address = self.addresses[attempt % len(self.addresses)]
            try:
                async with self._connected(address) as line:
                    await self._greet(line)
                    attempt = 0
                    await self._listen(line)
            except (OSError, TimeoutError, WebSocketException):
                pass
            await self._lost_line()
            if not self.returns:
                return
            attempt += 1
            most_s = min(BACKOFF_MOST_S, BACKOFF_FIRST_S * 2**attempt)
            await asyncio.sleep(max(self._wait_at_least_s, random.uniform(0, most_s)))
            self._wait_at_least_s = 0.0

    @contextlib.asynccontextmanager
    async def _connected(self, address: str) -> AsyncIterator[ClientConnection]:
        protocols = [Subprotocol("balie.v1"), Subprotocol(f"bearer.{self.token}")]
        origin = Origin("/".join(address.replace("ws", "http", 1).split("/")[:3]))
        line = await connect(
            address,
            subprotocols=protocols,
            origin=origin,
            ping_interval=None,
            max_size=None,
            compression=None,
            open_timeout=OPEN_SECONDS_MAX,
            close_timeout=0.2,
            proxy=None,
        )
        try:
            self._line = line
            yield line
        finally:
            self._line = None
            await line.close()

    async def _greet(self, line: ClientConnection) -> None:
        resume = [{"session": key, "after_seq": timeline.last_seq} for key, timeline in self.timelines.items()]
        await line.send(json.dumps({"type": "hello", "protocol": 1, "resume": resume}))
        async with asyncio.timeout(OPEN_SECONDS_MAX):
            while (await self._receive(line))["type"] != "welcome":
                pass
        self._asking_backlog.clear()
        self.is_open = True
        for frame, _future in list(self._outbox.values()):
            self._write(frame)
        await self._tell()

    async def _listen(self, line: ClientConnection) -> None:
        pinger = asyncio.create_task(self._ping())
        try:
            while True:
                async with asyncio.timeout(max(SILENT_S[self.side], 2.5 * self.ping_every_s)):
                    await self._receive(line)
        finally:
            pinger.cancel()

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(self.ping_every_s)
            self.post("ping", at=time.time())

    async def _lost_line(self) -> None:
        self.is_open = False
        for frame, _future in self._outbox.values():
            if frame["type"] == "message.send":
                self.history.unknown(self.name, frame["session"], frame["id"])
        await self._tell()

    # -- frames out ----------------------------------------------------------------------------------------------------
    def _enqueue(self, frame: Frame) -> "asyncio.Future[Frame]":
        future: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        # An error that nobody waits for is in the history; asyncio need not shout about it.
        future.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._outbox[frame["id"]] = (frame, future)
        if self.is_open:
            self._write(frame)
        return future

    def _write(self, frame: Frame) -> None:
        if self._line is not None:
            self._spawn(self._write_to(self._line, json.dumps(frame, ensure_ascii=False)))

    @staticmethod
    async def _write_to(line: ClientConnection, text: str) -> None:
        with contextlib.suppress(ConnectionClosed, OSError):
            await line.send(text)

    async def _again(self, request_id: str, after_s: float) -> None:
        await asyncio.sleep(after_s)
        if request_id in self._outbox and self.is_open:
            self._write(self._outbox[request_id][0])

    # -- frames in -----------------------------------------------------------------------------------------------------
    async def _receive(self, line: ClientConnection) -> Frame:
        try:
            frame: Frame = json.loads(await line.recv())
        except ConnectionClosed:
            self.closes.append(line.close_code)
            raise
        self.frames.append(frame)
        self._handle(frame)
        await self._tell()
        return frame

    def _handle(self, frame: Frame) -> None:
        kind = frame["type"]
        if kind == "message":
            self._take_message(frame)
        elif kind in ("ok", "backlog", "error"):
            self._take_answer(frame)
        elif kind == "session":
            self.sessions[frame["session"]] = frame
            self._compare_last_seq(frame["session"], frame["last_seq"], tolerated=100)  # a resume brings 100 by itself
        elif kind == "meter":
            self.meters[frame["session"]] = frame
        elif kind == "beat":
            for session, last_seq in frame["sessions"].items():
                self._compare_last_seq(session, last_seq, tolerated=0)
        elif kind == "welcome":
            self.welcomes += 1
        elif kind == "bye":
            self._wait_at_least_s = frame["retry_after_ms"] / 1000

    def _take_message(self, frame: Frame) -> None:
        if "seq" not in frame:
            return
        timeline = self.timeline(frame["session"])
        timeline.take(frame)
        if timeline.has_gap:
            self._catch_up(frame["session"])

    def _compare_last_seq(self, session: str, last_seq: int, *, tolerated: int) -> None:
        if last_seq > self.timeline(session).last_seq + tolerated:
            self._catch_up(session)

    def _catch_up(self, session: str) -> None:
        if session in self._asking_backlog or self._line is None:
            return
        self._asking_backlog.add(session)
        self.catch_ups += 1
        after_seq = self.timeline(session).last_seq
        self._write({"type": "backlog", "id": new_id(), "session": session, "after_seq": after_seq, "limit": 200})

    def _take_answer(self, frame: Frame) -> None:
        if frame["type"] == "backlog":
            for message in frame["messages"]:
                self._take_message(message)
            self._asking_backlog.discard(frame["session"])
            if frame["more"] and "seq" in (frame["messages"] or [{}])[-1]:
                self._catch_up(frame["session"])
        request_id = frame.get("re", "")
        if request_id not in self._outbox:
            return
        asked, future = self._outbox[request_id]
        if frame["type"] == "error" and frame["code"] in PASSING:
            self._spawn(self._again(request_id, frame.get("retry_after_ms", 500) / 1000))
            return
        del self._outbox[request_id]
        self._note(asked, frame)
        if future.done():
            return
        if frame["type"] == "error":
            future.set_exception(Refused(frame))
        else:
            future.set_result(frame)

    def _note(self, asked: Frame, answer: Frame) -> None:
        if asked["type"] != "message.send":
            return
        if answer["type"] == "error":
            self.history.fail(self.name, asked["session"], asked["id"], answer["code"])
        elif "seq" in answer:
            self.history.ok(self.name, asked["session"], asked["id"], answer["seq"])
            # One's own words are not sent back: `ok` says where they stand.
            self._take_message({**asked, "seq": answer["seq"], "kind": "text"})

    # -- inside --------------------------------------------------------------------------------------------------------
    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
