"""Shapes of what staff do about a customer: notes, devices, copies of data, erasing, merging, importing; the outbox."""

from __future__ import annotations

from datetime import UTC

from rest_framework import serializers

from hub.accounts.public import customer_import
from hub.dashboard.api.shapes import Fields, Named


class NoteIn(serializers.Serializer[Fields]):
    text = serializers.CharField()  # the action says how long it may be


class NoteOut(serializers.Serializer[Fields]):
    id = serializers.CharField()
    text = serializers.CharField()
    author = Named()
    created_at = serializers.DateTimeField(default_timezone=UTC)
    edited_at = serializers.DateTimeField(default_timezone=UTC, allow_null=True)


class DeviceOut(serializers.Serializer[Fields]):
    id = serializers.CharField()
    kind = serializers.CharField(help_text="browser or widget")
    means = serializers.CharField(help_text="How it signed in: password, code, link, …")
    created_at = serializers.DateTimeField(default_timezone=UTC)
    last_seen_at = serializers.DateTimeField(default_timezone=UTC)


class ExportOut(serializers.Serializer[Fields]):
    id = serializers.UUIDField()
    state = serializers.CharField(help_text="making, ready or failed")
    complete = serializers.BooleanField(help_text="With what staff wrote for each other")
    size = serializers.IntegerField(help_text="Bytes; 0 until it is ready")
    asked_at = serializers.DateTimeField(default_timezone=UTC)
    expires_at = serializers.DateTimeField(default_timezone=UTC)


class EraseIn(serializers.Serializer[Fields]):
    login = serializers.CharField(max_length=12, help_text="The login number, so that nobody erases another by mistake")


class MergeIn(serializers.Serializer[Fields]):
    gone = serializers.IntegerField(min_value=1, help_text="The account that goes; all of it becomes this customer's")
    preview = serializers.BooleanField(default=False, help_text="Only tell what would move and what is in the way")


class MergeOut(serializers.Serializer[Fields]):
    kept = Named()
    gone = Named()
    merged = serializers.BooleanField()
    moves = serializers.ListField(child=serializers.CharField())
    obstacles = serializers.ListField(child=serializers.CharField())


class ImportIn(serializers.Serializer[Fields]):
    csv = serializers.CharField(max_length=customer_import.BYTES_MAX, help_text="With a line of column names")
    preview = serializers.BooleanField(default=False, help_text="Only tell what is wrong with which line")


class ImportFault(serializers.Serializer[Fields]):
    line = serializers.IntegerField()
    faults = serializers.DictField(child=serializers.CharField())


class ImportOut(serializers.Serializer[Fields]):
    made = serializers.IntegerField()
    good = serializers.IntegerField()
    faulty = ImportFault(many=True)
    unknown = serializers.ListField(child=serializers.CharField(), help_text="Columns that were left out")


class OutboxOut(serializers.Serializer[Fields]):
    id = serializers.CharField()
    channel = serializers.CharField()
    purpose = serializers.CharField()
    to = serializers.CharField()
    subject = serializers.CharField()
    state = serializers.CharField()
    tries = serializers.IntegerField()
    error = serializers.CharField()
    created_at = serializers.DateTimeField(default_timezone=UTC)
    sent_at = serializers.DateTimeField(default_timezone=UTC, allow_null=True)


class RetriedOut(serializers.Serializer[Fields]):
    count = serializers.IntegerField()
