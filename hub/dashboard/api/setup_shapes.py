"""The shapes of what the hub is set up with: departments, staff, announcements, brands, websites, settings."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.conf import settings
from rest_framework import serializers

from hub.dashboard.api.shapes import Fields, Named, NamesIn

NUMBER_MAX = 2**62


class PriceIn(serializers.Serializer[Fields]):
    price_m = serializers.IntegerField(min_value=0, max_value=10**8)
    block_s = serializers.IntegerField(min_value=1, max_value=86_400)
    free_s = serializers.IntegerField(min_value=0, max_value=86_400, required=False, default=0)
    minimum_blocks = serializers.IntegerField(min_value=1, max_value=1000, required=False, default=1)


class QuestionIn(serializers.Serializer[Fields]):
    label: Any = serializers.CharField(max_length=120)  # DRF has a `label` of its own
    choices = serializers.ListField(child=serializers.CharField(max_length=80), required=False, default=list)
    required: Any = serializers.BooleanField(required=False, default=False)
    key = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)


class HoursIn(serializers.Serializer[Fields]):
    time_zone = serializers.CharField(max_length=64)
    week = serializers.ListField(
        child=serializers.CharField(max_length=80, allow_blank=True),
        min_length=7,
        max_length=7,
        help_text="Monday first, each as 09:00-12:30, 13:00-17:00; empty is closed",
    )


class DepartmentIn(serializers.Serializer[Fields]):
    """What is left out stays as it is."""

    name = serializers.CharField(max_length=80, required=False)
    greeting = serializers.CharField(max_length=400, required=False, allow_blank=True)
    active = serializers.BooleanField(required=False)
    capacity = serializers.IntegerField(min_value=1, max_value=1000, required=False, allow_null=True)
    hours = HoursIn(required=False, allow_null=True, help_text="Null: always open")
    questions = QuestionIn(many=True, required=False)
    prices = serializers.DictField(child=PriceIn(), required=False, help_text="By kind: chat, phone")


class ColleagueIn(NamesIn):
    """Who is invited (P3)."""

    email = serializers.CharField(max_length=254, required=False, default="", allow_blank=True)
    mobile = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False, default="")
    level = serializers.ChoiceField(choices=["agent", "owner"], required=False, default="agent")
    departments = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=NUMBER_MAX), required=False, default=list
    )


class ColleagueChange(serializers.Serializer[Fields]):
    owner = serializers.BooleanField(required=False)
    works_in = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=NUMBER_MAX), required=False)
    manages = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=NUMBER_MAX), required=False)
    capacity = serializers.IntegerField(min_value=0, max_value=50, required=False)
    active = serializers.BooleanField(required=False)


class TextIn(serializers.Serializer[Fields]):
    title = serializers.CharField(max_length=120)
    source: Any = serializers.CharField(max_length=8000, help_text="Markdown")


class AnnouncementIn(serializers.Serializer[Fields]):
    texts = serializers.DictField(child=TextIn(), help_text="By language; the first is for readers of others")
    audience = serializers.CharField(max_length=14, required=False, default="customers")
    department = serializers.IntegerField(
        min_value=1, max_value=NUMBER_MAX, required=False, default=None, allow_null=True
    )
    in_portal = serializers.BooleanField(required=False, default=True)
    in_widget = serializers.BooleanField(required=False, default=False)
    by_email = serializers.BooleanField(required=False, default=False)
    from_at = serializers.DateTimeField(required=False, default=None, allow_null=True)
    until_at = serializers.DateTimeField(required=False, default=None, allow_null=True)
    state = serializers.ChoiceField(choices=["draft", "published", "withdrawn"], required=False)


class AnnouncementOut(serializers.Serializer[Fields]):
    id = serializers.CharField()
    title = serializers.CharField()
    html = serializers.CharField()
    language = serializers.CharField()
    from_at = serializers.DateTimeField(default_timezone=UTC)
    until_at = serializers.DateTimeField(default_timezone=UTC, allow_null=True)
    seen = serializers.BooleanField()


class AnnouncementDetails(serializers.Serializer[Fields]):
    """As the owner has it."""

    id = serializers.CharField()
    state = serializers.CharField()
    audience = serializers.CharField()
    department = serializers.CharField(allow_null=True)
    in_portal = serializers.BooleanField()
    in_widget = serializers.BooleanField()
    by_email = serializers.BooleanField()
    from_at = serializers.DateTimeField(default_timezone=UTC)
    until_at = serializers.DateTimeField(default_timezone=UTC, allow_null=True)
    texts = serializers.JSONField()
    seen_by = serializers.IntegerField()


class BrandIn(serializers.Serializer[Fields]):
    """A whole brand; it becomes a draft. Its logo is uploaded on the owner's page."""

    name = serializers.CharField(max_length=60)
    colour = serializers.CharField(max_length=7)
    accent = serializers.CharField(max_length=7)
    sender_name = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)
    sender_address = serializers.CharField(max_length=254, required=False, default="", allow_blank=True)
    languages = serializers.ListField(child=serializers.CharField(max_length=8))
    default_language = serializers.CharField(max_length=8)
    layout = serializers.CharField(max_length=8, required=False, default="classic")
    business_layout = serializers.CharField(max_length=8, required=False, default="compact")
    hosts = serializers.ListField(child=serializers.CharField(max_length=253), required=False, default=list)


class BrandOut(BrandIn):
    id = serializers.CharField()
    version = serializers.IntegerField()
    published_version = serializers.IntegerField(allow_null=True)
    is_default = serializers.BooleanField()


class WebsiteIn(serializers.Serializer[Fields]):
    name = serializers.CharField(max_length=120)
    origins = serializers.ListField(child=serializers.CharField(max_length=300))
    brand = serializers.IntegerField(min_value=1, max_value=NUMBER_MAX, required=False, default=None, allow_null=True)
    active = serializers.BooleanField(required=False, default=True)


class WebsiteOut(Named):
    """Without its secret: that is shown on the owner's page alone."""

    site_key = serializers.CharField()
    origins = serializers.ListField(child=serializers.CharField())
    brand = serializers.CharField(allow_null=True)
    active = serializers.BooleanField()
