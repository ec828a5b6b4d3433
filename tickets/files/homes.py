"""Where files can belong: a ticket's entry, an article, a chat's message. Each kind registers who sees its things.

So a file is seen by whom sees the thing, at the moment of asking, and nothing here knows what those things are. A home
gives a queryset; it is asked for the one row that the file's place names, by its key, however many rows there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from hub.base.prepared import any_of, prepared
from hub.base.registries import Registry
from tickets.models import FilePlace

if TYPE_CHECKING:
    from hub.accounts.public import Person
    from tickets.models.files import StoredFileQuerySet

ObjectId = int | UUID


@dataclass(frozen=True, slots=True)
class FileHome:
    """`rows(person)` are the things of this kind that this person may see; nobody is a visitor to public pages.

    `by_uuid` says that their keys are UUIDs, else numbers.
    """

    name: str
    rows: Callable[[Person | None], QuerySet[Any]]
    by_uuid: bool = False


homes: Registry[FileHome] = Registry()


def visible_files(files: StoredFileQuerySet, person: Person | None) -> StoredFileQuerySet:
    if person is not None and person.kind == "system":
        return files
    seen = Q(Exists(FilePlace.objects.filter(_in_sight(person), file=OuterRef("pk")))) if len(homes) else Q(pk__in=())
    if person is not None and person.user_id is not None:
        seen |= Q(~Exists(FilePlace.objects.filter(file=OuterRef("pk"))), owner=person.user_id)
    return files.filter(seen)


def _in_sight(person: Person | None) -> Q:
    found = Q(pk__in=())
    for home in homes:
        key = OuterRef("uuid" if home.by_uuid else "number")
        found |= Q(Exists(home.rows(person).filter(pk=key)), kind=home.name)
    return found


def places_of(kind: str, object_ids: Iterable[ObjectId]) -> QuerySet[FilePlace]:
    """In the order in which they were given."""
    column = "uuid" if homes[kind].by_uuid else "number"
    return FilePlace.objects.filter(kind=kind, **{f"{column}__in": list(object_ids)}).order_by("position", "pk")


@prepared
def files_in(by_uuid: bool, *, kind: str, ids: Sequence[ObjectId]) -> QuerySet[FilePlace]:
    """As places_of(), each with its file."""
    here = any_of("uuid", ids, "uuid") if by_uuid else any_of("number", ids, "bigint")
    return FilePlace.objects.filter(here, kind=kind).select_related("file").order_by("position", "pk")


def new_place(kind: str, object_id: ObjectId, **fields: Any) -> FilePlace:
    column = "uuid" if homes[kind].by_uuid else "number"
    return FilePlace(kind=kind, **{column: object_id}, **fields)
