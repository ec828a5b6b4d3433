"""What a customer has read of a ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tickets.models import Reading
from tickets.permissions import is_on_customers_side

if TYPE_CHECKING:
    from hub.accounts.public import Person
    from tickets.models import Ticket


def note_read(actor: Person, ticket: Ticket) -> int:
    """Everything, now. The last number read before; for who only reads along the last there is."""
    if actor.user_id is None or not is_on_customers_side(ticket, actor):
        return ticket.last_seq
    before = Reading.objects.filter(ticket=ticket, user=actor.user_id).values_list("seq", flat=True).first() or 0
    if before < ticket.last_seq:
        read = Reading(ticket=ticket, user_id=actor.user_id, seq=ticket.last_seq)
        Reading.objects.bulk_create(
            [read], update_conflicts=True, update_fields=["seq"], unique_fields=["ticket", "user"]
        )
    return before
