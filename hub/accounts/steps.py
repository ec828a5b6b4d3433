"""Between the password and the second factor: who is signing in in this browser, kept in its session for ten minutes.

Until the last step nobody is signed in: what stands here opens nothing but the next step.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django_otp.models import Device

from hub.accounts import known_browsers
from hub.accounts.models import User
from hub.accounts.sessions import LANGUAGE_KEY
from hub.base import clock

KEY = "signing_in"
STEP_S = 600
BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True, slots=True)
class SigningIn:
    user: User
    following: str


def safe_next(request: HttpRequest, wanted: str) -> str:
    """A path on this hub, or '' (an open redirect would lend our name to a page that asks for passwords)."""
    allowed = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if allowed and wanted.startswith("/") else ""


def begin(request: HttpRequest, user: User, following: str) -> None:
    """The password was right. The session gets a new key, so that one planted before is worth nothing (fixation)."""
    request.session.flush()
    request.session[KEY] = {
        "user": user.pk,
        "version": user.sign_in_version,
        "until": clock.now().timestamp() + STEP_S,
        "next": following,
    }


def find(request: HttpRequest) -> SigningIn | None:
    state = request.session.get(KEY)
    if not state or state["until"] < clock.now().timestamp():
        return None
    user = User.objects.filter(pk=state["user"], sign_in_version=state["version"], is_active=True).first()
    return SigningIn(user, state["next"]) if user else None


def finish(request: HttpRequest, user: User, *, following: str, device: Device | None = None) -> HttpResponse:
    """Signed in: a new session key, the device in the session, and on to where the person wanted to go."""
    request.session.pop(KEY, None)
    if device is not None:
        user.otp_device = device  # type: ignore[attr-defined]  # django-otp's login handler reads it
    login(request, user, backend=BACKEND)
    request.session[LANGUAGE_KEY] = translation.get_language() or ""
    response = HttpResponseRedirect(following or home_of(user))
    known_browsers.remember(request, response, user)
    if user.language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        set_language(response, user.language)
    return response


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
