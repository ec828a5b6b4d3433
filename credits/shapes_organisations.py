"""The shapes of the personnel API, for the OpenAPI document and for reading what is sent."""

from __future__ import annotations

from rest_framework import serializers

Fields = dict[str, object]
AMOUNT_MAX_M = 1_000_000_000


class UnitIn(serializers.Serializer[Fields]):
    name = serializers.CharField(max_length=120)


class Named(serializers.Serializer[Fields]):
    id = serializers.CharField()
    name = serializers.CharField()


class UnitOut(Named):
    members = serializers.IntegerField(help_text="How many people are in it")


class LimitOut(serializers.Serializer[Fields]):
    limit_m = serializers.IntegerField(required=False, allow_null=True, help_text="A month; null: no limit")
    extra_m = serializers.IntegerField(required=False, help_text="More in this month only")
    used_m = serializers.IntegerField(required=False, help_text="In this month, less what was given back of it")
    left_m = serializers.IntegerField(required=False, allow_null=True)
    until = serializers.DateTimeField(required=False, help_text="When the next month begins")


class MemberOut(LimitOut):
    id = serializers.CharField()
    name = serializers.CharField()
    login = serializers.CharField()
    email = serializers.EmailField(allow_null=True)
    mobile = serializers.CharField(allow_null=True)
    role = serializers.ChoiceField(choices=["owner", "manager", "employee"])
    unit = Named(allow_null=True)
    suspended = serializers.BooleanField()


class InviteIn(serializers.Serializer[Fields]):
    first_name = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)
    last_name = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)
    email = serializers.CharField(max_length=254, required=False, default="", allow_blank=True)
    mobile = serializers.CharField(max_length=30, required=False, default="", allow_blank=True)
    unit = serializers.IntegerField(required=False, default=None, help_text="A manager's own unit is taken")
    role = serializers.ChoiceField(choices=["manager", "employee"], required=False, default="employee")
    limit_m = serializers.IntegerField(
        required=False, default=None, allow_null=True, min_value=0, max_value=AMOUNT_MAX_M
    )


class InvitedOut(serializers.Serializer[Fields]):
    id = serializers.CharField()
    expires_at = serializers.DateTimeField()


class MemberChange(serializers.Serializer[Fields]):
    unit = serializers.IntegerField(required=False)
    role = serializers.ChoiceField(choices=["manager", "employee"], required=False)
    suspended = serializers.BooleanField(required=False)
    limit_m = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=AMOUNT_MAX_M)
    extra_m = serializers.IntegerField(required=False, min_value=0, max_value=AMOUNT_MAX_M)


class HandOverIn(serializers.Serializer[Fields]):
    to = serializers.IntegerField(help_text="The member who becomes the owner")


class RequestOut(LimitOut):
    id = serializers.CharField()
    member = Named()


class AnswerIn(serializers.Serializer[Fields]):
    by_m = serializers.IntegerField(allow_null=True, min_value=1, max_value=AMOUNT_MAX_M, help_text="null: no")
    for_good = serializers.BooleanField(required=False, default=False)
