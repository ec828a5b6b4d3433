"""The shapes of answers and requests, for the OpenAPI document and for the answers themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC

from django.conf import settings
from rest_framework import serializers

Fields = Mapping[str, object]


def shown(shape: type[serializers.Serializer[Fields]], fields: Fields) -> dict[str, object]:
    """What goes out: only what the shape names."""
    return dict(shape(fields).data)


def each_shown(shape: type[serializers.Serializer[Fields]], rows: Iterable[Fields]) -> list[dict[str, object]]:
    return [shown(shape, row) for row in rows]


class Named(serializers.Serializer[Fields]):
    id = serializers.CharField()
    name = serializers.CharField()


class MyDepartment(Named):
    manager = serializers.BooleanField()


class Me(serializers.Serializer[Fields]):
    id = serializers.CharField()
    role = serializers.CharField(help_text="owner, manager, agent, customer, vip, organisation_owner, … or visitor")
    level = serializers.CharField()
    name = serializers.CharField()
    login = serializers.CharField()
    language = serializers.CharField(required=False)
    departments = MyDepartment(many=True)
    scopes = serializers.ListField(child=serializers.CharField(), required=False)
    organisation = Named(required=False)
    wallet = serializers.CharField(required=False, help_text="The wallet this person pays from")


class DepartmentOut(Named):
    greeting = serializers.CharField()
    open = serializers.BooleanField(help_text="Whether a chat can start now, as far as office hours go")
    opens_at = serializers.DateTimeField(default_timezone=UTC, allow_null=True)
    closes_at = serializers.DateTimeField(default_timezone=UTC, allow_null=True)
    hours = serializers.DictField(allow_null=True, help_text="Null: no office hours. Else time_zone, week, holidays")
    questions = serializers.JSONField(help_text="What is asked before a chat; answers are fields of the session")
    online = serializers.IntegerField(help_text="How many agents are there now")
    agents = serializers.ListField(child=serializers.CharField())
    ticket = serializers.JSONField(
        help_text="A ticket's `price_m` (not for VIPs); `guests`: who has no account may send one; `fields`"
    )
    price_m = serializers.IntegerField(required=False, help_text="Millicredits per block; not for VIPs")
    block_s = serializers.IntegerField(required=False)
    free_s = serializers.IntegerField(required=False)
    minimum_blocks = serializers.IntegerField(required=False)


class CustomerOut(serializers.Serializer[Fields]):
    id = serializers.CharField()
    login = serializers.CharField()
    name = serializers.CharField()
    email = serializers.CharField(allow_null=True)
    mobile = serializers.CharField(allow_null=True)
    vip = serializers.BooleanField()
    language = serializers.CharField()
    department = serializers.CharField(allow_null=True)
    agent = Named(allow_null=True)
    wallet = serializers.CharField(allow_null=True)
    organisation = Named(required=False)


class Computer(serializers.Serializer[Fields]):
    brand = serializers.CharField()
    model = serializers.CharField()
    system = serializers.CharField()


class Claim(serializers.Serializer[Fields]):
    website = serializers.CharField()
    email = serializers.CharField()


class CustomerDetails(CustomerOut):
    first_name = serializers.CharField()
    last_name = serializers.CharField()
    created_at = serializers.DateTimeField(default_timezone=UTC)
    claims = Claim(many=True, help_text="What websites say of this person; not checked")
    address = serializers.CharField(required=False)
    postcode = serializers.CharField(required=False)
    city = serializers.CharField(required=False)
    exclusive = serializers.BooleanField(required=False)
    computer = Computer(required=False)
    balance_m = serializers.IntegerField(required=False, help_text="Not for VIPs")
    available_m = serializers.IntegerField(required=False)
    limit_m = serializers.IntegerField(required=False, help_text="A member's, this month (P4)")
    limit_left_m = serializers.IntegerField(required=False)


class NamesIn(serializers.Serializer[Fields]):
    """As two, or as one `name`, of which the first word is the first name; a single word is a last name."""

    name = serializers.CharField(max_length=160, required=False, default="", allow_blank=True)
    first_name = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)
    last_name = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)

    def validate(self, attrs: Fields) -> Fields:
        first, _, last = str(attrs["name"]).partition(" ")
        if not attrs["first_name"] and not attrs["last_name"]:
            return {**attrs, "first_name": first if last else "", "last_name": last or first}
        return attrs


class CustomerIn(NamesIn):
    email = serializers.CharField(max_length=254, required=False, default="", allow_blank=True)
    mobile = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False, default="")
    department = serializers.IntegerField(required=False, default=None, allow_null=True, min_value=1, max_value=2**62)
    agent = serializers.IntegerField(required=False, default=None, allow_null=True, min_value=1, max_value=2**62)


class Member(Named):
    role = serializers.CharField()
    unit = serializers.CharField(allow_null=True)
    suspended = serializers.BooleanField()


class OrganisationOut(Named):
    vip = serializers.BooleanField()
    wallet = serializers.CharField()
    members = Member(many=True)


class StaffOut(Named):
    level = serializers.CharField()
    departments = serializers.ListField(child=serializers.CharField())
    active = serializers.BooleanField()


class AuditOut(serializers.Serializer[Fields]):
    id = serializers.CharField()
    at = serializers.DateTimeField(default_timezone=UTC)
    actor = Named(allow_null=True)
    fact = serializers.CharField()
    target = serializers.DictField(child=serializers.CharField())
    detail = serializers.JSONField()


class WidgetSessionIn(serializers.Serializer[Fields]):
    site_key = serializers.CharField(max_length=64)
    identity = serializers.CharField(max_length=4096, required=False, allow_blank=True, default="")
    login = serializers.CharField(max_length=254, required=False, allow_blank=True, default="")
    password = serializers.CharField(
        max_length=1024, required=False, allow_blank=True, default="", trim_whitespace=False, write_only=True
    )
    challenge = serializers.UUIDField(required=False, allow_null=True, default=None)
    code = serializers.CharField(max_length=32, required=False, allow_blank=True, default="", write_only=True)
    language = serializers.CharField(max_length=16, required=False, allow_blank=True, default="")


class WidgetCodeIn(serializers.Serializer[Fields]):
    site_key = serializers.CharField(max_length=64)
    login = serializers.CharField(max_length=254)
    channel = serializers.ChoiceField(choices=["", "sms", "email"], required=False, default="")
    language = serializers.CharField(max_length=16, required=False, allow_blank=True, default="")


class WidgetCodeOut(serializers.Serializer[Fields]):
    challenge = serializers.UUIDField()
    expires_at = serializers.DateTimeField(default_timezone=UTC)
    again_at = serializers.DateTimeField(default_timezone=UTC)


class WidgetCustomer(Named):
    login = serializers.CharField()
    vip = serializers.BooleanField()
    language = serializers.CharField()
    balance_m = serializers.IntegerField(required=False)
    available_m = serializers.IntegerField(required=False)
    limit_m = serializers.IntegerField(required=False, help_text="A member's, this month (P4)")
    limit_left_m = serializers.IntegerField(required=False)
    organisation = Named(required=False)


class WidgetSessionOut(serializers.Serializer[Fields]):
    token = serializers.CharField()
    expires_at = serializers.DateTimeField(default_timezone=UTC)
    customer = WidgetCustomer(required=False)
