"""Pages of tickets (T6): a page costs the same however far it is, and however many tickets there are. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.core import signing
from django.db.models import Q, QuerySet

from hub.base.errors import BadFrame
from tickets.filters import ORDERS, Wanted
from tickets.listed import Listed, read_first, read_ordered
from tickets.menu_lists import find_ids
from tickets.models import Ticket
from tickets.permissions import parts_of
from tickets.places import beyond
from tickets.searching import found_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.accounts.public import Person

PAGE: Final = 50
_CURSOR: Final = "tickets.lists"
_BACK: Final = "tickets.lists.back"


@dataclass(frozen=True, slots=True)
class Page:
    """`following` and `preceding` are the cursors of the pages beside this one; None where there is none."""

    rows: list[Listed]
    following: str | None
    preceding: str | None = None


def read_page(
    person: Person, wanted: Wanted, *, cursor: str | None = None, before: str | None = None, limit: int = PAGE
) -> Page:
    """The tickets of those this person may see that are wanted, after the place of `cursor` or before that of `before`.

    Raises BadFrame for a cursor that is not ours.
    """
    if before:
        return _page_before(person, wanted, before, limit)
    order = ORDERS[wanted.sort]
    found = _first(person, wanted, order, _open(cursor, wanted.sort, len(order)) if cursor else [], limit + 1)
    shown = found[:limit]
    following = _seal(shown[-1], wanted.sort, order) if len(found) > limit else None
    return Page(shown, following, _seal(shown[0], wanted.sort, order, _BACK) if cursor and shown else None)


def _page_before(person: Person, wanted: Wanted, before: str, limit: int) -> Page:
    """Walked the other way, and turned around again."""
    order = ORDERS[wanted.sort]
    reverse = [name[1:] if name.startswith("-") else f"-{name}" for name in order]
    found = _first(person, wanted, reverse, _open(before, wanted.sort, len(order), _BACK), limit + 1)
    shown = found[:limit][::-1]
    following = _seal(shown[-1], wanted.sort, order) if shown else None
    return Page(shown, following, _seal(shown[0], wanted.sort, order, _BACK) if len(found) > limit else None)


def with_names(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """With everything that a row of a list shows, in one statement."""
    return tickets.select_related("department", "agent", "customer", "organisation", "category")


def _first(person: Person, wanted: Wanted, order: Sequence[str], place: Sequence[Any], limit: int) -> list[Listed]:
    parts = parts_of(person)
    ids = find_ids(person, wanted, order, place, limit) if len(parts) > 1 else None
    if ids is not None:
        return read_ordered(ids, order, limit)
    chosen = Q(deleted_at=None) & wanted.narrowing(person.user_id)
    if wanted.text:
        chosen &= found_by(wanted.text, public_only=not person.is_staff)
    if place:
        chosen &= beyond(order, place)
    return read_first([Ticket.objects.filter(chosen, part) for part in parts], order, limit)


def _seal(row: Listed, sort: str, order: Sequence[str], salt: str = _CURSOR) -> str:
    values = [getattr(row, name.removeprefix("-")) for name in order]
    plain = [one.isoformat() if isinstance(one, datetime) else one for one in values]
    return signing.dumps([sort, *plain], salt=salt)


def _open(cursor: str, sort: str, length: int, salt: str = _CURSOR) -> list[Any]:
    try:
        said: list[Any] = signing.loads(cursor, salt=salt)
        of_sort, values = said[0], said[1:]
    except (signing.BadSignature, LookupError, ValueError, TypeError) as wrong:
        raise BadFrame(field="cursor") from wrong
    if of_sort != sort or len(values) != length:
        raise BadFrame(field="cursor")
    return values
