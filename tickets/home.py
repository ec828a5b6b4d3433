"""Tickets as their customers' lists show them, and those on the portal's home. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hub.base import clock
from tickets import lists
from tickets.colours import Colour, colours_of
from tickets.filters import Wanted
from tickets.models import Ticket
from tickets.states import LIVE, Status

if TYPE_CHECKING:
    from hub.accounts.public import Person

ON_HOME: Final = 5
AGES: Final[dict[Colour, str]] = {"green": "fresh", "yellow": "ageing", "red": "overdue", "": ""}


@dataclass(frozen=True, slots=True)
class Row:
    """`age` is a class of the style sheet: colour, and a shape beside it (T6); `waits` for how long, in seconds."""

    ticket: Ticket
    age: str
    waits: float = 0


@dataclass(frozen=True, slots=True)
class OnHome:
    """Those that are not solved, the last changed first; `yours` of them wait for an answer of the customer."""

    rows: Sequence[Row]
    yours: int


def live_on_home(person: Person) -> OnHome:
    page = lists.read_page(person, Wanted(status=[str(one) for one in LIVE]), limit=ON_HOME)
    return OnHome(rows_of(page.rows), sum(one.status == Status.PENDING for one in page.rows))


def rows_of(tickets: Sequence[Ticket]) -> list[Row]:
    now = clock.now()
    colours = colours_of(tickets, now)
    return [
        Row(one, AGES[colours[one.pk]], (now - one.awaits_since).total_seconds() if one.awaits_since else 0)
        for one in tickets
    ]
