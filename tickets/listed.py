"""A ticket as lists show it: its own columns and the names beside them, read by one statement into plain tuples.

Whole models of the ticket, its people, department and organisation take ten times as long to make, 25 times a page.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection

from hub.accounts.public import shown_name
from tickets.models import TicketRules

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tickets.models import Ticket

_NAME: Final = ("display_name", "first_name", "last_name", "login_number")  # of what shown_name() makes a name


class Listed(NamedTuple):
    """The columns are those of `_SELECT`, in its order; what Ticket has, it has under the same names."""

    pk: int
    department_id: int
    category_id: int | None
    subject: str
    status: str
    priority: int
    tags: list[str]
    channel: str
    initiator: str
    cc: list[str]
    customer_id: int
    contact_id: int | None
    contact_name: str
    contact_email: str
    contact_phone: str
    organisation_id: int | None
    agent_id: int | None
    session_id: UUID | None
    follow_up_of_id: int | None
    merged_into_id: int | None
    created_at: datetime
    updated_at: datetime
    awaits_since: datetime | None
    reopen_until: datetime | None
    first_reply_due_at: datetime | None
    solve_due_at: datetime | None
    breached: bool
    last_seq: int
    yellow_hours: int
    red_hours: int
    department_name: str
    organisation_name: str
    customer_name: str
    agent_name: str

    @classmethod
    def of(cls, ticket: Ticket) -> Listed:
        """Of what was read with its names, and its department's rules."""
        rules = getattr(ticket.department, "ticket_rules", None) or TicketRules()
        company, agent = ticket.organisation, ticket.agent
        names = (
            ticket.department.name,
            company.name if company else "",
            ticket.customer.name,
            agent.name if agent else "",
        )
        own = (getattr(ticket, name) for name in cls._fields[:-6])
        return cls._make((*own, rules.yellow_hours, rules.red_hours, *names))

    @property
    def number(self) -> str:
        return str(self.pk)

    @property
    def due_at(self) -> datetime | None:
        """The nearest thing that was promised and is not done yet (T12)."""
        return min(filter(None, (self.first_reply_due_at, self.solve_due_at)), default=None)


_OWN: Final = ["id", *Listed._fields[1:-6]]  # the last six are its department's and others'
_SELECT: Final = f"""
select {", ".join(f"t.{name}" for name in _OWN)},
       coalesce(r.yellow_hours, {TicketRules().yellow_hours}), coalesce(r.red_hours, {TicketRules().red_hours}),
       d.name, coalesce(o.name, ''),
       {", ".join(f"c.{name}" for name in _NAME)}, {", ".join(f"a.{name}" for name in _NAME)}
  from tickets_ticket t
  join accounts_department d on d.id = t.department_id
  left join tickets_ticketrules r on r.department_id = d.id
  join accounts_user c on c.id = t.customer_id
  left join accounts_organisation o on o.id = t.organisation_id
  left join accounts_user a on a.id = t.agent_id
"""  # noqa: S608 - columns of ours
_NAMES_FROM: Final = len(_OWN) + 4  # the columns from which names are made


def read_first(parts: Sequence[QuerySet[Ticket]], order: Sequence[str], limit: int) -> list[Listed]:
    """The first of all of these together in this order, each part narrowed to its own first: at once, all would be
    sorted."""
    arrays: list[str] = []
    values: list[Any] = []
    for part in parts:
        try:
            text, its_values = part.order_by(*order).values("pk")[:limit].query.sql_with_params()
        except EmptyResultSet:  # one that nothing can be in
            continue
        arrays.append(f"array({text})")
        values += its_values
    if not arrays:
        return []
    return _read(f"where t.id = any({' || '.join(arrays)}) {_ordered(order, limit)}", values)


def read_ordered(numbers: Collection[int], order: Sequence[str], limit: int) -> list[Listed]:
    """The first of these in this order."""
    return _read(f"where t.id = any(%s) {_ordered(order, limit)}", [list(numbers)]) if numbers else []


def _ordered(order: Sequence[str], limit: int) -> str:
    places = (f"t.{_column(name)} {'desc' if name.startswith('-') else 'asc'}" for name in order)
    return f"order by {', '.join(places)} limit {int(limit)}"


def read_one(ticket: Ticket) -> Listed:
    return read_all([ticket.pk])[0]


def read_all(numbers: Sequence[int]) -> list[Listed]:
    """In this order."""
    found = {row.pk: row for row in _read("where t.id = any(%s)", [list(numbers)])} if numbers else {}
    return [found[number] for number in numbers if number in found]


def _column(name: str) -> str:
    plain = name.removeprefix("-")
    return "id" if plain == "pk" else plain


def _read(where: str, values: Sequence[Any]) -> list[Listed]:
    with connection.cursor() as cursor:
        cursor.execute(_SELECT + where, values)
        return [_listed(row) for row in cursor.fetchall()]


def _listed(row: tuple[Any, ...]) -> Listed:
    customer, agent = row[_NAMES_FROM : _NAMES_FROM + 4], row[_NAMES_FROM + 4 :]
    names = shown_name(*customer), "" if agent[0] is None else shown_name(*agent)
    return Listed._make(row[:_NAMES_FROM] + names)
