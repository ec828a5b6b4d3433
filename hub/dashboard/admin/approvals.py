"""`/admin/approvals/`: what waits for a second person (L6, M6), and what was answered lately."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from credits import public as money
from hub.accounts.public import Organisation, Person, User, staff_page
from hub.base.prepared import prepared
from hub.site.public import do_and_go, person_of, shown

OPEN_SHOWN = 100
ANSWERED_SHOWN = 20


def count_waiting(person: Person) -> int:
    """What this person may answer: others' requests."""
    if not (person.is_owner or person.managed):
        return 0
    if not _of_others(user=person.user_id):  # mostly so; else whose wallets a manager sees is asked on every page
        return 0
    waiting = money.Approval.objects.filter(state=money.Approval.State.OPEN).exclude(asked_by=person.user_id)
    return int(waiting.visible_to(person).count())


@prepared
def _of_others(*, user: int | None) -> QuerySet[money.Approval, int]:
    waiting = money.Approval.objects.filter(state=money.Approval.State.OPEN).exclude(asked_by=user)
    return waiting.values_list("pk", flat=True)[:1]


@require_safe
@staff_page
def index(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    rows = money.Approval.objects.visible_to(person).select_related("asked_by", "answered_by")
    waiting = list(rows.filter(state=money.Approval.State.OPEN).order_by("pk")[:OPEN_SHOWN])
    answered = list(rows.exclude(state=money.Approval.State.OPEN).order_by("-answered_at")[:ANSWERED_SHOWN])
    owners = _owners([row.wallet_id for row in (*waiting, *answered)])
    values = {
        "waiting": [_row(person, row, owners) for row in waiting],
        "answered": [_row(person, row, owners) for row in answered],
    }
    return shown(request, "admin/approvals.html", values)


def _row(person: Person, row: money.Approval, owners: dict[int, tuple[str, str]]) -> dict[str, Any]:
    name, url = owners.get(row.wallet_id, ("", ""))
    return {
        "approval": row,
        "owner": name,
        "url": url,
        "mine": row.asked_by_id == person.user_id,
        "may_approve": money.may_approve(person, row),
    }


def _owners(wallet_ids: list[int]) -> dict[int, tuple[str, str]]:
    """Whose wallets these are, and where to look at them."""
    wallets = money.wallets_by_id(wallet_ids)
    users = User.objects.in_bulk([one.user_id for one in wallets.values() if one.user_id])
    companies = Organisation.objects.in_bulk([one.organisation_id for one in wallets.values() if one.organisation_id])
    found: dict[int, tuple[str, str]] = {}
    for pk, wallet in wallets.items():
        if wallet.user_id in users:
            found[pk] = users[wallet.user_id].name, reverse("admin-customer", args=[wallet.user_id])
        elif wallet.organisation_id in companies:
            page = reverse("admin-organisation-credits", args=[wallet.organisation_id])
            found[pk] = companies[wallet.organisation_id].name, page
    return found


@require_POST
@staff_page
def approve(request: HttpRequest, approval_id: int) -> HttpResponse:
    person, to = person_of(request), reverse("admin-approvals")
    return do_and_go(request, lambda: money.approve(person, approval_id), _("Approved and done."), to=to)


@require_POST
@staff_page
def decline(request: HttpRequest, approval_id: int) -> HttpResponse:
    person, to = person_of(request), reverse("admin-approvals")
    return do_and_go(request, lambda: money.decline(person, approval_id), _("It will not be done."), to=to)
