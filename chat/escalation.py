"""Live chat and tickets meet here: the only importer of tickets.public (C8, C11). See docs/how/escalation.md.

A chat becomes a ticket with what was said, its files and its customer; and files, which tickets look after, belong to
its messages. Chats are locked before files and tickets, everywhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, cast
from uuid import UUID

import msgspec
from django.urls import NoReverseMatch, reverse

from chat.models import Message, Session
from chat.permissions import parse_id
from chat.wire import outgoing
from tickets import public as tickets

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hub.accounts.public import Person

Chats = tickets.Chats
Origin = tickets.Origin
Ticket = tickets.Ticket
NewTicket = tickets.NewTicket
StoredFile = tickets.StoredFile
make_ticket = tickets.create
CHAT: Final = tickets.Channel.CHAT

MESSAGE_FILES: Final = "chat_message"  # where a message's files belong
PAGES: Final = {"staff": "desk-ticket", "customer": "ticket"}


def register(chats: Chats) -> None:
    tickets.homes.register(tickets.FileHome(MESSAGE_FILES, messages_seen_by))
    tickets.set_chats(chats)


# -- Files of messages ----------------------------------------------------------------------------


def messages_seen_by(person: Person | None) -> QuerySet[Message]:
    """Who sees the chat sees its files; what is for staff alone has files for staff alone (X5)."""
    if person is None:
        return Message.objects.none()
    seen = Message.objects.filter(session__in=Session.objects.visible_to(person).values("pk"))
    return seen if person.is_staff or person.kind == "system" else seen.filter(seq__isnull=False)


def take_up(person: Person, file_ids: Iterable[str]) -> list[StoredFile]:
    """Own uploads that are finished and belong nowhere, locked. Raises NotFound, TooManyFiles, FileRefused."""
    return tickets.take_up(person, [parse_id(one) for one in file_ids])


def settle(files: Sequence[StoredFile], message_id: int) -> None:
    tickets.settle(files, kind=MESSAGE_FILES, object_id=message_id)


def files_of(message_ids: Collection[int]) -> dict[int, list[outgoing.FileView]]:
    """By message; one statement. The caller has asked whether its reader may see them."""
    if not message_ids:
        return {}
    found = cast("dict[int, list[StoredFile]]", tickets.files_of(MESSAGE_FILES, list(message_ids)))
    return {key: [view_of(one) for one in files] for key, files in found.items()}


def view_of(file: StoredFile) -> outgoing.FileView:
    """Without `url` while nobody may have it: `state` says why."""
    told: dict[str, Any] = dict(tickets.describe_file(file))
    if told["state"] == "ready":
        del told["state"]
    known = {name: value for name, value in told.items() if name in outgoing.FileView.__struct_fields__}
    return msgspec.convert(known, outgoing.FileView)


def remove_files(message_ids: Collection[int]) -> None:
    """These messages are gone, or empty: files that belong nowhere else go with them."""
    if message_ids:
        tickets.release(MESSAGE_FILES, list(message_ids))


# -- Tickets ---------------------------------------------------------------------------------------


def ticket_links(person: Person, numbers: Iterable[int]) -> dict[int, str]:
    """The pages of those of these tickets that the person may open."""
    wanted = list(numbers)
    if not wanted:
        return {}
    page = PAGES["staff" if person.is_staff else "customer"]
    try:
        seen = Ticket.objects.visible_to(person).filter(pk__in=wanted).values_list("pk", flat=True)
        return {number: reverse(page, args=[number]) for number in seen}
    except NoReverseMatch:
        return {}


def numbers_of(session_id: UUID) -> list[int]:
    """The tickets that a chat became, the newest first."""
    return list(Ticket.objects.filter(session_id=session_id).order_by("-pk").values_list("pk", flat=True))
