"""What each kind of person may see of people, organisations and departments (P4, P5, P6). One function per thing.

Chat and tickets lie above this app; what a customer's conversations add to an agent's sight, they register in
`work_links`: {name, fn(person) -> Q over User}.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from hub.accounts.models import Membership, User
from hub.base.registries import Registry

if TYPE_CHECKING:
    from hub.accounts.access import Person
    from hub.accounts.models import DepartmentQuerySet, OrganisationQuerySet, UserQuerySet


@dataclass(frozen=True, slots=True)
class WorkLink:
    """Who else a member of staff may see because of work: a condition over User."""

    name: str
    people: Callable[[Person], Q]


work_links: Registry[WorkLink] = Registry()


def visible_users(users: UserQuerySet, person: Person) -> UserQuerySet:
    if person.kind == "system" or person.is_owner:
        return users
    return users.filter(_people_seen(person))


def is_own_work(person: Person, user_id: int) -> bool:
    """Whether opening this person is part of one's own work: what an agent with the same seats would see (P5, P9)."""
    as_agent = replace(person, level=User.Level.AGENT, managed=frozenset())
    return bool(User.objects.filter(_people_seen(as_agent), pk=user_id).exists())


def _people_seen(person: Person) -> Q:
    oneself = Q(pk=person.user_id) if person.user_id is not None else Q(pk__in=())
    if person.is_staff:
        seen = oneself | _colleagues(person) | own_customers(person)
        for link in work_links:
            seen |= link.people(person) & ~Q(kind=User.Kind.STAFF)
        return seen
    if person.organisation_role == Membership.Role.OWNER:
        return oneself | Q(membership__organisation=person.organisation_id)
    if person.organisation_role == Membership.Role.MANAGER:
        return oneself | Q(membership__unit=person.unit_id)
    return oneself


def _colleagues(person: Person) -> Q:
    """Staff with a seat in one of the same departments."""
    from hub.accounts.models import DepartmentStaff

    seats = DepartmentStaff.objects.filter(user=OuterRef("pk"), department__in=person.departments)
    return Q(Exists(seats), kind=User.Kind.STAFF)


def own_customers(person: Person) -> Q:
    """P5, P6: bound to oneself, or to one's department and to nobody in it; a manager: the whole department."""
    unassigned = Q(
        customer_profile__bound_department__in=person.departments, customer_profile__bound_agent__isnull=True
    )
    own = Q(customer_profile__bound_agent=person.user_id) | unassigned
    if person.managed:
        own |= Q(customer_profile__bound_department__in=person.managed)
        own |= Q(customer_profile__bound_agent__seats__department__in=person.managed)
        # The last one joins seats: callers who list must be able to rely on each person once.
        return Q(pk__in=User.objects.filter(own).values("pk"))
    return own


def visible_organisations(organisations: OrganisationQuerySet, person: Person) -> OrganisationQuerySet:
    """Staff see an organisation when they see one of its people; members see their own."""
    if person.kind == "system" or person.is_owner:
        return organisations
    if person.is_staff:
        seen = User.objects.visible_to(person).filter(membership__organisation=OuterRef("pk"))
        return organisations.filter(Exists(seen))
    if person.organisation_id is None:
        return organisations.none()
    return organisations.filter(pk=person.organisation_id)


def visible_departments(departments: DepartmentQuerySet, person: Person) -> DepartmentQuerySet:
    if person.kind == "system" or person.is_owner:
        return departments
    return departments.filter(Q(is_active=True) | Q(pk__in=person.departments))
