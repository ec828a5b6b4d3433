"""The files of a form: with script they arrive before it (frontend/shared/uploads), without one they come with it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

from tickets.files.errors import FileTooLarge, TooManyFiles
from tickets.files.uploads import take_whole
from tickets.models import StoredFile

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hub.accounts.public import Person


@dataclass(frozen=True, slots=True)
class Limits:
    most: int
    bytes_max: int


def limits() -> Limits:
    return Limits(settings.FILES_PER_MESSAGE_MAX, settings.FILE_BYTES_MAX)


def files_of_form(request: HttpRequest, person: Person, form_key: str) -> list[UUID]:
    """The uploads that a form names, and those that came with it; the same form sent again makes no new ones.

    Raises what taking a file raises; TooManyFiles.
    """
    ids = named(request.POST.getlist("file"))
    given = [one for one in request.FILES.getlist("files") if one.size]
    if len(ids) + len(given) > settings.FILES_PER_MESSAGE_MAX:
        raise TooManyFiles(settings.FILES_PER_MESSAGE_MAX)
    for number, file in enumerate(given):
        if (file.size or 0) > settings.FILE_BYTES_MAX:
            raise FileTooLarge(settings.FILE_BYTES_MAX)
        content = file.read()
        key = f"form:{form_key}:{number}:{file.name}:{hashlib.sha256(content).hexdigest()}"
        ids.append(take_whole(person, file.name or "", content, key=key).pk)
    return ids


def named(values: Iterable[str]) -> list[UUID]:
    """What is no id names nothing."""
    found = []
    for value in values:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def files_kept(person: Person, ids: Iterable[UUID]) -> list[StoredFile]:
    """For a form that comes back: own uploads that belong nowhere yet, as they were named."""
    wanted = list(ids)
    found = StoredFile.objects.filter(pk__in=wanted, owner=person.user_id, places=None)
    usable = {one.pk: one for one in found.exclude(state__in=(StoredFile.State.REFUSED, StoredFile.State.GONE))}
    return [usable[one] for one in wanted if one in usable]
