"""Who is there. Leases are rows, so that a killed process leaves nothing that must be cleaned up (D1, M5)."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class AgentPresence(models.Model):
    """What a member of staff chose, and since when they have had nothing to do (C4: the longest idle goes first)."""

    class Status(models.TextChoices):
        ONLINE = "online"
        AWAY = "away"
        BUSY = "busy"
        OFFLINE = "offline"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="presence")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OFFLINE)
    capacity = models.PositiveSmallIntegerField(default=4)
    idle_since = models.DateTimeField()
    changed_at = models.DateTimeField()


class Process(models.Model):
    """A web process that is alive while `beat_at` is young (beaten each second)."""

    id = models.UUIDField(primary_key=True)
    beat_at = models.DateTimeField()


class Lease(models.Model):
    """A user who has at least one open socket in a process, and when it last gave a sign of life."""

    class Side(models.TextChoices):
        VISITOR = "visitor"
        STAFF = "staff"

    process = models.ForeignKey(Process, models.CASCADE, related_name="leases")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    side = models.CharField(max_length=8, choices=Side.choices)
    seen_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)  # the last socket of the user closed; kept for its seen_at

    class Meta:
        constraints = [models.UniqueConstraint("process", "user", "side", name="chat_lease_once")]
        indexes = [models.Index(fields=["user", "side"], name="chat_lease_user")]


class LeaseWatch(models.Model):
    """One row: when the leases were last looked at, when with the hub well, and since when absence counts (M5).

    A gap here is our outage: deadlines are shifted by it and every absence starts anew.
    """

    lock_rank = 5  # before sessions

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    looked_at = models.DateTimeField()  # the dispatcher lived
    well_at = models.DateTimeField()  # and so did a web process
    counts_from = models.DateTimeField()
