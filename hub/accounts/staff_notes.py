"""What staff note about a customer or an organisation; only staff ever read it (A1)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

TEXT_CHARACTERS_MAX = 4000


class StaffNote(models.Model):
    """About a person or about an organisation. Goes with the person at erasure (hub/accounts/privacy.py)."""

    about_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="staff_notes"
    )
    about_organisation = models.ForeignKey(
        "accounts.Organisation", models.CASCADE, null=True, blank=True, related_name="staff_notes"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(max_length=TEXT_CHARACTERS_MAX)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(about_user__isnull=True) ^ models.Q(about_organisation__isnull=True),
                name="accounts_staffnote_about_one",
            )
        ]
