"""Who sees which ticket (P4, P5, P6, T8), and who may give it to whom."""

from __future__ import annotations

from typing import Any

import pytest

from hub.accounts.models import User
from hub.base.errors import Forbidden, NotFound
from tests import people
from tests.tickets.desk import Desk, now_of
from tickets.actions import assigning
from tickets.actions.changing import Changes, change
from tickets.errors import BoundToOther, ManagerAssigns, NotAnAgent
from tickets.models import Ticket
from tickets.permissions import get_visible, is_own_work

pytestmark = pytest.mark.django_db


def sees(desk: Desk, user: User, ticket: Ticket) -> bool:
    return bool(Ticket.objects.visible_to(desk.as_(user)).filter(pk=ticket.pk).exists())


def who_sees(desk: Desk, ticket: Ticket) -> set[str]:
    names = ("customer", "agent", "colleague", "stranger", "manager", "other_manager", "owner")
    return {name for name in names if sees(desk, getattr(desk, name), ticket)}


def test_p5_unassigned_work_is_seen_by_the_department(desk: Desk) -> None:
    ticket = desk.files()
    assert who_sees(desk, ticket) == {"customer", "agent", "colleague", "manager", "owner"}


def test_p5_once_it_is_somebody_s_colleagues_do_not_see_it(desk: Desk) -> None:
    ticket = desk.files()
    assigning.assign(desk.as_(desk.agent), ticket.pk, desk.agent.pk)
    assert who_sees(desk, ticket) == {"customer", "agent", "manager", "owner"}


def test_p5_what_is_over_and_was_nobody_s_is_no_work(desk: Desk) -> None:
    ticket = desk.files()
    desk.sets(desk.manager, ticket, status="closed")
    assert who_sees(desk, ticket) == {"customer", "manager", "owner"}


def test_p4_an_organisation_sees_what_members_asked_as_members(desk: Desk) -> None:
    company = people.make_organisation()
    before = desk.files()
    people.join(desk.customer, company.organisation, "employee", company.unit)
    since = desk.files(User.objects.get(pk=desk.customer.pk))
    for user in (company.owner, company.manager):
        assert sees(desk, user, since)
        assert not sees(desk, user, before)
    assert not sees(desk, company.employee, since)


def test_t3_the_contact_sees_it(desk: Desk) -> None:
    company = people.make_organisation()
    ticket = desk.files(company.owner, contact_id=company.employee.pk)
    assert sees(desk, company.employee, ticket)
    with pytest.raises(NotFound):
        desk.files(company.owner, contact_id=desk.customer.pk)


def test_p6_a_bound_customer_s_ticket_goes_to_the_agent(desk: Desk) -> None:
    customer = people.make_customer(agent=desk.agent)
    assert desk.files(customer).agent == desk.agent
    elsewhere = desk.files(customer, department=desk.elsewhere)
    assert elsewhere.agent is None
    assert sees(desk, desk.agent, elsewhere)


def test_p6_an_exclusive_binding_is_nobody_else_s_work(desk: Desk) -> None:
    customer = people.make_customer(agent=desk.agent, exclusive=True)
    ticket = desk.files(customer, department=desk.elsewhere)
    assert ticket.agent == desk.agent
    desk.sets(desk.agent, ticket, agent_id=None)
    assert not sees(desk, desk.stranger, ticket)
    with pytest.raises(BoundToOther):
        desk.sets(desk.other_manager, ticket, agent_id=desk.stranger.pk)


def test_t8_tickets_go_from_one_to_another_by_the_manager(desk: Desk) -> None:
    ticket = desk.files()
    desk.sets(desk.agent, ticket, agent_id=desk.agent.pk)
    with pytest.raises(ManagerAssigns):
        desk.sets(desk.agent, ticket, agent_id=desk.colleague.pk)
    with pytest.raises(NotFound):
        desk.sets(desk.colleague, ticket, agent_id=desk.colleague.pk)
    with pytest.raises(NotAnAgent):
        desk.sets(desk.manager, ticket, agent_id=desk.stranger.pk)
    desk.sets(desk.manager, ticket, agent_id=desk.colleague.pk)
    assert now_of(ticket).agent == desk.colleague
    desk.sets(desk.colleague, ticket, agent_id=None)
    assert now_of(ticket).agent is None


def test_p9_what_is_own_work(desk: Desk) -> None:
    ticket = desk.files()
    assert is_own_work(ticket, desk.as_(desk.agent))
    desk.sets(desk.agent, ticket, agent_id=desk.agent.pk)
    assert is_own_work(now_of(ticket), desk.as_(desk.agent))
    assert not is_own_work(ticket, desk.as_(desk.manager))


@pytest.mark.parametrize("number", ["", "x", "-1", "٣", "9" * 30, 0])
def test_x1_what_is_no_number_does_not_exist(desk: Desk, number: Any) -> None:
    with pytest.raises(NotFound):
        get_visible(desk.as_(desk.owner), number)


def test_x1_customers_set_nothing(desk: Desk) -> None:
    ticket = desk.files()
    with pytest.raises(Forbidden):
        change(desk.as_(desk.customer), ticket.pk, Changes(status="closed"))


def test_t3_who_follows_it_sees_it(desk: Desk) -> None:
    ticket = desk.files()
    assigning.follow(desk.as_(desk.colleague), ticket.pk)
    desk.sets(desk.agent, ticket, agent_id=desk.agent.pk)
    assert sees(desk, desk.colleague, ticket)
    assigning.follow(desk.as_(desk.colleague), ticket.pk, on=False)
    assert not sees(desk, desk.colleague, ticket)
