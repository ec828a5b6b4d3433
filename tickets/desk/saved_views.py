"""Saved views (T6): what the list is asked for, under a name, for oneself or with others."""

from __future__ import annotations

from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hub.accounts.public import staff_page
from hub.site.public import do_and_go, person_of
from tickets.actions import saving_views
from tickets.desk.asked import NAMES, query_of, read_asked


def _asked(request: HttpRequest) -> dict[str, str]:
    return read_asked(dict(parse_qsl(request.POST.get("query", ""))) or {"sort": "updated"})


def _list(asked: dict[str, str], view_id: int | None = None) -> str:
    return f"{reverse('desk-tickets')}?{query_of({**asked, **({} if view_id is None else {'view': str(view_id)})})}"


@require_POST
@staff_page
def add(request: HttpRequest) -> HttpResponse:
    """`/admin/tickets/views/`"""
    person, asked = person_of(request), _asked(request)
    name, of = request.POST.get("name", ""), request.POST.get("of", saving_views.MINE)
    act = lambda: saving_views.save_view(person, name, asked, of=of)  # noqa: E731
    return do_and_go(request, act, _("The view is saved; it stands above the list."), to=_list(asked))


@require_POST
@staff_page
def change(request: HttpRequest, view_id: int) -> HttpResponse:
    """Rename it, let it ask for what the list asks for now, or delete it."""
    person, asked = person_of(request), _asked(request)
    if "delete" in request.POST:
        gone = lambda: saving_views.delete_view(person, view_id)  # noqa: E731
        return do_and_go(request, gone, _("The view is deleted; the tickets stay."), to=_list(asked))
    kept = {name: value for name, value in asked.items() if name in NAMES}
    name = request.POST.get("name")
    act = lambda: saving_views.change_view(person, view_id, name=name, wanted=kept)  # noqa: E731
    return do_and_go(request, act, _("The view is saved."), to=_list(kept, view_id))
