"""Buying by itself (S6): off unless the customer switched it on; under a cap per month; told by mail each time; a
charge that fails switches it off.

The decision is one transaction under the row of the wallet: it counts the month and makes the purchase, under a key
that counts too, so that no two are made for one need. The charge follows outside of it, after a crash by the sweep.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from credits.errors import BadMandate, PackageUnknown, ProviderAway, ProviderRefused, WalletUnknown, WrongAmount
from credits.ledger.accounts import find_wallet, get_wallet
from credits.models import SIZES, AutoTopUp, Purchase
from credits.store.outside import require_no_transaction
from credits.store.packages import find_offer
from credits.store.providers import registry
from credits.store.providers.base import MandateState, NotOffered, ProviderDown, Unknown
from credits.store.purchases import add_purchase, may_buy, take_to_provider
from hub.accounts.public import Membership, Person, User, audit
from hub.base import clock, locking
from hub.base.errors import Forbidden
from hub.base.outbox import put_mail
from hub.base.prepared import prepared

log = structlog.get_logger(__name__)

BATCH: Final = 100
CAP_CENTS_MAX: Final = 1_000_000
UNDECIDED: Final = (Purchase.State.OPEN, Purchase.State.PENDING)
FAILED: Final = (Purchase.State.FAILED, Purchase.State.CANCELLED, Purchase.State.EXPIRED)


def switch_on(person: Person, *, credits: int, threshold_m: int, cap_cents: int) -> AutoTopUp:
    """Buy so many credits whenever fewer than the threshold are left, up to the cap in a calendar month.

    Raises Forbidden, PackageUnknown, WrongAmount, BadMandate (buy once with `mandate` first), ProviderAway.
    """
    require_no_transaction()
    if not may_buy(person) or person.user_id is None:
        raise Forbidden
    wallet = find_wallet(person.user_id)
    if wallet is None:
        raise WalletUnknown
    offer = find_offer(wallet, credits)
    if not 0 <= threshold_m <= SIZES[-1] * 1000 or not offer.amount.cents <= cap_cents <= CAP_CENTS_MAX:
        raise WrongAmount(field="cap_cents" if 0 <= threshold_m <= SIZES[-1] * 1000 else "threshold_m")
    agreed = _find_mandate(wallet.id, person.user_id)
    with transaction.atomic():
        row, _ = AutoTopUp.objects.get_or_create(
            wallet_id=wallet.id,
            defaults={
                "user_id": person.user_id, "credits": credits, "threshold_m": threshold_m, "cap_cents": cap_cents,
                "provider": agreed.provider, "changed_at": clock.now(),
            },
        )  # fmt: skip
        row = locking.lock_one(AutoTopUp, row.pk)
        row.user_id, row.credits, row.threshold_m, row.cap_cents = person.user_id, credits, threshold_m, cap_cents
        row.provider, row.mandate_ref, row.on, row.off_because = agreed.provider, agreed.mandate_ref, True, ""
        row.changed_at = clock.now()
        row.save()
        _note(person, "on", row)
    return row


def find_permission(wallet_id: int, user_id: int | None) -> Purchase | None:
    """The last purchase with which this person gave a mandate: nobody spends what another one permitted."""
    bought = Purchase.objects.filter(wallet=wallet_id, buyer=user_id, state=Purchase.State.PAID, automatic=False)
    found: Purchase | None = bought.exclude(mandate_ref="").order_by("-paid_at").first()
    return found


def _find_mandate(wallet_id: int, user_id: int) -> Purchase:
    """That one, if its provider still has the mandate."""
    found = find_permission(wallet_id, user_id)
    provider = registry.find_stored(found.provider) if found is not None else None
    if found is None or provider is None:
        raise BadMandate
    try:
        mandate = provider.mandate(found.mandate_ref)
    except (Unknown, NotOffered):
        raise BadMandate from None
    except ProviderDown as down:
        raise ProviderAway from down
    if mandate.state != MandateState.VALID:
        raise BadMandate
    return found


def find_auto_top_up(wallet_id: int) -> AutoTopUp | None:
    return next(iter(_of_wallet(wallet=wallet_id)), None)


@prepared
def _of_wallet(*, wallet: int) -> QuerySet[AutoTopUp]:
    return AutoTopUp.objects.filter(wallet=wallet)


def spent_this_month(row: AutoTopUp) -> int:
    return row.month_cents if row.month == _month() else 0


@transaction.atomic
def switch_off(person: Person) -> None:
    """Raises Forbidden."""
    wallet = find_wallet(person.user_id) if may_buy(person) and person.user_id is not None else None
    if wallet is None:
        raise Forbidden
    for row in locking.lock(AutoTopUp.objects.filter(wallet=wallet.id, on=True)):
        row.on, row.off_because, row.changed_at = False, "", clock.now()
        row.save(update_fields=["on", "off_because", "changed_at"])
        _note(person, "off", row)


def _note(person: Person, fact: str, row: AutoTopUp) -> None:
    detail = {"credits": row.credits, "threshold_m": row.threshold_m, "cap_cents": row.cap_cents}
    audit.record(person, f"store.auto_top_up.{fact}", target_kind="wallet", target_id=row.wallet_id, detail=detail)


def buy_due(batch: int = BATCH) -> int:
    """Switch off what failed, and buy for the wallets that are low; how many purchases."""
    on = AutoTopUp.objects.filter(on=True)
    for wallet_id in list(on.filter(wallet__in=_failed()).values_list("pk", flat=True)[:batch]):
        _stop(wallet_id, "failed")
    low = on.filter(wallet__balance_m__lt=F("threshold_m")).exclude(wallet__in=_undecided())
    return sum(_buy_safely(wallet_id) for wallet_id in list(low.values_list("pk", flat=True)[:batch]))


def _undecided() -> Any:
    return Purchase.objects.filter(automatic=True, state__in=UNDECIDED).values("wallet")


def _failed() -> Any:
    """Wallets of which an automatic purchase, made since it was switched on, came to nothing."""
    since = AutoTopUp.objects.filter(wallet=OuterRef("wallet"), on=True, changed_at__lte=OuterRef("created_at"))
    return Purchase.objects.filter(Exists(since), automatic=True, state__in=FAILED).values("wallet")


def _buy_safely(wallet_id: int) -> bool:
    try:
        return buy(wallet_id)
    except Exception:  # one must not stop the others
        log.exception("store.auto_top_up_failed", wallet=wallet_id)
        return False


def buy(wallet_id: int) -> bool:
    """Buy for this wallet if it is to; whether it did."""
    require_no_transaction()
    purchase = _decide(wallet_id)
    if purchase is None:
        return False
    try:
        take_to_provider(purchase)
    except ProviderAway:
        return True  # the sweep goes on with it, under the same key
    except ProviderRefused:
        _stop(wallet_id, "refused")
        return False
    return True


@transaction.atomic
def _decide(wallet_id: int) -> Purchase | None:
    row = locking.lock_one(AutoTopUp, wallet_id)
    wallet = get_wallet(wallet_id)
    undecided = Purchase.objects.filter(wallet=wallet_id, automatic=True, state__in=UNDECIDED)
    if not row.on or wallet.unmetered or wallet.available_m >= row.threshold_m or undecided.exists():
        return None  # a VIP uses none (P12)
    if not _buys_for(row.user_id, wallet_id):
        _switch_off(row, "buyer_gone")
        return None
    provider = registry.find_stored(row.provider)
    try:
        offer = find_offer(wallet, row.credits)
    except PackageUnknown:
        offer = None
    if provider is None or offer is None:
        _switch_off(row, "not_offered")
        return None
    month = _month()
    if row.month != month:
        row.month, row.month_cents = month, 0
    if row.month_cents + offer.amount.cents > row.cap_cents:
        _tell(row, "store_auto_top_up_cap", key=f"auto-top-up-cap:{wallet_id}:{month}")
        row.save(update_fields=["month", "month_cents"])
        return None
    row.times += 1
    row.month_cents += offer.amount.cents
    row.save(update_fields=["month", "month_cents", "times"])
    buyer = User.objects.get(pk=row.user_id)
    method = provider.methods()[0].value
    key = f"auto:{wallet_id}:{row.times}"
    purchase = add_purchase(buyer, wallet_id, offer, provider, method, key, mandate_ref=row.mandate_ref)
    _tell(row, "store_auto_top_up", key=f"auto-top-up:{purchase.pk}", purchase=purchase)
    return purchase


def _buys_for(user_id: int, wallet_id: int) -> bool:
    """Whether who permitted it still buys for this wallet: owners hand over, people leave or are shut out (P4)."""
    if not User.objects.filter(pk=user_id, is_active=True).exists():
        return False
    if Membership.objects.filter(user=user_id).exclude(role=Membership.Role.OWNER).exists():
        return False
    own = find_wallet(user_id)
    return own is not None and own.id == wallet_id


def _month() -> date:
    return timezone.localtime(clock.now()).date().replace(day=1)


@transaction.atomic
def _stop(wallet_id: int, why: str) -> None:
    """A charge failed: nothing more is tried until the customer switches it on again (S6)."""
    row = locking.lock_one(AutoTopUp, wallet_id)
    if row.on:
        _switch_off(row, why)


def _switch_off(row: AutoTopUp, why: str) -> None:
    row.on, row.off_because, row.changed_at = False, why, clock.now()
    row.save(update_fields=["on", "off_because", "changed_at"])
    _tell(row, "store_auto_top_up_off", key=f"auto-top-up-off:{row.wallet_id}:{row.times}:{row.changed_at.timestamp()}")


def _tell(row: AutoTopUp, template: str, *, key: str, purchase: Purchase | None = None) -> None:
    user = User.objects.get(pk=row.user_id)
    if user.email:
        put_mail(
            to=user.email,
            template=template,
            language=user.language or settings.LANGUAGE_CODE,
            context={"row": row, "purchase": purchase, "path": reverse("portal-auto-top-up")},
            about=f"user:{user.pk}",
            key=key,
        )
