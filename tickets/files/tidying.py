"""What nobody needs any more goes: uploads that belong nowhere, files that were kept long enough (P10)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_noop

from hub.base import clock
from hub.base.locking import lock
from hub.base.personal_data import Retention, retentions
from tickets.files import storing
from tickets.files.uploads import remove_rows
from tickets.models import FilePlace, StoredFile

State = StoredFile.State
UNUSED_KEPT: Final = timedelta(hours=24)
AT_ONCE_MAX: Final = 200


def declare() -> None:
    retentions.register(Retention("files", gettext_noop("Files of tickets and chats"), 1095, empty_files))


@transaction.atomic
def remove_unused() -> int:
    """Uploads that were begun or finished and belong nowhere, a day after they last grew. How many."""
    placed = FilePlace.objects.filter(file=OuterRef("pk"))
    old = StoredFile.objects.filter(
        ~Exists(placed), created_at__lt=clock.now() - UNUSED_KEPT, touched_at__lt=clock.now() - UNUSED_KEPT
    )
    rows = lock(StoredFile.objects.filter(pk__in=old.order_by("created_at").values("pk")[:AT_ONCE_MAX]))
    remove_rows(rows)
    return len(rows)


@transaction.atomic
def empty_files(before: datetime, at_most: int) -> int:
    """The bytes and the name go; that there was a file stays with what it belonged to. Articles keep theirs."""
    kept_by_articles = FilePlace.objects.filter(file=OuterRef("pk"), kind="article")
    old = StoredFile.objects.filter(~Exists(kept_by_articles), created_at__lt=before).exclude(state=State.GONE)
    rows = lock(StoredFile.objects.filter(pk__in=old.order_by("created_at").values("pk")[:at_most]))
    empty(rows)
    return len(rows)


def empty(rows: list[StoredFile]) -> None:
    """Of locked rows: bytes and names go, in the caller's transaction; their places say that there was a file."""
    storing.forget_after_commit([*(one.content.name for one in rows), *(one.preview.name for one in rows)])
    StoredFile.objects.filter(pk__in=[one.pk for one in rows]).update(
        state=State.GONE, name="", content="", preview="", refused_because=""
    )
