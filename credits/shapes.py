"""The shapes of the wallet API, for the OpenAPI document and for reading what is sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from rest_framework import serializers

Fields = dict[str, object]


class WalletAnswer(serializers.Serializer[Fields]):
    id = serializers.CharField()
    balance_m = serializers.IntegerField(help_text="Millicredits, with what is held")
    available_m = serializers.IntegerField(help_text="Millicredits that can be spent")
    unmetered = serializers.BooleanField(help_text="A VIP: nothing is charged")
    owed_m = serializers.IntegerField(help_text="Taken back after it had been spent: paid first from what comes in")
    limit_m = serializers.IntegerField(required=False, help_text="What a member may spend this month (P4)")
    limit_left_m = serializers.IntegerField(required=False, help_text="What is left of it")


class LineOut(serializers.Serializer[Fields]):
    id = serializers.CharField()
    amount_m = serializers.IntegerField(help_text="Signed")
    balance_m = serializers.IntegerField(
        allow_null=True,
        help_text="What could be spent after it; null where only lines of some people or one reason are told",
    )
    reason = serializers.CharField(help_text="adjust, charge, refund, waive, unused, hold, release, …")
    at = serializers.DateTimeField()
    session = serializers.CharField(required=False)
    ticket = serializers.CharField(required=False)
    purchase = serializers.CharField(required=False)
    block = serializers.IntegerField(required=False)
    spender = serializers.CharField(required=False, help_text="Who used it")
    note = serializers.CharField(required=False, help_text="For staff")


class LinesOut(serializers.Serializer[Fields]):
    results = LineOut(many=True)
    next = serializers.CharField(allow_null=True)


class LotOut(serializers.Serializer[Fields]):
    reason = serializers.CharField(help_text="purchase, voucher, adjust, returned, …")
    at = serializers.DateTimeField(help_text="When it came in")
    paid = serializers.BooleanField(help_text="Only paid credits can be paid back in money")
    expires_at = serializers.DateTimeField(allow_null=True)
    amount_m = serializers.IntegerField()
    left_m = serializers.IntegerField()
    purchase = serializers.CharField(required=False)


class LotsOut(serializers.Serializer[Fields]):
    results = LotOut(many=True)
    next = serializers.CharField(allow_null=True)


class LinesAsked(serializers.Serializer[Fields]):
    spender = serializers.IntegerField(required=False, default=None, help_text="Only what this person used (P4)")
    reason = serializers.CharField(required=False, default=None)
    since = serializers.DateTimeField(required=False, default=None)
    until = serializers.DateTimeField(required=False, default=None)
    cursor = serializers.CharField(required=False, default=None)
    limit = serializers.IntegerField(required=False, default=50, min_value=1, max_value=200)


class AdjustIn(serializers.Serializer[Fields]):
    amount_m = serializers.IntegerField(help_text="Signed millicredits")
    reason = serializers.CharField(max_length=500)

    def to_internal_value(self, data: Any) -> Any:
        """Unknown fields are refused: who misspells `amount_m` must not think that it was read."""
        unknown = set(data) - set(self.fields) if isinstance(data, Mapping) else set()
        if unknown:
            raise serializers.ValidationError(dict.fromkeys(unknown, "unknown"))
        return super().to_internal_value(data)


class AdjustedOut(WalletAnswer):
    transfer = serializers.CharField()


class _Named(serializers.Serializer[Fields]):
    id = serializers.CharField()
    name = serializers.CharField()


class ApprovalOut(serializers.Serializer[Fields]):
    id = serializers.CharField()
    what = serializers.CharField(help_text="adjust, refund or money_refund")
    wallet = serializers.CharField()
    amount_m = serializers.IntegerField(help_text="Signed")
    reference = serializers.CharField(help_text="Of a refund: the session, or the purchase")
    reason = serializers.CharField(help_text="Of a refund: its code")
    text = serializers.CharField()
    state = serializers.CharField(help_text="open, approved, declined or withdrawn")
    asked_by = _Named()
    asked_at = serializers.DateTimeField(default_timezone=UTC)
    answered_by = _Named(allow_null=True)
    answered_at = serializers.DateTimeField(default_timezone=UTC, allow_null=True)
    may_approve = serializers.BooleanField(help_text="Whether you are the second person that it waits for")
