"""One table, as a tutorial would have it."""

from __future__ import annotations

from django.db import models


class TutorialMessage(models.Model):
    room = models.CharField(max_length=80)
    role = models.CharField(max_length=8)
    client_id = models.CharField(max_length=40)
    body = models.TextField()
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "tutorial"
        indexes = [models.Index(fields=["room", "id"], name="tutorial_room")]
