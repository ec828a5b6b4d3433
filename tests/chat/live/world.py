"""A chat that is running, made by hand: customer and agent are in it, and nothing else is needed."""

from __future__ import annotations

from dataclasses import dataclass

from chat.models import Counter, Member, Session
from chat.states import EndReason, State
from hub.accounts.models import Department, User
from hub.base import clock
from tests.people import make_agent, make_customer, make_department


@dataclass(frozen=True)
class Chat:
    session: Session
    customer: User
    agent: User
    department: Department

    @property
    def id(self) -> str:
        return str(self.session.pk)


def make_chat(*, department: Department | None = None, customer: User | None = None, agent: User | None = None) -> Chat:
    """An active session of a customer with an agent, free of charge."""
    department = department or make_department()
    customer = customer or make_customer()
    agent = agent or make_agent(departments=[department])
    now = clock.now()
    session = Session.objects.create(
        state=State.ACTIVE, department=department, customer=customer, agent=agent, opened_at=now, accepted_at=now
    )
    Counter.objects.create(session=session)
    join(session, customer, Member.Side.CUSTOMER)
    join(session, agent, Member.Side.AGENT)
    return Chat(session, customer, agent, department)


def join(session: Session, user: User, side: str) -> Member:
    return Member.objects.create(session=session, user=user, side=side)


def end(chat: Chat) -> None:
    Session.objects.filter(pk=chat.session.pk).update(
        state=State.ENDED, end_reason=EndReason.CUSTOMER, ended_at=clock.now()
    )
