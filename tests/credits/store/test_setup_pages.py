"""What is sold, on screen and over the API (S1, S7, A2, A4): prices, prices per organisation, vouchers."""

from __future__ import annotations

import re

import pytest

from credits.errors import VoucherUnknown
from credits.ledger.accounts import get_wallet, open_wallet
from credits.models import OrganisationPrice, Package, Voucher
from credits.store.packages import offers
from credits.store.vouchers import redeem
from hub.accounts.models import AuditEntry, User
from tests.credits.store.shop import balance, make_buyer
from tests.dashboard.admin_windows import Window
from tests.dashboard.test_setup_api import Caller
from tests.people import make_organisation, make_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return make_owner()


@pytest.fixture
def window(owner: User) -> Window:
    return Window(owner)


def prices() -> dict[int, int]:
    return dict(Package.objects.filter(active=True).values_list("credits", "amount_cents"))


def test_the_owner_prices_sizes_and_takes_them_off_sale_S1_S7(window: Window) -> None:
    typed = {"price-50": "60,50", "price-100": "۱۱۵٫۰۰", "vat": "21", "vat_at": "sale"}
    assert window.sends("admin-money-prices", **typed).status_code == 302
    assert prices() == {50: 6050, 100: 11_500}
    page = window.reads("admin-money-prices")
    assert 'value="60.50"' in page
    window.sends("admin-money-prices", **{**typed, "price-50": "", "price-150": "160", "vat": "9.5", "vat_at": "use"})
    assert prices() == {100: 11_500, 150: 16_000}
    assert set(Package.objects.values_list("vat_bp", "vat_at")) == {(950, "use")}
    made = AuditEntry.objects.filter(fact="store.package.set").count()
    window.sends("admin-money-prices", **{"price-100": "115", "price-150": "160", "vat": "9.5", "vat_at": "use"})
    assert AuditEntry.objects.filter(fact="store.package.set").count() == made  # nothing changed, nothing is told


@pytest.mark.parametrize(
    ("field", "value"), [("price-50", "-1"), ("price-50", "1.005"), ("price-50", "free"), ("vat", "100"), ("vat", "x")]
)
def test_a_wrong_price_is_told_beside_its_field_and_saves_nothing_S1(window: Window, field: str, value: str) -> None:
    answer = window.sends("admin-money-prices", **{"price-100": "95", "vat": "21", "vat_at": "sale", field: value})
    assert (answer.status_code, prices()) == (400, {})
    assert f'id="field-{field}-said"' in answer.content.decode()


def test_an_organisation_pays_what_was_agreed_S1(window: Window, owner: User) -> None:
    company = make_organisation().organisation
    wallet = get_wallet(open_wallet(organisation_id=company.pk))
    assert "Nothing is for sale yet" in window.reads("admin-organisation-prices", company.pk)
    window.sends("admin-money-prices", **{"price-50": "60", "price-100": "110", "vat": "21", "vat_at": "sale"})
    window.sends("admin-organisation-prices", company.pk, **{"price-50": "50", "price-100": ""})
    assert [(one.amount.cents, one.own_price) for one in offers(wallet)] == [(5000, True), (11_000, False)]
    assert company.name in window.reads("admin-money-prices")
    window.sends("admin-organisation-prices", company.pk, **{"price-50": "", "price-100": ""})
    assert OrganisationPrice.objects.count() == 0
    caller = Caller(owner)
    address = f"organisations/{company.pk}/prices/"
    assert caller.sends("put", address, {"credits": 100, "amount": 9000})[1]["results"][0]["amount"]["value"] == 9000
    assert caller.sends("put", address, {"credits": 100, "amount": None})[1]["results"] == []
    assert caller.asks("organisations/999999/prices/")[0] == 404


def test_vouchers_are_shown_once_and_withdrawn_S1(window: Window) -> None:
    typed = {
        "credits": "12,5",
        "count": "2",
        "uses_max": "3",
        "credits_days": "30",
        "label": "Fair",
        "form_key": "f" * 32,
    }
    page = window.sends("admin-money-vouchers", **typed).content.decode()
    codes = re.findall(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){3}", page)
    assert len(codes) == 2
    _, person, wallet = make_buyer()
    redeem(person, codes[0], address="192.0.2.1")
    assert balance(wallet) == 12_500
    again = window.sends("admin-money-vouchers", **typed).content.decode()
    assert not re.findall(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){3}", again)
    assert "This form was sent before" in again
    assert Voucher.objects.count() == 2
    assert "1 of 3" in window.reads("admin-money-vouchers", q="Fair")
    window.sends("admin-money-voucher-withdraw", Voucher.objects.get(hint=codes[1][-4:]).pk)
    with pytest.raises(VoucherUnknown):
        redeem(person, codes[1], address="192.0.2.1")
    wrong = window.sends("admin-money-vouchers", credits="0", count="0", until="2001-01-01")
    assert (wrong.status_code, Voucher.objects.count()) == (400, 2)


def test_a4_prices_and_vouchers_over_the_api(owner: User) -> None:
    caller = Caller(owner)
    body = {"credits": 50, "amount": 6050, "vat_bp": 2100}
    assert caller.sends("put", "prices/", body)[0] == 200
    assert caller.sends("put", "prices/", {**body, "credits": 55})[0] == 400
    assert caller.asks("prices/")[1]["results"][0]["amount"] == {"value": 6050, "currency": "EUR"}
    status, made = caller.sends("post", "vouchers/", {"credits_m": 5000, "count": 2, "label": "API"})
    assert (status, len(made["codes"])) == (201, 2)
    row = caller.asks("vouchers/")[1]["results"][0]
    assert (row["label"], row["uses"], row["active"]) == ("API", 0, True)
    assert caller.sends("delete", f"vouchers/{row['id']}/")[0] == 204
    assert caller.asks(f"vouchers/{row['id']}/")[1]["active"] is False
