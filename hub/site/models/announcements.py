"""Announcements to customers and staff (D4).

What must stay true:
- `html` was cleaned by an allow-list before it was written (X3); `source` is what was typed
- a draft is seen by nobody, a withdrawn one by nobody any more
- each person is mailed once: the outbox key is made of announcement and person
- who has seen it is one row per person
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from hub.accounts.public import Person


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def visible_to(self, person: Person | None, at: datetime) -> AnnouncementQuerySet:
        """What this person may read at this moment (D4). Look-ups from outside start here."""
        from hub.site.permissions import visible_announcements

        return visible_announcements(self, person, at)


class Announcement(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"
        WITHDRAWN = "withdrawn"

    class Audience(models.TextChoices):
        EVERYBODY = "everybody"  # visitors too
        CUSTOMERS = "customers"
        ORGANISATIONS = "organisations"  # members of organisations
        DEPARTMENT = "department"  # the customers bound to it (P6)
        STAFF = "staff"

    lock_rank: ClassVar[int] = 960

    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    audience = models.CharField(max_length=14, choices=Audience.choices, default=Audience.CUSTOMERS)
    department = models.ForeignKey("accounts.Department", models.CASCADE, null=True, blank=True, related_name="+")
    in_portal = models.BooleanField(default=True)
    in_widget = models.BooleanField(default=False)
    by_email = models.BooleanField(default=False)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    # The last person to whom it was put into the outbox, in order of id; done when there is nobody after them.
    mailed_to_id = models.BigIntegerField(default=0)
    mailed_at = models.DateTimeField(null=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(audience="department", department__isnull=False)
                | (~Q(audience="department") & Q(department__isnull=True)),
                name="site_announcement_department",
            ),
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(until_at__gt=F("from_at")), name="site_announcement_from_until"
            ),
        ]
        indexes = [
            models.Index(fields=["from_at"], condition=Q(state="published"), name="site_announcement_published"),
        ]


class AnnouncementText(models.Model):
    """In one language. The first one written is what readers of other languages get."""

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="texts")
    language = models.CharField(max_length=8)
    title = models.CharField(max_length=120)
    source = models.TextField()
    html = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint("announcement", "language", name="site_announcementtext_once")]


class AnnouncementSeen(models.Model):
    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="seen")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("announcement", "user", name="site_announcementseen_once")]
