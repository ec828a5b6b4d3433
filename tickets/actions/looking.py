"""Who of the staff has a ticket open (T7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.base import clock
from tickets.models import Looking, Ticket
from tickets.permissions import get_visible, require_staff

if TYPE_CHECKING:
    from hub.accounts.public import Person


def look(actor: Person, number: int | str, *, writing: bool = False) -> Ticket:
    """Said again and again while it is open; whoever stops saying it looks no longer. Raises NotFound, Forbidden."""
    user_id = require_staff(actor)
    ticket = get_visible(actor, number)
    Looking.objects.update_or_create(
        ticket=ticket, user_id=user_id, defaults={"writing": writing, "seen_at": clock.now()}
    )
    return ticket
