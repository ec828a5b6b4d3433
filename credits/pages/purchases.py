"""`/wallet/purchases/…`: what was bought, how it stands, and the way to where it is paid (S2, S3).

A payer comes back here from the provider. While nothing is decided the page looks again by itself: by script, and
without one by the browser. Each look goes the one way to the truth (store/settling.py).
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from credits.errors import PurchaseUnknown
from credits.ledger.accounts import get_wallet
from credits.models import Purchase
from credits.pages.payments import LOOKS
from credits.reader_wallet import wallet_of_reader
from credits.store import money_requests
from credits.store.methods import method_name
from credits.store.money_requests import money_back_of
from credits.store.packages import vat_in
from credits.store.providers.base import Method, ProviderDown
from credits.store.receipts import number_of
from credits.store.settling import settle
from credits.store.states import status_of
from credits.store.ways import sells_to
from hub.accounts.public import customer_page
from hub.base import clock
from hub.base.errors import TooFast
from hub.base.forms import typed
from hub.base.limits import use
from hub.site.public import do_and_go, person_of

if TYPE_CHECKING:
    from credits.models import PurchaseQuerySet
    from hub.accounts.public import Person

PAGE: Final = 30
UNDECIDED: Final = ("open", "pending")
# Somebody waits before the page: afterwards one looks again by hand, and the mail tells.
WAITED_FOR: Final = timedelta(minutes=15)


# -- The list -----------------------------------------------------------------------------------------------------


@require_safe
@customer_page
def purchases(request: HttpRequest) -> HttpResponse:
    """`/wallet/purchases/`: the own ones; an organisation's owner sees all of it (P4)."""
    person = person_of(request)
    wallet = wallet_of_reader(request, person)
    if wallet is not None and wallet.unmetered:
        return render(request, "portal/wallet_vip.html")
    rows = list(_older(person, request.GET.get("after", "")).select_related("buyer")[: PAGE + 1])
    shown = rows[:PAGE]
    values = {
        "rows": [(row, status_of(row), method_name(row.method)) for row in shown],
        "older": shown[-1].pk if len(rows) > PAGE else None,
        "shows_who": person.organisation_role == "owner",
        "sells": sells_to(person, wallet),
    }
    return render(request, "portal/purchases.html", values)


def _older(person: Person, after: str) -> PurchaseQuerySet:
    """Newest first, from the one after this; what is none of ours begins at the newest."""
    rows: PurchaseQuerySet = Purchase.objects.visible_to(person).order_by("-created_at", "-id")
    with suppress(ValueError):
        last = rows.filter(pk=UUID(after)).values_list("created_at", "pk").first()
        if last is not None:
            rows = rows.filter(Q(created_at__lt=last[0]) | Q(created_at=last[0], pk__lt=last[1]))
    return rows


# -- One purchase -------------------------------------------------------------------------------------------------


@never_cache
@require_safe
@customer_page
def purchase(request: HttpRequest, purchase_id: UUID) -> HttpResponse:
    """How it stands, as we know it; with `look` the provider is asked first."""
    found = _get(person_of(request), purchase_id)
    if "look" in request.GET:
        found = _look(found)
    return render(request, "portal/purchase.html", _values(request, found))


@never_cache
@require_safe
@customer_page
def state(request: HttpRequest, purchase_id: UUID) -> HttpResponse:
    """The part of the page that waits, after another look."""
    found = _look(_get(person_of(request), purchase_id))
    return render(request, "portal/purchase_state.html", _values(request, found))


@never_cache
@require_safe
@customer_page
def pay(request: HttpRequest, purchase_id: UUID) -> HttpResponse:
    """The step to the provider's page, by link and by itself.

    A page of our own: a form that is posted here and redirected there is stopped by the browser (`form-action 'self'`).
    """
    found = _get(person_of(request), purchase_id)
    if found.state not in UNDECIDED or urlsplit(found.redirect_url).scheme not in ("https", "http"):
        return HttpResponseRedirect(reverse("portal-purchase", args=[found.pk]))
    answer = render(request, "portal/purchase_pay.html", {"purchase": found, "method": method_name(found.method)})
    answer["Refresh"] = f"0; url={found.redirect_url}"
    return answer


@require_POST
@customer_page
def ask_money_back(request: HttpRequest, purchase_id: UUID) -> HttpResponse:
    """For the credits of it that are left (L7). Staff decide; asked twice is asked once."""
    found = _get(person_of(request), purchase_id)
    text = typed(request.POST, ["text"])["text"]
    act = lambda: money_requests.ask(person_of(request), found.pk, text)  # noqa: E731
    said = _("We have your request. We look at it and write to you; you need to do nothing else.")
    return do_and_go(request, act, said, to=reverse("portal-purchase", args=[found.pk]))


@require_POST
@customer_page
def keep_credits(request: HttpRequest, purchase_id: UUID) -> HttpResponse:
    """The customer asked for money back, and would rather keep the credits."""
    found = _get(person_of(request), purchase_id)
    act = lambda: money_requests.withdraw(person_of(request), found.pk)  # noqa: E731
    said = _("You keep the credits, and no longer ask for money back.")
    return do_and_go(request, act, said, to=reverse("portal-purchase", args=[found.pk]))


def _get(person: Person, purchase_id: UUID) -> Purchase:
    """Raises Http404, also for what one may not see (X1)."""
    found: Purchase | None = Purchase.objects.visible_to(person).select_related("buyer").filter(pk=purchase_id).first()
    if found is None:
        raise Http404
    return found


def _look(found: Purchase) -> Purchase:
    """As the provider has it; as we last knew it, where it does not answer or was asked often already."""
    if found.state in UNDECIDED and _is_asked(found):
        with suppress(TooFast, ProviderDown, PurchaseUnknown):
            use(LOOKS, str(found.pk))
            return settle(found.pk)
    return found


def _is_asked(found: Purchase) -> bool:
    """It reached its provider, and that one can be asked. A bank cannot: staff book its lines."""
    return bool(found.provider_ref) and found.method != Method.BANK_TRANSFER


def _auto_url(found: Purchase) -> str:
    """On to switching automatic top-up on, with what was filled in before this payment permitted it."""
    here = reverse("portal-auto-top-up")
    return found.return_to if found.mandate_ref and found.return_to.startswith(f"{here}?") else ""


def _values(request: HttpRequest, found: Purchase) -> dict[str, object]:
    person = person_of(request)
    wallet = get_wallet(found.wallet_id)
    waits = found.state in UNDECIDED and _is_asked(found) and found.created_at > clock.now() - WAITED_FOR
    own = wallet_of_reader(request, person)
    return {
        "purchase": found,
        "status": status_of(found),
        "method": method_name(found.method),
        "vat_cents": vat_in(found.amount_cents, found.vat_bp),
        "wallet": wallet,
        "is_own_wallet": own is not None and own.id == wallet.id,
        "waits": waits and not found.trouble,
        "sells": sells_to(person, own),
        "credits": found.credits_m // 1000,
        "auto_url": _auto_url(found),
        "money_back": money_back_of(person, found),
        "shows_who": found.buyer_id != person.user_id,
        "receipts": [(one, number_of(one)) for one in found.receipts.order_by("pk")],
    }
