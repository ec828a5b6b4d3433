"""Where lines of a wallet come from (L5): the apps above say what a line's reference is, and where to look at it.

Chats, tickets and purchases lie above this app; each registers how it names its own references.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hub.base.registries import Registry

if TYPE_CHECKING:
    from hub.accounts.public import Person


@dataclass(frozen=True, slots=True)
class Origin:
    """`who` used the credits; `url` is a page that the reader may open, or ''."""

    title: str
    who: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Origins:
    """Of these references, those that are this app's and that the person may see."""

    name: str
    describe: Callable[[Person, Collection[str]], Mapping[str, Origin]]


origins: Registry[Origins] = Registry()


def describe(person: Person, references: Collection[str]) -> dict[str, Origin]:
    found: dict[str, Origin] = {}
    for app in origins if references else ():
        found |= app.describe(person, references)
    return found
