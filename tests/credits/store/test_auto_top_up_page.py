"""Automatic top-up on its page (S6): permitted by a first payment, switched on and off by the customer alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from credits.models import AutoTopUp, Purchase
from credits.store import auto_top_up
from credits.store.providers.base import Capability, MandateState, State
from credits.store.settling import settle
from hub.accounts.actions import organisations
from hub.accounts.models import User
from hub.base.errors import Forbidden
from hub.base.models import OutboxMessage
from tests.browsers import browser_of
from tests.credits.money import top_up
from tests.credits.store.shop import FakeProvider, balance, buys, make_buyer, open_shop
from tests.credits.store.test_top_up_pages import text_of
from tests.people import make_customer, make_organisation, person_of

pytestmark = pytest.mark.django_db

PAGE = "/wallet/auto-top-up/"
SETTINGS = {"credits": "50", "threshold": "20", "cap": "120,50"}


@pytest.fixture
def shop() -> Iterator[FakeProvider]:
    with open_shop() as provider:
        yield provider


def buys_once(user: User, **more: str) -> Purchase:
    browser_of(user).post(PAGE, {"do": "buy", "form_key": "k", "way": "fake:ideal", **SETTINGS, **more})
    found: Purchase = Purchase.objects.latest("created_at")
    return found


def permits(shop: FakeProvider, user: User) -> Purchase:
    """The first payment, paid, with the permission that the provider gives with it."""
    purchase = buys_once(user)
    shop.payments[str(purchase.provider_ref)] = replace(
        shop.payments[str(purchase.provider_ref)], state=State.PAID, mandate_ref="mdt_1"
    )
    shop.mandates["mdt_1"] = MandateState.VALID
    return settle(purchase.pk)


def test_s6_without_a_permission_it_is_off_and_begins_with_a_payment(shop: FakeProvider) -> None:
    user, _person, _wallet = make_buyer()
    page = browser_of(user).get(PAGE)
    assert "First you buy credits once" in text_of(page)
    assert 'value="on"' not in page.content.decode()
    purchase = buys_once(user)
    assert (purchase.asks_mandate, purchase.state, purchase.amount_cents) == (True, "open", 5000)
    assert not AutoTopUp.objects.exists()
    assert "Your first payment is not confirmed yet." in text_of(browser_of(user).get(PAGE))


def test_s6_the_first_payment_leads_back_with_what_was_filled_in_and_nothing_is_on_yet(shop: FakeProvider) -> None:
    user, _person, _wallet = make_buyer()
    purchase = permits(shop, user)
    browser = browser_of(user)
    back = browser.get(f"/store/return/{purchase.pk}/", follow=True)
    assert back.redirect_chain == [(f"{PAGE}?credits=50&threshold=20&cap=120%2C50", 302)]
    html = back.content.decode()
    assert 'value="120,50"' in html
    assert 'value="on"' in html
    assert not AutoTopUp.objects.exists()  # never by itself
    assert "Now switch on automatic top-up" in text_of(browser.get(f"/wallet/purchases/{purchase.pk}/"))


def test_s6_switched_on_it_buys_below_the_threshold_and_tells_by_mail(shop: FakeProvider) -> None:
    user, _person, wallet = make_buyer()
    permits(shop, user)
    browser = browser_of(user)
    page = browser.post(PAGE, {"do": "on", **SETTINGS, "threshold": "100"}, follow=True)
    assert "Automatic top-up is on." in text_of(page)
    row = AutoTopUp.objects.get()
    assert (row.on, row.credits, row.threshold_m, row.cap_cents) == (True, 50, 100_000, 12_050)
    assert auto_top_up.buy(wallet)
    bought = Purchase.objects.get(automatic=True)
    mail = OutboxMessage.objects.get(purpose="store_auto_top_up")
    assert (mail.to, PAGE in mail.text) == (user.email, True)
    assert "This month €50.00 of at most €120.50." in text_of(browser.get(PAGE))
    assert "By itself" in text_of(browser.get("/wallet/purchases/"))
    shop.pays(str(bought.provider_ref))
    settle(bought.pk)
    assert balance(wallet) == 100_000


def test_s6_it_is_switched_off_at_any_time(shop: FakeProvider) -> None:
    user, _person, wallet = make_buyer()
    permits(shop, user)
    browser = browser_of(user)
    browser.post(PAGE, {"do": "on", **SETTINGS, "threshold": "100"})
    for _twice in range(2):
        assert "Automatic top-up is off." in text_of(browser.post(PAGE, {"do": "off"}, follow=True))
    assert not AutoTopUp.objects.get().on
    assert auto_top_up.buy_due() == 0
    assert not Purchase.objects.filter(automatic=True, wallet=wallet).exists()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"threshold": "x"}, "From 0 to 500 credits."),
        ({"threshold": "501"}, "From 0 to 500 credits."),
        ({"cap": "49.99"}, "At least the price of the package"),
        ({"cap": "1.005"}, "At least the price of the package"),
        ({"credits": "70"}, "Please choose how many credits"),
    ],
)
def test_s6_what_was_filled_in_wrong_is_said_beside_it(shop: FakeProvider, said: dict[str, str], words: str) -> None:
    user, _person, _wallet = make_buyer()
    permits(shop, user)
    page = browser_of(user).post(PAGE, {"do": "on", **SETTINGS, **said})
    assert page.status_code == 409
    assert words in text_of(page)
    assert not AutoTopUp.objects.exists()


def test_s6_a_permission_that_was_withdrawn_at_the_bank_switches_nothing_on(shop: FakeProvider) -> None:
    user, _person, _wallet = make_buyer()
    permits(shop, user)
    shop.mandates["mdt_1"] = MandateState.INVALID
    page = browser_of(user).post(PAGE, {"do": "on", **SETTINGS})
    assert "There is no permission to charge you yet." in text_of(page)
    assert not AutoTopUp.objects.exists()


def test_s6_what_switched_itself_off_says_why(shop: FakeProvider) -> None:
    user, _person, _wallet = make_buyer()
    permits(shop, user)
    browser = browser_of(user)
    browser.post(PAGE, {"do": "on", **SETTINGS})
    AutoTopUp.objects.update(on=False, off_because="failed")
    assert "It switched itself off because a payment failed." in text_of(browser.get(PAGE))


def test_s6_p4_p12_who_sees_it(shop: FakeProvider, monkeypatch: Any) -> None:
    firm = make_organisation()
    assert "owner buys the credits" in text_of(browser_of(firm.employee).get(PAGE))
    assert "You work without credits" in text_of(browser_of(make_customer(vip=True)).get(PAGE))
    user, _person, _wallet = make_buyer()
    assert PAGE in browser_of(user).get("/wallet/").content.decode()
    shop.capabilities = frozenset(Capability) - {Capability.MANDATE}
    assert "This is not offered here at the moment" in text_of(browser_of(user).get(PAGE))
    assert PAGE not in browser_of(user).get("/wallet/").content.decode()


def test_s6_p4_nobody_is_charged_for_a_wallet_that_is_not_theirs_any_more(shop: FakeProvider) -> None:
    """An owner permits it and hands the organisation over: their bank is asked by nobody any more."""
    firm = make_organisation()
    permits(shop, firm.owner)
    browser_of(firm.owner).post(PAGE, {"do": "on", **SETTINGS})
    organisations.hand_over(person_of(firm.owner), firm.organisation.pk, to_user_id=firm.manager.pk)
    wallet = AutoTopUp.objects.get().wallet_id
    top_up(wallet, -45_000)
    assert auto_top_up.buy_due() == 0
    row = AutoTopUp.objects.get()
    assert (row.on, row.off_because) == (False, "buyer_gone")
    page = browser_of(firm.manager).get(PAGE)
    assert "whoever permitted it does not buy for this wallet any more" in text_of(page)
    browser_of(firm.manager).post(PAGE, {"do": "on", **SETTINGS})
    assert (AutoTopUp.objects.get().on, Purchase.objects.filter(automatic=True).count()) == (False, 0)


@pytest.mark.parametrize("gone", ["vip", "shut out"])
def test_s6_p12_who_works_without_credits_or_is_shut_out_buys_none(shop: FakeProvider, gone: str) -> None:
    user, person, wallet = make_buyer()
    permits(shop, user)
    browser_of(user).post(PAGE, {"do": "on", **SETTINGS})
    top_up(wallet, -45_000)
    User.objects.filter(pk=user.pk).update(**{"vip": True} if gone == "vip" else {"is_active": False})
    assert (auto_top_up.buy_due(), Purchase.objects.filter(automatic=True).count()) == (0, 0)
    if gone == "vip":
        with pytest.raises(Forbidden):
            buys(person)
