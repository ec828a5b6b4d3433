"""Tickets as their customers' lists show them, and those on the portal's home. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from hub.base import clock
from tickets import lists
from tickets.colours import Colour, colour_of
from tickets.filters import Wanted
from tickets.listed import Listed
from tickets.models import Reading, TicketEntry
from tickets.permissions import is_on_customers_side
from tickets.states import LIVE, EntryKind, Status

if TYPE_CHECKING:
    from hub.accounts.public import Person

ON_HOME: Final = 5
AGES: Final[dict[Colour, str]] = {"green": "fresh", "yellow": "ageing", "red": "overdue", "": ""}


@dataclass(frozen=True, slots=True)
class Row:
    """`age` is a class of the style sheet: colour, and a shape beside it (T6); `waits` for how long, in seconds.

    `unread`: an answer of somebody else came since one looked.
    """

    ticket: Listed
    age: str
    waits: float = 0
    unread: bool = False


@dataclass(frozen=True, slots=True)
class OnHome:
    """Those that are not solved, the last changed first; `yours` of them wait for an answer of the customer."""

    rows: Sequence[Row]
    yours: int


def live_on_home(person: Person) -> OnHome:
    page = lists.read_page(person, Wanted(status=[str(one) for one in LIVE]), limit=ON_HOME)
    return OnHome(rows_of(page.rows, person), sum(one.status == Status.PENDING for one in page.rows))


def rows_of(tickets: Sequence[Listed], person: Person) -> list[Row]:
    now = clock.now()
    unread = unread_of(tickets, person)
    return [
        Row(
            one,
            AGES[colour_of(one, now)],
            (now - one.awaits_since).total_seconds() if one.awaits_since else 0,
            one.pk in unread,
        )
        for one in tickets
    ]


def unread_of(tickets: Sequence[Listed], person: Person) -> set[int]:
    """Numbers of those with a reply that one has not read; who reads along for the organisation is told of none."""
    own = [one.pk for one in tickets if is_on_customers_side(one, person)]
    if not own:
        return set()
    read = Reading.objects.filter(ticket=OuterRef("ticket"), user=person.user_id).values("seq")
    said = TicketEntry.objects.filter(ticket__in=own, kind=EntryKind.REPLY, is_public=True)
    fresh = said.exclude(author=person.user_id).filter(seq__gt=Coalesce(Subquery(read), 0))
    return set(fresh.values_list("ticket", flat=True).distinct())
