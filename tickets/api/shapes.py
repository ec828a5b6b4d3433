"""The shapes of the tickets API, for the OpenAPI document and for reading what is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from hub.base.proof_of_work import PAYLOAD_CHARACTERS_MAX
from tickets import states
from tickets.models import WorkLog

Fields = dict[str, object]


class Asked(serializers.Serializer[Fields]):
    """What is sent. Unknown fields are refused: who misspells one must not think that it was read."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = set(data) - set(self.fields) if isinstance(data, Mapping) else set()
        if unknown:
            raise serializers.ValidationError(dict.fromkeys(unknown, "unknown"))
        return super().to_internal_value(data)


class Key(serializers.IntegerField):
    """An id, as text or as a number."""

    def __init__(self, **more: Any) -> None:
        super().__init__(min_value=0, max_value=2**53 - 1, **more)


class PersonOut(serializers.Serializer[Fields]):
    id = serializers.CharField()
    name = serializers.CharField()


class TicketOut(serializers.Serializer[Fields]):
    number = serializers.CharField()
    subject = serializers.CharField()
    status = serializers.ChoiceField(choices=states.Status.values)
    priority = serializers.ChoiceField(choices=list(states.PRIORITIES))
    department = serializers.CharField()
    department_name = serializers.CharField()
    category = serializers.CharField(allow_null=True)
    agent = PersonOut(allow_null=True)
    customer = PersonOut()
    organisation = serializers.CharField(allow_null=True)
    channel = serializers.ChoiceField(choices=states.Channel.values)
    initiator = serializers.ChoiceField(choices=states.Initiator.values)
    contact = serializers.DictField(allow_null=True, help_text="`id`, `name`, `email`, `phone`: what is known")
    cc = serializers.ListField(child=serializers.EmailField())
    tags = serializers.ListField(child=serializers.CharField(), help_text="For staff")
    follow_up_of = serializers.CharField(allow_null=True)
    merged_into = serializers.CharField(allow_null=True)
    session = serializers.CharField(allow_null=True, help_text="The chat it came from")
    reopen_until = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    colour = serializers.CharField(required=False, help_text="For staff: green, yellow, red or nothing (T6)")
    waiting_since = serializers.DateTimeField(required=False, allow_null=True)
    due_at = serializers.DateTimeField(required=False, allow_null=True, help_text="For staff: the nearest target")


class TicketDetails(TicketOut):
    reply_price_m = serializers.IntegerField(help_text="What a reply of the customer costs now, in millicredits")
    merged = serializers.ListField(child=serializers.CharField())


class TicketsOut(serializers.Serializer[Fields]):
    results = TicketOut(many=True)
    next = serializers.CharField(allow_null=True)


class TicketIn(Asked):
    department = Key()
    subject = serializers.CharField(max_length=200)
    html = serializers.CharField(max_length=200_000, allow_blank=True, help_text="May be empty with `from_session`")
    note = serializers.CharField(required=False, default="", max_length=8000, allow_blank=True, help_text="For staff")
    category = Key(required=False, allow_null=True, default=None)
    cc = serializers.ListField(child=serializers.CharField(max_length=254), required=False, default=list, max_length=20)
    fields_ = serializers.DictField(required=False, default=dict)
    phone = serializers.CharField(required=False, default="", max_length=32, allow_blank=True)
    agent = Key(required=False, allow_null=True, default=None)
    contact = Key(required=False, allow_null=True, default=None)
    name = serializers.CharField(required=False, default="", max_length=120, help_text="Of a guest")
    email = serializers.CharField(required=False, default="", max_length=254, help_text="Of a guest")
    price_m = serializers.IntegerField(required=False, default=None, help_text="The price that was shown")
    customer = Key(required=False, allow_null=True, default=None, help_text="For staff: for whom it is")
    channel = serializers.ChoiceField(choices=states.Channel.values, required=False, default=None)
    priority = serializers.ChoiceField(choices=list(states.PRIORITIES), required=False, default="normal")
    tags = serializers.ListField(child=serializers.CharField(max_length=40), required=False, default=list)
    files = serializers.ListField(child=serializers.UUIDField(), required=False, default=list, max_length=200)
    from_session = serializers.UUIDField(
        required=False, default=None, allow_null=True, help_text="The chat that it comes out of: transcript and files"
    )
    charge = serializers.BooleanField(required=False, default=False, help_text="For staff: at the customer's cost")
    proof = serializers.CharField(
        required=False,
        default="",
        max_length=PAYLOAD_CHARACTERS_MAX,
        allow_blank=True,
        help_text="Of a guest, and where a refusal says the reason `proof`: a solution of `/proof/`",
    )

    def get_fields(self) -> dict[str, Any]:
        """`fields` is a name that REST framework uses itself."""
        found = super().get_fields()
        found["fields"] = found.pop("fields_")
        return found


class TicketPatch(Asked):
    status = serializers.ChoiceField(choices=states.Status.values, required=False)
    agent = Key(required=False, allow_null=True)
    priority = serializers.ChoiceField(choices=list(states.PRIORITIES), required=False)
    tags = serializers.ListField(child=serializers.CharField(max_length=40), required=False, max_length=50)
    subject = serializers.CharField(max_length=200, required=False)
    category = Key(required=False, allow_null=True)
    cc = serializers.ListField(child=serializers.CharField(max_length=254), required=False, max_length=20)
    fields_ = serializers.DictField(required=False)
    contact = Key(required=False, allow_null=True, help_text="Of the customer's organisation; null: the customer")
    followed = serializers.BooleanField(required=False, help_text="Be told what happens on it")

    def get_fields(self) -> dict[str, Any]:
        found = super().get_fields()
        found["fields"] = found.pop("fields_")
        return found


class BulkIn(Asked):
    numbers = serializers.ListField(child=Key(), max_length=100)
    status = serializers.ChoiceField(choices=states.Status.values, required=False)
    agent = Key(required=False, allow_null=True)
    priority = serializers.ChoiceField(choices=list(states.PRIORITIES), required=False)
    tags = serializers.ListField(child=serializers.CharField(max_length=40), required=False, max_length=50)
    more_tags = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, max_length=20, help_text="Besides those it has"
    )


class BulkOut(serializers.Serializer[Fields]):
    results = serializers.DictField(help_text="By number: null where it is done, else the code of the refusal")


class AuthorOut(serializers.Serializer[Fields]):
    id = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=states.Side.values)


class EntryOut(serializers.Serializer[Fields]):
    id = serializers.CharField()
    kind = serializers.ChoiceField(choices=states.EntryKind.values)
    html = serializers.CharField()
    event = serializers.DictField(required=False)
    author = AuthorOut()
    channel = serializers.CharField()
    files = serializers.ListField(child=serializers.DictField())
    at = serializers.DateTimeField()
    seq = serializers.IntegerField(required=False, help_text="For staff")
    ticket = serializers.CharField(required=False, help_text="After a POST: where it stands")


class EntriesOut(serializers.Serializer[Fields]):
    results = EntryOut(many=True)
    next = serializers.CharField(allow_null=True)


class EntryIn(Asked):
    kind = serializers.ChoiceField(choices=["reply", "note"], required=False, default="reply")
    html = serializers.CharField(
        required=False, default="", max_length=200_000, allow_blank=True, help_text="May be empty with `files`"
    )
    files = serializers.ListField(child=serializers.UUIDField(), required=False, default=list, max_length=200)
    price_m = serializers.IntegerField(required=False, default=None, help_text="The price that was shown")
    status = serializers.ChoiceField(choices=states.Status.values, required=False, default="")
    seen_seq = serializers.IntegerField(required=False, default=None, help_text="The last entry that was on the screen")


class TransferIn(Asked):
    department = Key(required=False, help_text="Ask this department (T8)")
    agent = Key(required=False, help_text="Give it to this colleague, or with an approval to this agent")
    answer = serializers.ChoiceField(choices=["approve", "refuse", "withdraw"], required=False)
    note = serializers.CharField(required=False, default="", max_length=500, allow_blank=True)


class WorkOut(serializers.Serializer[Fields]):
    id = serializers.CharField()
    agent = PersonOut()
    kind = serializers.ChoiceField(choices=WorkLog.Kind.values)
    manual = serializers.BooleanField()
    note = serializers.CharField()
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    seconds = serializers.IntegerField()
    amount_m = serializers.IntegerField()
    amount_cents = serializers.IntegerField()
    charged_at = serializers.DateTimeField(allow_null=True)


class WorkIn(Asked):
    do = serializers.ChoiceField(choices=["start", "stop", "add"], help_text="`add` takes `minutes`")
    kind = serializers.ChoiceField(choices=WorkLog.Kind.values, required=False, default="billable")
    minutes = serializers.IntegerField(required=False, default=0, min_value=0, max_value=1440)
    note = serializers.CharField(required=False, default="", max_length=300, allow_blank=True)


class WorkPatch(Asked):
    id = Key()
    kind = serializers.ChoiceField(choices=WorkLog.Kind.values)


class JoinIn(Asked):
    do = serializers.ChoiceField(choices=["merge", "link", "unlink", "split"])
    number = Key(required=False, help_text="Of the other ticket")
    seq = serializers.IntegerField(required=False, help_text="Of the reply that becomes a ticket")
    subject = serializers.CharField(required=False, default="", max_length=200)


class LookingIn(Asked):
    writing = serializers.BooleanField(required=False, default=False)


class LookingOut(serializers.Serializer[Fields]):
    looking = serializers.ListField(child=serializers.DictField())
