"""Names the chats that lines of a wallet come from (L5)."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from chat import history
from chat.billing import Origin, Origins, origins

if TYPE_CHECKING:
    from hub.accounts.public import Person


def register() -> None:
    origins.register(Origins("chat", _describe))


def _describe(person: Person, references: Collection[str]) -> dict[str, Origin]:
    ids = {one: found for one in references if (found := _id(one)) is not None}
    if not ids:
        return {}
    seen = {chat.id: chat for chat in history.titles(person, ids.values())}
    page = "admin-chat" if person.is_staff else "chat-page"
    return {reference: _origin(seen[key], page) for reference, key in ids.items() if key in seen}


def _origin(chat: history.Title, page: str) -> Origin:
    title = chat.subject or _("Chat: %(department)s") % {"department": chat.department}
    return Origin(title=title, who=chat.customer, url=reverse(page, args=[chat.id]))


def _id(reference: str) -> UUID | None:
    try:
        return UUID(reference)
    except ValueError:
        return None
