"""What the hub owner sets of a colleague, heard by live chat."""

from __future__ import annotations

from chat.models import AgentPresence
from hub.accounts.public import CapacityChanged
from hub.base.events import on
from hub.base.publish import wake


@on(CapacityChanged)
def follow_capacity(changes: list[CapacityChanged]) -> None:
    """Also for who is online now: routing and the board go by this row."""
    for change in changes:
        AgentPresence.objects.filter(pk=change.user_id).update(capacity=change.capacity)
    wake("queue")
