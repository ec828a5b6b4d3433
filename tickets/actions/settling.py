"""When a ticket closes its stopwatches stop and what was worked on it is charged (T9). The ticket is locked."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from hub.base import clock, locking
from tickets import billing
from tickets.entries import BY_THE_HUB, Author, tell
from tickets.models import Ticket, WorkLog

if TYPE_CHECKING:
    from collections.abc import Iterable

OWED_AT_ONCE = 200


def settle(ticket: Ticket, author: Author) -> None:
    """Stop what runs, then charge what is billable in credits; what there are not enough credits for is owed."""
    for work in locking.lock(WorkLog.objects.filter(ticket=ticket, ended_at=None)):
        stop(work)
    due = WorkLog.objects.filter(ticket=ticket, kind=WorkLog.Kind.BILLABLE, charged_at=None)
    for work in locking.lock(due):
        _charge(ticket, work, author)


def stop(work: WorkLog) -> None:
    """A locked one that runs."""
    work.ended_at = max(clock.now(), work.started_at)
    work.seconds = math.ceil((work.ended_at - work.started_at).total_seconds())
    work.save(update_fields=["ended_at", "seconds"])


def blocks_of(work: WorkLog) -> int:
    """Started ones: a minute of a quarter of an hour is one."""
    return math.ceil(work.seconds / (work.block_minutes * 60))


def amount_m(work: WorkLog) -> int:
    return blocks_of(work) * work.block_millicredits if work.kind == WorkLog.Kind.BILLABLE else 0


def amount_cents(work: WorkLog) -> int:
    """What stands on the month's statement (B3)."""
    return blocks_of(work) * work.block_cents if work.kind == WorkLog.Kind.BILLABLE else 0


def _charge(ticket: Ticket, work: WorkLog, author: Author) -> None:
    """In money it is for the statement; in credits now, all of it or nothing."""
    work.owed_since = None
    if work.paid_in == WorkLog.PaidIn.CREDITS:
        try:
            with transaction.atomic():
                billing.charge(
                    ticket_id=ticket.pk,
                    spender_id=ticket.customer_id,
                    amount_m=amount_m(work),
                    actor=author.actor,
                )
        except billing.NoCredits:
            work.owed_since = clock.now()
    if work.owed_since is None:
        work.charged_at = clock.now()
        tell(ticket, author, "work_charged", {"work": work.pk, "minutes": math.ceil(work.seconds / 60)})
    else:
        tell(ticket, author, "work_owed", {"work": work.pk}, is_public=False)
    work.save(update_fields=["charged_at", "owed_since"])


def charge_what_is_owed() -> None:
    """A job: who has credits again pays for the work that waits. Those who tried longest ago go first."""
    for ticket_id in _owing():
        with transaction.atomic():
            ticket = locking.lock_one(Ticket, ticket_id)
            for work in locking.lock(WorkLog.objects.filter(ticket=ticket).filter(~Q(owed_since=None))):
                _charge_again(ticket, work)
            ticket.save(update_fields=["last_seq", "updated_at"])


def _owing() -> Iterable[int]:
    owed = WorkLog.objects.filter(owed_since__isnull=False).order_by("owed_since")
    return dict.fromkeys(owed.values_list("ticket", flat=True)[:OWED_AT_ONCE])


def _charge_again(ticket: Ticket, work: WorkLog) -> None:
    if billing.short_of(ticket.customer_id, amount_m(work)):
        WorkLog.objects.filter(pk=work.pk).update(owed_since=clock.now())
    else:
        _charge(ticket, work, BY_THE_HUB)
