"""A wallet as staff see it on a customer's or an organisation's page: balance, lots, lines, adding and taking away."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from credits import public as money
from hub.accounts.public import Invalid, Organisation, Person, User, audit, staff_page
from hub.base import clock
from hub.base.amounts import find_millicredits
from hub.base.csv_files import csv_file
from hub.base.errors import BadFrame, DomainError
from hub.base.filters import moments_of
from hub.base.forms import KEY_FIELD, Filled, new_form_key, typed
from hub.base.prepared import prepared
from hub.dashboard.admin.frames import customer_page, get_customer
from hub.site.public import done_once, person_of, refused

LINES = 50
FILE_LINES_MAX = 100_000
FILTERS = ("kind", "since", "until")
ADJUST_FIELDS = ("change", "amount", "reason")
ADD, TAKE = "add", "take"


def wallet_values(
    request: HttpRequest,
    *,
    user: User | None = None,
    organisation: Organisation | None = None,
    form: Filled | None = None,
) -> dict[str, Any]:
    """For the template admin/wallet.html."""
    person, wallet = person_of(request), wallet_of(user, organisation)
    said, chosen = _chosen(request)
    entries, following = _page(request, person, wallet, chosen)
    filters = {name: value for name, value in said.items() if value}
    return {
        "wallet": wallet,
        "held_m": wallet.balance_m - wallet.available_m,
        "lots": money.expiring_lots(wallet.id, clock.now()),
        "entries": entries,
        "next": following,
        "query": urlencode(filters),
        "filtered": bool(filters),
        "kinds": [("", _("Every kind")), *money.LINE_REASONS.items()],
        "line_filters": Filled(said),
        "adjust": form or Filled({"change": ADD, "amount": "25", "reason": ""}),
        "reasons": [_("Goodwill: waited too long"), _("Goodwill"), _("Correction of a mistake"), _("Welcome gift")],
        "waiting": _waiting(wallet=wallet.id),
        "of_organisation": wallet.organisation_id is not None,
    }


@prepared
def _waiting(*, wallet: int) -> QuerySet[money.Approval]:
    return money.Approval.objects.filter(wallet=wallet, state=money.Approval.State.OPEN).select_related("asked_by")


def wallet_of(user: User | None, organisation: Organisation | None) -> money.WalletView:
    if user is not None:
        found = money.wallet_for(user.pk)
        if found is None:
            raise Http404
        return found
    if organisation is None:
        raise Http404
    return money.get_wallet(money.open_wallet(organisation_id=organisation.pk))


def _chosen(request: HttpRequest) -> tuple[dict[str, str], money.LineFilter]:
    """What is no filter of ours is none."""
    said = typed(request.GET, FILTERS)
    since, until = moments_of(said["since"], said["until"])
    reason = said["kind"] if said["kind"] in money.LINE_REASONS else None
    return said, money.LineFilter(reason=reason, since=since, until=until)


def _page(
    request: HttpRequest, person: Person, wallet: money.WalletView, chosen: money.LineFilter
) -> tuple[list[money.Entry], str | None]:
    """A cursor that is not ours shows the newest."""
    cursor = request.GET.get("after") or None
    try:
        return money.read_page(person, wallet.id, chosen, cursor=cursor, limit=LINES, together=True)
    except BadFrame:
        return money.read_page(person, wallet.id, chosen, cursor=None, limit=LINES, together=True)


def lines_file(
    request: HttpRequest, *, user: User | None = None, organisation: Organisation | None = None
) -> HttpResponse:
    """The lines that the filters leave, safe for spreadsheets (X4)."""
    person, wallet = person_of(request), wallet_of(user, organisation)
    rows: list[list[object]] = [[*money.line_heads()]]
    for page in money.every_entry(person, wallet.id, _chosen(request)[1]):
        rows += [money.line_cells(entry) for entry in page]
        if len(rows) > FILE_LINES_MAX:
            break
    return csv_file(f"wallet-{wallet.id}", rows)


# -- Adding and taking away (L6) --------------------------------------------------------------------------------------


@require_POST
@staff_page
def adjust_customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Into the wallet that the customer pays from, or out of it."""
    user = get_customer(person_of(request), customer_id)
    try:
        adjust(request, wallet_of(user, None).id)
    except DomainError as refusal:
        said: dict[str, object] = {**typed(request.POST, ADJUST_FIELDS)}
        values = wallet_values(request, user=user, form=refused(refusal, said))
        return customer_page(request, user, "admin/customer_credits.html", "credits", values, status=refusal.status)
    return HttpResponseRedirect(reverse("admin-customer", args=[user.pk]))


def adjust(request: HttpRequest, wallet_id: int) -> None:
    """As typed. Above the own limit it waits for a second person. Raises what credits raises, and Invalid."""
    said, person = typed(request.POST, (*ADJUST_FIELDS, KEY_FIELD)), person_of(request)
    amount_m = _amount(said)
    key = said[KEY_FIELD] or new_form_key()
    if money.is_within(amount_m, money.adjust_limit_m(person.level)):
        done_once(request, lambda: _adjust(person, wallet_id, amount_m, said["reason"], key))
        messages.success(request, _("The credits were added.") if amount_m > 0 else _("The credits were taken away."))
        return
    asked = money.Asked(wallet_id=wallet_id, amount_m=amount_m, text=said["reason"], key=key)
    money.ask_approval(person, asked)
    messages.warning(request, _("This is more than you may give by yourself. It waits for a second person."))


def _amount(said: dict[str, str]) -> int:
    wrong = {}
    amount_m = find_millicredits(said["amount"])
    if amount_m is None or amount_m <= 0:
        wrong["amount"] = _("Write a number above zero, with at most three decimals.")
    if not said["reason"]:
        wrong["reason"] = _("Please say why.")
    if wrong or amount_m is None:
        raise Invalid(fields=wrong)
    return -amount_m if said["change"] == TAKE else amount_m


@transaction.atomic
def _adjust(person: Person, wallet_id: int, amount_m: int, reason: str, key: str) -> None:
    transfer_id = money.adjust(
        wallet_id, amount_m, reason=reason, actor_id=person.user_id, key=f"page:{key}", level=person.level
    )
    audit.record(
        person,
        "credits.wallet.adjusted",
        target_kind="wallet",
        target_id=wallet_id,
        detail={"amount_m": amount_m, "transfer": transfer_id},
    )
