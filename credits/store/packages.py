"""What is for sale, and for how much to whom (S1, S7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from credits.errors import PackageUnknown, WrongAmount
from credits.ledger.accounts import WalletView
from credits.models import SIZES, OrganisationPrice, Package, VatAt
from credits.store.providers.base import Money
from hub.accounts.public import Organisation, Person, audit
from hub.base.errors import Forbidden, NotFound

AMOUNT_CENTS_MAX = 100_000_00
VAT_BP_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Offer:
    """`amount` is with VAT. `own_price`: agreed with the organisation."""

    credits: int
    amount: Money
    vat_bp: int
    vat_at: str
    own_price: bool = False

    @property
    def vat_cents(self) -> int:
        return vat_in(self.amount.cents, self.vat_bp)


def vat_in(amount_cents: int, vat_bp: int) -> int:
    """The VAT that is inside an amount, rounded half up."""
    return (2 * amount_cents * vat_bp + 10_000 + vat_bp) // (2 * (10_000 + vat_bp))


def offers(wallet: WalletView) -> list[Offer]:
    """What this wallet can buy, the smallest first."""
    own: dict[int, int] = {}
    if wallet.organisation_id is not None:
        prices = OrganisationPrice.objects.filter(organisation=wallet.organisation_id)
        own = dict(prices.values_list("package_id", "amount_cents"))
    return [
        Offer(
            package.credits,
            Money(own.get(package.pk, package.amount_cents), package.currency),
            package.vat_bp,
            package.vat_at,
            package.pk in own,
        )
        for package in Package.objects.filter(active=True).order_by("credits")
    ]


def find_offer(wallet: WalletView, credits: int) -> Offer:
    """Raises PackageUnknown."""
    for offer in offers(wallet):
        if offer.credits == credits:
            return offer
    raise PackageUnknown


@transaction.atomic
def set_package(
    actor: Person, credits: int, amount: Money, *, vat_bp: int, vat_at: str = VatAt.SALE, active: bool = True
) -> Package:
    """The owner prices a size, or takes it off sale. What was bought keeps its price."""
    _require_owner(actor)
    if credits not in SIZES:
        raise PackageUnknown
    _require_price(amount.cents)
    if not 0 <= vat_bp < VAT_BP_MAX or vat_at not in VatAt.values:
        raise WrongAmount(field="vat_bp")
    package, _ = Package.objects.update_or_create(
        credits=credits,
        defaults={
            "amount_cents": amount.cents,
            "currency": amount.currency,
            "vat_bp": vat_bp,
            "vat_at": vat_at,
            "active": active,
        },
    )
    detail = {"credits": credits, "amount_cents": amount.cents, "vat_bp": vat_bp, "active": active}
    audit.record(actor, "store.package.set", detail=detail)
    return package


def seed_packages(cents_of: Mapping[int, int], *, currency: str = "EUR", vat_bp: int = 2100) -> None:
    """For a demo: these sizes at these prices, where they have none yet."""
    Package.objects.bulk_create(
        [
            Package(credits=credits, amount_cents=cents, currency=currency, vat_bp=vat_bp)
            for credits, cents in cents_of.items()
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def set_organisation_price(actor: Person, organisation_id: int, credits: int, amount_cents: int | None) -> None:
    """What an organisation pays instead; None: as everybody. Raises PackageUnknown, NotFound."""
    _require_owner(actor)
    package = Package.objects.filter(credits=credits).first()
    if package is None:
        raise PackageUnknown
    if not Organisation.objects.filter(pk=organisation_id).exists():
        raise NotFound
    if amount_cents is None:
        OrganisationPrice.objects.filter(organisation=organisation_id, package=package).delete()
    else:
        _require_price(amount_cents)
        OrganisationPrice.objects.update_or_create(
            organisation_id=organisation_id, package=package, defaults={"amount_cents": amount_cents}
        )
    audit.record(
        actor,
        "store.organisation_price.set",
        target_kind="organisation",
        target_id=organisation_id,
        detail={"credits": credits, "amount_cents": amount_cents},
    )


def _require_owner(actor: Person) -> None:
    if not actor.is_owner:
        raise Forbidden


def _require_price(cents: int) -> None:
    if not 0 < cents <= AMOUNT_CENTS_MAX:
        raise WrongAmount(field="amount")
