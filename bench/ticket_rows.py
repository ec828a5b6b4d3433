"""A million tickets with five entries each, made by SQL within minutes, beside the people of bench/people.py.

Words are drawn so that a few are in nearly every entry and most in few. Indexes are taken away and made again at the
end, as a restore does.
"""

# ruff: noqa: E501 - SQL reads better unbroken, and nothing of it comes from outside
from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from bench.people import Size, _at, _fill, _next_ids

RARE = 40_000  # how many words there are besides the common ones
ENTRIES = 5
LONG = 200  # entries of the one long ticket


@dataclass(frozen=True)
class Desk:
    tickets: int = 1_000_000
    first: int = 1001

    @property
    def long(self) -> int:
        """The number of the ticket with two hundred entries."""
        return self.first + self.tickets - 10


def seed_once(size: Size, desk: Desk) -> bool:
    from tickets.models import Ticket

    if Ticket.objects.filter(pk=desk.first + desk.tickets - 1).exists():
        return False
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        indexes = _without_indexes("tickets_ticket", "tickets_ticketentry")
        _tickets(size, desk)
        _entries(size, desk)
        cursor.execute("set session_replication_role = default; set maintenance_work_mem = '1GB'")
        for definition in indexes:
            cursor.execute(definition)
        _next_ids(cursor)
        cursor.execute("vacuum analyze tickets_ticket, tickets_ticketentry")
    return True


def _without_indexes(*tables: str) -> list[str]:
    """What makes them again. Those of constraints stay."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select indexname, indexdef from pg_indexes where tablename = any(%s)"
            " and indexname not in (select conname from pg_constraint)",
            [list(tables)],
        )
        found = cursor.fetchall()
        for name, _ in found:
            cursor.execute(f'drop index "{name}"')
    return [definition for _, definition in found]


def _tickets(size: Size, desk: Desk) -> None:
    """One in twenty is live; a third is unassigned then. Customer 7 has been here for years."""
    from tickets.models import Ticket

    live = "n % 20 = 0"
    status = f"case when {live} then (case n % 60 when 0 then 'pending' else 'open' end) when n % 20 = 1 then 'solved' else 'closed' end"
    agents = size.staff - 6
    customer = f"case when n % 3000 = 0 then 7 else 1 + (n::bigint * 7919) % {size.customers} end"
    _fill(
        Ticket, desk.tickets,
        id=f"{desk.first - 1} + n", department_id=f"1 + n % {size.departments}",
        subject="'Printer ' || n % 977 || ' does not print'", status=status, priority="1 + (n / 7) % 4",
        channel="(array['web','email','chat','phone'])[1 + n % 4]", initiator="'customer'",
        tags="case when n % 10 = 0 then array['toner'] when n % 997 = 0 then array['rare'] else array[]::varchar[] end",
        customer_id=customer,
        organisation_id=f"case when ({customer}) <= {size.big_company} then 1 end",
        agent_id=f"case when {live} and n % 3 = 0 then null else {size.customers} + 1 + (n / 7) % {agents} end",
        created_at=_at("n % 1400"), updated_at=_at("n % 1400"), status_since=_at("n % 1400"),
        awaits_since=f"case when {live} and n % 60 > 0 then {_at('n % 5')} end",
        solve_due_at=f"case when {live} and n % 60 > 0 then {_at('n % 9')} end",
        solved_at="null", closed_at=f"case when not ({live}) and n % 20 <> 1 then {_at('n % 1400')} end",
        closed_by=f"case when not ({live}) and n % 20 <> 1 then 'clock' else '' end", last_seq=f"{ENTRIES}",
    )  # fmt: skip


def _entries(size: Size, desk: Desk) -> None:
    from tickets.models import Ticket, TicketEntry

    for seq in range(1, ENTRIES + 1):
        _say(TicketEntry, desk.tickets, f"{desk.first - 1} + n", f"{seq}", f"(n * {seq * 31})")
    _say(TicketEntry, LONG - ENTRIES, f"{desk.long}", f"{ENTRIES} + n", "n")
    Ticket.objects.filter(pk=desk.long).update(last_seq=LONG)


def _say(model: object, count: int, ticket: str, seq: str, draw: str) -> None:
    """Twenty words: five common ones, and fifteen of which most are rare."""
    rare = " || ' ' || ".join(
        f"'w' || (({draw}::bigint * {7 + k} + {k * k}) % {RARE} / {1 + k % 5})" for k in range(15)
    )
    text = f"'hello the printer does not ' || {rare}"
    _fill(
        model, count,  # type: ignore[arg-type]
        ticket_id=ticket, seq=seq, kind="'reply'", is_public=f"{draw} % 4 <> 0",
        author_side="'customer'", channel="'web'", heading="''",
        html=f"'<p>' || {text} || '</p>'", text=text, search=f"to_tsvector('simple', {text})", at=_at("n % 1400"),
    )  # fmt: skip
