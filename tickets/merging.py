"""The tickets of two accounts that become one (A1)."""

from __future__ import annotations

from django.utils.translation import ngettext

from hub.base import formats
from hub.base.merging import Doubles, Merger, mergers
from tickets.models import Ticket, TicketEntry


def register() -> None:
    mergers.register(Merger("tickets", _run, _tell, _obstacle))


def _obstacle(doubles: Doubles) -> str | None:
    return None


def _tell(doubles: Doubles) -> list[str]:
    count = Ticket.objects.filter(customer=doubles.gone_id).count()
    return [ngettext("%(n)s ticket", "%(n)s tickets", count) % {"n": formats.number(count)}] if count else []


def _run(doubles: Doubles) -> None:
    """Tickets change hands as they are: who said what stays, under the account that goes on."""
    mine = Ticket.objects.filter(customer=doubles.gone_id)
    entries = TicketEntry.objects.filter(ticket__in=mine.values("pk"), author=doubles.gone_id)
    entries.update(author=doubles.kept_id, key=None)
    Ticket.objects.filter(contact=doubles.gone_id).update(contact=doubles.kept_id)
    mine.update(customer=doubles.kept_id)
