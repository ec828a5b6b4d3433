"""`/tickets/files/`: all files of one's tickets, the newest first, by number and by name (T11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.contrib import messages
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
from tickets.files.quotas import room_for
from tickets.library import Asked, Kept, read_library
from tickets.models import Ticket
from tickets.pages.uploads import named

PAGE: Final = 40
NAME_CHARACTERS_MAX: Final = 80


@dataclass(frozen=True, slots=True)
class Row:
    """A file of the library as the page lists it."""

    kept: Kept
    file: FileShown


@require_safe
@customer_page
def library(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    said = {name: request.GET.get(name, "").replace("\0", "").strip()[:NAME_CHARACTERS_MAX] for name in ("q", "number")}
    number = (number_of(said["number"]) or 0) if said["number"] else None
    asked = Asked(name=said["q"], number=number)
    shelf = read_library(person, asked, before=number_of(request.GET.get("after")), limit=PAGE)
    values = {
        "rows": [Row(one, file_shown(one.file)) for one in shelf.rows],
        "room": room_for(person),
        "older": shelf.older,
        "newest": "after" in request.GET,
        "said": said,
        "filtered": any(said.values()),
        "query": urlencode({name: value for name, value in said.items() if value}),
    }
    return render(request, "tickets/library.html", values)


@require_safe
@customer_page
def room(request: HttpRequest) -> HttpResponse:
    """How much is taken, drawn anew while the library is looked at."""
    return render(request, "tickets/library_room.html", {"room": room_for(person_of(request))})


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
