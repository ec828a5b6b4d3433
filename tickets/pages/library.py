"""`/tickets/files/`: all files of one's tickets, the newest first, by number and by name (T11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hub.accounts.public import customer_page
from hub.base.errors import DomainError
from hub.base.filters import number_of
from hub.site.public import person_of, said_by
from tickets.actions.removing_files import remove_file
from tickets.conversation import FileShown, file_shown
from tickets.entries import ENTRY_FILES
from tickets.entry_files import entries_seen_by
from tickets.files.quotas import payer_for, room_of
from tickets.models import FilePlace, StoredFile, Ticket, TicketEntry
from tickets.pages.uploads import named

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from hub.accounts.public import Person

PAGE: Final = 40
NAME_CHARACTERS_MAX: Final = 80


@dataclass(frozen=True, slots=True)
class Kept:
    """A file and where it was sent. Who sent it may take it back."""

    place_id: int
    file_id: UUID
    file: FileShown
    removable: bool
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
        "rows": _rows(person, shown),
        "room": room_of(payer_for(person)),
        "older": shown[-1].pk if len(places) > PAGE else None,
        "newest": "after" in request.GET,
        "said": said,
        "filtered": any(said.values()),
        "query": urlencode({name: value for name, value in said.items() if value}),
    }
    return render(request, "tickets/library.html", values)


@require_POST
@customer_page
def remove(request: HttpRequest, ticket_number: int) -> HttpResponse:
    """An own file, for good; the ticket says that there was one."""
    person = person_of(request)
    if not Ticket.objects.visible_to(person).filter(pk=ticket_number).exists():
        raise Http404
    try:
        for one in named(request.POST.getlist("file")):
            remove_file(person, ticket_number, one)
    except DomainError as refusal:
        messages.error(request, said_by(refusal))
    else:
        messages.success(request, _("The file is removed."))
    return HttpResponseRedirect(reverse("ticket-files"))


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


def _rows(person: Person, places: list[FilePlace]) -> list[Kept]:
    entries = TicketEntry.objects.filter(pk__in=[one.number for one in places]).select_related("ticket").defer("search")
    found = {one.pk: one for one in entries}
    return [
        Kept(
            one.pk,
            one.file_id,
            file_shown(one.file),
            one.file.owner_id == person.user_id and one.file.state != StoredFile.State.GONE,
            found[one.number],
            one.at,
        )
        for one in places
        if one.number in found
    ]
