"""A chat becomes a ticket, and goes on (C11). See docs/how/escalation.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from chat import escalation, retelling
from chat.actions import messages
from chat.actions.locking import lock_visible
from chat.actions.telling import tell
from chat.models import Message, Session
from chat.permissions import parse_id, require_customer, require_staff
from chat.wire import incoming
from hub.base.errors import Forbidden, NotFound

if TYPE_CHECKING:
    from hub.accounts.public import Person


@transaction.atomic
def escalate(*, actor: Person, frame: incoming.Escalate) -> dict[str, object]:
    """Staff's one action. A chat that is a ticket already answers with that one, unless `again` asks for another.

    Raises Forbidden (not a ticket), NotFound, and what making a ticket raises.
    """
    require_staff(actor)
    if frame.to != "ticket":
        raise Forbidden
    session = lock_visible(actor, frame.session)
    if session.ticket_number is not None and not frame.again:
        return {"session": str(session.pk), "ticket": str(session.ticket_number)}
    made = escalation.make_ticket(actor, _asked(actor, session, frame))
    return {"session": str(session.pk), "ticket": made.number}


def _asked(actor: Person, session: Session, frame: incoming.Escalate) -> escalation.NewTicket:
    """Who makes it has it, where they work in that department."""
    department_id = session.department_id if frame.department is None else _department(frame.department)
    fields: dict[str, Any] = dict(frame.fields)
    return escalation.NewTicket(
        department_id=department_id,
        agent_id=actor.user_id if department_id in actor.departments else None,
        subject=frame.subject or session.subject or session.department.name,
        html=frame.html or "",
        note=frame.note or "",
        fields=fields,
        contact_email=frame.email or "",
        channel=escalation.CHAT,
        session_id=session.pk,
    )


def _department(said: str) -> int:
    if not (said.isascii() and said.isdecimal() and len(said) < 19):
        raise NotFound
    return int(said)


class Chats:
    """What tickets ask of the chat that one comes out of (tickets/origins.py)."""

    def open(self, actor: Person, session_id: UUID) -> escalation.Origin:
        session = lock_visible(actor, session_id)
        if not actor.is_staff and actor.kind != "system":
            require_customer(session, actor)
        with_files = Message.objects.filter(session=session, seq__isnull=False, kind="file", deleted_at=None)
        return escalation.Origin(
            customer_id=session.customer_id,
            html=retelling.as_html(session),
            files_kind=escalation.MESSAGE_FILES,
            files_of=list(with_files.order_by("seq").values_list("pk", flat=True)),
        )

    def became(self, actor: Person, session_id: UUID, ticket: escalation.Ticket) -> None:
        """Both sides read its number in the chat, also when it is over."""
        session = Session.objects.get(pk=parse_id(session_id))  # open() has locked it
        session.ticket_number = ticket.pk
        session.save(update_fields=["ticket_number"])
        tell(session, also=[session.agent_id])
        messages.add_event(session.pk, "ticket", number=ticket.number, by=actor.name, title=ticket.subject)
