"""What live chat knows about people: their conversations, with all that was said in them (P10)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Case, F, JSONField, Q, Value, When
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from chat import escalation
from chat.models import (
    AgentPresence,
    BoardTopic,
    Epoch,
    Lease,
    Member,
    Message,
    MessageVersion,
    MeterNews,
    Process,
    Request,
    Session,
)
from chat.states import State
from hub.accounts.public import audit_targets
from hub.base.personal_data import (
    Eraser,
    Exporter,
    Obstacle,
    PersonalColumns,
    Subject,
    erasers,
    exporters,
    obstacles,
    register,
)

CODES = "codes of the programme"
RANDOM = "drawn at random"
# What happened stays in the transcript; who it was and what they said does not.
EVENT_WITHOUT_WORDS = Case(
    When(event__isnull=True, then=Value(None, output_field=JSONField())),
    default=JSONObject(type=F("event__type")),
    output_field=JSONField(),
)


def declare() -> None:
    audit_targets["session"] = lambda subject: map(str, _session_ids(subject))
    register(
        PersonalColumns(
            Session,
            of=lambda subject: Q(customer=subject.user_id),
            personal="subject fields browser comment refund_answer",
            for_staff="outcome tags next_step",
            not_personal={
                "id": RANDOM,
                "kind state reason end_reason solved short_of": CODES,
                "passed_by earlier_meters": "ids of agents and meters",
                "summary": "seconds and amounts, with codes",
            },
        ),
        PersonalColumns(Member, not_personal={"side": CODES}),
        PersonalColumns(
            Message,
            of=_said,
            shown=lambda subject: _said(subject) & Q(seq__isnull=False),
            personal="text event author_name",
            withheld={"request_hash": "a fingerprint of what was sent"},
            not_personal={"client_id": RANDOM, "author_kind kind": CODES},
            empty={"event": EVENT_WITHOUT_WORDS, "request_hash": b""},
        ),
        PersonalColumns(
            MessageVersion,
            of=lambda subject: Q(message__session__customer=subject.user_id),
            shown=lambda subject: Q(message__session__customer=subject.user_id, message__author=subject.user_id),
            removed=True,
            personal="text",
        ),
        PersonalColumns(
            Request,
            of=lambda subject: Q(user=subject.user_id) | Q(answer__session__in=_session_ids(subject)),
            removed=True,
            withheld={"answer": "the answer that a repeated frame gets; kept for two days"},
            not_personal={"client_id": RANDOM, "content_hash": "a digest"},
        ),
        PersonalColumns(Lease, of=lambda subject: Q(user=subject.user_id), removed=True, not_personal={"side": CODES}),
        PersonalColumns(AgentPresence, not_personal={"status": CODES}),
        PersonalColumns(Process, not_personal={"id": RANDOM}),
        PersonalColumns(Epoch, not_personal={"value": RANDOM}),
        PersonalColumns(MeterNews, not_personal={"what": CODES}),
        PersonalColumns(BoardTopic, not_personal={"topic": CODES}),
    )
    obstacles.register(Obstacle("chat", _chat_runs))
    exporters.register(Exporter("chat_files", _files_in_chats))
    erasers.register(Eraser("chat_files", lambda subject: escalation.remove_files(_with_files(subject))))


def message_ids_with_files(session_ids: Collection[UUID]) -> list[int]:
    rows = Message.objects.filter(session__in=session_ids, kind__in=("file", "note", "whisper"))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _with_files(subject: Subject) -> list[int]:
    return message_ids_with_files(list(Session.objects.filter(customer=subject.user_id).values_list("pk", flat=True)))


def _files_in_chats(subject: Subject) -> list[dict[str, object]]:
    """Which stand in the person's chats, whoever sent them; those of their own are in the archive."""
    rows = Message.objects.filter(_said(subject), kind="file", seq__isnull=False).order_by("pk")
    places = {pk: (str(session), seq) for pk, session, seq in rows.values_list("pk", "session", "seq")}
    files = escalation.files_of(list(places))
    return [
        {"session": places[pk][0], "seq": places[pk][1], "file": one.id, "name": one.name, "size": one.size}
        for pk in places
        for one in files.get(pk, [])
    ]


def _session_ids(subject: Subject) -> list[str]:
    return [str(key) for key in Session.objects.filter(customer=subject.user_id).values_list("pk", flat=True)]


def _said(subject: Subject) -> Q:
    return Q(session__customer=subject.user_id)


def _chat_runs(subject: Subject) -> str | None:
    if Session.objects.filter(customer=subject.user_id).exclude(state=State.ENDED).exists():
        return _("You have a chat that is still open. Please end it first.")
    return None
