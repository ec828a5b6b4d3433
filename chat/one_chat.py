"""One chat as pages show it, to the customer (`own`), to managers and to staff: what was said, and what it cost."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final

from chat import billing, escalation, transcript, words
from chat.models import Session
from chat.permissions import get_visible
from chat.wire import outgoing

if TYPE_CHECKING:
    from hub.accounts.public import Person

MESSAGES_SHOWN: Final = 200


def read_chat(person: Person, session_id: uuid.UUID) -> Session:
    """With all that a page names. Raises NotFound, also for what one may not see (X1)."""
    get_visible(person, session_id)
    rows = Session.objects.select_related("agent", "department", "customer__membership__organisation")
    return rows.get(pk=session_id)


def transcript_values(session: Session, before: int | None, *, own: bool) -> dict[str, Any]:
    """`entries` for the template, and `earlier`, where the page before them begins."""
    page = transcript.before(session.pk, before, MESSAGES_SHOWN)
    return {
        "entries": [entry for message in page.messages if (entry := _entry(message, session, own))],
        "earlier": page.messages[0].seq if page.more and page.messages else None,
    }


def _entry(message: outgoing.Message, session: Session, own: bool) -> dict[str, object] | None:
    """One line of the transcript; None for what is not for reading."""
    if message.kind == "event":
        text = words.event_text(message.event or {}, own=own)
        return {"event": text, "at": message.at} if text else None
    return {
        "at": message.at,
        "author": message.author.name,
        "staff": message.author.kind in ("agent", "bot"),
        "of_customer": message.author.id == str(session.customer_id),
        "text": message.text or "",
        "files": message.files or [],
        "deleted": message.deleted_at is not None,
        "edited": message.edited_at is not None,
    }


def ticket_values(person: Person, session: Session) -> dict[str, Any]:
    """`tickets`: (number, its page or nothing) of each ticket that the chat became, the newest first (C11)."""
    numbers = escalation.numbers_of(session.pk) if session.ticket_number is not None else []
    links = escalation.ticket_links(person, numbers)
    return {"tickets": [(number, links.get(number, "")) for number in numbers]}


def cost_values(session: Session, *, own: bool) -> dict[str, Any]:
    """Block by block; nothing of it for a VIP (P12)."""
    summary = session.summary or {}
    paused = [(words.pause_text(one["reason"], own=own), one["seconds"]) for one in summary.get("paused", [])]
    shown = {"vip": billing.is_vip(session.customer), "summary": summary, "paused": paused}
    if shown["vip"]:
        return {**shown, "charged_m": None, "charges": []}
    charges = billing.charges_of(session)
    return {
        **shown,
        "charged_m": sum(charge.amount_m - charge.refunded_m for charge in charges),
        "charged_all_m": sum(charge.amount_m for charge in charges),
        "refunded_m": sum(charge.refunded_m for charge in charges),
        "charges": list(enumerate(charges, 1)),
    }
