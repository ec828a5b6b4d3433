"""`/api/v1/packages/`, `/purchases/`, `/vouchers/redeem/`, `/wallet/auto-top-up/` (outside.md).

A purchase asks its provider, which no transaction may wait for. So these endpoints do not take the general way of
Idempotency-Key: the purchase, the refund and the redemption carry the key themselves (docs/how/idempotency.md).
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from credits import store_shapes as shapes
from credits.api import own_wallet
from credits.errors import PurchaseUnknown
from credits.models import AutoTopUp, MoneyRefund, MoneyRequest, Purchase, PurchaseEvent
from credits.receipts_api import receipts_of
from credits.store import auto_top_up, money_requests
from credits.store.money_refunds import ask_second_person, pay_back
from credits.store.packages import offers
from credits.store.providers import registry
from credits.store.providers.base import ProviderDown
from credits.store.purchases import Wish, may_buy, require_buyer, start
from credits.store.settling import settle
from credits.store.states import of_status, status_of
from credits.store.vouchers import redeem
from credits.store.ways import ways
from hub.accounts.public import ApiView, Person, StaffApiView
from hub.base.addresses import client_address
from hub.base.api.idempotency import find_key
from hub.base.api.paging import page

ASKED_OF = {"state": "state", "provider": "provider", "since": "created_at__gte", "until": "created_at__lt"}


class Packages(ApiView):
    scope = "credits"

    @extend_schema(responses=shapes.PackagesOut)
    def get(self, request: Request) -> Response:
        """What the caller can buy, and how it can be paid (S1, S2)."""
        wallet = own_wallet(self.person)
        results = [
            {
                "credits": offer.credits,
                "amount": money_of(offer.amount.cents, offer.amount.currency),
                "vat_bp": offer.vat_bp,
                "own_price": offer.own_price,
            }
            for offer in offers(wallet)
        ]
        methods = [
            {"provider": way.provider, "method": way.method, "name": way.name, "mandate": way.mandate}
            for way in ways(wallet)
        ]
        answer = {"results": results, "next": None, "methods": methods, "may_buy": may_buy(self.person)}
        return Response(answer)


class Purchases(ApiView):
    scope = "credits"
    answers_once = False

    @extend_schema(parameters=[shapes.PurchasesAsked], responses=shapes.PurchasesOut)
    def get(self, request: Request) -> Response:
        """Those one may see, newest first."""
        asked = shapes.PurchasesAsked(data=request.query_params)
        asked.is_valid(raise_exception=True)
        wanted = {name: asked.validated_data[field] for field, name in ASKED_OF.items()}
        rows = Purchase.objects.visible_to(self.person).filter(
            **{name: value for name, value in wanted.items() if value is not None}
        )
        status = asked.validated_data["status"]
        rows = rows if status is None else rows.filter(of_status(status))
        answer = page(
            request, rows, order=("-created_at", "-id"), render=lambda shown: [describe(one) for one in shown]
        )
        return Response(answer)

    @extend_schema(request=shapes.PurchaseIn, responses={201: shapes.PurchaseOut})
    def post(self, request: Request) -> Response:
        """Buy credits: answers where to pay. The same Idempotency-Key is the same purchase."""
        require_buyer(self.person)
        asked = shapes.PurchaseIn(data=request.data)
        asked.is_valid(raise_exception=True)
        said: dict[str, Any] = asked.validated_data
        method = said["method"] or registry.find(said["provider"]).methods()[0].value
        wish = Wish(
            credits=said["credits"],
            provider=said["provider"],
            method=method,
            key=_key(request),
            seen_cents=said["amount"],
            return_to=said["return_to"],
            mandate=said["mandate"],
        )
        return Response(describe(start(self.person, wish)), status=201)


class OnePurchase(ApiView):
    scope = "credits"

    @extend_schema(responses=shapes.OnePurchaseOut)
    def get(self, request: Request, purchase_id: UUID) -> Response:
        """How it stands; while it is open its provider is asked."""
        purchase = Purchase.objects.visible_to(self.person).filter(pk=purchase_id).first()
        if purchase is None:
            raise PurchaseUnknown
        if purchase.state in ("open", "pending") and purchase.provider_ref:
            with suppress(ProviderDown):  # then as we last knew it
                purchase = settle(purchase_id)
        told = describe(purchase) | {"receipts": receipts_of(purchase)} | _money_back(self.person, purchase)
        return Response(told | _for_staff(purchase) if self.person.is_staff else told)


class PurchaseRefund(StaffApiView):
    scope = "credits"
    answers_once = False

    @extend_schema(request=shapes.MoneyRefundIn, responses={201: shapes.MoneyRefundOut})
    def post(self, request: Request, purchase_id: UUID) -> Response:
        """Money back for credits of this purchase that are left (L7)."""
        if not Purchase.objects.visible_to(self.person).filter(pk=purchase_id).exists():
            raise PurchaseUnknown
        asked = shapes.MoneyRefundIn(data=request.data)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        made = pay_back(self.person, purchase_id, said["credits_m"], reason=said["reason"], key=_key(request))
        return Response(_refund(made), status=201)


class PurchaseRefundAsk(StaffApiView):
    scope = "credits"

    @extend_schema(request=shapes.MoneyRefundAskIn, responses={202: None})
    def post(self, request: Request, purchase_id: UUID) -> Response:
        """What is above one's limit waits for a hub owner among `/approvals/` (L7)."""
        asked = shapes.MoneyRefundAskIn(data=request.data)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        ask_second_person(
            self.person, purchase_id, said["credits_m"], reason=said["reason"], text=said["text"], key=_key(request)
        )
        return Response(status=202)


class PurchaseMoneyBack(ApiView):
    scope = "credits"

    @extend_schema(request=shapes.MoneyBackIn, responses={201: shapes.MoneyBackOut})
    def post(self, request: Request, purchase_id: UUID) -> Response:
        """Ask for money back for what is left of it (L7); staff decide. Asked twice is asked once."""
        asked = shapes.MoneyBackIn(data=request.data)
        asked.is_valid(raise_exception=True)
        made = money_requests.ask(self.person, purchase_id, asked.validated_data["text"])
        return Response(_request(made), status=201)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, purchase_id: UUID) -> Response:
        """Keep the credits after all."""
        money_requests.withdraw(self.person, purchase_id)
        return Response(status=204)


class MoneyRequests(StaffApiView):
    scope = "credits"

    @extend_schema(responses=shapes.MoneyBackOut(many=True))
    def get(self, request: Request) -> Response:
        """Who asks for money back, of the purchases that one may see; the oldest first."""
        rows = money_requests.open_requests(self.person)
        return Response(
            page(request, rows, order=("asked_at", "id"), render=lambda shown: [_request(one) for one in shown])
        )


class MoneyRequestDecline(StaffApiView):
    scope = "credits"

    @extend_schema(request=shapes.MoneyDeclineIn, responses={204: None})
    def post(self, request: Request, asked_id: int) -> Response:
        """The customer does not get it, and is told the reason. Paying back (`/purchases/{id}/refund/`) grants it."""
        asked = shapes.MoneyDeclineIn(data=request.data)
        asked.is_valid(raise_exception=True)
        money_requests.decline(self.person, asked_id, asked.validated_data["reason"])
        return Response(status=204)


class RedeemVoucher(ApiView):
    scope = "credits"
    answers_once = False

    @extend_schema(request=shapes.VoucherIn, responses={200: shapes.VoucherOut})
    def post(self, request: Request) -> Response:
        """Once per customer; the same code again answers what it gave."""
        asked = shapes.VoucherIn(data=request.data)
        asked.is_valid(raise_exception=True)
        given = redeem(self.person, asked.validated_data["code"], address=client_address(request.META))
        return Response(
            {"credits_m": given.credits_m, "expires_at": given.expires_at, "transfer": str(given.transfer_id)}
        )


class AutoTopUpView(ApiView):
    scope = "credits"

    @extend_schema(responses=shapes.AutoTopUpOut)
    def get(self, request: Request) -> Response:
        """Whether the wallet buys by itself, and within what (S6)."""
        return Response(_auto(auto_top_up.find_auto_top_up(own_wallet(self.person).id)))

    @extend_schema(request=shapes.AutoTopUpIn, responses=shapes.AutoTopUpOut)
    def put(self, request: Request) -> Response:
        """Switch it on. A purchase with `mandate` must have been paid before."""
        require_buyer(self.person)
        asked = shapes.AutoTopUpIn(data=request.data)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        row = auto_top_up.switch_on(
            self.person, credits=said["credits"], threshold_m=said["threshold_m"], cap_cents=said["cap"]
        )
        return Response(_auto(row))

    @extend_schema(responses=shapes.AutoTopUpOut)
    def delete(self, request: Request) -> Response:
        """Switch it off."""
        auto_top_up.switch_off(self.person)
        return Response(_auto(auto_top_up.find_auto_top_up(own_wallet(self.person).id)))


def describe(purchase: Purchase) -> dict[str, object]:
    fields: dict[str, object] = {
        "id": str(purchase.pk),
        "credits": purchase.credits_m // 1000,
        "amount": money_of(purchase.amount_cents, purchase.currency),
        "provider": purchase.provider,
        "method": purchase.method,
        "status": status_of(purchase),
        "created_at": purchase.created_at,
        "test": purchase.test,
        "wallet": str(purchase.wallet_id),
    }
    if purchase.paid_at is not None:
        fields["paid_at"] = purchase.paid_at
    if purchase.refunded_cents:
        fields["refunded"] = money_of(purchase.refunded_cents, purchase.currency)
    if purchase.state in ("open", "pending") and purchase.redirect_url:
        fields["redirect_url"] = purchase.redirect_url
    if purchase.state in ("open", "pending") and purchase.instructions:
        fields["instructions"] = purchase.instructions
    return fields


def _money_back(person: Person, purchase: Purchase) -> dict[str, object]:
    """What of it may be asked back, and what was asked."""
    found = money_requests.money_back_of(person, purchase)
    fields: dict[str, object] = {}
    if found.left is not None:
        amount = money_of(found.left.cents, purchase.currency)
        fields["money_back"] = {"credits_m": found.left.credits_m, "amount": amount}
    if found.asked is not None:
        fields["money_asked"] = _request(found.asked)
    return fields


def _for_staff(purchase: Purchase) -> dict[str, object]:
    fields = ("what", "at", "actor", "cents", "amount_m", "detail")
    return {
        "trouble": purchase.trouble,
        "provider_ref": purchase.provider_ref or "",
        "refunds": [_refund(one) for one in purchase.money_refunds.select_related("purchase").order_by("created_at")],
        "events": list(PurchaseEvent.objects.filter(purchase=purchase).order_by("pk").values(*fields)),
    }


def _request(asked: MoneyRequest) -> dict[str, object]:
    return {
        "id": str(asked.pk),
        "purchase": str(asked.purchase_id),
        "state": asked.state,
        "text": asked.text,
        "answer": asked.answer,
        "asked_at": asked.asked_at,
        "answered_at": asked.answered_at,
    }


def _refund(made: MoneyRefund) -> dict[str, object]:
    amount = money_of(made.amount_cents, made.purchase.currency)
    return {"id": str(made.pk), "credits_m": made.credits_m, "amount": amount, "state": made.state}


def _auto(row: AutoTopUp | None) -> dict[str, object]:
    if row is None:
        return {"on": False}
    return {
        "on": row.on,
        "credits": row.credits,
        "threshold_m": row.threshold_m,
        "cap": row.cap_cents,
        "spent": row.month_cents,
        "off_because": row.off_because,
    }


def money_of(cents: int, currency: str) -> dict[str, object]:
    return {"value": cents, "currency": currency}


def _key(request: Request) -> str:
    key = find_key(request)
    return uuid.uuid4().hex if key is None else key
