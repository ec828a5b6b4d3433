"""What surrounds every page of the portal: navigation, brand, balance, the way into the widget (docs/how/portal.md)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from hub.accounts.public import Person
from hub.base.brand import Brand, brand_in_use
from hub.base.registries import NavItem, account_menu, portal_nav
from hub.dashboard.portal.purse import wallet_of
from hub.site.public import TINTS, initials, layout_of, sign_portal_customer


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the navigation, as it is drawn."""

    label: str | Promise
    icon: str  # the name of the drawing
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """`balance_m` is None where none is shown (P12). `identity` tells our own widget who is here (P11)."""

    brand: Brand
    layout: str
    places: list[Place]
    menu: list[Place]
    name: str
    initials: str
    tint: int
    balance_m: int | None
    site_key: str
    identity: str


def frame_for(request: HttpRequest, person: Person) -> Frame:
    brand = brand_in_use()
    wallet = wallet_of(request, person)
    key, identity = sign_portal_customer(person.user_id or 0)
    return Frame(
        brand=brand,
        layout=layout_of(person, brand),
        places=places(portal_nav, request, person),
        menu=places(account_menu, request, person),
        name=person.name,
        initials=initials(person.name),
        tint=(person.user_id or 0) % TINTS + 1,
        balance_m=wallet.available_m if wallet else None,
        site_key=key,
        identity=identity,
    )


def places(items: Iterable[NavItem], request: HttpRequest, person: Person) -> list[Place]:
    """Those that this person may go to, in order; the one in whose part of the portal they are is marked."""
    shown = sorted((item for item in items if item.shown(person)), key=lambda item: item.order)
    addresses = [reverse(item.url_name) for item in shown]
    here = max((url for url in addresses if _is_under(request.path, url)), key=len, default="")
    return [Place(item.label, item.icon, url, current=url == here) for item, url in zip(shown, addresses, strict=True)]


def _is_under(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))
