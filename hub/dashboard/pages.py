"""The staff's live pages: a shell with what the page must know to begin. All else comes over the live protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from hub.accounts.public import Department, staff_page
from hub.base.hub_settings import hub_settings
from hub.site.public import person_of, questions_of

if TYPE_CHECKING:
    from hub.accounts.access import Person

ALL_DEPARTMENTS = "all"


@require_safe
@staff_page
def console(request: HttpRequest) -> HttpResponse:
    """The agent console: `/console/`."""
    places = {"board_url": reverse("board"), "people_url": reverse("admin-customers"), "chats_url": _chats_url()}
    places |= {"tickets_url": reverse("desk-tickets"), "profile_url": reverse("profile")}
    places["logout_url"] = reverse("logout")
    boot = _boot(request) | places | {"may_add_credits": True, "questions": _questions()}
    return render(request, "staff/console.html", {"boot": boot})


@require_safe
@staff_page
def board(request: HttpRequest) -> HttpResponse:
    """The live board: `/board/`."""
    return render(request, "staff/board.html", {"boot": _boot(request)})


def _boot(request: HttpRequest) -> dict[str, Any]:
    departments = Department.objects.order_by("position").values_list("pk", "name")
    said = hub_settings()
    person = person_of(request)
    return {
        "me": {
            "id": str(person.user_id),
            "name": person.name,
            "topics": board_topics_of(person),
            "sees_meters": person.is_owner or bool(person.managed),
        },
        "departments": {str(pk): name for pk, name in departments},
        "language": translation.get_language(),
        "language_url": reverse("language"),
        "csrf": get_token(request),
        "queue_age": {"ageing_s": said.queue_ageing_s, "overdue_s": said.queue_overdue_s},
    }


def _chats_url() -> str:
    """What the pages of chats are under, by id."""
    return reverse("admin-chat", args=[UUID(int=0)]).removesuffix(f"{UUID(int=0)}/")


def _questions() -> dict[str, dict[str, str]]:
    """What each department asks before a chat: the wire carries the answers under the questions' keys (C14)."""
    asked = questions_of(Department.objects.values_list("pk", flat=True))
    return {str(pk): {str(one["key"]): str(one["label"]) for one in rows} for pk, rows in asked.items() if rows}


def board_topics_of(person: Person) -> list[str]:
    """What this person may follow on the board: the owner everything, others their departments (P5)."""
    if person.is_owner:
        return [ALL_DEPARTMENTS]
    return [str(pk) for pk in sorted(person.departments | person.managed)]
