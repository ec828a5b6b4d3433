"""Staff on screen (P3, P5, P7, X2): invited, seated, given room, shut, helped back in; and who may do that."""

import pytest
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from chat.models import AgentPresence
from hub.accounts.models import AuditEntry, Department, DepartmentStaff, Invitation, StaffProfile, User
from hub.base import clock
from hub.base.models import OutboxMessage
from tests import people
from tests.browsers import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def support() -> Department:
    return people.make_department("Support")


@pytest.fixture
def chief(support: Department) -> User:
    return people.make_owner(departments=[support])


@pytest.fixture
def owner(chief: User) -> Client:
    return browser_of(chief)


@pytest.fixture
def manager(support: Department) -> Client:
    return browser_of(people.make_manager(departments=[support]))


def level_of(user: User) -> str:
    return str(User.objects.get(pk=user.pk).level)


def test_p3_a_colleague_is_invited_by_mail_without_a_password(owner: Client, support: Department) -> None:
    form = {
        "first_name": "Ana",
        "last_name": "Kovač",
        "email": "ana@example.com",
        "level": "agent",
        "departments": [support.pk],
    }
    answer = owner.post("/admin/staff/invite/", form | {"form_key": "one"})
    assert answer.status_code == 302, answer.context["form"].errors
    owner.post("/admin/staff/invite/", form | {"form_key": "one"})
    ana = User.objects.get(email="ana@example.com")
    assert (ana.level, ana.has_usable_password()) == ("agent", False)
    assert DepartmentStaff.objects.filter(user=ana, department=support, is_manager=False).exists()
    assert Invitation.objects.filter(user=ana).count() == 1
    assert OutboxMessage.objects.filter(about=f"user:{ana.pk}").exists()
    page = owner.get(f"/admin/staff/{ana.pk}/").content.decode()
    assert "Send again" in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": ""}, {"email": "nobody"}, {"email": "", "mobile": "12"}, {"first_name": "", "last_name": ""},
        {"departments": []}, {"level": "manager"}, {"level": "god"}, {"departments": ["99999"]},
    ],
)  # fmt: skip
def test_p3_what_makes_no_sense_is_refused_and_kept(
    owner: Client, support: Department, wrong: dict[str, object]
) -> None:
    form = {
        "first_name": "Ana",
        "last_name": "Kovač",
        "email": "ana@example.com",
        "level": "agent",
        "departments": [support.pk],
    }
    before = User.objects.count()
    answer = owner.post("/admin/staff/invite/", form | wrong)
    assert 400 <= answer.status_code < 500
    assert User.objects.count() == before


def test_p3_an_address_of_somebody_else_is_told_to_staff(owner: Client, support: Department) -> None:
    people.make_customer(email="taken@example.com")
    form = {"first_name": "Ana", "email": "Taken@Example.com", "level": "agent", "departments": [support.pk]}
    answer = owner.post("/admin/staff/invite/", form)
    assert answer.status_code == 409
    assert "another account" in answer.content.decode()


def test_p5_a_manager_invites_agents_of_own_departments_alone(manager: Client, support: Department) -> None:
    other = people.make_department("Other")
    form = {"first_name": "Ana", "email": "ana@example.com", "level": "owner"}
    assert manager.post("/admin/staff/invite/", form | {"departments": [other.pk]}).status_code == 403
    assert manager.post("/admin/staff/invite/", form | {"departments": [support.pk]}).status_code == 302
    assert User.objects.get(email="ana@example.com").level == "agent"


def test_p5_an_agent_invites_nobody(support: Department) -> None:
    agent = browser_of(people.make_agent(departments=[support]))
    assert agent.get("/admin/staff/invite/").status_code == 404


def test_p5_seats_make_the_level_and_raise_the_rights(owner: Client, support: Department) -> None:
    """X2: what somebody may do changes with the rights version, which open sockets compare every 5 s."""
    before, agent = people.make_manager(departments=[support]), people.make_agent()
    versions = {user.pk: user.rights_version for user in (before, agent)}
    answer = owner.post(f"/admin/staff/{agent.pk}/seats/", {f"seat_{support.pk}": "manages"})
    assert answer.status_code == 302
    assert (level_of(agent), level_of(before)) == ("manager", "agent")
    assert DepartmentStaff.objects.get(user=before).is_manager is False
    for pk, version in versions.items():
        assert User.objects.get(pk=pk).rights_version > version
    entry = AuditEntry.objects.get(fact="people.staff.seats_set")
    assert entry.detail["manages"] == [support.pk]
    owner.post(f"/admin/staff/{agent.pk}/seats/", {f"seat_{support.pk}": "works"})
    assert level_of(agent) == "agent"


def test_p5_somebody_who_leaves_a_department_does_not_see_it_any_more(owner: Client, support: Department) -> None:
    agent = people.make_agent(departments=[support])
    owner.post(f"/admin/staff/{agent.pk}/seats/", {f"seat_{support.pk}": ""})
    assert people.person_of(agent).departments == frozenset()


def test_p5_one_hub_owner_always_stays(owner: Client, chief: User, support: Department) -> None:
    answer = owner.post(f"/admin/staff/{chief.pk}/seats/", {f"seat_{support.pk}": "works"})
    assert answer.status_code == 409
    assert level_of(chief) == "owner"
    second = people.make_owner("Second Owner")
    assert owner.post(f"/admin/staff/{chief.pk}/seats/", {}).status_code == 302
    assert level_of(chief) == "agent"
    assert level_of(second) == "owner"


def test_p5_nobody_shuts_themselves_out(owner: Client, chief: User) -> None:
    people.make_owner("Second Owner")
    assert owner.post(f"/admin/staff/{chief.pk}/suspend/").status_code == 403
    assert User.objects.get(pk=chief.pk).is_active


def test_x2_who_is_shut_out_is_out_at_once_and_can_be_let_in_again(owner: Client, support: Department) -> None:
    agent = people.make_agent(departments=[support])
    theirs = browser_of(agent)
    assert theirs.get("/admin/staff/").status_code == 200
    owner.post(f"/admin/staff/{agent.pk}/suspend/")
    assert theirs.get("/admin/staff/").status_code == 302
    assert User.objects.get(pk=agent.pk).rights_version > agent.rights_version
    owner.post(f"/admin/staff/{agent.pk}/suspend/", {"open": "1"})
    assert theirs.get("/admin/staff/").status_code == 200


def test_p7_a_lost_second_factor_is_reset_and_every_sign_in_ends(owner: Client, support: Department) -> None:
    agent = people.make_agent(departments=[support])
    theirs = browser_of(agent)
    assert "Reset the second factor" in owner.get(f"/admin/staff/{agent.pk}/").content.decode()
    owner.post(f"/admin/staff/{agent.pk}/second-factor/")
    assert not TOTPDevice.objects.filter(user=agent).exists()
    assert theirs.get("/admin/staff/").status_code == 302
    assert AuditEntry.objects.filter(fact="people.second_factor.removed", target_id=str(agent.pk)).exists()


def test_c4_capacity_is_the_managers_too_and_routing_goes_by_it(manager: Client, support: Department) -> None:
    agent, stranger = (
        people.make_agent(departments=[support]),
        people.make_agent(departments=[people.make_department()]),
    )
    AgentPresence.objects.create(user=agent, capacity=4, idle_since=clock.now(), changed_at=clock.now())
    assert manager.post(f"/admin/staff/{agent.pk}/capacity/", {"capacity": "7"}).status_code == 302
    assert StaffProfile.objects.get(pk=agent.pk).capacity == 7
    assert AgentPresence.objects.get(pk=agent.pk).capacity == 7
    for typed in ("-1", "51", "many", ""):
        assert manager.post(f"/admin/staff/{agent.pk}/capacity/", {"capacity": typed}).status_code == 400
    assert manager.post(f"/admin/staff/{stranger.pk}/capacity/", {"capacity": "1"}).status_code == 404


def test_p5_only_the_owner_decides_who_does_what(manager: Client, support: Department) -> None:
    agent = people.make_agent(departments=[support])
    assert manager.get(f"/admin/staff/{agent.pk}/").status_code == 200
    for what in ("seats", "suspend", "second-factor"):
        assert manager.post(f"/admin/staff/{agent.pk}/{what}/", {"owner": "on"}).status_code in (403, 404)
    assert level_of(agent) == "agent"


def test_p3_an_invitation_is_withdrawn(owner: Client, support: Department) -> None:
    form = {"first_name": "Ana", "email": "ana@example.com", "level": "agent", "departments": [support.pk]}
    owner.post("/admin/staff/invite/", form)
    ana = User.objects.get(email="ana@example.com")
    assert owner.post(f"/admin/staff/{ana.pk}/invitation/", {"withdraw": "1"}).status_code == 302
    assert Invitation.objects.get(user=ana).withdrawn_at is not None


def test_p5_the_list_shows_own_colleagues_and_the_owner_all(
    owner: Client, manager: Client, support: Department
) -> None:
    people.make_agent("Near By", departments=[support])
    people.make_agent("Far Away", departments=[people.make_department()])
    mine, everybody = (browser.get("/admin/staff/").content.decode() for browser in (manager, owner))
    assert "Near By" in mine
    assert "Far Away" not in mine
    assert "Far Away" in everybody
    assert "Far Away" not in owner.get("/admin/staff/?q=near").content.decode()
