"""Which providers this hub works with. Each module says by `configured()` whether it is switched on (S2)."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Final

from credits.errors import ProviderUnknown
from credits.store.providers.base import Provider

# In the order in which they are shown.
MODULES: Final = ("mollie", "paypal", "targetpay", "bank_transfer", "sandbox")


@cache
def offered() -> tuple[Provider, ...]:
    """Those that are configured; settings do not change while a process runs."""
    found = []
    for name in MODULES:
        full_name = f"{__package__}.{name}"
        if find_spec(full_name) is None:
            continue
        provider: Provider | None = import_module(full_name).configured()
        if provider is not None:
            found.append(provider)
    return tuple(found)


def find(name: str) -> Provider:
    """Raises ProviderUnknown: there is none of this name, or it is not switched on."""
    for provider in offered():
        if provider.name == name:
            return provider
    raise ProviderUnknown


def find_stored(name: str) -> Provider | None:
    """The provider of a payment of before, which may have been switched off since."""
    return next((provider for provider in offered() if provider.name == name), None)
