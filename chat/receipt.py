"""A session as text, to download and to keep (C12). For both sides; staff-only entries are in neither's."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable, Iterator
from itertools import groupby

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from chat.models import Message, Session
from chat.words import event_text
from hub.base import formats

RULE = "-" * 72


def write(session: Session, *, language: str, time_zone: str, shows_money: bool, own: bool) -> str:
    """The whole transcript in the reader's language and time zone. What was deleted is said, not shown.

    `own`: the customer of the chat reads it.
    """
    with translation.override(language), timezone.override(_zone(time_zone)):
        entries = Message.objects.filter(session=session, seq__isnull=False).order_by("seq")
        lines = [*_head(session), RULE, *_lines(entries, own=own), RULE]
        if shows_money and session.summary is not None and session.price_millicredits:
            lines.append(_("Cost: %(credits)s credits") % {"credits": formats.credits(session.summary["charged_m"])})
        return "\n".join(lines) + "\n"


def _zone(name: str) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")


def _head(session: Session) -> list[str]:
    head = [_("Conversation of %(date)s") % {"date": formats.moment(session.opened_at)}]
    head.append(_("Customer: %(name)s") % {"name": session.customer.name})
    if session.agent is not None:
        head.append(_("Agent: %(name)s") % {"name": session.agent.name})
    if session.subject:
        head.append(_("Subject: %(subject)s") % {"subject": session.subject})
    return head


def _lines(entries: Iterable[Message], *, own: bool) -> Iterator[str]:
    """Each with its time; the day above the first of a day."""
    for day, of_day in groupby(entries, key=lambda entry: formats.weekday(entry.at)):
        yield f"{day}:"
        yield from filter(None, (_line(entry, own=own) for entry in of_day))


def _line(entry: Message, *, own: bool) -> str:
    at = formats.digits(f"{timezone.localtime(entry.at):%H:%M:%S}")
    if entry.kind == "event":
        text = event_text(entry.event or {}, own=own)
        return f"[{at}] * {text}" if text else ""
    text = _("(deleted)") if entry.deleted_at is not None else entry.text
    return f"[{at}] {entry.author_name}: {text}"
