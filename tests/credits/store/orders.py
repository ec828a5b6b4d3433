"""Orders as the store would make them, and clients that speak to a stand-in."""

from __future__ import annotations

import uuid

from credits.store.providers.base import Method, Money, Order, Payer
from credits.store.providers.http import Api
from credits.store.providers.mollie import Mollie
from credits.store.providers.paypal import PayPal
from credits.store.providers.paypal_api import PayPalApi
from credits.store.providers.targetpay import TargetPay
from credits.store.providers.targetpay_phone import PhoneCalls
from tests.credits.store.stand_ins import paypal as paypal_world
from tests.credits.store.stand_ins.mollie import MollieStandIn
from tests.credits.store.stand_ins.paypal import PayPalStandIn
from tests.credits.store.stand_ins.targetpay import OUTLET, TargetPayStandIn

PATIENCE_S = 1.0  # of the client, where the stand-in says nothing for ever


def a_key() -> str:
    return str(uuid.uuid4())


def an_order(method: Method, cents: int = 5000, *, mandate: bool = False, locale: str = "nl") -> Order:
    order_id = uuid.uuid4().hex
    return Order(
        id=order_id,
        amount=Money(cents, "EUR"),
        description="50 credits – Müller & zoon",
        method=method,
        return_url="https://hub.example/wallet/back/",
        cancel_url="https://hub.example/wallet/cancelled/",
        notice_url="https://hub.example/hooks/payments/any/",
        locale=locale,
        payer=Payer("Sanne", "sanne@customer.example") if mandate else None,
        mandate=mandate,
    )


def mollie_of(world: MollieStandIn, timeout_s: float = 5) -> Mollie:
    return Mollie(world.api_key, world.url, timeout_s)


def paypal_of(world: PayPalStandIn, timeout_s: float = 5) -> PayPal:
    api = PayPalApi(paypal_world.CLIENT, paypal_world.SECRET, world.url, timeout_s)
    return PayPal(api, paypal_world.WEBHOOK, test=True)


def targetpay_of(world: TargetPayStandIn, timeout_s: float = 5, *, test: bool = False) -> TargetPay:
    phone = PhoneCalls(OUTLET, Api(world.url, timeout_s), "31", test=test)
    methods = (Method.IDEAL, Method.BANCONTACT, Method.PHONE)
    return TargetPay(OUTLET, Api(world.url, timeout_s), methods, phone, test=test)
