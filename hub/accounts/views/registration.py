"""Registering (P1). The page after it says the same to everybody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hub.accounts.actions import registration
from hub.accounts.gates import find_person
from hub.accounts.views.answers import page
from hub.base.addresses import client_address
from hub.base.errors import DomainError
from hub.base.forms import typed

TRAP = "website"  # a field that people do not see and programs fill in


@never_cache
@require_http_methods(["GET", "POST"])
def register_page(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        if find_person(request) is not None:
            return HttpResponseRedirect("/")
        return page(request, "accounts/register.html", {})
    values = typed(request.POST.dict(), registration.CLEANERS)
    try:
        new = registration.parse(values, language=translation.get_language() or "")
        registration.count_registration(client_address(request.META))
        if not request.POST.get(TRAP):
            registration.register(new)
    except DomainError as refusal:
        return page(request, "accounts/register.html", {}, refusal, typed=values)
    return HttpResponseRedirect(reverse("register-sent"))


@require_safe
def sent_page(request: HttpRequest) -> HttpResponse:
    return page(request, "accounts/register_sent.html", {})
