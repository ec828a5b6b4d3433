"""Buying credits on the portal (S1-S3): what is on offer, the way to the provider and back, the own purchases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from credits.ledger.accounts import open_wallet
from credits.models import OrganisationPrice, Package, Purchase
from credits.pages import purchases as pages
from credits.pages import top_up
from credits.pages.payments import LOOKS
from credits.store.packages import set_organisation_price
from credits.store.providers.bank_transfer import BankTransfer
from credits.store.providers.base import State
from credits.store.settling import settle
from credits.store.vouchers import make_vouchers
from hub.accounts.models import User
from hub.base import clock
from tests.browsers import browser_of
from tests.credits.store.shop import FakeProvider, balance, buys, make_buyer, open_shop
from tests.people import make_customer, make_organisation, make_owner, person_of

pytestmark = pytest.mark.django_db

TOP_UP = "/wallet/top-up/"


@pytest.fixture
def shop() -> Iterator[FakeProvider]:
    with open_shop() as provider:
        yield provider


def text_of(answer: Any) -> str:
    """What somebody reads: without what only a browser with scripts leaves out."""
    html = re.sub(r"<noscript>.*?</noscript>", "", answer.content.decode(), flags=re.S)
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)))


def form_of(answer: Any) -> dict[str, str]:
    """The form as it is filled in when the page comes."""
    html = answer.content.decode()
    html = html[html.index('class="cols topup"') :]
    checked = dict(re.findall(r'name="(package|way)" value="([^"]+)"[^>]*? checked', html))
    return {"form_key": re.findall(r'name="form_key" value="([^"]+)"', html)[0], **checked}


def only_purchase() -> Purchase:
    found: Purchase = Purchase.objects.get()
    return found


# -- What is on offer ---------------------------------------------------------------------------------------------


def test_s1_s2_the_page_shows_packages_with_price_and_vat_and_ways_to_pay(shop: FakeProvider) -> None:
    page = browser_of(make_buyer()[0]).get(TOP_UP)
    said = text_of(page)
    assert re.findall(r'name="package" value="([^"]+)"', page.content.decode()) == ["50:5000", "100:9500"]
    for words in ("€50.00", "€95.00", "Includes €8.68 VAT", "Includes €16.49 VAT", "iDEAL | Wero", "Credit or debit"):
        assert words in said, words
    assert form_of(page)["package"] == "100:9500"
    assert form_of(page)["way"] == "fake:ideal"


def test_s1_an_organisation_sees_its_own_price(shop: FakeProvider) -> None:
    firm = make_organisation()
    set_organisation_price(person_of(make_owner()), firm.organisation.pk, 100, 8000)
    page = browser_of(firm.owner).get(TOP_UP)
    assert "100:8000" in page.content.decode()
    assert "These are the prices of your organisation." in text_of(page)
    other = browser_of(make_buyer()[0]).get(TOP_UP)
    assert "100:9500" in other.content.decode()
    assert "prices of your organisation" not in text_of(other)
    assert OrganisationPrice.objects.count() == 1


def test_s2_a_transfer_on_statement_is_for_organisations_alone() -> None:
    with open_shop(FakeProvider(), BankTransfer("NL02ABNA0123456789", "Balie BV")):  # type: ignore[arg-type]
        firm = make_organisation()
        open_wallet(organisation_id=firm.organisation.pk)
        assert "bank:bank_transfer" in browser_of(firm.owner).get(TOP_UP).content.decode()
        assert "bank:bank_transfer" not in browser_of(make_buyer()[0]).get(TOP_UP).content.decode()


@pytest.mark.parametrize("lacks", ["packages", "providers"])
def test_s2_no_page_offers_to_buy_where_nothing_can_be_bought(lacks: str, monkeypatch: Any) -> None:
    with open_shop():
        if lacks == "packages":
            Package.objects.update(active=False)
        else:
            monkeypatch.setattr("credits.store.ways.registry.offered", lambda: ())
        browser = browser_of(make_buyer()[0])
        page = browser.get(TOP_UP)
        assert "Credits cannot be bought here at the moment" in text_of(page)
        assert 'name="package"' not in page.content.decode()
        for path in ("/", "/wallet/", "/wallet/purchases/"):
            assert TOP_UP not in browser.get(path).content.decode(), path


def test_p4_p12_who_may_not_buy_is_told_so_and_a_vip_sees_no_money(shop: FakeProvider) -> None:
    firm = make_organisation()
    employee = browser_of(firm.employee)
    assert "owner buys the credits" in text_of(employee.get(TOP_UP))
    assert "owner buys the credits" in text_of(employee.post(TOP_UP, {"package": "50:5000", "way": "fake:ideal"}))
    vip = browser_of(make_customer(vip=True))
    for path in (TOP_UP, "/wallet/purchases/", "/wallet/voucher/"):
        assert "You work without credits" in text_of(vip.get(path)), path
    assert TOP_UP not in employee.get("/wallet/").content.decode()
    assert not Purchase.objects.exists()


# -- To the provider ----------------------------------------------------------------------------------------------


def test_from_the_low_notice_to_the_provider_in_two_clicks(shop: FakeProvider) -> None:
    """Issue 4: at most three clicks on our pages from "low credit" to the provider."""
    user, _person, _wallet = make_buyer()
    browser = browser_of(user)
    assert TOP_UP in browser.get("/").content.decode()  # first: the link
    page = browser.get(TOP_UP)
    leads = browser.post(TOP_UP, form_of(page))  # second: the button
    purchase = only_purchase()
    assert leads.status_code == 302
    assert leads["Location"] == f"/wallet/purchases/{purchase.pk}/pay/"
    step = browser.get(leads["Location"])
    assert step["Refresh"] == f"0; url={purchase.redirect_url}"
    assert f'href="{purchase.redirect_url}"' in step.content.decode()
    assert (purchase.credits_m, purchase.amount_cents, purchase.method) == (100_000, 9500, "ideal")


def test_s3_a_form_that_is_sent_twice_buys_once(shop: FakeProvider) -> None:
    browser = browser_of(make_buyer()[0])
    form = form_of(browser.get(TOP_UP))
    assert browser.post(TOP_UP, form)["Location"] == browser.post(TOP_UP, form)["Location"]
    assert Purchase.objects.count() == 1
    assert len(shop.payments) == 1


def test_s3_two_tabs_are_two_purchases_and_each_is_credited_once(shop: FakeProvider) -> None:
    user, _person, wallet = make_buyer()
    browser = browser_of(user)
    tabs = [form_of(browser.get(TOP_UP)) for _ in range(2)]
    for tab in tabs:
        browser.post(TOP_UP, tab)
    assert len(shop.payments) == 2
    for ref in shop.payments:
        shop.pays(ref)
    for purchase in Purchase.objects.all():
        browser.get(f"/store/return/{purchase.pk}/")
        browser.get(f"/store/return/{purchase.pk}/")
    assert balance(wallet) == 200_000


def test_who_comes_back_by_the_browsers_button_and_chooses_otherwise_buys_that(shop: FakeProvider) -> None:
    """The form of before has the key of before; another choice is another purchase and no error."""
    browser = browser_of(make_buyer()[0])
    form = form_of(browser.get(TOP_UP))
    browser.post(TOP_UP, form)
    browser.post(TOP_UP, {**form, "package": "50:5000", "way": "fake:card"})
    assert sorted(Purchase.objects.values_list("amount_cents", "method")) == [(5000, "card"), (9500, "ideal")]


def test_who_comes_back_to_a_payment_that_is_over_sees_how_it_went(shop: FakeProvider) -> None:
    browser = browser_of(make_buyer()[0])
    form = form_of(browser.get(TOP_UP))
    browser.post(TOP_UP, form)
    purchase = only_purchase()
    shop.change(purchase.provider_ref or "", state=State.CANCELLED)
    settle(purchase.pk)
    leads = browser.post(TOP_UP, form, follow=True)
    assert "The payment was cancelled." in text_of(leads)
    assert f"{TOP_UP}?credits=100" in leads.content.decode()
    assert Purchase.objects.count() == 1


def test_s1_a_price_that_changed_in_between_is_shown_and_nothing_is_bought(shop: FakeProvider) -> None:
    browser = browser_of(make_buyer()[0])
    form = form_of(browser.get(TOP_UP))
    Package.objects.filter(credits=100).update(amount_cents=9900)
    page = browser.post(TOP_UP, form)
    assert page.status_code == 409
    assert "The price has changed in the meantime." in text_of(page)
    assert not Purchase.objects.exists()
    assert shop.asked == 0
    browser.post(TOP_UP, form_of(page))
    assert only_purchase().amount_cents == 9900


def test_a_package_that_was_withdrawn_in_between_is_not_sold(shop: FakeProvider) -> None:
    browser = browser_of(make_buyer()[0])
    form = form_of(browser.get(TOP_UP))
    Package.objects.filter(credits=100).update(active=False)
    page = browser.post(TOP_UP, form)
    assert "These credits are not for sale." in text_of(page)
    assert form_of(page)["package"] == "50:5000"
    assert not Purchase.objects.exists()


@pytest.mark.parametrize(
    "said", [{}, {"package": "100:9500"}, {"way": "fake:ideal"}, {"package": "x", "way": "y"}, {"package": "1e3:5"}]
)
def test_a_form_without_a_choice_says_what_is_missing(shop: FakeProvider, said: dict[str, str]) -> None:
    page = browser_of(make_buyer()[0]).post(TOP_UP, said)
    assert page.status_code == 409
    assert "Please choose how many credits" in text_of(page)
    assert not Purchase.objects.exists()


def test_while_the_provider_is_away_the_same_form_goes_on_with_the_same_purchase(shop: FakeProvider) -> None:
    browser = browser_of(make_buyer()[0])
    form = form_of(browser.get(TOP_UP))
    shop.down = True
    page = browser.post(TOP_UP, form)
    assert "does not answer at the moment" in text_of(page)
    assert form_of(page) == form
    shop.down = False
    assert browser.post(TOP_UP, form_of(page))["Location"] == f"/wallet/purchases/{only_purchase().pk}/pay/"


def test_what_the_provider_refuses_is_begun_anew(shop: FakeProvider) -> None:
    browser = browser_of(make_buyer()[0])
    form = form_of(browser.get(TOP_UP))
    shop.refuses = True
    page = browser.post(TOP_UP, form)
    assert "refused this" in text_of(page)
    assert form_of(page)["form_key"] != form["form_key"]
    shop.refuses = False
    browser.post(TOP_UP, form_of(page))
    assert sorted(Purchase.objects.values_list("state", flat=True)) == ["failed", "open"]


def test_a_payment_that_was_begun_is_offered_again(shop: FakeProvider, monkeypatch: Any) -> None:
    user, person, _wallet = make_buyer()
    purchase = buys(person, 50)
    page = browser_of(user).get(TOP_UP)
    assert "Go on with that payment" in text_of(page)
    assert f"/wallet/purchases/{purchase.pk}/pay/" in page.content.decode()
    assert form_of(page)["package"] == "50:5000"  # what was chosen last
    monkeypatch.setattr(top_up, "UNDER_WAY_FOR", timedelta())
    assert "Go on with that payment" not in text_of(browser_of(user).get(TOP_UP))


@pytest.mark.parametrize("address", ["javascript:alert(1)", "", "data:text/html,x"])
def test_x3_the_step_leads_to_nothing_but_a_page_of_the_web(shop: FakeProvider, address: str) -> None:
    user, person, _wallet = make_buyer()
    purchase = buys(person)
    Purchase.objects.update(redirect_url=address)
    answer = browser_of(user).get(f"/wallet/purchases/{purchase.pk}/pay/")
    assert answer["Location"] == f"/wallet/purchases/{purchase.pk}/"
    assert "Refresh" not in answer


# -- And back -----------------------------------------------------------------------------------------------------


def test_s3_who_comes_back_paid_sees_it_and_the_credits(shop: FakeProvider) -> None:
    user, person, wallet = make_buyer()
    purchase = buys(person, 100)
    shop.pays(purchase.provider_ref or "")
    page = browser_of(user).get(f"/store/return/{purchase.pk}/", follow=True)
    assert page.redirect_chain == [(f"/wallet/purchases/{purchase.pk}/", 302)]
    assert "Paid. 100.0 credits are in the wallet." in text_of(page)
    assert "The balance is 100.0 now." in text_of(page)
    assert balance(wallet) == 100_000
    assert b"data-fresh=" not in page.content
    assert b'http-equiv="refresh"' not in page.content


def test_s3_who_comes_back_too_early_waits_with_and_without_script(shop: FakeProvider) -> None:
    user, person, wallet = make_buyer()
    purchase = buys(person, 100)
    browser = browser_of(user)
    page = browser.get(f"/store/return/{purchase.pk}/", follow=True)
    assert "We wait for the payment." in text_of(page)
    assert f'data-fresh="/wallet/purchases/{purchase.pk}/state/"' in page.content.decode()
    assert b'<noscript><meta http-equiv="refresh" content="5; url=?look=1"></noscript>' in page.content
    part = browser.get(f"/wallet/purchases/{purchase.pk}/state/")
    assert b"data-fresh-over" not in part.content
    shop.pays(purchase.provider_ref or "")
    assert b"data-fresh-over" in browser.get(f"/wallet/purchases/{purchase.pk}/state/").content
    assert "Paid." in text_of(browser.get(f"/wallet/purchases/{purchase.pk}/?look=1"))
    assert balance(wallet) == 100_000


def test_s3_a_look_without_script_asks_the_provider(shop: FakeProvider) -> None:
    user, person, wallet = make_buyer()
    purchase = buys(person, 100)
    shop.pays(purchase.provider_ref or "")
    browser = browser_of(user)
    assert "We wait for the payment." in text_of(browser.get(f"/wallet/purchases/{purchase.pk}/"))
    assert "Paid." in text_of(browser.get(f"/wallet/purchases/{purchase.pk}/?look=1"))
    assert balance(wallet) == 100_000


def test_s3_who_closed_the_browser_on_return_finds_it_paid(shop: FakeProvider) -> None:
    user, person, _wallet = make_buyer()
    purchase = buys(person, 100)
    shop.pays(purchase.provider_ref or "")
    settle(purchase.pk)  # the notice, or the sweep
    assert "Paid." in text_of(browser_of(user).get(f"/wallet/purchases/{purchase.pk}/"))


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.FAILED, "The payment failed."),
        (State.CANCELLED, "The payment was cancelled."),
        (State.EXPIRED, "The time to pay is over."),
        (State.PENDING, "Your payment is under way."),
    ],
)
def test_s3_the_page_says_how_it_went_and_what_now(shop: FakeProvider, state: State, words: str) -> None:
    user, person, wallet = make_buyer()
    purchase = buys(person, 50)
    shop.change(purchase.provider_ref or "", state=state)
    page = browser_of(user).get(f"/store/return/{purchase.pk}/", follow=True)
    assert words in text_of(page)
    assert ("Try again" in text_of(page)) == (state != State.PENDING)
    assert (b"data-fresh=" in page.content) == (state == State.PENDING)
    assert balance(wallet) == 0


def test_s3_a_provider_that_is_away_on_return_leaves_the_page_as_it_was(shop: FakeProvider) -> None:
    user, person, _wallet = make_buyer()
    purchase = buys(person)
    shop.down = True
    browser = browser_of(user)
    assert "We wait for the payment." in text_of(browser.get(f"/store/return/{purchase.pk}/", follow=True))
    assert "We wait for the payment." in text_of(browser.get(f"/wallet/purchases/{purchase.pk}/state/"))


def test_s3_looking_often_does_not_ask_the_provider_as_often(shop: FakeProvider) -> None:
    user, person, _wallet = make_buyer()
    purchase = buys(person)
    before, browser = shop.asked, browser_of(user)
    for _ in range(LOOKS.most + 5):
        assert browser.get(f"/wallet/purchases/{purchase.pk}/state/").status_code == 200
    assert shop.asked - before == LOOKS.most


def test_who_waited_long_looks_by_hand(shop: FakeProvider, monkeypatch: Any) -> None:
    user, person, _wallet = make_buyer()
    purchase = buys(person)
    monkeypatch.setattr(pages, "WAITED_FOR", timedelta())
    page = browser_of(user).get(f"/wallet/purchases/{purchase.pk}/")
    assert b"data-fresh=" not in page.content
    assert "Look again" in text_of(page)


def test_s3_what_does_not_fit_is_told_and_nobody_is_asked_to_pay_again(shop: FakeProvider) -> None:
    user, person, wallet = make_buyer()
    purchase = buys(person)
    shop.change(purchase.provider_ref or "", state=State.PAID, test=False)
    page = browser_of(user).get(f"/store/return/{purchase.pk}/", follow=True)
    assert "Something about this payment does not fit." in text_of(page)
    assert "Please do not pay again" in text_of(page)
    assert balance(wallet) == 0


def test_s5_money_that_a_bank_took_back_is_told_with_what_is_owed(shop: FakeProvider) -> None:
    user, person, _wallet = make_buyer()
    purchase = buys(person, 50)
    shop.pays(purchase.provider_ref or "")
    settle(purchase.pk)
    shop.change(purchase.provider_ref or "", charged_back_cents=5000)
    settle(purchase.pk)
    page = text_of(browser_of(user).get(f"/wallet/purchases/{purchase.pk}/"))
    assert "Your bank took the money back" in page
    assert "Credits taken back 50.0" in page


def test_s2_a_bank_transfer_has_its_reference_and_waits_for_staff() -> None:
    with open_shop(BankTransfer("NL02ABNA0123456789", "Balie BV")):  # type: ignore[arg-type]
        firm = make_organisation()
        open_wallet(organisation_id=firm.organisation.pk)
        browser = browser_of(firm.owner)
        form = form_of(browser.get(TOP_UP))
        page = browser.post(TOP_UP, form, follow=True)
        purchase = only_purchase()
        assert page.redirect_chain == [(f"/wallet/purchases/{purchase.pk}/", 302)]
        for words in ("NL02ABNA0123456789", "Balie BV", purchase.instructions["reference"], "€95.00"):
            assert words in text_of(page), words
        assert b"data-fresh=" not in page.content
        assert "Look again" not in text_of(page)


# -- Whose it is --------------------------------------------------------------------------------------------------


def test_x1_a_purchase_of_somebody_else_does_not_exist(shop: FakeProvider) -> None:
    purchase = buys(make_buyer()[1])
    stranger = browser_of(make_buyer()[0])
    for name in ("portal-purchase", "portal-purchase-state", "portal-purchase-pay"):
        for pk in (purchase.pk, uuid4()):
            assert stranger.get(reverse(name, args=[pk])).status_code == 404, name
    assert Client().get(f"/wallet/purchases/{purchase.pk}/")["Location"].startswith("/login/")


def test_p4_the_list_has_the_own_purchases_and_all_of_them_for_an_organisations_owner(shop: FakeProvider) -> None:
    firm = make_organisation()
    open_wallet(organisation_id=firm.organisation.pk)
    buys(person_of(firm.owner), 50)
    user, person, _wallet = make_buyer()
    buys(person, 100)
    listed = {name: text_of(browser_of(who).get("/wallet/purchases/")) for name, who in _readers(firm, user).items()}
    assert "50.0 credits" in listed["owner"]
    assert "100.0 credits" not in listed["owner"]
    assert "Nothing was bought yet" in listed["employee"]
    assert "100.0 credits" in listed["buyer"]


def _readers(firm: Any, buyer: User) -> dict[str, User]:
    return {"owner": firm.owner, "employee": firm.employee, "buyer": buyer}


def test_the_list_goes_on_where_the_page_before_ended(shop: FakeProvider, monkeypatch: Any) -> None:
    monkeypatch.setattr(pages, "PAGE", 2)
    user, person, _wallet = make_buyer()
    now = clock.now()
    with monkeypatch.context() as still:
        made = []
        for number in range(5):
            still.setattr("hub.base.clock.now", lambda at=now - timedelta(seconds=number // 2): at)  # some at once
            made.append(str(buys(person, 50).pk))
    browser, path, seen = browser_of(user), "/wallet/purchases/", []
    while path:
        html = browser.get(path).content.decode()
        seen += re.findall(r'<td class="subj"><a href="/wallet/purchases/([0-9a-f-]+)/">', html)
        found = re.findall(r'href="(\?after=[^"]+)"', html)
        path = f"/wallet/purchases/{found[0]}" if found else ""
    assert len(seen) == 5
    assert set(seen) == set(made)
    assert browser.get("/wallet/purchases/?after=nonsense").status_code == 200


# -- Vouchers -----------------------------------------------------------------------------------------------------


def test_s1_a_voucher_is_redeemed_once_however_it_is_typed(shop: FakeProvider) -> None:
    user, _person, wallet = make_buyer()
    (code,) = make_vouchers(person_of(make_owner()), credits_m=25_000, credits_days=30)
    browser = browser_of(user)
    assert "Have you got a voucher?" in text_of(browser.get(TOP_UP))
    for typed in (code, code.lower().replace("-", " ")):
        page = browser.post("/wallet/voucher/", {"code": typed}, follow=True)
        assert "The voucher gave you 25.0 credits. Use them before" in text_of(page)
    assert balance(wallet) == 25_000


def test_s1_a_voucher_that_is_unknown_used_or_over_says_so_beside_the_code(shop: FakeProvider) -> None:
    owner = person_of(make_owner())
    (used,) = make_vouchers(owner, credits_m=25_000)
    (over,) = make_vouchers(owner, credits_m=25_000, until=clock.now() - timedelta(days=1))
    browser_of(make_buyer()[0]).post("/wallet/voucher/", {"code": used})
    user, _person, wallet = make_buyer()
    for code, words in (
        ("ABCD-EFGH", "We do not know this voucher."),
        (used, "This voucher was used already."),
        (over, "This voucher is no longer valid."),
    ):
        page = browser_of(user).post("/wallet/voucher/", {"code": code})
        assert page.status_code == 409
        assert words in text_of(page)
        assert f'value="{code}"' in page.content.decode()
    assert balance(wallet) == 0


def test_no_voucher_is_asked_for_where_there_is_none(shop: FakeProvider) -> None:
    assert "Have you got a voucher?" not in text_of(browser_of(make_buyer()[0]).get(TOP_UP))
