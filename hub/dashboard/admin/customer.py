"""One customer: details and binding, access, notes, VIP, erasure (A1, P6, P9, P10, P12). The tabs: customer_tabs.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from credits import public as money
from hub.accounts.public import (
    ChangedMeanwhile,
    Department,
    Person,
    User,
    customer_details,
    erasure,
    notes,
    owner_page,
    staff_page,
)
from hub.base.errors import DomainError, NotFound
from hub.base.filters import number_of
from hub.base.forms import Filled, typed
from hub.dashboard.admin.frames import customer_page, get_customer, open_customer
from hub.site.public import do_and_go, done_once, person_of, refused, said_by

BEFORE = "admin.customer.before"
_form_page = require_http_methods(["GET", "HEAD", "POST"])


# -- Details --------------------------------------------------------------------------------------------------------


@_form_page
@staff_page
def edit(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Every detail of P1. What somebody else changed meanwhile is told, and what was typed is kept."""
    person, user = person_of(request), open_customer(request, customer_id)
    if request.method != "POST":
        now = customer_details.details_of(user)
        return _edit_form(request, user, Filled(now), before=now)
    said = typed(request.POST, customer_details.FIELDS)
    before = _before(request)
    try:
        done_once(request, lambda: customer_details.change_customer(person, user.pk, said, before=before))
    except ChangedMeanwhile as refusal:
        return _edit_form(
            request, user, _meanwhile(refusal, said), before=customer_details.details_of(user), status=409
        )
    except NotFound as error:
        raise Http404 from error
    except DomainError as refusal:
        return _edit_form(request, user, refused(refusal, said), before=before, status=refusal.status)
    messages.success(request, _("The details were saved."))
    return HttpResponseRedirect(reverse("admin-customer", args=[user.pk]))


def _before(request: HttpRequest) -> dict[str, str]:
    """What the form showed when it was opened, as it came along, signed."""
    try:
        found = signing.loads(request.POST.get("before", ""), salt=BEFORE)
    except signing.BadSignature:
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


def _meanwhile(refusal: ChangedMeanwhile, said: dict[str, str]) -> Filled:
    """Beside each field that somebody else changed: what stands there now."""
    now = refusal.params["now"]
    theirs = {str(name): str(value) for name, value in now.items()} if isinstance(now, dict) else {}
    errors = {
        name: _("Changed meanwhile to: %(value)s") % {"value": value} if value else _("Emptied meanwhile.")
        for name, value in theirs.items()
    }
    return Filled(values=said, errors=errors, summary=said_by(refusal))


def _edit_form(
    request: HttpRequest, user: User, form: Filled, *, before: dict[str, str], status: int = 200
) -> HttpResponse:
    values = {
        "form": form,
        "before": signing.dumps(before, salt=BEFORE),
        "languages": [("", _("As their browser")), *settings.LANGUAGES],
    }
    return customer_page(request, user, "admin/customer_edit.html", "", values, status=status)


@_form_page
@staff_page
def bind(request: HttpRequest, customer_id: int) -> HttpResponse:
    """To a department and one agent; nobody else gets the work when it is exclusive (P6)."""
    person, user = person_of(request), open_customer(request, customer_id)
    if request.method != "POST":
        profile = getattr(user, "customer_profile", None)
        now = {
            "department": profile.bound_department_id or "" if profile else "",
            "agent": profile.bound_agent_id or "" if profile else "",
            "exclusive": bool(profile and profile.exclusive),
        }
        return _bind_form(request, user, Filled(now))
    said = typed(request.POST, ("department", "agent", "exclusive"))
    try:
        done_once(
            request,
            lambda: customer_details.bind_customer(
                person,
                user.pk,
                department_id=number_of(said["department"]),
                agent_id=number_of(said["agent"]),
                exclusive=bool(said["exclusive"]),
            ),
        )
    except DomainError as refusal:
        return _bind_form(request, user, refused(refusal, said), status=refusal.status)
    messages.success(request, _("The binding was saved."))
    seen = User.objects.visible_to(person).filter(pk=user.pk).exists()
    return HttpResponseRedirect(reverse("admin-customer", args=[user.pk]) if seen else reverse("admin-customers"))


def _bind_form(request: HttpRequest, user: User, form: Filled, *, status: int = 200) -> HttpResponse:
    person = person_of(request)
    departments = Department.objects.order_by("position", "pk")
    if not person.is_owner:
        departments = departments.filter(pk__in=person.departments | person.managed)
    colleagues = User.objects.visible_to(person).filter(kind=User.Kind.STAFF, is_active=True)
    values = {
        "form": form,
        "departments": [("", _("None")), *((str(row.pk), row.name) for row in departments)],
        "agents": [("", _("Nobody in particular")), *((str(row.pk), row.name) for row in colleagues.order_by("pk"))],
    }
    return customer_page(request, user, "admin/customer_bind.html", "", values, status=status)


# -- Access ---------------------------------------------------------------------------------------------------------


def _do(
    request: HttpRequest, customer_id: int, act: Callable[[Person], Any], said: str, *, tab: str = ""
) -> HttpResponse:
    """One action on a customer, once; its answer is said on the page that follows."""
    person = person_of(request)
    get_customer(person, customer_id)
    return do_and_go(request, lambda: act(person), said, to=reverse(tab or "admin-customer", args=[customer_id]))


@require_POST
@staff_page
def send_link(request: HttpRequest, customer_id: int) -> HttpResponse:
    """A link by which they set a password and are in (P1)."""
    said = _("The sign-in link is on its way.")
    return _do(request, customer_id, lambda person: customer_details.send_sign_in_link(person, customer_id), said)


@require_POST
@staff_page
def suspend(request: HttpRequest, customer_id: int) -> HttpResponse:
    on = bool(request.POST.get("on"))
    said = _("The account is shut.") if on else _("The account is open again.")
    act = customer_details.suspend_customer
    return _do(request, customer_id, lambda person: act(person, customer_id, suspended=on), said)


@require_POST
@staff_page
def sign_out(request: HttpRequest, customer_id: int) -> HttpResponse:
    said = _("Signed out everywhere.")
    return _do(request, customer_id, lambda person: customer_details.sign_out_customer(person, customer_id), said)


@require_POST
@staff_page
def end_device(request: HttpRequest, customer_id: int, device_id: int) -> HttpResponse:
    act = customer_details.end_device_of
    said = _("Signed out there.")
    return _do(
        request, customer_id, lambda person: act(person, customer_id, device_id), said, tab="admin-customer-devices"
    )


@require_POST
@staff_page
def vip(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Works without credits, and goes first in the queue (P12)."""
    on = bool(request.POST.get("on"))
    said = _("This customer is a VIP now.") if on else _("This customer is no VIP any more.")
    return _do(request, customer_id, lambda person: money.set_vip(person, on, user_id=customer_id), said)


@_form_page
@owner_page
def erase(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The person is emptied everywhere, for good (P10). Asks for the login number, so that it is the right one."""
    user = open_customer(request, customer_id)
    form = Filled()
    if request.method == "POST":
        if request.POST.get("login", "").strip() != user.login_number:
            form = Filled(errors={"login": _("This is not the number of this customer.")})
        else:
            try:
                done_once(request, lambda: erasure.erase_now(person_of(request), user))
            except DomainError as refusal:
                form = Filled(summary=said_by(refusal))
            else:
                messages.success(request, _("The customer was erased."))
                return HttpResponseRedirect(reverse("admin-customers"))
    values = {"form": form, "obstacles": erasure.obstacles(user), "losses": erasure.losses(user)}
    status = 400 if form.errors or form.summary else 200
    return customer_page(request, user, "admin/customer_erase.html", "", values, status=status)


# -- Notes ----------------------------------------------------------------------------------------------------------


@require_POST
@staff_page
def add_note(request: HttpRequest, customer_id: int) -> HttpResponse:
    text = request.POST.get("text", "")
    said = _("The note was added.")
    return _do(request, customer_id, lambda person: notes.add_note(person, text, about_user=customer_id), said)


@require_POST
@staff_page
def change_note(request: HttpRequest, note_id: int) -> HttpResponse:
    """Another text, or none of it any more."""
    person = person_of(request)
    try:
        note = notes.get_note(person, note_id)
        if request.POST.get("remove"):
            notes.remove_note(person, note_id)
            messages.success(request, _("The note was removed."))
        else:
            done_once(request, lambda: notes.change_note(person, note_id, request.POST.get("text", "")))
            messages.success(request, _("The note was changed."))
    except NotFound as error:
        raise Http404 from error
    except DomainError as refusal:
        messages.error(request, said_by(refusal))
    if note.about_user_id:
        return HttpResponseRedirect(reverse("admin-customer", args=[note.about_user_id]))
    return HttpResponseRedirect(reverse("admin-organisation", args=[note.about_organisation_id]))
