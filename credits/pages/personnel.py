"""`/personnel/`: the members of an organisation, their limits, units and invitations (P4)."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from credits import limits
from credits.ledger.accounts import get_wallet, open_wallet
from credits.pages.authority import authority_of
from credits.personnel import Member, Overview, open_invitations, read_member, read_overview, read_own, read_units
from hub.accounts.public import (
    Authority,
    Invalid,
    Invited,
    Membership,
    Person,
    customer_page,
    find_authority,
    invitations,
    memberships,
    organisations,
    units,
)
from hub.base import formats
from hub.base.amounts import field_text, find_millicredits
from hub.base.errors import BadFrame, DomainError
from hub.base.filters import number_of
from hub.base.forms import Filled, typed
from hub.site.public import do_and_go, done_once, person_of, refused, said_by, shown

INVITE_FIELDS = ["first_name", "last_name", "email", "mobile", "unit", "role", "limit"]
_form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@customer_page
def personnel(request: HttpRequest) -> HttpResponse:
    """Everybody for the owner, the unit for its managers; an employee sees how they stand themselves."""
    person = person_of(request)
    authority = find_authority(person)
    if authority is None:
        own = read_own(person)
        return render(request, "portal/personnel_own.html", {"own": own, "form": Filled()})
    said = typed(request.GET, ["q", "unit"])
    chosen = {name: value for name, value in said.items() if value}
    values = {
        "overview": _page(request, person, authority, said),
        "said": said,
        "filtered": bool(chosen),
        "query": urlencode(chosen),
        "form": Filled(),
    }
    return render(request, "portal/personnel.html", values)


def _page(request: HttpRequest, person: Person, authority: Authority, said: dict[str, str]) -> Overview:
    """A cursor that is not ours is the beginning."""
    text, unit_id = said["q"], number_of(said["unit"])
    try:
        return read_overview(person, authority, text=text, unit_id=unit_id, cursor=request.GET.get("after", ""))
    except BadFrame:
        return read_overview(person, authority, text=text, unit_id=unit_id)


# -- Inviting -----------------------------------------------------------------------------------------------------


@_form_page
@customer_page
def invite(request: HttpRequest) -> HttpResponse:
    """A name and a mobile number or an e-mail address; they choose a password themselves (P3)."""
    authority = authority_of(request)
    rows = read_units(authority)
    values: dict[str, object] = {
        "authority": authority,
        "units": rows,
        "unit_choices": [(row.id, row.name) for row in rows],
        "roles": _roles(authority),
    }
    if request.method != "POST":
        unit = request.GET.get("unit", "")
        return render(request, "portal/personnel_invite.html", {**values, "form": Filled(values={"unit": unit})})
    said = typed(request.POST, INVITE_FIELDS)
    try:
        done_once(request, lambda: invitations.invite(person_of(request), _invited(authority, said)))
    except DomainError as refusal:
        return _shown_again(request, "portal/personnel_invite.html", values, said, refusal)
    return _say(request, _("The invitation is on its way."), reverse("personnel"))


def _invited(authority: Authority, said: dict[str, str]) -> Invited:
    """Raises Invalid for what is no unit, no role or no amount."""
    role = said["role"] or Membership.Role.EMPLOYEE
    unit = number_of(said["unit"]) if authority.whole else authority.unit_id
    if unit is None:
        raise Invalid(fields={"unit": _("Please choose a unit.")})
    return Invited(
        first_name=said["first_name"],
        last_name=said["last_name"],
        email=said["email"],
        mobile=said["mobile"],
        organisation_id=authority.organisation.pk,
        unit_id=unit,
        role=role,
        monthly_limit_millicredits=read_limit(said["limit"]),
    )


def read_limit(text: str) -> int | None:
    """Empty is no limit. Raises Invalid."""
    if not text:
        return None
    limit_m = find_millicredits(text)
    if limit_m is None or not 0 <= limit_m <= limits.LIMIT_MAX_M:
        raise Invalid(fields={"limit": _("Please fill in an amount of credits, such as 25 or 12.5.")})
    return limit_m


def _roles(authority: Authority) -> list[tuple[str, str]]:
    employee = (str(Membership.Role.EMPLOYEE), _("Employee"))
    return [employee, (str(Membership.Role.MANAGER), _("Manager"))] if authority.whole else [employee]


@require_POST
@customer_page
def invitation(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Send it again, or take it back."""
    found = open_invitations(authority_of(request)).filter(pk=invitation_id).first()
    if found is None:
        raise Http404
    person, to = person_of(request), reverse("personnel")
    if request.POST.get("do") == "withdraw":
        return do_and_go(
            request, lambda: invitations.withdraw(person, found), _("The invitation opens nothing any more."), to=to
        )
    return do_and_go(
        request, lambda: invitations.send_again(person, found), _("The invitation was sent once more."), to=to
    )


# -- One member ---------------------------------------------------------------------------------------------------


@_form_page
@customer_page
def member(request: HttpRequest, user_id: int) -> HttpResponse:
    """One member: the limit, the unit and role, shut out or let in, removed."""
    authority = authority_of(request)
    found = read_member(person_of(request), authority, user_id)
    if found is None:
        raise Http404
    if request.method != "POST":
        return render(request, "portal/personnel_member.html", _member_values(authority, found))
    act = MEMBER_ACTS.get(request.POST.get("do", ""))
    if act is None:
        raise Http404
    here = reverse("personnel-member", args=[user_id])
    try:
        run, text, to = act(request, authority, found)
    except DomainError as refusal:
        said = typed(request.POST, ["limit", "extra"])
        return _shown_again(request, "portal/personnel_member.html", _member_values(authority, found), said, refusal)
    return do_and_go(request, run, text, to=to or here, back=here)


def _member_values(authority: Authority, found: Member) -> dict[str, object]:
    allowance = found.allowance
    amounts = {
        "limit": "" if allowance.limit_m is None else field_text(allowance.limit_m),
        "extra": field_text(allowance.extra_m) if allowance.extra_m else "",
    }
    return {
        "authority": authority,
        "member": found,
        "units": read_units(authority) if authority.whole else [],
        "roles": _roles(authority),
        "shows_amounts": not get_wallet(open_wallet(organisation_id=authority.organisation.pk)).unmetered,
        "until_hint": _("Over on %(day)s.") % {"day": formats.day(allowance.until)},
        "form": Filled(values=amounts),
    }


_Act = tuple[Callable[[], object], str, str]


def _set_limit(request: HttpRequest, authority: Authority, found: Member) -> _Act:
    said = typed(request.POST, ["limit", "extra"])
    limit_m = read_limit(said["limit"])
    extra_m = find_millicredits(said["extra"] or "0")
    if extra_m is None or not 0 <= extra_m <= limits.LIMIT_MAX_M:
        raise Invalid(fields={"extra": _("Please fill in an amount of credits, such as 25 or 12.5.")})
    text = _("%(name)s has no limit now.") if limit_m is None else _("The limit of %(name)s was changed.")
    return (
        lambda: limits.set_limit(
            person_of(request), authority.organisation.pk, found.user_id, limit_m=limit_m, extra_m=extra_m
        ),
        text % {"name": found.name},
        "",
    )


def _move(request: HttpRequest, authority: Authority, found: Member) -> _Act:
    unit, role = number_of(request.POST.get("unit", "")), request.POST.get("role", "")
    organisation_id, person = authority.organisation.pk, person_of(request)

    def run() -> None:
        if unit is not None and unit != found.unit_id:
            memberships.move_member(person, organisation_id, found.user_id, unit_id=unit)
        if role and role != found.role:
            memberships.set_role(person, organisation_id, found.user_id, role=role)

    return run, _("The place of %(name)s was changed.") % {"name": found.name}, ""


def _suspend(request: HttpRequest, authority: Authority, found: Member) -> _Act:
    return (
        lambda: memberships.suspend_member(person_of(request), authority.organisation.pk, found.user_id),
        _("%(name)s is shut out until you let them in again.") % {"name": found.name},
        "",
    )


def _reinstate(request: HttpRequest, authority: Authority, found: Member) -> _Act:
    return (
        lambda: memberships.suspend_member(
            person_of(request), authority.organisation.pk, found.user_id, suspended=False
        ),
        _("%(name)s can sign in again.") % {"name": found.name},
        "",
    )


def _remove(request: HttpRequest, authority: Authority, found: Member) -> _Act:
    return (
        lambda: memberships.remove_member(person_of(request), authority.organisation.pk, found.user_id),
        _("%(name)s does not belong to the organisation any more.") % {"name": found.name},
        reverse("personnel"),
    )


def _hand_over(request: HttpRequest, authority: Authority, found: Member) -> _Act:
    return (
        lambda: organisations.hand_over(person_of(request), authority.organisation.pk, to_user_id=found.user_id),
        _("%(name)s is the owner of the organisation now.") % {"name": found.name},
        reverse("personnel"),
    )


MEMBER_ACTS: dict[str, Callable[[HttpRequest, Authority, Member], _Act]] = {
    "limit": _set_limit,
    "place": _move,
    "suspend": _suspend,
    "reinstate": _reinstate,
    "remove": _remove,
    "hand_over": _hand_over,
}


# -- Units --------------------------------------------------------------------------------------------------------


@_form_page
@customer_page
def all_units(request: HttpRequest) -> HttpResponse:
    """Units are made, renamed and removed here, by the owner; each row is a form of its own."""
    authority = authority_of(request)
    if not authority.whole:
        raise Http404
    values: dict[str, object] = {"authority": authority, "units": read_units(authority)}
    if request.method != "POST":
        return render(request, "portal/personnel_units.html", {**values, "form": Filled()})
    person, organisation_id = person_of(request), authority.organisation.pk
    said = typed(request.POST, ["do", "name", "unit"])
    unit_id = number_of(said["unit"]) or 0
    here = reverse("personnel-units")
    if said["do"] == "rename":
        return do_and_go(
            request, lambda: units.rename_unit(person, organisation_id, unit_id, said["name"]), _("Renamed."), to=here
        )
    if said["do"] == "remove":
        return do_and_go(
            request, lambda: units.remove_unit(person, organisation_id, unit_id), _("The unit was removed."), to=here
        )
    try:
        done_once(request, lambda: units.add_unit(person, organisation_id, said["name"]))
    except DomainError as refusal:
        if not isinstance(refusal, Invalid):
            refusal = Invalid(fields={"name": said_by(refusal)})
        return _shown_again(request, "portal/personnel_units.html", values, said, refusal)
    return _say(request, _("The unit was made."), here)


# -- The organisation itself --------------------------------------------------------------------------------------


@require_POST
@customer_page
def rename(request: HttpRequest) -> HttpResponse:
    """Another name for the organisation, by its owner."""
    authority, name = authority_of(request), typed(request.POST, ["name"])["name"]
    return do_and_go(
        request,
        lambda: organisations.rename_organisation(person_of(request), authority.organisation.pk, name),
        _("The organisation has a new name."),
        to=reverse("personnel-units"),
    )


@require_POST
@customer_page
def start(request: HttpRequest) -> HttpResponse:
    """A customer of their own begins an organisation, and is its owner."""
    person, name = person_of(request), typed(request.POST, ["name"])["name"]
    to = reverse("personnel")
    return do_and_go(
        request,
        lambda: organisations.create_organisation(person, name, owner_id=person.user_id or 0),
        _("Your organisation is there. Make its units, then invite your people."),
        to=reverse("personnel-units"),
        back=to,
    )


@require_POST
@customer_page
def leave(request: HttpRequest) -> HttpResponse:
    """A member goes; the own wallet wakes up again."""
    return do_and_go(
        request,
        lambda: memberships.leave(person_of(request)),
        _("You do not belong to the organisation any more. You pay from your own credits again."),
        to=reverse("personnel"),
    )


def _say(request: HttpRequest, text: str, to: str) -> HttpResponseRedirect:
    notes.success(request, text)
    return HttpResponseRedirect(to)


def _shown_again(
    request: HttpRequest, template: str, values: dict[str, object], said: dict[str, str], refusal: DomainError
) -> HttpResponse:
    """The form as it was sent, with what is wrong beside each field, or above for the whole."""
    return shown(request, template, {**values, "form": refused(refusal, said)}, refusal)
