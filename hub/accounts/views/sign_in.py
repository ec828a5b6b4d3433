"""Signing in by password, the second factor, signing out, and the language."""

from __future__ import annotations

from base64 import b32encode
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from hub.accounts import steps
from hub.accounts.actions import codes, second_factor
from hub.accounts.actions.devices import Means, end_all, end_browser
from hub.accounts.actions.passwords import set_first
from hub.accounts.actions.sign_in import check_sign_in, find_account
from hub.accounts.errors import WrongCode
from hub.accounts.gates import find_person
from hub.accounts.models import OneTimeCode, User
from hub.accounts.sessions import LANGUAGE_KEY
from hub.accounts.views.answers import page
from hub.base.errors import DomainError
from hub.base.hub_settings import hub_settings

EMAIL_CODE_KEY = "email_code"  # in the session: the challenge of a second factor by e-mail


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def login_page(request: HttpRequest) -> HttpResponse:
    """Login number, e-mail or mobile, and password. Staff go on to the second factor."""
    following = steps.safe_next(request, request.POST.get("next") or request.GET.get("next", ""))
    if request.method == "GET":
        person = find_person(request)
        return HttpResponseRedirect(following or "/") if person else _login_form(request, following)
    login = request.POST.get("login", "")
    try:
        user = check_sign_in(
            login=login,
            password=request.POST.get("password", ""),
            origin=steps.origin_of(request, find_account(login)),
        )
    except DomainError as refusal:
        return _login_form(request, following, refusal)
    return steps.go_on(request, user, following=following)


def _login_form(request: HttpRequest, following: str, refusal: DomainError | None = None) -> HttpResponse:
    typed = {"login": request.POST.get("login", "")}
    return page(request, "accounts/login.html", {"next": following}, refusal, typed=typed)


@sensitive_post_parameters("password", "again")
@never_cache
@require_http_methods(["GET", "POST"])
def new_password_page(request: HttpRequest) -> HttpResponse:
    """For who came in by a code and has no password yet (P3). Only then are they signed in."""
    signing_in = steps.find(request)
    if signing_in is None or not signing_in.needs_password:
        return HttpResponseRedirect("/login/")
    values: dict[str, object] = {"login_number": signing_in.user.login_number, "user_name": signing_in.user.name}
    if request.method == "GET":
        return page(request, "accounts/new_password.html", values)
    try:
        user = set_first(signing_in.user, request.POST.get("password", ""), request.POST.get("again", ""))
    except DomainError as refusal:
        return page(request, "accounts/new_password.html", values, refusal)
    return steps.go_on(request, user, following=signing_in.following, means=signing_in.means)


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "POST"])
def verify_page(request: HttpRequest) -> HttpResponse:
    """The code of the authenticator app, a recovery code, or a code that was mailed."""
    signing_in = steps.find(request)
    if signing_in is None or signing_in.needs_password:
        return HttpResponseRedirect("/login/")
    if second_factor.find_device(signing_in.user) is None:
        return HttpResponseRedirect("/login/second-factor/")
    if request.method == "GET":
        return _verify_form(request, signing_in)
    code = request.POST.get("code", "")
    try:
        if _is_mailed_code(request, signing_in, code):
            return steps.finish(
                request, signing_in.user, following=signing_in.following, email_factor=True, means=signing_in.means
            )
        device = second_factor.verify(signing_in.user, code)
    except DomainError as refusal:
        return _verify_form(request, signing_in, refusal)
    return steps.finish(request, signing_in.user, following=signing_in.following, device=device, means=signing_in.means)


def _verify_form(request: HttpRequest, signing_in: steps.SigningIn, refusal: DomainError | None = None) -> HttpResponse:
    values: dict[str, object] = {
        "user_name": signing_in.user.name,
        "may_mail": _may_mail(signing_in),
        "mailed": EMAIL_CODE_KEY in request.session,
    }
    return page(request, "accounts/verify.html", values, refusal)


def _may_mail(signing_in: steps.SigningIn) -> bool:
    """P7: the owner can switch it off. Who came in by a code or link has used their mailbox as the first factor, and so
    has who set the password by a link just before."""
    if not (hub_settings().email_code_fallback and signing_in.user.email and signing_in.means == Means.PASSWORD):
        return False
    return not second_factor.has_password_of_a_link(signing_in.user)


def _is_mailed_code(request: HttpRequest, signing_in: steps.SigningIn, code: str) -> bool:
    """Whether this is the code that was mailed; a code of the app is looked at elsewhere. Raises LockedOut."""
    challenge = request.session.get(EMAIL_CODE_KEY)
    if not challenge or not _may_mail(signing_in):
        return False
    try:
        codes.verify_code(
            UUID(challenge),
            code,
            OneTimeCode.Purpose.SECOND_FACTOR,
            origin=steps.origin_of(request, signing_in.user),
            user_id=signing_in.user.pk,
        )
    except WrongCode:
        return False
    return True


@never_cache
@require_POST
def verify_by_mail(request: HttpRequest) -> HttpResponse:
    """Mail a code to staff whose authenticator app is not at hand (P7)."""
    signing_in = steps.find(request)
    if signing_in is None or signing_in.needs_password or not _may_mail(signing_in):
        return HttpResponseRedirect("/login/verify/")
    try:
        asked = codes.ask_second_factor_code(signing_in.user, origin=steps.origin_of(request, signing_in.user))
    except DomainError as refusal:
        return _verify_form(request, signing_in, refusal)
    request.session[EMAIL_CODE_KEY] = str(asked.challenge)
    messages.success(request, _("A code is on its way to your mailbox. It is good for five minutes."))
    return HttpResponseRedirect("/login/verify/")


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "POST"])
def enrol_page(request: HttpRequest) -> HttpResponse:
    """For staff without a second factor: the picture for the app, its first code, then the recovery codes."""
    signing_in = steps.find(request)
    if signing_in is None or signing_in.needs_password:
        return HttpResponseRedirect("/login/")
    if second_factor.find_device(signing_in.user) is not None:
        return HttpResponseRedirect("/login/verify/")
    if request.method == "GET":
        return _enrol_form(request, signing_in.user)
    try:
        device, recovery = second_factor.confirm_enrolment(signing_in.user, request.POST.get("code", ""))
    except DomainError as refusal:
        return _enrol_form(request, signing_in.user, refusal)
    following = signing_in.following or steps.home_of(signing_in.user)
    steps.finish(request, signing_in.user, following=following, device=device, means=signing_in.means)
    return render(request, "accounts/recovery_codes.html", {"codes": recovery, "next": following})


def _enrol_form(request: HttpRequest, user: User, refusal: DomainError | None = None) -> HttpResponse:
    return page(request, "accounts/enrol.html", picture_of(user), refusal)


def picture_of(user: User) -> dict[str, object]:
    """What an authenticator app scans, and the secret for who cannot scan."""
    device = second_factor.begin_enrolment(user)
    picture = segno.make(device.config_url, error="m")
    return {
        # viewBox instead of a size, so that the style sheet says how large; segno escapes what it draws
        "picture": picture.svg_inline(omitsize=True, svgclass="qr", lineclass=None, border=2),
        "secret": b32encode(device.bin_key).decode(),
    }


@never_cache
@require_http_methods(["GET", "POST"])
def logout_page(request: HttpRequest) -> HttpResponse:
    """Sign out here, or with `everywhere` in every browser and widget. Open sockets end within 5 s (X2)."""
    if request.method == "GET":
        if not request.user.is_authenticated:
            return HttpResponseRedirect("/login/")
        return render(request, "accounts/logout.html")
    user, session_key = request.user, request.session.session_key
    logout(request)
    if isinstance(user, User) or user.is_authenticated:
        end_all(user) if request.POST.get("everywhere") else end_browser(user, session_key or "")
    return HttpResponseRedirect("/login/")


@require_POST
def language_page(request: HttpRequest) -> HttpResponse:
    """Remember the language in this browser, and on the account of who is signed in."""
    wanted = request.POST.get("language", "")
    response = HttpResponseRedirect(steps.safe_next(request, request.POST.get("next", "")) or "/")
    if wanted in dict(settings.LANGUAGES):
        steps.set_language(response, wanted)
        if request.user.is_authenticated:
            request.session[LANGUAGE_KEY] = wanted
            User.objects.filter(pk=request.user.pk).update(language=wanted)
    return response
