"""A beginning of an article, made of a ticket (K3): what was asked and what staff answered, without pictures.

Names and what is private are the writer's to take out; nothing of it is saved before they do.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hub.accounts.public import audit
from hub.base.rich_text import clean
from tickets.knowledge.readers import require_writer
from tickets.knowledge.writing import TITLE_CHARACTERS_MAX, TextIn
from tickets.models import TicketEntry
from tickets.permissions import get_visible, is_own_work
from tickets.states import EntryKind, Side

if TYPE_CHECKING:
    from hub.accounts.public import Person

_PICTURES: Final = re.compile(r"<img\b[^>]*>")
REPLIES_MAX: Final = 20
CHARACTERS_MAX: Final = 100_000


def begin_of_ticket(person: Person, number: int | str) -> TextIn:
    """That the ticket was opened is in the audit log (P9). Raises NotFound, Forbidden."""
    require_writer(person)
    ticket = get_visible(person, number)
    if not is_own_work(ticket, person):
        audit.record_opening(person, "tickets.ticket.opened", target_kind="ticket", target_id=ticket.pk)
    said = (
        TicketEntry.objects.filter(ticket=ticket, kind=EntryKind.REPLY, is_public=True).defer("search").order_by("seq")
    )
    question = said.first()
    answers = said.filter(author_side=Side.STAFF).exclude(pk=question.pk if question else 0)[:REPLIES_MAX]
    parts = [question.html if question else "", *(one.html for one in answers)]
    html = _PICTURES.sub("", "".join(parts))[:CHARACTERS_MAX]
    return TextIn(title=ticket.subject[:TITLE_CHARACTERS_MAX], html=clean(html).html)
