"""Credits that are bought wake the meters of the wallet at once; what is owed is paid first (M4, S5)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings

from credits.ledger.debts import owed_m
from credits.metering.meters import set_most_to_spend
from credits.metering.pricing import Price
from credits.store.settling import settle
from tests.credits.money import running, state_of, top_up
from tests.credits.store.shop import balance, buys, make_buyer, open_shop
from tests.hub_time import HubTime, hub_time

PRICE = Price(price_millicredits=10_000, block_seconds=60)


@pytest.fixture
def time(db: None) -> Iterator[HubTime]:
    with hub_time() as moving:
        yield moving


def test_an_empty_meter_goes_on_when_its_purchase_is_paid_M4_S3(time: HubTime) -> None:
    with open_shop() as shop:
        _, person, wallet = make_buyer()
        top_up(wallet, 10_000)
        meter = running(wallet, PRICE)
        time.runs(61)
        assert state_of(meter)[0] == "empty"
        purchase = buys(person)
        shop.pays(str(purchase.provider_ref))
        settle(purchase.pk)
        assert state_of(meter)[0] == "running"
        time.runs(1)
        assert (state_of(meter), balance(wallet)) == (("running", 2, 20_000), 40_000)


def test_what_is_owed_is_paid_before_a_meter_goes_on_S5_M4(time: HubTime) -> None:
    with open_shop() as shop:
        _, person, wallet = make_buyer()
        first = buys(person)
        shop.pays(str(first.provider_ref))
        settle(first.pk)
        meter = running(wallet, PRICE)
        time.runs(299)
        assert state_of(meter) == ("running", 5, 50_000)
        shop.change(str(first.provider_ref), charged_back_cents=5000)
        settle(first.pk)
        time.runs(5)
        assert (state_of(meter)[0], owed_m(wallet)) == ("empty", 50_000)
        second = buys(person)
        shop.pays(str(second.provider_ref))
        settle(second.pk)
        assert (state_of(meter)[0], owed_m(wallet), balance(wallet)) == ("empty", 0, 0)
        third = buys(person)
        shop.pays(str(third.provider_ref))
        settle(third.pk)
        assert state_of(meter)[0] == "running"


def test_while_somebody_pays_the_grace_lasts_as_long_as_a_place_is_kept_C2_M4(time: HubTime) -> None:
    with open_shop():
        _, person, wallet = make_buyer()
        top_up(wallet, 10_000)
        meter = running(wallet, PRICE)
        time.runs(61)
        buys(person)
        time.runs(settings.GRACE_WHEN_EMPTY_S + 1)
        assert state_of(meter)[0] == "empty"
        buys(person)  # no more time by another one
        time.runs(settings.PLACE_KEPT_WHILE_PAYING_S - settings.GRACE_WHEN_EMPTY_S)
        assert state_of(meter)[0] == "ended"


def test_each_grace_waits_for_a_payment_anew_and_none_for_a_limit_of_ones_own_C1_M4(time: HubTime) -> None:
    with open_shop() as shop:
        _, person, wallet = make_buyer()
        top_up(wallet, 10_000)
        meter = running(wallet, PRICE)
        time.runs(61)
        purchase = buys(person)
        shop.pays(str(purchase.provider_ref))
        settle(purchase.pk)
        time.runs(5 * 60 + 1)
        assert state_of(meter)[0] == "empty"
        buys(person)
        time.runs(settings.GRACE_WHEN_EMPTY_S + 1)
        assert state_of(meter)[0] == "empty"

        set_most_to_spend(meter, 70_000)
        top_up(wallet, 100_000)
        time.runs(62)
        assert state_of(meter)[0] == "empty"
        buys(person)
        time.runs(settings.GRACE_WHEN_EMPTY_S + 1)
        assert state_of(meter)[0] == "ended"
