"""Taking a file in, in parts that may be cut off and go on (docs/how/files.md).

A part is written to storage first and counted afterwards, under the file's lock: who comes second with the same part
is told where to go on. Nothing of this holds a lock while bytes travel.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction

from hub.accounts.public import Organisation, User
from hub.base import clock
from hub.base.errors import BadFrame, Conflict, NotFound, NotSignedIn, TooLarge
from hub.base.limits import Limit, use
from hub.base.locking import lock_one
from tickets.files import storing
from tickets.files.errors import EmptyFile, FileTooLarge, StorageFull, TooManyUploads, WrongOffset
from tickets.files.judging import judge_received
from tickets.files.names import clean_name
from tickets.files.quotas import require_room
from tickets.models import FilePart, StoredFile

if TYPE_CHECKING:
    from hub.accounts.public import Person

log = structlog.get_logger(__name__)

State = StoredFile.State


def begin(person: Person, name: str, size: int, *, key: str | None = None, sha256: str = "") -> StoredFile:
    """A file of so many bytes that will arrive. The same key is the same file. `sha256`: of bytes that are known
    already.

    Raises NotSignedIn, EmptyFile, FileTooLarge, StorageFull, TooManyUploads, TooFast; Conflict: the key was
    another file's.
    """
    if person.user_id is None:
        raise NotSignedIn
    if size < 1:
        raise EmptyFile
    if size > settings.FILE_BYTES_MAX:
        raise FileTooLarge(settings.FILE_BYTES_MAX)
    digest = hashlib.sha256(key.encode()).hexdigest() if key else None
    earlier = StoredFile.objects.filter(owner=person.user_id, key=digest).first() if digest else None
    if earlier is not None:
        return _same(earlier, size, sha256)
    if storing.is_nearly_full():
        raise StorageFull(retry_after_ms=60_000)
    use(Limit("files.begun", settings.FILE_UPLOADS_PER_HOUR_MAX, 3600), person.key)
    return _begin(person, person.user_id, clean_name(name), size, digest, sha256)


def _same(earlier: StoredFile, size: int, sha256: str) -> StoredFile:
    """By the bytes where both came whole; else by their number, which of a picture changes when it is drawn anew."""
    both_known = bool(sha256 and earlier.sha256)
    same = sha256 == earlier.sha256 if both_known else earlier.size == size or earlier.is_picture
    if not same:
        raise Conflict
    return earlier


@transaction.atomic
def _begin(person: Person, user_id: int, name: str, size: int, digest: str | None, sha256: str) -> StoredFile:
    """Under the lock of whoever pays with room: two at once see each other."""
    if person.organisation_id is not None:
        lock_one(Organisation, person.organisation_id)
    lock_one(User, user_id)
    if digest and (earlier := StoredFile.objects.filter(owner=user_id, key=digest).first()):
        return _same(earlier, size, sha256)
    require_room(person, size)
    if StoredFile.objects.filter(owner=user_id, state=State.RECEIVING).count() >= settings.FILE_UPLOADS_OPEN_MAX:
        raise TooManyUploads(retry_after_ms=30_000)
    now = clock.now()
    return StoredFile.objects.create(
        owner_id=user_id,
        organisation_id=person.organisation_id,
        key=digest,
        sha256=sha256,
        name=name,
        size=size,
        created_at=now,
        touched_at=now,
    )


def find_own(person: Person, file_id: UUID) -> StoredFile:
    """An upload of one's own. Raises NotFound."""
    found = StoredFile.objects.filter(pk=file_id, owner=person.user_id).first() if person.user_id else None
    if found is None:
        raise NotFound
    return found


def receive(person: Person, file_id: UUID, offset: int, content: bytes) -> StoredFile:
    """The next bytes of an own upload; with the last of them it is judged.

    Raises NotFound, WrongOffset (where to go on), TooLarge, BadFrame for no bytes; a FileRefused once all are there.
    """
    row = find_own(person, file_id)
    if row.state != State.RECEIVING or row.received != offset:
        raise WrongOffset(row.received)
    if not content:
        raise BadFrame
    if len(content) > settings.FILE_PART_BYTES_MAX or offset + len(content) > row.size:
        raise TooLarge
    name = storing.keep_part(row.pk, offset, content)
    try:
        row = _count(row.pk, offset, len(content), name)
    except Exception:
        storing.forget(name)
        raise
    return judge_received(row.pk) if row.state == State.RECEIVED else row


@transaction.atomic
def _count(file_id: UUID, offset: int, size: int, name: str) -> StoredFile:
    row = lock_one(StoredFile, file_id)
    if row.state != State.RECEIVING or row.received != offset:
        raise WrongOffset(row.received)
    FilePart.objects.create(file=row, at_byte=offset, size=size, content=name)
    row.received += size
    row.touched_at = clock.now()
    if row.received == row.size:
        row.state = State.RECEIVED
    row.save(update_fields=["received", "touched_at", "state"])
    return row


def take_whole(person: Person, name: str, content: bytes, *, key: str | None = None) -> StoredFile:
    """A file that arrived in one piece. The same key with other bytes is a Conflict. Raises what begin() and receive()
    raise.
    """
    row = begin(person, name, len(content), key=key, sha256=hashlib.sha256(content).hexdigest())
    while row.state == State.RECEIVING:
        part = content[row.received : row.received + settings.FILE_PART_BYTES_MAX]
        row = receive(person, row.pk, row.received, part)
    return row


@transaction.atomic
def give_up(person: Person, file_id: UUID) -> None:
    """An own upload that belongs nowhere goes. Raises NotFound; Conflict: it belongs somewhere already."""
    row = find_own(person, file_id)
    row = lock_one(StoredFile, row.pk)
    if row.places.exists():
        raise Conflict
    remove_rows([row])


def remove_rows(rows: list[StoredFile]) -> None:
    """Rows and bytes, in the caller's transaction."""
    parts = FilePart.objects.filter(file__in=rows).values_list("content", flat=True)
    names = [*parts, *(one.content.name for one in rows), *(one.preview.name for one in rows)]
    StoredFile.objects.filter(pk__in=[one.pk for one in rows]).delete()
    storing.forget_after_commit(names)
