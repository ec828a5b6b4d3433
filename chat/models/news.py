"""What the meters said and the session has not acted upon yet.

The credits app tells in its own transaction, with meters locked. Sessions are locked before meters everywhere else, so
the listener only writes a row here; a job of the dispatcher, woken by the same commit, locks the session and acts.
"""

from __future__ import annotations

from django.db import models

from chat.models.sessions import Session


class MeterNews(models.Model):
    class What(models.TextChoices):
        EMPTIED = "emptied"
        WOKE = "woke"
        OVER = "over"  # nobody paid within the grace period
        SETTLED = "settled"

    session = models.ForeignKey(Session, models.CASCADE, related_name="+")
    meter_id = models.BigIntegerField()
    what = models.CharField(max_length=8, choices=What.choices)
    at = models.DateTimeField()
