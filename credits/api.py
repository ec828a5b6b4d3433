"""`/api/v1/wallet/`, its lines, and adjustments by staff."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from credits import shapes
from credits.adjustments import adjust
from credits.errors import WalletUnknown
from credits.ledger import overview
from credits.ledger.accounts import WalletView, find_wallet, get_wallet
from credits.ledger.lines import Filter, Line, read_lines
from credits.models import Wallet
from credits.permissions import is_own_work, spenders_visible_to
from credits.store.wallet_origins import purchase_of
from hub.accounts.public import ApiView, Person, StaffApiView, User, audit
from hub.base.api.paging import url_of


class MyWallet(ApiView):
    scope = "credits"

    @extend_schema(responses=shapes.WalletAnswer)
    def get(self, request: Request) -> Response:
        """The wallet that the caller pays from: the own one, or the organisation's."""
        return Response(_describe(own_wallet(self.person)))


class MyLines(ApiView):
    scope = "credits"

    @extend_schema(parameters=[shapes.LinesAsked], responses=shapes.LinesOut)
    def get(self, request: Request) -> Response:
        """The lines of that wallet, newest first; of an organisation's those one may see (L5, P4)."""
        return Response(_lines(request, self.person, own_wallet(self.person).id))


class MyLots(ApiView):
    scope = "credits"

    @extend_schema(responses=shapes.LotsOut)
    def get(self, request: Request) -> Response:
        """What that wallet is made of, in the order in which it is used, and what expires when (L7).

        An organisation's tells its owner alone (P4), and nobody what is never charged (P12).
        """
        wallet = own_wallet(self.person)
        if wallet.unmetered or spenders_visible_to(self.person) is not None:
            raise WalletUnknown
        return Response(_lots(wallet.id))


class WalletOf(StaffApiView):
    scope = "credits"

    @extend_schema(responses=shapes.WalletAnswer)
    def get(self, request: Request, wallet_id: int) -> Response:
        """A customer's or organisation's wallet, for staff. What is not one's own work is audited (P9)."""
        return Response(_describe(_opened(self.person, wallet_id)))


class LinesOf(StaffApiView):
    scope = "credits"

    @extend_schema(parameters=[shapes.LinesAsked], responses=shapes.LinesOut)
    def get(self, request: Request, wallet_id: int) -> Response:
        """The lines of a customer's or organisation's wallet, for staff, with what was noted."""
        return Response(_lines(request, self.person, _opened(self.person, wallet_id).id))


class LotsOf(StaffApiView):
    scope = "credits"

    @extend_schema(responses=shapes.LotsOut)
    def get(self, request: Request, wallet_id: int) -> Response:
        """What a customer's or organisation's wallet is made of, for staff."""
        return Response(_lots(_opened(self.person, wallet_id).id))


class Adjust(StaffApiView):
    scope = "credits"

    @extend_schema(
        parameters=[OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER)],
        request=shapes.AdjustIn,
        responses={201: shapes.AdjustedOut},
    )
    def post(self, request: Request, wallet_id: int) -> Response:
        """Add credits, or take them away, with a reason (L6)."""
        wallet = _seen(self.person, wallet_id)
        asked = shapes.AdjustIn(data=request.data)
        asked.is_valid(raise_exception=True)
        with transaction.atomic():
            transfer_id = adjust(
                wallet.id,
                asked.validated_data["amount_m"],
                reason=asked.validated_data["reason"],
                actor_id=self.person.user_id,
                key=request.headers.get("Idempotency-Key") or uuid.uuid4().hex,
                level=self.person.level,
            )
            audit.record(
                self.person,
                "credits.wallet.adjusted",
                target_kind="wallet",
                target_id=wallet.id,
                detail={"amount_m": asked.validated_data["amount_m"], "transfer": transfer_id},
            )
        return Response({**_describe(get_wallet(wallet.id)), "transfer": str(transfer_id)}, status=201)


def own_wallet(person: Person) -> WalletView:
    wallet = find_wallet(person.user_id) if person.user_id is not None else None
    if wallet is None:
        raise WalletUnknown
    return wallet


def _seen(person: Person, wallet_id: int) -> WalletView:
    if not Wallet.objects.visible_to(person).filter(pk=wallet_id).exists():
        raise WalletUnknown
    return get_wallet(wallet_id)


def _opened(person: Person, wallet_id: int) -> WalletView:
    wallet = _seen(person, wallet_id)
    if not is_own_work(Wallet.objects.filter(pk=wallet_id), person):
        audit.record(person, "credits.wallet.opened", target_kind="wallet", target_id=wallet_id)
    return wallet


def _describe(wallet: WalletView) -> dict[str, object]:
    fields: dict[str, object] = {
        "id": str(wallet.id),
        "balance_m": wallet.balance_m,
        "available_m": wallet.available_m,
        "unmetered": wallet.unmetered,
        "owed_m": wallet.owed_m,
    }
    if wallet.limit_m is not None:
        fields |= {"limit_m": wallet.limit_m, "limit_left_m": wallet.limit_left_m}
    return fields


def _lots(wallet_id: int) -> dict[str, object]:
    return {"results": [_lot(one) for one in overview.lots(wallet_id)], "next": None}


def _lot(one: overview.LotLine) -> dict[str, object]:
    fields: dict[str, object] = {
        "reason": one.reason,
        "at": one.at,
        "paid": one.paid,
        "expires_at": one.expires_at,
        "amount_m": one.amount_m,
        "left_m": one.left_m,
    }
    if (purchase_id := purchase_of(one.reference)) is not None:
        fields["purchase"] = str(purchase_id)
    return fields


def _lines(request: Request, person: Person, wallet_id: int) -> dict[str, object]:
    asked = shapes.LinesAsked(data=request.query_params)
    asked.is_valid(raise_exception=True)
    said: dict[str, Any] = asked.validated_data
    seen = spenders_visible_to(person)
    if said["spender"] is not None:
        seen = [said["spender"]] if User.objects.visible_to(person).filter(pk=said["spender"]).exists() else []
    chosen = Filter(said["reason"], said["since"], said["until"], seen)
    lines, cursor = read_lines(wallet_id, chosen, cursor=said["cursor"], limit=said["limit"], balances=chosen.in_a_row)
    return {
        "results": [_line(line, with_note=person.is_staff) for line in lines],
        "next": None if cursor is None else url_of(request, cursor),
    }


def _line(line: Line, *, with_note: bool) -> dict[str, object]:
    fields: dict[str, object] = {
        "id": str(line.id),
        "amount_m": line.amount_m,
        "balance_m": line.balance_m,
        "reason": line.reason,
        "at": line.at,
    }
    if line.of_session:
        kind, _, name = line.reference.rpartition(":")
        fields[kind or "session"] = name  # a chat's reference is its id alone, a ticket's is `ticket:` and its number
    elif (purchase_id := purchase_of(line.reference)) is not None:
        fields["purchase"] = str(purchase_id)
    if line.block is not None:
        fields["block"] = line.block
    if line.spender_id is not None:
        fields["spender"] = str(line.spender_id)
    if with_note and line.note:
        fields["note"] = line.note
    return fields
