"""Signing in by a one-time code (P2): ask for one, type it. The pages look the same whether or not anybody gets one."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from hub.accounts import steps
from hub.accounts.actions import codes
from hub.accounts.actions.devices import Means
from hub.accounts.actions.sign_in import find_account
from hub.accounts.views.answers import page
from hub.base import clock
from hub.base.errors import DomainError

KEY = "code"  # in the session of who is not signed in: what was asked for
KEPT_S = 900


@never_cache
@require_http_methods(["GET", "POST"])
def ask_page(request: HttpRequest) -> HttpResponse:
    """Login number, e-mail or mobile; and a code goes there."""
    following = steps.safe_next(request, request.POST.get("next") or request.GET.get("next", ""))
    login = (request.POST.get("login") or "").strip()[:254]
    values: dict[str, object] = {"next": following}
    if request.method == "GET" or not login:
        return page(request, "accounts/code_ask.html", values, typed={"login": request.GET.get("login", "")[:254]})
    channel = request.POST.get("channel", "")
    if _was_just_asked(request, login, channel):
        return HttpResponseRedirect(reverse("login-code-enter"))
    try:
        ask(request, login, following=following, channel=channel)
    except DomainError as refusal:
        return page(request, "accounts/code_ask.html", values, refusal, typed={"login": login})
    return HttpResponseRedirect(reverse("login-code-enter"))


def ask(request: HttpRequest, login: str, *, following: str, channel: str = "") -> None:
    """Send the code and remember in this browser what it is checked by. Raises LockedOut."""
    origin = steps.origin_of(request, find_account(login))
    asked = codes.ask_sign_in_code(login, origin=origin, channel=channel)
    request.session[KEY] = {
        "challenge": str(asked.challenge),
        "login": login,
        "channel": channel,
        "next": following,
        "until": asked.expires_at.timestamp(),
        "again_at": asked.again_at.timestamp(),
    }
    if not request.user.is_authenticated:
        request.session.set_expiry(KEPT_S)


def _was_just_asked(request: HttpRequest, login: str, channel: str) -> bool:
    """A doubled submit, or a second tab: the code that is on its way is good for both."""
    state = request.session.get(KEY)
    if not state or (state["login"], state["channel"]) != (login, channel):
        return False
    return float(state["again_at"]) > clock.now().timestamp()


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "POST"])
def enter_page(request: HttpRequest) -> HttpResponse:
    """The six digits."""
    state = request.session.get(KEY)
    if not state:
        return HttpResponseRedirect("/" if request.user.is_authenticated else reverse("login-code"))
    if request.method == "GET":
        return _form(request, state)
    challenge = UUID(state["challenge"])
    try:
        user = codes.sign_in_by_code(
            challenge, request.POST.get("code", ""), origin=steps.origin_of(request, codes.find_asker(challenge))
        )
    except DomainError as refusal:
        return _form(request, state, refusal)
    request.session.pop(KEY, None)
    return steps.go_on(
        request,
        user,
        following=state["next"],
        means=Means.CODE,
        needs_password=not user.has_usable_password(),
    )


def _form(request: HttpRequest, state: dict[str, object], refusal: DomainError | None = None) -> HttpResponse:
    now = clock.now().timestamp()
    until, again_at = float(str(state["until"])), float(str(state["again_at"]))
    values: dict[str, object] = {
        "login": state["login"],
        "channel": state["channel"],
        "next": state["next"],
        "over": until <= now,
        "again_in_s": max(0, round(again_at - now)),
        "until": datetime.fromtimestamp(until, UTC),
    }
    return page(request, "accounts/code_enter.html", values, refusal)
