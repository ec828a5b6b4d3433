"""PayPal itself: orders, captures, refunds, disputes, saved wallets, webhooks (S2, S5, S6).

As documented at developer.paypal.com and in github.com/paypal/paypal-rest-api-specifications (OpenAPI, 3 Feb 2024):
- checkout_orders_v2: an order with intent CAPTURE; the payer goes to the link `payer-action` or `approve`; once the
  order is APPROVED it is captured. PayPal-Request-Id is remembered for 6 hours.
- payments_payment_v2: a refund of a capture, remembered for 45 days. So a refund carries its key as `custom_id` too,
  and a charge its order as `invoice_id`, which PayPal takes once.
- customer_disputes_v1: disputes of a capture; what left us is `money_movements` of the SELLER for DISPUTE_SETTLEMENT.
  The app must have the feature Disputes switched on.
- notifications_webhooks_v1, verify-webhook-signature: PayPal says whether a notice is its own; over the very bytes.
- vault_payment_tokens_v3: a wallet saved with the first payment (usage_pattern THRESHOLD_PREPAID) is a mandate.
"""

from __future__ import annotations

import re
from typing import Any, Final

import structlog
from django.conf import settings

from credits.store.providers.amounts import decimal_text, read_money
from credits.store.providers.base import (
    Capability,
    MandateState,
    MandateStatus,
    Method,
    Money,
    Notice,
    Order,
    ProviderDown,
    RefundState,
    RefundStatus,
    Refused,
    Started,
    State,
    Status,
    Unknown,
)
from credits.store.providers.http import require_page
from credits.store.providers.paypal_api import PayPalApi
from credits.store.providers.paypal_notices import read_event, require_vouched
from credits.store.providers.shapes import child, children, time_of

log = structlog.get_logger(__name__)

_ORDER_STATES: Final = {"VOIDED": State.CANCELLED, "APPROVED": State.PENDING, "COMPLETED": State.PENDING}
_CAPTURE_STATES: Final = {
    "COMPLETED": State.PAID,
    "PARTIALLY_REFUNDED": State.PAID,
    "REFUNDED": State.PAID,
    "PENDING": State.PENDING,
    "DECLINED": State.FAILED,
    "FAILED": State.FAILED,
}
_REFUND_STATES: Final = {
    "COMPLETED": RefundState.DONE,
    "FAILED": RefundState.FAILED,
    "CANCELLED": RefundState.FAILED,
}
_LOCALES: Final = {"en": "en-GB", "nl": "nl-NL", "it": "it-IT", "hr": "hr-HR"}  # its pages know no Persian
_ID: Final = re.compile(r"[A-Za-z0-9-]{1,64}")


class PayPal:
    name = "paypal"
    capabilities = frozenset({Capability.FETCH, Capability.REFUND, Capability.MANDATE, Capability.NOTICE})

    def __init__(self, api: PayPalApi, webhook_id: str, *, test: bool) -> None:
        self.test = test
        self._api = api
        self._webhook_id = webhook_id

    def methods(self) -> tuple[Method, ...]:
        return (Method.PAYPAL,)

    def start(self, order: Order, key: str) -> Started:
        wallet: dict[str, Any] = {"experience_context": _experience_of(order)}
        if order.mandate:
            vault = {"store_in_vault": "ON_SUCCESS", "usage_type": "MERCHANT", "usage_pattern": "THRESHOLD_PREPAID"}
            wallet["attributes"] = {"vault": vault}
        made = self._api.post("/v2/checkout/orders", _order_of(order, wallet), key)
        pages = {link.get("rel"): link.get("href") for link in children(made, "links")}
        page = pages.get("payer-action") or pages.get("approve")
        return Started(_checked(made.get("id")), redirect_url=require_page(page, self._api.base_url))

    def fetch(self, provider_ref: str) -> Status:
        order = self._order(provider_ref)
        if order.get("status") == "APPROVED":
            order = self._capture(provider_ref, order)
        unit = next(iter(children(order, "purchase_units")), {})
        amount = read_money(unit.get("amount"), currency_field="currency_code")
        payments = child(unit, "payments")
        capture = next(iter(children(payments, "captures")), None)
        if capture is not None:  # what was really taken, should it differ from what was asked
            amount = read_money(capture.get("amount"), currency_field="currency_code")
        vault = child(child(child(child(order, "payment_source"), "paypal"), "attributes"), "vault")
        return Status(
            provider_ref=provider_ref,
            state=_state_of(order, capture),
            amount=amount,
            test=self._is_test(order),
            refunded_cents=_sum(children(payments, "refunds"), amount),
            charged_back_cents=self._charged_back_cents(capture, amount) if capture is not None else 0,
            method=Method.PAYPAL,
            paid_at=time_of(capture.get("create_time")) if capture is not None else None,
            mandate_ref=str(vault["id"]) if vault.get("status") == "VAULTED" and vault.get("id") else None,
            order_id=str(unit["custom_id"]) if unit.get("custom_id") else None,
        )

    def refund(self, provider_ref: str, amount: Money, key: str) -> RefundStatus:
        payments = child(next(iter(children(self._order(provider_ref), "purchase_units")), {}), "payments")
        made = next((one for one in children(payments, "refunds") if one.get("custom_id") == key), None)
        if made is None:
            capture = next(iter(children(payments, "captures")), None)
            if capture is None:
                raise Refused("NOT_CAPTURED", "Nothing was taken that could be given back.")
            body = {"amount": _amount_of(amount), "custom_id": key}
            made = self._api.post(f"/v2/payments/captures/{_checked(capture.get('id'))}/refund", body, key)
        return _refund_of(made)

    def fetch_refund(self, provider_ref: str, refund_ref: str) -> RefundStatus:
        return _refund_of(self._api.get(f"/v2/payments/refunds/{_checked(refund_ref)}"))

    def refs_of(self, notice: Notice) -> list[str]:
        return read_event(notice).order_refs

    def verify(self, notice: Notice) -> list[str]:
        event = read_event(notice)
        require_vouched(notice, self._api, self._webhook_id)
        refs = list(event.order_refs)
        for capture_ref in event.capture_refs:  # refunds and disputes name the capture alone
            refs += self._order_refs_of(capture_ref)
        return refs

    def mandate(self, mandate_ref: str) -> MandateStatus:
        self._api.get(f"/v3/vault/payment-tokens/{_checked(mandate_ref)}")
        return MandateStatus(mandate_ref, MandateState.VALID)

    def charge(self, mandate_ref: str, order: Order, key: str) -> Started:
        made = self._api.post("/v2/checkout/orders", _order_of(order, {"vault_id": _checked(mandate_ref)}), key)
        return Started(_checked(made.get("id")))

    def revoke(self, mandate_ref: str) -> None:
        try:
            self._api.delete(f"/v3/vault/payment-tokens/{_checked(mandate_ref)}")
        except Unknown:
            return

    def close(self) -> None:
        self._api.close()

    def _order(self, provider_ref: str) -> dict[str, Any]:
        order = self._api.get(f"/v2/checkout/orders/{_checked(provider_ref)}")
        if order.get("id") != provider_ref:
            raise ProviderDown("The answer is about another payment.")
        return order

    def _order_refs_of(self, capture_ref: str) -> list[str]:
        try:
            capture = self._api.get(f"/v2/payments/captures/{_checked(capture_ref)}")
            return [_checked(child(child(capture, "supplementary_data"), "related_ids").get("order_id"))]
        except Unknown:  # of something else that this account sells
            return []

    def _capture(self, provider_ref: str, approved: dict[str, Any]) -> dict[str, Any]:
        """Take what the payer approved. A refusal is theirs to mend on PayPal's page, or another took it already."""
        try:
            self._api.post(f"/v2/checkout/orders/{_checked(provider_ref)}/capture", {}, f"capture-{provider_ref}")
        except Refused as refused:
            log.info("paypal.capture.refused", ref=provider_ref, code=refused.code)
        return self._order(provider_ref)

    def _charged_back_cents(self, capture: dict[str, Any], amount: Money) -> int:
        """What disputes took from us. PayPal's own fees, and what it paid itself, are none of the payer's money."""
        try:
            found = self._api.get(f"/v1/customer/disputes?disputed_transaction_id={_checked(capture.get('id'))}")
        except ProviderDown as down:
            if down.reason != "HTTP 403":
                raise
            log.warning("paypal.disputes.unreadable")  # the app lacks the feature; payments must still be settled
            return 0
        taken = 0
        for listed in children(found, "items"):
            dispute = self._api.get(f"/v1/customer/disputes/{_checked(listed.get('dispute_id'))}")
            for move in children(dispute, "money_movements"):
                if move.get("affected_party") == "SELLER" and move.get("reason") == "DISPUTE_SETTLEMENT":
                    taken += _sum([move], amount) * (-1 if move.get("type") == "CREDIT" else 1)
        return max(taken, 0)

    def _is_test(self, order: dict[str, Any]) -> bool:
        """PayPal's two worlds are two hosts, and an order's links name its own."""
        for link in children(order, "links"):
            host = str(link.get("href", "")).removeprefix("https://").partition("/")[0]
            if host.endswith("paypal.com"):
                return ".sandbox." in host
        return self.test


def configured() -> PayPal | None:
    if not settings.PAYPAL_CLIENT_ID:
        return None
    api = PayPalApi(settings.PAYPAL_CLIENT_ID, settings.PAYPAL_SECRET, settings.PAYPAL_URL, settings.PAYMENTS_TIMEOUT_S)
    return PayPal(api, settings.PAYPAL_WEBHOOK_ID, test=settings.PAYMENTS_TEST)


def _order_of(order: Order, wallet: dict[str, Any]) -> dict[str, Any]:
    unit = {
        "amount": _amount_of(order.amount),
        "description": order.description[:127],
        "custom_id": order.id,
        "invoice_id": order.id,
    }
    return {"intent": "CAPTURE", "purchase_units": [unit], "payment_source": {"paypal": wallet}}


def _experience_of(order: Order) -> dict[str, Any]:
    experience = {
        "return_url": order.return_url,
        "cancel_url": order.cancel_url,
        "shipping_preference": "NO_SHIPPING",
        "user_action": "PAY_NOW",
        "payment_method_preference": "IMMEDIATE_PAYMENT_REQUIRED",
    }
    return experience | ({"locale": _LOCALES[order.locale]} if order.locale in _LOCALES else {})


def _state_of(order: dict[str, Any], capture: dict[str, Any] | None) -> State:
    if capture is not None:
        return _CAPTURE_STATES.get(str(capture.get("status")), State.PENDING)
    return _ORDER_STATES.get(str(order.get("status")), State.OPEN)


def _amount_of(amount: Money) -> dict[str, str]:
    return {"currency_code": amount.currency, "value": decimal_text(amount)}


def _refund_of(refund: dict[str, Any]) -> RefundStatus:
    return RefundStatus(
        refund_ref=_checked(refund.get("id")),
        state=_REFUND_STATES.get(str(refund.get("status")), RefundState.PENDING),
        amount=read_money(refund.get("amount"), currency_field="currency_code"),
    )


def _sum(parts: list[dict[str, Any]], like: Money) -> int:
    """Of what was not called off."""
    total = 0
    for part in parts:
        if part.get("status") in ("FAILED", "CANCELLED"):
            continue
        money = read_money(part.get("amount"), currency_field="currency_code")
        if money.currency != like.currency:
            raise ProviderDown("The answer mixes currencies.")
        total += money.cents
    return total


def _checked(ref: object) -> str:
    """Only what looks like one of PayPal's ids goes into a path."""
    if not (isinstance(ref, str) and _ID.fullmatch(ref)):
        raise Unknown
    return ref
