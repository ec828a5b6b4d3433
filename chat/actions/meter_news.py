"""What a session does when its meter ran empty, runs again, or is settled (M4). Why later: chat/models/news.py."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import transaction

from chat import billing
from chat.actions import messages
from chat.actions.ending import close, settle_locked
from chat.actions.locking import find_unlocked
from chat.actions.one_by_one import one_by_one
from chat.actions.telling import tell
from chat.models import MeterNews, Session
from chat.states import ACTIVE, AGENT_AWAY, CUSTOMER_AWAY, GRACE, EndReason, State, move, situation
from hub.base import clock

AT_ONCE_MAX: Final = 500
What = MeterNews.What


def act_on_news() -> int:
    """Session by session, in the order in which it was told. What somebody is busy with waits for the next time."""
    told = MeterNews.objects.order_by("pk").values_list("session", flat=True)[:AT_ONCE_MAX]
    return one_by_one("meter news", dict.fromkeys(told), _act)


@transaction.atomic
def _act(session_id: UUID) -> bool:
    session = find_unlocked(session_id)
    if session is None:
        return False
    news = list(MeterNews.objects.filter(session=session_id).order_by("pk"))
    for one in news:
        if one.meter_id == session.meter_id:
            _obey(session, What(one.what))
    MeterNews.objects.filter(pk__in=[one.pk for one in news]).delete()
    return bool(news)


def _obey(session: Session, what: What) -> None:
    now = situation(session)
    if what == What.EMPTIED and now in (ACTIVE, AGENT_AWAY, CUSTOMER_AWAY):
        _enter_grace(session)
    elif what == What.WOKE and now == GRACE:
        _leave_grace(session)
    elif what == What.OVER and session.state != State.ENDED:
        close(session, EndReason.EMPTY, clock.now())
    elif what == What.SETTLED:
        settle_locked(session)


def _enter_grace(session: Session) -> None:
    """Unbilled: the customer may top up, the agent may grant minutes, either may end (M4)."""
    view = billing.view_of(session)
    if view is None or view.state != "grace":  # credits came in between: it runs again
        return
    move(session, GRACE)
    session.short_of = view.stops_by if view.stops_by in ("balance", "limit") else ""
    session.limit_asked_at = None
    session.save(update_fields=["state", "reason", "due_at", "short_of", "limit_asked_at"])
    tell(session)
    until = view.grace_until.isoformat() if view.grace_until else None
    messages.add_event(session.pk, "grace", until=until, stopped_by=view.stops_by)


def _leave_grace(session: Session) -> None:
    view = billing.view_of(session)
    if view is None or view.state == "grace":
        return
    move(session, ACTIVE)
    was_limited, session.short_of, session.limit_asked_at = session.short_of == "limit", "", None
    session.save(update_fields=["state", "reason", "due_at", "short_of", "limit_asked_at"])
    tell(session)
    messages.add_event(session.pk, "limit_raised" if was_limited else "goes_on")
