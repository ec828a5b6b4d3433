"""The start page, and in demo mode being one of the demo people with one click."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hub.accounts.public import find_person, finish_sign_in, safe_next
from hub.base import clock
from hub.dashboard import start
from hub.dashboard.demo import find_device, find_people
from hub.dashboard.portal.views import home_page

CODE_LIVES_S = 30  # a step of TOTP


@never_cache
@require_safe
def start_page(request: HttpRequest) -> HttpResponse:
    """A customer's home; for staff where one can go; for others to sign in. In demo mode a newcomer's way through both
    windows.
    """
    person = find_person(request)
    if person is not None and person.kind == "customer":
        request.person = person  # type: ignore[attr-defined]  # found once is enough
        return home_page(request)
    if person is None and not settings.DEMO:
        return redirect("login")
    values = {
        "person": person,
        "balance": start.balance_credits(person) if person else None,
        "demo": settings.DEMO,
        "groups": start.demo_groups() if settings.DEMO else [],
        "first_agent": start.FIRST_AGENT,
    }
    return render(request, "start/start.html", values)


@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Be one of the demo people, second factor included (DEBUG only; elsewhere this address does not exist)."""
    login = request.POST.get("login", "")
    user = next((user for person, user in find_people() if person.login == login), None) if settings.DEMO else None
    if user is None or not user.is_active:
        raise Http404
    following = safe_next(request, request.POST.get("next", ""))
    return finish_sign_in(request, user, following=following, device=find_device(user))


@never_cache
@require_safe
def demo_codes(request: HttpRequest) -> HttpResponse:
    """What the demo people's authenticator apps show now, for the list on the start page."""
    if not settings.DEMO:
        raise Http404
    codes = {account.login: account.code for account in start.demo_accounts() if account.code}
    left_s = CODE_LIVES_S - clock.now().timestamp() % CODE_LIVES_S
    return JsonResponse({"codes": codes, "left_ms": int(left_s * 1000)})
