"""Rows that belong to no app.

What must stay true: one heartbeat per name; `at` only ever moves forward.
"""

from django.db import models


class Heartbeat(models.Model):
    """The last sign of life of a kind of process (`dispatcher`, `worker`), whichever machine it runs on."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "base_heartbeat"
