"""What the clock does with a session whose time has come: offers, places, absences, silence, wrap-ups (C3, C12)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest

from chat.actions import messages, queue
from chat.actions.ending import close
from chat.actions.locking import find_unlocked
from chat.actions.one_by_one import one_by_one
from chat.actions.telling import tell
from chat.models import Session
from chat.states import ACTIVE, AGENT_AWAY, CUSTOMER_AWAY, OFFERED, PAYMENT, EndReason, State, situation
from hub.base import clock
from hub.base.prepared import prepared

AT_ONCE_MAX: Final = 500


def expire(at: datetime) -> int:
    """Everything whose deadline has passed, each in a transaction of its own."""
    return one_by_one("deadline", _due(at=at), expire_one)


@prepared
def _due(*, at: datetime) -> QuerySet[Session, UUID]:
    due = Session.objects.filter(due_at__lte=at).exclude(state=State.ENDED).order_by("due_at")
    return due.values_list("pk", flat=True)[:AT_ONCE_MAX]


@transaction.atomic
def expire_one(session_id: UUID) -> bool:
    session = find_unlocked(session_id)
    at = clock.now()
    if session is None or session.due_at is None or session.due_at > at:
        return False
    now = situation(session)
    if now == OFFERED:
        return queue.withdraw(session_id)
    if now == AGENT_AWAY:
        queue.give_back(session, at, because="agent_away")
    elif now == CUSTOMER_AWAY:
        close(session, EndReason.INACTIVE, at)
    elif now == PAYMENT:
        close(session, EndReason.EMPTY, at)
    else:
        return False
    return True


def _quiet(than: datetime) -> QuerySet[Session]:
    """Running sessions in which neither side has said anything since then."""
    last = Greatest("counter__last_customer_at", "counter__last_agent_at", "accepted_at", F("opened_at"))
    return Session.objects.filter(state=State.ACTIVE).annotate(last_word_at=last).filter(last_word_at__lt=than)


def warn_or_end_silent(at: datetime, counts_from: datetime) -> int:
    """Inactivity of both: warned, then ended (C12). Silence before our own outage does not count."""
    warn_after, end_after = (timedelta(seconds=one) for one in (settings.INACTIVE_WARN_S, settings.INACTIVE_END_S))
    if at - counts_from <= warn_after:
        return 0
    quiet = _all_quiet(than=at - warn_after)
    return one_by_one("silence", quiet, lambda key: _judge_silence(key, at, end_after))


@prepared
def _all_quiet(*, than: datetime) -> QuerySet[Session, UUID]:
    return _quiet(than).values_list("pk", flat=True)[:AT_ONCE_MAX]


@transaction.atomic
def _judge_silence(session_id: UUID, at: datetime, end_after: timedelta) -> bool:
    session = find_unlocked(session_id)
    if session is None or situation(session) != ACTIVE:
        return False
    quiet = _quiet(at - timedelta(seconds=settings.INACTIVE_WARN_S)).filter(pk=session_id).first()
    if quiet is None:
        return False
    said_at: datetime = quiet.last_word_at  # type: ignore[attr-defined]
    warned = session.warned_at is not None and session.warned_at > said_at
    if not warned:
        session.warned_at = at
        session.save(update_fields=["warned_at"])
        left_s = settings.INACTIVE_END_S - settings.INACTIVE_WARN_S
        messages.add_event(session.pk, "inactive", seconds=left_s, ends_at=(at + timedelta(seconds=left_s)).isoformat())
        return True
    if at - session.warned_at < end_after - timedelta(seconds=settings.INACTIVE_WARN_S):  # type: ignore[operator]
        return False
    close(session, EndReason.INACTIVE, at)
    return True


def finish_wrapups(at: datetime) -> int:
    """Nobody is busy for ever: an unwritten wrap-up stops holding the agent back."""
    return one_by_one("wrap-up", _unwritten(at=at), _finish_wrapup)


@prepared
def _unwritten(*, at: datetime) -> QuerySet[Session, UUID]:
    return Session.objects.filter(wrapup_until__lte=at).values_list("pk", flat=True)[:AT_ONCE_MAX]


@transaction.atomic
def _finish_wrapup(session_id: UUID) -> bool:
    session = find_unlocked(session_id)
    if session is None or session.wrapup_until is None:
        return False
    session.wrapup_until = None
    session.save(update_fields=["wrapup_until"])
    queue.release(session.wrapup_agent_id)
    tell(session, also=[session.wrapup_agent_id])
    return True
