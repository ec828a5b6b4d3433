"""/ws/staff/: console, board and staff-side bots. Frames not in the tables are answered `forbidden`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from chat import board, groups
from chat.actions import messages, meters, presence, queue, sessions
from chat.consumers import limits
from chat.consumers.core import core
from chat.consumers.socket import Action, Handler, LiveSocket
from chat.wire import codec, incoming, outgoing
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
    actions: ClassVar[Mapping[type[incoming.FromClient], Action]] = {
        incoming.PresenceSet: presence.set_status,
        incoming.SessionAccept: queue.accept,
        incoming.SessionDecline: queue.decline,
        incoming.SessionEnd: sessions.end,
        incoming.SessionReopen: sessions.reopen,
        incoming.SessionWrapup: sessions.wrapup,
        incoming.MeterPause: meters.pause,
        incoming.MeterResume: meters.resume,
        incoming.MeterGrant: meters.grant,
        incoming.MeterWaive: meters.waive,
        incoming.MessageEdit: messages.edit,
        incoming.MessageDelete: messages.delete,
        incoming.Escalate: sessions.escalate,
    }

    def __init__(self, **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]
        self._boards: dict[str, str] = {}  # {topic asked for: topic published}

    async def subscribe(self, frame: incoming.BoardSubscribe) -> None:
        topic = groups.board(await threads.run(board.outlet_topic, self.person, frame.topic))
        if self.who is not None:
            await core.counted_in(self.who)  # who looks at a board is there, and it says so from the first
        await self._show_board(frame.topic, topic, codec.encode(outgoing.Ok(re=frame.id)))

    async def _show_board(self, asked: str, topic: str, *first: str) -> None:
        """Listen first, read then: what is published meanwhile follows the snapshot; the client drops what is old."""
        meanwhile = Meanwhile()
        core.exchange.join(topic, meanwhile)
        try:
            await core.exchange.settled()
            full = await threads.run(board.subscribe, actor=self.person, topic=asked)
            self._boards[asked] = topic
            core.exchange.join(topic, self)
        finally:
            core.exchange.leave(topic, meanwhile)
        await self.put_all([*first, codec.encode(full), *meanwhile.texts])

    async def unsubscribe(self, frame: incoming.BoardUnsubscribe) -> None:
        self._leave_board(frame.topic)
        self.put(codec.encode(outgoing.Ok(re=frame.id)))

    async def rights_changed(self) -> None:
        """A board that may not be seen any more goes dark; the client hears of it when it asks again. Of which more or
        less may be seen now (a manager became an agent, P5), the whole is shown anew.
        """
        for asked, before in list(self._boards.items()):
            allowed = await threads.run(board.find_outlet_topic, self.person, asked)
            if allowed is None or groups.board(allowed) != before:
                self._leave_board(asked)
                if allowed is not None and not self.outbox.dead:
                    await self._show_board(asked, groups.board(allowed))

    def left(self) -> None:
        super().left()
        for asked in list(self._boards):
            self._leave_board(asked)

    def _leave_board(self, asked: str) -> None:
        topic = self._boards.pop(asked, None)
        if topic is not None and topic not in self._boards.values():
            core.exchange.leave(topic, self)

    own: ClassVar[Mapping[type[incoming.FromClient], Handler]] = {
        incoming.BoardSubscribe: subscribe,
        incoming.BoardUnsubscribe: unsubscribe,
    }
