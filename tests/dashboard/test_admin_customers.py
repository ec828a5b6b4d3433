"""The staff side of people (A1, P5, P6, P9, P12): every page of a customer, and what is done on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat.models import Session
from hub.accounts.models import AuditEntry, Membership, Organisation, StaffNote, User
from tests import people
from tests.builders import Actor, World, a_world
from tests.dashboard.admin_windows import Window

pytestmark = pytest.mark.django_db

CUSTOMER_PAGES = [
    "admin-customer",
    "admin-customer-lines",
    "admin-customer-personnel",
    "admin-customer-chats",
    "admin-customer-devices",
    "admin-customer-edit",
    "admin-customer-bind",
]
OWNERS_PAGES = ["admin-customer-audit", "admin-customer-erase"]
ORGANISATION_PAGES = [
    "admin-organisation",
    "admin-organisation-credits",
    "admin-organisation-lines",
    "admin-organisation-chats",
]
IN_CHARGE_PAGES = ["admin-organisation-invite"]


@dataclass
class Scene:
    world: World
    agent: Actor
    colleague: Actor
    manager: Actor
    stranger: Actor
    owner: Actor
    customer: Actor
    other: Actor
    company: Organisation
    chat: Session


@pytest.fixture
def scene() -> Iterator[Scene]:
    with a_world() as world:
        here, elsewhere = world.department(price_m=2000), world.department()
        agent = world.agent(here)
        customer = world.customer("Sanne de Vries", credits=100, department=here, agent=agent.user)
        company = people.make_organisation("Bakkerij Đurić").organisation
        people.join(customer.user, company, Membership.Role.EMPLOYEE, company.units.get())
        customer.gets_credits(100)
        chat = customer.starts(here, "My printer is on fire")
        world.runs(seconds=1)
        agent.accepts(chat)
        agent.says(chat, "Which one?")
        world.passes(minutes=3)
        customer.ends(chat)
        agent.wraps_up(chat)
        world.runs(seconds=5)
        yield Scene(
            world=world,
            agent=agent,
            colleague=world.agent(here, name="Ana Kovač"),
            manager=world.manager(here),
            stranger=world.agent(elsewhere, name="Luca Rossi"),
            owner=world.owner(),
            customer=customer,
            other=world.customer("Tom Visser"),
            company=company,
            chat=chat,
        )


def test_a1_every_page_of_a_customer_is_there_for_who_sees_them(scene: Scene) -> None:
    """A1, P5: their agent, the department's manager and the hub owner."""
    for who in (scene.agent, scene.manager, scene.owner):
        window = Window(who.user)
        for name in CUSTOMER_PAGES:
            assert window.asks(name, scene.customer.id).status_code == 200, (name, who.user.level)
        for name in ORGANISATION_PAGES:
            assert window.asks(name, scene.company.pk).status_code == 200, (name, who.user.level)
        assert "My printer is on fire" in window.reads("admin-chat", scene.chat.pk)
        assert "Sanne de Vries" in window.reads("admin-customers")
        assert "Bakkerij Đurić" in window.reads("admin-organisations")
        assert window.asks("admin-approvals").status_code == 200
    owner = Window(scene.owner.user)
    for name in OWNERS_PAGES:
        assert owner.asks(name, scene.customer.id).status_code == 200, name
    assert owner.asks("admin-organisation-audit", scene.company.pk).status_code == 200
    assert owner.asks("admin-audit").status_code == 200
    assert owner.asks("admin-audit-file").status_code == 200


def main_of(page: Any) -> str:
    """Without the frame, which carries a token and the address that was asked for."""
    return str(page.content.decode().partition("<main")[2])


def test_p5_to_who_does_not_see_them_they_do_not_exist(scene: Scene) -> None:
    """P5, X1: the pages of a customer, a company and a chat answer, to the letter, as those of nobody."""
    window = Window(scene.stranger.user)
    nobody = 999_999_999
    for name in (*CUSTOMER_PAGES, *ORGANISATION_PAGES, *IN_CHARGE_PAGES):
        wanted = scene.company.pk if "organisation" in name else scene.customer.id
        theirs, nowhere = window.asks(name, wanted), window.asks(name, nobody)
        assert theirs.status_code == nowhere.status_code == 404, name
        assert main_of(theirs) == main_of(nowhere), name
    posts = ["adjust", "link", "suspend", "sign-out", "vip", "note"]
    for name in posts:
        assert window.sends(f"admin-customer-{name}", scene.customer.id, on="1", text="x").status_code == 404, name
    assert window.asks("admin-chat", scene.chat.pk).status_code == 404
    assert window.sends("admin-chat-refund", scene.chat.pk, amount="1", reason="quality").status_code == 404
    assert "Sanne" not in window.reads("admin-customers")
    assert window.asks("admin-find", q="Sanne").json() == {"people": []}
    for name in OWNERS_PAGES:
        assert Window(scene.manager.user).asks(name, scene.customer.id).status_code == 403


def test_p7_customers_and_staff_without_the_second_factor_stay_outside(scene: Scene) -> None:
    window = Window(scene.customer.user)
    assert window.asks("admin-customers").status_code == 403
    window.client.logout()
    assert window.asks("admin-customers").status_code == 302


def test_p9_opening_whom_one_does_not_work_for_is_audited_once(scene: Scene) -> None:
    """P9: the owner looks at an agent's customer; turning to another tab is the same opening."""
    opened = AuditEntry.objects.filter(fact="people.customer.opened", target_id=str(scene.customer.id))
    Window(scene.agent.user).reads("admin-customer", scene.customer.id)
    assert not opened.exists()
    window = Window(scene.owner.user)
    window.reads("admin-customer", scene.customer.id)
    window.reads("admin-customer-chats", scene.customer.id)
    assert opened.count() == 1
    assert "opened the page of Sanne de Vries" in window.reads("admin-customer-audit", scene.customer.id)
    window.reads("admin-chat", scene.chat.pk)
    assert AuditEntry.objects.filter(fact="chat.session.opened", actor=scene.owner.id).count() == 1
    window.reads("admin-organisation", scene.company.pk)
    assert AuditEntry.objects.filter(fact="people.organisation.opened", actor=scene.owner.id).count() == 1


def test_x3_what_customers_call_themselves_stays_text(scene: Scene) -> None:
    customer = scene.world.customer("x", here=False, agent=scene.agent.user)
    User.objects.filter(pk=customer.id).update(display_name="</title><script>alert(1)</script>", first_name="\u202egnp")
    StaffNote.objects.create(
        about_user=customer.user, author=scene.agent.user, text="<b>bold</b>", created_at=customer.user.created_at
    )
    for page in (
        Window(scene.agent.user).reads("admin-customer", customer.id),
        Window(scene.agent.user).reads("admin-customers"),
    ):
        assert "<script>alert" not in page
    assert "&lt;b&gt;bold&lt;/b&gt;" in Window(scene.agent.user).reads("admin-customer", customer.id)
    assert " style=" not in page


def test_a1_pages_cost_the_same_however_many_there_are(scene: Scene) -> None:
    """The number of statements of the list does not grow with its rows; four are figures in the rail."""
    window = Window(scene.owner.user)
    window.reads("admin-customers")
    with CaptureQueriesContext(connection) as few:
        window.reads("admin-customers")
    for _ in range(20):
        people.make_customer("Nog Iemand", agent=scene.agent.user)
    with CaptureQueriesContext(connection) as many:
        window.reads("admin-customers")
    assert len(many) == len(few) <= 17


def test_c15_the_console_leads_to_the_customers_page(scene: Scene) -> None:
    assert '"people_url": "/admin/customers/"' in Window(scene.agent.user).reads("console")
