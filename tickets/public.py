"""All that the apps above may use of tickets."""

from __future__ import annotations

from collections.abc import Iterable

from hub.accounts.public import User
from tickets.actions.creating import NewTicket, create
from tickets.desk.of_customer import count_seen, tickets_of
from tickets.models import Ticket
from tickets.queries import count_live

__all__ = ["NewTicket", "Ticket", "count_live", "count_seen", "create", "customers_of", "tickets_of"]


def customers_of(numbers: Iterable[int]) -> dict[int, User]:
    """Whose these tickets are. For lists that the owner reads (P9)."""
    rows = Ticket.objects.filter(pk__in=list(numbers)).select_related("customer")
    return {row.pk: row.customer for row in rows}
