"""Who is stopped by the spending limit asks the manager for more, out of the chat (P4, C2, M4)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from chat import billing
from chat.actions import messages
from chat.actions.locking import find_unlocked, lock_visible
from chat.actions.starting import go_on_when_paid
from chat.actions.telling import tell
from chat.permissions import require_customer
from chat.states import GRACE, PAYMENT, WrongMove, situation
from chat.wire import incoming
from hub.base import clock
from hub.base.events import on

if TYPE_CHECKING:
    from hub.accounts.access import Person


@transaction.atomic
def ask(*, actor: Person, frame: incoming.LimitAsk) -> dict[str, object]:
    """A request to the manager of the unit; asking again while it is open changes nothing.

    Raises NotFound, Forbidden (no member any more), WrongMove (the limit is not what stops it), Conflict (no limit).
    """
    session = lock_visible(actor, frame.session)
    require_customer(session, actor)
    if situation(session) not in (PAYMENT, GRACE) or session.short_of != "limit":
        raise WrongMove(state=session.state)
    billing.ask_for_more(actor, session)
    if session.limit_asked_at is None:
        session.limit_asked_at = clock.now()
        session.save(update_fields=["limit_asked_at"])
        tell(session)
        messages.add_event(session.pk, "limit_asked", by=actor.name)
    return {"session": str(session.pk), "state": session.state}


@on(billing.LimitAnswered)
def _tell_answered(events: list[billing.LimitAnswered]) -> None:
    """After the commit: sessions are locked before all that credits has locked now. What is lost here, jobs repair."""
    for event in events:
        act = go_on_when_paid if event.granted else answered
        if event.reference:
            transaction.on_commit(partial(act, UUID(event.reference)), robust=True)


@transaction.atomic
def answered(session_id: UUID) -> bool:
    """The manager said no: they may ask again, end, or go on another way. A yes goes on by itself."""
    session = find_unlocked(session_id)
    if session is None or session.limit_asked_at is None or situation(session) not in (PAYMENT, GRACE):
        return False
    session.limit_asked_at = None
    session.save(update_fields=["limit_asked_at"])
    tell(session)
    messages.add_event(session.pk, "limit_declined")
    return True
