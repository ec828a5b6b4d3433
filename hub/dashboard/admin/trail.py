"""`/admin/audit/`: the audit log for the hub owner, with filters and as a file (P9, X4)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hub.accounts.public import AuditEntry, User, owner_page
from hub.base.csv_files import csv_file
from hub.base.filters import moments_of, number_of
from hub.base.forms import Filled, typed
from hub.dashboard.admin.facts import Fact, facts_of, page_of_facts
from hub.site.public import person_of, shown

FACTS_SHOWN = 100
FILE_FACTS_MAX = 20_000
FILE_FACTS_AT_ONCE = 1000
FILTERS = ("who", "subject", "about", "since", "until")


@require_safe
@owner_page
def index(request: HttpRequest) -> HttpResponse:
    """Newest first. A page costs the same however far it is."""
    said = typed(request.GET, FILTERS)
    facts, following = page_of_facts(request, _chosen(request, said), FACTS_SHOWN)
    filters = {name: value for name, value in said.items() if value}
    values: dict[str, Any] = {
        "facts": facts,
        "next": following,
        "form": Filled(said),
        "query": urlencode(filters),
        "filtered": bool(filters),
        "people": _people(said["who"]),
        "subjects": _subjects(),
    }
    return shown(request, "admin/audit.html", values)


def _chosen(request: HttpRequest, said: dict[str, str]) -> QuerySet[AuditEntry]:
    rows: QuerySet[AuditEntry] = AuditEntry.objects.visible_to(person_of(request))
    who, about = number_of(said["who"]), number_of(said["about"])
    if who is not None:
        rows = rows.filter(actor=who)
    if about is not None:
        rows = rows.filter(target_kind="user", target_id=str(about))
    if said["subject"] in dict(_subjects()):
        rows = rows.filter(fact__startswith=f"{said['subject']}.") if said["subject"] else rows
    since, until = moments_of(said["since"], said["until"])
    if since is not None:
        rows = rows.filter(at__gte=since)
    if until is not None:
        rows = rows.filter(at__lt=until)
    return rows


def _people(chosen: str) -> list[tuple[str, str]]:
    """Staff, and whoever was chosen by a link."""
    staff = User.objects.filter(kind=User.Kind.STAFF).order_by("first_name", "last_name", "pk")
    rows = [(str(row.pk), row.name) for row in staff]
    if chosen and chosen not in dict(rows):
        rows += [(str(row.pk), row.name) for row in User.objects.filter(pk=number_of(chosen) or 0)]
    return [("", _("Anybody")), *rows]


def _subjects() -> list[tuple[str, str]]:
    return [
        ("", _("Everything")),
        ("people", _("People and access")),
        ("credits", _("Credits")),
        ("store", _("Money")),
        ("chat", _("Chats")),
        ("privacy", _("Privacy")),
        ("departments", _("Departments")),
        ("prices", _("Prices")),
        ("brands", _("Brands")),
        ("outbox", _("Messages sent")),
        ("settings", _("Settings")),
    ]


@require_safe
@owner_page
def as_file(request: HttpRequest) -> HttpResponse:
    """What the filters leave, as CSV that is safe to open (X4); at most twenty thousand lines, the newest."""
    rows = _chosen(request, typed(request.GET, FILTERS)).select_related("actor", "note").order_by("-pk")
    heads = ["id", _("Time"), _("Who"), _("What happened"), _("Code"), _("Details"), _("Note")]
    lines: list[list[object]] = [list(heads)]
    found = list(rows[:FILE_FACTS_MAX])
    for start in range(0, len(found), FILE_FACTS_AT_ONCE):
        part = found[start : start + FILE_FACTS_AT_ONCE]
        lines += [_line(fact) for fact in facts_of(part)]
    return csv_file("audit", lines)


def _line(fact: Fact) -> list[object]:
    at = f"{timezone.localtime(fact.at):%Y-%m-%d %H:%M:%S}"
    return [fact.id, at, fact.actor_id or "", fact.sentence, fact.fact, fact.detail, fact.note]
