"""The door of a page: who may come in, and where the others are sent. A page gets `request.person`."""

from __future__ import annotations

import functools
import zoneinfo
from collections.abc import Callable
from typing import Any, TypeAlias
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from hub.accounts.access import Person, load_person
from hub.accounts.sessions import claims_of_session
from hub.base.errors import DomainError

View: TypeAlias = Callable[..., HttpResponse]


class TurnedAway(HttpResponseRedirect):
    """To another page, because this one is not for whoever asked: nothing was done."""


def find_person(request: HttpRequest) -> Person | None:
    """Who is signed in in this browser, with the second factor where it is needed; else None."""
    user = getattr(request, "user", None)
    claims = claims_of_session(request.session, user)
    if claims is None:
        return None
    try:
        return load_person(claims, user)
    except DomainError:
        return None


def signed_in_page(view: View) -> View:
    """For who is signed in; everybody else signs in first and comes back."""

    @functools.wraps(view)
    def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person = getattr(request, "person", None) or find_person(request)
        if person is None:
            return TurnedAway(f"/login/?{urlencode({'next': request.get_full_path()})}")
        request.person = person  # type: ignore[attr-defined]
        with timezone.override(_zone_of(person)):
            response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return gated


def _zone_of(person: Person) -> zoneinfo.ZoneInfo:
    """Where the reader is: pages tell times as they are there."""
    try:
        return zoneinfo.ZoneInfo(person.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder
        return zoneinfo.ZoneInfo(settings.TIME_ZONE)


def staff_page(view: View) -> View:
    """For staff with the second factor (P7)."""

    @functools.wraps(view)
    def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.person.is_staff:  # type: ignore[attr-defined]  # set by signed_in_page
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return signed_in_page(gated)


def owner_page(view: View) -> View:
    """For the hub owner: what the whole hub is set up with, and the audit log (P5, P9)."""

    @functools.wraps(view)
    def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.person.is_owner:  # type: ignore[attr-defined]  # set by signed_in_page
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return staff_page(gated)


def customer_page(view: View) -> View:
    """A page of the portal, for customers. Staff have pages of their own."""

    @functools.wraps(view)
    def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.person.kind != "customer":  # type: ignore[attr-defined]  # set by signed_in_page
            return TurnedAway("/console/")
        return view(request, *args, **kwargs)

    return signed_in_page(gated)
