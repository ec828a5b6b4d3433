"""The conversation of a ticket (T4), and what somebody has begun to write.

What must stay true:
- entries of a ticket are numbered 1, 2, 3 … by `seq`, given while the ticket is locked; they are never renumbered
- what is not `is_public` (notes, events of staff's own) never leaves towards the customer's side
- an event says what happened in codes, ids and what somebody wrote with it (a reason, a tag); erasure leaves its type
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Case, F, JSONField, Q, Value, When
from django.db.models.functions import JSONObject

from tickets import states
from tickets.models.tickets import Ticket

# What happened stays in the history; what was written with it does not (P10).
EVENT_WITHOUT_WORDS = Case(
    When(event__isnull=True, then=Value(None, output_field=JSONField())),
    default=JSONObject(type=F("event__type")),
    output_field=JSONField(),
)


class TicketEntry(models.Model):
    """A public reply, a private note or an event. `heading` is the subject, on the first one, to be found by.

    `event` says what happened; of a reply or note, which rule wrote it.
    """

    Kind = states.EntryKind
    Side = states.Side

    ticket = models.ForeignKey(Ticket, models.CASCADE, db_index=False, related_name="entries")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=states.EntryKind.choices)
    is_public = models.BooleanField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    author_side = models.CharField(max_length=8, choices=states.Side.choices)
    channel = models.CharField(max_length=8, choices=states.Channel.choices)
    heading = models.CharField(max_length=200, blank=True, default="")
    html = models.TextField(blank=True, default="")
    text = models.TextField(blank=True, default="")
    search = SearchVectorField(null=True)  # heading and text, folded as people are searched for (accounts_fold)
    event = models.JSONField(null=True, blank=True)
    key = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001 - null: unique where there is one
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("ticket", "seq", name="tickets_entry_in_order"),
            models.UniqueConstraint("author", "key", condition=Q(key__isnull=False), name="tickets_entry_once"),
            models.CheckConstraint(
                condition=~Q(kind="event") | Q(event__isnull=False), name="tickets_entry_event_says_what"
            ),
            models.CheckConstraint(
                condition=~Q(kind="note") | Q(is_public=False), name="tickets_entry_notes_are_private"
            ),
        ]
        indexes = [GinIndex(fields=["search"], name="tickets_entry_search")]


class Draft(models.Model):
    """What somebody has begun to write on a ticket, kept by the server (C9)."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, db_index=False, related_name="drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=states.EntryKind.choices)
    html = models.TextField(blank=True, default="")
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("ticket", "user", "kind", name="tickets_draft_once")]


class Reading(models.Model):
    """How far a customer has read a ticket: what came later is marked as new."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, db_index=False, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seq = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "user"], name="tickets_reading_once")]
