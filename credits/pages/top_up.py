"""`/wallet/top-up/`: choose how many credits, choose how to pay, go and pay (S1, S2; docs/how/portal.md).

The form's own key, with what was chosen in it, is the key of the purchase: sent twice it is bought once, and who comes
back to it by the browser's button and chooses otherwise buys what they chose then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from credits.chat_time import first_price, seconds_for
from credits.errors import ProviderAway
from credits.ledger.accounts import WalletView
from credits.models import Purchase, Voucher
from credits.reader_wallet import wallet_of_reader
from credits.store.packages import Offer, offers
from credits.store.purchases import Wish, may_buy, start
from credits.store.ways import Way, ways_shown
from hub.accounts.public import customer_page
from hub.base import clock
from hub.base.errors import BadFrame, DomainError
from hub.base.filters import number_of
from hub.base.forms import KEY_CHARACTERS_MAX, KEY_FIELD, Filled, new_form_key, typed
from hub.site.public import person_of

if TYPE_CHECKING:
    from hub.accounts.public import Person

CREDITS_DEFAULT = 100
UNDER_WAY_FOR = timedelta(hours=1)
REFUSED = 409


@dataclass(frozen=True, slots=True)
class Order:
    """What a package would bring, as the page tells it."""

    offer: Offer
    chosen: bool
    pays_debt_m: int
    after_m: int
    seconds: int | None

    @property
    def code(self) -> str:
        """With the price that is shown, so that another one is noticed."""
        return f"{self.offer.credits}:{self.offer.amount.cents}"

    @property
    def credits_m(self) -> int:
        return self.offer.credits * 1000


@dataclass(frozen=True, slots=True)
class Choice:
    credits: int | None
    way: str


@require_http_methods(["GET", "HEAD", "POST"])
@customer_page
def top_up(request: HttpRequest) -> HttpResponse:
    """A VIP sees no money (P12), and for members of an organisation its owner buys (P4)."""
    person = person_of(request)
    wallet = wallet_of_reader(request, person)
    if wallet is None:
        raise Http404
    if wallet.unmetered:
        return render(request, "portal/wallet_vip.html")
    if not may_buy(person):
        return render(request, "portal/top_up_not.html", {"wallet": wallet})
    if request.method == "POST":
        return _buy(request, person, wallet)
    chosen = Choice(number_of(request.GET.get("credits")), request.GET.get("way", ""))
    return _page(request, person, wallet, chosen, Filled())


def _buy(request: HttpRequest, person: Person, wallet: WalletView) -> HttpResponse:
    """To where it is paid. A provider is asked here, which no transaction may wait for."""
    said = typed(request.POST, ["package", "way", KEY_FIELD])
    chosen, cents = _read(said["package"], said["way"])
    form_key = said[KEY_FIELD][:KEY_CHARACTERS_MAX] or new_form_key()
    try:
        purchase = start(person, _wish(chosen, cents, form_key))
    except DomainError as refusal:
        # What was begun goes on under the same key once the provider answers; all else is begun anew.
        key = form_key if isinstance(refusal, ProviderAway) else new_form_key()
        form = Filled(summary=_why(refusal), key=key)
        return _page(request, person, wallet, chosen, form, status=REFUSED)
    to = "portal-purchase-pay" if purchase.redirect_url else "portal-purchase"
    return HttpResponseRedirect(reverse(to, args=[purchase.pk]))


def _read(package: str, way: str) -> tuple[Choice, int | None]:
    """What was chosen, and the price that was shown with it."""
    credits, _colon, cents = package.partition(":")
    return Choice(number_of(credits), way), number_of(cents)


def _wish(chosen: Choice, cents: int | None, form_key: str) -> Wish:
    """Raises BadFrame: nothing was chosen."""
    provider, _colon, method = chosen.way.partition(":")
    if chosen.credits is None or cents is None or not method:
        raise BadFrame(field="package")
    key = f"{form_key}:{chosen.credits}:{cents}:{chosen.way}"
    return Wish(chosen.credits, provider, method, key, seen_cents=cents)


def _why(refusal: DomainError) -> str:
    if isinstance(refusal, BadFrame):
        return _("Please choose how many credits, and how you want to pay.")
    return refusal.text(translation.get_language() or "en")


def _page(
    request: HttpRequest, person: Person, wallet: WalletView, chosen: Choice, form: Filled, *, status: int = 200
) -> HttpResponse:
    on_sale, ways = offers(wallet), ways_shown(wallet)
    before = Purchase.objects.filter(buyer=person.user_id, automatic=False).order_by("-created_at").first()
    values = {
        "wallet": wallet,
        "orders": _orders(person, wallet, on_sale, _credits(chosen, before, on_sale)),
        "ways": [(way, way.code == _way(chosen, before, ways)) for way in ways],
        "one_price": _one_price(on_sale),
        "own_prices": any(offer.own_price for offer in on_sale),
        "under_way": before if before is not None and _is_under_way(before) else None,
        "takes_vouchers": Voucher.objects.filter(active=True).exists(),
        "form": form,
    }
    return render(request, "portal/top_up.html", values, status=status)


def _credits(chosen: Choice, before: Purchase | None, on_sale: list[Offer]) -> int | None:
    """What is marked at first: what was asked for, what was bought last, a hundred, the smallest."""
    sizes = [offer.credits for offer in on_sale]
    last = before.credits_m // 1000 if before is not None else None
    wanted = (one for one in (chosen.credits, last, CREDITS_DEFAULT) if one in sizes)
    return next(wanted, sizes[0] if sizes else None)


def _way(chosen: Choice, before: Purchase | None, ways: list[Way]) -> str:
    codes = [way.code for way in ways]
    last = f"{before.provider}:{before.method}" if before is not None else ""
    return next((one for one in (chosen.way, last) if one in codes), codes[0] if codes else "")


def _orders(person: Person, wallet: WalletView, on_sale: list[Offer], chosen: int | None) -> list[Order]:
    price = first_price(person) if on_sale else None
    found = []
    for offer in on_sale:
        pays_debt_m = min(wallet.owed_m, offer.credits * 1000)
        after_m = wallet.available_m + offer.credits * 1000 - pays_debt_m
        found.append(Order(offer, offer.credits == chosen, pays_debt_m, after_m, seconds_for(price, after_m)))
    return found


def _one_price(on_sale: list[Offer]) -> tuple[int, str] | None:
    """What one credit costs, where it is the same in every package and whole cents."""
    prices = {(offer.amount.cents, offer.credits, offer.amount.currency) for offer in on_sale}
    each = {(cents / credits, currency) for cents, credits, currency in prices}
    if len(each) != 1:
        return None
    (cents, currency) = each.pop()
    return (int(cents), currency) if cents.is_integer() else None


def _is_under_way(purchase: Purchase) -> bool:
    """Begun lately, and it can still be paid: nobody has to begin another one."""
    lately = purchase.created_at > clock.now() - UNDER_WAY_FOR
    return lately and purchase.state == Purchase.State.OPEN and bool(purchase.redirect_url)
