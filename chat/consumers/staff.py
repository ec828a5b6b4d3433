"""/ws/staff/: console, board and staff-side bots. Frames not in the tables are answered `forbidden`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from chat import board, groups, wire
from chat.actions import messages, meters, presence, queue, sessions
from chat.consumers import limits
from chat.consumers.core import core
from chat.consumers.socket import Action, Handler, LiveSocket
from hub.base import threads


class Meanwhile:
    """Keeps what is published while a snapshot is read."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def put(self, text: str, /) -> None:
        self.texts.append(text)


class StaffSocket(LiveSocket):
    side = "staff"
    limit = limits.STAFF
    actions: ClassVar[Mapping[type[wire.FromClient], Action]] = {
        wire.PresenceSet: presence.set_status,
        wire.SessionAccept: queue.accept,
        wire.SessionDecline: queue.decline,
        wire.SessionEnd: sessions.end,
        wire.SessionReopen: sessions.reopen,
        wire.SessionWrapup: sessions.wrapup,
        wire.MeterPause: meters.pause,
        wire.MeterResume: meters.resume,
        wire.MeterGrant: meters.grant,
        wire.MeterWaive: meters.waive,
        wire.MessageEdit: messages.edit,
        wire.MessageDelete: messages.delete,
    }

    def __init__(self, **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]
        self._boards: dict[str, str] = {}  # {topic asked for: topic published}

    async def subscribe(self, frame: wire.BoardSubscribe) -> None:
        """Listen first, read then: what is published meanwhile follows the snapshot; the client drops what is old."""
        topic = groups.board(await threads.run(board.outlet_topic, self.person, frame.topic))
        meanwhile = Meanwhile()
        core.exchange.join(topic, meanwhile)
        try:
            await core.exchange.settled()
            full = await threads.run(board.subscribe, actor=self.person, topic=frame.topic)
            self._boards[frame.topic] = topic
            core.exchange.join(topic, self)
        finally:
            core.exchange.leave(topic, meanwhile)
        await self.put_all([wire.encode(wire.Ok(re=frame.id)), wire.encode(full), *meanwhile.texts])

    async def unsubscribe(self, frame: wire.BoardUnsubscribe) -> None:
        self._leave_board(frame.topic)
        self.put(wire.encode(wire.Ok(re=frame.id)))

    async def rights_changed(self) -> None:
        """A board that may not be seen any more goes dark; the client hears of it when it asks again."""
        for asked in list(self._boards):
            if not await threads.run(board.may_subscribe, self.person, asked):
                self._leave_board(asked)

    def left(self) -> None:
        super().left()
        for asked in list(self._boards):
            self._leave_board(asked)

    def _leave_board(self, asked: str) -> None:
        topic = self._boards.pop(asked, None)
        if topic is not None and topic not in self._boards.values():
            core.exchange.leave(topic, self)

    own: ClassVar[Mapping[type[wire.FromClient], Handler]] = {
        wire.BoardSubscribe: subscribe,
        wire.BoardUnsubscribe: unsubscribe,
    }
