"""Where providers and payers come back to: `/hooks/payments/<provider>/` and `/store/return/<purchase>/` (S3)."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from credits.errors import PurchaseUnknown
from credits.models import Purchase
from credits.store.providers.base import ProviderDown
from credits.store.settling import settle
from hub.base.errors import TooFast
from hub.base.limits import Limit, use
from hub.site.public import is_known_origin

LOOKS = Limit("store.return", 30, 60)  # at one purchase: each asks its provider


@never_cache
@require_safe
def returned(request: HttpRequest, purchase_id: UUID) -> HttpResponse:
    """The payer is back: look how it stands, and lead them to where they came from, else to the page of the purchase.

    It tells a stranger nothing.
    """
    to = reverse("portal-purchase", args=[purchase_id])
    purchase = Purchase.objects.filter(pk=purchase_id).only("return_to").first()
    if purchase is not None:
        to = _local(purchase.return_to) or _on_a_website(purchase.return_to) or to
        try:
            use(LOOKS, str(purchase_id))
            settle(purchase_id)
        except (TooFast, ProviderDown, PurchaseUnknown):
            pass  # the sweep looks; the page they come to shows it as open
    return HttpResponseRedirect(to)


def _local(path: str) -> str:
    """A path of this hub, or ''."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() else ""


def _on_a_website(address: str) -> str:
    """An address on one of the websites that have the widget: their chat may have been left to pay. Or ''."""
    parts = urlsplit(address)
    plain = address.isprintable() and "\\" not in address and parts.username is None
    return address if plain and is_known_origin(f"{parts.scheme}://{parts.netloc}") else ""


@never_cache
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """Where the window ends that the widget opened to pay in: the chat is in the other one."""
    return render(request, "store/done.html")
