"""What a ticket can come out of: a chat (C11). Tickets know nothing of chats; the app above says what goes along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from hub.base.errors import NotFound

if TYPE_CHECKING:
    from hub.accounts.public import Person
    from tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Origin:
    """`html` was said there, in the customer's language; the files of these things go along."""

    customer_id: int
    html: str
    files_kind: str
    files_of: Sequence[int]


class Chats(Protocol):
    def open(self, actor: Person, session_id: UUID) -> Origin:
        """Locked, before anything of tickets is. Raises NotFound, and Forbidden for who may only read along."""

    def became(self, actor: Person, session_id: UUID, ticket: Ticket) -> None:
        """The ticket is made, in the same transaction: the last thing of it."""


_chats: Chats | None = None


def set_chats(chats: Chats) -> None:
    global _chats
    _chats = chats


def chats() -> Chats:
    """Raises NotFound where there are none."""
    if _chats is None:
        raise NotFound
    return _chats
