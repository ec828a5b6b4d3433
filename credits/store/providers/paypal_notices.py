"""What PayPal's notices are about, and whether they are PayPal's.

As documented at developer.paypal.com/api/rest/webhooks: signed by five headers, checked by POST
/v1/notifications/verify-webhook-signature with the event as it came. Orders name themselves, captures their order;
refunds and disputes name the capture.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Final

from credits.store.providers.base import Forged, Notice
from credits.store.providers.paypal_api import PayPalApi
from credits.store.providers.shapes import child, children

_SIGNATURE: Final = {
    "transmission_id": "paypal-transmission-id",
    "transmission_time": "paypal-transmission-time",
    "transmission_sig": "paypal-transmission-sig",
    "cert_url": "paypal-cert-url",
    "auth_algo": "paypal-auth-algo",
}
_HEADER_CHARACTERS_MAX: Final = 1000


@dataclass(slots=True)
class Event:
    order_refs: list[str] = field(default_factory=list)
    capture_refs: list[str] = field(default_factory=list)


def read_event(notice: Notice) -> Event:
    """Raises Forged for what is unsigned or no event. What concerns no payment has no refs."""
    if not all(0 < len(notice.headers.get(name, "")) <= _HEADER_CHARACTERS_MAX for name in _SIGNATURE.values()):
        raise Forged("Not a notice of PayPal.")
    try:
        document = json.loads(notice.body.decode())
    except (ValueError, RecursionError):
        raise Forged("Not a notice of PayPal.") from None
    if not isinstance(document, dict):
        raise Forged("Not a notice of PayPal.")
    kind, resource = str(document.get("event_type", "")), child(document, "resource")
    if kind.startswith("CHECKOUT.ORDER."):
        return Event(order_refs=_texts(resource.get("id")))
    if kind.startswith("CUSTOMER.DISPUTE."):
        transactions = children(resource, "disputed_transactions")
        return Event(capture_refs=[ref for one in transactions for ref in _texts(one.get("seller_transaction_id"))])
    if kind.startswith("PAYMENT."):
        order_refs = _texts(child(child(resource, "supplementary_data"), "related_ids").get("order_id"))
        return Event(order_refs) if order_refs else Event(capture_refs=_capture_above(resource))
    return Event()


def require_vouched(notice: Notice, api: PayPalApi, webhook_id: str) -> None:
    """Raises Forged unless PayPal says that it sent this. The event goes back byte for byte: the signature is on it."""
    envelope = {field: notice.headers[name] for field, name in _SIGNATURE.items()} | {"webhook_id": webhook_id}
    body = json.dumps(envelope).encode()[:-1] + b', "webhook_event": ' + notice.body + b"}"
    answer = api.post_raw("/v1/notifications/verify-webhook-signature", body)
    if answer.get("verification_status") != "SUCCESS":
        raise Forged("PayPal does not vouch for this notice.")


def _capture_above(resource: dict[str, Any]) -> list[str]:
    """A refund's link `up` leads to its capture."""
    above = [str(link.get("href", "")) for link in children(resource, "links") if link.get("rel") == "up"]
    return [href.rpartition("/captures/")[2] for href in above if "/captures/" in href]


def _texts(value: object) -> list[str]:
    return [value] if isinstance(value, str) and value else []
