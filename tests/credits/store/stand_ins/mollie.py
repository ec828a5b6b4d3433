"""Mollie as its documents have it (credits/store/providers/mollie.py names them): as much as a hub asks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from tests.credits.store.stand_ins.server import Asked, Reply, StandIn

KEY = "test_dHar4XY7LxsDOtmnkVtjNVWXLSlXsM"
LOCALES = ("en_GB", "nl_NL", "it_IT")


@dataclass
class MollieStandIn(StandIn):
    api_key: str = KEY
    payments: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    mandates: dict[str, dict[str, Any]] = field(default_factory=dict)
    customers: int = 0
    replays: dict[str, Reply] = field(default_factory=dict)

    # -- what the payer, the bank and Mollie do ------------------------------------------------------------------------
    def pays(self, ref: str) -> None:
        payment = self.payments[ref]
        payment |= {"status": "paid", "paidAt": "2026-11-22T03:00:00+00:00"}
        if payment["sequenceType"] == "first":
            mandate = {"resource": "mandate", "id": f"mdt_{len(self.mandates)}", "status": "valid"}
            self.mandates[f"{payment['customerId']}/{mandate['id']}"] = mandate
            payment["mandateId"] = mandate["id"]

    def turns(self, ref: str, **fields: Any) -> None:
        self.payments[ref] |= fields

    def charges_back(self, ref: str, value: str) -> None:
        self.payments[ref]["amountChargedBack"] = {"currency": "EUR", "value": value}

    def forgets_keys(self) -> None:
        """An hour later: the keys are gone, what they made is not."""
        self.replays.clear()

    # -- its API -------------------------------------------------------------------------------------------------------
    def answer(self, asked: Asked) -> Reply:
        if asked.headers.get("authorization") != f"Bearer {self.api_key}":
            return _error(401, "Missing authentication, or failed to authenticate")
        key = asked.headers.get("idempotency-key", "")
        if key in self.replays:
            return self.replays[key]
        reply = self._do(asked)
        if key and reply.status < 400:
            self.replays[key] = reply
        return reply

    def _do(self, asked: Asked) -> Reply:
        parts = asked.path.strip("/").split("/")
        match (asked.method, *parts):
            case ("POST", "v2", "payments"):
                return self._create(asked.json)
            case ("GET", "v2", "payments", ref) if ref in self.payments:
                return Reply(self.payments[ref])
            case ("GET", "v2", "payments", ref, "refunds") if ref in self.payments:
                return _list("refunds", self.refunds.get(ref, []))
            case ("POST", "v2", "payments", ref, "refunds") if ref in self.payments:
                return self._refund(ref, asked.json)
            case ("GET", "v2", "payments", ref, "refunds", refund) if ref in self.payments:
                found = [one for one in self.refunds.get(ref, []) if one["id"] == refund]
                return Reply(found[0]) if found else _error(404, "No refund exists with token " + refund)
            case ("POST", "v2", "customers"):
                self.customers += 1
                return Reply({"resource": "customer", "id": f"cst_{self.customers}"}, 201)
            case ("GET", "v2", "customers", customer, "payments"):
                return _list("payments", [one for one in self.payments.values() if one.get("customerId") == customer])
            case ("GET", "v2", "customers", customer, "mandates", mandate) if f"{customer}/{mandate}" in self.mandates:
                return Reply(self.mandates[f"{customer}/{mandate}"])
            case ("DELETE", "v2", "customers", customer, "mandates", mandate) if (
                f"{customer}/{mandate}" in self.mandates
            ):
                del self.mandates[f"{customer}/{mandate}"]
                return Reply("", 204)
        return _error(404, "The resource does not exist")

    def _create(self, body: dict[str, Any]) -> Reply:
        amount, sequence = body.get("amount", {}), body.get("sequenceType", "oneoff")
        if not re.fullmatch(r"[0-9]+\.[0-9]{2}", amount.get("value", "")):
            return _error(422, "The amount contains an invalid value", field="amount")
        if not body.get("description"):
            return _error(422, "The description is missing", field="description")
        if body.get("locale") not in (None, *LOCALES):
            return _error(422, "The locale is invalid", field="locale")
        if sequence != "oneoff" and not body.get("customerId"):
            return _error(422, "The customer id is missing", field="customerId")
        if sequence == "recurring" and f"{body['customerId']}/{body.get('mandateId')}" not in self.mandates:
            return _error(422, "The customer has no valid mandate for this payment", field="mandateId")
        if sequence != "recurring" and not body.get("redirectUrl"):
            return _error(422, "The redirect URL is missing", field="redirectUrl")
        return Reply(self._made(body, sequence), 201)

    def _made(self, body: dict[str, Any], sequence: str) -> dict[str, Any]:
        ref = f"tr_{len(self.payments):06}abc"
        payment = body | {
            "resource": "payment",
            "id": ref,
            "mode": "test" if self.api_key.startswith("test_") else "live",
            "status": "pending" if sequence == "recurring" else "open",
            "sequenceType": sequence,
            "expiresAt": "2026-11-22T03:15:00+00:00",
            "profileId": "pfl_QkEhN94Ba",
            "_links": {"self": {"href": f"{self.url}/v2/payments/{ref}"}},
        }
        if sequence != "recurring":
            payment["_links"]["checkout"] = {"href": f"https://www.mollie.com/checkout/{ref}", "type": "text/html"}
        self.payments[ref] = payment
        return payment

    def _refund(self, ref: str, body: dict[str, Any]) -> Reply:
        payment, made = self.payments[ref], self.refunds.setdefault(ref, [])
        wanted = _cents(body["amount"])
        given = sum(_cents(one["amount"]) for one in made if one["status"] not in ("failed", "canceled"))
        if payment["status"] != "paid" or given + wanted > _cents(payment["amount"]):
            return _error(422, "The specified amount cannot be refunded", field="amount")
        made.append(body | {"resource": "refund", "id": f"re_{len(made)}{ref[3:]}", "status": "queued"})
        total = given + wanted
        payment["amountRefunded"] = {"currency": "EUR", "value": f"{total // 100}.{total % 100:02}"}
        return Reply(made[-1], 201)


def _cents(amount: dict[str, str]) -> int:
    return int(amount["value"].replace(".", ""))


def _list(kind: str, found: list[dict[str, Any]]) -> Reply:
    return Reply({"count": len(found), "_embedded": {kind: found}, "_links": {}})


def _error(status: int, detail: str, **more: str) -> Reply:
    return Reply({"status": status, "title": "Error", "detail": detail, "_links": {}} | more, status)
