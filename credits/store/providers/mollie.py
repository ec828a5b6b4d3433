"""Mollie, API v2: iDEAL | Wero, cards, Bancontact, PayPal; refunds, chargebacks, mandates (S2, S5, S6).

As documented at docs.mollie.com, and in its OpenAPI description of 21 Aug 2026 (github.com/mollie/openapi):
- reference/create-payment: amount as text with two decimals; the payer goes to `_links.checkout.href`.
- docs/handling-payment-status: a payment stays `paid` after a refund (`amountRefunded`) or chargeback
  (`amountChargedBack`).
- reference/webhooks: a POST with the form field `id` alone, not signed; the state is fetched.
- reference/api-idempotency: the header Idempotency-Key, a UUID, on POST. How long it is remembered is not said, so what
  moves money without the payer has the key in `metadata` as well, and is looked for before it is asked for.
- docs/recurring-payments: a customer, a payment with sequenceType `first`, then `recurring` ones with the mandate.
- docs/refunds: queued, pending, processing, refunded, failed, canceled.
- The key starts with `test_` or `live_`; every object says its `mode`.
"""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import parse_qs
from uuid import UUID, uuid5

from django.conf import settings

from credits.store.providers.amounts import cents_of, decimal_text, read_money
from credits.store.providers.base import (
    Capability,
    Forged,
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
from credits.store.providers.http import Answer, Api, require_page
from credits.store.providers.shapes import child, children, time_of

_METHODS: Final = {
    Method.IDEAL: "ideal",
    Method.CARD: "creditcard",
    Method.BANCONTACT: "bancontact",
    Method.PAYPAL: "paypal",
    Method.DIRECT_DEBIT: "directdebit",
}
_OURS: Final = {name: method for method, name in _METHODS.items()}
_STATES: Final = {
    "open": State.OPEN,
    "pending": State.PENDING,
    "authorized": State.PENDING,
    "paid": State.PAID,
    "canceled": State.CANCELLED,
    "expired": State.EXPIRED,
    "failed": State.FAILED,
}
_REFUND_STATES: Final = {
    "refunded": RefundState.DONE,
    "failed": RefundState.FAILED,
    "canceled": RefundState.FAILED,
}
_MANDATE_STATES: Final = {"valid": MandateState.VALID, "pending": MandateState.PENDING}
_LOCALES: Final = {"en": "en_GB", "nl": "nl_NL", "it": "it_IT"}  # its pages know no Croatian and no Persian
_ID: Final = re.compile(r"[a-z]{2,4}_[A-Za-z0-9]{1,64}")


class Mollie:
    name = "mollie"
    capabilities = frozenset({Capability.FETCH, Capability.REFUND, Capability.MANDATE, Capability.NOTICE})

    def __init__(self, api_key: str, base_url: str, timeout_s: float) -> None:
        self.test = api_key.startswith("test_")
        self._api = Api(base_url, timeout_s, secrets=(api_key,))
        self._headers = {"Authorization": f"Bearer {api_key}"}

    def methods(self) -> tuple[Method, ...]:
        return (Method.IDEAL, Method.CARD, Method.BANCONTACT, Method.PAYPAL)

    def start(self, order: Order, key: str) -> Started:
        body = _payment_of(order) | {"method": _METHODS[order.method], "redirectUrl": order.return_url}
        body["cancelUrl"] = order.cancel_url
        if order.mandate:
            body |= {"sequenceType": "first", "customerId": self._customer_of(order, key)}
        return self._started(self._post("/v2/payments", body, key))

    def fetch(self, provider_ref: str) -> Status:
        payment = self._get(f"/v2/payments/{_checked(provider_ref)}")
        if payment.get("id") != provider_ref:
            raise ProviderDown("The answer is about another payment.")
        amount = read_money(payment.get("amount"), currency_field="currency")
        return Status(
            provider_ref=provider_ref,
            state=_STATES.get(str(payment.get("status")), State.OPEN),
            amount=amount,
            test=payment.get("mode") != "live",
            refunded_cents=cents_of(payment.get("amountRefunded"), amount, currency_field="currency"),
            charged_back_cents=cents_of(payment.get("amountChargedBack"), amount, currency_field="currency"),
            method=_OURS.get(str(payment.get("method"))),
            paid_at=time_of(payment.get("paidAt")),
            mandate_ref=_mandate_ref_of(payment),
            order_id=_metadata_of(payment).get("order"),
        )

    def refund(self, provider_ref: str, amount: Money, key: str) -> RefundStatus:
        path = f"/v2/payments/{_checked(provider_ref)}/refunds"
        made = self._find_made(path, "refunds", key)
        if made is None:
            body = {"amount": _amount_of(amount), "description": provider_ref, "metadata": {"key": key}}
            made = self._post(path, body, key)
        return _refund_of(made)

    def fetch_refund(self, provider_ref: str, refund_ref: str) -> RefundStatus:
        return _refund_of(self._get(f"/v2/payments/{_checked(provider_ref)}/refunds/{_checked(refund_ref)}"))

    def refs_of(self, notice: Notice) -> list[str]:
        try:
            form = parse_qs(notice.body.decode("ascii"), max_num_fields=10)
        except ValueError:
            raise Forged("Not a notice of Mollie.") from None
        ref = form.get("id", [""])[0]
        if not (_ID.fullmatch(ref) and ref.startswith("tr_")):
            raise Forged("Not a notice of Mollie.")
        return [ref]

    def verify(self, notice: Notice) -> list[str]:
        """There is no signature: the notice says no more than an id, and the payment is fetched."""
        return self.refs_of(notice)

    def mandate(self, mandate_ref: str) -> MandateStatus:
        mandate = self._get(_mandate_path(mandate_ref))
        return MandateStatus(mandate_ref, _MANDATE_STATES.get(str(mandate.get("status")), MandateState.INVALID))

    def charge(self, mandate_ref: str, order: Order, key: str) -> Started:
        customer, mandate = _mandate_parts(mandate_ref)
        made = self._find_made(f"/v2/customers/{customer}/payments", "payments", key)
        if made is None:
            body = _payment_of(order, key) | {"sequenceType": "recurring", "customerId": customer, "mandateId": mandate}
            made = self._post("/v2/payments", body, key)
        return Started(_checked(made.get("id")))

    def revoke(self, mandate_ref: str) -> None:
        try:
            self._read(self._api.ask("DELETE", _mandate_path(mandate_ref), again=True, headers=self._headers))
        except Unknown:
            return

    def close(self) -> None:
        self._api.close()

    def _customer_of(self, order: Order, key: str) -> str:
        if order.payer is None:
            raise Refused("PAYER", "A mandate needs a payer with a name and an address.")
        if order.payer.customer_ref:
            return _checked(order.payer.customer_ref)
        body = {"name": order.payer.name, "email": order.payer.email, "metadata": {"order": order.id}}
        return _checked(self._post("/v2/customers", body, str(uuid5(UUID(key), "customer"))).get("id"))

    def _find_made(self, path: str, kind: str, key: str) -> dict[str, Any] | None:
        """What an earlier try with this key made, though its answer never came."""
        found = children(child(self._get(f"{path}?limit=250"), "_embedded"), kind)
        return next((one for one in found if _metadata_of(one).get("key") == key), None)

    def _started(self, payment: dict[str, Any]) -> Started:
        page = child(child(payment, "_links"), "checkout").get("href")
        return Started(
            _checked(payment.get("id")),
            redirect_url=require_page(page, self._api.base_url),
            expires_at=time_of(payment.get("expiresAt")),
        )

    def _get(self, path: str) -> dict[str, Any]:
        return self._read(self._api.ask("GET", path, again=True, headers=self._headers)).json()

    def _post(self, path: str, body: dict[str, Any], key: str) -> dict[str, Any]:
        headers = self._headers | {"Idempotency-Key": str(UUID(key))}
        return self._read(self._api.ask("POST", path, again=True, headers=headers, json=body)).json()

    def _read(self, answer: Answer) -> Answer:
        if answer.status == 409:  # the same twice in short succession: the first is still under way
            raise ProviderDown("HTTP 409")
        if answer.status >= 400:
            error = answer.json()
            raise Refused(str(answer.status), self._api.strike_out(error.get("detail", "")))
        return answer


def configured() -> Mollie | None:
    if not settings.MOLLIE_API_KEY:
        return None
    return Mollie(settings.MOLLIE_API_KEY, settings.MOLLIE_URL, settings.PAYMENTS_TIMEOUT_S)


def _payment_of(order: Order, key: str | None = None) -> dict[str, Any]:
    body: dict[str, Any] = {
        "amount": _amount_of(order.amount),
        "description": order.description,
        "webhookUrl": order.notice_url,
        "metadata": {"order": order.id} | ({"key": key} if key else {}),
    }
    return body | ({"locale": _LOCALES[order.locale]} if order.locale in _LOCALES else {})


def _amount_of(amount: Money) -> dict[str, str]:
    return {"currency": amount.currency, "value": decimal_text(amount)}


def _refund_of(refund: dict[str, Any]) -> RefundStatus:
    return RefundStatus(
        refund_ref=_checked(refund.get("id")),
        state=_REFUND_STATES.get(str(refund.get("status")), RefundState.PENDING),
        amount=read_money(refund.get("amount"), currency_field="currency"),
    )


def _mandate_ref_of(payment: dict[str, Any]) -> str | None:
    """`customer/mandate`: Mollie's mandates are found under their customer."""
    customer, mandate = payment.get("customerId"), payment.get("mandateId")
    return f"{customer}/{mandate}" if customer and mandate else None


def _mandate_parts(mandate_ref: str) -> tuple[str, str]:
    customer, _, mandate = mandate_ref.partition("/")
    return _checked(customer), _checked(mandate)


def _mandate_path(mandate_ref: str) -> str:
    customer, mandate = _mandate_parts(mandate_ref)
    return f"/v2/customers/{customer}/mandates/{mandate}"


def _metadata_of(thing: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in child(thing, "metadata").items()}


def _checked(ref: object) -> str:
    """Only what looks like one of Mollie's ids goes into a path."""
    if not (isinstance(ref, str) and _ID.fullmatch(ref)):
        raise Unknown
    return ref
