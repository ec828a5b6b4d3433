"""Who acts, and whom they see (P4, P5, P6, X1, X2)."""

from __future__ import annotations

import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from hub.accounts import audit
from hub.accounts.access import Person, rights_versions
from hub.accounts.errors import SecondFactorMissing
from hub.accounts.models import AuditEntry, Organisation, User
from hub.accounts.permissions import visible_colleagues
from hub.base.errors import NotAllowed, NotSignedIn
from tests import people

pytestmark = pytest.mark.django_db


def seen_by(user: User) -> set[int]:
    found = list(User.objects.visible_to(people.person_of(user)).values_list("pk", flat=True))
    assert len(found) == len(set(found)), "somebody is listed twice"
    if user.is_staff:
        colleagues = visible_colleagues(User.objects.all(), people.person_of(user))
        assert set(colleagues) == set(User.objects.filter(pk__in=found, kind=User.Kind.STAFF))
    return set(found)


def test_p5_who_of_the_staff_sees_which_customer() -> None:
    """P5, P6, X1: own and unassigned customers; a manager the whole department; the owner all."""
    support, billing = people.make_department(), people.make_department()
    ann, bob = people.make_agent("Ann A", departments=[support]), people.make_agent("Bob B", departments=[support])
    manager = people.make_manager(departments=[support])
    owner = people.make_owner()
    of_ann = people.make_customer(department=support, agent=ann).pk
    of_bob = people.make_customer(department=support, agent=bob).pk
    of_nobody = people.make_customer(department=support).pk
    elsewhere = people.make_customer(department=billing).pk
    unbound = people.make_customer().pk
    customers = {of_ann, of_bob, of_nobody, elsewhere, unbound}

    assert seen_by(ann) & customers == {of_ann, of_nobody}
    assert seen_by(bob) & customers == {of_bob, of_nobody}
    assert seen_by(manager) & customers == {of_ann, of_bob, of_nobody}
    assert seen_by(owner) & customers == customers


def test_p5_staff_see_the_colleagues_of_their_departments() -> None:
    support, billing = people.make_department(), people.make_department()
    ann = people.make_agent(departments=[support])
    near, far = people.make_agent(departments=[support, billing]), people.make_agent(departments=[billing])
    assert {near.pk, ann.pk} <= seen_by(ann)
    assert far.pk not in seen_by(ann)


def test_p4_an_organisation_sees_itself_by_level() -> None:
    """P4, X1: the owner all members, a manager the unit, an employee oneself; nobody another organisation."""
    own, other = people.make_organisation(), people.make_organisation()
    everyone = {own.owner.pk, own.manager.pk, own.employee.pk}
    assert seen_by(own.owner) == everyone
    assert seen_by(own.manager) == {own.manager.pk, own.employee.pk}
    assert seen_by(own.employee) == {own.employee.pk}
    organisations = Organisation.objects.visible_to(people.person_of(own.employee))
    assert list(organisations) == [own.organisation]
    assert other.organisation not in organisations


def test_x1_a_customer_and_a_visitor_see_only_themselves() -> None:
    people.make_agent()
    customer, visitor = people.make_customer(), people.make_visitor()
    assert seen_by(customer) == {customer.pk}
    assert set(User.objects.visible_to(people.visitor_person())) == set()
    assert seen_by(visitor) == {visitor.pk}


def test_p7_staff_without_the_second_factor_are_nobody() -> None:
    """P7, X2: whatever the cookie or token says else."""
    agent = people.make_agent()
    with pytest.raises(SecondFactorMissing):
        people.person_of(agent, two_factor=False)


@pytest.mark.parametrize(("maker", "side"), [(people.make_agent, "visitor"), (people.make_customer, "staff")])
def test_x2_nobody_acts_on_the_other_side(maker: object, side: str) -> None:
    user = maker()  # type: ignore[operator]
    with pytest.raises(NotAllowed):
        people.person_of(user, side=side, two_factor=True)


def test_p9_a_suspended_account_is_refused() -> None:
    customer = people.make_customer(is_active=False)
    with pytest.raises(NotAllowed):
        people.person_of(customer)


def test_p4_a_suspended_member_is_refused() -> None:
    world = people.make_organisation()
    world.employee.membership.suspended = True
    world.employee.membership.save()
    with pytest.raises(NotAllowed):
        people.person_of(world.employee)


def test_p9_an_older_sign_in_is_refused() -> None:
    customer = people.make_customer()
    with pytest.raises(NotSignedIn):
        people.person_of(customer, sign_in_version=customer.sign_in_version - 1)


def test_x2_rights_versions_are_read_for_many_at_once(django_assert_num_queries: object) -> None:
    first, second = people.make_customer(), people.make_customer(rights_version=7)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert rights_versions([first.pk, second.pk, 0]) == {first.pk: 1, second.pk: 7}


def test_a_person_is_loaded_with_one_statement(django_assert_num_queries: object) -> None:
    agent = people.make_agent(departments=[people.make_department()])
    with django_assert_num_queries(1):  # type: ignore[operator]
        person: Person = people.person_of(agent)
    assert len(person.departments) == 1
    assert person.managed == frozenset()


def test_a_visitor_gets_one_row_however_often_they_start() -> None:
    from hub.accounts.actions.people import ensure_visitor

    person = people.visitor_person()
    first, second = ensure_visitor(person), ensure_visitor(person)
    assert first.pk == second.pk
    assert first.visitor_key == uuid.UUID(str(person.visitor_key))


@pytest.mark.parametrize("change", ["update accounts_auditentry set fact = 'x'", "delete from accounts_auditentry"])
def test_p9_the_database_refuses_to_change_the_audit_log(change: str) -> None:
    """P9: around the ORM as well."""
    owner = people.make_owner()
    audit.record(people.person_of(owner), "people.customer.opened", target_kind="user", target_id=1)
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        cursor.execute(change)
    assert AuditEntry.objects.get().fact == "people.customer.opened"


def test_p9_only_the_owner_reads_the_audit_log() -> None:
    owner, agent = people.make_owner(), people.make_agent()
    audit.record(people.person_of(agent), "people.customer.opened", target_kind="user", target_id=1)
    assert AuditEntry.objects.visible_to(people.person_of(owner)).count() == 1
    assert AuditEntry.objects.visible_to(people.person_of(agent)).count() == 0
