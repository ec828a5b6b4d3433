"""The shapes of the sessions API, for its OpenAPI document; the frames of chat/wire/ are their source."""

from __future__ import annotations

from rest_framework import serializers

from chat import billing

Fields = dict[str, object]


class PersonOut(serializers.Serializer[Fields]):
    id = serializers.CharField()
    name = serializers.CharField()


class PausedOut(serializers.Serializer[Fields]):
    reason = serializers.CharField()
    seconds = serializers.IntegerField()


class SummaryOut(serializers.Serializer[Fields]):
    elapsed_s = serializers.IntegerField()
    free_s = serializers.IntegerField()
    charged_m = serializers.IntegerField()
    paused = PausedOut(many=True)


class SessionOut(serializers.Serializer[Fields]):
    """As the `session` frame of the live protocol, with rating and charges."""

    id = serializers.CharField()
    session = serializers.CharField(help_text="The same id, by the name it has in the frame")
    state = serializers.CharField()
    reason = serializers.CharField(required=False)
    kind = serializers.CharField()
    department = serializers.CharField()
    subject = serializers.CharField(required=False)
    agent = PersonOut(required=False)
    opened_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(required=False)
    ended_at = serializers.DateTimeField(required=False)
    end_reason = serializers.CharField(required=False)
    last_seq = serializers.IntegerField()
    read = serializers.DictField(child=serializers.IntegerField())
    summary = SummaryOut(required=False)
    rating = serializers.IntegerField(required=False)
    solved = serializers.CharField(required=False)
    comment = serializers.CharField(required=False)
    charged_m = serializers.IntegerField(required=False)
    refund_asked_at = serializers.DateTimeField(required=False)
    refund_declined_at = serializers.DateTimeField(required=False)
    refund_answer = serializers.CharField(required=False, help_text="Why it was declined")


class WalletOut(serializers.Serializer[Fields]):
    id = serializers.CharField()
    balance_m = serializers.IntegerField()
    available_m = serializers.IntegerField()


class PastOut(serializers.Serializer[Fields]):
    session = serializers.CharField()
    subject = serializers.CharField()
    department = serializers.CharField()
    opened_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    charged_m = serializers.IntegerField(allow_null=True)
    rating = serializers.IntegerField(allow_null=True)
    solved = serializers.CharField(allow_null=True)
    agent = PersonOut(allow_null=True)


class RefundRoomOut(serializers.Serializer[Fields]):
    """To who may give credits back of this chat."""

    left_m = serializers.IntegerField(help_text="What can still be given back: of each block once, if in part")
    alone_m = serializers.IntegerField(allow_null=True, help_text="How much of it by oneself; null: no limit")
    waiting_m = serializers.IntegerField(help_text="What waits for a second person")


class SessionDetails(SessionOut):
    browser = serializers.DictField(required=False)
    fields_ = serializers.DictField(required=False, source="fields")
    wallet = WalletOut(required=False, allow_null=True)
    past = PastOut(many=True, required=False)
    refund = RefundRoomOut(required=False)


class SessionIn(serializers.Serializer[Fields]):
    department = serializers.CharField(required=False)
    subject = serializers.CharField(required=False, max_length=200)
    text = serializers.CharField(required=False, max_length=8000)
    price_m = serializers.IntegerField(required=False)
    most_to_spend_m = serializers.IntegerField(required=False)


class MessageOut(serializers.Serializer[Fields]):
    """As the `message` frame of the live protocol."""

    session = serializers.CharField()
    id = serializers.UUIDField()
    seq = serializers.IntegerField()
    kind = serializers.CharField()
    author = serializers.DictField()
    text = serializers.CharField(required=False)
    event = serializers.DictField(required=False)
    at = serializers.DateTimeField()


class MessageIn(serializers.Serializer[Fields]):
    text = serializers.CharField(max_length=8000)
    kind = serializers.ChoiceField(choices=["note", "whisper"], required=False)


class Answer(serializers.Serializer[Fields]):
    seq = serializers.IntegerField(allow_null=True)
    staff_seq = serializers.IntegerField(allow_null=True)
    at = serializers.DateTimeField()


class EndIn(serializers.Serializer[Fields]):
    reason = serializers.CharField(required=False, max_length=200)


class RatingIn(serializers.Serializer[Fields]):
    score = serializers.IntegerField(min_value=1, max_value=5)
    solved = serializers.ChoiceField(choices=["yes", "partly", "no"], required=False)
    comment = serializers.CharField(required=False, max_length=2000)


class ChargeOut(serializers.Serializer[Fields]):
    block = serializers.IntegerField()
    amount_m = serializers.IntegerField()
    at = serializers.DateTimeField()
    refunded_m = serializers.IntegerField()


class RefundIn(serializers.Serializer[Fields]):
    amount_m = serializers.IntegerField(min_value=1, max_value=2**53 - 1)
    reason = serializers.CharField(max_length=200)


class RefundAskIn(serializers.Serializer[Fields]):
    amount_m = serializers.IntegerField(min_value=1, max_value=2**53 - 1)
    reason = serializers.ChoiceField(choices=sorted(billing.REFUND_REASONS))
    text = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class RefundAskedOut(serializers.Serializer[Fields]):
    id = serializers.CharField(help_text="Of the approval that waits")
    amount_m = serializers.IntegerField()
    state = serializers.CharField()


class RefundDeclineIn(serializers.Serializer[Fields]):
    reason = serializers.CharField(max_length=500)


class RefundOut(serializers.Serializer[Fields]):
    id = serializers.CharField()
    amount_m = serializers.IntegerField()
    charged_m = serializers.IntegerField()
