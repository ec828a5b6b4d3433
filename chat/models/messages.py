"""What was said, in one order for everybody. Written by live_write() alone (see chat/live_sql)."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from chat.models.sessions import Session


class Counter(models.Model):
    """The sequence numbers of a session, in a row of their own, locked by live_write() and by nothing else."""

    session = models.OneToOneField(Session, models.CASCADE, primary_key=True, related_name="counter")
    last_seq = models.BigIntegerField(default=0)
    last_staff_seq = models.BigIntegerField(default=0)
    last_at = models.DateTimeField(null=True, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)  # the agent's first message after the last (re)opening
    last_customer_at = models.DateTimeField(null=True, blank=True)
    last_agent_at = models.DateTimeField(null=True, blank=True)


class Member(models.Model):
    """Who takes part. `gone` ends the right to write and to hear at once (X2)."""

    class Side(models.TextChoices):
        CUSTOMER = "customer"
        AGENT = "agent"
        BOT = "bot"
        WATCHER = "watcher"

    session = models.ForeignKey(Session, models.CASCADE, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )  # (user, session) is one; a second would tempt the planner to read all of an agent's sessions
    side = models.CharField(max_length=10, choices=Side.choices)
    gone = models.BooleanField(default=False)
    read_seq = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint("user", "session", name="chat_member_once")]
        indexes = [models.Index(fields=["session"], name="chat_member_session")]


class Message(models.Model):
    """One entry of the transcript. `seq` counts what the customer may see, `staff_seq` what only staff may.

    No foreign keys in the database, since live_write() has checked what they would:
    docs/decisions/messages-without-foreign-keys.md.
    """

    session = models.ForeignKey(
        Session, models.CASCADE, related_name="messages", db_index=False, db_constraint=False
    )  # (session, seq) is one
    seq = models.BigIntegerField(null=True)
    staff_seq = models.BigIntegerField(null=True)
    client_id = models.UUIDField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    author_kind = models.CharField(max_length=8)  # visitor, agent, bot, system
    author_name = models.CharField(max_length=160, blank=True, default="")
    kind = models.CharField(max_length=8)  # text, file, note, whisper, event
    text = models.TextField(blank=True, default="")
    event = models.JSONField(null=True, blank=True)
    reply_to = models.BigIntegerField(null=True, blank=True)
    request_hash = models.BinaryField(max_length=16)  # of the frame: the same id with other content is a conflict
    at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("session", "seq", name="chat_message_seq"),
            models.UniqueConstraint(
                "session",
                "staff_seq",
                condition=models.Q(staff_seq__isnull=False),  # few entries have one
                name="chat_message_staff_seq",
            ),
            models.UniqueConstraint("client_id", "session", "author", name="chat_message_once", nulls_distinct=False),
            models.CheckConstraint(
                condition=models.Q(seq__isnull=True) ^ models.Q(staff_seq__isnull=True),
                name="chat_message_one_sequence",
            ),
        ]


class Epoch(models.Model):
    """One row. A restored backup gets another value, and every client that was ahead of it reloads everything."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    value = models.UUIDField(default=uuid.uuid4)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="chat_epoch_one")]


class MessageVersion(models.Model):
    """What a message said before it was edited or deleted: a trace for staff (C7)."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="versions")
    text = models.TextField()
    replaced_at = models.DateTimeField()
