"""`/wallet/auto-top-up/`: let the wallet buy by itself when it runs low (S6): off unless switched on here.

Who gave no permission yet buys once with it; what was filled in comes along in the address of the way back, and the
last step stays a button that the customer presses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from credits.errors import PackageUnknown, ProviderAway, WrongAmount
from credits.ledger.accounts import WalletView
from credits.models import SIZES, Purchase
from credits.reader_wallet import wallet_of_reader
from credits.store import auto_top_up as store
from credits.store.money_text import money_text
from credits.store.packages import Offer, offers
from credits.store.purchases import Wish, may_buy, start
from credits.store.ways import Way, ways_with_mandate
from hub.accounts.public import customer_page
from hub.base import formats
from hub.base.amounts import field_text, find_millicredits
from hub.base.errors import BadFrame, DomainError
from hub.base.filters import number_of
from hub.base.forms import KEY_CHARACTERS_MAX, KEY_FIELD, Filled, new_form_key, typed
from hub.site.public import person_of

if TYPE_CHECKING:
    from hub.accounts.public import Person

FIELDS: Final = ["credits", "threshold", "cap", "way"]
THRESHOLD_DEFAULT_M: Final = 20_000
REFUSED: Final = 409


@require_http_methods(["GET", "HEAD", "POST"])
@customer_page
def auto_top_up(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    wallet = wallet_of_reader(request, person)
    if wallet is None:
        raise Http404
    if wallet.unmetered:
        return render(request, "portal/wallet_vip.html")
    if not may_buy(person):
        return render(request, "portal/top_up_not.html", {"wallet": wallet})
    if request.method == "POST":
        return _act(request, person, wallet)
    return _page(request, wallet, Filled(_filled(request, wallet)))


def _act(request: HttpRequest, person: Person, wallet: WalletView) -> HttpResponse:
    """A provider may be asked, which no transaction may wait for. Each of these twice is the same as once."""
    here = HttpResponseRedirect(reverse("portal-auto-top-up"))
    if request.POST.get("do") == "off":
        store.switch_off(person)
        messages.success(request, _("Automatic top-up is off. Nothing is bought by itself any more."))
        return here
    said = typed(request.POST, FIELDS)
    try:
        if request.POST.get("do") == "buy":
            return _buy(request, person, said)
        _switch_on(person, said)
    except DomainError as refusal:
        key = request.POST.get(KEY_FIELD, "") if isinstance(refusal, ProviderAway) else new_form_key()
        return _page(request, wallet, _wrong(refusal, said, key), status=REFUSED)
    messages.success(request, _("Automatic top-up is on. You get an e-mail each time something is bought."))
    return here


def _switch_on(person: Person, said: dict[str, str]) -> None:
    threshold_m, cap_m = find_millicredits(said["threshold"]), find_millicredits(said["cap"])
    if threshold_m is None:
        raise WrongAmount(field="threshold_m")
    if cap_m is None or cap_m % 10:
        raise WrongAmount(field="cap_cents")
    credits = number_of(said["credits"]) or 0
    store.switch_on(person, credits=credits, threshold_m=threshold_m, cap_cents=cap_m // 10)


def _buy(request: HttpRequest, person: Person, said: dict[str, str]) -> HttpResponse:
    """The first payment, with the permission for later ones; the way back leads here, with what was filled in."""
    provider, _colon, method = said["way"].partition(":")
    credits = number_of(said["credits"])
    if credits is None or not method:
        raise BadFrame(field="way")
    form_key = typed(request.POST, [KEY_FIELD])[KEY_FIELD][:KEY_CHARACTERS_MAX] or new_form_key()
    kept = urlencode({name: said[name][:12] for name in ("credits", "threshold", "cap")})
    wish = Wish(
        credits,
        provider,
        method,
        f"{form_key}:auto:{credits}:{said['way']}",
        return_to=f"{reverse('portal-auto-top-up')}?{kept}",
        mandate=True,
    )
    purchase = start(person, wish)
    to = "portal-purchase-pay" if purchase.redirect_url else "portal-purchase"
    return HttpResponseRedirect(reverse(to, args=[purchase.pk]))


def _wrong(refusal: DomainError, said: dict[str, str], key: str) -> Filled:
    text = refusal.text(translation.get_language() or "en")
    if isinstance(refusal, WrongAmount) and refusal.params.get("field") == "threshold_m":
        most = formats.number(SIZES[-1])
        return Filled(said, {"threshold": _("From 0 to %(most)s credits.") % {"most": most}}, key=key)
    if isinstance(refusal, WrongAmount):
        return Filled(said, {"cap": _("At least the price of the package, with two decimals at most.")}, key=key)
    if isinstance(refusal, BadFrame | PackageUnknown):
        return Filled(said, {"credits": _("Please choose how many credits, and how you want to pay.")}, key=key)
    return Filled(said, summary=text, key=key)


def _filled(request: HttpRequest, wallet: WalletView) -> dict[str, object]:
    """As it was filled in before the payment, as it is set, else something to begin with."""
    said = typed(request.GET, FIELDS)
    row = store.find_auto_top_up(wallet.id)
    on_sale = offers(wallet)
    first = next((one for one in on_sale if one.credits >= 100), on_sale[0] if on_sale else None)
    usual = {
        "credits": str(first.credits) if first else "",
        "threshold": field_text(THRESHOLD_DEFAULT_M),
        "cap": _cents_text(2 * first.amount.cents) if first else "",
    }
    kept = (
        {"credits": str(row.credits), "threshold": field_text(row.threshold_m), "cap": _cents_text(row.cap_cents)}
        if row is not None
        else {}
    )
    return {name: said[name] or kept.get(name) or usual[name] for name in usual}


def _cents_text(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}" if cents % 100 else str(cents // 100)


def _page(request: HttpRequest, wallet: WalletView, form: Filled, *, status: int = 200) -> HttpResponse:
    on_sale, ways = offers(wallet), ways_with_mandate(wallet)
    row = store.find_auto_top_up(wallet.id)
    values = {
        "wallet": wallet,
        "row": row,
        "spent_cents": store.spent_this_month(row) if row is not None else 0,
        "currency": on_sale[0].amount.currency if on_sale else "EUR",
        "packages": [(str(one.credits), _package(one)) for one in on_sale],
        "ways": [(way, way.code == _chosen(form, ways)) for way in ways],
        "permitted": store.find_permission(wallet.id, person_of(request).user_id) is not None,
        "first_payment": _first_payment(person_of(request)),
        "form": form,
    }
    return render(request, "portal/auto_top_up.html", values, status=status)


def _first_payment(person: Person) -> Purchase | None:
    """The payment with the permission that is not confirmed yet."""
    rows = Purchase.objects.filter(buyer=person.user_id, asks_mandate=True).order_by("-created_at")
    newest: Purchase | None = rows.first()
    under_way = newest is not None and newest.state in ("open", "pending") and bool(newest.provider_ref)
    return newest if under_way else None


def _package(offer: Offer) -> str:
    price = money_text(offer.amount.cents, offer.amount.currency)
    return _("%(credits)s credits for %(price)s") % {"credits": formats.number(offer.credits), "price": price}


def _chosen(form: Filled, ways: list[Way]) -> str:
    codes, said = [way.code for way in ways], str(form.values.get("way", ""))
    return said if said in codes else next(iter(codes), "")
