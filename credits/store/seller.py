"""Who sells, as it stands on a receipt (S4): the settings' name and numbers, the look of the brand that is in use."""

from __future__ import annotations

from django.conf import settings

from credits.store.receipt_facts import Seller
from hub.base.brand import brand_in_use
from hub.site.public import find_logo


def seller_in_use() -> Seller:
    brand = brand_in_use()
    return Seller(
        name=settings.SELLER_NAME or brand.name,
        address=tuple(settings.SELLER_ADDRESS),
        vat_number=settings.SELLER_VAT_NUMBER,
        registration=settings.SELLER_REGISTRATION,
        colour=brand.colour,
        logo=find_logo(brand),
    )
