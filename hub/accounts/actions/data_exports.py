"""All own data as a file (P10): asked for, made by a worker, told by mail, gone after some days."""

from __future__ import annotations

import tempfile
import uuid
from datetime import timedelta
from functools import partial

import structlog
from django.conf import settings
from django.core.files import File
from django.db import transaction

from hub.accounts import audit
from hub.accounts.access import SYSTEM, Person
from hub.accounts.actions import letters
from hub.accounts.models import DataExport, User
from hub.accounts.privacy import subject_of
from hub.base import clock, exporting, limits, locking
from hub.base.errors import Forbidden, NotFound
from hub.base.limits import Limit

PER_DAY = Limit("privacy.export", 5, 86_400)
AT_ONCE_MAX = 5
SHOWN_MAX = 5

log = structlog.get_logger(__name__)


def ask_export(actor: Person, user: User, *, complete: bool = False) -> DataExport:
    """A new export of this person, or the one that is being made now. Raises Forbidden, TooFast.

    Everybody asks for their own. The complete one, with what staff wrote for each other, is the hub owner's to make and
    to read before it is handed over.
    """
    if not (actor.is_owner if complete or actor.user_id != user.pk else actor.kind == "customer"):
        raise Forbidden
    waiting = _waiting(user, actor)
    if waiting is not None:
        return waiting
    limits.use(PER_DAY, f"{actor.user_id}:{user.pk}")
    now = clock.now()
    with transaction.atomic():
        made: DataExport = DataExport.objects.create(
            user=user,
            asked_by_id=actor.user_id,
            complete=complete,
            asked_at=now,
            expires_at=now + timedelta(days=settings.EXPORT_KEPT_DAYS),
        )
        audit.record(
            actor, "privacy.export.asked", target_kind="user", target_id=user.pk, detail={"complete": complete}
        )
    return made


def _waiting(user: User, actor: Person) -> DataExport | None:
    open_ones = DataExport.objects.filter(user=user, asked_by=actor.user_id, ready_at=None, failed_at=None)
    return open_ones.filter(expires_at__gt=clock.now()).order_by("-asked_at").first()


def make_exports() -> int:
    """A task: make what was asked for, oldest first; how many. Two workers never make the same one."""
    made = 0
    while made < AT_ONCE_MAX and _make_next():
        made += 1
    return made


def _make_next() -> bool:
    waiting = DataExport.objects.filter(ready_at=None, failed_at=None, user__erased_at=None)
    for pk in waiting.order_by("asked_at").values_list("pk", flat=True)[:AT_ONCE_MAX]:
        with transaction.atomic():
            mine = locking.lock(waiting.filter(pk=pk), skip_locked=True)
            if mine:
                _make_or_fail(mine[0])
                return True
    return False


def _make_or_fail(export: DataExport) -> None:
    try:
        with transaction.atomic():
            _make(export)
    except Exception:
        log.exception("export.failed", account=export.user_id)
        export.failed_at = clock.now()
        export.save(update_fields=["failed_at"])


def _make(export: DataExport) -> None:
    with tempfile.TemporaryFile() as target:
        doubles = [subject_of(double) for double in User.objects.filter(merged_into=export.user, erased_at=None)]
        exporting.write_zip(subject_of(export.user), target, complete=export.complete, doubles=doubles)
        export.size_bytes = target.tell()
        target.seek(0)
        export.file.save(f"{uuid.uuid4().hex}.zip", File(target), save=False)
    export.ready_at = clock.now()
    export.expires_at = export.ready_at + timedelta(days=settings.EXPORT_KEPT_DAYS)
    export.save(update_fields=["file", "size_bytes", "ready_at", "expires_at"])
    if export.asked_by_id == export.user_id:
        letters.send_export_ready(export.user, until=export.expires_at, key=f"export:{export.pk}")


def own_exports(actor: Person, user: User) -> list[DataExport]:
    """Those of this person that the actor asked for and that are still kept, the newest first."""
    kept = DataExport.objects.filter(user=user, asked_by=actor.user_id, expires_at__gt=clock.now())
    return list(kept.order_by("-asked_at")[:SHOWN_MAX])


def get_ready(actor: Person, export_id: uuid.UUID) -> DataExport:
    """For who asked for it, and for nobody else; each download is looked at anew. Raises NotFound."""
    found = DataExport.objects.filter(
        pk=export_id, asked_by=actor.user_id, ready_at__isnull=False, expires_at__gt=clock.now()
    ).first()
    if found is None or actor.user_id is None or not (found.user_id == actor.user_id or actor.is_owner):
        raise NotFound
    audit.record(actor, "privacy.export.opened", target_kind="user", target_id=found.user_id)
    return found


def remove_expired() -> None:
    """A job: exports whose days are over, with their files."""
    for export in DataExport.objects.filter(expires_at__lt=clock.now()).order_by("expires_at")[:100]:
        with transaction.atomic():
            name, storage = export.file.name, export.file.storage
            DataExport.objects.filter(pk=export.pk).delete()
            audit.record(SYSTEM, "privacy.export.removed", target_kind="user", target_id=export.user_id)
            if name:
                transaction.on_commit(partial(storage.delete, name), robust=True)
