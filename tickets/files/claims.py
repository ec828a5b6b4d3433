"""Files become part of something: an entry, an article, a message. In the transaction of the action that makes it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

from hub.base import clock
from hub.base.errors import NotFound
from hub.base.locking import lock
from hub.base.rich_text import pictures
from tickets.files.errors import REFUSALS, TooManyFiles, UploadUnfinished
from tickets.files.homes import ObjectId, files_in, homes, new_place, places_of
from tickets.files.uploads import remove_rows
from tickets.models import FilePlace, StoredFile

if TYPE_CHECKING:
    from hub.accounts.public import Person

State = StoredFile.State


def claim(person: Person, file_ids: Sequence[UUID], *, kind: str, object_id: ObjectId) -> list[StoredFile]:
    """Own uploads that are finished and belong nowhere yet now belong here. The same again changes nothing.

    Raises TooManyFiles, UploadUnfinished, NotFound (also for somebody else's, and for what belongs elsewhere), and the
    FileRefused of one that was refused.
    """
    here = set(places_of(kind, [object_id]).values_list("file", flat=True)) if file_ids else set()
    files = _take(person, file_ids, but=here)
    _place([file for file in files if file.pk not in here], kind, object_id, first=len(here))
    return files


def claim_with_text(
    person: Person, html: str, file_ids: Sequence[UUID], *, kind: str, object_id: ObjectId
) -> list[StoredFile]:
    """The files that go with a clean text, and the pictures that stand in it. One that belongs somewhere already, an
    article's say (K3), belongs here as well, if its writer may see it: so whoever reads the text sees it. What claim()
    took. Raises as claim(), also for a picture that the writer may not see (X3).
    """
    shown = [one for one in pictures(html) if one not in file_ids]
    free = set(StoredFile.objects.filter(pk__in=shown, owner=person.user_id, places=None).values_list("pk", flat=True))
    elsewhere = [one for one in shown if one not in free]
    claimed = claim(person, [*file_ids, *(one for one in shown if one in free)], kind=kind, object_id=object_id)
    if elsewhere:
        seen = list(StoredFile.objects.visible_to(person).filter(pk__in=elsewhere, state=State.READY))
        if len(seen) != len(elsewhere):
            raise NotFound
        here = set(places_of(kind, [object_id]).values_list("file", flat=True))
        _place([one for one in seen if one.pk not in here], kind, object_id, first=len(here))
    return claimed


def take_up(person: Person, file_ids: Sequence[UUID]) -> list[StoredFile]:
    """For what has its key only once it is written (a chat's message): these own uploads, locked, to be given to
    `settle()` in this transaction. Raises as claim().
    """
    return _take(person, file_ids, but=set())


def settle(files: Sequence[StoredFile], *, kind: str, object_id: ObjectId) -> None:
    """What take_up() gave belongs here now."""
    _place(files, kind, object_id, first=0)


def _take(person: Person, file_ids: Sequence[UUID], *, but: Collection[UUID]) -> list[StoredFile]:
    """Locked, usable, and belonging nowhere (`but`: or here)."""
    wanted = list(dict.fromkeys(file_ids))
    if len(wanted) > settings.FILES_PER_MESSAGE_MAX:
        raise TooManyFiles(settings.FILES_PER_MESSAGE_MAX)
    if not wanted:
        return []
    found = {row.pk: row for row in lock(StoredFile.objects.filter(pk__in=wanted, owner=person.user_id))}
    if len(found) != len(wanted) or person.user_id is None:
        raise NotFound
    if FilePlace.objects.filter(file__in=set(wanted) - set(but)).exists():
        raise NotFound
    files = [found[one] for one in wanted]
    for file in files:
        _require_usable(file)
    return files


def _require_usable(file: StoredFile) -> None:
    if file.state == State.RECEIVING:
        raise UploadUnfinished
    if file.state == State.REFUSED:
        raise REFUSALS[file.refused_because]
    if file.state == State.GONE:
        raise NotFound


def place_also(from_kind: str, from_ids: Collection[ObjectId], *, kind: str, object_id: ObjectId) -> int:
    """What belongs there belongs here as well: a chat that becomes a ticket (C11), entries that move. How many.

    The caller has asked whether its actor may see both.
    """
    here = set(places_of(kind, [object_id]).values_list("file", flat=True))
    there = places_of(from_kind, from_ids).exclude(file__in=here).select_related("file")
    files = list({place.file_id: place.file for place in there}.values())
    _place(files, kind, object_id, first=len(here))
    return len(files)


def _place(files: Sequence[StoredFile], kind: str, object_id: ObjectId, *, first: int) -> None:
    now = clock.now()
    FilePlace.objects.bulk_create(
        new_place(kind, object_id, file=file, position=first + number, at=now) for number, file in enumerate(files)
    )


def release(kind: str, object_ids: Collection[ObjectId]) -> int:
    """These things are gone for good; files that belong nowhere else go with them. How many files went."""
    places = places_of(kind, object_ids)
    ids = set(places.values_list("file", flat=True))
    places.delete()
    kept = set(FilePlace.objects.filter(file__in=ids).values_list("file", flat=True))
    rows = lock(StoredFile.objects.filter(pk__in=ids - kept))
    remove_rows(rows)
    return len(rows)


def files_of(kind: str, object_ids: Collection[ObjectId]) -> dict[ObjectId, list[StoredFile]]:
    """One statement for a whole page. The caller has asked whether its reader may see these things."""
    found: dict[ObjectId, list[StoredFile]] = defaultdict(list)
    for place in files_in(homes[kind].by_uuid, kind=kind, ids=list(object_ids)) if object_ids else ():
        key = place.number if place.number is not None else place.uuid
        if key is not None:
            found[key].append(place.file)
    return found
