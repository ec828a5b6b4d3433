"""The words of tickets, and which status may follow which. See docs/how/tickets.md."""

from __future__ import annotations

from typing import Final

from django.db import models


class Status(models.TextChoices):
    OPEN = "open"
    PENDING = "pending"  # we asked the customer something
    SOLVED = "solved"
    CLOSED = "closed"


# Live: somebody has to do something. What is solved may still come back.
LIVE: Final = (Status.OPEN, Status.PENDING)
MOVES: Final[dict[str, frozenset[str]]] = {
    Status.OPEN: frozenset({Status.PENDING, Status.SOLVED, Status.CLOSED}),
    Status.PENDING: frozenset({Status.OPEN, Status.SOLVED, Status.CLOSED}),
    Status.SOLVED: frozenset({Status.OPEN, Status.PENDING, Status.CLOSED}),
    Status.CLOSED: frozenset({Status.OPEN}),
}


class Priority(models.IntegerChoices):
    """Higher goes first. The words are what leaves the hub (`word_of`)."""

    LOW = 1
    NORMAL = 2
    HIGH = 3
    URGENT = 4


PRIORITIES: Final = {"low": Priority.LOW, "normal": Priority.NORMAL, "high": Priority.HIGH, "urgent": Priority.URGENT}
_WORDS: Final = {int(level): word for word, level in PRIORITIES.items()}


def word_of(priority: int) -> str:
    return _WORDS[priority]


class Channel(models.TextChoices):
    WEB = "web"
    EMAIL = "email"
    CHAT = "chat"
    PHONE = "phone"
    FAX = "fax"
    SMS = "sms"
    API = "api"


class Initiator(models.TextChoices):
    CUSTOMER = "customer"
    STAFF = "staff"


class EntryKind(models.TextChoices):
    REPLY = "reply"
    NOTE = "note"
    EVENT = "event"


class Side(models.TextChoices):
    CUSTOMER = "customer"
    STAFF = "staff"
    SYSTEM = "system"


class ClosedBy(models.TextChoices):
    """Who or what closed it. Only what the clock closed comes back by a reply (T4, T5)."""

    STAFF = "staff"
    CLOCK = "clock"
    MERGE = "merge"
