"""All that the apps above may use of tickets, and of files, which tickets and chats have alike."""

from __future__ import annotations

from collections.abc import Iterable

from hub.accounts.public import User
from tickets.actions.creating import NewTicket, create
from tickets.desk.of_customer import count_seen, tickets_of
from tickets.files.claims import files_of, release, settle, take_up
from tickets.files.describing import describe as describe_file
from tickets.files.homes import FileHome, homes
from tickets.models import StoredFile, Ticket
from tickets.offering import Offer, offers_of
from tickets.origins import Chats, Origin, set_chats
from tickets.queries import count_live
from tickets.states import Channel

__all__ = [
    "Channel",
    "Chats",
    "FileHome",
    "NewTicket",
    "Offer",
    "Origin",
    "StoredFile",
    "Ticket",
    "count_live",
    "count_seen",
    "create",
    "customers_of",
    "describe_file",
    "files_of",
    "homes",
    "offers_of",
    "release",
    "set_chats",
    "settle",
    "take_up",
    "tickets_of",
]


def customers_of(numbers: Iterable[int]) -> dict[int, User]:
    """Whose these tickets are. For lists that the owner reads (P9)."""
    rows = Ticket.objects.filter(pk__in=list(numbers)).select_related("customer")
    return {row.pk: row.customer for row in rows}
