"""Publishes what changed on the board (D2): by the dispatcher alone, once per topic, however many look.

See docs/how/board.md.

Ids of what changed come with NOTIFY; only those rows are read. What was last shown is remembered, so that a change that
changes nothing is not sent, and so that a look at everything now and then repairs what a lost notice left behind.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec
from django.db import connection, transaction

from chat import groups
from chat.wire import codec, outgoing
from hub.base.publish import publish
from hub.base.registries import BoardPart, BoardRow, Ear, Job, board_parts, ears, jobs

EVERY_S: Final = 0.25  # changes within it go out together
LOOKS_AT_AGENTS_EVERY_S: Final = 0.5  # a lease that runs out notifies nobody (D1: within 5 s)
LOOKS_AT_ALL_EVERY_S: Final = 60.0

Shown = dict[str, dict[str, dict[str, BoardRow]]]  # topic -> part -> id -> row
Changes = dict[str, dict[str, dict[str, BoardRow | None]]]

_RAISE = """
insert into chat_boardtopic as t (topic, rev) select topic, 1 from unnest(%s::text[]) as topic
on conflict (topic) do update set rev = t.rev + 1 returning topic, rev"""


class Publisher:
    """Lives in the dispatcher's leader. hear() is called on the dispatcher's thread, publish() as a job."""

    def __init__(self, parts: Iterable[BoardPart] = board_parts) -> None:
        self._parts = parts
        self._dirty: dict[str, set[str]] = defaultdict(set)
        self._lock = threading.Lock()
        self._shown: Shown | None = None  # None: we do not know what the boards show
        self._looked_at_all = self._looked_at_agents = float("-inf")

    def hear(self, detail: str | None) -> None:
        """`s:<id>` or `a:<id>` changed; None: we lead anew, and know nothing of what the boards show."""
        with self._lock:
            if detail is None:
                self._shown = None
                self._dirty.clear()
                return
            kind, _, key = detail.partition(":")
            self._dirty[kind].add(key)

    def publish(self) -> None:
        with self._lock:
            dirty, self._dirty = self._dirty, defaultdict(set)
            shown = self._shown
        at = time.monotonic()
        if shown is None:
            self._show_all(at)
            return
        everything = at - self._looked_at_all > LOOKS_AT_ALL_EVERY_S
        agents = at - self._looked_at_agents > LOOKS_AT_AGENTS_EVERY_S
        try:
            self._publish_changes(shown, dirty, everything=everything, agents=agents)
        except Exception:
            self.hear(None)  # what was taken is lost; begin anew rather than show old things
            raise
        self._looked_at_agents = at if everything or agents else self._looked_at_agents
        self._looked_at_all = at if everything else self._looked_at_all

    def _show_all(self, at: float) -> None:
        """Full frames, once, for boards that another leader served before us."""
        fresh: Shown = {}
        for part in self._parts:
            _show(fresh, part.name, part.read(None))
        with transaction.atomic():
            revs = raise_revs(sorted(fresh))
            publish((groups.board(topic), codec.encode(full_frame(topic, revs[topic], fresh[topic]))) for topic in revs)
        self._looked_at_all = self._looked_at_agents = at
        with self._lock:
            self._shown = fresh

    def _publish_changes(self, shown: Shown, dirty: Mapping[str, set[str]], *, everything: bool, agents: bool) -> None:
        changes: Changes = defaultdict(lambda: defaultdict(dict))
        for part in self._parts:
            whole = everything or (agents and part.kind == "a")
            ids = None if whole else dirty.get(part.kind)
            if ids is None or ids:
                if not whole and ids is None:
                    continue
                _compare(shown, changes, part.name, ids, part.read(ids))
        if not changes:
            return
        with transaction.atomic():
            revs = raise_revs(sorted(changes))
            publish((groups.board(topic), codec.encode(_frame(topic, revs[topic], changes[topic]))) for topic in revs)
        for topic, parts in changes.items():
            for name, rows in parts.items():
                _remember(shown.setdefault(topic, {}).setdefault(name, {}), rows)


def _show(shown: Shown, part: str, rows: Mapping[str, Mapping[str, BoardRow]]) -> None:
    for key, by_topic in rows.items():
        for topic, row in by_topic.items():
            shown.setdefault(topic, {}).setdefault(part, {})[key] = row


def _compare(
    shown: Shown, changes: Changes, part: str, ids: set[str] | None, rows: Mapping[str, Mapping[str, BoardRow]]
) -> None:
    """Note per topic what these rows change; `ids` None: they are all there are, and what is missing is gone."""
    for topic in {*shown, *(topic for by_topic in rows.values() for topic in by_topic)}:
        before = shown.get(topic, {}).get(part, {})
        for key in ids if ids is not None else {*before, *rows}:
            now, old = rows.get(key, {}).get(topic), before.get(key)
            if (now.key if now else None) != (old.key if old else None):
                changes[topic][part][key] = now


def _remember(shown: dict[str, BoardRow], rows: Mapping[str, BoardRow | None]) -> None:
    for key, row in rows.items():
        if row is None:
            shown.pop(key, None)
        else:
            shown[key] = row


def raise_revs(topics: list[str]) -> dict[str, int]:
    """Count one up for each topic, in order; in PostgreSQL, so that a new leader goes on where the old one was."""
    with connection.cursor() as cursor:
        cursor.execute(_RAISE, [topics])
        return dict(cursor.fetchall())


def full_frame(topic: str, rev: int, parts: Mapping[str, Mapping[str, BoardRow]]) -> outgoing.Board:
    frame = _frame(topic, rev, parts)
    return msgspec.structs.replace(
        frame, full=True, queue=frame.queue or {}, sessions=frame.sessions or {}, agents=frame.agents or {}
    )


def _frame(topic: str, rev: int, parts: Mapping[str, Mapping[str, BoardRow | None]]) -> outgoing.Board:
    fields = {name: {key: row and row.fields for key, row in rows.items()} for name, rows in parts.items()}
    return outgoing.Board(topic=topic.partition(":")[0], rev=rev, **fields)  # type: ignore[arg-type]


def register() -> None:
    publisher = Publisher()
    ears.register(Ear("board", publisher.hear))
    jobs.register(Job("chat.board", EVERY_S, publisher.publish))
