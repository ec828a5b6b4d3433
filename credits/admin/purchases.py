"""Purchases as staff see them: the list, one with all that happened to it, and what its provider sent (S3, S5)."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from credits.admin import words
from credits.admin.owners import owners_of
from credits.errors import AboveLimit
from credits.ledger.accounts import wallets_by_id
from credits.models import Approval, MoneyRefund, Purchase, PurchaseEvent, Receipt, Wallet
from credits.permissions import is_own_work
from credits.store import money_requests
from credits.store.kept_notices import body_of, notices_of
from credits.store.methods import method_name
from credits.store.money_refunds import ask_second_person, left_of, pay_back, refund_limit_cents
from credits.store.open_items import count_open_items
from credits.store.packages import vat_in
from credits.store.receipts import number_of
from hub.accounts.public import Invalid, Person, User, audit, finding, owner_page, staff_page
from hub.base.amounts import field_text, find_millicredits
from hub.base.errors import DomainError
from hub.base.filters import moments_of
from hub.base.forms import KEY_FIELD, Filled, new_form_key, typed
from hub.site.public import do_and_go, person_of, refused, shown

FILTERS = ("q", "state", "provider", "since", "until")
PAGE = 50
CURSOR = "admin.purchases"
BUYERS_MAX = 200
_RECEIPT = re.compile(r"(\d{4})-(\d{1,9})")


@require_safe
@owner_page
def index(request: HttpRequest) -> HttpResponse:
    """`/admin/money/purchases/`: all of them, the newest first."""
    said = typed(request.GET, FILTERS)
    rows = _after(_found(person_of(request), Purchase.objects.all(), said), request.GET.get("after", ""))
    found = list(rows.select_related("buyer").order_by("-created_at", "-pk")[: PAGE + 1])
    filters = {name: value for name, value in said.items() if value}
    values = {
        "rows": purchase_rows(found[:PAGE]),
        "form": Filled(said),
        "query": urlencode(filters),
        "filtered": bool(filters),
        "next": _cursor(found[PAGE - 1]) if len(found) > PAGE else "",
        "states": [("", _("Every state")), *words.STATES.items()],
        "providers": [("", _("Every provider")), *words.PROVIDERS.items()],
        "items": count_open_items(),
    }
    return shown(request, "admin/money/purchases.html", values)


def _found(person: Person, rows: QuerySet[Purchase], said: dict[str, str]) -> QuerySet[Purchase]:
    if said["q"]:
        rows = rows.filter(_named(person, said["q"][:80]))
    if said["state"] in words.STATES:
        rows = rows.filter(state=said["state"])
    if said["provider"] in words.PROVIDERS:
        rows = rows.filter(provider=said["provider"])
    since, until = moments_of(said["since"], said["until"])
    if since is not None:
        rows = rows.filter(created_at__gte=since)
    return rows if until is None else rows.filter(created_at__lt=until)


def _named(person: Person, text: str) -> Q:
    """By what stands on a receipt, at the provider or on a statement of the bank; else by who bought."""
    code = "".join(text.split())  # a bank's reference is written in groups
    receipt = _RECEIPT.fullmatch(code)
    if receipt:
        return Q(receipts__year=int(receipt[1]), receipts__number=int(receipt[2]))
    try:
        return Q(pk=UUID(code))
    except ValueError:
        buyers = finding.find_customers(person, finding.Wanted(text=text), after=None, limit=BUYERS_MAX)
        return Q(provider_ref=code) | Q(buyer__in=[one.user_id for one in buyers])


def _cursor(last: Purchase) -> str:
    return signing.dumps([last.created_at.isoformat(), str(last.pk)], salt=CURSOR)


def _after(rows: QuerySet[Purchase], cursor: str) -> QuerySet[Purchase]:
    """A cursor that is not ours is the beginning."""
    try:
        at, pk = signing.loads(cursor, salt=CURSOR)
    except (signing.BadSignature, ValueError):
        return rows
    moment = datetime.fromisoformat(at)
    return rows.filter(Q(created_at__lt=moment) | Q(created_at=moment, pk__lt=pk))


def purchase_rows(purchases: list[Purchase]) -> list[dict[str, Any]]:
    """For the template admin/money/purchase_rows.html."""
    owners = owners_of(wallets_by_id({one.wallet_id for one in purchases}))
    receipts = Receipt.objects.filter(purchase__in=purchases, kind=Receipt.Kind.RECEIPT)
    receipt_of = {one.purchase_id: one for one in receipts}
    return [
        {
            "purchase": one,
            "owner": owners.get(one.wallet_id),
            "provider": words.provider_name(one.provider),
            "method": method_name(one.method),
            "state": words.state_name(one),
            "look": words.state_look(one),
            "receipt": receipt_of.get(one.pk),
        }
        for one in purchases
    ]


def get_purchase(person: Person, purchase_id: UUID) -> Purchase:
    """One that this member of staff sees. Raises Http404."""
    found = Purchase.objects.visible_to(person).select_related("buyer").filter(pk=purchase_id).first()
    if found is None:
        raise Http404
    return found


@require_safe
@staff_page
def purchase(request: HttpRequest, purchase_id: UUID) -> HttpResponse:
    """`/admin/money/purchases/<id>/`. Of a wallet that is not one's own work it is audited (P9)."""
    found = get_purchase(person_of(request), purchase_id)
    return purchase_page(request, found)


def purchase_page(
    request: HttpRequest, found: Purchase, form: Filled | None = None, *, status: int = 200
) -> HttpResponse:
    person = person_of(request)
    left = left_of(found)
    if not is_own_work(Wallet.objects.filter(pk=found.wallet_id), person):
        audit.record_opening(person, "credits.wallet.opened", target_kind="wallet", target_id=found.wallet_id)
    (row,) = purchase_rows([found])
    values = {
        **row,
        "vat_cents": vat_in(found.amount_cents, found.vat_bp),
        "trouble": words.trouble_text(found.trouble) if found.trouble else "",
        "trouble_open": found.trouble != found.closed_trouble,
        "events": _events(found),
        "refunds": _refunds(found),
        "receipts": [(one, number_of(one)) for one in found.receipts.order_by("pk")],
        "bank_lines": list(found.bank_lines.order_by("pk")),
        "form": form or Filled({"credits": field_text(left.credits_m), "reason": "goodwill"}),
        "left": left,
        "limit_cents": refund_limit_cents(person.level),
        "reasons": list(words.REASONS.items()),
        "waiting": _waiting(found),
        "asked": found.money_requests.filter(state="open").select_related("asked_by").first(),
    }
    return render(request, "admin/money/purchase.html", values, status=status)


@require_POST
@staff_page
def refund(request: HttpRequest, purchase_id: UUID) -> HttpResponse:
    """Money back for credits of this purchase that are left (L7). Above one's limit a hub owner approves it."""
    person, found = person_of(request), get_purchase(person_of(request), purchase_id)
    said = typed(request.POST, ("credits", "reason", "text", KEY_FIELD))
    try:
        _pay_back(request, person, found, said)
    except DomainError as refusal:
        return purchase_page(request, found, refused(refusal, dict(said)), status=refusal.status)
    return HttpResponseRedirect(reverse("admin-purchase", args=[found.pk]))


def _pay_back(request: HttpRequest, person: Person, found: Purchase, said: dict[str, str]) -> None:
    """Not inside a transaction: a provider is asked, and the form's key makes it one refund."""
    credits_m, key = _wanted(said), said[KEY_FIELD] or new_form_key()
    try:
        made = pay_back(person, found.pk, credits_m, reason=said["reason"], key=key)
    except AboveLimit:
        ask_second_person(person, found.pk, credits_m, reason=said["reason"], text=said["text"], key=key)
        messages.warning(request, _("This is more than you may pay back by yourself. It waits for a hub owner."))
        return
    if made.state == MoneyRefund.State.FAILED:
        messages.error(request, _("The provider refused to pay it back, and the credits returned."))
    elif made.trouble:
        messages.warning(request, str(words.trouble_text(made.trouble)))
    else:
        messages.success(request, _("The money goes back."))


@require_POST
@staff_page
def decline_request(request: HttpRequest, asked_id: int) -> HttpResponse:
    """A customer asked for money back and does not get it; they are told why."""
    person = person_of(request)
    asked = money_requests.requests_seen_by(person).filter(pk=asked_id).first()
    if asked is None:
        raise Http404
    text = typed(request.POST, ["text"])["text"]
    act = lambda: money_requests.decline(person, asked_id, text)  # noqa: E731
    said = _("The customer is told that this money is not paid back.")
    listed = request.POST.get("from") == "list"
    to = reverse("admin-refunds") if listed else reverse("admin-purchase", args=[asked.purchase_id])
    return do_and_go(request, act, said, to=to)


def _wanted(said: dict[str, str]) -> int:
    """Millicredits. Raises Invalid."""
    wrong = {}
    credits_m = find_millicredits(said["credits"])
    if credits_m is None or credits_m <= 0:
        wrong["credits"] = _("Write a number above zero, with at most three decimals.")
    if said["reason"] not in words.REASONS:
        wrong["reason"] = _("Choose a reason.")
    elif said["reason"] == "other" and not said["text"]:
        wrong["text"] = _("Please say why.")
    if wrong or credits_m is None:
        raise Invalid(fields=wrong)
    return credits_m


def _events(found: Purchase) -> list[tuple[PurchaseEvent, object, str]]:
    """In order, with the sentence of each and who did it."""
    rows = list(PurchaseEvent.objects.filter(purchase=found).order_by("pk"))
    ids = {int(row.actor[5:]) for row in rows if row.actor.startswith("user:") and row.actor[5:].isdecimal()}
    names = {f"user:{user.pk}": user.name for user in User.objects.filter(pk__in=ids)}
    return [(row, words.EVENTS.get(row.what, row.what), names.get(row.actor, "")) for row in rows]


def _waiting(found: Purchase) -> QuerySet[Approval]:
    rows = Approval.objects.filter(reference=str(found.pk), state=Approval.State.OPEN)
    return rows.select_related("asked_by")


def _refunds(found: Purchase) -> list[dict[str, Any]]:
    return [
        {
            "refund": one,
            "state": words.REFUND_STATES.get(one.state, one.state),
            "look": words.REFUND_LOOKS.get(one.state, ""),
            "trouble": words.trouble_text(one.trouble) if one.trouble and one.state != "done" else "",
        }
        for one in found.money_refunds.order_by("created_at")
    ]


@require_safe
@owner_page
def notices(request: HttpRequest, purchase_id: UUID) -> HttpResponse:
    """What the provider sent about it, raw, as long as it is kept: for support, and for a dispute."""
    found = get_purchase(person_of(request), purchase_id)
    values = {"purchase": found, "provider": words.provider_name(found.provider), "notices": _notices(found)}
    return shown(request, "admin/money/notices.html", values)


def _notices(found: Purchase) -> list[dict[str, Any]]:
    return [
        {
            "notice": row,
            "result": words.NOTICE_RESULTS.get(row.result, row.result),
            "body": body_of(row),
            "headers": json.dumps(row.headers, indent=1) if row.headers else "",
        }
        for row in notices_of(found)
    ]
