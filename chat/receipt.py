"""A session as text, to download and to keep (C12). For both sides; staff-only entries are in neither's."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable, Iterator
from itertools import groupby

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from chat.models import Message, Session
from hub.base import formats

RULE = "-" * 72


def write(session: Session, *, language: str, time_zone: str, shows_money: bool) -> str:
    """The whole transcript in the reader's language and time zone. What was deleted is said, not shown."""
    with translation.override(language), timezone.override(_zone(time_zone)):
        entries = Message.objects.filter(session=session, seq__isnull=False).order_by("seq")
        lines = [*_head(session), RULE, *_lines(entries), RULE]
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


def _lines(entries: Iterable[Message]) -> Iterator[str]:
    """Each with its time; the day above the first of a day."""
    for day, of_day in groupby(entries, key=lambda entry: formats.weekday(entry.at)):
        yield f"{day}:"
        yield from map(_line, of_day)


def _line(entry: Message) -> str:
    at = formats.digits(f"{timezone.localtime(entry.at):%H:%M:%S}")
    if entry.kind == "event":
        return f"[{at}] * {_event(entry)}"
    text = _("(deleted)") if entry.deleted_at is not None else entry.text
    return f"[{at}] {entry.author_name}: {text}"


def _event(entry: Message) -> str:
    event: dict[str, object] = entry.event or {}
    names = {"name": event.get("name") or "", "by": event.get("by") or ""}
    sentences = {
        "joined": _("%(name)s joined"),
        "left": _("%(name)s left"),
        "paused": _("The meter was paused"),
        "resumed": _("The meter runs again"),
        "agent_away": _("The agent is away; the meter stands still"),
        "agent_back": _("The agent is back"),
        "customer_away": _("The customer is away; the meter stands still"),
        "customer_back": _("The customer is back"),
        "grace": _("The credits are used up; the meter stands still"),
        "goes_on": _("There are credits again; the conversation goes on"),
        "limit_asked": _("%(by)s asked the manager to raise the spending limit."),
        "limit_declined": _("The spending limit is not raised this time."),
        "limit_raised": _("The spending limit was raised. The chat goes on."),
        "granted": _("%(by)s gave free time"),
        "waived": _("%(by)s gave blocks for free"),
        "inactive": _("It has been quiet for a while; the conversation will end soon"),
        "reopened": _("The conversation was opened again"),
        "ended": _("The conversation has ended"),
        "edited": _("A message was changed"),
        "deleted": _("A message was deleted"),
    }
    kind = str(event.get("type", ""))
    return sentences.get(kind, kind) % names
