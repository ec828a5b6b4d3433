"""The board (D2): who may look at which topic, and what they see first. See docs/how/board.md."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from chat import board_changes, board_rows
from chat.models import BoardTopic
from chat.permissions import require_staff
from chat.wire import outgoing
from hub.base.errors import Forbidden, NotFound
from hub.base.publish import wake
from hub.base.registries import BoardRow, board_parts

if TYPE_CHECKING:
    from hub.accounts.access import Person


def outlet_topic(actor: Person, topic: str) -> str:
    """What a socket must listen to (`b:<this>`): managers of the department hear more than its agents (P5).

    Raises Forbidden (not staff, `all` for others than the owner) and NotFound (a department that is not one's own).
    """
    require_staff(actor)
    if topic == board_rows.ALL:
        if not actor.is_owner:
            raise Forbidden
        return topic
    if not topic.isdecimal() or len(topic) > 18:
        raise NotFound
    department = int(topic)
    if actor.is_owner or department in actor.managed:
        return board_rows.managers_topic(department)
    if department not in actor.departments:
        raise NotFound
    return topic


def find_outlet_topic(actor: Person, topic: str) -> str | None:
    """As outlet_topic(); None for a board that this person may not see."""
    try:
        return outlet_topic(actor, topic)
    except (Forbidden, NotFound):
        return None


def subscribe(*, actor: Person, topic: str) -> outgoing.Board:
    """The whole board of this topic, with its revision.

    The socket listens to `b:<outlet_topic>` before it asks, and sends what it hears meanwhile after this frame: the
    revision is read before the rows, so that no change can fall between them.
    """
    outlet = outlet_topic(actor, topic)
    rev = BoardTopic.objects.filter(pk=outlet).values_list("rev", flat=True).first() or 0
    parts: dict[str, dict[str, BoardRow]] = {}
    for part in board_parts:
        rows = part.read(None)
        parts[part.name] = {key: by_topic[outlet] for key, by_topic in rows.items() if outlet in by_topic}
    return board_changes.full_frame(outlet, rev, parts)


def touch(session_id: UUID) -> None:
    """Something of this session changed that is not in its row (its meter was paused): look again."""
    wake(f"board:s:{session_id}")


def register() -> None:
    board_rows.register()
    board_changes.register()
