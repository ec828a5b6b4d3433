"""Each provider's world and the client that speaks to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from credits.store.providers.mollie import Mollie
from credits.store.providers.paypal import PayPal
from credits.store.providers.targetpay import TargetPay
from tests.credits.store.orders import mollie_of, paypal_of, targetpay_of
from tests.credits.store.stand_ins.mollie import MollieStandIn
from tests.credits.store.stand_ins.paypal import PayPalStandIn
from tests.credits.store.stand_ins.server import served
from tests.credits.store.stand_ins.targetpay import TargetPayStandIn


@pytest.fixture
def mollie_world() -> Iterator[MollieStandIn]:
    with served(MollieStandIn()) as world:
        yield world


@pytest.fixture
def mollie(mollie_world: MollieStandIn) -> Iterator[Mollie]:
    with closing(mollie_of(mollie_world)) as provider:
        yield provider


@pytest.fixture
def paypal_world() -> Iterator[PayPalStandIn]:
    with served(PayPalStandIn()) as world:
        yield world


@pytest.fixture
def paypal(paypal_world: PayPalStandIn) -> Iterator[PayPal]:
    with closing(paypal_of(paypal_world)) as provider:
        yield provider


@pytest.fixture
def targetpay_world() -> Iterator[TargetPayStandIn]:
    with served(TargetPayStandIn()) as world:
        yield world


@pytest.fixture
def targetpay(targetpay_world: TargetPayStandIn) -> Iterator[TargetPay]:
    with closing(targetpay_of(targetpay_world)) as provider:
        yield provider
