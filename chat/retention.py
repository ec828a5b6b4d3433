"""How long conversations are kept (P10; docs/how/privacy.md). Rules of hub.base.retention: a batch at a time."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_noop

from chat import escalation
from chat.models import Message, MessageVersion, Session
from chat.privacy import EVENT_WITHOUT_WORDS, message_ids_with_files
from chat.states import State
from hub.accounts.public import User, erase_visitor
from hub.base import clock
from hub.base.personal_data import Retention, retentions

VISITORS_AT_ONCE = 50


def declare() -> None:
    retentions.register(Retention("chats", gettext_noop("What was said in chats"), 1095, empty_chats))
    retentions.register(Retention("browsers", gettext_noop("Page and browser of a chat"), 90, empty_browsers))
    retentions.register(Retention("edits", gettext_noop("Earlier versions of messages"), 90, remove_versions))
    retentions.register(Retention("visitors", gettext_noop("Visitors who never made an account"), 365, erase_visitors))


@transaction.atomic
def empty_chats(before: datetime, at_most: int) -> int:
    """Words, names and files go; times, amounts and ratings stay for the books and the reports."""
    old = Session.objects.filter(state=State.ENDED, ended_at__lt=before, emptied_at=None).order_by("pk")
    ids = list(old.values_list("pk", flat=True)[:at_most])
    MessageVersion.objects.filter(message__session__in=ids).delete()
    escalation.remove_files(message_ids_with_files(ids))
    Message.objects.filter(session__in=ids).update(text="", author_name="", event=EVENT_WITHOUT_WORDS, request_hash=b"")
    Session.objects.filter(pk__in=ids).update(
        subject="", fields={}, browser={}, comment="", outcome="", tags=[], next_step="", emptied_at=clock.now()
    )
    return len(ids)


@transaction.atomic
def empty_browsers(before: datetime, at_most: int) -> int:
    old = Session.objects.filter(state=State.ENDED, ended_at__lt=before, emptied_at=None).exclude(browser={})
    ids = list(old.order_by("pk").values_list("pk", flat=True)[:at_most])
    return Session.objects.filter(pk__in=ids).update(browser={})


@transaction.atomic
def remove_versions(before: datetime, at_most: int) -> int:
    old = MessageVersion.objects.filter(replaced_at__lt=before).order_by("pk")
    ids = list(old.values_list("pk", flat=True)[:at_most])
    MessageVersion.objects.filter(pk__in=ids).delete()
    return len(ids)


def erase_visitors(before: datetime, at_most: int) -> int:
    """Whoever opened the widget, never made an account and has not been back. Their chats are emptied with them."""
    lately = Session.objects.filter(customer=OuterRef("pk")).exclude(state=State.ENDED, ended_at__lt=before)
    gone = User.objects.filter(kind=User.Kind.VISITOR, erased_at=None, created_at__lt=before)
    visitors = list(gone.exclude(Exists(lately)).order_by("pk")[: min(at_most, VISITORS_AT_ONCE)])
    for visitor in visitors:
        erase_visitor(visitor)
    # Fewer than asked for ends the night's work; while there are full batches of ours there is more to do.
    return at_most if len(visitors) == VISITORS_AT_ONCE else len(visitors)
