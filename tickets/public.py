"""All that the apps above may use of tickets, and of files, which tickets and chats have alike."""

from __future__ import annotations

from collections.abc import Iterable

from hub.accounts.public import User
from tickets.actions import ruling, setting_up
from tickets.actions.changing import Changes, change
from tickets.actions.clockwork import watch_targets
from tickets.actions.creating import NewTicket, create
from tickets.actions.replying import Reply, note, reply
from tickets.desk.of_customer import count_seen, tickets_of
from tickets.files.claims import files_of, release, settle, take_up
from tickets.files.describing import describe as describe_file
from tickets.files.homes import FileHome, homes
from tickets.home import OnHome, live_on_home
from tickets.knowledge import writing
from tickets.models import Article, Macro, Rule, StoredFile, Ticket
from tickets.offering import Offer, offers_of
from tickets.origins import Chats, Origin, set_chats
from tickets.queries import count_live
from tickets.states import Channel

__all__ = [
    "Changes",
    "Channel",
    "Chats",
    "FileHome",
    "NewTicket",
    "Offer",
    "OnHome",
    "Origin",
    "Reply",
    "StoredFile",
    "Ticket",
    "change",
    "count_live",
    "count_seen",
    "create",
    "customers_of",
    "describe_file",
    "files_of",
    "has_anything",
    "homes",
    "live_on_home",
    "note",
    "offers_of",
    "release",
    "reply",
    "ruling",
    "set_chats",
    "setting_up",
    "settle",
    "take_up",
    "tickets_of",
    "watch_targets",
    "writing",
]


def has_anything() -> bool:
    """Whether anybody ever used or set up the desk here."""
    return any(model._default_manager.exists() for model in (Ticket, Article, Macro, Rule))


def customers_of(numbers: Iterable[int]) -> dict[int, User]:
    """Whose these tickets are. For lists that the owner reads (P9)."""
    rows = Ticket.objects.filter(pk__in=list(numbers)).select_related("customer")
    return {row.pk: row.customer for row in rows}
