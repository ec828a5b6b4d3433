"""Replies and notes from the page of a ticket (T4, T7): the text, the files, and what becomes of the ticket then."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hub.accounts.public import staff_page
from hub.base import rich_text
from hub.base.errors import DomainError
from hub.base.forms import KEY_FIELD, typed
from hub.base.rich_text import RichText
from hub.site.public import person_of, refused
from tickets.actions.replying import Reply, note, reply
from tickets.desk.one_ticket import get_ticket, ticket_page
from tickets.errors import SameKeyOtherContent
from tickets.models import Ticket
from tickets.pages.uploads import files_of_form
from tickets.states import EntryKind

if TYPE_CHECKING:
    from hub.accounts.public import Person


@require_POST
@staff_page
def write(request: HttpRequest, ticket_number: int) -> HttpResponse:
    """A reply or a note. What is refused stands on the page again, with all that was typed."""
    person = person_of(request)
    ticket = get_ticket(person, ticket_number)
    said = typed(request.POST, ("kind", "after", "seen_seq", KEY_FIELD))
    try:
        words = words_of(request)
        files = files_of_form(request, person, said[KEY_FIELD])
        _write(person, ticket, said, words, files)
    except DomainError as refusal:
        ticket = get_ticket(person, ticket_number)
        form = refused(refusal, {**said, "html": html_again(request), "seen_seq": ticket.last_seq})
        if isinstance(refusal, SameKeyOtherContent):
            form = replace(form, summary=_("You sent this already. Send it again if you want to add this one as well."))
        return ticket_page(request, ticket, form, refusal)
    messages.success(
        request, _("The note is kept.") if said["kind"] == EntryKind.NOTE else _("The reply is on its way.")
    )
    return HttpResponseRedirect(after_deed(person, ticket_number) + "#composer")


def after_deed(person: Person, number: int) -> str:
    """The ticket's page; the list for who may not see it any more."""
    there = Ticket.objects.visible_to(person).filter(pk=number).exists()
    return reverse("desk-ticket", args=[number]) if there else reverse("desk-tickets")


def _write(person: Person, ticket: Ticket, said: dict[str, str], words: RichText, files: list[UUID]) -> None:
    """The form's key is the reply's: what arrives twice is one, and other words under it are not thrown away."""
    key = f"{said['kind'] or EntryKind.REPLY}:{said[KEY_FIELD]}"[:64] if said[KEY_FIELD] else None
    if said["kind"] == EntryKind.NOTE:
        note(person, ticket.pk, words.html, key=key, files=files)
        return
    seen = said["seen_seq"]
    wanted = Reply(
        html=words.html,
        status=said["after"],
        seen_seq=int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else None,
        key=key,
        files=files,
    )
    reply(person, ticket.pk, wanted)


def html_again(request: HttpRequest) -> str:
    """For a form that comes back; what was too large to be read is not shown."""
    try:
        return words_of(request).html
    except DomainError:
        return ""


def words_of(request: HttpRequest) -> RichText:
    """What was written: rich text from the editor, plain letters where there is no script. Raises TooLarge."""
    return rich_text.typed(request.POST, "body")
