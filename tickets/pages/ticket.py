"""`/tickets/<number>/`: a ticket's conversation, answering it, and what its customer may do with it (T2, T4, T5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hub.accounts.public import customer_page
from hub.base import formats, rich_text
from hub.base.errors import DomainError, NotFound
from hub.base.forms import KEY_CHARACTERS_MAX, KEY_FIELD, Filled, new_form_key
from hub.site.public import do_and_go, person_of, said_by
from tickets import billing, lists, queries, sla
from tickets.actions import changing, reading
from tickets.actions.replying import Reply, reply
from tickets.conversation import EntryShown, entries_shown
from tickets.errors import PriceChanged, SameKeyOtherContent
from tickets.form_fields import fields_of
from tickets.lifecycle import can_come_back, is_over, reply_price_m
from tickets.models import FormField, Ticket
from tickets.pages.uploads import files_kept, files_of_form, limits, named
from tickets.permissions import is_on_customers_side, parse_number
from tickets.states import Channel, Status

if TYPE_CHECKING:
    from uuid import UUID

    from hub.accounts.public import Person

REFUSED: Final = 409
ENTRIES: Final = 100  # of a page; those before them are behind a link


@dataclass(frozen=True, slots=True)
class Answer:
    """What stands in the reply form: `becomes_ticket` says that it is no reply any more (T4)."""

    cost: billing.Cost
    becomes_ticket: bool
    form: Filled


@dataclass(frozen=True, slots=True)
class Hint:
    """When the clock does something by itself (T5)."""

    what: str  # 'closes' or 'reopen'
    at: datetime


@require_safe
@customer_page
def ticket(request: HttpRequest, ticket_number: int) -> HttpResponse:
    found = _get(person_of(request), ticket_number)
    return _page(request, found, Filled(), [], read_seq=reading.note_read(person_of(request), found))


@require_POST
@customer_page
def answer(request: HttpRequest, ticket_number: int) -> HttpResponse:
    """A reply; on what is over, a new ticket that is linked. Refused, the page comes back with what was written."""
    person = person_of(request)
    found = _get(person, ticket_number)
    form_key = request.POST.get(KEY_FIELD, "").replace("\0", "")[:KEY_CHARACTERS_MAX] or new_form_key()
    files = named(request.POST.getlist("file"))
    try:
        words = rich_text.typed(request.POST, "body")
        files = files_of_form(request, person, form_key)
        said = Reply(
            html=words.html,
            price_m=_number(request.POST.get("price_m", "")),
            key=f"f:{form_key}"[:64],
            channel=Channel.WEB,
            files=files,
        )
        entry = reply(person, found.pk, said)
    except NotFound as error:
        raise Http404 from error
    except DomainError as refusal:
        return _page(request, found, _refused(request, refusal, form_key), files, status=REFUSED)
    if entry.ticket_id != found.pk:
        messages.success(
            request,
            _("Your answer became ticket %(number)s, linked to ticket %(earlier)s.")
            % {"number": entry.ticket_id, "earlier": found.pk},
        )
    return HttpResponseRedirect(f"{reverse('ticket', args=[entry.ticket_id])}#entry-{entry.pk}")


@require_POST
@customer_page
def solve(request: HttpRequest, ticket_number: int) -> HttpResponse:
    person, found = person_of(request), _get(person_of(request), ticket_number)
    here = reverse("ticket", args=[found.pk])
    days = sla.rules_of(found.department_id).reopen_days
    said = _("Good to hear that it is solved. An answer within %(n)s days opens the ticket again.") % {
        "n": formats.number(days)
    }
    return do_and_go(request, lambda: changing.solve(person, found.pk), said, to=here)


@require_POST
@customer_page
def reopen(request: HttpRequest, ticket_number: int) -> HttpResponse:
    person, found = person_of(request), _get(person_of(request), ticket_number)
    here = reverse("ticket", args=[found.pk])
    return do_and_go(request, lambda: changing.reopen(person, found.pk), _("The ticket is open again."), to=here)


def _get(person: Person, number: int) -> Ticket:
    """Raises Http404, also for what one may not see (X1)."""
    try:
        wanted = parse_number(number)
    except NotFound as error:
        raise Http404 from error
    seen = lists.with_names(Ticket.objects.visible_to(person)).select_related("contact", "merged_into")
    found: Ticket | None = seen.filter(pk=wanted).first()
    if found is None:
        raise Http404
    return found


def _refused(request: HttpRequest, refusal: DomainError, form_key: str) -> Filled:
    """With another key where the same words would be refused again: what was sent before is done."""
    summary = said_by(refusal)
    if isinstance(refusal, SameKeyOtherContent):
        summary = _("This answer was sent already. Send it again if you want to add this one as well.")
    if isinstance(refusal, PriceChanged):
        summary = _("The price has changed. Please look at it again; what you wrote is still here.")
    key = new_form_key() if isinstance(refusal, SameKeyOtherContent) else form_key
    return Filled(values=_kept(request), summary=summary, key=key)


def _kept(request: HttpRequest) -> dict[str, object]:
    try:
        words = rich_text.typed(request.POST, "body")
    except DomainError:  # longer than we take: at least nothing is lost
        return {"body": request.POST.get("body", ""), "html": ""}
    return {"body": request.POST.get("body", "") or words.text, "html": words.html}


def _page(
    request: HttpRequest,
    found: Ticket,
    form: Filled,
    files: list[UUID],
    *,
    status: int = 200,
    read_seq: int | None = None,
) -> HttpResponse:
    """What came after `read_seq` is marked as new."""
    person = person_of(request)
    mine = is_on_customers_side(found, person)
    entries, earlier = _entries(request, person, found, read_seq)
    values: dict[str, Any] = {
        "ticket": found,
        "entries": entries,
        "earlier": earlier,
        "merged": _merged(person, found),
        "follow_ups": list(Ticket.objects.visible_to(person).filter(follow_up_of=found).values_list("pk", flat=True)),
        "answers": answers_of(found),
        "steps": _steps(found),
        "hint": _hint(found),
        "mine": mine,
        "may_solve": mine and found.status in (Status.OPEN, Status.PENDING),
        "may_reopen": mine and found.status in (Status.SOLVED, Status.CLOSED) and can_come_back(found),
        "answer": _answer(request, person, found, form) if mine and found.merged_into_id is None else None,
        "kept": files_kept(person, files),
        "limits": limits(),
        "form_key": new_form_key(),
    }
    return render(request, "tickets/ticket.html", values, status=status)


def _entries(
    request: HttpRequest, person: Person, found: Ticket, read_seq: int | None
) -> tuple[list[EntryShown], int | None]:
    """The newest, or those before a place; and the place before which there are more."""
    before = _number(request.GET.get("before", "")) or found.last_seq + 1
    rows, more = queries.read_entries(person, found, before_seq=before, limit=ENTRIES)
    return entries_shown(rows, person, since_seq=read_seq), rows[0].seq if more else None


def _merged(person: Person, found: Ticket) -> list[tuple[Ticket, list[EntryShown]]]:
    """T7: what became part of this one shows its conversation beside it."""
    parts = Ticket.objects.filter(merged_into=found, deleted_at=None).order_by("pk")[:20]
    return [(one, entries_shown(queries.read_entries(person, one)[0], person)) for one in parts]


def _answer(request: HttpRequest, person: Person, found: Ticket, form: Filled) -> Answer:
    cost = billing.cost_for(request, person, reply_price_m(found))
    return Answer(cost, is_over(found), form)


def answers_of(found: Ticket) -> list[tuple[str, str]]:
    """T10: what was answered on the form, with its questions. What is not asked any more keeps its key as a name."""
    asked = {one.key: one for one in fields_of(found.department_id, found.category)}
    return [
        (asked[key].label if key in asked else key, _told(value, asked.get(key)))
        for key, value in found.fields.items()
        if value not in ("", None)
    ]


def _told(value: Any, asked: FormField | None) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int | float):
        return formats.number(value)
    if asked is not None and asked.kind == FormField.Kind.DATE:
        try:
            return formats.day(datetime.fromisoformat(str(value)).date())
        except ValueError:
            return str(value)
    return str(value)


def _steps(found: Ticket) -> Sequence[Mapping[str, object]]:
    """Where it stands: received, we are on it, your turn, solved."""
    here = {Status.OPEN: 1, Status.PENDING: 2, Status.SOLVED: 3, Status.CLOSED: 3}[Status(found.status)]
    names = [
        _("Received"),
        _("We are on it"),
        _("Your turn"),
        _("Closed") if found.status == Status.CLOSED and found.solved_at is None else _("Solved"),
    ]
    shown = [(place, name) for place, name in enumerate(names) if place != 2 or here == 2]
    return [{"name": name, "done": place < here or here == 3, "now": place == here} for place, name in shown]


def _hint(found: Ticket) -> Hint | None:
    if found.status == Status.PENDING:
        days = sla.rules_of(found.department_id).close_days
        return Hint("closes", found.status_since + timedelta(days=days)) if days else None
    if found.reopen_until is not None and can_come_back(found):
        return Hint("reopen", found.reopen_until)
    return None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None
