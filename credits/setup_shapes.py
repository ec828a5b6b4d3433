"""The shapes of the owner's API of what is sold."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from credits.models import SIZES, VatAt
from credits.owner_shapes import BankLineOut
from credits.store_shapes import Fields, MoneyOut


class PriceOut(serializers.Serializer[Fields]):
    credits = serializers.IntegerField()
    amount = MoneyOut()
    vat_bp = serializers.IntegerField(help_text="VAT in the amount; 2100 is 21 %")
    vat_at = serializers.ChoiceField(VatAt.choices, help_text="When it is due: at the sale, or at the use")
    active = serializers.BooleanField(help_text="For sale")


class PricesOut(serializers.Serializer[Fields]):
    results = PriceOut(many=True)
    next = serializers.CharField(allow_null=True)


@extend_schema_serializer(component_name="PackagePriceIn")
class PriceIn(serializers.Serializer[Fields]):
    credits = serializers.ChoiceField(SIZES)
    amount = serializers.IntegerField(min_value=1, help_text="In cents, VAT included")
    currency = serializers.RegexField("^[A-Z]{3}$", default="EUR")
    vat_bp = serializers.IntegerField(min_value=0, max_value=9999)
    vat_at = serializers.ChoiceField(VatAt.choices, default=VatAt.SALE.value)
    active = serializers.BooleanField(default=True)


class OwnPriceOut(serializers.Serializer[Fields]):
    credits = serializers.IntegerField()
    amount = MoneyOut()


class OwnPricesOut(serializers.Serializer[Fields]):
    results = OwnPriceOut(many=True)
    next = serializers.CharField(allow_null=True)


class OwnPriceIn(serializers.Serializer[Fields]):
    credits = serializers.ChoiceField(SIZES)
    amount = serializers.IntegerField(min_value=1, allow_null=True)


class VoucherRow(serializers.Serializer[Fields]):
    id = serializers.CharField()
    hint = serializers.CharField(help_text="The end of the code")
    label = serializers.CharField()  # type: ignore[assignment]  # a field of this name, not the label of one
    credits_m = serializers.IntegerField()
    uses = serializers.IntegerField()
    uses_max = serializers.IntegerField()
    until = serializers.DateTimeField(allow_null=True)
    credits_days = serializers.IntegerField(allow_null=True, help_text="Its credits expire after so many days")
    active = serializers.BooleanField()
    made_at = serializers.DateTimeField()


class VouchersOut(serializers.Serializer[Fields]):
    results = VoucherRow(many=True)
    next = serializers.CharField(allow_null=True)


class VouchersIn(serializers.Serializer[Fields]):
    credits_m = serializers.IntegerField(min_value=1)
    count = serializers.IntegerField(default=1, min_value=1, max_value=1000)
    uses_max = serializers.IntegerField(default=1, min_value=1, max_value=1_000_000)
    until = serializers.DateTimeField(default=None, allow_null=True)
    credits_days = serializers.IntegerField(default=None, allow_null=True, min_value=1, max_value=3650)
    label = serializers.CharField(  # type: ignore[assignment]
        default="", allow_blank=True, max_length=100
    )


class CodesOut(serializers.Serializer[Fields]):
    codes = serializers.ListField(child=serializers.CharField())


class LineRow(BankLineOut):
    pass


@extend_schema_serializer(component_name="BankLinesOut")
class LinesOut(serializers.Serializer[Fields]):
    results = LineRow(many=True)
    next = serializers.CharField(allow_null=True)


class LinesIn(serializers.Serializer[Fields]):
    lines = serializers.CharField(required=False, default="", allow_blank=True, max_length=200_000)
    file = serializers.FileField(required=False, default=None, allow_null=True)


class OutcomeOut(serializers.Serializer[Fields]):
    result = serializers.CharField(help_text="booked, again (was there before), left (nothing of ours), wrong")
    wrong = serializers.CharField(help_text="reference, amount, direction, currency, or empty")
    line = LineRow(allow_null=True)


class BookedOut(serializers.Serializer[Fields]):
    results = OutcomeOut(many=True)
    next = serializers.CharField(allow_null=True)


class LineIn(serializers.Serializer[Fields]):
    reason = serializers.CharField(required=False, default="", allow_blank=True, max_length=500)
    purchase = serializers.UUIDField(required=False, default=None, allow_null=True)
