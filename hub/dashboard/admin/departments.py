"""Departments on screen (A2, C14, M1): the list, and one of them with its hours, questions, prices and people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from chat.public import online_agents
from credits import public as money
from hub.accounts.public import Department, DepartmentStaff, Invalid, Person, owner_page, staff_page
from hub.base import clock, formats
from hub.base.errors import DomainError
from hub.base.forms import Filled, typed
from hub.dashboard.admin import department_forms as forms
from hub.site import public as site
from hub.site.public import done_once, person_of, read_undo, refused, shown, undo_token

KINDS = {"chat": gettext_lazy("Chat"), "phone": gettext_lazy("Phone call")}
WEEKDAYS = tuple(range(7))


@dataclass(frozen=True, slots=True)
class Row:
    """A department in the list."""

    department: Department
    opening: site.Opening
    online: list[str]
    price: money.Price
    capacity: int | None
    manager: str
    people: int
    may_change: bool


@require_safe
@staff_page
def index(request: HttpRequest) -> HttpResponse:
    """`/admin/departments/`: the owner sees all, others their own."""
    person = person_of(request)
    return _index(request, person, Filled())


def _index(request: HttpRequest, person: Person, form: Filled, refusal: DomainError | None = None) -> HttpResponse:
    seen = _seen_by(person)
    ids = [one.pk for one in seen]
    online, prices = online_agents(ids), money.prices_of(ids)
    seats: dict[int, list[DepartmentStaff]] = {pk: [] for pk in ids}
    for seat in DepartmentStaff.objects.filter(department__in=ids, user__is_active=True).select_related("user"):
        seats[seat.department_id].append(seat)
    rows = [
        Row(
            department=one,
            opening=site.opening_of(site.hours_of(one.pk), clock.now()),
            online=online[one.pk],
            price=prices.get(one.pk, money.FREE_OF_CHARGE),
            capacity=site.hours_of(one.pk).capacity,
            manager=next((seat.user.name for seat in seats[one.pk] if seat.is_manager), ""),
            people=len(seats[one.pk]),
            may_change=person.is_owner or one.pk in person.managed,
        )
        for one in seen
    ]
    values = {"rows": rows, "form": form, "holidays": site.general_holidays(), "undo": _undo_of(request)}
    return shown(request, "admin/departments.html", values, refusal)


def _seen_by(person: Person) -> list[Department]:
    rows = Department.objects.all() if person.is_owner else Department.objects.filter(pk__in=person.departments)
    return list(rows.order_by("position", "pk"))


@require_POST
@owner_page
def add(request: HttpRequest) -> HttpResponse:
    values = typed(request.POST, ["name"])
    try:
        done_once(request, lambda: site.add_department(person_of(request), values["name"]))
    except DomainError as refusal:
        return _index(request, person_of(request), refused(refusal, values), refusal)
    made = Department.objects.filter(name=" ".join(values["name"].split())).first()
    messages.success(request, _("The department is there. Set its price and its people next."))
    return HttpResponseRedirect(reverse("admin-department", args=[made.pk]) if made else reverse("admin-departments"))


@require_POST
@owner_page
def move(request: HttpRequest, department_id: int) -> HttpResponse:
    site.move_department(person_of(request), _get(request, department_id), up=request.POST.get("to") == "up")
    return HttpResponseRedirect(reverse("admin-departments"))


@require_safe
@staff_page
def department(request: HttpRequest, department_id: int) -> HttpResponse:
    """`/admin/departments/<id>/`: for its manager and the owner."""
    return _department(request, _get(request, department_id))


def _get(request: HttpRequest, department_id: int) -> Department:
    """One that this person may change. Anything else does not exist for them."""
    person = person_of(request)
    found = Department.objects.filter(pk=department_id).first()
    if found is None or not (person.is_owner or found.pk in person.managed):
        raise Http404
    return found


def _department(
    request: HttpRequest,
    found: Department,
    which: str = "",
    form: Filled | None = None,
    refusal: DomainError | None = None,
) -> HttpResponse:
    """The page with one of its forms as it was sent, the others as things are."""
    hours = site.hours_of(found.pk)
    prices = {kind: money.prices_of([found.pk], kind).get(found.pk, money.FREE_OF_CHARGE) for kind in KINDS}
    filled = {
        "basics": Filled(forms.basics_values(found, hours)),
        "hours": Filled(forms.hours_values(hours)),
        "holiday": Filled({}),
        "questions": Filled(forms.questions_values(found)),
        **{f"price-{kind}": Filled(forms.price_values(price, kind)) for kind, price in prices.items()},
    }
    if form is not None:
        filled[which] = form
    opening = site.opening_of(hours, clock.now())
    values = {
        "department": found,
        "tab": "chats",
        "forms": filled,
        "hours": hours,
        "opening": opening,
        "days": [(f"day_{day}", formats.weekday_name(day)) for day in WEEKDAYS],
        "zones": forms.zones(available_timezones(), hours.time_zone, settings.TIME_ZONE),
        "holidays": site.holidays_of(found.pk),
        "questions": list(found.questions.order_by("position")),
        "kinds": [(kind, label, filled[f"price-{kind}"], prices[kind]) for kind, label in KINDS.items()],
        "seats": list(found.seats.filter(user__is_active=True).select_related("user").order_by("-is_manager", "pk")),
        "undo": _undo_of(request),
        "rows_of_questions": forms.question_rows(filled["questions"].values),
    }
    return shown(request, "admin/department.html", values, refusal)


def _undo_of(request: HttpRequest) -> str:
    token = request.GET.get("undo", "")
    return token if read_undo("holiday", token) else ""


def _back(found: Department, part: str = "") -> HttpResponse:
    return HttpResponseRedirect(reverse("admin-department", args=[found.pk]) + (f"#{part}" if part else ""))


@require_POST
@staff_page
def change(request: HttpRequest, department_id: int) -> HttpResponse:
    """Name, greeting, capacity and whether it is open to customers: what of it this person may."""
    found, person = _get(request, department_id), person_of(request)
    values: dict[str, object] = {**typed(request.POST, ["name", "greeting", "capacity"])}
    values["active"] = "active" in request.POST
    try:
        new = forms.read_basics(values, owner=person.is_owner)
        done_once(request, lambda: site.change_department(person, found, new))
    except DomainError as refusal:
        return _department(request, found, "basics", refused(refusal, values), refusal)
    messages.success(request, _("The department is changed."))
    return _back(found)


@require_POST
@staff_page
def hours(request: HttpRequest, department_id: int) -> HttpResponse:
    found, person = _get(request, department_id), person_of(request)
    values: dict[str, object] = {**typed(request.POST, ["time_zone", *(f"day_{day}" for day in WEEKDAYS)])}
    values["keeps_hours"] = request.POST.get("keeps_hours") == "yes"
    try:
        week = forms.read_week(values)
        done_once(
            request,
            lambda: site.set_hours(
                person,
                found,
                keeps_hours=bool(values["keeps_hours"]),
                time_zone=str(values["time_zone"]),
                week=week,
            ),
        )
    except DomainError as refusal:
        return _department(request, found, "hours", refused(refusal, values), refusal)
    messages.success(request, _("The hours are changed."))
    return _back(found, "hours")


@require_POST
@staff_page
def add_holiday(request: HttpRequest, department_id: int) -> HttpResponse:
    found = _get(request, department_id)
    values = typed(request.POST, ["date", "holiday_name", "open"])
    try:
        on, period = forms.read_holiday(values)
        person = person_of(request)
        done_once(request, lambda: site.add_holiday(person, found, on=on, name=values["holiday_name"], period=period))
    except DomainError as refusal:
        return _department(request, found, "holiday", refused(refusal, values), refusal)
    messages.success(request, _("The day is in the list."))
    return _back(found, "holidays")


@require_POST
@owner_page
def add_general_holiday(request: HttpRequest) -> HttpResponse:
    """A day on which all departments have other hours, unless they have their own for it."""
    values = typed(request.POST, ["date", "holiday_name", "open"])
    person = person_of(request)
    try:
        on, period = forms.read_holiday(values)
        done_once(request, lambda: site.add_holiday(person, None, on=on, name=values["holiday_name"], period=period))
    except DomainError as refusal:
        return _index(request, person, refused(refusal, values), refusal)
    messages.success(request, _("The day is in the list."))
    return HttpResponseRedirect(reverse("admin-departments") + "#holidays")


@require_POST
@staff_page
def remove_holiday(request: HttpRequest, holiday_id: int) -> HttpResponse:
    """At once; the page that follows can put it back."""
    holiday = site.find_holiday(person_of(request), holiday_id)
    if holiday is None:
        raise Http404
    page = _page_of_holidays(holiday.department_id)
    token = undo_token("holiday", forms.holiday_fields(holiday))
    site.remove_holiday(person_of(request), holiday)
    return HttpResponseRedirect(f"{page}?undo={token}#holidays")


@require_POST
@staff_page
def restore_holiday(request: HttpRequest) -> HttpResponse:
    fields = read_undo("holiday", request.POST.get("undo", ""))
    if fields is None:
        messages.warning(request, _("It is too late to put that back. Please add it again."))
        return HttpResponseRedirect(reverse("admin-departments"))
    found = _get(request, fields["department"]) if fields["department"] else None
    on, period = date.fromisoformat(fields["date"]), tuple(fields["period"]) if fields["period"] else None
    site.add_holiday(person_of(request), found, on=on, name=fields["name"], period=period)
    return HttpResponseRedirect(_page_of_holidays(fields["department"]) + "#holidays")


def _page_of_holidays(department_id: int | None) -> str:
    return reverse("admin-department", args=[department_id]) if department_id else reverse("admin-departments")


@require_POST
@staff_page
def questions(request: HttpRequest, department_id: int) -> HttpResponse:
    found = _get(request, department_id)
    values = forms.typed_questions(request.POST)
    try:
        asked = forms.read_questions(values)
        done_once(request, lambda: site.set_questions(person_of(request), found, asked))
    except DomainError as refusal:
        return _department(request, found, "questions", refused(refusal, values), refusal)
    messages.success(request, _("The questions are changed."))
    return _back(found, "questions")


@require_POST
@owner_page
def price(request: HttpRequest, department_id: int, kind: str) -> HttpResponse:
    """What sessions that start from now on cost; running ones keep their price (M1). For the owner."""
    found = _get(request, department_id)
    if kind not in KINDS:
        raise Http404
    values = typed(request.POST, forms.price_fields(kind))
    try:
        new = forms.read_price(values, kind)
        done_once(request, lambda: money.change_price(person_of(request), found.pk, new, kind))
    except DomainError as refusal:
        return _department(request, found, f"price-{kind}", refused(refusal, values), refusal)
    messages.success(request, _("The price is changed. Chats that are running keep theirs."))
    return _back(found, "prices")


@require_POST
@owner_page
def delete(request: HttpRequest, department_id: int) -> HttpResponse:
    """Only what was never used can go; the page asks for its name, since nothing brings it back."""
    found = _get(request, department_id)
    try:
        if " ".join(request.POST.get("name", "").split()) != found.name:
            raise Invalid(fields={"confirm": _("Type the name of the department to delete it.")})
        site.delete_department(person_of(request), found)
    except DomainError as refusal:
        return _department(request, found, "basics", _with_refusal(found, refusal), refusal)
    messages.success(request, _("The department is deleted."))
    return HttpResponseRedirect(reverse("admin-departments"))


def _with_refusal(found: Department, refusal: DomainError) -> Filled:
    form = refused(refusal, forms.basics_values(found, site.hours_of(found.pk)))
    return Filled(form.values, form.errors, form.summary or refusal.text(translation.get_language() or "en"))
