"""Staff on screen (P3, P5, P7): who there is, inviting a colleague, and one of them with seats, capacity and access."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chat.public import online_agents
from hub.accounts.public import (
    Department,
    DepartmentStaff,
    Invalid,
    Invitation,
    Invited,
    Person,
    StaffProfile,
    User,
    api_tokens,
    audit,
    colleagues,
    has_second_factor,
    invitations,
    is_own_work,
    owner_page,
    staff_page,
    tokens_of,
)
from hub.base import clock
from hub.base.errors import DomainError, NotFound
from hub.base.forms import Filled, typed
from hub.dashboard.admin.department_forms import whole_number
from hub.site.public import done_once, person_of, refused, shown

NOT_HERE, WORKS_HERE, MANAGES = "", "works", "manages"
NEW_FIELDS = ("first_name", "last_name", "email", "mobile", "language", "level")


@dataclass(frozen=True, slots=True)
class Row:
    user: User
    seats: list[str]
    manages: list[str]
    capacity: int
    online: bool
    invited: bool


@require_safe
@staff_page
def index(request: HttpRequest) -> HttpResponse:
    """`/admin/staff/`: colleagues of one's departments; the owner sees all."""
    person = person_of(request)
    query = request.GET.get("q", "").replace("\0", "")[:80].strip()
    people = User.objects.visible_to(person).filter(kind=User.Kind.STAFF).order_by("-is_active", "first_name", "pk")
    rows = _rows([user for user in people.select_related("staff_profile") if query.lower() in _searched(user)])
    values = {"rows": rows, "query": query, "may_invite": person.is_owner or bool(person.managed)}
    return shown(request, "admin/staff.html", values)


def _searched(user: User) -> str:
    return " ".join([user.name, user.first_name, user.last_name, user.email or "", user.mobile or ""]).lower()


def _rows(people: list[User]) -> list[Row]:
    ids = [user.pk for user in people]
    seats: dict[int, list[DepartmentStaff]] = {pk: [] for pk in ids}
    for seat in (
        DepartmentStaff.objects.filter(user__in=ids).select_related("department").order_by("department__position")
    ):
        seats[seat.user_id].append(seat)
    departments = {seat.department_id for row in seats.values() for seat in row}
    online = {name for names in online_agents(departments).values() for name in names}
    open_ones = set(_open_invitations().filter(user__in=ids).values_list("user_id", flat=True))
    return [
        Row(
            user=user,
            seats=[seat.department.name for seat in seats[user.pk] if not seat.is_manager],
            manages=[seat.department.name for seat in seats[user.pk] if seat.is_manager],
            capacity=_capacity(user),
            online=user.name in online,
            invited=user.pk in open_ones,
        )
        for user in people
    ]


def _capacity(user: User) -> int:
    profile = getattr(user, "staff_profile", None)
    return profile.capacity if isinstance(profile, StaffProfile) else 4


@require_http_methods(["GET", "POST"])
@staff_page
def invite(request: HttpRequest) -> HttpResponse:
    """A colleague by name and mobile number or e-mail (P3). Owners invite anybody, managers agents of theirs (P5)."""
    person = person_of(request)
    if not person.is_owner and not person.managed:
        raise Http404
    if request.method != "POST":
        return _invite_form(request, Filled({"level": User.Level.AGENT}))
    values: dict[str, object] = {**typed(request.POST, NEW_FIELDS)}
    values["departments"] = [int(text) for text in request.POST.getlist("departments") if text.isdecimal()]
    try:
        done_once(request, lambda: invitations.invite(person, _invited(person, values)))
    except DomainError as refusal:
        return _invite_form(request, refused(refusal, values), refusal)
    messages.success(request, _("The invitation is on its way."))
    return HttpResponseRedirect(reverse("admin-staff"))


def _invited(person: Person, values: dict[str, object]) -> Invited:
    ids = values["departments"]
    if not isinstance(ids, list) or (not ids and values["level"] != User.Level.OWNER):
        raise Invalid(fields={"departments": _("Choose at least one department.")})
    asked = str(values["level"])
    level = asked if person.is_owner else User.Level.AGENT.value
    if level not in (User.Level.AGENT, User.Level.OWNER):
        raise Invalid(fields={"level": _("Choose what they will be.")})
    return Invited(
        first_name=str(values["first_name"]),
        last_name=str(values["last_name"]),
        email=str(values["email"]),
        mobile=str(values["mobile"]),
        language=str(values["language"]),
        level=level,
        department_ids=tuple(ids),
    )


def _invite_form(request: HttpRequest, form: Filled, refusal: DomainError | None = None) -> HttpResponse:
    person = person_of(request)
    departments = Department.objects.order_by("position", "pk")
    values = {
        "form": form,
        "departments": departments if person.is_owner else departments.filter(pk__in=person.managed),
        "languages": [("", _("As their browser")), *settings.LANGUAGES],
        "levels": [(User.Level.AGENT.value, _("Agent")), (User.Level.OWNER.value, _("Hub owner"))],
    }
    return shown(request, "admin/staff_invite.html", values, refusal)


@require_safe
@staff_page
def colleague(request: HttpRequest, user_id: int) -> HttpResponse:
    """`/admin/staff/<id>/`. To be seen by who works with them; changed by the owner, the capacity by a manager too."""
    person, found = person_of(request), _get(request, user_id)
    if not is_own_work(person, found.pk):
        audit.record(person, "people.staff.opened", target_kind="user", target_id=found.pk)
    return _page(request, found)


def _get(request: HttpRequest, user_id: int) -> User:
    people = User.objects.visible_to(person_of(request)).filter(kind=User.Kind.STAFF)
    found: User | None = people.select_related("staff_profile").filter(pk=user_id).first()
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, found: User, form: Filled | None = None, refusal: DomainError | None = None
) -> HttpResponse:
    person = person_of(request)
    seats = {seat.department_id: seat for seat in found.seats.all()}
    departments = list(Department.objects.order_by("position", "pk"))
    standing = _open_invitations().filter(user=found).order_by("-pk").first()
    values = {
        "colleague": found,
        "form": form or Filled({"capacity": _capacity(found)}),
        "seat_rows": [(one, _place(seats.get(one.pk))) for one in departments],
        "capacity": _capacity(found),
        "may_set_capacity": person.is_owner or colleagues.is_managed_by(person, found),
        "is_self": found.pk == person.user_id,
        "has_second_factor": has_second_factor(found),
        "invitation": standing,
        "may_answer_invitation": standing is not None and invitations.may_change(person, standing),
        "tokens": tokens_of(found.pk) if person.is_owner else [],
        "level": {"owner": _("Hub owner"), "manager": _("Department manager"), "agent": _("Agent")}[found.level],
    }
    return shown(request, "admin/colleague.html", values, refusal)


def _place(seat: DepartmentStaff | None) -> str:
    return NOT_HERE if seat is None else MANAGES if seat.is_manager else WORKS_HERE


def _open_invitations() -> QuerySet[Invitation]:
    return Invitation.objects.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=clock.now(), organisation=None)


@require_POST
@owner_page
def seats(request: HttpRequest, user_id: int) -> HttpResponse:
    found, person = _get(request, user_id), person_of(request)
    chosen = {pk: request.POST.get(f"seat_{pk}", NOT_HERE) for pk in Department.objects.values_list("pk", flat=True)}
    try:
        done_once(
            request,
            lambda: colleagues.set_seats(
                person,
                found,
                owner="owner" in request.POST,
                works_in=[pk for pk, place in chosen.items() if place == WORKS_HERE],
                manages=[pk for pk, place in chosen.items() if place == MANAGES],
            ),
        )
    except DomainError as refusal:
        return _page(request, found, refused(refusal, {"capacity": _capacity(found)}), refusal)
    messages.success(request, _("Saved. What they may do changes within five seconds, also where they are signed in."))
    return _back(found)


@require_POST
@staff_page
def capacity(request: HttpRequest, user_id: int) -> HttpResponse:
    found, person = _get(request, user_id), person_of(request)
    if not person.is_owner and not colleagues.is_managed_by(person, found):
        raise Http404
    values = typed(request.POST, ["capacity"])
    try:
        number = whole_number(values["capacity"], "capacity", 0, colleagues.CAPACITY_MAX)
        done_once(request, lambda: colleagues.set_capacity(person, found, number))
    except DomainError as refusal:
        return _page(request, found, refused(refusal, values), refusal)
    messages.success(request, _("Saved."))
    return _back(found)


@require_POST
@owner_page
def suspend(request: HttpRequest, user_id: int) -> HttpResponse:
    """Shut, or opened again with `open`: the page that follows has the button for the other."""
    found = _get(request, user_id)
    suspended = "open" not in request.POST
    try:
        colleagues.suspend_colleague(person_of(request), found, suspended=suspended)
    except DomainError as refusal:
        return _page(request, found, refused(refusal, {"capacity": _capacity(found)}), refusal)
    done = _("The account is shut. Every page and socket of theirs closes within five seconds.")
    messages.success(request, done if suspended else _("The account is open again."))
    return _back(found)


@require_POST
@owner_page
def second_factor(request: HttpRequest, user_id: int) -> HttpResponse:
    found = _get(request, user_id)
    colleagues.reset_second_factor(person_of(request), found)
    messages.success(request, _("Their second factor is gone. At the next sign-in they set up a new one."))
    return _back(found)


@require_POST
@owner_page
def token_revoke(request: HttpRequest, user_id: int, token_id: UUID) -> HttpResponse:
    """Of a colleague whose program runs wild, or who left it somewhere (P9)."""
    found = _get(request, user_id)
    try:
        api_tokens.revoke_token_of(person_of(request), found, token_id)
    except NotFound as error:
        raise Http404 from error
    messages.success(request, _("The token is revoked. What used it is shut out within five seconds."))
    return _back(found)


@require_POST
@staff_page
def invitation(request: HttpRequest, user_id: int) -> HttpResponse:
    """Send it again, or withdraw it."""
    found, person = _get(request, user_id), person_of(request)
    standing = _open_invitations().filter(user=found).order_by("-pk").first()
    if standing is None:
        raise Http404
    try:
        if "withdraw" in request.POST:
            invitations.withdraw(person, standing)
            messages.success(request, _("The invitation is withdrawn."))
        else:
            invitations.send_again(person, standing)
            messages.success(request, _("The invitation is sent again."))
    except DomainError as refusal:
        return _page(request, found, refused(refusal, {"capacity": _capacity(found)}), refusal)
    return _back(found)


def _back(found: User) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin-colleague", args=[found.pk]))
