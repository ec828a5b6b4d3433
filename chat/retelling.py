"""A chat retold as the first entry of a ticket (C11): what the customer saw of it, in the customer's language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.conf import settings
from django.utils import timezone, translation
from django.utils.html import escape
from django.utils.translation import gettext as _

from chat import escalation
from chat.models import Message, Session
from hub.base import formats

CHARACTERS_MAX: Final = 60_000
MESSAGES_MAX: Final = 1000
_SAID: Final = ("text", "file")


def as_html(session: Session) -> str:
    """HTML that the cleaner leaves as it is. Of a very long chat its end."""
    customer = session.customer
    with translation.override(customer.language or settings.LANGUAGE_CODE), timezone.override(customer.time_zone):
        said = Message.objects.filter(session=session, seq__isnull=False, kind__in=_SAID, deleted_at=None)
        newest = list(said.order_by("-seq")[:MESSAGES_MAX])
        kept, whole = _that_fit(newest)
        head = [_("Chat of %(date)s") % {"date": formats.moment(session.opened_at)}]
        if not whole:
            head.append(_("What was said before stands in the chat."))
        return f"<p><em>{escape('. '.join(head))}.</em></p>" + "".join(reversed(kept))


def _that_fit(newest: Iterable[Message]) -> tuple[list[str], bool]:
    rows = list(newest)
    files = escalation.files_of([row.pk for row in rows if row.kind == "file"])
    room = CHARACTERS_MAX
    kept: list[str] = []
    for row in rows:
        line = _paragraph(row, [one.name for one in files.get(row.pk, [])])
        room -= len(line)
        if room < 0:
            return kept, False
        kept.append(line)
    return kept, len(rows) < MESSAGES_MAX


def _paragraph(row: Message, file_names: list[str]) -> str:
    """Who, when, and the words; files by their names, since they stand below."""
    lines = [*row.text.split("\n")] if row.text else []
    lines += [_("File: %(name)s") % {"name": name} for name in file_names]
    said = "<br>".join(escape(line) for line in lines)
    return f'<p dir="auto"><b>{escape(row.author_name)}</b> {formats.time_of_day(row.at)}<br>{said}</p>'
