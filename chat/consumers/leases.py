"""Who is there, as rows in PostgreSQL (D1, M5): this process's beat and one lease per user with a socket in it.

Written in one statement a second, from what the sockets remember; no frame waits for it. A killed process beats no
more, and that ends its leases: nothing has to be cleaned up. See docs/how/delivery.md.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple, Protocol
from uuid import UUID, uuid4

from chat.consumers.following import Database

FLUSH_S: Final = 1.0
# A sign of life is written again when it is this much younger: pings come every 5 s (staff) and 15 s (visitors).
NEWER_S: Final = {"staff": 2.0, "visitor": 5.0}
BEAT: Final = (
    "insert into chat_process(id, beat_at) values (%s, %s) on conflict (id) do update set beat_at = excluded.beat_at"
)
STATEMENT: Final = (
    "insert into chat_lease(process_id, user_id, side, seen_at, closed_at) "
    "select %s, u.id, w.side, w.seen_at, w.closed_at "
    "from unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::timestamptz[]) "
    "as w(user_id, side, seen_at, closed_at) "
    "join accounts_user u on u.id = w.user_id order by u.id, w.side "
    "on conflict (process_id, user_id, side) do update set seen_at = excluded.seen_at, closed_at = excluded.closed_at"
)
WAKE: Final = "select pg_notify('balie_wake', 'presence')"

Who = tuple[int, str]


class Holder(Protocol):
    """A socket, as far as leases go."""

    @property
    def who(self) -> Who | None: ...

    @property
    def seen(self) -> float: ...


class Lease(NamedTuple):
    seen: float  # monotonic seconds of the last sign of life
    open: bool


class Leases:
    def __init__(self, database: Database) -> None:
        self.process_id: UUID = uuid4()
        self._database = database
        self._written: dict[Who, Lease] = {}
        self._flushed = asyncio.Event()
        self.wanted = asyncio.Event()  # somebody waits for the next flush

    async def written(self, who: Who) -> None:
        """Until it stands in PostgreSQL that they are here, which takes no second."""
        for _ in range(2):  # a flush under way may have begun before they came
            if who not in self._written:
                self.wanted.set()
                await self._flushed.wait()

    async def flush(self, holders: Iterable[Holder], now: datetime, mono: float) -> None:
        """Write the process's beat and every lease that has changed enough to matter."""
        await self._database.execute(BEAT, self.process_id, now)
        current = _current(holders)
        changed = dict(self._changes(current))
        if changed:
            await self._write(changed, now, mono)
        self._written = {who: lease for who, lease in (self._written | changed).items() if lease.open}
        self._flushed.set()
        self._flushed = asyncio.Event()

    def _changes(self, current: dict[Who, float]) -> Iterable[tuple[Who, Lease]]:
        for who, seen in current.items():
            before = self._written.get(who)
            if before is None or seen - before.seen >= NEWER_S[who[1]]:
                yield who, Lease(seen, True)
        for who, before in self._written.items():
            if who not in current:
                yield who, Lease(before.seen, False)

    async def _write(self, changed: dict[Who, Lease], now: datetime, mono: float) -> None:
        seen = [now - timedelta(seconds=max(0.0, mono - lease.seen)) for lease in changed.values()]
        closed = [None if lease.open else now for lease in changed.values()]
        users = [user for user, _ in changed]
        sides = [side for _, side in changed]
        await self._database.execute(STATEMENT, self.process_id, users, sides, seen, closed)
        if any(not lease.open or who not in self._written for who, lease in changed.items()):
            await self._database.execute(WAKE)  # someone came or went: routing looks at once


def _current(holders: Iterable[Holder]) -> dict[Who, float]:
    """The youngest sign of life of each user over all their sockets."""
    current: dict[Who, float] = {}
    for holder in holders:
        who = holder.who
        if who is not None:
            current[who] = max(holder.seen, current.get(who, 0.0))
    return current
