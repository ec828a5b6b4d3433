"""The personnel of an organisation as staff see and change it (P4, A1), on its own page and on a member's."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from credits import public as money
from hub.accounts.public import (
    Authority,
    Invalid,
    Invited,
    Membership,
    Organisation,
    Person,
    User,
    authority_over,
    invitations,
    memberships,
    staff_page,
    units,
)
from hub.base.amounts import field_text, find_millicredits
from hub.base.errors import BadFrame, DomainError, NotFound
from hub.base.filters import number_of
from hub.base.forms import Filled, typed
from hub.site.public import do_and_go, done_once, person_of, refused, shown

INVITE_FIELDS = ("first_name", "last_name", "email", "mobile", "role", "unit", "limit")
MEMBER_FIELDS = ("role", "unit", "limit")
_form_page = require_http_methods(["GET", "HEAD", "POST"])


def personnel_values(request: HttpRequest, organisation: Organisation) -> dict[str, Any]:
    """For the template admin/personnel.html. An agent sees of the personnel whom P5 lets them see."""
    person = person_of(request)
    authority = authority_over(person, organisation)
    values: dict[str, Any] = {"organisation": organisation, "authority": authority, "unit_form": Filled()}
    if authority is None:
        seen = Membership.objects.filter(organisation=organisation).select_related("user", "unit")
        if not person.is_owner:
            seen = seen.filter(user__in=User.objects.visible_to(person).values("pk"))
        return values | {"colleagues": seen.order_by("user__first_name", "user__last_name")[:200]}
    said = typed(request.GET, ("q",))
    return values | {"overview": _page(request, authority, said["q"]), "form": Filled(said), "query": urlencode(said)}


def _page(request: HttpRequest, authority: Authority, text: str) -> money.Overview:
    """A cursor that is not ours is the beginning."""
    person = person_of(request)
    try:
        return money.read_overview(person, authority, text=text, cursor=request.GET.get("after", ""))
    except BadFrame:
        return money.read_overview(person, authority, text=text)


def get_organisation(person: Person, organisation_id: int) -> Organisation:
    """Raises Http404, also for what one may not see (X1)."""
    found: Organisation | None = Organisation.objects.visible_to(person).filter(pk=organisation_id).first()
    if found is None:
        raise Http404
    return found


def _in_charge(request: HttpRequest, organisation_id: int) -> Organisation:
    """For managers and the owner; for agents the page does not exist."""
    organisation = get_organisation(person_of(request), organisation_id)
    if authority_over(person_of(request), organisation) is None:
        raise Http404
    return organisation


def _places(organisation: Organisation) -> dict[str, Any]:
    return {
        "roles": [("employee", _("Employee")), ("manager", _("Manager of the unit"))],
        "units": [
            ("", _("Choose a unit")),
            *((str(unit.pk), unit.name) for unit in organisation.units.order_by("name")),
        ],
    }


@_form_page
@staff_page
def invite(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Somebody into the organisation, without a password (P3, P4)."""
    person, organisation = person_of(request), _in_charge(request, organisation_id)
    values = {"organisation": organisation, **_places(organisation)}
    if request.method != "POST":
        return shown(request, "admin/organisation_invite.html", {**values, "form": Filled({"role": "employee"})})
    said = typed(request.POST, INVITE_FIELDS)
    try:
        done_once(request, lambda: invitations.invite(person, _invited(organisation.pk, said)))
    except DomainError as refusal:
        return shown(request, "admin/organisation_invite.html", {**values, "form": refused(refusal, said)}, refusal)
    messages.success(request, _("The invitation is on its way."))
    return HttpResponseRedirect(reverse("admin-organisation", args=[organisation.pk]))


def _invited(organisation_id: int, said: dict[str, str]) -> Invited:
    return Invited(
        first_name=said["first_name"],
        last_name=said["last_name"],
        email=said["email"],
        mobile=said["mobile"],
        organisation_id=organisation_id,
        unit_id=number_of(said["unit"]),
        role=said["role"],
        monthly_limit_millicredits=_limit_m(said["limit"]),
    )


def _limit_m(text: str) -> int | None:
    """Nothing typed is no limit. Raises Invalid."""
    if not text:
        return None
    limit_m = find_millicredits(text)
    if limit_m is None or limit_m < 0:
        raise Invalid(fields={"limit": _("Write a number of credits, or leave it empty for no limit.")})
    return limit_m


@_form_page
@staff_page
def member(request: HttpRequest, organisation_id: int, user_id: int) -> HttpResponse:
    """One member: role, unit, limit a month; suspended, owner, removed."""
    person, organisation = person_of(request), _in_charge(request, organisation_id)
    found = Membership.objects.filter(organisation=organisation, user=user_id).select_related("user", "unit").first()
    if found is None:
        raise Http404
    limit_m = money.read_allowances(money.open_wallet(organisation_id=organisation.pk), [user_id])[user_id].limit_m
    now = {"role": found.role, "unit": found.unit_id or "", "limit": "" if limit_m is None else field_text(limit_m)}
    form = Filled(now)
    if request.method == "POST":
        said = typed(request.POST, MEMBER_FIELDS)
        try:
            done_once(request, lambda: _change_member(person, found, said))
        except NotFound as error:
            raise Http404 from error
        except DomainError as refusal:
            form = refused(refusal, said)
        else:
            messages.success(request, _("The member was changed."))
            return HttpResponseRedirect(reverse("admin-organisation", args=[organisation.pk]))
    values = {"organisation": organisation, "member": found, "form": form, **_places(organisation)}
    return shown(request, "admin/organisation_member.html", values)


def _change_member(person: Person, found: Membership, said: dict[str, str]) -> None:
    """What is different, in the order in which it makes sense."""
    limit_m = _limit_m(said["limit"])
    unit_id = number_of(said["unit"])
    if found.role != Membership.Role.OWNER:
        if unit_id is not None and unit_id != found.unit_id:
            memberships.move_member(person, found.organisation_id, found.user_id, unit_id=unit_id)
        if said["role"] in ("employee", "manager") and said["role"] != found.role:
            memberships.set_role(person, found.organisation_id, found.user_id, role=said["role"])
        money.set_limit(person, found.organisation_id, found.user_id, limit_m=limit_m)


def _do(request: HttpRequest, organisation_id: int, act: Callable[[Person], object], said: str) -> HttpResponse:
    _in_charge(request, organisation_id)
    person, to = person_of(request), reverse("admin-organisation", args=[organisation_id])
    return do_and_go(request, lambda: act(person), said, to=to)


@require_POST
@staff_page
def suspend_member(request: HttpRequest, organisation_id: int, user_id: int) -> HttpResponse:
    on = bool(request.POST.get("on"))
    said = _("The member is suspended.") if on else _("The member may use the organisation again.")
    return _do(
        request,
        organisation_id,
        lambda person: memberships.suspend_member(person, organisation_id, user_id, suspended=on),
        said,
    )


@require_POST
@staff_page
def remove_member(request: HttpRequest, organisation_id: int, user_id: int) -> HttpResponse:
    said = _("The member was removed.")
    return _do(
        request, organisation_id, lambda person: memberships.remove_member(person, organisation_id, user_id), said
    )


@require_POST
@staff_page
def change_units(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Make a unit, rename one, remove one that is empty."""
    said = typed(request.POST, ("do", "unit", "name"))
    unit_id = number_of(said["unit"]) or 0
    act: Callable[..., object]
    if said["do"] == "rename":
        act, text = partial(units.rename_unit, unit_id=unit_id, name=said["name"]), _("The unit was renamed.")
    elif said["do"] == "remove":
        act, text = partial(units.remove_unit, unit_id=unit_id), _("The unit was removed.")
    else:
        act, text = partial(units.add_unit, name=said["name"]), _("The unit was made.")
    return _do(request, organisation_id, lambda person: act(person, organisation_id), text)


@require_POST
@staff_page
def invitation(request: HttpRequest, organisation_id: int, invitation_id: int) -> HttpResponse:
    """Send it once more, or take it back."""
    organisation = _in_charge(request, organisation_id)
    authority = authority_over(person_of(request), organisation)
    found = money.open_invitations(authority).filter(pk=invitation_id).first() if authority else None
    if found is None:
        raise Http404
    if request.POST.get("do") == "withdraw":
        said = _("The invitation opens nothing any more.")
        return _do(request, organisation_id, lambda person: invitations.withdraw(person, found), said)
    said = _("The invitation was sent once more.")
    return _do(request, organisation_id, lambda person: invitations.send_again(person, found), said)
