"""The pages of signing in and out (docs/how/sign-in.md). Each parses, calls one action, answers."""

from __future__ import annotations

import math
from base64 import b32encode

import segno
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from hub.accounts import known_browsers, steps
from hub.accounts.actions import second_factor
from hub.accounts.actions.rights import raise_rights, sign_out_everywhere
from hub.accounts.actions.sign_in import Origin, check_sign_in, find_account
from hub.accounts.gates import find_person
from hub.accounts.models import User
from hub.accounts.sessions import LANGUAGE_KEY
from hub.base.addresses import client_address
from hub.base.errors import DomainError


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def login_page(request: HttpRequest) -> HttpResponse:
    """Login number or e-mail, and password. Staff go on to the second factor."""
    following = steps.safe_next(request, request.POST.get("next") or request.GET.get("next", ""))
    if request.method == "GET":
        person = find_person(request)
        return HttpResponseRedirect(following or "/") if person else _login_form(request, following)
    login = request.POST.get("login", "")
    try:
        user = check_sign_in(
            login=login, password=request.POST.get("password", ""), origin=_origin(request, find_account(login))
        )
    except DomainError as refusal:
        return _login_form(request, following, refusal)
    if not user.is_staff:
        return steps.finish(request, user, following=following)
    steps.begin(request, user, following)
    return HttpResponseRedirect("/login/verify/" if second_factor.find_device(user) else "/login/second-factor/")


def _origin(request: HttpRequest, user: User | None) -> Origin:
    return Origin(address=client_address(request.META), device=known_browsers.find_device(request, user))


def _login_form(request: HttpRequest, following: str, refusal: DomainError | None = None) -> HttpResponse:
    values = {"next": following, "login": request.POST.get("login", ""), "refusal": _said(refusal)}
    return _answered(render(request, "accounts/login.html", values), refusal)


def _answered(page: HttpResponse, refusal: DomainError | None) -> HttpResponse:
    """The form again, with the refusal's status, and when to come back."""
    if refusal is not None:
        page.status_code = refusal.status
        if refusal.retry_after_ms is not None:
            page["Retry-After"] = str(math.ceil(refusal.retry_after_ms / 1000))
    return page


def _said(refusal: DomainError | None) -> str:
    return refusal.text(translation.get_language() or "en") if refusal else ""


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "POST"])
def verify_page(request: HttpRequest) -> HttpResponse:
    """The code of the authenticator app, or a recovery code."""
    signing_in = steps.find(request)
    if signing_in is None:
        return HttpResponseRedirect("/login/")
    if second_factor.find_device(signing_in.user) is None:
        return HttpResponseRedirect("/login/second-factor/")
    if request.method == "GET":
        return render(request, "accounts/verify.html", {"user_name": signing_in.user.name})
    try:
        device = second_factor.verify(signing_in.user, request.POST.get("code", ""))
    except DomainError as refusal:
        values = {"user_name": signing_in.user.name, "refusal": _said(refusal)}
        return _answered(render(request, "accounts/verify.html", values), refusal)
    return steps.finish(request, signing_in.user, following=signing_in.following, device=device)


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "POST"])
def enrol_page(request: HttpRequest) -> HttpResponse:
    """For staff without a second factor: the picture for the app, its first code, then the recovery codes."""
    signing_in = steps.find(request)
    if signing_in is None:
        return HttpResponseRedirect("/login/")
    if second_factor.find_device(signing_in.user) is not None:
        return HttpResponseRedirect("/login/verify/")
    if request.method == "GET":
        return _enrol_form(request, signing_in.user)
    try:
        device, codes = second_factor.confirm_enrolment(signing_in.user, request.POST.get("code", ""))
    except DomainError as refusal:
        return _enrol_form(request, signing_in.user, refusal)
    following = signing_in.following or steps.home_of(signing_in.user)
    steps.finish(request, signing_in.user, following=following, device=device)
    return render(request, "accounts/recovery_codes.html", {"codes": codes, "next": following})


def _enrol_form(request: HttpRequest, user: User, refusal: DomainError | None = None) -> HttpResponse:
    device = second_factor.begin_enrolment(user)
    picture = segno.make(device.config_url, error="m")
    values = {
        # viewBox instead of a size, so that the style sheet says how large; segno escapes what it draws
        "picture": picture.svg_inline(omitsize=True, svgclass="qr", lineclass=None, border=2),
        "secret": b32encode(device.bin_key).decode(),
        "refusal": _said(refusal),
    }
    return _answered(render(request, "accounts/enrol.html", values), refusal)


@never_cache
@require_http_methods(["GET", "POST"])
def logout_page(request: HttpRequest) -> HttpResponse:
    """Sign out here, or with `everywhere` in every browser and widget. Open sockets end within 5 s (X2)."""
    if request.method == "GET":
        if not request.user.is_authenticated:
            return HttpResponseRedirect("/login/")
        return render(request, "accounts/logout.html")
    user = request.user
    logout(request)
    if isinstance(user, User) or user.is_authenticated:
        sign_out_everywhere(user) if request.POST.get("everywhere") else raise_rights([user.pk])
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
