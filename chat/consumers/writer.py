"""Group commit: what waits from all sockets is written by one statement and one commit; each is acked after it.

One call of live_write() per batch on a connection of its own, in autocommit: one round trip. A session always has the
same writer. Every retry is safe, because (session, author, id) is unique: after a lost connection the same batch goes
again. A batch that the database refuses is halved until only the poisonous message fails. See docs/how/live-core.md.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final, Protocol
from uuid import UUID
from zlib import crc32

import psycopg
import structlog
from prometheus_client import Counter, Histogram

from chat.consumers.exchange import Exchange
from chat.entries import REFUSALS, STATEMENT, Entry, Written, batch_of, item_of, message_of
from chat.wire import codec, outgoing
from hub.base import clock
from hub.base.errors import Busy, DomainError
from hub.base.publish import Item

log = structlog.get_logger(__name__)

BATCH_MAX: Final = 512
WAITING_MAX: Final = 20_000
RETRY_S: Final = 0.05
SESSION_SETTINGS: Final = "-c statement_timeout=5000 -c timezone=UTC"

written_total = Counter("balie_messages_written_total", "Messages of sockets that were committed.")
retries_total = Counter("balie_message_batches_retried_total", "Batches sent again after the database was away.")
batch_sizes = Histogram(
    "balie_message_batch_size", "Messages per commit.", buckets=(1, 2, 5, 10, 20, 50, 100, 200, 512)
)


class Sender(Protocol):
    """What the writer knows of a socket."""

    @property
    def user_id(self) -> int | None: ...

    def put(self, text: str, /) -> None: ...

    def refuse(self, refusal: DomainError, re: UUID | None) -> None: ...

    def fail(self, failed: BaseException, re: UUID | None) -> None: ...


class Waiting:
    """A message on its way, with who wants to hear of it."""

    __slots__ = ("entry", "sender")

    def __init__(self, sender: Sender, entry: Entry) -> None:
        self.sender = sender
        self.entry = entry


class Writer:
    def __init__(self, dsn: str, exchange: Exchange, *, writers: int, replied: Callable[[str], None]) -> None:
        """`replied`: told of each session whose agent's first reply has been committed (M2)."""
        self._dsn, self._exchange, self._replied = dsn, exchange, replied
        self._queues: list[list[Waiting]] = [[] for _ in range(writers)]
        self._wakes = [asyncio.Event() for _ in range(writers)]
        self._busy = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        loop = asyncio.get_running_loop()
        for queue, wake in zip(self._queues, self._wakes, strict=True):
            self._tasks.add(loop.create_task(self._run(queue, wake)))

    def write(self, sender: Sender, entry: Entry) -> None:
        """Take a message; its `ok` or `error` follows."""
        number = crc32(entry.s.encode()) % len(self._queues) if len(self._queues) > 1 else 0
        queue = self._queues[number]
        if len(queue) >= WAITING_MAX:
            sender.refuse(Busy(retry_after_ms=1000), entry.i)
            return
        queue.append(Waiting(sender, entry))
        self._wakes[number].set()

    async def drained(self, seconds_max: float) -> None:
        """Until everything that was taken is answered: before a process goes."""
        for _ in range(int(seconds_max / 0.01)):
            if not self._busy and not any(self._queues):
                return
            await asyncio.sleep(0.01)

    async def _run(self, queue: list[Waiting], wake: asyncio.Event) -> None:
        line = Line(self._dsn)
        while True:
            await wake.wait()
            batch = queue[:BATCH_MAX]
            del queue[:BATCH_MAX]
            if not queue:
                wake.clear()
            self._busy += 1
            try:
                await self._write(batch, line)
            except Exception as failed:  # a bug here must not stop the writer of a process
                log.exception("writer.batch")
                for waiting in batch:
                    waiting.sender.fail(failed, waiting.entry.i)
            finally:
                self._busy -= 1

    async def _write(self, batch: list[Waiting], line: Line) -> None:
        rows, repeats = _without_repeats(batch)
        try:
            answers = await line.write([waiting.entry for waiting in rows])
        except psycopg.Error as failed:
            if len(rows) == 1:
                for waiting in batch:  # itself, and the same sent again meanwhile
                    waiting.sender.fail(failed, waiting.entry.i)
                return
            half = len(batch) // 2
            await self._write(batch[:half], line)
            await self._write(batch[half:], line)
            return
        self._answer(rows, answers)
        if repeats:
            await self._write(repeats, line)

    def _answer(self, rows: list[Waiting], answers: list[Written]) -> None:
        news: list[Item] = []
        for waiting, written in zip(rows, answers, strict=True):
            entry, sender = waiting.entry, waiting.sender
            refusal = REFUSALS.get(written.verdict)
            if refusal is not None:
                sender.refuse(refusal(), entry.i)
                continue
            sender.put(
                codec.encode(outgoing.Ok(re=entry.i, seq=written.seq, staff_seq=written.staff_seq, at=written.at))
            )
            if written.verdict == "new":
                item = item_of(message_of(entry, written))
                news.append(item)
                self._exchange.local(item[0], item[1], sender)
                if written.first_reply:
                    self._replied(entry.s)
        if news:
            written_total.inc(len(news))
            batch_sizes.observe(len(news))
            self._exchange.announce(news)


def _without_repeats(batch: list[Waiting]) -> tuple[list[Waiting], list[Waiting]]:
    """The same id twice in one batch: the second waits until the first is written."""
    seen: set[tuple[str, int | None, int]] = set()
    rows: list[Waiting] = []
    repeats: list[Waiting] = []
    for waiting in batch:
        key = (waiting.entry.s, waiting.entry.a, waiting.entry.i.int)
        (repeats if key in seen else rows).append(waiting)
        seen.add(key)
    return rows, repeats


class Line:
    """The connection of one writer, made anew when it is lost."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._cursor: psycopg.AsyncCursor[Any] | None = None

    async def write(self, entries: list[Entry]) -> list[Written]:
        """The answers in order. Waits out a database that is away; how much may wait is bounded by Writer.write()."""
        sessions = list({entry.s for entry in entries})
        placed = batch_of(entries)
        while True:
            try:
                cursor = await self._open()
                await cursor.execute(STATEMENT, (sessions, placed, clock.now()))
                return [Written(*row) for row in await cursor.fetchall()]
            except psycopg.OperationalError as failed:  # away, restarted, deadlock, timeout: the same batch again
                retries_total.inc()
                log.warning("writer.retry", error=str(failed))
                await self._forget_if_closed()
                await asyncio.sleep(RETRY_S)

    async def _open(self) -> psycopg.AsyncCursor[Any]:
        if self._cursor is None:
            connection = await psycopg.AsyncConnection.connect(
                self._dsn, autocommit=True, prepare_threshold=0, connect_timeout=5, options=SESSION_SETTINGS
            )
            self._cursor = connection.cursor(binary=True)
        return self._cursor

    async def _forget_if_closed(self) -> None:
        if self._cursor is not None and self._cursor.connection.closed:
            self._cursor = None
