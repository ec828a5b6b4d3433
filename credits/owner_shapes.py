"""The shapes of the owner's API of money."""

from __future__ import annotations

from rest_framework import serializers

from credits.store_shapes import Fields, MoneyOut, PurchaseOut


class MoneyAsked(serializers.Serializer[Fields]):
    since = serializers.DateField(required=False, default=None, help_text="The first day; 30 days before the last")
    until = serializers.DateField(required=False, default=None, help_text="The last day, which is in it; today")


class SoldOut(serializers.Serializer[Fields]):
    day = serializers.DateField()
    provider = serializers.CharField()
    test = serializers.BooleanField(help_text="Play money")
    purchases = serializers.IntegerField()
    sold = MoneyOut()
    vat = MoneyOut(help_text="VAT in it that was due at the sale")
    refunded = MoneyOut(help_text="Went back on that day, by us or at the provider")
    charged_back = MoneyOut(help_text="On that day; below zero where one was won")
    credits_m = serializers.IntegerField(help_text="By the purchases")
    ledger_m = serializers.IntegerField(help_text="The same by the ledger")
    taken_back_m = serializers.IntegerField()


class MovedOut(serializers.Serializer[Fields]):
    day = serializers.DateField()
    sold_m = serializers.IntegerField()
    back_m = serializers.IntegerField(help_text="Taken back from wallets, for refunds and chargebacks")
    used_m = serializers.IntegerField()
    given_back_m = serializers.IntegerField()
    vouchers_m = serializers.IntegerField()
    gifts_m = serializers.IntegerField()
    taken_away_m = serializers.IntegerField()
    expired_m = serializers.IntegerField()
    debt_paid_m = serializers.IntegerField()
    other_m = serializers.IntegerField()
    outstanding_m = serializers.IntegerField(help_text="In all wallets when the day was over")
    owed_m = serializers.IntegerField(help_text="By customers, when the day was over")


class StandingOut(serializers.Serializer[Fields]):
    """What of all outstanding credits was bought and what was given, when it was counted last."""

    at = serializers.DateTimeField()
    paid_m = serializers.IntegerField()
    granted_m = serializers.IntegerField()


class MoneyOverview(serializers.Serializer[Fields]):
    since = serializers.DateField()
    until = serializers.DateField()
    sales = SoldOut(many=True)
    credits = MovedOut(many=True)
    standing = StandingOut(allow_null=True)
    outstanding_m = serializers.IntegerField()
    owed_m = serializers.IntegerField()


class AskedOut(PurchaseOut):
    trouble = serializers.CharField()


class RefundItemOut(serializers.Serializer[Fields]):
    id = serializers.CharField()
    purchase = serializers.CharField()
    credits_m = serializers.IntegerField()
    amount = MoneyOut()
    state = serializers.CharField()
    trouble = serializers.CharField()
    created_at = serializers.DateTimeField()


class BankLineOut(serializers.Serializer[Fields]):
    id = serializers.CharField()
    amount = MoneyOut()
    payer = serializers.CharField()
    text = serializers.CharField()
    day = serializers.DateField(allow_null=True)
    state = serializers.CharField(help_text="booked, open, closed")
    trouble = serializers.CharField(help_text="partial, over, reference, currency, or empty")
    purchase = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField()


class DebtOut(serializers.Serializer[Fields]):
    wallet = serializers.CharField()
    owed_m = serializers.IntegerField()


class OpenItemsOut(serializers.Serializer[Fields]):
    purchases = AskedOut(many=True)
    refunds = RefundItemOut(many=True)
    bank_lines = BankLineOut(many=True)
    debts = DebtOut(many=True)


class NoticeOut(serializers.Serializer[Fields]):
    id = serializers.CharField()
    at = serializers.DateTimeField()
    body = serializers.CharField()
    headers = serializers.DictField()
    query = serializers.DictField()
    result = serializers.CharField(help_text="looked, unknown, forged, provider_down, …; empty: nobody looked yet")


class NoticesOut(serializers.Serializer[Fields]):
    results = NoticeOut(many=True)
    next = serializers.CharField(allow_null=True)


class ReasonIn(serializers.Serializer[Fields]):
    reason = serializers.CharField(max_length=500)


class RefundEndIn(serializers.Serializer[Fields]):
    paid_out = serializers.BooleanField()
    beside = serializers.BooleanField(
        required=False, default=False, help_text="From our own account: not among the provider's refunds"
    )
    reason = serializers.CharField(max_length=500)
