"""From bytes that arrived to a file that may be given away: judged at once, pictures drawn anew by a worker.

Each step looks at the state under the lock before it writes, so that it can stop anywhere and run twice.
"""

from __future__ import annotations

import io
from datetime import timedelta
from functools import partial
from typing import IO, Final
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F

from hub.base import clock
from hub.base.locking import lock, lock_one
from hub.base.outbox.nudging import nudge
from tickets.files import kinds, pictures, storing
from tickets.files.errors import FileRefused, UnreadablePicture
from tickets.models import FilePart, StoredFile

log = structlog.get_logger(__name__)

State = StoredFile.State
# A worker has so long for one picture; then another may try, in case the first died over it.
LEASE: Final = timedelta(minutes=3)
TRIES_MAX: Final = 3
DRAW_TASK: Final = "tickets.draw_pictures"
JUDGED_LATER_AFTER: Final = timedelta(minutes=1)  # who took the last bytes judges them; unless their process died


def judge_received(file_id: UUID) -> StoredFile:
    """Say what it is. Raises the FileRefused that it now is; of what was judged already, the same again."""
    row = StoredFile.objects.get(pk=file_id)
    if row.state == State.RECEIVED:
        parts = list(FilePart.objects.filter(file=row).order_by("at_byte"))
        with storing.join(parts) as joined:
            row = _judge(row, joined)
    return row


def _judge(row: StoredFile, joined: IO[bytes]) -> StoredFile:
    try:
        verdict = kinds.judge(joined, row.name)
        if verdict.is_picture:
            pictures.look_at(joined)
    except FileRefused as refusal:
        _refuse(row.pk, refusal, State.RECEIVED)
        raise
    name = storing.keep(row.pk, joined, "content")
    return _settle(row.pk, verdict, name)


@transaction.atomic
def _settle(file_id: UUID, verdict: kinds.Verdict, name: str) -> StoredFile:
    row = lock_one(StoredFile, file_id)
    if row.state != State.RECEIVED:
        storing.forget_after_commit([name])
        return row
    row.name, row.type, row.is_picture, row.content.name = verdict.name, verdict.type, verdict.is_picture, name
    row.state = State.CHECKING if verdict.is_picture else State.READY
    row.save(update_fields=["name", "type", "is_picture", "content", "state"])
    _forget_parts(row)
    if verdict.is_picture:
        transaction.on_commit(partial(nudge, DRAW_TASK))  # a hint: a sweep finds it within seconds all the same
    return row


@transaction.atomic
def _refuse(file_id: UUID, refusal: FileRefused, expected: str) -> None:
    row = lock_one(StoredFile, file_id)
    if row.state != expected:
        return
    storing.forget_after_commit([row.content.name])
    row.state, row.refused_because, row.content.name = State.REFUSED, refusal.reason, ""
    row.save(update_fields=["state", "refused_because", "content"])
    _forget_parts(row)
    log.info("files.refused", file=str(file_id), reason=refusal.reason)


def _forget_parts(row: StoredFile) -> None:
    parts = FilePart.objects.filter(file=row)
    storing.forget_after_commit(list(parts.values_list("content", flat=True)))
    parts.delete()


def judge_left_behind() -> int:
    """What arrived completely and nobody judged, because a process died in between."""
    before = clock.now() - JUDGED_LATER_AFTER
    waiting = StoredFile.objects.filter(state=State.RECEIVED, touched_at__lt=before).order_by("touched_at")
    left = list(waiting.values_list("pk", flat=True)[:20])
    for file_id in left:
        try:
            judge_received(file_id)
        except FileRefused:
            continue
    return len(left)


def draw_next() -> bool:
    """Draw one picture anew, if any waits; whether there was one."""
    row = _take()
    if row is None:
        return False
    try:
        with storing.open_stored(row.content.name) as original:
            drawn = pictures.draw(original)
    except FileRefused as refusal:
        _refuse(row.pk, refusal, State.CHECKING)
    except FileNotFoundError:
        _refuse(row.pk, UnreadablePicture(), State.CHECKING)
    else:
        _keep_drawn(row, drawn)
    return True


@transaction.atomic
def _take() -> StoredFile | None:
    """Two workers take different ones. One that nobody gets through is refused, so that it stops no others."""
    now = clock.now()
    waiting = StoredFile.objects.filter(state=State.CHECKING).exclude(tries__gt=0, touched_at__gt=now - LEASE)
    first = waiting.order_by("touched_at").values("pk")[:1]
    taken = lock(StoredFile.objects.filter(pk__in=first), skip_locked=True)
    if not taken:
        return None
    row = taken[0]
    if row.tries >= TRIES_MAX:
        _refuse(row.pk, UnreadablePicture(), State.CHECKING)
        return None
    StoredFile.objects.filter(pk=row.pk).update(tries=F("tries") + 1, touched_at=now)
    return row


def _keep_drawn(row: StoredFile, drawn: pictures.Drawn) -> None:
    content = storing.keep(row.pk, io.BytesIO(drawn.content), "content")
    preview = storing.keep(row.pk, io.BytesIO(drawn.preview), "preview")
    with transaction.atomic():
        now = StoredFile.objects.filter(pk=row.pk)
        kept = lock(now.filter(state=State.CHECKING))
        if not kept:
            storing.forget_after_commit([content, preview])
            return
        storing.forget_after_commit([kept[0].content.name])
        now.update(
            state=State.READY,
            content=content,
            preview=preview,
            size=len(drawn.content),
            received=len(drawn.content),
            width=drawn.width,
            height=drawn.height,
        )
