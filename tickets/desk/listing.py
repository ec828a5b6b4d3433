"""`/admin/tickets/`: the list with its views, filters and pages (T6), and the same change to many at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST, require_safe

from hub.accounts.public import Organisation, User, staff_page, standing
from hub.base import clock, formats
from hub.base.errors import BadFrame, DomainError
from hub.base.filters import number_of
from hub.base.forms import Filled, typed
from hub.site.public import person_of, said_by, shown
from tickets import lists, queries
from tickets.actions import bulk
from tickets.actions.changing import UNSET, Changes
from tickets.actions.saving_views import may_change
from tickets.desk import choices
from tickets.desk.asked import MORE, NAMES, query_of, read_asked, wanted_by
from tickets.desk.rows import rows_of
from tickets.errors import Forbidden
from tickets.filters import Wanted
from tickets.lists import Page
from tickets.queries import hand_overs_shown, views_shown
from tickets.states import PRIORITIES, Status

if TYPE_CHECKING:
    from hub.accounts.public import Person

PAGE = 25
HAND_OVERS_SHOWN = 10
MARK_S = 60
DEEDS = ("agent", "status", "priority", "tag")


@dataclass(frozen=True, slots=True)
class View:
    """A place above the list. `pk` is None for those that everybody has."""

    name: str
    query: str
    current: bool
    pk: int | None = None
    may_change: bool = False
    whose: str = ""


@require_safe
@staff_page
def index(request: HttpRequest) -> HttpResponse:
    """The list. Who has it on the screen asks again with what stood in ETag, and mostly hears that nothing moved."""
    person = person_of(request)
    mark = _mark()
    if request.headers.get("If-None-Match") == mark:
        return HttpResponseNotModified()
    asked = read_asked(request.GET)
    form, page, refusal = _read(person, asked, request)
    views = _views(person, asked, number_of(request.GET.get("view")))
    selects = _selects(person)
    values = {
        "form": form,
        "save_form": Filled(),
        "rows": rows_of(page.rows),
        "page": page,
        "query": query_of({**asked, **({"view": request.GET["view"]} if request.GET.get("view") else {})}),
        "views": views,
        "current_view": next((one for one in views if one.current and one.pk is not None), None),
        "asked_over": hand_overs_shown(standing(person), HAND_OVERS_SHOWN),
        "is_narrowed": bool(set(asked) - {"status", "sort"}),
        "more_open": any(asked.get(name) for name in MORE),
        "about": _about(person, asked),
        "deleted": number_of(request.GET.get("deleted")),
        **selects,
        "shares": _shares(person, selects["departments"][1:]),
    }
    answer = shown(request, "tickets/desk_list.html", values, refusal)
    answer["ETag"] = mark
    return answer


def _mark() -> str:
    """Another one when a ticket anywhere changed, and each minute, in which what waits grows older."""
    return f'"{queries.last_change()}.{int(clock.now().timestamp() // MARK_S)}"'


def _read(person: Person, asked: dict[str, str], request: HttpRequest) -> tuple[Filled, Page, DomainError | None]:
    """The form as it is shown, and the page; none where a filter makes no sense."""
    try:
        wanted = wanted_by(asked)
    except BadFrame as refusal:
        name = str(refusal.params.get("field", ""))
        form = Filled(asked, errors={name: _("This makes no sense here.")} if name in NAMES else {})
        return form, Page([], None), refusal
    return Filled(asked), _page(person, wanted, request), None


def _page(person: Person, wanted: Wanted, request: HttpRequest) -> Page:
    """From the beginning where the place is none of ours: an old link, another order."""
    try:
        places = {"cursor": request.GET.get("after"), "before": request.GET.get("before")}
        return lists.read_page(person, wanted, **places, limit=PAGE)
    except BadFrame:
        return lists.read_page(person, wanted, limit=PAGE)


def _views(person: Person, asked: dict[str, str], view_id: int | None) -> list[View]:
    ready = (
        (pgettext("tickets", "All open"), {"status": "live"}),
        (pgettext("tickets", "Mine"), {"agent": "me", "status": "live"}),
        (pgettext("tickets", "Nobody’s yet"), {"agent": "none", "status": "live"}),
        (_("Waiting for us"), {"waiting": "1", "sort": "age"}),
        (_("Promised time over"), {"breached": "1", "status": "live", "sort": "due"}),
        (pgettext("tickets", "Followed"), {"followed": "1"}),
        (pgettext("tickets", "All"), {"sort": "updated"}),
    )
    found = [View(name, query_of(wanted), view_id is None and asked == wanted) for name, wanted in ready]
    for row in views_shown(standing(person), user=person.user_id):
        whose = "" if row.user_id is not None else row.department.name if row.department else _("everybody")
        wanted = {name: str(value) for name, value in row.wanted.items()}
        query = query_of({**wanted, "view": str(row.pk)})
        found.append(View(row.name, query, view_id == row.pk, row.pk, may_change(person, row), whose))
    return found


def _shares(person: Person, departments: choices.Choices) -> list[tuple[str, str]]:
    """For whom a view may be kept."""
    found = [("me", _("Only for me"))]
    if person.is_owner or person.managed:
        found += [
            (pk, _("For %(department)s") % {"department": name})
            for pk, name in departments
            if person.is_owner or int(pk) in person.managed
        ]
    return [*found, ("all", _("For everybody"))] if person.is_owner else found


def _about(person: Person, asked: dict[str, str]) -> str:
    """Whose tickets alone are shown, where that was asked for by id."""
    if (customer := number_of(asked.get("customer"))) is not None:
        found = User.objects.visible_to(person).filter(pk=customer).first()
        return found.name if found is not None else ""
    if (organisation := number_of(asked.get("organisation"))) is not None:
        company = Organisation.objects.visible_to(person).filter(pk=organisation).first()
        return company.name if company is not None else ""
    return ""


def _selects(person: Person) -> dict[str, Any]:
    colleagues = choices.colleagues(person)
    return {
        "statuses": [("", _("Any status")), ("live", _("Not over yet")), *choices.statuses()],
        "departments": choices.departments(person, _("Any department")),
        "agents": colleagues,
        "priorities": choices.priorities(_("Any priority")),
        "channels": choices.channels(_("Any channel")),
        "sorts": [
            ("", _("Last changed first")),
            ("oldest", _("Longest unchanged first")),
            ("age", _("Longest waiting first")),
            ("due", _("Due first")),
            ("priority", _("Highest priority first")),
            ("number", _("Newest first")),
        ],
        "deed_agents": [("", _("As it is")), ("none", _("Nobody")), colleagues[1], *colleagues[3:]],
        "deed_statuses": choices.statuses(_("As it is")),
        "deed_priorities": choices.priorities(_("As it is")),
    }  # fmt: skip


@require_POST
@staff_page
def change_many(request: HttpRequest) -> HttpResponse:
    """Each for itself; what was refused is said with its reason (T6)."""
    person, to = person_of(request), _back(request)
    numbers = request.POST.getlist("numbers")
    try:
        changes = _changes(person, typed(request.POST, DEEDS), close="close" in request.POST)
        if not numbers or changes == Changes():
            messages.warning(request, _("Choose tickets, and what is to become of them."))
            return HttpResponseRedirect(to)
        done = bulk.change_all(person, numbers, changes)
    except DomainError as refusal:
        messages.error(request, said_by(refusal))
        return HttpResponseRedirect(to)
    _say(request, done)
    return HttpResponseRedirect(to)


def _say(request: HttpRequest, done: dict[str, DomainError | None]) -> None:
    refused: dict[str, list[str]] = {}
    for number, refusal in done.items():
        if refusal is not None:
            refused.setdefault(said_by(refusal), []).append(number)
    count = len(done) - sum(map(len, refused.values()))
    if count:
        said = ngettext("%(n)s ticket was changed.", "%(n)s tickets were changed.", count)
        messages.success(request, said % {"n": formats.number(count)})
    for reason, numbers in refused.items():
        said = _("Not changed: %(numbers)s. %(reason)s")
        messages.warning(request, said % {"numbers": ", ".join(numbers), "reason": reason})


def _changes(person: Person, said: dict[str, str], *, close: bool) -> Changes:
    """Raises BadFrame."""
    status = Status.CLOSED.value if close else said["status"]
    if status and status not in Status.values:
        raise BadFrame(field="status")
    if said["priority"] and said["priority"] not in PRIORITIES:
        raise BadFrame(field="priority")
    return Changes(
        status=status or UNSET,
        priority=int(PRIORITIES[said["priority"]]) if said["priority"] else UNSET,
        agent_id=_agent(person, said["agent"]) if said["agent"] else UNSET,
        more_tags=tuple(filter(None, (one.strip() for one in said["tag"].split(",")))),
    )


def _agent(person: Person, said: str) -> int | None:
    if said == "none":
        return None
    found = person.user_id if said == "me" else number_of(said)
    if found is None:
        raise Forbidden
    return found


def _back(request: HttpRequest) -> str:
    """The list as it was asked for."""
    kept = [(name, value) for name, value in parse_qsl(request.POST.get("query", "")) if name in (*NAMES, "view")]
    return f"{reverse('desk-tickets')}?{query_of(dict(kept))}"
