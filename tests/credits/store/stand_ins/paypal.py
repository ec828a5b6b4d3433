"""PayPal as its documents have it (credits/store/providers/paypal.py names them): as much as a hub asks."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import Any

from tests.credits.store.stand_ins.server import Asked, Reply, StandIn

CLIENT = "AeA1QIZXiflr1_-r0U2UbWTziOWX1GRQer5jkUq4ZfWT5qwb6qQRPq7jDtv5"
SECRET = "EL1tVxAjhT7cJimnz5-Nsx9k2reTKSVfErNQF-CmrwJgxRtylkGTKlU4RvrX"
WEBHOOK = "1JE4291016473214C"


@dataclass
class PayPalStandIn(StandIn):
    host: str = "api.sandbox.paypal.com"
    tokens: set[str] = field(default_factory=set)
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    disputes: dict[str, dict[str, Any]] = field(default_factory=dict)
    vault: set[str] = field(default_factory=set)
    replays: dict[tuple[str, str], Reply] = field(default_factory=dict)
    declines: str = ""  # the issue with which the next captures are refused
    disputes_on: bool = True
    signed: set[bytes] = field(default_factory=set)  # events that PayPal itself sent

    # -- what the payer and PayPal do ----------------------------------------------------------------------------------
    def approves(self, ref: str) -> None:
        self.orders[ref]["status"] = "APPROVED"

    def capture_of(self, ref: str) -> dict[str, Any]:
        capture: dict[str, Any] = self.orders[ref]["purchase_units"][0]["payments"]["captures"][0]
        return capture

    def loses_dispute(self, ref: str, value: str, outcome: str = "RESOLVED_BUYER_FAVOUR") -> None:
        """What the buyer gets, and a fee that is ours alone."""
        number, capture = f"PP-D-{len(self.disputes)}", self.capture_of(ref)
        moves = [_move("BUYER", "CREDIT", "DISPUTE_SETTLEMENT", value), _move("SELLER", "DEBIT", "DISPUTE_FEE", "8.00")]
        payer = "SELLER" if outcome == "RESOLVED_BUYER_FAVOUR" else "PAYMENT_PROCESSOR"
        self.disputes[number] = {
            "dispute_id": number,
            "status": "RESOLVED",
            "disputed_transactions": [{"seller_transaction_id": capture["id"]}],
            "dispute_outcome": {"outcome_code": outcome, "amount_refunded": _money(value)},
            "money_movements": [*moves, _move(payer, "DEBIT", "DISPUTE_SETTLEMENT", value)],
        }

    def gives_back(self, number: str, value: str) -> None:
        moves = self.disputes[number]["money_movements"]
        moves.append(_move("SELLER", "CREDIT", "DISPUTE_SETTLEMENT", value))

    def sends(self, event_type: str, resource: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
        """An event as it would arrive, in PayPal's own spelling of JSON."""
        event = {"id": "WH-1", "event_type": event_type, "resource": resource, "summary": "€ paid"}
        body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        self.signed.add(body)
        return body, {
            "paypal-transmission-id": "69cd13f0-d67a-11e5-baa3-778b53f4ae55",
            "paypal-transmission-time": "2026-11-22T03:00:00Z",
            "paypal-transmission-sig": "lmI95Jx3Y9nhR5SJWlHVIWpg4AgFk7n9bCHSRxbrd8A9zrhdu2rM",
            "paypal-cert-url": "https://api.sandbox.paypal.com/v1/notifications/certs/CERT-1",
            "paypal-auth-algo": "SHA256withRSA",
        }

    # -- its API -------------------------------------------------------------------------------------------------------
    def answer(self, asked: Asked) -> Reply:
        if asked.path == "/v1/oauth2/token":
            return self._sign_in(asked)
        if asked.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return Reply({"name": "AUTHENTICATION_FAILURE", "message": "Authentication failed"}, 401)
        key = (asked.path, asked.headers.get("paypal-request-id", ""))
        if key[1] and key in self.replays:
            return self.replays[key]
        reply = self._do(asked)
        if key[1] and reply.status < 400:
            self.replays[key] = reply
        return reply

    def _sign_in(self, asked: Asked) -> Reply:
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if asked.headers.get("authorization") != f"Basic {basic}" or asked.form != {"grant_type": "client_credentials"}:
            return Reply({"error": "invalid_client"}, 401)
        token = f"A21AA{len(self.tokens)}"
        self.tokens.add(token)
        return Reply({"access_token": token, "token_type": "Bearer", "expires_in": 32400})

    def _do(self, asked: Asked) -> Reply:
        match (asked.method, *asked.path.strip("/").split("/")):
            case ("POST", "v2", "checkout", "orders"):
                return self._create(asked.json)
            case ("GET", "v2", "checkout", "orders", ref) if ref in self.orders:
                return Reply(self.orders[ref])
            case ("POST", "v2", "checkout", "orders", ref, "capture") if ref in self.orders:
                return self._capture(ref)
        return self._do_afterwards(asked)

    def _do_afterwards(self, asked: Asked) -> Reply:
        match (asked.method, *asked.path.strip("/").split("/")):
            case ("GET", "v2", "payments", "captures", ref):
                return self._show_capture(ref)
            case ("POST", "v2", "payments", "captures", ref, "refund"):
                return self._refund(ref, asked.json)
            case ("GET", "v2", "payments", "refunds", ref):
                found = [one for order in self.orders for one in self._payments(order)["refunds"] if one["id"] == ref]
                return Reply(found[0]) if found else _gone()
            case ("GET", "v1", "customer", "disputes"):
                return self._list_disputes(asked.query["disputed_transaction_id"])
            case ("GET", "v1", "customer", "disputes", number) if number in self.disputes:
                return Reply(self.disputes[number])
            case ("POST", "v1", "notifications", "verify-webhook-signature"):
                return self._vouch(asked.body)
            case ("GET", "v3", "vault", "payment-tokens", ref) if ref in self.vault:
                return Reply({"id": ref})
            case ("DELETE", "v3", "vault", "payment-tokens", ref) if ref in self.vault:
                self.vault.remove(ref)
                return Reply("", 204)
        return _gone()

    def _create(self, body: dict[str, Any]) -> Reply:
        unit, wallet = body["purchase_units"][0], body["payment_source"]["paypal"]
        if any(unit["invoice_id"] == one["purchase_units"][0]["invoice_id"] for one in self.orders.values()):
            return _refused("DUPLICATE_INVOICE_ID", "Duplicate Invoice ID detected.")
        ref = f"5O190127TN{len(self.orders):06}X"
        order = {
            "id": ref,
            "intent": body["intent"],
            "status": "PAYER_ACTION_REQUIRED",
            "purchase_units": [unit | {"payments": {"captures": [], "refunds": []}}],
            "payment_source": {"paypal": {}},
            "links": [
                {"rel": "self", "href": f"https://{self.host}/v2/checkout/orders/{ref}"},
                {"rel": "payer-action", "href": f"https://www.sandbox.paypal.com/checkoutnow?token={ref}"},
            ],
        }
        saved = wallet.get("vault_id")
        if saved is not None and saved not in self.vault:
            return _gone()
        self.orders[ref] = order
        if wallet.get("attributes", {}).get("vault", {}).get("store_in_vault") == "ON_SUCCESS":
            order["saves"] = True
        if saved is not None:  # paid at once, without the payer
            self._take(ref)
        return Reply(order, 201)

    def _capture(self, ref: str) -> Reply:
        if self.orders[ref]["status"] == "COMPLETED":
            return _refused("ORDER_ALREADY_CAPTURED", "Order already captured.")
        if self.declines:
            return _refused(self.declines, "The instrument presented was declined.")
        self._take(ref)
        return Reply(self.orders[ref], 201)

    def _take(self, ref: str) -> None:
        order = self.orders[ref]
        unit = order["purchase_units"][0]
        order["status"] = "COMPLETED"
        capture = {"id": f"3C{ref[2:]}", "status": "COMPLETED", "create_time": "2026-11-22T03:00:00Z"}
        unit["payments"]["captures"].append(capture | {"amount": unit["amount"], "custom_id": unit["custom_id"]})
        if order.get("saves"):
            self.vault.add(f"8kk{len(self.vault)}")
            vault = {"id": f"8kk{len(self.vault) - 1}", "status": "VAULTED", "customer": {"id": "c1"}}
            order["payment_source"]["paypal"]["attributes"] = {"vault": vault}

    def _payments(self, ref: str) -> dict[str, list[dict[str, Any]]]:
        payments: dict[str, list[dict[str, Any]]] = self.orders[ref]["purchase_units"][0]["payments"]
        return payments

    def _order_with(self, capture_ref: str) -> str | None:
        return next((ref for ref in self.orders if f"3C{ref[2:]}" == capture_ref), None)

    def _show_capture(self, capture_ref: str) -> Reply:
        ref = self._order_with(capture_ref)
        if ref is None:
            return _gone()
        return Reply(self.capture_of(ref) | {"supplementary_data": {"related_ids": {"order_id": ref}}})

    def _refund(self, capture_ref: str, body: dict[str, Any]) -> Reply:
        ref = self._order_with(capture_ref)
        if ref is None:
            return _gone()
        made, capture = self._payments(ref)["refunds"], self.capture_of(ref)
        total = sum(_cents(one["amount"]) for one in made) + _cents(body["amount"])
        if total > _cents(capture["amount"]):
            return _refused("REFUND_AMOUNT_EXCEEDED", "The refund amount must be less than or equal to the capture.")
        capture["status"] = "REFUNDED" if total == _cents(capture["amount"]) else "PARTIALLY_REFUNDED"
        made.append({"id": f"1JU{len(made)}{ref[10:]}", "status": "COMPLETED"} | body)
        return Reply(made[-1], 201)

    def _list_disputes(self, capture_ref: str) -> Reply:
        if not self.disputes_on:
            return Reply({"name": "NOT_AUTHORIZED", "message": "Insufficient permissions."}, 403)
        found = [
            {"dispute_id": number, "status": one["status"]}
            for number, one in self.disputes.items()
            if one["disputed_transactions"][0]["seller_transaction_id"] == capture_ref
        ]
        return Reply({"items": found, "links": []})

    def _vouch(self, body: bytes) -> Reply:
        """The signature is on the bytes: an event that was read and written anew does not match."""
        asked = json.loads(body)
        known = asked["webhook_id"] == WEBHOOK and asked["auth_algo"] == "SHA256withRSA"
        same = any(event in body for event in self.signed)
        return Reply({"verification_status": "SUCCESS" if known and same else "FAILURE"})


def _money(value: str) -> dict[str, str]:
    return {"currency_code": "EUR", "value": value}


def _cents(amount: dict[str, str]) -> int:
    return int(amount["value"].replace(".", ""))


def _move(party: str, kind: str, reason: str, value: str) -> dict[str, Any]:
    return {"affected_party": party, "type": kind, "reason": reason, "amount": _money(value)}


def _refused(issue: str, description: str) -> Reply:
    details = [{"issue": issue, "description": description}]
    return Reply({"name": "UNPROCESSABLE_ENTITY", "message": "The requested action failed.", "details": details}, 422)


def _gone() -> Reply:
    return Reply({"name": "RESOURCE_NOT_FOUND", "message": "The specified resource does not exist."}, 404)
