"""How a session ends, and how it is opened again within its window (C12)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import transaction

from chat import billing
from chat.actions import messages
from chat.actions.locking import find_unlocked, lock_visible
from chat.actions.queue import REOPENED_PRIORITY, join, release
from chat.actions.starting import require_room
from chat.actions.telling import tell
from chat.errors import MostSpent, NeverBegun, PayerChanged, TooLateToReopen
from chat.models import Member, Session
from chat.permissions import is_in_charge
from chat.states import ACTIVE, ENDED, PAYMENT, QUEUED, EndReason, State, WrongMove, move
from chat.wire import incoming, outgoing
from hub.base import clock
from hub.base.errors import Ended, Forbidden, NoCredits
from hub.base.publish import control, wake

if TYPE_CHECKING:
    from hub.accounts.access import Person

WRAPUP_S: Final = 60  # counts as busy for routing; ends early when the wrap-up is written (C12)


@transaction.atomic
def end(*, actor: Person, frame: incoming.SessionEnd) -> dict[str, object]:
    """By either side; leaving the queue costs nothing (C3)."""
    session = lock_visible(actor, frame.session)
    if session.state == State.ENDED:
        raise Ended
    close(session, _end_reason(session, actor), clock.now(), by=actor.name)
    return {"session": str(session.pk), "state": session.state}


def _end_reason(session: Session, actor: Person) -> EndReason:
    if session.customer_id == actor.user_id:
        return EndReason.CUSTOMER if session.agent_id is not None else EndReason.LEFT_QUEUE
    if actor.is_staff and (session.agent_id == actor.user_id or is_in_charge(session, actor)):
        return EndReason.AGENT
    raise Forbidden


def close(session: Session, because: EndReason, at: datetime, *, by: str | None = None) -> None:
    """End it: state, meter, wrap-up, who is told. The session is locked; every way of ending comes through here."""
    rung = session.offered_to_id
    move(session, ENDED)
    session.ended_at, session.end_reason = at, because
    session.offered_to = None
    session.away_since = session.warned_at = None
    if session.agent_id is not None and session.started_at is not None:
        session.wrapup_agent_id = session.agent_id
        session.wrapup_until = at + timedelta(seconds=WRAPUP_S)
    here = session.agent_id
    session.agent_id = here if here is not None else _last_agent(session)
    session.save()
    billing.end_meter(session, because)
    _note_summary(session)
    release(here)
    tell(session, also=[session.agent_id, rung])
    messages.add_event(session.pk, "ended", reason=because.value, by=by)


def _last_agent(session: Session) -> int | None:
    """Who helped, where their line fell away and nobody has taken it since: it stays their chat."""
    agents = Member.objects.filter(session=session, side=Member.Side.AGENT).order_by("-pk")
    return agents.values_list("user", flat=True).first() if session.accepted_at is not None else None


def _note_summary(session: Session) -> bool:
    """Written as soon as nothing is owed any more; for a free conversation, and a meter that never ran, that is now."""
    summary = _free_summary(session) if not billing.meters_of(session) else billing.find_summary(session)
    if summary is None:
        return False
    session.summary = msgspec.to_builtins(summary)
    session.save(update_fields=["summary"])
    return True


def _free_summary(session: Session) -> outgoing.Summary:
    ran = session.ended_at - session.started_at if session.ended_at and session.started_at else timedelta(0)
    elapsed_s = int(ran.total_seconds())
    return outgoing.Summary(elapsed_s=elapsed_s, free_s=elapsed_s, charged_m=0, paused=[])


@transaction.atomic
def settle(session_id: UUID) -> bool:
    """The last block is charged: the summary is final (C12, M7)."""
    session = find_unlocked(session_id)
    return session is not None and settle_locked(session)


def settle_locked(session: Session) -> bool:
    """As settle(), of a session that this transaction has locked already: its meter may be locked by now."""
    if session.state != State.ENDED or session.summary is not None:
        return False
    if not _note_summary(session):
        return False
    tell(session, also=[session.agent_id])
    return True


def correct_summary(session: Session) -> bool:
    """What was given back after the end stands in the summary too (M6, M8). Of what is still owed settle() takes care,
    and a session that was opened again has none.
    """
    return session.summary is not None and session.state == State.ENDED and _note_summary(session)


@transaction.atomic
def reopen(*, actor: Person, frame: incoming.SessionReopen) -> dict[str, object]:
    """Within the window: the same session and seq go on, with a new meter at the price of now.

    The customer goes ahead in the queue, to the same agent first; an agent who reopens has it at once.
    Raises NeverBegun, PayerChanged, TooLateToReopen, LiveAlready (customer), MostSpent, NoCredits (agent).
    """
    session = lock_visible(actor, frame.session)
    _require_reopenable(session, actor)
    if actor.user_id == session.customer_id:
        require_room(session.customer)
    before = session.agent_id
    price = billing.price_of(session.department_id)
    funds = billing.funds_of(session.customer_id, price)
    if not (funds.unmetered or billing.may_spend(session, price)):
        raise MostSpent
    _rewind(session, price)
    _go_on(session, actor, funds, former_agent=before)
    concerned = [one for one in (session.agent_id, before) if one is not None]
    tell(session, also=concerned)
    control([session.customer_id, *concerned], "refresh")
    wake("queue")
    messages.await_reply(session.pk)
    messages.add_event(session.pk, "reopened", by=actor.name)
    return {"session": str(session.pk), "state": session.state, "reason": session.reason or None}


def _require_reopenable(session: Session, actor: Person) -> None:
    if actor.user_id not in (session.customer_id, session.agent_id):
        raise Forbidden
    if session.state != State.ENDED:
        raise WrongMove(state=session.state)
    window = timedelta(seconds=settings.REOPEN_WINDOW_S)
    if session.accepted_at is None:
        raise NeverBegun
    if _changed_sides(session):
        raise PayerChanged
    if session.ended_at is None or clock.now() - session.ended_at > window:
        raise TooLateToReopen


def _changed_sides(session: Session) -> bool:
    """Whether the customer joined or left an organisation since: what they say now is not the same people's to see."""
    membership = getattr(session.customer, "membership", None)
    return session.organisation_id != (membership.organisation_id if membership else None)


def _rewind(session: Session, price: billing.Price) -> None:
    if session.meter_id is not None:
        session.earlier_meters = [*session.earlier_meters, session.meter_id]
    session.meter_id = session.ended_at = session.summary = None
    session.short_of, session.limit_asked_at = "", None
    session.wrapup_agent = session.wrapup_until = None
    session.end_reason = EndReason.NONE
    session.price_millicredits = price.price_millicredits
    session.block_seconds = price.block_seconds
    session.free_seconds = price.free_seconds
    session.minimum_blocks = price.minimum_blocks
    session.awaits_reply = True
    session.passed_by = {}
    session.queued_at = clock.now()
    session.priority = max(session.priority, REOPENED_PRIORITY)
    session.reopened += 1


def _go_on(session: Session, actor: Person, funds: billing.Funds, *, former_agent: int | None) -> None:
    if former_agent is not None and actor.user_id == former_agent:
        if not funds.enough:
            raise NoCredits
        move(session, ACTIVE)
        session.accepted_at = clock.now()
        join(session, former_agent, Member.Side.AGENT)
    else:
        session.agent = None
        session.first_agent_id = former_agent
        Member.objects.filter(session=session, user=former_agent).update(gone=True)
        if funds.enough:
            move(session, QUEUED)
        else:
            move(session, PAYMENT, due_at=clock.now() + timedelta(seconds=settings.PLACE_KEPT_WHILE_PAYING_S))
            session.short_of = funds.short_of
    if funds.enough:
        session.meter_id = billing.open_meter(session, funds)
    session.save()
