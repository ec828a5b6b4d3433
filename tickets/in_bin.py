"""What lies in the bin (P5): which tickets, who put them there, and when they go for good. For the hub owner alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q

from tickets.models import Ticket, TicketEntry
from tickets.retention import BIN_KEPT

__all__ = ["BIN_KEPT", "Line", "lines"]

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Line:
    ticket: Ticket
    deleted_by: str
    goes_at: datetime


def lines(*, before: int | None = None, limit: int = PAGE) -> tuple[list[Line], bool]:
    """The last ones first, and whether there are more. Two statements."""
    found = Ticket.objects.filter(deleted_at__isnull=False).select_related("customer", "department")
    if before is not None:
        at = Ticket.objects.filter(pk=before, deleted_at__isnull=False).values_list("deleted_at", flat=True).first()
        if at is not None:
            found = found.filter(Q(deleted_at__lt=at) | Q(deleted_at=at, pk__lt=before))
    rows = list(found.order_by("-deleted_at", "-pk")[: limit + 1])
    by = _deleted_by([row.pk for row in rows[:limit]])
    shown = [Line(row, by.get(row.pk, ""), row.deleted_at + BIN_KEPT) for row in rows[:limit] if row.deleted_at]
    return shown, len(rows) > limit


def _deleted_by(ids: list[int]) -> dict[int, str]:
    told = TicketEntry.objects.filter(ticket__in=ids, kind="event", event__type="deleted").select_related("author")
    return {one.ticket_id: one.author.name for one in told.defer("search").order_by("seq") if one.author is not None}
