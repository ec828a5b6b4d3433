"""Rows that belong to no app: requests answered already, counters that limit, signs of life, what is to be sent.

What must stay true:
- one heartbeat per name; `at` only ever moves forward
- (person_key, key) is unique: the second of two equal requests waits for the first and gets its answer
- a counter is raised before what it guards is tried, in a transaction of its own, so that parallel tries all count
- a message to somebody outside is a row that was written together with what it tells (docs/how/outbox.md); its
  `message_id` never changes, so that whoever gets it twice can see that it is one
- what is_secret (codes, one-time links) is not readable here any more once it was sent or is of no use
"""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models


class IdempotentRequest(models.Model):
    """A POST with an Idempotency-Key and the answer it got (docs/how/idempotency.md)."""

    person_key = models.CharField(max_length=64)
    key = models.CharField(max_length=255)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint("person_key", "key", name="base_idempotentrequest_once")]


class LimitCounter(models.Model):
    """How often something was done in the window that began at `window_start`."""

    key = models.CharField(max_length=128, primary_key=True)
    window_start = models.DateTimeField()
    used = models.PositiveIntegerField()
    expires_at = models.DateTimeField(db_index=True)


class Heartbeat(models.Model):
    """The last sign of life of a kind of process (`dispatcher`, `worker`), whichever machine it runs on."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "base_heartbeat"


class HubSetting(models.Model):
    """What the owner changed on screen (hub_settings.py). What nobody changed has no row."""

    name = models.CharField(max_length=60, primary_key=True)
    value = models.JSONField()


class SnapshotMark(models.Model):
    """Another mark means: read it anew (snapshots.py)."""

    name = models.CharField(max_length=40, primary_key=True)
    mark = models.UUIDField()


class OutboxMessage(models.Model):
    """One e-mail or SMS, as it is sent: written in the transaction of what it tells, sent by a worker."""

    class Channel(models.TextChoices):
        MAIL = "mail"
        SMS = "sms"

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        FAILED = "failed"

    channel = models.CharField(max_length=4, choices=Channel.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    key = models.CharField(max_length=160, null=True, unique=True)  # noqa: DJ001 - null: unique where there is one
    message_id = models.UUIDField(default=uuid.uuid4, unique=True)
    purpose = models.CharField(max_length=80)  # the template
    about = models.CharField(max_length=64, blank=True, default="")  # user:<id>, for export and erasure (P10)
    names = ArrayField(models.BigIntegerField(), default=list, blank=True)  # who else stands in it: emptied with them
    language = models.CharField(max_length=8)
    to = models.CharField(max_length=254)
    sender = models.CharField(max_length=320)  # mail: From; SMS: number or name
    unsubscribe_url = models.CharField(max_length=500, blank=True, default="")
    subject = models.CharField(max_length=250, blank=True, default="")
    text = models.TextField()
    html = models.TextField(blank=True, default="")
    is_secret = models.BooleanField(default=False)
    wiped_at = models.DateTimeField(null=True, blank=True)
    urgency = models.PositiveSmallIntegerField()  # lower goes first
    expires_at = models.DateTimeField(null=True, blank=True)  # of no use afterwards, and not sent any more
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()  # of one that a worker holds: when it may be taken from it
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True, default="")  # of the last try
    provider_reference = models.CharField(max_length=120, blank=True, default="")
    cost_cents = models.PositiveIntegerField(default=0)
    resent_of = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")

    lock_rank = 950

    class Meta:
        indexes = [
            models.Index("urgency", "next_try_at", condition=models.Q(state="waiting"), name="base_outbox_waiting"),
            models.Index("about", condition=~models.Q(about=""), name="base_outbox_about"),
            models.Index("state", models.F("id").desc(), name="base_outbox_listed"),
            models.Index("created_at", name="base_outbox_created"),
            models.Index("to", name="base_outbox_to"),
        ]


class OutboxFile(models.Model):
    """A file that goes with a mail, kept as long as its text: whoever gets it twice gets the same bytes."""

    message = models.ForeignKey(OutboxMessage, models.CASCADE, related_name="files")
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=80)
    content = models.BinaryField()


class SmsSpend(models.Model):
    """What SMS cost on a day (UTC), in cents. Raised before one is sent, so that the cap holds (P2)."""

    day = models.DateField(primary_key=True)
    cents = models.PositiveIntegerField()
