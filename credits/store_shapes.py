"""The shapes of the store's API, for the OpenAPI document and for reading what is sent."""

from __future__ import annotations

from rest_framework import serializers

from credits.models import Purchase
from credits.store.states import STATUSES

Fields = dict[str, object]


class MoneyOut(serializers.Serializer[Fields]):
    value = serializers.IntegerField(help_text="Whole minor units (cents), VAT included")
    currency = serializers.CharField(help_text="ISO 4217")


class MethodOut(serializers.Serializer[Fields]):
    provider = serializers.CharField()
    method = serializers.CharField()
    name = serializers.CharField(help_text="In the reader's language")
    mandate = serializers.BooleanField(help_text="Can give the permission for later charges")


class PackageOut(serializers.Serializer[Fields]):
    credits = serializers.IntegerField()
    amount = MoneyOut()
    vat_bp = serializers.IntegerField(help_text="VAT in the amount; 2100 is 21 %")
    own_price = serializers.BooleanField(help_text="Agreed with your organisation")


class PackagesOut(serializers.Serializer[Fields]):
    results = PackageOut(many=True)
    next = serializers.CharField(allow_null=True)
    methods = MethodOut(many=True)
    may_buy = serializers.BooleanField(help_text="Members do not: their organisation's owner buys for all")


class PurchaseOut(serializers.Serializer[Fields]):
    id = serializers.CharField()
    credits = serializers.IntegerField()
    amount = MoneyOut()
    provider = serializers.CharField()
    method = serializers.CharField()
    status = serializers.CharField(help_text="open, pending, paid, failed, cancelled, expired, refunded, charged_back")
    created_at = serializers.DateTimeField()
    paid_at = serializers.DateTimeField(required=False)
    refunded = MoneyOut(required=False)
    test = serializers.BooleanField(help_text="Play money")
    redirect_url = serializers.CharField(required=False, help_text="Where to pay it, while it is open")
    instructions = serializers.DictField(required=False, help_text="What to know where there is no page")
    wallet = serializers.CharField()


class MoneyLeftOut(serializers.Serializer[Fields]):
    credits_m = serializers.IntegerField()
    amount = MoneyOut()


class MoneyBackIn(serializers.Serializer[Fields]):
    text = serializers.CharField(required=False, default="", allow_blank=True, max_length=500)


class MoneyBackOut(serializers.Serializer[Fields]):
    id = serializers.CharField()
    purchase = serializers.CharField()
    state = serializers.CharField(help_text="open, granted, declined, withdrawn")
    text = serializers.CharField()
    answer = serializers.CharField(help_text="Why it was declined")
    asked_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)


class MoneyDeclineIn(serializers.Serializer[Fields]):
    reason = serializers.CharField(max_length=500, help_text="The customer reads it")


class ReceiptOut(serializers.Serializer[Fields]):
    id = serializers.CharField(help_text="The file is at /receipts/{id}/")
    number = serializers.CharField()
    kind = serializers.CharField(help_text="receipt or credit_note")
    issued_at = serializers.DateTimeField()


class PurchaseEventOut(serializers.Serializer[Fields]):
    what = serializers.CharField()
    at = serializers.DateTimeField()
    actor = serializers.CharField()
    cents = serializers.IntegerField(allow_null=True)
    amount_m = serializers.IntegerField(allow_null=True)
    detail = serializers.CharField()


class OnePurchaseOut(PurchaseOut):
    receipts = ReceiptOut(many=True)
    trouble = serializers.CharField(required=False, help_text="For staff: why it waits for a person")
    provider_ref = serializers.CharField(required=False, help_text="For staff: its id at the provider")
    refunds = serializers.ListField(child=serializers.DictField(), required=False, help_text="For staff")
    events = PurchaseEventOut(many=True, required=False, help_text="For staff: what happened to it")
    money_back = MoneyLeftOut(required=False, help_text="What of it may be asked back in money")
    money_asked = MoneyBackOut(required=False)


class PurchasesOut(serializers.Serializer[Fields]):
    results = PurchaseOut(many=True)
    next = serializers.CharField(allow_null=True)


class PurchasesAsked(serializers.Serializer[Fields]):
    status = serializers.ChoiceField(choices=STATUSES, required=False, default=None)
    state = serializers.ChoiceField(
        choices=Purchase.State.values, required=False, default=None, help_text="As `status`, but what came back is paid"
    )
    provider = serializers.CharField(required=False, default=None)
    since = serializers.DateTimeField(required=False, default=None)
    until = serializers.DateTimeField(required=False, default=None)
    cursor = serializers.CharField(required=False, default=None)
    limit = serializers.IntegerField(required=False, default=50, min_value=1, max_value=200)


class PurchaseIn(serializers.Serializer[Fields]):
    credits = serializers.IntegerField(help_text="50, 100, … 500")
    provider = serializers.CharField(max_length=20)
    method = serializers.CharField(max_length=20, required=False, default="")
    amount = serializers.IntegerField(required=False, default=None, help_text="The price that was shown, in cents")
    mandate = serializers.BooleanField(required=False, default=False)
    return_to = serializers.CharField(
        required=False, default="", max_length=200, help_text="A path of this hub, or a page of one of its websites"
    )


class MoneyRefundIn(serializers.Serializer[Fields]):
    credits_m = serializers.IntegerField(help_text="Millicredits of this purchase that are left")
    reason = serializers.CharField(max_length=40)


class MoneyRefundAskIn(MoneyRefundIn):
    text = serializers.CharField(required=False, default="", allow_blank=True, max_length=500)


class MoneyRefundOut(serializers.Serializer[Fields]):
    id = serializers.CharField()
    credits_m = serializers.IntegerField()
    amount = MoneyOut()
    state = serializers.CharField(help_text="asked, pending, done, failed")


class VoucherIn(serializers.Serializer[Fields]):
    code = serializers.CharField(max_length=64)


class VoucherOut(serializers.Serializer[Fields]):
    credits_m = serializers.IntegerField()
    expires_at = serializers.DateTimeField(allow_null=True)
    transfer = serializers.CharField()


class AutoTopUpIn(serializers.Serializer[Fields]):
    credits = serializers.IntegerField()
    threshold_m = serializers.IntegerField()
    cap = serializers.IntegerField(help_text="Most per calendar month, in cents")


class AutoTopUpOut(serializers.Serializer[Fields]):
    on = serializers.BooleanField()
    credits = serializers.IntegerField(required=False)
    threshold_m = serializers.IntegerField(required=False)
    cap = serializers.IntegerField(required=False)
    spent = serializers.IntegerField(required=False, help_text="This month, in cents")
    off_because = serializers.CharField(required=False)
