"""What tickets know about people: what they asked and what was written about it (P10)."""

from __future__ import annotations

from django.db.models import Q

from hub.accounts.public import audit_targets
from hub.base import locking
from hub.base.personal_data import Eraser, PersonalColumns, Subject, erasers, register
from tickets.actions.moving import move
from tickets.entries import BY_THE_HUB, ENTRY_FILES, keep
from tickets.files.claims import release
from tickets.models import (
    Category,
    Draft,
    Follower,
    FormField,
    HandOver,
    Looking,
    Macro,
    Reading,
    Rule,
    RuleRun,
    SavedView,
    SlaTarget,
    Ticket,
    TicketEntry,
    TicketLink,
    TicketRules,
    WorkLog,
)
from tickets.models.entries import EVENT_WITHOUT_WORDS
from tickets.states import Status

CODES = "codes of the programme"
SET_UP = "what the hub owner set up"


def declare() -> None:
    audit_targets["ticket"] = lambda subject: map(str, _tickets(subject))
    erasers.register(Eraser("files on their tickets", _release_files, first=True))  # after the next: last comes first
    erasers.register(Eraser("open tickets", _close, first=True))
    register(
        PersonalColumns(
            Ticket,
            of=lambda subject: Q(customer=subject.user_id),
            personal="subject fields cc contact_name contact_email contact_phone",
            for_staff="tags",
            not_personal={"status channel initiator closed_by": CODES, "session_id": "the id of a chat"},
        ),
        PersonalColumns(
            TicketEntry,
            of=_said,
            shown=lambda subject: _said(subject) & Q(is_public=True),
            personal="heading html text event",
            withheld={"search": "the words of the text, to be found by", "key": "drawn by the client"},
            not_personal={"kind author_side channel": CODES},
            empty={"event": EVENT_WITHOUT_WORDS},
        ),
        PersonalColumns(
            Draft,
            of=lambda subject: Q(user=subject.user_id) | _said(subject),
            shown=lambda subject: Q(user=subject.user_id),
            removed=True,
            personal="html",
            not_personal={"kind": CODES},
        ),
        PersonalColumns(WorkLog, of=_said, for_staff="note", not_personal={"kind paid_in": CODES}),
        PersonalColumns(HandOver, of=_said, for_staff="note reason", not_personal={"state": CODES}),
        PersonalColumns(RuleRun, not_personal={"name": SET_UP, "outcome done": CODES}),
        PersonalColumns(Looking),
        PersonalColumns(Follower),
        PersonalColumns(Reading),
        PersonalColumns(TicketLink),
        PersonalColumns(TicketRules, not_personal={"work_paid_in": CODES}),
        PersonalColumns(SlaTarget),
        PersonalColumns(Category, not_personal={"name": SET_UP}),
        PersonalColumns(FormField, not_personal={"key label kind choices": SET_UP}),
        PersonalColumns(SavedView, not_personal={"name wanted": "what staff call a list, and its filters"}),
        PersonalColumns(Macro, not_personal={"name deeds": SET_UP}),
        PersonalColumns(Rule, not_personal={"name events conditions deeds": SET_UP}),
    )


def _close(subject: Subject) -> None:
    """Nobody is left to answer: what is open closes, told to nobody. What was worked on it is not asked for."""
    live = Ticket.objects.filter(customer=subject.user_id).exclude(status=Status.CLOSED)
    if not live.exists():
        return
    for ticket in locking.lock(live):
        move(ticket, BY_THE_HUB, Status.CLOSED)
        keep(ticket)
    WorkLog.objects.filter(ticket__customer=subject.user_id, owed_since__isnull=False).update(owed_since=None)


def _release_files(subject: Subject) -> None:
    """Also those that staff sent: they were made for this customer. What belongs elsewhere too stays there."""
    said = TicketEntry.objects.filter(_said(subject)).exclude(kind=TicketEntry.Kind.EVENT)
    release(ENTRY_FILES, list(said.values_list("pk", flat=True)))


def _tickets(subject: Subject) -> list[int]:
    return list(Ticket.objects.filter(customer=subject.user_id).values_list("pk", flat=True))


def _said(subject: Subject) -> Q:
    return Q(ticket__customer=subject.user_id)
