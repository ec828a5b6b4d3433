"""`/tickets/files/`: all files of one's tickets, the newest first, by number and by name (T11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hub.accounts.public import customer_page
from hub.base.filters import number_of
from hub.site.public import person_of
from tickets.conversation import FileShown, file_shown
from tickets.entries import ENTRY_FILES
from tickets.entry_files import entries_seen_by
from tickets.models import FilePlace, StoredFile, TicketEntry

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hub.accounts.public import Person

PAGE: Final = 40
NAME_CHARACTERS_MAX: Final = 80


@dataclass(frozen=True, slots=True)
class Kept:
    """A file and where it was sent."""

    file: FileShown
    entry: TicketEntry
    at: datetime


@require_safe
@customer_page
def library(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    said = {name: request.GET.get(name, "").replace("\0", "").strip()[:NAME_CHARACTERS_MAX] for name in ("q", "number")}
    places = list(_places(person, said, number_of(request.GET.get("after")))[: PAGE + 1])
    shown = places[:PAGE]
    values = {
        "rows": _rows(shown),
        "older": shown[-1].pk if len(places) > PAGE else None,
        "newest": "after" in request.GET,
        "said": said,
        "filtered": any(said.values()),
        "query": urlencode({name: value for name, value in said.items() if value}),
    }
    return render(request, "tickets/library.html", values)


def _places(person: Person, said: dict[str, str], after: int | None) -> QuerySet[FilePlace]:
    """Those of entries that this person may see (X1). A place is younger the higher its key is."""
    entries = entries_seen_by(person)
    if said["number"]:
        entries = entries.filter(ticket=number_of(said["number"]) or 0)
    chosen = Q(kind=ENTRY_FILES, number__in=entries.values("pk"))
    if said["q"]:
        chosen &= Q(file__name__icontains=said["q"])
    if after is not None:
        chosen &= Q(pk__lt=after)
    usable = FilePlace.objects.filter(chosen).exclude(file__state=StoredFile.State.REFUSED)
    return usable.select_related("file").order_by("-pk")


def _rows(places: list[FilePlace]) -> list[Kept]:
    entries = TicketEntry.objects.filter(pk__in=[one.number for one in places]).select_related("ticket").defer("search")
    found = {one.pk: one for one in entries}
    return [Kept(file_shown(one.file), found[one.number], one.at) for one in places if one.number in found]
