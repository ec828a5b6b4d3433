"""Where one is signed in, and the second factor of staff (P7, P9)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.accounts import own_account, steps
from hub.accounts.actions import second_factor
from hub.accounts.actions.devices import end_all, end_device
from hub.accounts.gates import signed_in_page, staff_page
from hub.accounts.views.profile import own_page, person_of
from hub.accounts.views.sign_in import picture_of
from hub.base.errors import DomainError, NotFound


@never_cache
@signed_in_page
@require_safe
def devices_page(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    devices = own_account.own_devices(person, request.session.session_key or "")
    values: dict[str, object] = {
        "devices": devices,
        "others": any(not device.is_this for device in devices),
        "last": own_account.find_last_sign_in(person, request.session.session_key or ""),
    }
    return own_page(request, "accounts/devices.html", values)


@never_cache
@signed_in_page
@require_POST
def device_end(request: HttpRequest, device_id: int) -> HttpResponse:
    """Sign one device out. One that is gone already, or never was, makes no difference to who asks."""
    try:
        end_device(person_of(request), device_id)
    except NotFound:
        return HttpResponseRedirect(reverse("profile-devices"))
    messages.success(request, _("The device has been signed out."))
    return HttpResponseRedirect(reverse("profile-devices"))


@never_cache
@signed_in_page
@require_POST
def devices_end(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere, but not here."""
    user = own_account.get_own_account(person_of(request))
    end_all(user)
    messages.success(request, _("Every other device has been signed out."))
    user.refresh_from_db()
    return steps.stay(request, user, following=reverse("profile-devices"))


# -- The second factor -------------------------------------------------------------------------------------------------
@sensitive_post_parameters("code", "current")
@never_cache
@staff_page
@require_http_methods(["GET", "POST"])
def second_factor_page(request: HttpRequest) -> HttpResponse:
    """Another authenticator app, instead of the one there is; proved by a code of each, or by the password and one."""
    user = own_account.get_own_account(person_of(request))
    if request.method == "GET":
        return own_page(request, "accounts/second_factor.html", picture_of(user))
    try:
        codes = second_factor.replace_app(
            user, request.POST.get("current", ""), request.POST.get("code", ""), origin=steps.origin_of(request, user)
        )
    except DomainError as refusal:
        return own_page(request, "accounts/second_factor.html", picture_of(user), refusal)
    return own_page(request, "accounts/recovery_codes_new.html", {"codes": codes})


@sensitive_post_parameters("current")
@never_cache
@staff_page
@require_http_methods(["GET", "POST"])
def recovery_codes_page(request: HttpRequest) -> HttpResponse:
    """New recovery codes; the old ones are worth nothing from then on."""
    user = own_account.get_own_account(person_of(request))
    values: dict[str, object] = {"left": own_account.recovery_codes_left(user)}
    if request.method == "GET":
        return own_page(request, "accounts/recovery_codes_ask.html", values)
    try:
        codes = second_factor.renew_recovery_codes(
            user, request.POST.get("current", ""), origin=steps.origin_of(request, user)
        )
    except DomainError as refusal:
        return own_page(request, "accounts/recovery_codes_ask.html", values, refusal)
    return own_page(request, "accounts/recovery_codes_new.html", {"codes": codes})
