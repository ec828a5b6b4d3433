"""What hub.base knows about people (P10)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from hub.base import clock
from hub.base.models import (
    Heartbeat,
    HubSetting,
    IdempotentRequest,
    LimitCounter,
    OutboxFile,
    OutboxMessage,
    SmsSpend,
    SnapshotMark,
)
from hub.base.personal_data import (
    Eraser,
    ForeignTable,
    PersonalColumns,
    Retention,
    Subject,
    erasers,
    foreign_tables,
    register,
    retentions,
)

CODES = "codes of the programme"
DIGESTS = "a digest, made of what nobody can read back"


def _answers(subject: Subject) -> Q:
    """What the person was answered, and what staff were answered about them."""
    about = Q(answer__contains={"login_number": subject.login_number}) if subject.login_number else Q()
    return Q(person_key=f"u:{subject.user_id}") | about


def _messages(subject: Subject) -> Q:
    return Q(about=subject.about) | Q(to__in=[one for one in (subject.email, subject.mobile) if one])


@transaction.atomic
def _empty_messages(before: datetime, at_most: int) -> int:
    """Whom they went to and what they said; that they were sent, and their keys, stay."""
    old = OutboxMessage.objects.filter(created_at__lt=before).exclude(state="waiting").exclude(to="").order_by("pk")
    ids = list(old.values_list("pk", flat=True)[:at_most])
    rows = OutboxMessage.objects.filter(pk__in=ids)
    OutboxFile.objects.filter(message__in=ids).delete()
    return rows.update(to="", subject="", text="", html="", unsubscribe_url="", error="", wiped_at=clock.now())


def _empty_what_names(subject: Subject) -> None:
    """What others were sent about the person: that they were, and when, stays theirs; what it said goes."""
    rows = OutboxMessage.objects.filter(names__contains=[subject.user_id], wiped_at=None)
    rows = rows.exclude(state=OutboxMessage.State.WAITING)
    OutboxFile.objects.filter(message__in=rows.values("pk")).delete()
    rows.update(subject="", text="", html="", unsubscribe_url="", error="", wiped_at=clock.now())


def declare() -> None:
    erasers.register(Eraser("messages", _empty_what_names))
    retentions.register(Retention("messages", gettext_noop("E-mails and text messages sent"), 90, _empty_messages))
    foreign_tables.register(ForeignTable("django_migrations", "names of migrations"))
    register(
        PersonalColumns(
            IdempotentRequest,
            of=_answers,
            removed=True,
            withheld={"key answer": "the answer that a repeated request gets; kept for a day"},
            not_personal={"person_key": "an account id", "request_digest": DIGESTS},
        ),
        PersonalColumns(LimitCounter, not_personal={"key": DIGESTS}),
        PersonalColumns(Heartbeat, not_personal={"name": CODES}),
        PersonalColumns(HubSetting, not_personal={"name": CODES, "value": "what the hub owner set for everybody"}),
        PersonalColumns(SnapshotMark, not_personal={"name": CODES, "mark": "drawn at random"}),
        PersonalColumns(SmsSpend, not_personal={"day": "what all messages of a day cost"}),
        PersonalColumns(
            OutboxMessage,
            of=_messages,
            shown=lambda subject: _messages(subject) & Q(is_secret=False),
            removed=True,
            personal="to subject text html sender unsubscribe_url",
            withheld={
                "error provider_reference": "what the provider answered, for who runs the hub",
                "key": "names what the message is about",
            },
            not_personal={
                "channel state purpose language": CODES,
                "about names": "account ids",
                "message_id": "drawn at random",
            },
        ),
        PersonalColumns(
            OutboxFile,
            of=lambda subject: Q(message__in=OutboxMessage.objects.filter(_messages(subject)).values("pk")),
            removed=True,
            personal="name",
            withheld={"content": "a copy: what it was made of is in the export"},
            not_personal={"content_type": CODES},
        ),
    )
