"""A help desk for tests, in the words of the trade."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar

from credits import public as credits
from hub.accounts.access import Person
from hub.accounts.models import Department, User
from hub.base.models import OutboxMessage
from tests import people
from tickets.actions import changing, clockwork, creating, replying
from tickets.actions.changing import Changes
from tickets.actions.creating import NewTicket
from tickets.actions.replying import Reply
from tickets.models import Ticket, TicketEntry


@dataclass
class Desk:
    """One department with an agent, a colleague and a manager; another one beside it; a customer with an address."""

    MONDAY: ClassVar[datetime] = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    here: Department = field(default_factory=people.make_department)
    elsewhere: Department = field(default_factory=people.make_department)

    def __post_init__(self) -> None:
        self.customer = people.make_customer(email="sanne@example.com")
        self.agent = people.make_agent(departments=[self.here], email="marko@example.com")
        self.colleague = people.make_agent("Ana Kovač", departments=[self.here])
        self.stranger = people.make_agent("Luca Rossi", departments=[self.elsewhere])
        self.manager = people.make_manager(departments=[self.here], email="giulia@example.com")
        self.other_manager = people.make_manager("Bram Bos", departments=[self.elsewhere], email="bram@example.com")
        self.owner = people.make_owner()

    def as_(self, user: User) -> Person:
        return people.person_of(user)

    def files(self, by: User | None = None, *, subject: str = "The printer is on fire", **more: Any) -> Ticket:
        """A new ticket, by the customer unless somebody else is named."""
        who = by or self.customer
        asked = NewTicket(
            department_id=more.pop("department", self.here).pk,
            subject=subject,
            html=more.pop("html", "<p>It smokes.</p>"),
            customer_id=self.customer.pk if who.is_staff else None,
            **more,
        )
        return creating.create(self.as_(who), asked)

    def says(self, who: User, ticket: Ticket, html: str = "<p>Hello.</p>", **more: Any) -> TicketEntry:
        return replying.reply(self.as_(who), ticket.pk, Reply(html=html, **more))

    def notes(self, who: User, ticket: Ticket, html: str = "<p>Among us.</p>") -> TicketEntry:
        return replying.note(self.as_(who), ticket.pk, html)

    def sets(self, who: User, ticket: Ticket, **changes: Any) -> Ticket:
        return changing.change(self.as_(who), ticket.pk, Changes(**changes))

    def clock_ticks(self) -> None:
        clockwork.wind()
        clockwork.watch_targets()

    def costs(self, what: str, amount_m: int) -> None:
        credits.set_price(self.here.pk, credits.Price(amount_m, block_seconds=1), what)

    def gives(self, user: User, amount_m: int) -> None:
        wallet = credits.wallet_for(user.pk)
        assert wallet is not None
        credits.adjust(wallet.id, amount_m, reason="test", actor_id=None, key=f"test-{user.pk}-{amount_m}")

    def balance_m(self, user: User) -> int:
        wallet = credits.wallet_for(user.pk)
        assert wallet is not None
        return wallet.available_m


def make_desk() -> Desk:
    return Desk()


def now_of(ticket: Ticket) -> Ticket:
    """As PostgreSQL has it."""
    ticket.refresh_from_db()
    return ticket


def story(ticket: Ticket) -> list[str]:
    """The conversation in short: texts as they are, notes in parentheses, events by their type in brackets."""
    rows = TicketEntry.objects.filter(ticket=ticket).order_by("seq")
    return [
        f"[{row.event['type']}]"
        if row.kind == "event" and row.event
        else row.text
        if row.is_public
        else f"({row.text})"
        for row in rows
    ]


def letters() -> list[tuple[str, str]]:
    """(to, purpose) of every mail in the outbox, in order."""
    return list(OutboxMessage.objects.order_by("pk").values_list("to", "purpose"))
