"""Which sessions a user's sockets follow, and how far each is: read from PostgreSQL at hello, refresh and each beat."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, Protocol

from django.conf import settings

FOLLOWED: Final = (
    "select m.user_id, m.session_id::text, m.side, c.last_seq, c.last_staff_seq from chat_member m "
    "join chat_session s on s.id = m.session_id join chat_counter c on c.session_id = m.session_id "
    "where m.user_id = any(%s) and not m.gone and (s.state <> 'ended' or s.ended_at > %s)"
)
EPOCH: Final = "select value::text from chat_epoch"
SLICE: Final = 500  # users per statement


class Followed(NamedTuple):
    side: str  # of chat.models.Member
    last_seq: int
    last_staff_seq: int


class Database(Protocol):
    async def fetch(self, statement: str, *args: object) -> list[Sequence[Any]]: ...

    async def execute(self, statement: str, *args: object) -> None: ...


async def read_followed(database: Database, user_ids: Iterable[int], now: datetime) -> dict[int, dict[str, Followed]]:
    """{user: {session: Followed}}; a user who follows nothing is missing."""
    recent = now - timedelta(seconds=settings.REOPEN_WINDOW_S)
    wanted = sorted(set(user_ids))
    found: dict[int, dict[str, Followed]] = {}
    for start in range(0, len(wanted), SLICE):
        for user_id, session, *rest in await database.fetch(FOLLOWED, wanted[start : start + SLICE], recent):
            found.setdefault(user_id, {})[session] = Followed(*rest)
    return found
