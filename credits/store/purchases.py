"""Begin a purchase (S1, S2): the price is copied, the provider is asked to take the payment, the payer is sent there.

Three steps, each of which may be the last one before a crash: the purchase is committed; the provider is asked, outside
of any transaction and under the purchase's own id as its key; its answer is committed. The same wish again (a double
click, a retry, the sweep) goes on where it stopped.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from credits.errors import KeyReused, PriceChanged, ProviderAway, ProviderRefused, ProviderUnknown, WalletUnknown
from credits.events import PurchaseMoved
from credits.ledger.accounts import WalletView, find_wallet
from credits.ledger.transfers import sealed
from credits.metering.patience import wait_for_payment
from credits.models import Purchase
from credits.store.history import note
from credits.store.outside import require_no_transaction
from credits.store.packages import Offer, find_offer
from credits.store.providers import registry
from credits.store.providers.base import (
    Capability,
    Method,
    NotOffered,
    Order,
    Payer,
    Provider,
    ProviderDown,
    Refused,
    Started,
    Unknown,
)
from credits.store.providers.base import Money as Amount
from hub.accounts.public import Person, User
from hub.base import clock, locking
from hub.base.errors import Forbidden
from hub.base.events import emit
from hub.base.limits import Limit, use

FIRST_LOOK = timedelta(minutes=1)
STARTS = Limit("store.start", 30, 600)  # per person
RETURN_TO_CHARACTERS_MAX = 200


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to buy. `key` is the form's: the same again is the same purchase.

    `seen_cents` is the price that was shown (None: not shown); `mandate`: later charges may follow (S6).
    """

    credits: int
    provider: str
    method: str
    key: str
    seen_cents: int | None = None
    return_to: str = ""
    mandate: bool = False


def may_buy(person: Person) -> bool:
    """Customers buy for themselves, an organisation's owner for all of it (P4)."""
    return person.user_id is not None and person.kind == "customer" and person.organisation_role in ("", "owner")


def require_buyer(person: Person) -> None:
    """Raises Forbidden."""
    if not may_buy(person):
        raise Forbidden


def start(person: Person, wish: Wish) -> Purchase:
    """The purchase of this wish, made now or before, with where to pay it.

    Raises Forbidden, PackageUnknown, ProviderUnknown, PriceChanged (nothing was bought), KeyReused, TooFast,
    ProviderAway (the same wish again goes on), ProviderRefused.
    """
    require_no_transaction()
    require_buyer(person)
    wallet = find_wallet(person.user_id) if person.user_id is not None else None
    if wallet is None or person.user_id is None:
        raise WalletUnknown
    if wallet.unmetered:  # they work without credits (P12)
        raise Forbidden
    purchase = _find_same(person.user_id, wish)
    if purchase is None:
        use(STARTS, person.key)
        purchase = _make(person, wallet, wish)
    return take_to_provider(purchase)


def _find_same(buyer_id: int, wish: Wish) -> Purchase | None:
    found: Purchase | None = Purchase.objects.filter(buyer=buyer_id, key=sealed(wish.key)).first()
    if found is not None:
        before = (found.credits_m, found.provider, found.method, found.asks_mandate)
        if before != (wish.credits * 1000, wish.provider, wish.method, wish.mandate):
            raise KeyReused
    return found


def _make(person: Person, wallet: WalletView, wish: Wish) -> Purchase:
    provider = registry.find(wish.provider)
    offer = find_offer(wallet, wish.credits)
    require_offered(provider, wish.method, wallet, mandate=wish.mandate)
    if wish.seen_cents is not None and wish.seen_cents != offer.amount.cents:
        raise PriceChanged
    buyer = User.objects.get(pk=person.user_id)
    with transaction.atomic():
        return add_purchase(
            buyer, wallet.id, offer, provider, wish.method, sealed(wish.key), return_to=wish.return_to,
            mandate=wish.mandate, locale=person.language,
        )  # fmt: skip


def require_offered(provider: Provider, method: str, wallet: WalletView, *, mandate: bool = False) -> None:
    """Raises ProviderUnknown. Bank transfer on statement is for organisations (S2)."""
    if method not in provider.methods():
        raise ProviderUnknown
    if method == Method.BANK_TRANSFER and wallet.organisation_id is None:
        raise ProviderUnknown
    if mandate and Capability.MANDATE not in provider.capabilities:
        raise ProviderUnknown


def add_purchase(
    buyer: User,
    wallet_id: int,
    offer: Offer,
    provider: Provider,
    method: str,
    key: str,
    *,
    return_to: str = "",
    mandate: bool = False,
    mandate_ref: str = "",
    locale: str = "",
) -> Purchase:
    """The row, with the price as it is now; two at the same moment under one key are one. With `mandate_ref` it is
    charged without the payer."""
    now = clock.now()
    purchase, made = Purchase.objects.get_or_create(
        buyer=buyer,
        key=key,
        defaults={
            "wallet_id": wallet_id,
            "credits_m": offer.credits * 1000,
            "amount_cents": offer.amount.cents,
            "currency": offer.amount.currency,
            "vat_bp": offer.vat_bp,
            "vat_at": offer.vat_at,
            "provider": provider.name,
            "method": method,
            "test": provider.test,
            "asks_mandate": mandate,
            "mandate_ref": mandate_ref,
            "automatic": bool(mandate_ref),
            "locale": locale or buyer.language or settings.LANGUAGE_CODE,
            "return_to": return_to[:RETURN_TO_CHARACTERS_MAX],
            "created_at": now,
            "next_look_at": now + FIRST_LOOK,
        },
    )
    if made:
        note(purchase, "started", actor=f"user:{buyer.pk}", cents=purchase.amount_cents, amount_m=purchase.credits_m)
    return purchase


def take_to_provider(purchase: Purchase) -> Purchase:
    """Ask the provider to take this payment, unless it was asked. Raises ProviderAway, ProviderRefused."""
    require_no_transaction()
    if purchase.provider_ref is not None or purchase.state != Purchase.State.OPEN:
        return purchase
    provider = registry.find(purchase.provider)
    order = _order(purchase)
    try:
        if purchase.automatic:
            started = provider.charge(purchase.mandate_ref, order, str(purchase.pk))
        else:
            started = provider.start(order, str(purchase.pk))
    except ProviderDown as down:
        raise ProviderAway(retry_after_ms=int((down.retry_after_s or 5) * 1000)) from down
    except (Refused, Unknown, NotOffered) as refused:
        _refuse(purchase, refused)
        raise ProviderRefused from refused
    kept = _keep(purchase, started)
    if kept.method != Method.BANK_TRANSFER:  # nobody waits in a chat for days
        wait_for_payment(kept.wallet_id)
    return kept


def _order(purchase: Purchase) -> Order:
    buyer = purchase.buyer
    back = f"{settings.PUBLIC_URL}/store/return/{purchase.pk}/"
    return Order(
        id=str(purchase.pk),
        amount=Amount(purchase.amount_cents, purchase.currency),
        description=f"{purchase.credits_m // 1000} credits",
        method=Method.DIRECT_DEBIT if purchase.automatic else Method(purchase.method),
        return_url=back,
        cancel_url=back,
        notice_url=f"{settings.PUBLIC_URL}/hooks/payments/{purchase.provider}/",
        locale=purchase.locale,
        payer=Payer(buyer.name, buyer.email or "") if buyer.email else None,
        mandate=purchase.asks_mandate,
    )


@transaction.atomic
def _keep(purchase: Purchase, started: Started) -> Purchase:
    """Who comes second (a double click at a provider without keys) goes on with what was first."""
    row = locking.lock_one(Purchase, purchase.pk)
    if row.provider_ref is None:
        row.provider_ref = started.provider_ref
        row.redirect_url = started.redirect_url or ""
        row.instructions = dict(started.instructions)
        row.save(update_fields=["provider_ref", "redirect_url", "instructions"])
        note(row, "at_provider", actor=f"provider:{row.provider}", detail=started.provider_ref)
        if not row.automatic and row.method != Method.BANK_TRANSFER:  # which nobody waits for
            emit([PurchaseMoved(str(row.pk), row.buyer_id, str(row.state), row.credits_m)])
    return row


def paying_since(wallet_id: int, after: datetime) -> datetime | None:
    """When the newest payment was begun that somebody makes for this wallet now; None where there is none."""
    under_way = Purchase.objects.filter(
        wallet=wallet_id,
        created_at__gt=after,
        state__in=(Purchase.State.OPEN, Purchase.State.PENDING),
        provider_ref__isnull=False,
        automatic=False,
    )
    begun: datetime | None = (
        under_way.exclude(method=Method.BANK_TRANSFER)
        .order_by("-created_at")
        .values_list("created_at", flat=True)
        .first()
    )
    return begun


@transaction.atomic
def _refuse(purchase: Purchase, refused: Exception) -> None:
    row = locking.lock_one(Purchase, purchase.pk)
    if row.provider_ref is None and row.state == Purchase.State.OPEN:
        row.state, row.next_look_at = Purchase.State.FAILED, None
        row.save(update_fields=["state", "next_look_at"])
        note(row, "refused", actor=f"provider:{row.provider}", detail=getattr(refused, "code", type(refused).__name__))
