"""What staff read for the codes of tickets (events: tickets/event_words.py)."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from hub.base import formats
from tickets.models import WorkLog
from tickets.states import Channel, Priority, Status, word_of

HOUR_S: Final = 3600
DAY_S: Final = 86400
STATUSES: Final[dict[str, Any]] = {
    Status.OPEN: pgettext_lazy("status of a ticket", "Open"),
    Status.PENDING: gettext_lazy("Waits for customer"),
    Status.SOLVED: pgettext_lazy("status of a ticket", "Solved"),
    Status.CLOSED: pgettext_lazy("status of a ticket", "Closed"),
}
PRIORITIES: Final[dict[str, Any]] = {
    word_of(Priority.LOW): pgettext_lazy("priority", "Low"),
    word_of(Priority.NORMAL): pgettext_lazy("priority", "Normal"),
    word_of(Priority.HIGH): pgettext_lazy("priority", "High"),
    word_of(Priority.URGENT): pgettext_lazy("priority", "Urgent"),
}
CHANNELS: Final[dict[str, Any]] = {
    Channel.WEB: pgettext_lazy("channel", "Website"),
    Channel.EMAIL: pgettext_lazy("channel", "E-mail"),
    Channel.CHAT: pgettext_lazy("channel", "Chat"),
    Channel.PHONE: pgettext_lazy("channel", "Phone"),
    Channel.FAX: pgettext_lazy("channel", "Fax"),
    Channel.SMS: pgettext_lazy("channel", "SMS"),
    Channel.API: pgettext_lazy("channel", "API"),
}
KINDS_OF_WORK: Final[dict[str, Any]] = {
    WorkLog.Kind.BILLABLE: pgettext_lazy("worked time", "Billable"),
    WorkLog.Kind.WARRANTY: pgettext_lazy("worked time", "Under warranty"),
    WorkLog.Kind.FREE: pgettext_lazy("worked time", "Free"),
}


def waited(seconds: float) -> str:
    """How long somebody waits, where there is little room: 42 min, 7 h, 3 days."""
    if seconds >= 2 * DAY_S:
        days = int(seconds // DAY_S)
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": formats.number(days)}
    return formats.duration(seconds // HOUR_S * HOUR_S if seconds >= 2 * HOUR_S else max(seconds, 60))
