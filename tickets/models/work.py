"""Time that was worked on a ticket (T9), and tickets that change hands between departments (T8).

What must stay true:
- an agent has one stopwatch running, at most, on whatever ticket; it stops when the ticket closes
- what is billed has the terms of when it began, and is charged once: `charged_at` is set in the transaction of it
- a ticket waits for one answer to a hand-over at a time
- whoever changes a row here holds the lock of its ticket, and needs none of its own
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tickets.models.tickets import Ticket


class WorkLog(models.Model):
    """A stretch of time by one person. Running while `ended_at` is null. `charge`: what it cost, once it is known."""

    class Kind(models.TextChoices):
        FREE = "free"
        WARRANTY = "warranty"
        BILLABLE = "billable"

    class PaidIn(models.TextChoices):
        CREDITS = "credits"
        MONEY = "money"

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="worklogs")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    manual = models.BooleanField(default=False)
    note = models.CharField(max_length=300, blank=True, default="")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    seconds = models.PositiveIntegerField(default=0)
    paid_in = models.CharField(max_length=8, choices=PaidIn.choices)
    block_minutes = models.PositiveSmallIntegerField()
    block_millicredits = models.BigIntegerField(default=0)
    block_cents = models.PositiveIntegerField(default=0)
    charged_at = models.DateTimeField(null=True, blank=True)
    owed_since = models.DateTimeField(null=True, blank=True)  # there were not enough credits at the close

    class Meta:
        constraints = [
            models.UniqueConstraint("agent", condition=Q(ended_at__isnull=True), name="tickets_worklog_one_running"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")), name="tickets_worklog_forward"
            ),
            models.CheckConstraint(
                condition=Q(charged_at__isnull=True) | Q(kind="billable", ended_at__isnull=False),
                name="tickets_worklog_only_billable_is_charged",
            ),
        ]
        indexes = [
            models.Index(fields=["owed_since"], condition=Q(owed_since__isnull=False), name="tickets_worklog_owed"),
        ]


class HandOver(models.Model):
    """A request to another department, which its manager approves or refuses with a reason (T8)."""

    class State(models.TextChoices):
        OPEN = "open"
        APPROVED = "approved"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="hand_overs")
    from_department = models.ForeignKey("accounts.Department", models.CASCADE, related_name="+")
    to_department = models.ForeignKey("accounts.Department", models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True, default="")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint("ticket", condition=Q(state="open"), name="tickets_handover_one_open"),
        ]
        indexes = [
            models.Index(
                fields=["to_department", "ticket"], condition=Q(state="open"), name="tickets_handover_waiting"
            ),
        ]
