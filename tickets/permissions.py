"""Who may see and do what with a ticket (P4, P5, P6, T8). Every look-up from outside starts here (X1)."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from hub.accounts.public import CustomerProfile, DepartmentStaff
from hub.base.errors import Forbidden, NotFound
from tickets import states
from tickets.errors import BoundToOther, ManagerAssigns
from tickets.models import Follower, HandOver, Ticket

if TYPE_CHECKING:
    from hub.accounts.public import Person
    from tickets.listed import Listed
    from tickets.models import TicketQuerySet


def visible_tickets(tickets: TicketQuerySet, person: Person) -> TicketQuerySet:
    """The tickets that this person may open. What is in the bin nobody sees here."""
    if person.kind == "system":
        return tickets
    parts = parts_of(person)
    if not parts:
        return tickets.none()
    return tickets.filter(reduce(or_, parts), deleted_at=None)


def parts_of(person: Person) -> list[Q]:
    """What visible_tickets() shows, in parts each of which is found by an index in its order; they may overlap."""
    if person.user_id is None:
        return []
    if person.kind == "staff":
        return [Q(pk__isnull=False)] if person.is_owner else _parts_of_staff(person)
    if person.kind in ("visitor", "customer"):
        return _parts_of_customer(person)
    return []


def _parts_of_customer(person: Person) -> list[Q]:
    """Own ones, those one is the contact of; of those that members made as members, the owner sees all and a manager
    the unit's people's (P4). What somebody asked before they joined, or after they left, is nobody else's.
    """
    parts = [Q(customer=person.user_id), Q(contact=person.user_id)]
    if person.organisation_role == "owner":
        parts.append(Q(organisation=person.organisation_id))
    elif person.organisation_role == "manager":
        parts.append(Q(organisation=person.organisation_id, customer__membership__unit=person.unit_id))
    return parts


def _parts_of_staff(person: Person) -> list[Q]:
    me = person.user_id
    followed = Follower.objects.filter(user=me).values("ticket")
    bound = CustomerProfile.objects.filter(bound_agent=me).values("pk")
    parts = [Q(agent=me), unassigned(person), Q(customer__in=bound), Q(pk__in=followed)]
    if person.managed:
        asked = HandOver.objects.filter(state=HandOver.State.OPEN, to_department__in=person.managed)
        parts += [Q(department__in=person.managed), Q(pk__in=asked.values("ticket"))]
    return parts


def unassigned(person: Person) -> Q:
    """What waits for somebody in own departments, unless it is exclusively a colleague's (P6)."""
    elsewhere = CustomerProfile.objects.filter(pk=OuterRef("customer"), exclusive=True, bound_agent__isnull=False)
    waits = Q(agent=None, status__in=states.LIVE, department__in=person.departments)
    return waits & ~Q(Exists(elsewhere.exclude(bound_agent=person.user_id)))


def get_visible(person: Person, number: int | str) -> Ticket:
    """The ticket, if this person may see it. Raises NotFound, also for what does not exist."""
    found = Ticket.objects.visible_to(person).filter(pk=parse_number(number)).first()
    if found is None:
        raise NotFound
    return found


def parse_number(number: int | str) -> int:
    """Raises NotFound for what cannot be a number of ours."""
    text = str(number)
    if not (text.isascii() and text.isdecimal() and len(text) < 18):
        raise NotFound
    return int(text)


def require_staff(person: Person) -> int:
    """Their user id. Raises Forbidden."""
    if not person.is_staff or person.user_id is None:
        raise Forbidden
    return person.user_id


def is_on_customers_side(ticket: Ticket | Listed, person: Person) -> bool:
    return person.user_id in (ticket.customer_id, ticket.contact_id)


def is_in_charge(ticket: Ticket, person: Person) -> bool:
    """The manager of its department, and the hub owner."""
    return person.is_owner or ticket.department_id in person.managed


def is_own_work(ticket: Ticket, person: Person) -> bool:
    """What an agent opens every day; everything else that staff open is audited (P9)."""
    waits = ticket.agent_id is None and ticket.status in states.LIVE and ticket.department_id in person.departments
    return ticket.agent_id == person.user_id or waits


def require_may_assign(ticket: Ticket, person: Person, agent_id: int | None) -> None:
    """T8: who is free takes it, who has it may lay it down; from one to another it goes by the manager.

    Raises ManagerAssigns, and BoundToOther for what is exclusively a colleague's (P6).
    """
    takes = ticket.agent_id is None and agent_id == person.user_id
    lays_down = ticket.agent_id == person.user_id and agent_id is None
    if not (takes or lays_down or is_in_charge(ticket, person)):
        raise ManagerAssigns
    if agent_id is not None and (bound := exclusive_agent(ticket.customer_id)) not in (None, agent_id):
        raise BoundToOther(agent=str(bound))


def require_department_manager(person: Person, department_id: int) -> None:
    """Who sets up how a department works: its manager, and the hub owner. Raises Forbidden."""
    if not (person.is_owner or (person.is_staff and department_id in person.managed)):
        raise Forbidden


def exclusive_agent(customer_id: int) -> int | None:
    """Who alone works for this customer (P6)."""
    profile = CustomerProfile.objects.filter(pk=customer_id, exclusive=True).values_list("bound_agent", flat=True)
    return profile.first()


def agents_of(department_id: int) -> QuerySet[Any]:
    """The account ids of those who have a seat there."""
    return DepartmentStaff.objects.filter(department=department_id, user__is_active=True).values("user")
