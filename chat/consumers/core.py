"""The parts of one web process put together, and its clockwork: beat, rights, leases, read marks, and leaving well.

See docs/how/live-core.md and docs/how/delivery.md.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

import structlog
from django.conf import settings
from django.db import connection
from msgspec import json
from prometheus_client import Gauge
from psycopg.conninfo import make_conninfo
from psycopg_pool import AsyncConnectionPool

from chat.consumers import leases, marks
from chat.consumers.exchange import Exchange
from chat.consumers.following import EPOCH, Followed, read_followed
from chat.consumers.limits import SOCKETS_PER_STAFF, SOCKETS_PER_VISITOR
from chat.consumers.writer import Writer
from chat.permissions import parse_id
from chat.wire import codec, outgoing
from hub.accounts.public import rights_versions
from hub.base import clock, publish, threads

if TYPE_CHECKING:
    from chat.consumers.socket import LiveSocket

log = structlog.get_logger(__name__)

REPLACED: Final = 4009
GOING_AWAY: Final = 4012
GOODBYE_S: Final = 1.0  # what the last messages and the last frames get before the server stops
SETTINGS: Final = "-c statement_timeout=10000 -c timezone=UTC"

open_sockets = Gauge("balie_sockets_open", "Sockets that are signed in.")


def dsn() -> str:
    """Django's database for psycopg itself; the host may stand in its OPTIONS (a Unix socket's folder)."""
    known = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port", "sslmode")
    return make_conninfo("", **{name: known[name] for name in names if known.get(name)})


class Core:
    """One per process, made by the first socket."""

    def __init__(self) -> None:
        self.sockets: set[LiveSocket] = set()
        self.leaving = False
        self.epoch = ""
        self._by_user: dict[int, set[LiveSocket]] = {}
        self._by_key: dict[tuple[str, str], list[LiveSocket]] = {}
        self._starting: asyncio.Future[None] | None = None
        self._tasks: set[asyncio.Task[Any]] = set()

    def ready(self) -> Awaitable[None]:
        failed = self._starting is not None and self._starting.done() and self._starting.exception() is not None
        if self._starting is None or failed:  # a database that was away must not keep sockets out for ever
            self._starting = asyncio.ensure_future(self._start())
        return asyncio.shield(self._starting)

    async def _start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._soon = asyncio.Event()
        self._pool = AsyncConnectionPool(
            dsn(), min_size=1, max_size=2, open=False, kwargs={"autocommit": True, "options": SETTINGS}
        )
        await self._pool.open()
        try:
            self.epoch = await self._read_epoch()
        except Exception:
            await self._pool.close()
            raise
        self.exchange = Exchange(healed=self._soon.set, told=self._told)
        self.writer = Writer(dsn(), self.exchange, writers=settings.LIVE_WRITERS, replied=self._replied)
        self.marks = marks.Marks(self)
        self.leases = leases.Leases(self)
        self.exchange.start()
        self.writer.start()
        publish.set_outlet(self.exchange)
        for work in (self._watch, self._keep_leases, self._keep_marks):
            self.spawn(work())
        self._leave_well()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Beside everything else; a failure is logged and hurts nobody."""
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("core.task", exc_info=task.exception())

    async def fetch(self, statement: str, *args: object) -> list[Sequence[Any]]:
        async with self._pool.connection() as pooled:
            return list(await (await pooled.execute(statement, args)).fetchall())

    async def execute(self, statement: str, *args: object) -> None:
        async with self._pool.connection() as pooled:
            await pooled.execute(statement, args)

    # -- Sockets -----------------------------------------------------------------------------------

    def add(self, socket: LiveSocket) -> None:
        """A socket that is signed in. One too many of a person, and the oldest goes."""
        self.sockets.add(socket)
        open_sockets.set(len(self.sockets))
        self._by_user.setdefault(socket.user_id or 0, set()).add(socket)
        mine = self._by_key.setdefault((socket.person.key, socket.side), [])
        mine.append(socket)
        if len(mine) > (SOCKETS_PER_STAFF if socket.side == "staff" else SOCKETS_PER_VISITOR):
            mine.pop(0).outbox.close(REPLACED)

    def remove(self, socket: LiveSocket) -> None:
        if socket not in self.sockets:
            return
        self.sockets.discard(socket)
        open_sockets.set(len(self.sockets))
        _drop(self._by_user, socket.user_id or 0, socket)
        mine = self._by_key.get((socket.person.key, socket.side), [])
        if socket in mine:
            mine.remove(socket)
        if not mine:
            self._by_key.pop((socket.person.key, socket.side), None)

    async def followed(self, user_id: int | None) -> dict[str, Followed]:
        if user_id is None:
            return {}
        return (await read_followed(self, [user_id], clock.now())).get(user_id, {})

    async def counted_in(self, who: leases.Who) -> None:
        """Until everybody can read that they are there (D1); where PostgreSQL is away, a moment."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.leases.written(who), leases.FLUSH_S)

    # -- What actions say ----------------------------------------------------------------------------

    def _told(self, text: str) -> None:
        control = json.decode(text, type=publish.Control)
        for user_id in control.users:
            for socket in tuple(self._by_user.get(user_id, ())):
                self.spawn(socket.refresh() if control.what == "refresh" else socket.check_rights())

    def _replied(self, session: str) -> None:
        self.spawn(self._begin(session))

    async def _begin(self, session: str) -> None:
        """The agent has replied: the meter starts. If we die here, the dispatcher's job does it."""
        from chat.actions import sessions

        await threads.run(sessions.begin, parse_id(session))

    # -- Clockwork -------------------------------------------------------------------------------------

    async def _watch(self) -> None:
        """Rights every few seconds, a beat every so many of these; both at once when the layer has healed."""
        next_beat = time.monotonic() + settings.LIVE_BEAT_S
        while True:
            asked = await _within(self._soon, min(settings.LIVE_RIGHTS_S, settings.LIVE_BEAT_S))
            self._soon.clear()
            due = asked or time.monotonic() >= next_beat
            if due:
                next_beat = time.monotonic() + settings.LIVE_BEAT_S
            try:
                await self._look(beat=due)
            except Exception as failed:  # the database is away: the next time
                log.warning("core.watch", error=str(failed))

    async def _look(self, *, beat: bool) -> None:
        sockets = list(self.sockets)
        users = {socket.user_id for socket in sockets if socket.user_id is not None}
        now = clock.now()
        followed = await read_followed(self, users, now)
        if beat or not self.epoch:
            self.epoch = await self._read_epoch()
        for socket in sockets:
            if socket.greeted:
                mine = followed.get(socket.user_id or 0, {})
                gained = socket.may_see(mine)
                if gained:
                    self.spawn(socket.tell_arrivals(gained))
                if beat:
                    socket.put(codec.encode(socket.beat(mine, now, self.epoch)))
        versions = await threads.run(rights_versions, users) if users else {}
        for socket in sockets:
            if socket.is_stale(versions, now):
                self.spawn(socket.check_rights())

    async def _read_epoch(self) -> str:
        rows = await self.fetch(EPOCH)
        return str(rows[0][0]) if rows else "none"

    async def _keep_leases(self) -> None:
        while True:
            try:
                await self.leases.flush(self.sockets, clock.now(), time.monotonic())
            except Exception as failed:
                log.warning("core.leases", error=str(failed))
            await _within(self.leases.wanted, leases.FLUSH_S)
            self.leases.wanted.clear()

    async def _keep_marks(self) -> None:
        while True:
            await asyncio.sleep(marks.FLUSH_S)
            try:
                items = await self.marks.flush()
            except Exception as failed:
                log.warning("core.marks", error=str(failed))
                continue
            if items:
                self.exchange.accept(items)

    # -- Leaving -----------------------------------------------------------------------------------------

    def _leave_well(self) -> None:
        """On SIGTERM or SIGINT say goodbye first, then let the server (Daphne, uvicorn) do what it does."""
        if threading.current_thread() is not threading.main_thread():
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            before = signal.getsignal(number)
            if callable(before):
                signal.signal(number, self._first(before))

    def _first(self, before: Callable[[int, FrameType | None], Any]) -> Callable[[int, FrameType | None], None]:
        def received(number: int, frame: FrameType | None) -> None:
            if self.leaving:
                before(number, frame)
                return
            self.leaving = True
            self._loop.call_soon_threadsafe(lambda: self.spawn(self._goodbye(lambda: before(number, None))))

        return received

    async def _goodbye(self, go: Callable[[], object]) -> None:
        try:
            await self.writer.drained(GOODBYE_S)
            sockets = list(self.sockets)
            for socket in sockets:
                socket.put(codec.encode(bye()))
                socket.outbox.close(GOING_AWAY)
            await self.leases.flush((), clock.now(), time.monotonic())
            await asyncio.sleep(GOODBYE_S if sockets else 0)
        finally:
            go()


def bye() -> outgoing.Bye:
    """Spread at random, so that a deploy is no stampede."""
    return outgoing.Bye("deploy", random.randint(0, settings.LIVE_BYE_SPREAD_S * 1000))  # noqa: S311 - no secret


async def _within(event: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True


def _drop(index: dict[int, set[LiveSocket]], key: int, socket: LiveSocket) -> None:
    here = index.get(key)
    if here is not None:
        here.discard(socket)
        if not here:
            del index[key]


core = Core()
