"""A session as text, to download and to keep (C12). For both sides; staff-only entries are in neither's."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from chat import escalation
from chat.models import Message, Session
from chat.wire import outgoing
from chat.words import event_text
from hub.base import formats

RULE = "-" * 72


def write(session: Session, *, language: str, time_zone: str, shows_money: bool, own: bool) -> str:
    """The whole transcript in the reader's language and time zone. What was deleted is said, not shown.

    `own`: the customer of the chat reads it.
    """
    with translation.override(language), timezone.override(_zone(time_zone)):
        entries = list(Message.objects.filter(session=session, seq__isnull=False).order_by("seq"))
        files = escalation.files_of([entry.pk for entry in entries if entry.kind == "file"])
        lines = [*_head(session), RULE, *_lines(entries, files, own=own), RULE]
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


Files = Mapping[int, Sequence[outgoing.FileView]]


def _lines(entries: Iterable[Message], files: Files, *, own: bool) -> Iterator[str]:
    """Each with its time; the day above the first of a day."""
    for day, of_day in groupby(entries, key=lambda entry: formats.weekday(entry.at)):
        yield f"{day}:"
        yield from filter(None, (_line(entry, files.get(entry.pk, ()), own=own) for entry in of_day))


def _line(entry: Message, files: Sequence[outgoing.FileView], *, own: bool) -> str:
    at = formats.digits(f"{timezone.localtime(entry.at):%H:%M:%S}")
    if entry.kind == "event":
        text = event_text(entry.event or {}, own=own)
        return f"[{at}] * {text}" if text else ""
    if entry.deleted_at is not None:
        return f"[{at}] {entry.author_name}: {_('(deleted)')}"
    said = [entry.text] if entry.text else []
    said += [_("File: %(name)s") % {"name": one.name} for one in files]
    return f"[{at}] {entry.author_name}: {f'{chr(10)}  '.join(said)}"
