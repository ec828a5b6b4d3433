"""Between the first proof and being signed in: who is signing in in this browser, kept in its session for ten minutes.

A password, a code or a link says who it is. Then come, where they are due, a first password (P3) and the second factor
(P7). Until the last step nobody is signed in: what stands here opens nothing but the next step.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.models import Device

from hub.accounts import known_browsers
from hub.accounts.actions import second_factor
from hub.accounts.actions.devices import Kind, Means, Seen, end_browser, remember_device
from hub.accounts.actions.invitations import accept_all_of
from hub.accounts.actions.sign_in import Origin, may_sign_in
from hub.accounts.models import User
from hub.accounts.sessions import EMAIL_FACTOR_KEY, LANGUAGE_KEY
from hub.base import clock
from hub.base.addresses import client_address

KEY = "signing_in"
STEP_S = 600
BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True, slots=True)
class SigningIn:
    """`means` is how they showed who they are; `needs_password`: they set one before they go on."""

    user: User
    following: str
    means: str = Means.PASSWORD
    needs_password: bool = False


def origin_of(request: HttpRequest, user: User | None) -> Origin:
    return Origin(address=client_address(request.META), device=known_browsers.find_device(request, user))


def safe_next(request: HttpRequest, wanted: str) -> str:
    """A path on this hub, or '' (an open redirect would lend our name to a page that asks for passwords)."""
    allowed = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if allowed and wanted.startswith("/") else ""


def go_on(
    request: HttpRequest, user: User, *, following: str, means: str = Means.PASSWORD, needs_password: bool = False
) -> HttpResponse:
    """The first proof was right: on to the next step, or in."""
    if not needs_password and not user.is_staff:
        return finish(request, user, following=following, means=means)
    begin(request, user, following, means=means, needs_password=needs_password)
    if needs_password:
        return HttpResponseRedirect("/login/new-password/")
    return HttpResponseRedirect("/login/verify/" if second_factor.find_device(user) else "/login/second-factor/")


def begin(
    request: HttpRequest, user: User, following: str, *, means: str = Means.PASSWORD, needs_password: bool = False
) -> None:
    """The session gets a new key, so that one planted before is worth nothing (fixation)."""
    _leave(request)
    request.session.flush()
    request.session[KEY] = {
        "user": user.pk,
        "version": user.sign_in_version,
        "until": clock.now().timestamp() + STEP_S,
        "next": following,
        "means": means,
        "needs_password": needs_password,
    }


def find(request: HttpRequest) -> SigningIn | None:
    state = request.session.get(KEY)
    if not state or state["until"] < clock.now().timestamp():
        return None
    people = User.objects.select_related("membership")
    user = people.filter(pk=state["user"], sign_in_version=state["version"]).first()
    if user is None or not may_sign_in(user):
        return None
    return SigningIn(user, state["next"], state.get("means", Means.PASSWORD), state.get("needs_password", False))


def finish(
    request: HttpRequest,
    user: User,
    *,
    following: str,
    device: Device | None = None,
    email_factor: bool = False,
    means: str = Means.PASSWORD,
) -> HttpResponse:
    """Signed in: a new session key, the device in the session, and on to where the person wanted to go."""
    known = known_browsers.find_device(request, user) is not None
    _leave(request)
    request.session.pop(KEY, None)
    if device is not None:
        user.otp_device = device  # type: ignore[attr-defined]  # django-otp's login handler reads it
    login(request, user, backend=BACKEND)
    request.session.set_expiry(None)
    request.session[LANGUAGE_KEY] = translation.get_language() or ""
    if email_factor:
        request.session[EMAIL_FACTOR_KEY] = True
    request.session.save()  # gives it its key also where somebody else was signed in before
    seen = Seen(request.headers.get("User-Agent", ""), client_address(request.META), known=known)
    remember_device(user, seen, kind=Kind.BROWSER, means=means, session_key=request.session.session_key)
    if means != Means.PASSWORD:
        accept_all_of(user)
    response = HttpResponseRedirect(following or home_of(user))
    known_browsers.remember(request, response, user)
    if user.language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        set_language(response, user.language)
    return response


def stay(request: HttpRequest, user: User, *, following: str) -> HttpResponse:
    """Every sign-in of the account has ended; this browser begins a new one, with the second factor it came with."""
    factors = {name: request.session.get(name) for name in (DEVICE_ID_SESSION_KEY, EMAIL_FACTOR_KEY)}
    waiting = list(messages.get_messages(request))
    request.session.flush()
    for name, value in factors.items():
        if value:
            request.session[name] = value
    response = finish(request, user, following=following)
    for message in waiting:
        messages.add_message(request, message.level, message.message)
    return response


def _leave(request: HttpRequest) -> None:
    """Who was signed in in this browser before is no longer."""
    if request.user.is_authenticated and request.session.session_key:
        end_browser(request.user, request.session.session_key)


def home_of(user: User) -> str:
    return "/console/" if user.is_staff else "/"


def set_language(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
