"""Organisations: their owner, units, managers and employees, and who may change what (P4)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from hub.accounts.access import Person, load_person
from hub.accounts.actions import memberships, organisations, units
from hub.accounts.errors import Invalid, LastOwner, MemberAlready, NameInUse, UnitMissing, UnitNotEmpty
from hub.accounts.models import AuditEntry, Membership, Organisation, Unit, User
from hub.accounts.tokens import Claims
from hub.base import clock
from hub.base.errors import Conflict, DomainError, Forbidden, NotAllowed, NotFound
from hub.base.publish import captured
from tests.builders import committed
from tests.people import (
    OrganisationWorld,
    join,
    make_agent,
    make_customer,
    make_department,
    make_manager,
    make_organisation,
    make_owner,
    person_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm(db: None) -> OrganisationWorld:
    return make_organisation()


def place_of(user: User) -> tuple[str, int | None, bool] | None:
    found = Membership.objects.filter(user=user).first()
    return None if found is None else (found.role, found.unit_id, found.suspended)


def facts_about(user: User) -> list[str]:
    rows = AuditEntry.objects.filter(target_kind="user", target_id=str(user.pk)).order_by("pk")
    return [row.fact for row in rows if row.fact.startswith("people.member")]


# -- the organisation -------------------------------------------------------------------------------------------------
def test_a_customer_begins_an_organisation_and_owns_it_P4() -> None:
    customer = make_customer()
    made = organisations.create_organisation(person_of(customer), "  Bakkerij   De Zon ", owner_id=customer.pk)
    assert made.name == "Bakkerij De Zon"
    assert place_of(customer) == ("owner", None, False)
    assert person_of(customer).organisation_role == "owner"
    with pytest.raises(MemberAlready):
        organisations.create_organisation(person_of(customer), "Another", owner_id=customer.pk)


@pytest.mark.parametrize("name", ["", "   ", "\0", "x" * 161])
def test_an_organisation_has_a_name_that_fits_P4(name: str) -> None:
    customer = make_customer()
    with pytest.raises(Invalid):
        organisations.create_organisation(person_of(customer), name, owner_id=customer.pk)


def test_nobody_makes_somebody_else_an_owner_but_staff_P4() -> None:
    customer, other = make_customer(), make_customer("Tom Visser")
    with pytest.raises(Forbidden):
        organisations.create_organisation(person_of(other), "Mine", owner_id=customer.pk)
    made = organisations.create_organisation(person_of(make_owner()), "Theirs", owner_id=customer.pk)
    assert place_of(customer) == ("owner", None, False)
    organisations.rename_organisation(person_of(customer), made.pk, "Renamed")
    assert Organisation.objects.get(pk=made.pk).name == "Renamed"


def test_handing_over_makes_another_member_the_owner_P4(firm: OrganisationWorld) -> None:
    organisations.hand_over(person_of(firm.owner), firm.organisation.pk, to_user_id=firm.employee.pk)
    assert place_of(firm.employee) == ("owner", None, False)
    assert place_of(firm.owner) == ("manager", firm.unit.pk, False)
    with pytest.raises(Forbidden):
        organisations.hand_over(person_of(firm.owner), firm.organisation.pk, to_user_id=firm.manager.pk)


def test_the_last_owner_cannot_go_P4(firm: OrganisationWorld) -> None:
    with pytest.raises(LastOwner):
        memberships.leave(person_of(firm.owner))
    for actor in (firm.owner, firm.manager):
        with pytest.raises((Forbidden, NotFound)):  # a manager does not even see them
            memberships.remove_member(person_of(actor), firm.organisation.pk, firm.owner.pk)
    with pytest.raises(Forbidden):
        memberships.suspend_member(person_of(make_owner()), firm.organisation.pk, firm.owner.pk)


# -- units ------------------------------------------------------------------------------------------------------------
def test_units_are_made_renamed_and_removed_when_empty_P4(firm: OrganisationWorld) -> None:
    owner, organisation_id = person_of(firm.owner), firm.organisation.pk
    made = units.add_unit(owner, organisation_id, "Sales")
    with pytest.raises(NameInUse):
        units.add_unit(owner, organisation_id, " SALES ")
    with pytest.raises(NameInUse):
        units.rename_unit(owner, organisation_id, made.pk, firm.unit.name.upper())
    units.rename_unit(owner, organisation_id, made.pk, "sales")  # its own name, otherwise written
    with pytest.raises(UnitNotEmpty):
        units.remove_unit(owner, organisation_id, firm.unit.pk)
    units.remove_unit(owner, organisation_id, made.pk)
    assert [unit.name for unit in Unit.objects.filter(organisation=organisation_id)] == [firm.unit.name]
    elsewhere = make_organisation()
    with pytest.raises(NotFound):
        units.rename_unit(owner, organisation_id, elsewhere.unit.pk, "Ours now")
    with pytest.raises(NotFound):
        units.add_unit(owner, elsewhere.organisation.pk, "Ours")


# -- members ----------------------------------------------------------------------------------------------------------
def test_an_owner_moves_promotes_and_removes_P4(firm: OrganisationWorld) -> None:
    owner, organisation_id = person_of(firm.owner), firm.organisation.pk
    sales = units.add_unit(owner, organisation_id, "Sales")
    before = firm.employee.rights_version
    memberships.move_member(owner, organisation_id, firm.employee.pk, unit_id=sales.pk)
    memberships.set_role(owner, organisation_id, firm.employee.pk, role="manager")
    assert place_of(firm.employee) == ("manager", sales.pk, False)
    memberships.remove_member(owner, organisation_id, firm.employee.pk)
    assert place_of(firm.employee) is None
    firm.employee.refresh_from_db()
    assert firm.employee.rights_version == before + 3
    assert facts_about(firm.employee) == [
        "people.member.moved",
        "people.member.role_changed",
        "people.member.removed",
    ]


def test_who_is_shut_out_is_refused_until_let_in_again_P4_X2(firm: OrganisationWorld) -> None:
    claims = _claims(firm.employee)
    load_person(claims)
    with captured() as published, committed():
        memberships.suspend_member(person_of(firm.manager), firm.organisation.pk, firm.employee.pk)
    assert published  # open sockets hear of it at once
    with pytest.raises(NotAllowed):
        load_person(claims)
    memberships.suspend_member(person_of(firm.manager), firm.organisation.pk, firm.employee.pk, suspended=False)
    assert load_person(claims).organisation_role == "employee"


def test_nobody_belongs_to_two_organisations_P4(firm: OrganisationWorld) -> None:
    other = make_organisation()
    with pytest.raises(MemberAlready):
        memberships.join(other.organisation.pk, firm.employee.pk, role="employee", unit_id=other.unit.pk)


def test_a_promise_that_went_stale_is_not_kept_P3_P4(firm: OrganisationWorld) -> None:
    organisation_id, customer = firm.organisation.pk, make_customer("Lotte Smit")
    with pytest.raises(NotFound):
        memberships.join(organisation_id, customer.pk, role="employee", unit_id=make_organisation().unit.pk)
    with pytest.raises(UnitMissing):
        memberships.join(organisation_id, customer.pk, role="employee", unit_id=None)
    with pytest.raises(Conflict):
        memberships.join(organisation_id, customer.pk, role="owner", unit_id=None)
    assert place_of(customer) is None


# -- the matrix -------------------------------------------------------------------------------------------------------
ACTORS = ["owner", "manager", "other_manager", "employee", "stranger", "hub_owner", "hub_manager", "hub_agent"]
TARGETS = ["employee", "peer", "manager", "owner"]
# Who may do it to whom; everybody else is told no, and who may not see the member that there is none.
MAY = {
    "suspend": {"owner": "employee peer manager", "manager": "employee peer", "hub_owner": "employee peer manager"},
    "remove": {"owner": "employee peer manager", "manager": "employee peer", "hub_owner": "employee peer manager"},
    "move": {"owner": "employee peer manager", "hub_owner": "employee peer manager"},
    "role": {"owner": "employee peer manager", "hub_owner": "employee peer manager"},
    "hand_over": {"owner": "employee peer manager owner", "hub_owner": "employee peer manager owner"},
}
BLIND = {"other_manager", "stranger"}


class Matrix:
    def __init__(self) -> None:
        self.firm = make_organisation()
        organisation = self.firm.organisation
        self.sales = Unit.objects.create(organisation=organisation, name="Sales")
        peer = join(make_customer("Lotte Smit"), organisation, Membership.Role.EMPLOYEE, self.firm.unit)
        other = join(make_customer("Ana Kovač"), organisation, Membership.Role.MANAGER, self.sales)
        department = make_department()
        self.users: dict[str, User] = {
            "owner": self.firm.owner,
            "manager": self.firm.manager,
            "employee": self.firm.employee,
            "peer": peer,
            "other_manager": other,
            "stranger": make_organisation().owner,
            "hub_owner": make_owner(),
            "hub_manager": make_manager(departments=[department]),
            "hub_agent": make_agent(departments=[department]),
        }

    def does(self, act: str, actor: str, target: str) -> None:
        person, user_id, here = person_of(self.users[actor]), self.users[target].pk, self.firm.organisation.pk
        if act == "suspend":
            memberships.suspend_member(person, here, user_id)
        elif act == "remove":
            memberships.remove_member(person, here, user_id)
        elif act == "move":
            memberships.move_member(person, here, user_id, unit_id=self.sales.pk)
        elif act == "role":
            memberships.set_role(person, here, user_id, role="manager")
        else:
            organisations.hand_over(person, here, to_user_id=user_id)


@pytest.mark.parametrize("act", MAY)
@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("target", TARGETS)
def test_who_may_do_what_to_whom_P4_X1(act: str, actor: str, target: str) -> None:
    matrix = Matrix()
    before = {name: place_of(user) for name, user in matrix.users.items()}
    if target in MAY[act].get(actor, "").split():
        matrix.does(act, actor, target)
        return
    with pytest.raises((Forbidden, NotFound)) as refused:
        matrix.does(act, actor, target)
    assert {name: place_of(user) for name, user in matrix.users.items()} == before
    if actor in ("stranger", "hub_manager", "hub_agent"):  # they see nothing of this organisation
        assert isinstance(refused.value, NotFound)
    if actor == "other_manager" and act in ("suspend", "remove"):
        assert isinstance(refused.value, NotFound)  # not their unit


def _claims(user: User) -> Claims:
    return Claims(
        side="visitor",
        expires_at=clock.now().timestamp() + 3600,
        user_id=user.pk,
        sign_in_version=user.sign_in_version,
    )


# -- at the same time -------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_of_two_hand_overs_at_once_one_is_done_P4() -> None:
    for _ in range(5):
        firm = make_organisation()
        owner, organisation_id = person_of(firm.owner), firm.organisation.pk
        done = _at_once(
            [
                lambda: organisations.hand_over(owner, organisation_id, to_user_id=firm.manager.pk),  # noqa: B023
                lambda: organisations.hand_over(owner, organisation_id, to_user_id=firm.employee.pk),  # noqa: B023
            ]
        )
        assert sorted(done) == ["done", "refused"]
        assert Membership.objects.filter(organisation=organisation_id, role="owner").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_who_joins_two_organisations_at_once_belongs_to_one_P4() -> None:
    first, second, customer = make_organisation(), make_organisation(), make_customer("Lotte Smit")
    done = _at_once(
        [
            lambda: memberships.join(
                first.organisation.pk, customer.pk, role="employee", unit_id=first.unit.pk, actor=_nobody(firm=first)
            ),
            lambda: memberships.join(
                second.organisation.pk, customer.pk, role="employee", unit_id=second.unit.pk, actor=_nobody(firm=second)
            ),
        ]
    )
    assert sorted(done) == ["done", "refused"]


def _nobody(firm: OrganisationWorld) -> Person:
    return person_of(firm.owner)


def _at_once(acts: list[object]) -> list[str]:
    def run(act: object) -> str:
        try:
            act()  # type: ignore[operator]
        except DomainError:
            return "refused"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
