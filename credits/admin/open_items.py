"""`/admin/money/open/`: what does not settle by itself, and who owes credits (S3, S5)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from credits.admin.owners import owners_of
from credits.admin.words import provider_name, refund_trouble, trouble_text
from credits.ledger.accounts import wallets_by_id
from credits.store import open_items
from hub.accounts.public import owner_page
from hub.base.errors import DomainError, NotFound
from hub.base.forms import Filled
from hub.site.public import do_and_go, person_of, said_by, shown

SHOWN = 100


@require_safe
@owner_page
def index(request: HttpRequest) -> HttpResponse:
    found, debts = open_items.open_items(SHOWN), open_items.debts(SHOWN)
    wallet_ids = {row.wallet_id for row in found.purchases} | {row.purchase.wallet_id for row in found.refunds}
    owners = owners_of(wallets_by_id(list(wallet_ids | {row.wallet_id for row in debts})))
    values: dict[str, Any] = {
        "purchases": [
            (row, owners.get(row.wallet_id), trouble_text(row.trouble), provider_name(row.provider))
            for row in found.purchases
        ],
        "refunds": [
            (row, owners.get(row.purchase.wallet_id), refund_trouble(row), provider_name(row.purchase.provider))
            for row in found.refunds
        ],
        "lines": [(row, trouble_text(row.trouble)) for row in found.bank_lines],
        "debts": [(owners.get(row.wallet_id), row.owed_m) for row in debts],
        "count": len(found.purchases) + len(found.refunds) + len(found.bank_lines),
        "form": Filled(),
        "items": open_items.count_open_items(),
    }
    return shown(request, "admin/money/open_items.html", values)


def back_to(request: HttpRequest, purchase_id: UUID) -> str:
    """Where the form stood: the list, or the page of the purchase."""
    here = request.POST.get("from") == "list"
    return reverse("admin-money-open") if here else reverse("admin-purchase", args=[purchase_id])


@require_POST
@owner_page
def ask_again(request: HttpRequest, purchase_id: UUID) -> HttpResponse:
    """Asks a provider, so outside of any transaction; to ask twice harms nobody."""
    try:
        purchase = open_items.ask_again(person_of(request), purchase_id)
    except NotFound as error:
        raise Http404 from error
    except DomainError as refusal:
        messages.error(request, said_by(refusal))
    else:
        if purchase.trouble and purchase.trouble != purchase.closed_trouble:
            messages.warning(request, str(trouble_text(purchase.trouble)))
        else:
            messages.success(request, _("The provider was asked, and what it said is booked."))
    return HttpResponseRedirect(back_to(request, purchase_id))


@require_POST
@owner_page
def close(request: HttpRequest, purchase_id: UUID) -> HttpResponse:
    """Somebody dealt with the trouble of a purchase, and says how."""
    person, reason = person_of(request), request.POST.get("reason", "")
    act = lambda: open_items.close_trouble(person, purchase_id, reason)  # noqa: E731
    return do_and_go(request, act, _("Closed. Your reason is in the audit log."), to=back_to(request, purchase_id))


@require_POST
@owner_page
def end_refund(request: HttpRequest, refund_id: UUID) -> HttpResponse:
    """The owner saw at the bank or the provider how a refund ended."""
    person, reason, how = person_of(request), request.POST.get("reason", ""), request.POST.get("paid_out", "")
    paid_out, beside = bool(how), how == "beside"
    act = lambda: open_items.end_refund(person, refund_id, paid_out=paid_out, beside=beside, reason=reason)  # noqa: E731
    said = _("The money went back.") if paid_out else _("It was not paid back, and the credits returned.")
    return do_and_go(request, act, said, to=reverse("admin-money-open"))
