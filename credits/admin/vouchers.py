"""`/admin/money/vouchers/`: codes that give credits (S1): made, told once, looked at, withdrawn."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from credits.admin.periods import day_of, today_here
from credits.models import Voucher
from credits.store.open_items import count_open_items
from credits.store.vouchers import CREDITS_MAX_M, USES_MAX, make_vouchers, withdraw_voucher
from hub.accounts.public import Invalid, Person, owner_page
from hub.base import clock
from hub.base.amounts import find_millicredits, find_whole_number
from hub.base.errors import DomainError
from hub.base.filters import number_of
from hub.base.forms import Filled, typed
from hub.site.public import do_and_go, done_once, person_of, refused, shown

PAGE = 50
COUNT_MAX = 1_000
DAYS_MAX = 3_650
FIELDS = ("credits", "count", "uses_max", "until", "credits_days", "label")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@owner_page
def index(request: HttpRequest) -> HttpResponse:
    """The codes stand in the answer to the post that made them, and nowhere else: only digests are kept."""
    if request.method != "POST":
        return _page(request, Filled({"credits": "25", "count": "1", "uses_max": "1"}))
    said = typed(request.POST, FIELDS)
    codes: list[str] = []
    try:
        wanted = _wanted(said)
        done_once(request, lambda: codes.extend(_make(person_of(request), wanted)))
    except DomainError as refusal:
        return _page(request, refused(refusal, dict(said)), refusal=refusal)
    return _page(request, Filled(dict(said)), codes=codes)


def _make(actor: Person, wanted: dict[str, Any]) -> list[str]:
    return make_vouchers(actor, **wanted)


def _wanted(said: dict[str, str]) -> dict[str, Any]:
    """Raises Invalid."""
    wrong: dict[str, str] = {}
    credits_m = find_millicredits(said["credits"])
    if credits_m is None or not 0 < credits_m <= CREDITS_MAX_M:
        wrong["credits"] = _("Write a number above zero, with at most three decimals.")
    count = find_whole_number(said["count"] or "1", 1, COUNT_MAX)
    if count is None:
        wrong["count"] = _("Write a number from 1 to 1000.")
    uses_max = find_whole_number(said["uses_max"] or "1", 1, USES_MAX)
    if uses_max is None:
        wrong["uses_max"] = _("Write how many customers may use it.")
    days = find_whole_number(said["credits_days"], 1, DAYS_MAX) if said["credits_days"] else None
    if said["credits_days"] and days is None:
        wrong["credits_days"] = _("Write a number of days.")
    until = _until(said["until"])
    if said["until"] and until is None:
        wrong["until"] = _("Choose a day that is still to come.")
    if wrong:
        raise Invalid(fields=wrong)
    return {
        "credits_m": credits_m, "count": count, "uses_max": uses_max, "until": until, "credits_days": days,
        "label": said["label"],
    }  # fmt: skip


def _until(text: str) -> datetime | None:
    """When its last day is over, in the hub's zone."""
    last = day_of(text)
    if last is None or last < today_here():
        return None
    return datetime.combine(last + timedelta(days=1), time.min, ZoneInfo(settings.TIME_ZONE))


def _page(
    request: HttpRequest, form: Filled, *, codes: list[str] | None = None, refusal: DomainError | None = None
) -> HttpResponse:
    said = typed(request.GET, ("q", "before"))
    found = list(_found(said)[: PAGE + 1])
    values = {
        "form": form,
        "search": Filled(said),
        "rows": [(row, _state(row)) for row in found[:PAGE]],
        "older": found[PAGE - 1].pk if len(found) > PAGE else None,
        "codes": codes or [],
        "made_before": codes is not None and not codes,
        "items": count_open_items(),
    }
    return shown(request, "admin/money/vouchers.html", values, refusal)


def _found(said: dict[str, str]) -> QuerySet[Voucher]:
    rows = Voucher.objects.order_by("-pk")
    before = number_of(said["before"])
    if before is not None:
        rows = rows.filter(pk__lt=before)
    if said["q"]:
        rows = rows.filter(Q(label__icontains=said["q"][:80]) | Q(hint__iexact=said["q"].replace("-", "")[-4:]))
    return rows


def _state(row: Voucher) -> str:
    if not row.active:
        return "withdrawn"
    if row.uses >= row.uses_max:
        return "used"
    return "over" if row.until is not None and row.until <= clock.now() else "good"


@require_POST
@owner_page
def withdraw(request: HttpRequest, voucher_id: int) -> HttpResponse:
    person, to = person_of(request), reverse("admin-money-vouchers")
    said = _("Nobody can use this voucher any more. What it gave stays.")
    return do_and_go(request, lambda: withdraw_voucher(person, voucher_id), said, to=to)
