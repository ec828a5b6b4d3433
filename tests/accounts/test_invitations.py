"""Asking people in without choosing a password for them (P3, P4)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from hub.accounts.actions import organisations, profiles
from hub.accounts.actions.invitations import Invited, accept, invite, send_again, withdraw
from hub.accounts.errors import AddressInUse, Invalid, MemberAlready
from hub.accounts.models import Department, Invitation, Membership, User
from hub.base import clock
from hub.base.errors import Conflict, Forbidden, NotFound, TooFast
from tests import people
from tests.access.pages import signed_in
from tests.accounts.letters import code_in, last_to, letters_to, path_in, purposes
from tests.people import person_of

pytestmark = pytest.mark.django_db
MOBILE, EMAIL, NEW = "+31687654321", "fatima@example.com", "a quiet harbour town"


@pytest.fixture
def company() -> people.OrganisationWorld:
    return people.make_organisation("Bakkerij Bakker")


def employee(company: people.OrganisationWorld, **changes: Any) -> Invited:
    fields: dict[str, Any] = {
        "first_name": "Fatima",
        "last_name": "Yılmaz",
        "mobile": "06 87654321",
        "organisation_id": company.organisation.pk,
        "unit_id": company.unit.pk,
        "role": "employee",
    }
    return Invited(**{**fields, **changes})


def signed_in_page(user: User, path: str) -> str:
    browser = Client()
    browser.cookies["balie_session"] = signed_in(user)
    answer = browser.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def come_in(path: str, to: str, browser: Client | None = None) -> Client:
    """Open the link, get the code, choose a password."""
    browser = browser or Client()
    assert browser.get(path).status_code == 200
    assert browser.post(path)["Location"] == "/login/code/enter/"
    done = browser.post("/login/code/enter/", {"code": code_in(last_to(to))})
    assert done["Location"] == "/login/new-password/"
    assert browser.post("/login/new-password/", {"password": NEW, "again": NEW}).status_code == 302
    return browser


def test_p3_p4_an_owner_invites_a_manager_who_invites_an_employee_by_mobile(company: people.OrganisationWorld) -> None:
    manager_to_be = employee(company, first_name="Ana", role="manager", mobile="", email="Ana@Example.com")
    invite(person_of(company.owner), manager_to_be)
    come_in(path_in(last_to("ana@example.com")), "ana@example.com")
    manager = User.objects.get(email="ana@example.com")
    assert (manager.membership.role, manager.membership.unit) == ("manager", company.unit)

    invite(person_of(manager), employee(company))
    browser = come_in(path_in(last_to(MOBILE)), MOBILE)
    found = User.objects.get(mobile=MOBILE)
    assert (found.name, found.membership.role, found.membership.unit) == ("Fatima Yılmaz", "employee", company.unit)
    assert browser.get("/api/v1/me/").json()["login"] == found.login_number


def test_p3_who_is_invited_gets_the_inviters_language_and_keeps_it(company: people.OrganisationWorld) -> None:
    """Whatever their browser speaks, until they choose another; one that was chosen for them stands."""
    with translation.override("hr"):
        asked = invite(person_of(company.manager), employee(company))
    assert asked.user.language == "hr"
    page = Client(headers={"accept-language": "it"})
    page.cookies["balie_session"] = signed_in(asked.user)
    assert '<html lang="hr"' in page.get("/profile/").content.decode()
    chosen = invite(person_of(company.owner), employee(company, mobile="", email=EMAIL, language="fa"))
    assert chosen.user.language == "fa"


def test_p4_nobody_is_invited_as_owner_where_there_is_one(company: people.OrganisationWorld) -> None:
    """The page offers it not; a form can say it all the same. The place is theirs by handing over alone."""
    with pytest.raises(Conflict):
        invite(person_of(company.owner), employee(company, role="owner", unit_id=None))
    assert not Invitation.objects.exists()
    assert not User.objects.filter(mobile=MOBILE).exists()


def test_p3_signing_in_by_the_mobile_alone_is_enough(company: people.OrganisationWorld) -> None:
    """Without the link: the code to the number shows as much as the link to it would."""
    invite(person_of(company.owner), employee(company))
    browser = Client()
    browser.post("/login/code/", {"login": MOBILE})
    browser.post("/login/code/enter/", {"code": code_in(last_to(MOBILE))})
    browser.post("/login/new-password/", {"password": NEW, "again": NEW})
    assert Membership.objects.get(user__mobile=MOBILE).organisation == company.organisation


def test_p3_before_it_is_accepted_nobody_is_a_member(company: people.OrganisationWorld) -> None:
    invite(person_of(company.owner), employee(company))
    assert not Membership.objects.filter(user__mobile=MOBILE).exists()


@pytest.mark.parametrize(
    ("who", "changes", "refusal"),
    [
        ("manager", {"role": "manager"}, Forbidden),
        ("manager", {"role": "owner", "unit_id": None}, Forbidden),
        ("manager", {"unit_id": "other"}, NotFound),
        ("employee", {}, Forbidden),
        ("stranger", {}, NotFound),
        ("owner", {"unit_id": None}, NotFound),
        ("owner", {"role": "king"}, NotFound),
        ("owner", {"organisation_id": None, "role": ""}, Forbidden),
        ("owner", {"organisation_id": None, "role": "", "level": "owner"}, Forbidden),
    ],
)
def test_p4_who_may_invite_whom(company: people.OrganisationWorld, who: str, changes: Any, refusal: Any) -> None:
    other = people.make_organisation()
    actor = other.owner if who == "stranger" else getattr(company, who)
    if changes.get("unit_id") == "other":
        changes = {**changes, "unit_id": company.organisation.units.create(name="HR").pk}
    with pytest.raises(refusal):
        invite(person_of(actor), employee(company, **changes))
    assert letters_to(MOBILE) == []
    assert not Invitation.objects.exists()


def test_p2_an_organisation_does_not_learn_whose_address_is_known(company: people.OrganisationWorld) -> None:
    """The same answer, and no membership until its owner says yes in their own account."""
    known = people.make_customer("Tom Visser", email="tom@example.com", password=people.PASSWORD)
    made = invite(person_of(company.owner), employee(company, mobile="", email="TOM@example.com", first_name="T"))
    new = invite(person_of(company.owner), employee(company, mobile="", email="new@example.com"))
    assert (made.email, made.first_name, made.accepted_at) == ("tom@example.com", "T", None)
    assert purposes("tom@example.com") == purposes("new@example.com") == ["invitation"]
    assert new.made_account
    known.refresh_from_db()
    assert known.first_name == "Tom"

    path = path_in(last_to("tom@example.com"))
    stranger = Client()
    assert stranger.post(path).status_code == 200  # signs in first
    assert not Membership.objects.filter(user=known).exists()
    browser = Client()
    browser.post("/login/", {"login": "tom@example.com", "password": people.PASSWORD})
    assert not Membership.objects.filter(user=known).exists()
    assert "Accept the invitation" in browser.get(path).content.decode()
    assert browser.post(path)["Location"] == "/"
    assert Membership.objects.get(user=known).organisation == company.organisation


def test_p4_another_account_cannot_take_an_invitation(company: people.OrganisationWorld) -> None:
    people.make_customer("Tom Visser", email="tom@example.com")
    invite(person_of(company.owner), employee(company, mobile="", email="tom@example.com"))
    mallory = people.make_customer("Mallory", email="m@example.com", password=people.PASSWORD)
    browser = Client()
    browser.post("/login/", {"login": "m@example.com", "password": people.PASSWORD})
    page = browser.post(path_in(last_to("tom@example.com")))
    assert "another account" in page.content.decode()
    assert not Membership.objects.filter(user=mallory).exists()


def test_p4_who_belongs_elsewhere_stays_there(company: people.OrganisationWorld) -> None:
    other = people.make_organisation()
    User.objects.filter(pk=other.employee.pk).update(email="tom@example.com")
    invitation = invite(person_of(company.owner), employee(company, mobile="", email="tom@example.com"))
    with pytest.raises(MemberAlready):
        accept(other.employee, invitation)
    assert Membership.objects.get(user=other.employee).organisation == other.organisation


def test_bad_input_registering_an_invited_address_joins_only_by_the_invitation(
    company: people.OrganisationWorld,
) -> None:
    invite(person_of(company.owner), employee(company, mobile="", email=EMAIL))
    register = {"first_name": "Fatima", "last_name": "Y", "email": EMAIL.upper()}
    answer = Client().post("/register/", register)
    assert answer["Location"] == "/register/sent/"
    assert purposes(EMAIL) == ["invitation", "invitation"]
    assert User.objects.filter(email__iexact=EMAIL).count() == 1
    come_in(path_in(last_to(EMAIL)), EMAIL)
    assert User.objects.get(email=EMAIL).membership.organisation == company.organisation


def test_p3_a_number_that_was_only_claimed_is_free_for_who_is_invited_by_it(company: people.OrganisationWorld) -> None:
    claimer = people.make_customer("Claimer", email="c@example.com", mobile=MOBILE, mobile_confirmed=False)
    invitation = invite(person_of(company.owner), employee(company))
    claimer.refresh_from_db()
    assert (invitation.made_account, claimer.mobile) == (True, None)
    assert invitation.user != claimer


def test_p3_inviting_the_same_person_again_replaces_the_first(company: people.OrganisationWorld) -> None:
    first = invite(person_of(company.owner), employee(company))
    second = invite(person_of(company.owner), employee(company, role="manager"))
    first.refresh_from_db()
    assert first.withdrawn_at is not None
    assert second.made_account
    come_in(path_in(last_to(MOBILE)), MOBILE)
    assert User.objects.get(mobile=MOBILE).membership.role == "manager"


def test_p3_sent_again_with_a_new_link_and_time(company: people.OrganisationWorld) -> None:
    invitation = invite(person_of(company.owner), employee(company))
    with clock.travel(minutes=8 * 24 * 60):
        assert Client().get(path_in(last_to(MOBILE))).status_code == 410
        send_again(person_of(company.owner), invitation)
        come_in(path_in(last_to(MOBILE)), MOBILE)
    assert Membership.objects.filter(user__mobile=MOBILE).exists()
    with pytest.raises(Conflict):
        send_again(person_of(company.owner), invitation)


def test_p3_withdrawn_it_opens_nothing_and_the_address_is_free(company: people.OrganisationWorld) -> None:
    invitation = invite(person_of(company.owner), employee(company))
    path = path_in(last_to(MOBILE))
    withdraw(person_of(company.owner), invitation)
    assert Client().get(path).status_code in (404, 410)
    Client().post("/login/code/", {"login": MOBILE})
    assert len(letters_to(MOBILE)) == 1  # the invitation, and no code
    assert people.make_customer(mobile=MOBILE).mobile == MOBILE
    with pytest.raises(Conflict):
        withdraw(person_of(company.owner), invitation)


def test_p3_withdrawing_leaves_an_account_that_was_there_before(company: people.OrganisationWorld) -> None:
    known = people.make_customer(email=EMAIL)
    invitation = invite(person_of(company.owner), employee(company, mobile="", email=EMAIL))
    withdraw(person_of(company.owner), invitation)
    known.refresh_from_db()
    assert (known.is_active, known.email) == (True, EMAIL)


@pytest.mark.parametrize("who", ["employee", "stranger"])
def test_p4_others_neither_resend_nor_withdraw(company: people.OrganisationWorld, who: str) -> None:
    actor = people.make_organisation().owner if who == "stranger" else company.employee
    invitation = invite(person_of(company.owner), employee(company))
    for action in (send_again, withdraw):
        with pytest.raises((Forbidden, NotFound)):
            action(person_of(actor), invitation)


def test_p3_what_was_promised_may_be_gone(company: people.OrganisationWorld) -> None:
    """The unit was removed meanwhile: they come in, as a customer."""
    invitation = invite(person_of(company.owner), employee(company))
    Invitation.objects.filter(pk=invitation.pk).update(unit=None)
    browser = come_in(path_in(last_to(MOBILE)), MOBILE)
    assert browser.get("/api/v1/me/").status_code == 200
    assert not Membership.objects.filter(user__mobile=MOBILE).exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"first_name": "", "last_name": ""}, "last_name"),
        ({"mobile": "", "email": ""}, "email"),
        ({"mobile": "12"}, "mobile"),
        ({"mobile": "020 624 1111"}, "mobile"),
        ({"email": "nobody"}, "email"),
        ({"first_name": "http://evil.example"}, "first_name"),
    ],
)
def test_bad_input_in_an_invitation(company: people.OrganisationWorld, changes: Any, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        invite(person_of(company.owner), employee(company, **changes))
    assert list(refusal.value.params["fields"]) == [field]  # type: ignore[call-overload]


def test_x6_invitations_are_limited_per_person(company: people.OrganisationWorld, settings: Any) -> None:
    settings.INVITATIONS_PER_DAY_MAX = 2
    for number in range(2):
        invite(person_of(company.owner), employee(company, mobile="", email=f"new{number}@example.com"))
    with pytest.raises(TooFast):
        invite(person_of(company.owner), employee(company))


def test_x6_one_address_gets_few_invitations_from_whomever(company: people.OrganisationWorld) -> None:
    """Anybody can begin an organisation, invite, withdraw and invite again: each time somebody gets a mail."""
    other = people.make_organisation()
    for number in range(5):
        place = company if number % 2 else other
        withdraw(person_of(place.owner), invite(person_of(place.owner), employee(place, mobile="", email=EMAIL)))
    with pytest.raises(TooFast):
        invite(person_of(company.owner), employee(company, mobile="", email=EMAIL))
    assert len(letters_to(EMAIL)) == 5


def test_p2_invitations_by_sms_count_in_the_range_of_numbers(company: people.OrganisationWorld, settings: Any) -> None:
    """Who is paid for SMS to numbers in a row invites them all."""
    settings.CODES_OF_RANGE_PER_HOUR_MAX = 3
    for number in range(3):
        invite(person_of(company.owner), employee(company, mobile=f"+3161234500{number}"))
    with pytest.raises(TooFast):
        invite(person_of(company.owner), employee(company, mobile="+31612345009"))


@pytest.mark.parametrize("name", ["Win https://evil.example", "www.evil.example", "evil.example/win", "a\u202eb"])
def test_p3_an_invitation_carries_no_advertisement(company: people.OrganisationWorld, name: str) -> None:
    """It goes to whoever's address was typed: neither its company nor its sender makes a link."""
    for change in (
        lambda: organisations.rename_organisation(person_of(company.owner), company.organisation.pk, name),
        lambda: profiles.change_profile(person_of(company.owner), {"display_name": name}),
    ):
        try:
            change()
        except Invalid:
            continue
        assert "\u202e" in name
    invite(person_of(company.owner), employee(company, mobile="", email=EMAIL))
    said = last_to(EMAIL).text + last_to(EMAIL).html
    assert "evil" not in said
    assert "\u202e" not in said


def test_p4_a_member_of_staff_becomes_nobodys_employee(company: people.OrganisationWorld) -> None:
    """An organisation suspends its members: it must not be able to shut out who works here (P9)."""
    agent = people.make_agent(email=EMAIL)
    invitation = invite(person_of(company.owner), employee(company, mobile="", email=EMAIL))
    with pytest.raises(Conflict):
        accept(agent, invitation)
    assert not Membership.objects.filter(user=agent).exists()


# -- By staff ----------------------------------------------------------------------------------------------------------
def test_p3_staff_invite_a_customer_bound_to_their_department() -> None:
    department = people.make_department()
    agent = people.make_agent(departments=[department])
    invite(person_of(agent), Invited(first_name="Piet", last_name="Post", mobile="0687654321"))
    come_in(path_in(last_to(MOBILE)), MOBILE)
    assert User.objects.get(mobile=MOBILE).customer_profile.bound_department == department


def test_p3_staff_hear_that_an_address_is_in_use() -> None:
    people.make_customer(email=EMAIL)
    agent = people.make_agent(departments=[people.make_department()])
    with pytest.raises(AddressInUse):
        invite(person_of(agent), Invited(last_name="Post", email=EMAIL))


@pytest.fixture
def department() -> Department:
    return people.make_department()


def test_p3_p7_a_colleague_comes_in_by_code_password_and_second_factor(department: Department) -> None:
    owner = people.make_owner()
    new = Invited(first_name="Luca", last_name="Rossi", email=EMAIL, level="agent", department_ids=(department.pk,))
    invite(person_of(owner), new)
    browser = Client()
    path = path_in(last_to(EMAIL))
    browser.post(path)
    browser.post("/login/code/enter/", {"code": code_in(last_to(EMAIL))})
    done = browser.post("/login/new-password/", {"password": NEW, "again": NEW})
    assert done["Location"] == "/login/second-factor/"
    assert browser.get("/console/").status_code == 302
    luca = User.objects.get(email=EMAIL)
    assert (luca.kind, luca.level, [seat.department for seat in luca.seats.all()]) == ("staff", "agent", [department])


def test_p5_who_may_invite_colleagues(department: Department) -> None:
    manager, agent = people.make_manager(departments=[department]), people.make_agent(departments=[department])
    elsewhere = people.make_department()
    mine = Invited(last_name="Rossi", email=EMAIL, level="agent", department_ids=(department.pk,))
    for actor, new in [
        (agent, mine),
        (manager, Invited(last_name="R", email=EMAIL, level="manager", department_ids=(department.pk,))),
        (manager, Invited(last_name="R", email=EMAIL, level="owner")),
        (manager, Invited(last_name="R", email=EMAIL, level="agent", department_ids=(elsewhere.pk,))),
        (manager, Invited(last_name="R", email=EMAIL, level="agent")),
    ]:
        with pytest.raises(Forbidden):
            invite(person_of(actor), new)
    assert invite(person_of(manager), mine).made_account


def test_p5_who_may_take_back_the_invitation_of_a_colleague(department: Department) -> None:
    """Taken back, it shuts the account that was made: nobody does that to whom they could not have invited."""
    owner = people.make_owner()
    manager, agent = people.make_manager(departments=[department]), people.make_agent(departments=[department])
    here = (department.pk,)
    above = invite(person_of(owner), Invited(last_name="Rossi", email=EMAIL, level="manager", department_ids=here))
    below = invite(person_of(owner), Invited(last_name="Post", mobile=MOBILE, level="agent", department_ids=here))
    for actor, invitation in ((agent, above), (agent, below), (manager, above)):
        for act in (withdraw, send_again):
            with pytest.raises(Forbidden):
                act(person_of(actor), invitation)
        page = signed_in_page(actor, f"/admin/staff/{invitation.user_id}/")
        assert f"/admin/staff/{invitation.user_id}/invitation/" not in page
    withdraw(person_of(manager), below)
    withdraw(person_of(owner), above)


def test_p3_an_invitation_of_a_colleague_that_is_over_lets_nobody_in(department: Department) -> None:
    """A customer could come in later all the same; staff rights do not lie about."""
    new = Invited(last_name="Rossi", email=EMAIL, level="agent", department_ids=(department.pk,))
    invite(person_of(people.make_owner()), new)
    with clock.travel(minutes=8 * 24 * 60):
        Client().post("/login/code/", {"login": EMAIL})
    assert purposes(EMAIL) == ["invitation"]
