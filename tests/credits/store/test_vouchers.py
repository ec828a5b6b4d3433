"""Vouchers (S1), expiring gifts (L7) and buying by itself (S6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from credits.errors import BadMandate, KeyReused, VoucherOver, VoucherUnknown, VoucherUsed, WrongAmount
from credits.ledger.accounts import get_wallet, open_wallet
from credits.metering.audit import offences
from credits.models import AutoTopUp, OrganisationPrice, Package, Purchase, Voucher
from credits.store.auto_top_up import buy_due, switch_off, switch_on
from credits.store.expiry import LATELY, expire_due
from credits.store.packages import offers, set_organisation_price, set_package, vat_in
from credits.store.providers.base import MandateState, Money, State
from credits.store.reconcile import look_at_due
from credits.store.settling import settle
from credits.store.vouchers import make_vouchers, redeem, withdraw_voucher
from hub.accounts.public import Person
from hub.base import clock
from hub.base.errors import Forbidden, TooFast
from hub.base.models import OutboxMessage
from tests.credits.money import top_up
from tests.credits.store.shop import FakeProvider, balance, buys, make_buyer, open_shop
from tests.people import make_organisation, make_owner, person_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Iterator[FakeProvider]:
    with open_shop() as provider:
        yield provider


@pytest.fixture
def owner() -> Person:
    return person_of(make_owner())


def uses(person: Person, code: str, address: str = "127.0.0.1") -> int:
    return redeem(person, code, address=address).credits_m


def test_a_voucher_gives_once_per_customer_however_it_is_typed_S1(owner: Person) -> None:
    (code,) = make_vouchers(owner, credits_m=5_000, uses_max=2)
    _, person, wallet = make_buyer()
    assert uses(person, code) == 5_000
    assert uses(person, code.lower().replace("-", " ")) == 5_000  # the same, told again
    assert balance(wallet) == 5_000
    uses(make_buyer()[1], code)
    with pytest.raises(VoucherUsed):
        uses(make_buyer()[1], code)
    assert Voucher.objects.get().uses == 2
    assert code.replace("-", "") not in str(Voucher.objects.values())
    assert offences() == []


def test_vouchers_that_are_over_withdrawn_or_not_there_S1(owner: Person) -> None:
    now = clock.now()
    (over,) = make_vouchers(owner, credits_m=1, until=now - timedelta(seconds=1))
    (gone,) = make_vouchers(owner, credits_m=1)
    withdraw_voucher(owner, Voucher.objects.order_by("-pk")[0].pk)
    _, person, _ = make_buyer()
    with pytest.raises(VoucherOver):
        uses(person, over)
    for code in (gone, "", "ABCD-EFGH-JKLM-NPQR"):
        with pytest.raises(VoucherUnknown):
            uses(person, code)
    with pytest.raises(Forbidden):
        uses(owner, over)
    with pytest.raises(Forbidden):
        make_vouchers(person, credits_m=1)


def test_the_same_key_is_the_same_vouchers_and_other_contents_are_none_S1(owner: Person) -> None:
    first = make_vouchers(owner, credits_m=5_000, count=2, key="k1")
    assert make_vouchers(owner, credits_m=5_000, count=2, key="k1") == first
    assert Voucher.objects.count() == 2
    for credits_m, count in ((6_000, 2), (5_000, 1), (5_000, 3)):
        with pytest.raises(KeyReused):
            make_vouchers(owner, credits_m=credits_m, count=count, key="k1")
    others = [
        make_vouchers(owner, credits_m=1, key="k2"),
        make_vouchers(person_of(make_owner()), credits_m=1, key="k2"),
    ]
    assert len({*first, *others[0], *others[1]}) == 4
    assert uses(make_buyer()[1], first[0]) == 5_000
    assert make_vouchers(owner, credits_m=5_000, count=2, key="k1") == first


def test_who_tries_codes_is_shut_out_by_person_and_by_address_S1_X6(owner: Person) -> None:
    (code,) = make_vouchers(owner, credits_m=1)
    _, person, _ = make_buyer()
    for number in range(10):
        with pytest.raises(VoucherUnknown):
            uses(person, f"guess {number}")
    with pytest.raises(TooFast):
        uses(person, code)
    for _ in range(50):
        with pytest.raises(VoucherUnknown):
            uses(make_buyer()[1], "guess", address="198.51.100.7")
    with pytest.raises(TooFast):
        uses(make_buyer()[1], code, address="198.51.100.7")


def test_gifts_expire_and_paid_credits_do_not_L7(shop: FakeProvider, owner: Person) -> None:
    with clock.freeze() as time:
        (code,) = make_vouchers(owner, credits_m=30_000, credits_days=2)
        _, person, wallet = make_buyer()
        purchase = buys(person)
        shop.pays(str(purchase.provider_ref))
        settle(purchase.pk)
        uses(person, code)
        top_up(wallet, -10_000)  # of the gift: it expires soonest
        time.advance(days=1)
        assert expire_due() == 0
        time.advance(days=2)
        assert expire_due() == 20_000
        assert expire_due() == 0
        assert balance(wallet) == 50_000
    assert offences() == []


# -- prices ------------------------------------------------------------------------------------------------------------


def test_however_many_gifts_are_over_each_of_them_expires_L7(owner: Person) -> None:
    """A wallet whose gift is over and which has other credits does not stand before the next one for weeks."""
    with clock.freeze() as time:
        codes = make_vouchers(owner, credits_m=3_000, credits_days=2, count=3)
        wallets = []
        for code in codes:
            _, person, wallet = make_buyer()
            top_up(wallet, 1_000)
            redeem(person, code, address="192.0.2.1")
            wallets.append(wallet)
        time.advance(days=2)
        assert expire_due(batch=1, looks_back=LATELY) == 9_000
        assert [balance(wallet) for wallet in wallets] == [1_000] * 3
        assert (expire_due(batch=1), expire_due(looks_back=LATELY)) == (0, 0)


def test_the_owner_prices_and_an_organisation_may_have_its_own_S1_S7(owner: Person) -> None:
    set_package(owner, 50, Money(5000, "EUR"), vat_bp=2100)
    set_package(owner, 100, Money(9000, "EUR"), vat_bp=900, vat_at="use")
    company = make_organisation()
    wallet = get_wallet(open_wallet(organisation_id=company.organisation.pk))
    set_organisation_price(owner, company.organisation.pk, 50, 4000)
    assert [(one.credits, one.amount.cents, one.own_price) for one in offers(wallet)] == [
        (50, 4000, True),
        (100, 9000, False),
    ]
    set_organisation_price(owner, company.organisation.pk, 50, None)
    assert OrganisationPrice.objects.count() == 0
    set_package(owner, 50, Money(5000, "EUR"), vat_bp=2100, active=False)
    assert [one.credits for one in offers(wallet)] == [100]
    for wrong in (0, -1, 10**9):
        with pytest.raises((WrongAmount, ValueError)):
            set_package(owner, 50, Money(wrong, "EUR"), vat_bp=2100)
    with pytest.raises(Forbidden):
        set_package(make_buyer()[1], 50, Money(1, "EUR"), vat_bp=0)
    assert Package.objects.count() == 2


@pytest.mark.parametrize(("cents", "bp", "vat"), [(12_100, 2100, 2100), (5000, 2100, 868), (1, 2100, 0), (100, 0, 0)])
def test_vat_is_inside_the_price_and_rounded_half_up_S7(cents: int, bp: int, vat: int) -> None:
    assert vat_in(cents, bp) == vat


# -- auto top-up -------------------------------------------------------------------------------------------------------


def with_mandate(shop: FakeProvider) -> tuple[Person, int]:
    _, person, wallet = make_buyer()
    purchase = buys(person, mandate=True)
    ref = str(purchase.provider_ref)
    shop.mandates["md"] = MandateState.VALID
    shop.change(ref, mandate_ref="md")
    shop.pays(ref)
    settle(purchase.pk)
    return person, wallet


def pays_all(shop: FakeProvider) -> None:
    for ref in shop.payments:
        shop.pays(ref)
    for pk in Purchase.objects.filter(state="open").values_list("pk", flat=True):
        settle(pk)


def test_it_buys_below_the_threshold_up_to_the_cap_and_says_so_S6(shop: FakeProvider) -> None:
    with clock.freeze() as time:
        person, wallet = with_mandate(shop)
        assert buy_due() == 0  # off unless switched on
        switch_on(person, credits=50, threshold_m=20_000, cap_cents=10_000)
        assert buy_due() == 0  # 50 credits are there
        for bought in (1, 2):
            top_up(wallet, 1_000 - balance(wallet))
            assert (buy_due(), buy_due()) == (1, 0)  # not again while it is under way
            pays_all(shop)
            assert Purchase.objects.filter(automatic=True, state="paid").count() == bought
            assert balance(wallet) == 51_000
        top_up(wallet, 1_000 - balance(wallet))
        assert (buy_due(), buy_due(), AutoTopUp.objects.get().on) == (0, 0, True)
        said = OutboxMessage.objects.filter(purpose__startswith="store_auto_top_up").values_list("purpose", flat=True)
        assert sorted(said) == ["store_auto_top_up", "store_auto_top_up", "store_auto_top_up_cap"]
        time.advance(days=32)
        assert buy_due() == 1
    assert offences() == []


def test_it_stops_when_a_charge_is_refused_or_fails_S6(shop: FakeProvider) -> None:
    person, wallet = with_mandate(shop)
    top_up(wallet, -50_000)
    switch_on(person, credits=50, threshold_m=1_000, cap_cents=10_000)
    shop.mandates["md"] = MandateState.INVALID
    assert buy_due() == 0
    assert (AutoTopUp.objects.get().on, AutoTopUp.objects.get().off_because) == (False, "refused")
    with pytest.raises(BadMandate):
        switch_on(person, credits=50, threshold_m=1_000, cap_cents=10_000)
    shop.mandates["md"] = MandateState.VALID
    switch_on(person, credits=50, threshold_m=1_000, cap_cents=20_000)
    assert buy_due() == 1
    purchase = Purchase.objects.get(automatic=True, state="open")
    shop.change(str(purchase.provider_ref), state=State.FAILED)
    settle(purchase.pk)
    assert (buy_due(), AutoTopUp.objects.get().off_because) == (0, "failed")
    assert OutboxMessage.objects.filter(purpose="store_auto_top_up_off").count() == 2


def test_a_charge_that_got_no_answer_is_made_once_S6(shop: FakeProvider) -> None:
    with clock.freeze() as time:
        person, wallet = with_mandate(shop)
        top_up(wallet, -50_000)
        switch_on(person, credits=50, threshold_m=1_000, cap_cents=10_000)
        shop.down = True
        assert buy_due() == 1
        assert buy_due() == 0
        shop.down = False
        time.advance(minutes=1)
        look_at_due()
        pays_all(shop)
        assert balance(wallet) == 50_000
        assert Purchase.objects.filter(automatic=True).count() == 1


def test_it_is_switched_off_by_the_customer_and_needs_a_mandate_S6(shop: FakeProvider) -> None:
    _, person, _ = make_buyer()
    with pytest.raises(BadMandate):
        switch_on(person, credits=50, threshold_m=1_000, cap_cents=10_000)
    person, wallet = with_mandate(shop)
    top_up(wallet, -50_000)
    for cap_cents, threshold_m in ((10, 1_000), (10_000, -1), (10**9, 1_000)):
        with pytest.raises(WrongAmount):
            switch_on(person, credits=50, threshold_m=threshold_m, cap_cents=cap_cents)
    switch_on(person, credits=50, threshold_m=1_000, cap_cents=10_000)
    switch_off(person)
    assert buy_due() == 0
