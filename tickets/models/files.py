"""Files and where they belong (X5; docs/how/files.md).

What must stay true:
- bytes arrive in order: `received` is the sum of the parts, and a part begins where the one before ended
- what was not judged is served to nobody; a picture is served only as we drew it
- the name that somebody gave is text beside the file and never a path
- a file that belongs nowhere is its sender's alone, and goes after a day
- who may see a file is decided by the things that it belongs to, each time it is asked for
- whoever pays with room is locked while an upload begins and while their quota changes
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from hub.accounts.public import Person


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def visible_to(self, person: Person | None) -> StoredFileQuerySet:
        """Own ones that belong nowhere yet, and those of things that this person may see. Look-ups begin here."""
        from tickets.files.homes import visible_files

        return visible_files(self, person)


class StoredFile(models.Model):
    class State(models.TextChoices):
        RECEIVING = "receiving"
        RECEIVED = "received"  # every byte is here, and not judged
        CHECKING = "checking"  # a picture that waits to be drawn anew
        READY = "ready"
        REFUSED = "refused"
        GONE = "gone"  # was kept long enough: its place says that there was one

    lock_rank: ClassVar[int] = 270

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVING)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", models.SET_NULL, null=True, related_name="+")
    key = models.CharField(max_length=64, null=True)  # noqa: DJ001 - null: unique where there is one
    sha256 = models.CharField(max_length=64, blank=True, default="")  # of what was sent, where it came in one piece
    name = models.CharField(max_length=150)
    type = models.CharField(max_length=100, blank=True, default="")  # by its content; empty until it was judged
    is_picture = models.BooleanField(default=False)  # drawn by us, so that it may be shown in a page
    size = models.BigIntegerField()
    received = models.BigIntegerField(default=0)
    refused_because = models.CharField(max_length=30, blank=True, default="")
    content = models.FileField(max_length=120, blank=True)
    preview = models.FileField(max_length=120, blank=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField()  # when the last bytes came, or a worker took it
    tries = models.PositiveSmallIntegerField(default=0)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("owner", "key", name="tickets_file_once"),
            models.CheckConstraint(
                condition=Q(size__gt=0, received__gte=0, received__lte=F("size")), name="tickets_file_size"
            ),
        ]
        indexes = [
            models.Index("touched_at", condition=Q(state__in=("received", "checking")), name="tickets_file_work"),
            models.Index("created_at", name="tickets_file_created"),
        ]


class FilePart(models.Model):
    """Bytes of a file that is still arriving. Each is written once: (file, at_byte) decides who was first."""

    file = models.ForeignKey(StoredFile, models.CASCADE, related_name="parts")
    at_byte = models.BigIntegerField()
    size = models.BigIntegerField()
    content = models.FileField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint("file", "at_byte", name="tickets_filepart_once")]


class FilePlace(models.Model):
    """One thing that a file belongs to: its kind and its id, which is a number or a UUID (homes.py)."""

    file = models.ForeignKey(StoredFile, models.CASCADE, related_name="places")
    kind = models.CharField(max_length=30)
    number = models.BigIntegerField(null=True)
    uuid = models.UUIDField(null=True)
    position = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("kind", "number", "file", name="tickets_fileplace_number"),
            models.UniqueConstraint("kind", "uuid", "file", name="tickets_fileplace_uuid"),
            models.CheckConstraint(
                condition=Q(number__isnull=True, uuid__isnull=False) | Q(number__isnull=False, uuid__isnull=True),
                name="tickets_fileplace_one_id",
            ),
        ]


class FileQuota(models.Model):
    """How much room somebody has instead of what all have (T11). Without a row: what the hub's settings say."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    organisation = models.OneToOneField("accounts.Organisation", models.CASCADE, null=True, related_name="+")
    quota_mb = models.PositiveIntegerField()  # 0: as much as they like

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=True, organisation__isnull=False)
                | Q(user__isnull=False, organisation__isnull=True),
                name="tickets_filequota_one_payer",
            ),
        ]
