"""What somebody has begun to write on a ticket, kept for them on any device until it is sent (C9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.base import clock
from hub.base.errors import BadFrame
from hub.base.rich_text import clean
from tickets.models import Draft
from tickets.permissions import get_visible, require_staff
from tickets.states import EntryKind

if TYPE_CHECKING:
    from hub.accounts.public import Person


def keep_draft(actor: Person, number: int | str, kind: str, html: str) -> None:
    """One for a reply and one for a note; an empty one is none. Raises NotFound, Forbidden, BadFrame, TooLarge."""
    user_id = require_staff(actor)
    ticket = get_visible(actor, number)
    if kind not in (EntryKind.REPLY, EntryKind.NOTE):
        raise BadFrame(field="kind")
    words = clean(html)
    if words.is_empty:
        Draft.objects.filter(ticket=ticket, user=user_id, kind=kind).delete()
        return
    Draft.objects.update_or_create(
        ticket=ticket, user_id=user_id, kind=kind, defaults={"html": words.html, "updated_at": clock.now()}
    )
