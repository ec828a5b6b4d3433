"""/ws/visitor/: visitors, customers and bots on their side. Frames not in the table are answered `forbidden`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from chat import wire
from chat.actions import messages, sessions
from chat.consumers import limits
from chat.consumers.core import core
from chat.consumers.socket import Action, Handler, LiveSocket


class VisitorSocket(LiveSocket):
    side = "visitor"
    limit = limits.VISITOR
    actions: ClassVar[Mapping[type[wire.FromClient], Action]] = {
        wire.SessionStart: sessions.start,
        wire.SessionEnd: sessions.end,
        wire.SessionReopen: sessions.reopen,
        wire.LimitAsk: sessions.ask,
        wire.SessionRate: sessions.rate,
        wire.MessageEdit: messages.edit,
        wire.MessageDelete: messages.delete,
    }
    own: ClassVar[Mapping[type[wire.FromClient], Handler]] = {}

    async def acted(self, frame: wire.FromClient) -> None:
        """An unsigned visitor is someone from the first thing they start."""
        if isinstance(frame, wire.SessionStart) and self.user_id is None:
            core.remove(self)
            await self.check_rights()
            core.add(self)
            self.join_own()
            await self.refresh()
