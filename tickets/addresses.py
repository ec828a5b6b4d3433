"""Addresses that somebody typed into a ticket (T1): checked, each once, and not without number."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from hub.base.errors import BadAddress

CC_MAX: Final = 10


def checked(typed: Iterable[str]) -> list[str]:
    """Raises BadAddress for one that is none, or for more than CC_MAX."""
    found: dict[str, str] = {}
    for address in typed:
        if address.strip():
            good = checked_one(address)
            found.setdefault(good.lower(), good)
    if len(found) > CC_MAX:
        raise BadAddress(field="cc")
    return list(found.values())


def checked_one(typed: str) -> str:
    """Raises BadAddress."""
    address = typed.strip()
    try:
        validate_email(address)
    except ValidationError:
        raise BadAddress(address=address[:254]) from None
    if len(address) > 254:
        raise BadAddress(address=address[:254])
    return address
