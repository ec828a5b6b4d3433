"""What was asked once and must not be done twice: the answers to frames that carry an id."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Request(models.Model):
    """The answer to a frame, written in the transaction of what it did. Messages have their own key (C5)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    client_id = models.UUIDField()
    content_hash = models.BinaryField(max_length=16)
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("user", "client_id", name="chat_request_once")]
        indexes = [models.Index(fields=["at"], name="chat_request_at")]
