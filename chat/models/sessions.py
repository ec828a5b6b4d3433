"""A live session from the first click to the rating."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from chat import states

if TYPE_CHECKING:
    from hub.accounts.access import Person


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, person: Person) -> SessionQuerySet:
        """The sessions this person may open (P4, P5, P6). Look-ups from outside start here (X1)."""
        from chat.permissions import visible_sessions

        return visible_sessions(self, person)


class Session(models.Model):
    """One live conversation (C1 to C12). Prices are copied at the start (M1); the meter is the credits app's."""

    class Kind(models.TextChoices):
        CHAT = "chat"
        PHONE = "phone"

    State = states.State
    Reason = states.Reason
    EndReason = states.EndReason
    lock_rank = 10  # before the meter (credits): docs/how/locking.md

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.CHAT)
    state = models.CharField(max_length=10, choices=states.State.choices)
    reason = models.CharField(max_length=16, choices=states.Reason.choices, blank=True, default="")
    department = models.ForeignKey("accounts.Department", models.PROTECT, related_name="+")
    customer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="chat_sessions")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    website_id = models.BigIntegerField(null=True, blank=True)
    subject = models.CharField(max_length=200, blank=True, default="")
    fields = models.JSONField(default=dict)
    browser = models.JSONField(default=dict)  # page, referrer, language, user agent (C15)

    # the queue (C3, C4)
    priority = models.SmallIntegerField(default=0)  # higher goes first; VIP 10
    queued_at = models.DateTimeField(null=True, blank=True)  # the place: kept when the session comes back
    offered_to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    passed_by = models.JSONField(default=dict)  # agent id: when they last declined this or let it ring
    only_agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    first_agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    # what it costs (M1), copied at the start; None: free of charge
    price_millicredits = models.BigIntegerField(default=0)
    block_seconds = models.PositiveIntegerField(default=60)
    free_seconds = models.PositiveIntegerField(default=0)
    minimum_blocks = models.PositiveSmallIntegerField(default=1)
    most_to_spend_millicredits = models.BigIntegerField(null=True, blank=True)
    meter_id = models.BigIntegerField(null=True, blank=True, unique=True)
    earlier_meters = models.JSONField(default=list)  # ids of the meters from before it was reopened

    organisation = models.ForeignKey(  # whose member started it: what its owner and managers see (P4)
        "accounts.Organisation", models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    short_of = models.CharField(max_length=8, blank=True, default="", db_default="")  # 'balance' or 'limit' (C2, P4)
    limit_asked_at = models.DateTimeField(null=True, blank=True)  # the manager was asked for more, and has not answered

    opened_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)  # the agent's first reply (M2)
    awaits_reply = models.BooleanField(default=True)  # the next reply of an agent starts or resumes the meter
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=12, choices=states.EndReason.choices, blank=True, default="")
    reopened = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True)  # when the present state runs out (offer, place, grace, away)
    warned_at = models.DateTimeField(null=True, blank=True)  # inactivity was announced
    away_since = models.DateTimeField(null=True, blank=True)  # last sign of life of the side that is gone

    # afterwards (C12)
    rating = models.PositiveSmallIntegerField(null=True, blank=True)
    solved = models.CharField(max_length=8, blank=True, default="")
    comment = models.TextField(blank=True, default="")
    refund_asked_at = models.DateTimeField(null=True, blank=True)  # "not solved" asks for a refund in one step (M6)
    refund_declined_at = models.DateTimeField(null=True, blank=True)  # staff looked at it and said no
    refund_answer = models.TextField(blank=True, default="")  # why not, in words for the customer
    wrapup_agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    wrapup_until = models.DateTimeField(null=True, blank=True)  # the agent counts as busy till then or till done
    outcome = models.CharField(max_length=40, blank=True, default="")
    tags = models.JSONField(default=list)
    next_step = models.CharField(max_length=200, blank=True, default="")
    ticket_number = models.BigIntegerField(null=True, blank=True)  # the last ticket that it became (C11)
    summary = models.JSONField(null=True, blank=True)  # written when the meter is settled
    emptied_at = models.DateTimeField(null=True, blank=True)  # kept long enough: nothing of what was said is left (P10)

    objects = SessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="waiting") ^ models.Q(reason=""), name="chat_session_reason_of_waiting"
            ),
            models.CheckConstraint(
                condition=models.Q(state="offered") ^ models.Q(offered_to__isnull=True),
                name="chat_session_offer_names_agent",
            ),
            models.CheckConstraint(
                condition=models.Q(state="ended") ^ models.Q(ended_at__isnull=True), name="chat_session_end_has_time"
            ),
        ]
        indexes = [
            models.Index(
                fields=["-priority", "queued_at", "id"], name="chat_session_queue", condition=models.Q(state="queued")
            ),
            models.Index(fields=["due_at"], name="chat_session_due", condition=models.Q(due_at__isnull=False)),
            models.Index(fields=["agent", "state"], name="chat_session_agent", condition=~models.Q(state="ended")),
            models.Index(fields=["customer", "-opened_at"], name="chat_session_customer"),
            models.Index(fields=["department", "-opened_at"], name="chat_session_department"),
            models.Index(
                fields=["organisation", "-opened_at"],
                name="chat_session_organisation",
                condition=models.Q(organisation__isnull=False),
            ),
            # Whose customers somebody is of staff (work_links.py), without looking at their chats.
            models.Index(fields=["agent", "customer"], name="chat_session_agent_customer"),
            models.Index(fields=["customer", "department"], name="chat_session_where_customer"),
            models.Index(fields=["state"], name="chat_session_live", condition=~models.Q(state="ended")),
            models.Index(
                fields=["wrapup_agent"], name="chat_session_wrapup", condition=models.Q(wrapup_until__isnull=False)
            ),
            models.Index(
                fields=["refund_asked_at"],
                name="chat_session_refund_asked",
                condition=models.Q(refund_asked_at__isnull=False),
            ),
            models.Index(
                fields=["ended_at"],
                name="chat_session_unsettled",
                condition=models.Q(state="ended", summary__isnull=True),
            ),
        ]
