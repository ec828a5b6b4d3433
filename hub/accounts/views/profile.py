"""One's own account: details, password, e-mail, mobile (P1, P2, P8), in the portal or the staff's shell."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from uuid import UUID
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from hub.accounts import own_account, own_tokens, phones, steps
from hub.accounts.access import Person
from hub.accounts.actions import contacts, passwords, profiles
from hub.accounts.actions.second_factor import find_device
from hub.accounts.gates import signed_in_page
from hub.accounts.models import User
from hub.accounts.views.answers import page
from hub.base.errors import DomainError
from hub.base.forms import typed

MOBILE_KEY = "mobile_change"  # in the session: the challenge of the code, and the number it went to


def person_of(request: HttpRequest) -> Person:
    person: Person = request.person  # type: ignore[attr-defined]  # set by signed_in_page
    return person


def own_page(
    request: HttpRequest,
    template: str,
    values: Mapping[str, object],
    refusal: DomainError | None = None,
    *,
    typed: Mapping[str, object] | None = None,
) -> HttpResponse:
    """A page of one's own account, in the shell of the side one is on."""
    shell = "admin/base.html" if person_of(request).is_staff else "portal/base.html"
    return page(request, template, {"shell": shell, "person": person_of(request), **values}, refusal, typed=typed)


@never_cache
@signed_in_page
@require_http_methods(["GET", "POST"])
def profile_page(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    user = own_account.get_own_account(person)
    if request.method == "GET":
        return _profile_form(request, user, own_account.own_details(user))
    names = [*profiles.OF_USER, *profiles.OF_CUSTOMER]
    values = {name: text for name, text in typed(request.POST.dict(), names).items() if name in request.POST}
    try:
        changed = profiles.change_profile(person, values)
    except DomainError as refusal:
        return _profile_form(request, user, {**own_account.own_details(user), **values}, refusal)
    messages.success(request, _("Your details have been saved."))
    response = HttpResponseRedirect(reverse("profile"))
    if changed.language:
        steps.set_language(response, changed.language)
    return response


def _profile_form(
    request: HttpRequest, user: User, typed: Mapping[str, object], refusal: DomainError | None = None
) -> HttpResponse:
    values: dict[str, object] = {
        "account": user,
        "languages": [("", _("As the browser")), *settings.LANGUAGES],
        "time_zones": [(zone, zone.replace("_", " ")) for zone in _time_zones()],
        "layouts": [("", _("As the brand")), ("classic", _("Classic")), ("compact", _("Compact"))],
        "is_customer": user.kind == User.Kind.CUSTOMER,
    }
    return own_page(request, "accounts/profile.html", values, refusal, typed=typed)


@cache  # it reads a folder of files
def _time_zones() -> list[str]:
    return sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))


@never_cache
@signed_in_page
@require_safe
def security_page(request: HttpRequest) -> HttpResponse:
    """What one signs in by, each with its own page to change it."""
    user = own_account.get_own_account(person_of(request))
    values: dict[str, object] = {
        "account": user,
        "mobile": phones.shown_number(user.mobile) if user.mobile else "",
        "app": find_device(user) if user.is_staff else None,
        "recovery_codes_left": own_account.recovery_codes_left(user) if user.is_staff else 0,
        "token_count": own_tokens.living(user.pk).count(),
        "device_count": len(own_account.own_devices(person_of(request), "")),
    }
    return own_page(request, "accounts/security.html", values)


@require_safe
def account_security(request: HttpRequest) -> HttpResponse:
    """The address that staff and customers are given alike."""
    return HttpResponseRedirect(reverse("profile-security"))


@sensitive_post_parameters("current", "password", "again")
@never_cache
@signed_in_page
@require_http_methods(["GET", "POST"])
def password_change_page(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    user = own_account.get_own_account(person)
    values: dict[str, object] = {"account": user}
    if request.method == "GET":
        return own_page(request, "accounts/password_change.html", values)
    said = request.POST
    try:
        user = passwords.change(
            person,
            current=said.get("current", ""),
            password=said.get("password", ""),
            again=said.get("again", ""),
            origin=steps.origin_of(request, user),
        )
    except DomainError as refusal:
        return own_page(request, "accounts/password_change.html", values, refusal)
    messages.success(request, _("Your password has been changed. Every other device has been signed out."))
    return steps.stay(request, user, following=reverse("profile-security"))


@sensitive_post_parameters("current")
@never_cache
@signed_in_page
@require_http_methods(["GET", "POST"])
def email_change_page(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    user = own_account.get_own_account(person)
    typed_email = request.POST.get("email", "")
    values: dict[str, object] = {"account": user}
    if request.method == "GET":
        return own_page(request, "accounts/email_change.html", values)
    try:
        contacts.ask_email_change(
            person, typed_email, password=request.POST.get("current", ""), origin=steps.origin_of(request, user)
        )
    except DomainError as refusal:
        return own_page(request, "accounts/email_change.html", values, refusal, typed={"email": typed_email})
    messages.success(request, _("A link is on its way to the new address. Until it is opened your old address stays."))
    return HttpResponseRedirect(reverse("profile-security"))


@sensitive_post_parameters("current")
@never_cache
@signed_in_page
@require_http_methods(["GET", "POST"])
def mobile_change_page(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    user = own_account.get_own_account(person)
    number = request.POST.get("mobile", "")
    values: dict[str, object] = {"account": user, "mobile": phones.shown_number(user.mobile) if user.mobile else ""}
    if request.method == "GET":
        return own_page(request, "accounts/mobile_change.html", values)
    password, origin = request.POST.get("current", ""), steps.origin_of(request, user)
    try:
        if "remove" in request.POST:
            contacts.remove_mobile(person, password=password, origin=origin)
            messages.success(request, _("Your mobile number has been removed."))
            return HttpResponseRedirect(reverse("profile-security"))
        asked = contacts.ask_mobile_change(person, number, password=password, origin=origin)
    except DomainError as refusal:
        return own_page(request, "accounts/mobile_change.html", values, refusal, typed={"mobile": number})
    request.session[MOBILE_KEY] = {"challenge": str(asked.challenge), "number": number}
    return HttpResponseRedirect(reverse("profile-mobile-confirm"))


@sensitive_post_parameters("code")
@never_cache
@signed_in_page
@require_http_methods(["GET", "POST"])
def mobile_confirm_page(request: HttpRequest) -> HttpResponse:
    """The code that went to the new number."""
    state = request.session.get(MOBILE_KEY)
    if not state:
        return HttpResponseRedirect(reverse("profile-mobile"))
    person = person_of(request)
    values: dict[str, object] = {"mobile": state["number"]}
    if request.method == "GET":
        return own_page(request, "accounts/mobile_confirm.html", values)
    try:
        contacts.confirm_mobile(
            person,
            UUID(state["challenge"]),
            request.POST.get("code", ""),
            origin=steps.origin_of(request, own_account.get_own_account(person)),
        )
    except DomainError as refusal:
        return own_page(request, "accounts/mobile_confirm.html", values, refusal)
    del request.session[MOBILE_KEY]
    messages.success(request, _("Your mobile number has been changed."))
    return HttpResponseRedirect(reverse("profile-security"))
