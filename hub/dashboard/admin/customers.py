"""The list of people: finding one of them, and making one (A1, P3, P5; docs/how/admin.md)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chat.public import talking_now
from hub.accounts.public import (
    Department,
    Invited,
    Organisation,
    Person,
    User,
    finding,
    invitations,
    is_among,
    organisations,
    shown_name,
    staff_page,
    standing,
    visible_colleagues,
)
from hub.base.errors import DomainError
from hub.base.filters import number_of
from hub.base.forms import Filled, typed
from hub.base.prepared import prepared
from hub.site.public import done_once, person_of, refused, shown

PAGE = 50
FOUND_IN_PALETTE = 8
CURSOR = "admin.customers"
FILTERS = ("q", "organisation", "department", "agent", "vip", "suspended")
# Of each customer, and of whose they are: a list of fifty is not made of everything that is known of them.
_NAMES = ("display_name", "first_name", "last_name", "login_number")
SHOWN = (
    *("pk", *_NAMES, "email", "mobile", "is_active", "vip", "membership__organisation__vip"),
    *("membership__organisation", "membership__organisation__name"),
    *("customer_profile__bound_department__name", "customer_profile__bound_agent"),
    *(f"customer_profile__bound_agent__{name}" for name in _NAMES),
)
NEW_FIELDS = ("first_name", "last_name", "email", "mobile", "language", "department", "agent", "organisation")


@dataclass(frozen=True, slots=True)
class Row:
    """`organisation_id` and the texts: None or '' where there is none."""

    id: int
    url: str
    name: str
    login: str
    email: str
    mobile: str
    is_vip: bool
    is_active: bool
    organisation_id: int | None
    organisation: str
    belongs_to: str
    talks: bool


@require_safe
@staff_page
def home(request: HttpRequest) -> HttpResponse:
    """`/admin/`: the people, which is what it is for."""
    return HttpResponseRedirect(reverse("admin-customers"))


@require_safe
@staff_page
def find(request: HttpRequest) -> JsonResponse:
    """For the palette: the first people that match."""
    person = person_of(request)
    wanted = finding.Wanted(text=request.GET.get("q", ""))
    found = finding.find_customers(person, wanted, after=None, limit=FOUND_IN_PALETTE) if wanted.text.strip() else []
    people = [
        {
            "label": row.name,
            "detail": " · ".join([row.login, *([row.organisation] if row.organisation else [])]),
            "url": row.url,
        }
        for row in _rows([found_one.pk for found_one in found])
    ]
    return JsonResponse({"people": people})


@require_safe
@staff_page
def customers(request: HttpRequest) -> HttpResponse:
    """`/admin/customers/`: whom one may see, by last name, with search and filters."""
    person = person_of(request)
    said = typed(request.GET, FILTERS)
    wanted = _wanted(said)
    found = finding.find_customers(person, wanted, after=_place(request), limit=PAGE + 1)
    page = found[:PAGE]
    filters = {name: value for name, value in said.items() if value}
    values = {
        "rows": _rows([row.pk for row in page]),
        "said": said,
        "filtered": bool(filters),
        "query": urlencode(filters),
        "next": _cursor(page[-1].name_key, page[-1].pk) if len(found) > PAGE else "",
        "beginning": "after" not in request.GET,
        "organisation": _chosen_organisation(person, wanted.organisation_id),
        "departments": _departments(person),
        "agents": _agents(person),
        "form": Filled(said),
    }
    return shown(request, "admin/customers.html", values)


def _wanted(said: dict[str, str]) -> finding.Wanted:
    return finding.Wanted(
        text=said["q"],
        vip=bool(said["vip"]),
        suspended=bool(said["suspended"]),
        organisation_id=number_of(said["organisation"]),
        department_id=number_of(said["department"]),
        agent_id=number_of(said["agent"]),
    )


def _cursor(name_key: str, user_id: int) -> str:
    return signing.dumps([name_key, user_id], salt=CURSOR)


def _place(request: HttpRequest) -> finding.Place | None:
    """Where the page begins. A cursor that is not ours is the beginning."""
    try:
        name_key, user_id = signing.loads(request.GET.get("after", ""), salt=CURSOR)
    except (signing.BadSignature, ValueError):
        return None
    return finding.Place(name_key, user_id)


def _rows(user_ids: list[int]) -> list[Row]:
    """In the order in which they were found."""
    rows = {row[0]: row for row in _shown(ids=user_ids)}
    talking = talking_now(user_ids)
    return [_row(rows[pk], pk in talking) for pk in user_ids if pk in rows]


@prepared
def _shown(*, ids: list[int]) -> QuerySet[User, tuple[Any, ...]]:
    rows: QuerySet[User, tuple[Any, ...]] = User.objects.filter(is_among("pk", ids)).values_list(*SHOWN)
    return rows


def _row(columns: tuple[Any, ...], talks: bool) -> Row:
    pk, *name, email, mobile, is_active, vip, of_vip, organisation_id, organisation = columns[:12]
    department, agent_id, *agent = columns[12:]
    return Row(
        id=pk,
        url=reverse("admin-customer", args=[pk]),
        name=shown_name(*name),
        login=name[-1],
        email=email or "",
        mobile=mobile or "",
        is_vip=bool(vip or of_vip),
        is_active=is_active,
        organisation_id=organisation_id,
        organisation=organisation or "",
        belongs_to=shown_name(*agent) if agent_id is not None else department or "",
        talks=talks,
    )


def _chosen_organisation(person: Person, organisation_id: int | None) -> Organisation | None:
    if organisation_id is None:
        return None
    found: Organisation | None = Organisation.objects.visible_to(person).filter(pk=organisation_id).first()
    return found


def _departments(person: Person) -> list[tuple[str, str]]:
    mine = None if person.is_owner else person.departments | person.managed
    found = [(str(pk), name) for pk, name in _named() if mine is None or pk in mine]
    return [("", _("Any department")), *found]


@prepared
def _named() -> QuerySet[Department, tuple[int, str]]:
    return Department.objects.order_by("position", "pk").values_list("pk", "name")


def _agents(person: Person) -> list[tuple[str, str]]:
    """Colleagues whom one may see."""
    found = _colleagues(standing(person), user_id=person.user_id)
    return [("", _("Any agent")), *((str(pk), shown_name(*names)) for pk, *names in found)]


@prepared
def _colleagues(person: Person, *, user_id: int | None) -> QuerySet[User, tuple[Any, ...]]:
    rows = visible_colleagues(User.objects.filter(is_active=True), replace(person, user_id=user_id))
    found: QuerySet[User, tuple[Any, ...]] = rows.order_by("first_name", "last_name", "pk").values_list("pk", *_NAMES)
    return found


@require_http_methods(["GET", "POST"])
@staff_page
def add(request: HttpRequest) -> HttpResponse:
    """A customer without a password (P3): they get a message, and their first sign-in is by a one-time code."""
    person = person_of(request)
    if request.method != "POST":
        return _add_form(request, Filled({"organisation": request.GET.get("organisation", "")}))
    said = typed(request.POST, NEW_FIELDS)
    made: list[int] = []
    try:
        done_once(request, lambda: made.append(_invite(person, said)))
    except DomainError as refusal:
        return _add_form(request, refused(refusal, said), refusal)
    if not made:
        messages.info(request, _("This was done already."))
        return HttpResponseRedirect(reverse("admin-customers"))
    messages.success(request, _("The account is made, and the message is on its way."))
    return HttpResponseRedirect(reverse("admin-customer", args=[made[0]]))


def _invite(person: Person, said: dict[str, str]) -> int:
    """The account's id. With a company of theirs, they are its owner."""
    department_id = number_of(said["department"])
    invited = Invited(
        first_name=said["first_name"],
        last_name=said["last_name"],
        email=said["email"],
        mobile=said["mobile"],
        language=said["language"],
        department_ids=(department_id,) if department_id is not None else (),
        agent_id=number_of(said["agent"]),
    )
    user_id = int(invitations.invite(person, invited).user_id)
    if said["organisation"]:
        organisations.create_organisation(person, said["organisation"], owner_id=user_id)
    return user_id


def _add_form(request: HttpRequest, form: Filled, refusal: DomainError | None = None) -> HttpResponse:
    person = person_of(request)
    values = {
        "form": form,
        "departments": [("", _("The first of mine")), *_departments(person)[1:]],
        "agents": [("", _("Nobody in particular")), *_agents(person)[1:]],
        "languages": [("", _("As their browser")), *settings.LANGUAGES],
    }
    return shown(request, "admin/customer_new.html", values, refusal)
