"""Sending again what failed, or what was sent and did not arrive: staff's decisions."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils.translation import gettext_noop

from hub.base import clock
from hub.base.errors import Conflict
from hub.base.locking import lock_one
from hub.base.models import OutboxFile, OutboxMessage
from hub.base.outbox.nudging import nudge
from hub.base.outbox.writing import NORMAL


class NothingToSend(Conflict):
    """Its text is gone (a code that was sent, data that were erased), or it is of no use any more."""

    message = gettext_noop("This message cannot be sent again: its text is no longer kept.")


@transaction.atomic
def retry(message_id: int) -> OutboxMessage:
    """Let a message that failed wait again. One that waits or was sent meanwhile stays as it is."""
    row = lock_one(OutboxMessage, message_id)
    if row.state == OutboxMessage.State.FAILED:
        _require_text(row)
        row.state, row.tries, row.next_try_at = OutboxMessage.State.WAITING, 0, clock.now()
        row.save(update_fields=["state", "tries", "next_try_at"])
        transaction.on_commit(nudge, robust=True)
    return row


@transaction.atomic
def retry_all() -> int:
    """Let everything that failed and is still of use wait again; how much that is."""
    failed = OutboxMessage.objects.filter(state=OutboxMessage.State.FAILED, wiped_at=None).exclude(to="")
    of_use = failed.filter(expires_at=None) | failed.filter(expires_at__gt=clock.now())
    count = of_use.update(state=OutboxMessage.State.WAITING, tries=0, next_try_at=clock.now())
    if count:
        transaction.on_commit(nudge, robust=True)
    return count


@transaction.atomic
def resend(message_id: int, key: str) -> OutboxMessage:
    """Send the same once more, as a message of its own. The same key is one message, however often it is posted."""
    row = lock_one(OutboxMessage, message_id)
    _require_text(row)
    again, made = OutboxMessage.objects.get_or_create(key=f"resend:{row.pk}:{key}"[:160], defaults=_copy(row))
    if made:
        OutboxFile.objects.bulk_create(
            OutboxFile(message=again, name=one.name, content_type=one.content_type, content=one.content)
            for one in row.files.order_by("pk")
        )
        transaction.on_commit(nudge, robust=True)
    return again


def _require_text(row: OutboxMessage) -> None:
    gone = row.wiped_at is not None or not row.to
    if gone or (row.expires_at is not None and row.expires_at <= clock.now()):
        raise NothingToSend


COPIED = (
    *("channel", "purpose", "about", "names", "language", "to", "sender", "unsubscribe_url"),
    *("subject", "text", "html", "is_secret", "expires_at"),
)


def _copy(row: OutboxMessage) -> dict[str, object]:
    now = clock.now()
    fresh = {"message_id": uuid.uuid4(), "urgency": min(row.urgency, NORMAL), "created_at": now, "next_try_at": now}
    return {name: getattr(row, name) for name in COPIED} | fresh | {"resent_of": row}
