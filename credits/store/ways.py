"""The ways to pay that somebody has here (S2), and whether there is anything to buy at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from credits.models import Package
from credits.store.methods import method_hint, method_icon, method_name
from credits.store.providers import registry
from credits.store.providers.base import Capability, Method
from credits.store.purchases import may_buy
from hub.base.prepared import prepared

if TYPE_CHECKING:
    from credits.ledger.accounts import WalletView
    from hub.accounts.public import Person


@dataclass(frozen=True, slots=True)
class Way:
    """A method at a provider. `mandate`: paying so can give the permission for later charges (S6)."""

    provider: str
    method: Method
    mandate: bool
    test: bool

    @property
    def code(self) -> str:
        return f"{self.provider}:{self.method}"

    @property
    def name(self) -> str:
        return method_name(self.method)

    @property
    def hint(self) -> str:
        return method_hint(Method.SANDBOX if self.test else self.method)

    @property
    def icon(self) -> str:
        """The template of the drawing."""
        return f"icons/{method_icon(self.method)}.svg"


def ways(wallet: WalletView) -> list[Way]:
    """All of every provider's, in the order in which they are shown. Transfers on statement are for organisations."""
    return [
        Way(provider.name, method, Capability.MANDATE in provider.capabilities, provider.test)
        for provider in registry.offered()
        for method in provider.methods()
        if method != Method.BANK_TRANSFER or wallet.organisation_id is not None
    ]


def ways_shown(wallet: WalletView) -> list[Way]:
    """Each method once: where two providers have it, the buyer does not care which of them takes it."""
    return _once(ways(wallet))


def ways_with_mandate(wallet: WalletView) -> list[Way]:
    """Those by which later charges can be permitted (S6), each method once."""
    return _once([way for way in ways(wallet) if way.mandate])


def _once(found: list[Way]) -> list[Way]:
    first: dict[Method, Way] = {}
    for way in found:
        first.setdefault(way.method, way)
    return list(first.values())


def sells_to(person: Person, wallet: WalletView | None) -> bool:
    """Whether this person can buy something here now: pages offer nothing that does not work."""
    if wallet is None or wallet.unmetered or not may_buy(person) or not ways(wallet):
        return False
    return bool(_on_sale())


@prepared
def _on_sale() -> QuerySet[Package, int]:
    return Package.objects.filter(active=True).values_list("pk", flat=True)[:1]
