"""The page of one ticket, and what keeps it fresh: who looks at it, and what one has begun to write (T7)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST, require_safe

from hub.accounts.public import staff_page
from hub.base.errors import DomainError, NotFound
from hub.site.public import person_of, said_by
from tickets import queries
from tickets.actions import drafting
from tickets.actions import looking as presence
from tickets.desk.looking import looking_text
from tickets.desk.one_ticket import get_ticket, note_opening, ticket_page
from tickets.desk.writing import words_of


@require_safe
@staff_page
def ticket(request: HttpRequest, ticket_number: int) -> HttpResponse:
    """`/admin/tickets/<number>/`. What is not one's own work is audited (P9)."""
    person = person_of(request)
    found = get_ticket(person, ticket_number)
    note_opening(person, found)
    return ticket_page(request, found)


@require_POST
@staff_page
def looking(request: HttpRequest, ticket_number: int) -> HttpResponse:
    """I have it open, or write (T7); who else does, and whether there is more than what I see."""
    person = person_of(request)
    try:
        found = presence.look(person, ticket_number, writing=request.POST.get("writing") == "1")
    except NotFound as error:
        raise Http404 from error
    others = queries.looking(found, person)
    return JsonResponse({"last_seq": found.last_seq, "updated_at": found.updated_at, "looking": looking_text(others)})


@require_POST
@staff_page
def draft(request: HttpRequest, ticket_number: int) -> HttpResponse:
    """What was typed until now; it is there again after a reload, on another device, too (C9)."""
    try:
        drafting.keep_draft(person_of(request), ticket_number, request.POST.get("kind", ""), words_of(request).html)
    except NotFound as error:
        raise Http404 from error
    except DomainError as refusal:
        return JsonResponse({"detail": said_by(refusal)}, status=refusal.status)
    return HttpResponse(status=204)
