"""S4, A3: a receipt names who sells and wears the brand in use."""

from __future__ import annotations

import pytest
from pytest_django.fixtures import Settings

from credits.store.receipt_pdf import draw_receipt
from credits.store.seller import seller_in_use
from hub.base import clock
from hub.base.brand import Brand, using
from hub.site.logos import read_logo
from hub.site.models import BrandLogo
from tests.credits.store.test_receipt_pdf import FACTS
from tests.site.test_logos import picture


def _keep_logo() -> str:
    logo = read_logo(picture())
    BrandLogo.objects.create(
        digest=logo.digest, content=logo.content, width=logo.width, height=logo.height, created_at=clock.now()
    )
    return logo.digest


@pytest.mark.django_db
def test_a3_a_receipt_wears_the_brand_in_use() -> None:
    digest = _keep_logo()
    brand = Brand(name="Hulpbalie", colour="#7b1f45", logo_url=f"/brand/logo/{digest}.png")
    with using(lambda: brand):
        seller = seller_in_use()
    assert (seller.name, seller.colour) == ("Hulpbalie", "#7b1f45")
    assert seller.logo is not None
    assert draw_receipt(FACTS, seller, "nl").startswith(b"%PDF-")


@pytest.mark.django_db
def test_s4_the_settings_say_who_sells(settings: Settings) -> None:
    settings.SELLER_NAME, settings.SELLER_ADDRESS = "Balie B.V.", ["Oudegracht 1", "3511 AA Utrecht"]
    settings.SELLER_VAT_NUMBER, settings.SELLER_REGISTRATION = "NL123456789B01", "KvK 12345678"
    seller = seller_in_use()
    assert (seller.name, seller.address) == ("Balie B.V.", ("Oudegracht 1", "3511 AA Utrecht"))
    assert (seller.vat_number, seller.registration, seller.logo) == ("NL123456789B01", "KvK 12345678", None)


@pytest.mark.django_db
def test_a3_a_logo_that_is_gone_leaves_the_name() -> None:
    with using(lambda: Brand(name="Hulpbalie", logo_url="/brand/logo/" + "0" * 64 + ".png")):
        assert seller_in_use().logo is None
