"""The list of people, and finding one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from hub.accounts.public import User, staff_page

if TYPE_CHECKING:
    from hub.accounts.public import Person


def person_of(request: HttpRequest) -> Person:
    """Who looks; staff_page has let them in."""
    return cast("Person", request.person)  # type: ignore[attr-defined]


@require_safe
@staff_page
def home(request: HttpRequest) -> HttpResponse:
    """`/admin/`: the people, which is what it is for."""
    return HttpResponseRedirect(reverse("admin-customers"))


@require_safe
@staff_page
def find(request: HttpRequest) -> HttpResponse:
    """For the palette: the first people that match, as JSON."""
    return JsonResponse({"people": []})


@require_safe
@staff_page
def customers(request: HttpRequest) -> HttpResponse:
    """`/admin/customers/`."""
    rows = User.objects.visible_to(person_of(request)).filter(kind=User.Kind.CUSTOMER)[:50]
    return render(request, "admin/customers.html", {"rows": rows})
