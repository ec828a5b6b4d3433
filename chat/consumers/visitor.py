"""/ws/visitor/: visitors, customers and bots on their side. Frames not in the table are answered `forbidden`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from chat.actions import messages, sessions
from chat.consumers import limits
from chat.consumers.core import core
from chat.consumers.socket import Action, Handler, LiveSocket
from chat.wire import incoming


class VisitorSocket(LiveSocket):
    side = "visitor"
    limit = limits.VISITOR
    actions: ClassVar[Mapping[type[incoming.FromClient], Action]] = {
        incoming.SessionStart: sessions.start,
        incoming.SessionEnd: sessions.end,
        incoming.SessionReopen: sessions.reopen,
        incoming.LimitAsk: sessions.ask,
        incoming.SessionRate: sessions.rate,
        incoming.MessageEdit: messages.edit,
        incoming.MessageDelete: messages.delete,
    }
    own: ClassVar[Mapping[type[incoming.FromClient], Handler]] = {}

    async def acted(self, frame: incoming.FromClient) -> None:
        """An unsigned visitor is someone from the first thing they start."""
        if isinstance(frame, incoming.SessionStart) and self.user_id is None:
            core.remove(self)
            await self.check_rights()
            core.add(self)
            self.join_own()
            await self.refresh()
