"""What one does to a ticket on its page besides writing: properties, whose it is, what belongs to it (T3, T7–T9)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hub.accounts.public import owner_page, staff_page
from hub.base.errors import BadFrame, DomainError, NotFound
from hub.base.filters import number_of
from hub.base.forms import typed
from hub.site.public import done_once, person_of, said_by
from tickets.actions import assigning, binning, changing, handing_over, joining, ruling, working
from tickets.actions.changing import Changes
from tickets.desk.one_ticket import get_ticket
from tickets.desk.writing import after_deed
from tickets.errors import NoStopwatch, WrongTicket
from tickets.form_fields import fields_of
from tickets.models import FormField
from tickets.states import PRIORITIES, Status

if TYPE_CHECKING:
    from hub.accounts.public import Person
    from tickets.models import Ticket

Deed = Callable[["Person", "Ticket", HttpRequest], str]
MINUTES_CHARACTERS_MAX: Final = 5


def _page(deed: Deed) -> Callable[[HttpRequest, int], HttpResponse]:
    """A deed on a ticket that one sees; it answers with what is said on the page that follows."""

    @require_POST
    @staff_page
    def done(request: HttpRequest, ticket_number: int) -> HttpResponse:
        person = person_of(request)
        ticket = get_ticket(person, ticket_number)
        said: list[str] = []
        try:
            done_once(request, lambda: said.append(deed(person, ticket, request)))
            if not said:
                messages.info(request, _("This was done already."))
        except NotFound:
            messages.error(request, _("That ticket, person or department does not exist, or you may not see it."))
        except DomainError as refusal:
            messages.error(request, said_by(refusal))
        for one in said:
            messages.success(request, one)
        return HttpResponseRedirect(after_deed(person, ticket_number))

    return done


@_page
def change(person: Person, ticket: Ticket, request: HttpRequest) -> str:
    """Status, priority, category, tags, subject, CC, contact, and the answers to the department's questions."""
    said = typed(request.POST, ("status", "priority", "category", "tags", "subject", "cc"))
    wanted: dict[str, Any] = {}
    if said["status"] and said["status"] != ticket.status:
        wanted["status"] = _among(said["status"], Status.values, "status")
    if said["priority"]:
        wanted["priority"] = int(PRIORITIES[_among(said["priority"], PRIORITIES, "priority")])
    if "category" in request.POST:
        wanted["category_id"] = number_of(said["category"])
    for name in ("tags", "cc"):
        if name in request.POST:
            wanted[name] = [one for one in said[name].replace(";", ",").split(",") if one.strip()]
    if said["subject"]:
        wanted["subject"] = said["subject"]
    if "contact" in request.POST:
        wanted["contact_id"] = number_of(request.POST["contact"])
    if "answers" in request.POST:
        wanted["fields"] = _answers(ticket, request)
    changing.change(person, ticket.pk, Changes(**wanted))
    return _("Saved.")


def _among(said: str, known: Any, field: str) -> str:
    if said not in known:
        raise BadFrame(field=field)
    return said


def _answers(ticket: Ticket, request: HttpRequest) -> dict[str, Any]:
    asked = fields_of(ticket.department_id, ticket.category)
    return {one.key: _answer(request, one) for one in asked}


def _answer(request: HttpRequest, asked: FormField) -> Any:
    said = request.POST.get(f"field-{asked.key}", "").replace("\0", "").strip()
    return said == "on" if asked.kind == FormField.Kind.CHECK else said


@_page
def assign(person: Person, ticket: Ticket, request: HttpRequest) -> str:
    """Take it, lay it down, or give it to somebody of the department (T8)."""
    said = request.POST.get("agent", "")
    agent_id = person.user_id if said == "me" else number_of(said)
    if said and agent_id is None:
        raise BadFrame(field="agent")
    assigning.assign(person, ticket.pk, agent_id)
    if agent_id is None:
        return _("The ticket is laid down; whoever is free takes it.")
    return _("The ticket is yours.") if agent_id == person.user_id else _("The ticket is given away.")


@_page
def hand_over(person: Person, ticket: Ticket, request: HttpRequest) -> str:
    """Ask another department, or answer its question with a reason (T8)."""
    said = typed(request.POST, ("do", "department", "agent", "note"))
    if said["do"] == "approve":
        handing_over.approve(person, ticket.pk, agent_id=number_of(said["agent"]))
        return _("Your department has the ticket now.")
    if said["do"] == "refuse":
        handing_over.refuse(person, ticket.pk, said["note"])
        return _("The answer is no; who asked is told.")
    if said["do"] == "withdraw":
        handing_over.withdraw(person, ticket.pk)
        return _("The question is withdrawn.")
    handing_over.ask(person, ticket.pk, number_of(said["department"]) or 0, note=said["note"])
    return _("The other department's manager is asked.")


@_page
def join(person: Person, ticket: Ticket, request: HttpRequest) -> str:
    """Merge it into another, link or unlink them, or split a reply off (T7)."""
    said = typed(request.POST, ("do", "number", "seq", "subject"))
    if said["do"] == "split":
        made = joining.split(person, ticket.pk, number_of(said["seq"]) or 0, said["subject"])
        return _("Ticket %(number)s is made, and linked with this one.") % {"number": made.pk}
    other = number_of(said["number"].removeprefix("#"))
    if other is None:
        raise WrongTicket
    if said["do"] == "merge":
        joining.merge(person, ticket.pk, other)
        return _("This ticket is a part of ticket %(number)s now.") % {"number": other}
    joining.link(person, ticket.pk, other, on=said["do"] != "unlink")
    return _("The link is gone.") if said["do"] == "unlink" else _("The tickets are linked.")


@_page
def work(person: Person, ticket: Ticket, request: HttpRequest) -> str:
    """The stopwatch, time that is written down, and whether it is billable (T9)."""
    said = typed(request.POST, ("do", "kind", "minutes", "note", "work"))
    if said["do"] == "start":
        working.start(person, ticket.pk, kind=said["kind"])
        return _("Your stopwatch runs.")
    if said["do"] == "stop":
        working.halt(person, ticket.pk, note=said["note"])
        return _("Your stopwatch stands still.")
    if said["do"] == "kind":
        working.set_kind(person, ticket.pk, number_of(said["work"]) or 0, said["kind"])
        return _("Saved.")
    if said["do"] != "add":
        raise NoStopwatch
    minutes = said["minutes"][:MINUTES_CHARACTERS_MAX]
    working.write_down(person, ticket.pk, number_of(minutes) or 0, kind=said["kind"], note=said["note"])
    return _("The time is written down.")


@_page
def macro(person: Person, ticket: Ticket, request: HttpRequest) -> str:
    """All its deeds at once, or none (T13)."""
    done = ruling.run_macro(person, ticket.pk, number_of(request.POST.get("macro")) or 0)
    return _("Done; ticket %(number)s shows what changed.") % {"number": done.pk}


@_page
def follow(person: Person, ticket: Ticket, request: HttpRequest) -> str:
    on = request.POST.get("on") == "1"
    assigning.follow(person, ticket.pk, on=on)
    return _("You are told what happens on it.") if on else _("You follow it no longer.")


@require_POST
@owner_page
def delete(request: HttpRequest, ticket_number: int) -> HttpResponse:
    """By the hub owner, into the bin (P5)."""
    person = person_of(request)
    get_ticket(person, ticket_number)
    try:
        done_once(request, lambda: binning.delete(person, ticket_number))
    except NotFound as error:
        raise Http404 from error
    except DomainError as refusal:
        messages.error(request, said_by(refusal))
        return HttpResponseRedirect(reverse("desk-ticket", args=[ticket_number]))
    messages.success(request, _("The ticket lies in the bin for thirty days."))
    return HttpResponseRedirect(f"{reverse('desk-tickets')}?{urlencode({'deleted': ticket_number})}")
