"""`/admin/tickets/<number>/`: all that one ticket's page shows. A page costs the same however much is in it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from hub.accounts.public import User, audit, shown_name, standing
from hub.base import clock
from hub.base.filters import number_of
from hub.base.forms import Filled
from hub.site.public import person_of, shown
from tickets import billing, contacts, queries
from tickets.actions.handing_over import may_answer
from tickets.conversation import EntryShown, entries_shown
from tickets.desk import choices, reads
from tickets.desk.looking import looking_text
from tickets.desk.rows import rows_of
from tickets.desk.words import KINDS_OF_WORK, STATUSES
from tickets.listed import Listed, read_all
from tickets.models import FormField, Ticket, TicketEntry, WorkLog
from tickets.pages.uploads import files_kept, limits, named
from tickets.permissions import is_in_charge, is_own_work, parse_number
from tickets.states import MOVES, EntryKind, Status, word_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from hub.accounts.public import Person
    from hub.base.errors import DomainError

MERGED_SHOWN: Final = 200
NEAR_SHOWN: Final = 100
OTHERS_SHOWN: Final = 5
PAGE: Final = 50


def get_ticket(person: Person, number: int | str) -> Ticket:
    """With all names. Raises Http404, also for what one may not see (X1)."""
    for found in reads.visible_ticket(standing(person), user=person.user_id, number=parse_number(number)):
        return found
    raise Http404


def note_opening(person: Person, ticket: Ticket) -> None:
    """P9: what is not one's own work."""
    if not is_own_work(ticket, person):
        audit.record_opening(person, "tickets.ticket.opened", target_kind="ticket", target_id=ticket.pk)


def ticket_page(
    request: HttpRequest, ticket: Ticket, form: Filled | None = None, refusal: DomainError | None = None
) -> HttpResponse:
    """`form` is a reply or note that was refused; what was typed stays."""
    person = person_of(request)
    rights = _rights(person, ticket)
    lines, earlier = _conversation(person, ticket, number_of(request.GET.get("earlier")))
    values = {
        "ticket": ticket,
        "row": rows_of([Listed.of(ticket)])[0],
        "lines": lines,
        "earlier": earlier,
        "form": form or _composer(person, ticket),
        "empty": Filled(),
        "limits": limits(),
        "kept": files_kept(person, named(request.POST.getlist("file"))) if form is not None else [],
        "looking_text": looking_text(queries.looking(ticket, person)),
        **rights,
        **_selects(person, ticket, rights),
        **_beside(person, ticket),
        **_work(person, ticket),
        **_customer(person, ticket),
        "asks_contact": "contact" in request.GET,
        "contact_form": Filled({"contact": ticket.contact_id}),
        "contacts": contacts.choices_of(person, ticket.customer) if "contact" in request.GET else [],
    }
    return shown(request, "tickets/desk_ticket.html", values, refusal)


def _conversation(person: Person, ticket: Ticket, earlier: int | None) -> tuple[list[EntryShown], int | None]:
    """The newest page, or the one before an entry; and where the page before it begins."""
    before = earlier if earlier is not None else ticket.last_seq + 1
    entries, more = queries.read_entries(person, ticket, before_seq=before, limit=PAGE)
    return entries_shown(entries, person), entries[0].seq if more else None


def _composer(person: Person, ticket: Ticket) -> Filled:
    """What was begun here before, on whatever device: the reply or the note that one was in last, and the other."""
    drafts = reads.drafts_of(ticket=ticket.pk, user=person.user_id)
    begun, other = [*drafts, None, None][:2]
    return Filled(
        {
            "kind": begun.kind if begun else EntryKind.REPLY.value,
            "html": begun.html if begun else "",
            "other_kind": other.kind if other else "",
            "other_html": other.html if other else "",
            "seen_seq": ticket.last_seq,
            "kept_at_ms": _ms(begun.updated_at) if begun else "",
            "now_ms": _ms(clock.now()),
        }
    )


def _ms(moment: datetime) -> int:
    """As a browser's clock counts."""
    return int(moment.timestamp() * 1000)


def _rights(person: Person, ticket: Ticket) -> dict[str, Any]:
    """What T8 and P5 let this person do; the actions ask again."""
    in_charge = is_in_charge(ticket, person)
    hand_over = next(iter(reads.open_hand_over(ticket=ticket.pk)), None)
    works_here = ticket.department_id in person.departments
    return {
        "in_charge": in_charge,
        "may_take": works_here and (ticket.agent_id is None or (in_charge and ticket.agent_id != person.user_id)),
        "may_lay_down": ticket.agent_id == person.user_id,
        "may_hand_over": hand_over is None and (in_charge or ticket.agent_id == person.user_id),
        "hand_over": hand_over,
        "may_answer": hand_over is not None and may_answer(person, hand_over),
        "may_withdraw": hand_over is not None and (in_charge or hand_over.asked_by_id == person.user_id),
        "is_closed": ticket.status == Status.CLOSED,
        "may_reopen": Status.OPEN in MOVES[ticket.status] and ticket.merged_into_id is None,
    }


def _selects(person: Person, ticket: Ticket, rights: Mapping[str, Any]) -> dict[str, Any]:
    """What nobody may choose from is not read."""
    here = ticket.department_id
    menus = reads.menus_of(here)
    moves = [(str(one), STATUSES[one]) for one in STATUSES if one == ticket.status or one in MOVES[ticket.status]]
    if ticket.merged_into_id is not None:
        moves = [(ticket.status, STATUSES[ticket.status])]
    return {
        "statuses": moves,
        "after": _after(ticket),
        "priorities": choices.priorities(),
        "properties": Filled(
            {
                "status": ticket.status,
                "priority": word_of(ticket.priority),
                "category": ticket.category_id,
                "tags": ", ".join(ticket.tags),
                "cc": ", ".join(ticket.cc),
                "subject": ticket.subject,
                "agent": ticket.agent_id,
            }
        ),
        "categories": [("", "–"), *menus["category"]],
        "agents": choices.agents(here, _("Nobody")) if rights["in_charge"] else [],
        "departments": [("", _("Choose a department")), *menus["department"]],
        "macros": menus["macro"],
        "kinds_of_work": list(KINDS_OF_WORK.items()),
        "fields": [_answered(ticket, one) for one in reads.questions_of(department=here, category=ticket.category_id)],
    }


def _after(ticket: Ticket) -> list[tuple[str, str]]:
    """What becomes of it when a reply is sent; who answers what was closed opens it again."""
    if ticket.status == Status.CLOSED:
        return [(Status.OPEN.value, _("and open it again"))]
    return [
        ("", _("and leave the status")),
        (Status.PENDING.value, _("and wait for the customer")),
        (Status.SOLVED.value, _("and it is solved")),
        (Status.OPEN.value, _("and it stays with us")),
    ]


def _answered(ticket: Ticket, asked: FormField) -> dict[str, Any]:
    value = ticket.fields.get(asked.key)
    return {
        "asked": asked,
        "name": f"field-{asked.key}",
        "value": "" if value is None else value,
        "choices": [("", "–"), *((one, one) for one in asked.choices)],
    }


def _beside(person: Person, ticket: Ticket) -> dict[str, Any]:
    """What belongs together (T7), and who follows it."""
    related = reads.related_to(ticket.pk)
    ends = filter(None, (ticket.follow_up_of_id, ticket.merged_into_id))
    near = related.linked | related.follow_up | set(ends)
    seen = list(Ticket.objects.visible_to(person).filter(pk__in=near).order_by("-pk")[:NEAR_SHOWN]) if near else []
    followers = reads.followers_of(ticket=ticket.pk)
    return {
        "links": [one for one in seen if one.pk in related.linked],
        "follow_up_of": next((one for one in seen if one.pk == ticket.follow_up_of_id), None),
        "follow_ups": [one for one in seen if one.pk in related.follow_up],
        "merged": _merged(person, related.merged) if related.merged else [],
        "followers": [shown_name(*names) for _user_id, *names in followers],
        "follows": any(user_id == person.user_id for user_id, *_names in followers),
    }


def _merged(person: Person, numbers: Collection[int]) -> list[tuple[Ticket, list[EntryShown]]]:
    """What became a part of it, with what was said there."""
    said = TicketEntry.objects.filter(ticket__in=numbers).exclude(kind=EntryKind.EVENT)
    entries = list(said.select_related("author").defer("search").order_by("ticket", "seq")[:MERGED_SHOWN])
    by_ticket: dict[int, list[EntryShown]] = {}
    for entry, line in zip(entries, entries_shown(entries, person), strict=True):
        by_ticket.setdefault(entry.ticket_id, []).append(line)
    return [(one, by_ticket.get(one.pk, [])) for one in Ticket.objects.filter(pk__in=numbers).order_by("pk")]


def _work(person: Person, ticket: Ticket) -> dict[str, Any]:
    """Time that was worked (T9): what stands there, what runs, and what it comes to."""
    now = clock.now()
    found = reads.works_shown(ticket=ticket.pk, user=person.user_id)
    rows = [row for row in found if row.ticket_id == ticket.pk]
    works = [
        {"row": row, **described, "kind_text": KINDS_OF_WORK[row.kind], "may_change": _may_change(person, ticket, row)}
        for row, described in zip(rows, queries.describe_work(rows), strict=True)
    ]
    running = next((row for row in rows if row.ended_at is None and row.agent_id == person.user_id), None)
    return {
        "works": works,
        "running": running,
        "running_s": math.floor((now - running.started_at).total_seconds()) if running is not None else 0,
        "runs_on": next((row.ticket_id for row in found if row.ticket_id != ticket.pk), None),
        "worked_s": sum(row.seconds for row in rows),
        "worked_m": sum(one["amount_m"] for one in works),
    }


def _may_change(person: Person, ticket: Ticket, row: WorkLog) -> bool:
    mine = row.agent_id == person.user_id or is_in_charge(ticket, person)
    return mine and row.charged_at is None and row.ended_at is not None


def _customer(person: Person, ticket: Ticket) -> dict[str, Any]:
    others = reads.others_of(
        standing(person), OTHERS_SHOWN, user=person.user_id, customer=ticket.customer_id, ticket=ticket.pk
    )
    return {
        "customer": ticket.customer,
        "of_account": ticket.customer.kind == User.Kind.CUSTOMER,
        "wallet": billing.wallet_of(ticket.customer_id),
        "others": rows_of(read_all(others)),
    }
