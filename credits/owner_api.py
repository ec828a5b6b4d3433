"""`/api/v1/money/…`: the owner's figures and open items, as on screen (S3, A4)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from credits import owner_shapes as shapes
from credits.admin.periods import Period, today_here
from credits.errors import PurchaseUnknown
from credits.models import BankLine, MoneyRefund, PaymentNotice, Purchase
from credits.store import open_items
from credits.store.days import Day, days, summed
from credits.store.flows import MOVED, Flow, flows
from credits.store.kept_notices import body_of, notices_of
from credits.store.standing import last_standing
from credits.store_api import describe, money_of
from hub.accounts.public import OwnerApiView

DAYS_DEFAULT = 30


class Money(OwnerApiView):
    scope = "credits"

    @extend_schema(parameters=[shapes.MoneyAsked], responses=shapes.MoneyOverview)
    def get(self, request: Request) -> Response:
        """By day of the hub's zone, the newest first: what was sold, what went back, and what moved in all wallets."""
        asked = shapes.MoneyAsked(data=request.query_params)
        asked.is_valid(raise_exception=True)
        until: date = asked.validated_data["until"] or today_here()
        since: date = asked.validated_data["since"] or until - timedelta(days=DAYS_DEFAULT)
        period = Period(min(since, until), max(since, until))
        moved = flows(period.since, period.until)
        return Response(
            {
                "since": period.first,
                "until": period.last,
                "sales": [_sold(row) for row in summed(days(period.since, period.until), period.day_of)],
                "credits": [_moved(row) for row in moved.days],
                "outstanding_m": moved.outstanding_m,
                "standing": _standing(),
                "owed_m": moved.owed_m,
            }
        )


class OpenItems(OwnerApiView):
    scope = "credits"

    @extend_schema(responses=shapes.OpenItemsOut)
    def get(self, request: Request) -> Response:
        """What does not settle by itself, the oldest first, and who owes credits."""
        found = open_items.open_items()
        return Response(
            {
                "purchases": [{**describe(row), "trouble": row.trouble} for row in found.purchases],
                "refunds": [describe_refund(row) for row in found.refunds],
                "bank_lines": [describe_line(row) for row in found.bank_lines],
                "debts": [{"wallet": str(row.wallet_id), "owed_m": row.owed_m} for row in open_items.debts()],
            }
        )


class PurchaseAsk(OwnerApiView):
    scope = "credits"
    answers_once = False  # asks a provider, which no transaction may wait for

    @extend_schema(request=None, responses=shapes.AskedOut)
    def post(self, request: Request, purchase_id: UUID) -> Response:
        """Have its provider asked how it stands, and its refunds."""
        purchase = open_items.ask_again(self.person, purchase_id)
        return Response({**describe(purchase), "trouble": purchase.trouble})


class PurchaseClose(OwnerApiView):
    scope = "credits"

    @extend_schema(request=shapes.ReasonIn, responses={204: None})
    def post(self, request: Request, purchase_id: UUID) -> Response:
        """Somebody dealt with its trouble. The reason goes into the audit log."""
        said = read(shapes.ReasonIn, request)
        open_items.close_trouble(self.person, purchase_id, said["reason"])
        return Response(status=204)


class PurchaseNotices(OwnerApiView):
    scope = "credits"

    @extend_schema(responses=shapes.NoticesOut)
    def get(self, request: Request, purchase_id: UUID) -> Response:
        """What its provider sent about it, raw, the newest first, as long as it is kept."""
        purchase = Purchase.objects.filter(pk=purchase_id).first()
        if purchase is None:
            raise PurchaseUnknown
        return Response({"results": [_notice(row) for row in notices_of(purchase)], "next": None})


class MoneyRefundEnd(OwnerApiView):
    scope = "credits"

    @extend_schema(request=shapes.RefundEndIn, responses={204: None})
    def post(self, request: Request, refund_id: UUID) -> Response:
        """How a refund ended that waits for a person; not paid out, its credits return."""
        said = read(shapes.RefundEndIn, request)
        open_items.end_refund(
            self.person, refund_id, paid_out=said["paid_out"], beside=said["beside"], reason=said["reason"]
        )
        return Response(status=204)


def read(shape: Any, request: Request) -> dict[str, Any]:
    asked = shape(data=request.data)
    asked.is_valid(raise_exception=True)
    return dict(asked.validated_data)


def _sold(row: Day) -> dict[str, object]:
    return {
        "day": row.day,
        "provider": row.provider,
        "test": row.test,
        "purchases": row.purchases,
        "sold": money_of(row.amount_cents, row.currency),
        "vat": money_of(row.vat_cents, row.currency),
        "refunded": money_of(row.refunded_cents, row.currency),
        "charged_back": money_of(row.charged_back_cents, row.currency),
        "credits_m": row.credits_m,
        "ledger_m": row.ledger_m,
        "taken_back_m": row.back_m,
    }


def _notice(row: PaymentNotice) -> dict[str, object]:
    return {
        "id": str(row.pk),
        "at": row.at,
        "body": body_of(row),
        "headers": row.headers,
        "query": row.query,
        "result": row.result,
    }


def _standing() -> dict[str, object] | None:
    found = last_standing()
    return {"at": found.at, "paid_m": found.paid_m, "granted_m": found.granted_m} if found else None


def _moved(row: Flow) -> dict[str, object]:
    return {name: getattr(row, name) for name in ("day", *MOVED, "outstanding_m", "owed_m")}


def describe_refund(row: MoneyRefund) -> dict[str, object]:
    return {
        "id": str(row.pk),
        "purchase": str(row.purchase_id),
        "credits_m": row.credits_m,
        "amount": money_of(row.amount_cents, row.purchase.currency),
        "state": row.state,
        "trouble": row.trouble,
        "created_at": row.created_at,
    }


def describe_line(row: BankLine) -> dict[str, object]:
    purchase: Purchase | None = row.purchase
    return {
        "id": str(row.pk),
        "amount": money_of(row.amount_cents, row.currency),
        "payer": row.payer,
        "text": row.text,
        "day": row.day,
        "state": row.state,
        "trouble": row.trouble,
        "purchase": str(purchase.pk) if purchase else None,
        "at": row.at,
    }
