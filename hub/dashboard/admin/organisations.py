"""Organisations: the list, and one with its wallet, units and personnel, chats, notes and audit (A1, P4, P12)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core import signing
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chat.public import Wanted, read_history
from credits import public as money
from hub.accounts.public import (
    AuditEntry,
    Membership,
    Organisation,
    Person,
    User,
    audit,
    authority_over,
    is_own_organisation,
    notes,
    organisations,
    owner_page,
    staff_page,
)
from hub.base.errors import BadFrame, DomainError
from hub.base.forms import Filled, typed
from hub.dashboard.admin import purchases_tab
from hub.dashboard.admin.facts import page_of_facts
from hub.dashboard.admin.frames import notes_about
from hub.dashboard.admin.personnel import get_organisation, personnel_values
from hub.dashboard.admin.wallet_page import ADJUST_FIELDS, adjust, lines_file, wallet_of, wallet_values
from hub.site.public import do_and_go, person_of, refused, shown
from tickets.public import tickets_of

PAGE = 50
FACTS_SHOWN = 50
CURSOR = "admin.organisations"
LAYOUTS = ("", "classic", "compact")


@require_safe
@staff_page
def index(request: HttpRequest) -> HttpResponse:
    """`/admin/organisations/`: those of whose people one sees somebody (P5), by name."""
    person = person_of(request)
    said = typed(request.GET, ("q", "vip"))
    rows = _found(Organisation.objects.visible_to(person), said)
    found = list(_after(rows, request.GET.get("after", "")).order_by("name", "pk")[: PAGE + 1])
    page = found[:PAGE]
    counts = dict(
        Membership.objects.filter(organisation__in=page)
        .values_list("organisation")
        .annotate(people=Count("pk"))
        .values_list("organisation", "people")
    )
    owners = Membership.objects.filter(organisation__in=page, role=Membership.Role.OWNER).select_related("user")
    owner_of = {row.organisation_id: row.user for row in owners}
    values = {
        "rows": [{"organisation": row, "people": counts.get(row.pk, 0), "owner": owner_of.get(row.pk)} for row in page],
        "said": said,
        "filtered": any(said.values()),
        "next": signing.dumps([page[-1].name, page[-1].pk], salt=CURSOR) if len(found) > PAGE else "",
        "form": Filled(said),
    }
    return shown(request, "admin/organisations.html", values)


def _found(rows: QuerySet[Organisation], said: dict[str, str]) -> QuerySet[Organisation]:
    for word in said["q"][:80].split()[:8]:
        rows = rows.filter(name__icontains=word)
    return rows.filter(vip=True) if said["vip"] else rows


def _after(rows: QuerySet[Organisation], cursor: str) -> QuerySet[Organisation]:
    """A cursor that is not ours is the beginning."""
    try:
        name, pk = signing.loads(cursor, salt=CURSOR)
    except (signing.BadSignature, ValueError):
        return rows
    return rows.filter(Q(name__gt=name) | Q(name=name, pk__gt=pk))


def _open(request: HttpRequest, organisation_id: int) -> Organisation:
    """For a page that shows it: what is not own work is audited (P9)."""
    person = person_of(request)
    organisation = get_organisation(person, organisation_id)
    if not is_own_organisation(person, organisation.pk):
        audit.record_opening(
            person, "people.organisation.opened", target_kind="organisation", target_id=organisation.pk
        )
    return organisation


def _page(
    request: HttpRequest, organisation: Organisation, template: str, tab: str, values: dict[str, Any], status: int = 200
) -> HttpResponse:
    person = person_of(request)
    owner = Membership.objects.filter(organisation=organisation, role=Membership.Role.OWNER).select_related("user")
    frame = {
        "organisation": organisation,
        "owner": owner.first(),
        "people": organisation.memberships.count(),
        "authority": authority_over(person, organisation),
        "tab": tab,
        "tabs": _tabs(person, organisation, tab),
        "wallet": wallet_of(None, organisation),
        "notes": notes_about(person, organisation=organisation),
        "layouts": [("", _("As the brand")), ("classic", _("Classic")), ("compact", _("Compact"))],
        "name_form": Filled({"name": organisation.name, "layout": organisation.layout}),
        "in_charge": person.is_owner or bool(person.managed),
    }
    page = shown(request, template, {**frame, **values})
    page.status_code = status
    return page


def _tabs(person: Person, organisation: Organisation, tab: str) -> list[dict[str, Any]]:
    all_of_them = [
        ("personnel", _("Personnel"), "admin-organisation", organisation.memberships.count()),
        ("credits", _("Credits"), "admin-organisation-credits", None),
        ("tickets", _("Tickets"), "admin-organisation-tickets", None),
        ("purchases", _("Purchases"), "admin-organisation-purchases", None),
        ("chats", _("Chats"), "admin-organisation-chats", None),
        *([("audit", _("Audit"), "admin-organisation-audit", None)] if person.is_owner else []),
    ]
    return [
        {"label": label, "url": reverse(name, args=[organisation.pk]), "count": count, "current": code == tab}
        for code, label, name, count in all_of_them
    ]


@require_safe
@staff_page
def organisation(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """`/admin/organisations/<id>/`: its units and people."""
    found = _open(request, organisation_id)
    return _page(request, found, "admin/organisation_personnel.html", "personnel", personnel_values(request, found))


@require_safe
@staff_page
def credits(request: HttpRequest, organisation_id: int) -> HttpResponse:
    found = _open(request, organisation_id)
    values = wallet_values(request, organisation=found)
    return _page(request, found, "admin/organisation_credits.html", "credits", values)


@require_safe
@staff_page
def purchases(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """What was bought for all its people (S1)."""
    found = _open(request, organisation_id)
    values = purchases_tab.values(request, wallet_of(None, found).id)
    return _page(request, found, "admin/organisation_purchases.html", "purchases", values)


@require_safe
@staff_page
def credits_file(request: HttpRequest, organisation_id: int) -> HttpResponse:
    return lines_file(request, organisation=_open(request, organisation_id))


@require_POST
@staff_page
def adjust_credits(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Into the organisation's wallet, or out of it (L6)."""
    found = get_organisation(person_of(request), organisation_id)
    try:
        adjust(request, wallet_of(None, found).id)
    except DomainError as refusal:
        said: dict[str, object] = {**typed(request.POST, ADJUST_FIELDS)}
        values = wallet_values(request, organisation=found, form=refused(refusal, said))
        return _page(request, found, "admin/organisation_credits.html", "credits", values, refusal.status)
    return HttpResponseRedirect(reverse("admin-organisation-credits", args=[found.pk]))


@require_safe
@staff_page
def chats(request: HttpRequest, organisation_id: int) -> HttpResponse:
    person, found = person_of(request), _open(request, organisation_id)
    people = User.objects.visible_to(person).filter(membership__organisation=found).values_list("pk", flat=True)
    wanted = Wanted(people=list(people[:1000]))
    try:
        page = read_history(person, wanted, cursor=request.GET.get("after"))
    except BadFrame:
        page = read_history(person, wanted)
    return _page(request, found, "admin/organisation_chats.html", "chats", {"page": page, "shows_who": True})


@require_safe
@staff_page
def tickets(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """What its members asked as members (P4), of which this member of staff may see it (P5)."""
    found = _open(request, organisation_id)
    values = tickets_of(request, person_of(request), organisation_id=found.pk)
    return _page(request, found, "admin/organisation_tickets.html", "tickets", {**values, "shows_who": True})


@require_safe
@owner_page
def audit_trail(request: HttpRequest, organisation_id: int) -> HttpResponse:
    found = _open(request, organisation_id)
    entries = AuditEntry.objects.visible_to(person_of(request))
    entries = entries.filter(target_kind="organisation", target_id=str(found.pk))
    facts, following = page_of_facts(request, entries, FACTS_SHOWN)
    values = {"facts": facts, "next": following}
    return _page(request, found, "admin/organisation_audit.html", "audit", values)


@require_http_methods(["POST"])
@staff_page
def change(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Name and layout of its people's portal."""
    person, found = person_of(request), get_organisation(person_of(request), organisation_id)
    said = typed(request.POST, ("name", "layout"))

    def act() -> None:
        if said["name"] != found.name:
            organisations.rename_organisation(person, found.pk, said["name"])
        if said["layout"] in LAYOUTS and said["layout"] != found.layout:
            organisations.set_layout(person, found.pk, said["layout"])

    return _do(request, found.pk, act, _("The organisation was changed."))


@require_POST
@staff_page
def vip(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """All its people work without credits (P12)."""
    on, person = bool(request.POST.get("on")), person_of(request)
    get_organisation(person, organisation_id)
    said = _("This organisation is a VIP now.") if on else _("This organisation is no VIP any more.")
    return _do(request, organisation_id, lambda: money.set_vip(person, on, organisation_id=organisation_id), said)


@require_POST
@staff_page
def add_note(request: HttpRequest, organisation_id: int) -> HttpResponse:
    person, text = person_of(request), request.POST.get("text", "")
    return _do(
        request,
        organisation_id,
        lambda: notes.add_note(person, text, about_organisation=organisation_id),
        _("The note was added."),
    )


def _do(request: HttpRequest, organisation_id: int, act: Callable[[], object], said: str) -> HttpResponse:
    return do_and_go(request, act, said, to=reverse("admin-organisation", args=[organisation_id]))
