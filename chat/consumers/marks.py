"""Read marks: collected from all sockets and written a few times a second, then told to the others (C7)."""

from __future__ import annotations

from typing import Final

from chat import groups
from chat.consumers.following import Database
from chat.wire import codec, outgoing
from hub.base.publish import Item

FLUSH_S: Final = 0.25
# Never beyond what is there, never back; rows in the order of their id, so that two processes cannot wait in a ring.
STATEMENT: Final = (
    "with wanted as (select * from unnest(%s::uuid[], %s::bigint[], %s::bigint[]) as w(session_id, user_id, seq)), "
    "due as (select m.id, least(w.seq, c.last_seq) as seq from chat_member m "
    "join wanted w on w.session_id = m.session_id and w.user_id = m.user_id "
    "join chat_counter c on c.session_id = m.session_id "
    "where not m.gone and m.read_seq < least(w.seq, c.last_seq) order by m.id for no key update of m) "
    "update chat_member m set read_seq = due.seq from due where m.id = due.id "
    "returning m.session_id::text, m.user_id, m.side, m.read_seq"
)


class Marks:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: dict[tuple[str, int], int] = {}

    def add(self, session: str, user_id: int, seq: int) -> None:
        key = (session, user_id)
        self._waiting[key] = max(seq, self._waiting.get(key, 0))

    async def flush(self) -> list[Item]:
        """Write what waits; gives what the others are to be told. A watcher reads unseen by the customer."""
        waiting, self._waiting = self._waiting, {}
        if not waiting:
            return []
        sessions = [session for session, _ in waiting]
        users = [user for _, user in waiting]
        rows = await self._database.fetch(STATEMENT, sessions, users, list(waiting.values()))
        return [
            (
                groups.session_all(session) if side != "watcher" else groups.session_side(session, "staff"),
                codec.encode(outgoing.ReadNews(session, str(user), seq)),
            )
            for session, user, side, seq in rows
        ]
