"""How long tickets are kept (P10), and how long what was deleted lies in the bin (P5)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_noop

from hub.base import clock
from hub.base.personal_data import Retention, retentions
from tickets.entries import ENTRY_FILES
from tickets.files.claims import release
from tickets.models import Draft, HandOver, Looking, Ticket, TicketEntry, WorkLog
from tickets.models.entries import EVENT_WITHOUT_WORDS
from tickets.states import Status

BIN_KEPT: Final = timedelta(days=30)
LOOKING_KEPT: Final = timedelta(minutes=5)
AT_ONCE: Final = 500


def declare() -> None:
    retentions.register(Retention("tickets", gettext_noop("What was written on tickets"), 1825, empty_tickets))


@transaction.atomic
def empty_tickets(before: datetime, at_most: int) -> int:
    """Words, names and addresses go; numbers, times, statuses and amounts stay for the books and the reports."""
    old = Ticket.objects.filter(status=Status.CLOSED, closed_at__lt=before, emptied_at=None).order_by("pk")
    ids = list(old.values_list("pk", flat=True)[:at_most])
    entries = TicketEntry.objects.filter(ticket__in=ids)
    release(ENTRY_FILES, list(entries.values_list("pk", flat=True)))
    entries.update(heading="", html="", text="", search=None, key=None, event=EVENT_WITHOUT_WORDS)
    Draft.objects.filter(ticket__in=ids).delete()
    WorkLog.objects.filter(ticket__in=ids).update(note="")
    HandOver.objects.filter(ticket__in=ids).update(note="", reason="")
    Ticket.objects.filter(pk__in=ids).update(
        subject="",
        fields={},
        cc=[],
        tags=[],
        contact_name="",
        contact_email="",
        contact_phone="",
        emptied_at=clock.now(),
    )
    return len(ids)


def tidy() -> None:
    """A job: the bin is emptied after thirty days, and who looked away looks no longer."""
    Looking.objects.filter(seen_at__lt=clock.now() - LOOKING_KEPT).delete()
    gone = Ticket.objects.filter(deleted_at__lt=clock.now() - BIN_KEPT).order_by("deleted_at")
    for ticket in gone[:AT_ONCE]:
        with transaction.atomic():
            release(ENTRY_FILES, list(ticket.entries.values_list("pk", flat=True)))
            ticket.delete()
