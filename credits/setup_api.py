"""The owner's API of what is sold: prices, vouchers, lines of the bank (S1, S2, A4). As on screen."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from credits import setup_shapes as shapes
from credits.errors import LineUnknown, VoucherUnknown
from credits.models import BankLine, OrganisationPrice, Package, Purchase, Voucher
from credits.owner_api import describe_line, read
from credits.store import bank_orders
from credits.store.packages import set_organisation_price, set_package
from credits.store.providers.base import Money
from credits.store.providers.camt053 import FILE_BYTES_MAX
from credits.store.vouchers import make_vouchers, withdraw_voucher
from credits.store_api import money_of
from hub.accounts.public import Organisation, OwnerApiView
from hub.base.api.idempotency import find_key
from hub.base.api.paging import page
from hub.base.errors import BadFrame, NotFound


class Prices(OwnerApiView):
    scope = "credits"

    @extend_schema(responses=shapes.PricesOut)
    def get(self, request: Request) -> Response:
        """Every size that was ever priced; `/packages/` is what its caller can buy."""
        return Response({"results": [_package(row) for row in Package.objects.order_by("credits")], "next": None})

    @extend_schema(request=shapes.PriceIn, responses=shapes.PriceOut)
    def put(self, request: Request) -> Response:
        """Price one size, or take it off sale. What was bought keeps its price."""
        said = read(shapes.PriceIn, request)
        amount = Money(said["amount"], said["currency"])
        row = set_package(
            self.person, said["credits"], amount, vat_bp=said["vat_bp"], vat_at=said["vat_at"], active=said["active"]
        )
        return Response(_package(row))


class OrganisationPrices(OwnerApiView):
    scope = "credits"

    @extend_schema(responses=shapes.OwnPricesOut)
    def get(self, request: Request, organisation_id: int) -> Response:
        """What this organisation pays instead."""
        return Response(self._own(organisation_id))

    @extend_schema(request=shapes.OwnPriceIn, responses=shapes.OwnPricesOut)
    def put(self, request: Request, organisation_id: int) -> Response:
        """Set one of them; an amount of null: as everybody."""
        self._own(organisation_id)  # an organisation that is none is told before what is wrong with the request
        said = read(shapes.OwnPriceIn, request)
        set_organisation_price(self.person, organisation_id, said["credits"], said["amount"])
        return Response(self._own(organisation_id))

    def _own(self, organisation_id: int) -> dict[str, object]:
        if not Organisation.objects.filter(pk=organisation_id).exists():
            raise NotFound
        rows = OrganisationPrice.objects.filter(organisation=organisation_id).select_related("package")
        results = [
            {"credits": row.package.credits, "amount": money_of(row.amount_cents, row.package.currency)}
            for row in rows.order_by("package__credits")
        ]
        return {"results": results, "next": None}


class Vouchers(OwnerApiView):
    scope = "credits"
    answers_once = False  # the codes are kept nowhere; they carry the key themselves

    @extend_schema(responses=shapes.VouchersOut)
    def get(self, request: Request) -> Response:
        """The newest first; of a code only its end is kept."""
        rows = Voucher.objects.all()
        return Response(page(request, rows, order=("-id",), render=lambda found: [_voucher(row) for row in found]))

    @extend_schema(request=shapes.VouchersIn, responses={201: shapes.CodesOut})
    def post(self, request: Request) -> Response:
        """Make codes. They stand in this answer and nowhere else; the same Idempotency-Key tells them again."""
        said = read(shapes.VouchersIn, request)
        return Response({"codes": make_vouchers(self.person, **said, key=find_key(request))}, status=201)


class OneVoucher(OwnerApiView):
    scope = "credits"

    @extend_schema(responses=shapes.VoucherRow)
    def get(self, request: Request, voucher_id: int) -> Response:
        return Response(_voucher(_find_voucher(voucher_id)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, voucher_id: int) -> Response:
        """Withdraw it: nobody can use it any more, and what it gave stays."""
        withdraw_voucher(self.person, voucher_id)
        return Response(status=204)


class BankLines(OwnerApiView):
    scope = "credits"
    parser_classes = (JSONParser, MultiPartParser)

    @extend_schema(responses=shapes.LinesOut)
    def get(self, request: Request) -> Response:
        """All that were brought, the newest first."""
        rows = BankLine.objects.select_related("purchase")
        return Response(page(request, rows, order=("-id",), render=lambda found: [describe_line(row) for row in found]))

    @extend_schema(request=shapes.LinesIn, responses=shapes.BookedOut)
    def post(self, request: Request) -> Response:
        """Book lines of a statement: `lines` as text, or `file` (multipart): camt.053, or text. Each is booked once."""
        said = read(shapes.LinesIn, request)
        file = said.get("file")
        if file is not None and file.size > FILE_BYTES_MAX:
            raise BadFrame(field="length")
        data = file.read() if file is not None else said["lines"].encode()
        return Response(
            {"results": [_outcome(one) for one in bank_orders.book_statement(self.person, data)], "next": None}
        )


class OneBankLine(OwnerApiView):
    scope = "credits"

    @extend_schema(responses=shapes.LineRow)
    def get(self, request: Request, line_id: int) -> Response:
        return Response(describe_line(_find_line(line_id)))

    @extend_schema(request=shapes.LineIn, responses=shapes.LineRow)
    @transaction.atomic
    def patch(self, request: Request, line_id: int) -> Response:
        """Close an open line with a `reason`, or book it for the order of a `purchase`."""
        _find_line(line_id)
        said = read(shapes.LineIn, request)
        if said["purchase"]:
            order = Purchase.objects.filter(pk=said["purchase"], provider="bank").first()
            bank_orders.assign_line(self.person, line_id, str(order.provider_ref) if order else "")
        else:
            bank_orders.close_line(self.person, line_id, said["reason"])
        return Response(describe_line(_find_line(line_id)))


def _find_line(line_id: int) -> BankLine:
    found = BankLine.objects.select_related("purchase").filter(pk=line_id).first()
    if found is None:
        raise LineUnknown
    return found


def _find_voucher(voucher_id: int) -> Voucher:
    found = Voucher.objects.filter(pk=voucher_id).first()
    if found is None:
        raise VoucherUnknown
    return found


def _package(row: Package) -> dict[str, object]:
    return {
        "credits": row.credits,
        "amount": money_of(row.amount_cents, row.currency),
        "vat_bp": row.vat_bp,
        "vat_at": row.vat_at,
        "active": row.active,
    }


def _voucher(row: Voucher) -> dict[str, object]:
    return {
        "id": str(row.pk),
        "hint": row.hint,
        "label": row.label,
        "credits_m": row.credits_m,
        "uses": row.uses,
        "uses_max": row.uses_max,
        "until": row.until,
        "credits_days": row.credits_days,
        "active": row.active,
        "made_at": row.made_at,
    }


def _outcome(one: bank_orders.Outcome) -> dict[str, Any]:
    booked = one.booked
    result = "wrong" if one.wrong else "left" if booked is None else "again" if booked.again else "booked"
    line = describe_line(booked.line) if booked is not None else None
    return {"result": result, "wrong": one.wrong, "line": line}
