"""A brand as every layer sees it (A3): name, look and sender. What is on screen and in mails takes them from here.

The brands are rows of hub.site, which registers how they are found. While a request is served its brand is in use for
all that happens in it, mails that it puts into the outbox included; elsewhere the default brand is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

Layout = Literal["classic", "compact"]


@dataclass(frozen=True, slots=True)
class Brand:
    """`id` 0 is the built-in one. Colours are `#rrggbb` as the owner chose them; pages use `css_url` (tokens)."""

    id: int = 0
    version: int = 0
    name: str = "Balie"
    logo_url: str = ""
    css_url: str = ""  # '' where the built-in colours hold: nothing to load
    colour: str = "#264e9c"
    accent: str = "#b54a20"
    sender_name: str = "Balie"
    sender_address: str = ""  # '': the address of the settings
    languages: tuple[str, ...] = ()  # offered; () is every language of the hub
    default_language: str = ""  # '': as the hub's
    layout: Layout = "classic"  # of home users
    business_layout: Layout = "compact"  # of members of organisations
    hosts: tuple[str, ...] = ()


@dataclass(slots=True)
class _Source:
    """How hub.site gives the default brand."""

    find: Callable[[], Brand]


_source = _Source(Brand)
_in_use: ContextVar[Callable[[], Brand] | None] = ContextVar("brand", default=None)


def brands_come_from(find: Callable[[], Brand]) -> None:
    """For hub.site's ready(): what gives the default brand."""
    _source.find = find


def brand_in_use() -> Brand:
    """Of the request that is served; elsewhere the default brand."""
    find = _in_use.get()
    return find() if find is not None else _source.find()


@contextmanager
def using(find: Callable[[], Brand]) -> Iterator[None]:
    """Looked up when it is asked for: not every request shows anything."""
    token = _in_use.set(find)
    try:
        yield
    finally:
        _in_use.reset(token)
