"""Tickets. See docs/how/tickets.md.

What must stay true:
- the number is the primary key: short, never used twice, never changed
- every change goes through tickets/actions with the row locked, and writes its entry in the same transaction
- what is in the bin (`deleted_at`) is seen by the hub owner alone, and only in the bin
- `awaits_since` is when the customer began to wait for an answer; null while nobody waits for us (T6)
- `clock_at` is when the clock has something to do (T5), `sla_at` when a target comes near or is missed (T12)
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from tickets import states
from tickets.models.setup import Category

if TYPE_CHECKING:
    from hub.accounts.public import Person

LIVE = Q(status__in=states.LIVE)
KEPT = Q(deleted_at__isnull=True)


class TicketQuerySet(models.QuerySet["Ticket"]):
    def visible_to(self, person: Person) -> TicketQuerySet:
        """The tickets this person may open (P4, P5, P6, T8). Look-ups from outside start here (X1)."""
        from tickets.permissions import visible_tickets

        return visible_tickets(self, person)


class Ticket(models.Model):
    """A request that lives longer than a session (T3)."""

    Status = states.Status
    Priority = states.Priority
    lock_rank: ClassVar[int] = 200  # before what hangs on it, and before credits: docs/how/locking.md

    id = models.BigAutoField(primary_key=True)
    department = models.ForeignKey("accounts.Department", models.PROTECT, db_index=False, related_name="+")
    category = models.ForeignKey(Category, models.SET_NULL, null=True, blank=True, related_name="+")
    subject = models.CharField(max_length=200)
    status = models.CharField(max_length=8, choices=states.Status.choices, default=states.Status.OPEN)
    priority = models.PositiveSmallIntegerField(choices=states.Priority.choices, default=states.Priority.NORMAL)
    tags = ArrayField(models.CharField(max_length=40), default=list)
    channel = models.CharField(max_length=8, choices=states.Channel.choices)
    initiator = models.CharField(max_length=8, choices=states.Initiator.choices)
    fields = models.JSONField(default=dict)  # answers to the department's own questions, by key (T10)
    cc = ArrayField(models.EmailField(), default=list)

    customer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="tickets")
    contact = models.ForeignKey(  # whom to talk with, where it is not the customer
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    contact_name = models.CharField(max_length=120, blank=True, default="")
    contact_email = models.EmailField(blank=True, default="")
    contact_phone = models.CharField(max_length=32, blank=True, default="")
    organisation = models.ForeignKey(  # whose member the customer was: what its owner and managers see (P4)
        "accounts.Organisation", models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    session_id = models.UUIDField(null=True, blank=True)  # the chat it came from (C11)
    follow_up_of = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="follow_ups")
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="merged")

    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    status_since = models.DateTimeField()
    awaits_since = models.DateTimeField(null=True, blank=True)
    solved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=8, choices=states.ClosedBy.choices, blank=True, default="")
    reopen_until = models.DateTimeField(null=True, blank=True)  # a reply until then opens it again (T4)
    clock_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)  # of this wait for the customer

    # T12: what is still to be met; null where it is met, or there is no target
    first_reply_due_at = models.DateTimeField(null=True, blank=True)
    solve_due_at = models.DateTimeField(null=True, blank=True)
    first_replied_at = models.DateTimeField(null=True, blank=True)
    solve_left_minutes = models.PositiveIntegerField(null=True, blank=True)  # while it waits for the customer
    sla_at = models.DateTimeField(null=True, blank=True)
    sla_told = models.PositiveSmallIntegerField(default=0)  # bits: which warnings and breaches were told
    breached = models.BooleanField(default=False)

    last_seq = models.PositiveIntegerField(default=0)
    deleted_at = models.DateTimeField(null=True, blank=True)
    emptied_at = models.DateTimeField(null=True, blank=True)  # kept long enough: no words are left (P10)

    objects: ClassVar[Any] = TicketQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status="closed") ^ Q(closed_at__isnull=True), name="tickets_ticket_closed_has_time"
            ),
            models.CheckConstraint(
                condition=Q(status="closed") ^ Q(closed_by=""), name="tickets_ticket_closed_by_somebody"
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(status="closed"), name="tickets_ticket_merged_is_closed"
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("pk")), name="tickets_ticket_not_into_itself"
            ),
        ]
        indexes = [
            models.Index(fields=["-updated_at", "-id"], condition=KEPT, name="tickets_ticket_newest"),
            models.Index(fields=["status", "-updated_at", "-id"], condition=KEPT, name="tickets_ticket_status"),
            models.Index(
                fields=["department", "status", "-updated_at", "-id"], condition=KEPT, name="tickets_ticket_department"
            ),
            models.Index(fields=["department", "-updated_at", "-id"], condition=KEPT, name="tickets_ticket_whole"),
            models.Index(fields=["agent", "-updated_at", "-id"], condition=KEPT, name="tickets_ticket_agent"),
            models.Index(fields=["customer", "-updated_at", "-id"], condition=KEPT, name="tickets_ticket_customer"),
            models.Index(
                fields=["organisation", "-updated_at", "-id"],
                condition=KEPT & Q(organisation__isnull=False),
                name="tickets_ticket_organisation",
            ),
            models.Index(
                fields=["department", "-updated_at", "-id"],
                condition=KEPT & LIVE & Q(agent=None),
                name="tickets_ticket_free",
            ),
            models.Index(
                fields=["awaits_since", "id"], condition=KEPT & Q(awaits_since__isnull=False), name="tickets_ticket_age"
            ),
            models.Index(
                fields=["priority", "updated_at", "id"], condition=KEPT & LIVE, name="tickets_ticket_priority"
            ),
            models.Index(
                fields=["solve_due_at", "id"], condition=Q(solve_due_at__isnull=False), name="tickets_ticket_due"
            ),
            models.Index(
                fields=["solve_due_at", "id"],
                condition=KEPT & LIVE & Q(breached=True),
                name="tickets_ticket_late",
            ),
            # Lists of what is live, which is little; the others are narrowed by two columns at once. The migration
            # that made these has statistics besides, of which of these columns' values go together.
            models.Index(
                fields=["-updated_at", "-id"], condition=KEPT & LIVE & Q(agent=None), name="tickets_ticket_unassigned"
            ),
            models.Index(
                fields=["department", "priority", "updated_at", "id"],
                condition=KEPT & LIVE & Q(agent=None),
                name="tickets_ticket_free_first",
            ),
            models.Index(
                fields=["agent", "awaits_since", "id"],
                condition=KEPT & Q(awaits_since__isnull=False),
                name="tickets_ticket_agent_age",
            ),
            models.Index(
                fields=["agent", "priority", "updated_at", "id"],
                condition=KEPT & LIVE,
                name="tickets_ticket_agent_first",
            ),
            models.Index(fields=["agent", "status", "-id"], condition=KEPT, name="tickets_ticket_agent_status"),
            models.Index(
                fields=["organisation", "-updated_at", "-id"],
                condition=KEPT & LIVE & Q(organisation__isnull=False),
                name="tickets_ticket_org_live",
            ),
            models.Index(
                fields=["channel", "department", "-updated_at", "-id"], condition=KEPT, name="tickets_ticket_channel"
            ),
            models.Index(fields=["clock_at"], condition=Q(clock_at__isnull=False), name="tickets_ticket_clock"),
            models.Index(fields=["sla_at"], condition=Q(sla_at__isnull=False), name="tickets_ticket_sla"),
            models.Index(fields=["deleted_at"], condition=Q(deleted_at__isnull=False), name="tickets_ticket_bin"),
            models.Index(
                fields=["closed_at"], condition=Q(status="closed", emptied_at=None), name="tickets_ticket_keeping"
            ),
            models.Index(fields=["session_id"], condition=Q(session_id__isnull=False), name="tickets_ticket_session"),
            GinIndex(fields=["tags"], name="tickets_ticket_tags"),
            GinIndex(OpClass(Upper("subject"), name="gin_trgm_ops"), name="tickets_ticket_subject"),
        ]

    @property
    def number(self) -> str:
        return str(self.pk)

    @property
    def due_at(self) -> Any:
        """The nearest thing that was promised and is not done yet (T12)."""
        return min(filter(None, (self.first_reply_due_at, self.solve_due_at)), default=None)


class Follower(models.Model):
    """Staff who are told what happens on a ticket that is not theirs (T3)."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, db_index=False, related_name="followers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("ticket", "user", name="tickets_follower_once")]


class TicketLink(models.Model):
    """Two tickets that belong together (T7). The smaller number stands first, so that a pair is linked once."""

    one = models.ForeignKey(Ticket, models.CASCADE, db_index=False, related_name="+")
    other = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("one", "other", name="tickets_link_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="tickets_link_smaller_first"),
        ]


class Looking(models.Model):
    """Who of the staff has a ticket open now, and whether they write: two see each other before they collide (T7)."""

    SEEN_FOR: ClassVar[timedelta] = timedelta(seconds=45)

    ticket = models.ForeignKey(Ticket, models.CASCADE, db_index=False, related_name="lookers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    writing = models.BooleanField(default=False)
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint("ticket", "user", name="tickets_looking_once")]
