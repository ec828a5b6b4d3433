"""When a ticket closes its stopwatches stop and what was worked on it is charged (T9).

Whoever changes a WorkLog holds its ticket's lock; it needs none of its own. The charge is a transaction by itself, a
moment later: a reply may have been charged in the one that closed the ticket, and a wallet is locked once in each.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import QuerySet

from hub.base import clock, locking
from hub.base.publish import wake
from tickets import billing
from tickets.amounts import amount_m
from tickets.entries import BY_THE_HUB, keep, tell
from tickets.models import Ticket, TicketEntry, WorkLog

OWED_AT_ONCE = 200
WAKE = "tickets"


def settle(ticket: Ticket) -> None:
    """Stop what runs; what is billable is due now: in credits by the job, in money on the month's statement (B3)."""
    now = clock.now()
    for work in WorkLog.objects.filter(ticket=ticket, ended_at=None):
        stop(work)
    due = WorkLog.objects.filter(ticket=ticket, kind=WorkLog.Kind.BILLABLE, charged_at=None)
    due.filter(paid_in=WorkLog.PaidIn.MONEY).update(charged_at=now)
    if due.filter(paid_in=WorkLog.PaidIn.CREDITS).update(owed_since=now):
        wake(WAKE)


def stop(work: WorkLog) -> None:
    """One that runs, of a locked ticket."""
    work.ended_at = max(clock.now(), work.started_at)
    work.seconds = math.ceil((work.ended_at - work.started_at).total_seconds())
    work.save(update_fields=["ended_at", "seconds"])


def charge_what_is_owed() -> None:
    """A job: at once when a ticket closes, and again for who has credits now. Who tried longest ago goes first."""
    for ticket_id in _owing():
        with transaction.atomic():
            for ticket in locking.lock(Ticket.objects.filter(pk=ticket_id), skip_locked=True):
                _charge(ticket, list(_owed().filter(ticket=ticket)))


def _owed() -> QuerySet[WorkLog]:
    return WorkLog.objects.filter(owed_since__isnull=False)


def _owing() -> Iterable[int]:
    return dict.fromkeys(_owed().order_by("owed_since").values_list("ticket", flat=True)[:OWED_AT_ONCE])


def _charge(ticket: Ticket, works: Sequence[WorkLog]) -> None:
    """All of it or nothing, in one charge; what there are not enough credits for waits."""
    ids = [work.pk for work in works]
    total_m = sum(map(amount_m, works))
    try:
        with transaction.atomic():
            billing.charge(ticket_id=ticket.pk, spender_id=ticket.customer_id, amount_m=total_m, actor=BY_THE_HUB.actor)
    except billing.NoCredits:
        WorkLog.objects.filter(pk__in=ids).update(owed_since=clock.now())
        if not TicketEntry.objects.filter(ticket=ticket, event__type="work_owed", event__works=ids).exists():
            tell(ticket, BY_THE_HUB, "work_owed", {"works": ids}, is_public=False)
    else:
        WorkLog.objects.filter(pk__in=ids).update(charged_at=clock.now(), owed_since=None)
        minutes = sum(math.ceil(work.seconds / 60) for work in works)
        tell(ticket, BY_THE_HUB, "work_charged", {"works": ids, "minutes": minutes})
    keep(ticket)
