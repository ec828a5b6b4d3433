"""The revision of each board topic (D2). Only the dispatcher raises it; a gap makes a client subscribe again."""

from __future__ import annotations

from django.db import models


class BoardTopic(models.Model):
    topic = models.CharField(primary_key=True, max_length=40)
    rev = models.BigIntegerField(default=0)
