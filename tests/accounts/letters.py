"""What people got: the rows of the outbox, and the codes and links in them."""

from __future__ import annotations

import re

from hub.base.models import OutboxMessage


def letters_to(address: str) -> list[OutboxMessage]:
    """Oldest first."""
    return list(OutboxMessage.objects.filter(to=address).order_by("pk"))


def last_to(address: str) -> OutboxMessage:
    found = OutboxMessage.objects.filter(to=address).order_by("-pk").first()
    assert found is not None, f"Nothing was sent to {address}."
    return found


def purposes(address: str) -> list[str]:
    return [letter.purpose for letter in letters_to(address)]


def code_in(letter: OutboxMessage) -> str:
    found = re.search(r"\b(\d{6})\b", letter.text)
    assert found is not None, letter.text
    return found[1]


def path_in(letter: OutboxMessage) -> str:
    """The link, without the hub's address."""
    found = re.search(r"https?://[^/\s]+(/\S*)", letter.text)
    assert found is not None, letter.text
    return found[1]
