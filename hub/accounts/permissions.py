"""What each kind of person may see of people, organisations and departments (P4, P5, P6). One function per thing.

Chat and tickets lie above this app; what a customer's conversations add to an agent's sight, they register in
`work_links`: {name, fn(person, among) -> account ids}.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, Q, QuerySet, Value

from hub.accounts.access import customer_of, ids_of, standing
from hub.accounts.models import CustomerProfile, DepartmentStaff, Membership, Organisation, User, shown_name
from hub.base.prepared import Given, prepared
from hub.base.registries import Registry
from hub.base.sql_arrays import array_of

if TYPE_CHECKING:
    from hub.accounts.access import Person
    from hub.accounts.models import DepartmentQuerySet, OrganisationQuerySet, UserQuerySet


PEOPLE_MAX: Final = 200
_NAMED: Final = ("pk", "display_name", "first_name", "last_name", "login_number")
Among: TypeAlias = Sequence[int] | None  # only these account ids matter; None: all


@dataclass(frozen=True, slots=True)
class WorkLink:
    """Whom else a member of staff may see because of work: account ids, never those of colleagues."""

    name: str
    people: Callable[[Person, Among], QuerySet[Any]]


work_links: Registry[WorkLink] = Registry()


def visible_users(users: UserQuerySet, person: Person) -> UserQuerySet:
    if person.kind == "system" or person.is_owner:
        return users
    return users.filter(_who_is_seen(person))


def is_own_work(person: Person, user_id: int) -> bool:
    """Whether opening this person is part of one's own work: what an agent with the same seats would see (P5, P9)."""
    if not person.is_staff:
        return person.user_id == user_id
    as_agent = standing(replace(person, level=User.Level.AGENT, managed=frozenset()))
    if _bound(as_agent, user_id=person.user_id, among=[user_id]):
        return True  # what most are: found without the parts of all work
    return user_id in _ids_seen(as_agent, user_id=person.user_id, among=[user_id])


def is_own_organisation(person: Person, organisation_id: int) -> bool:
    """Whether an agent with the same seats would see somebody of it (P9)."""
    as_agent = replace(person, level=User.Level.AGENT, managed=frozenset())
    return Organisation.objects.visible_to(as_agent).filter(pk=organisation_id).exists()


def _who_is_seen(person: Person) -> Q:
    oneself = Q(pk=person.user_id) if person.user_id is not None else Q(pk__in=())
    if person.is_staff:
        return Q(pk__in=ids_seen_by_staff(person))
    members = _members_seen(person)
    return _with_members(person, members) if members is not None else oneself


def _members_seen(person: Person) -> QuerySet[Membership] | None:
    """The members whom an organisation's owner or manager sees (P4); None for others."""
    if person.organisation_role == Membership.Role.OWNER:
        return Membership.objects.filter(organisation=person.organisation_id)
    if person.organisation_role == Membership.Role.MANAGER:
        return Membership.objects.filter(unit=person.unit_id)
    return None


def people_seen(person: Person, *, also: int | None = None) -> dict[int, str]:
    """Whom an organisation's owner or manager sees, themselves too, by name (P4); empty for others.

    Of very many some are told, and `also` if it is one of them: sorting thousands is not worth a list to choose from.
    """
    if person.organisation_role not in (Membership.Role.OWNER, Membership.Role.MANAGER):
        return {}
    found = _people_named(person.organisation_role, **ids_of(person))
    if also is not None and len(found) == PEOPLE_MAX and also not in {pk for pk, *_ in found}:
        found += User.objects.visible_to(person).filter(pk=also).values_list(*_NAMED)
    found.sort(key=lambda one: (one[2], one[3], one[0]))  # first name, last name
    return {pk: shown_name(*name) for pk, *name in found}


@prepared
def _people_named(
    role: str, *, user_id: int | None, organisation_id: int | None, unit_id: int | None
) -> QuerySet[User, tuple[Any, ...]]:
    asking = customer_of(role, user_id=user_id, organisation_id=organisation_id, unit_id=unit_id)
    found: QuerySet[User, tuple[Any, ...]] = User.objects.visible_to(asking).order_by("pk").values_list(*_NAMED)
    return found[:PEOPLE_MAX]


def sees_other_members(person: Person) -> bool:
    """Whether there is anybody beside themselves whom this customer sees (P4)."""
    return bool(_other_members(person.organisation_role, **ids_of(person)))


@prepared
def _other_members(
    role: str, *, user_id: int | None, organisation_id: int | None, unit_id: int | None
) -> QuerySet[Membership, int]:
    asking = customer_of(role, user_id=user_id, organisation_id=organisation_id, unit_id=unit_id)
    members = _members_seen(asking)
    others = members.exclude(user=user_id) if members is not None else Membership.objects.none()
    return others.values_list("pk", flat=True)[:1]


def _with_members(person: Person, members: QuerySet[Membership]) -> Q:
    """Oneself and these. A union, and no `or`, for which PostgreSQL would read all people there are."""
    oneself: QuerySet[Any] = User.objects.filter(pk=person.user_id).values("pk")
    return Q(pk__in=oneself.union(members.values("user")))


def ids_seen_by_staff(person: Person, *, among: Among = None) -> QuerySet[Any]:
    """Account ids, for who is not the owner. A union, and no `or`: each part is found by its own index.

    `among`: who of these few is seen; it costs as little as they are, however many people there are.
    """
    oneself: QuerySet[Any] = User.objects.filter(pk=person.user_id).values("pk")
    by_work = [link.people(person, among) for link in work_links]
    return oneself.union(_colleagues(person), *_own_customers(person, among), *by_work)


def seen_among(person: Person, user_ids: Collection[int]) -> set[int]:
    """Whom of these few this member of staff sees."""
    if person.is_owner or not user_ids:
        return set(user_ids)
    seen = _ids_seen(standing(person), user_id=person.user_id, among=list(user_ids))
    return set(seen) & set(user_ids)


@prepared
def _ids_seen(person: Person, *, user_id: int | None, among: Sequence[int]) -> QuerySet[Any, int]:
    seen = ids_seen_by_staff(replace(person, user_id=user_id), among=among)
    found: QuerySet[Any, int] = seen.values_list("pk", flat=True)
    return found


def visible_colleagues(users: UserQuerySet, person: Person) -> UserQuerySet:
    """The staff among visible_users(): work shows nobody else of them, so that customers need not be looked through."""
    users = users.filter(kind=User.Kind.STAFF)
    if person.kind == "system" or person.is_owner:
        return users
    oneself: QuerySet[Any] = User.objects.filter(pk=person.user_id).values("pk")
    return users.filter(pk__in=oneself.union(_colleagues(person)))


class _AnyOf(Func):
    """`column = any(array(…))`: the few ids are read first, then each is looked up in the column's index."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


class _AmongIds(_AnyOf):
    template = "%(expressions)s::bigint[])"


def is_among(column: str, ids: Sequence[int]) -> _AnyOf:
    """A filter for a few ids as one text: a hundred values in each of ten parts take long to write, one by one.

    In a prepared statement they may be given (hub/base/prepared.py).
    """
    return _AmongIds(F(column), ids if isinstance(ids, Given) else Value(array_of(ids)))


def is_one_of(column: str, ids: QuerySet[Any]) -> _AnyOf:
    """A filter for ids that are read first, each then looked up: joined, all rows there are would be read for them."""
    return _AnyOf(F(column), ArraySubquery(ids))


def _colleagues(person: Person) -> QuerySet[Any]:
    """Staff with a seat in one of the same departments."""
    seats = DepartmentStaff.objects.filter(department__in=person.departments, user__kind=User.Kind.STAFF)
    return seats.values("user")


def _own_customers(person: Person, among: Among) -> list[QuerySet[Any]]:
    """P5, P6: bound to oneself, or to one's department and to nobody in it; a manager: the whole department."""
    customers = CustomerProfile.objects.values("pk")
    if among is not None:
        customers = customers.filter(is_among("pk", among))
    own = [
        customers.filter(bound_agent=person.user_id),
        customers.filter(bound_department__in=person.departments, bound_agent__isnull=True),
    ]
    if person.managed:
        agents = DepartmentStaff.objects.filter(department__in=person.managed).values("user")
        own.append(customers.filter(bound_department__in=person.managed))
        own.append(customers.filter(is_one_of("bound_agent", agents)))
    return own


@prepared
def _bound(agent: Person, *, user_id: int | None, among: Sequence[int]) -> QuerySet[Any, int]:
    """Which of these are in an agent's sight by a binding alone (P6)."""
    first, *others = _own_customers(replace(agent, user_id=user_id), among)
    return first.union(*others).values_list("pk", flat=True)


def visible_organisations(organisations: OrganisationQuerySet, person: Person) -> OrganisationQuerySet:
    """Staff see an organisation when they see one of its people; members see their own."""
    if person.kind == "system" or person.is_owner:
        return organisations
    if person.is_staff:
        members = Membership.objects.filter(user__in=ids_seen_by_staff(person))
        return organisations.filter(pk__in=members.values("organisation"))
    if person.organisation_id is None:
        return organisations.none()
    return organisations.filter(pk=person.organisation_id)


def visible_departments(departments: DepartmentQuerySet, person: Person) -> DepartmentQuerySet:
    if person.kind == "system" or person.is_owner:
        return departments
    return departments.filter(Q(is_active=True) | Q(pk__in=person.departments))
