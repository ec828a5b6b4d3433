"""Staff give back what a session was charged, or a part of it (M6). Limits and windows are the ledger's to judge."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from chat import billing, queries
from chat.actions.ending import correct_summary
from chat.actions.locking import lock_visible
from chat.actions.telling import tell
from chat.errors import NoRefund
from chat.models import Session
from chat.permissions import get_visible, is_in_charge, require_staff
from chat.refund_mails import mail_declined, mail_granted
from hub.accounts.public import audit
from hub.base import clock, locking
from hub.base.errors import Forbidden

if TYPE_CHECKING:
    from chat.billing import Approval
    from hub.accounts.access import Person

ANSWER_CHARACTERS_MAX = 500


@transaction.atomic
def refund(*, actor: Person, session_id: UUID, amount_m: int, reason: str, key: str) -> dict[str, object]:
    """By the session's agent or who is in charge of its department. A person's same key is the same refund."""
    agent_id = require_staff(actor)
    session = lock_visible(actor, session_id)
    if session.agent_id != agent_id and not is_in_charge(session, actor):
        raise Forbidden
    made = billing.refund(
        session,
        amount_m,
        reason=reason,
        actor_id=agent_id,
        key=f"session:{session.pk}:{agent_id}:{key}",
        level=actor.level,
    )
    _refunded(actor, session, made, amount_m, reason)
    billing.withdraw_stale_approvals(actor, session)
    return {"id": str(made), "amount_m": amount_m, "charged_m": queries.charged_m(session, actor) or 0}


@transaction.atomic
def ask_approval(*, actor: Person, session_id: UUID, amount_m: int, reason: str, text: str, key: str) -> Approval:
    """What is above the own limit waits for a second person. Who may ask is who may refund.

    Raises NothingToRefund, and what billing.ask_refund_approval raises.
    """
    agent_id = require_staff(actor)
    session = get_visible(actor, session_id)
    if session.agent_id != agent_id and not is_in_charge(session, actor):
        raise Forbidden
    return billing.ask_refund_approval(
        actor, session, amount_m, reason=reason, text=text, key=f"refund:{session.pk}:{key}"
    )


@transaction.atomic
def decline(*, actor: Person, session_id: UUID, text: str) -> None:
    """The customer asked for credits back, and does not get them: they are told so by mail and on the page of the chat.

    `text` says why, to them. Whoever was to approve a refund need not any more.
    Raises Forbidden, ReasonMissing, NoRefund (nobody asks any more).
    """
    agent_id = require_staff(actor)
    billing.withdraw_approvals(actor, session_id)
    session = lock_visible(actor, session_id)
    if session.agent_id != agent_id and not is_in_charge(session, actor):
        raise Forbidden
    if not text.strip():
        raise billing.ReasonMissing(field="text")
    if session.refund_asked_at is None:
        raise NoRefund
    session.refund_asked_at, session.refund_declined_at = None, clock.now()
    session.refund_answer = text.strip()[:ANSWER_CHARACTERS_MAX]
    session.save(update_fields=["refund_asked_at", "refund_declined_at", "refund_answer"])
    audit.record(
        actor, "chat.session.refund_declined", target_kind="session", target_id=session.pk, note=session.refund_answer
    )
    mail_declined(session)
    tell(session, also=[session.agent_id])


def carry_out(actor: Person, approval: Approval) -> None:
    """A second person approved it (credits.approvals)."""
    session = locking.lock_one(Session, UUID(approval.reference))
    reason = approval.text if approval.reason in ("", "other") and approval.text else approval.reason
    made = billing.refund(
        session,
        approval.amount_m,
        reason=reason,
        actor_id=approval.asked_by_id,
        key=f"approval:{approval.pk}",
        level=actor.level,
        approved=True,
    )
    _refunded(actor, session, made, approval.amount_m, reason)
    billing.withdraw_stale_approvals(actor, session, but=approval.pk)


def _refunded(actor: Person, session: Session, refund_id: int, amount_m: int, reason: str) -> None:
    if session.refund_asked_at is not None:
        mail_granted(session, refund_id, amount_m)
        session.refund_asked_at = None
        session.save(update_fields=["refund_asked_at"])
    correct_summary(session)
    audit.record(
        actor,
        "chat.session.refunded",
        target_kind="session",
        target_id=session.pk,
        detail={"amount_m": amount_m, "refund": refund_id},
        note=reason,
    )
    tell(session, also=[session.agent_id])
