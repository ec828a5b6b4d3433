"""What both sides say of a session that has ended: the rating and the wrap-up (C12)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from chat import billing, history
from chat.actions.locking import lock_visible
from chat.actions.queue import release
from chat.actions.telling import tell
from chat.errors import NoRefund, NotYours
from chat.models import Session
from chat.permissions import require_customer, require_staff
from chat.states import State, WrongMove
from chat.wire import incoming
from hub.base import clock

if TYPE_CHECKING:
    from hub.accounts.access import Person


@transaction.atomic
def rate(*, actor: Person, frame: incoming.SessionRate) -> dict[str, object]:
    """The customer's word; a second one replaces it. "Not solved" asks for a refund, where something was paid (M6)."""
    session = lock_visible(actor, frame.session)
    require_customer(session, actor)
    if session.state != State.ENDED:
        raise WrongMove(state=session.state)
    session.rating = frame.score
    session.solved = frame.solved or session.solved
    session.comment = frame.comment if frame.comment is not None else session.comment
    session.refund_asked_at = _refund_asked(session, frame.solved)
    session.save(update_fields=["rating", "solved", "comment", "refund_asked_at"])
    tell(session, also=[session.agent_id])
    return {"session": str(session.pk), "state": session.state}


@transaction.atomic
def ask_refund(*, actor: Person, session_id: UUID) -> None:
    """The customer wants the credits of a chat back: it was not solved (M6). Asked twice is asked once.

    Raises NoRefund where nothing was paid, or all that could be was given back, or the window is over.
    """
    session = lock_visible(actor, session_id)
    require_customer(session, actor)
    if session.refund_asked_at is not None:
        return
    if not history.may_ask_refund(session, billing.refundable_m(session)):
        raise NoRefund
    session.solved, session.refund_asked_at = "no", clock.now()
    session.save(update_fields=["solved", "refund_asked_at"])
    tell(session, also=[session.agent_id])


def _refund_asked(session: Session, solved: str | None) -> datetime | None:
    earlier: datetime | None = session.refund_asked_at
    if solved is None:
        return earlier
    asks = solved == "no" and session.price_millicredits and session.refund_declined_at is None
    return (earlier or clock.now()) if asks else None


@transaction.atomic
def wrapup(*, actor: Person, frame: incoming.SessionWrapup) -> dict[str, object]:
    """Outcome, tags, next step; from then on the agent is free for routing again."""
    require_staff(actor)
    session = lock_visible(actor, frame.session)
    if session.agent_id != actor.user_id:
        raise NotYours
    if session.state != State.ENDED:
        raise WrongMove(state=session.state)
    session.wrapup_agent_id = actor.user_id
    session.wrapup_until = None
    session.outcome, session.tags, session.next_step = frame.outcome, list(frame.tags), frame.next or ""
    session.save(update_fields=["wrapup_agent", "wrapup_until", "outcome", "tags", "next_step"])
    release(actor.user_id)
    tell(session, also=[actor.user_id])
    return {"session": str(session.pk), "state": session.state}
