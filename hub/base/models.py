"""Rows that belong to no app: requests that were answered already, counters that limit, signs of life.

What must stay true:
- one heartbeat per name; `at` only ever moves forward
- (person_key, key) is unique: the second of two equal requests waits for the first and gets its answer
- a counter is raised before what it guards is tried, in a transaction of its own, so that parallel tries all count
"""

from __future__ import annotations

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
