"""What an agent does with the meter of an own session: pause, resume, grant, waive (M4, M5, M8)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction

from chat import billing, board
from chat.actions import messages
from chat.actions.ending import correct_summary
from chat.actions.locking import lock_visible
from chat.actions.telling import tell
from chat.errors import NoMeter, NotLive
from chat.models import Session
from chat.permissions import require_agent, require_staff
from chat.states import WITH_AGENT, State, WrongMove, situation
from chat.wire import incoming
from hub.accounts.public import audit
from hub.base import clock
from hub.base.errors import Ended

if TYPE_CHECKING:
    from hub.accounts.access import Person

BY_AGENT: Final = "agent"
# The codes of the console's menu. A meter's rows outlive the customer's data (P10): other words stay in the transcript.
PAUSES: Final = frozenset({"looking_up", "customer_asked", "our_fault", "break"})


@transaction.atomic
def pause(*, actor: Person, frame: incoming.MeterPause) -> dict[str, object]:
    """Stop the clock, with a reason that both sides see. The rest of a paid block is kept (M2)."""
    session = _lock_own_running(actor, frame.session)
    said = (frame.reason or "").strip() or BY_AGENT
    if not billing.pause_meter(session, _code(said), actor=_named(actor)):
        raise WrongMove(state=session.state)
    board.touch(session.pk)
    messages.add_event(session.pk, "paused", reason=said, by=actor.name)
    return {"session": str(session.pk)}


@transaction.atomic
def resume(*, actor: Person, frame: incoming.MeterResume) -> dict[str, object]:
    session = _lock_own_running(actor, frame.session)
    if not billing.resume_meter(session, _code((frame.reason or "").strip()), actor=_named(actor)):
        raise WrongMove(state=session.state)
    board.touch(session.pk)
    messages.add_event(session.pk, "resumed", by=actor.name)
    return {"session": str(session.pk)}


@transaction.atomic
def grant(*, actor: Person, frame: incoming.MeterGrant) -> dict[str, object]:
    """Minutes as a gift: a longer grace, or running time that is free (M4). The owner's limit is credits' to judge."""
    session = _lock_own_running(actor, frame.session)
    billing.grant(session, frame.seconds, actor=_named(actor), reason=frame.reason)
    _note_gift(actor, "granted", session, frame.reason, seconds=frame.seconds)
    board.touch(session.pk)
    messages.add_event(session.pk, "granted", seconds=frame.seconds, by=actor.name)
    return {"session": str(session.pk)}


@transaction.atomic
def waive(*, actor: Person, frame: incoming.MeterWaive) -> dict[str, object]:
    """Blocks for nothing: charged ones are given back, then coming ones are free (M8).

    Also after the end, as long as it could be reopened; what is given back later is a refund, with its limits (M6).
    """
    require_staff(actor)
    session = lock_visible(actor, frame.session)
    require_agent(session, actor)
    _require_meter(session)
    _require_recent(session)
    blocks = billing.waive(session, frame.blocks, actor=_named(actor), reason=frame.reason)
    _note_gift(actor, "waived", session, frame.reason, blocks=blocks)
    board.touch(session.pk)
    if correct_summary(session):
        tell(session, also=[session.agent_id])
    messages.add_event(session.pk, "waived", blocks=blocks, by=actor.name)
    return {"session": str(session.pk)}


def _lock_own_running(actor: Person, session_id: str) -> Session:
    require_staff(actor)
    session = lock_visible(actor, session_id)
    require_agent(session, actor)
    if session.state == State.ENDED or situation(session) not in WITH_AGENT:
        raise NotLive
    _require_meter(session)
    return session


def _require_meter(session: Session) -> None:
    if session.meter_id is None:
        raise NoMeter


def _require_recent(session: Session) -> None:
    window = timedelta(seconds=settings.REOPEN_WINDOW_S)
    if session.ended_at is not None and clock.now() - session.ended_at > window:
        raise Ended


def _note_gift(actor: Person, what: str, session: Session, why: str, **detail: object) -> None:
    """What was given away, by whom and why, is in the audit log as refunds are (M4, M8)."""
    audit.record(actor, f"chat.meter.{what}", target_kind="session", target_id=session.pk, detail=detail, note=why)


def _code(said: str) -> str:
    """Never one of the hub's own codes: it would resume what an agent paused."""
    return said if said in PAUSES else BY_AGENT


def _named(actor: Person) -> str:
    return f"user:{actor.user_id}"
