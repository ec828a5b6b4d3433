"""T11, X1: the library of files over the API and on staff's pages: by ticket, by name, by whose they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest

from hub.accounts.models import Membership, Unit, User
from tests import people
from tests.browsers import browser_of
from tests.builders import committed
from tests.tickets import hostile_files as hostile
from tests.tickets.callers import Caller
from tests.tickets.desk import Desk
from tests.tickets.test_pages_new import words
from tickets import tasks
from tickets.actions import removing_files, replying
from tickets.files.uploads import take_whole
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
EMPLOYEE = Membership.Role.EMPLOYEE


@dataclass
class Scene:
    """An organisation whose employee has a ticket, a colleague in another unit has one, and somebody else too."""

    desk: Desk

    def __post_init__(self) -> None:
        self.company = people.make_organisation()
        self.ticket = self.files(self.company.employee, "one.txt")
        elsewhere = Unit.objects.create(organisation=self.company.organisation, name="Verkoop")
        colleague = people.join(people.make_customer("Eva"), self.company.organisation, EMPLOYEE, elsewhere)
        self.other = self.files(colleague, "two.txt")
        self.strange = self.files(self.desk.customer, "strange.txt")

    def files(self, by: User, name: str) -> Ticket:
        return self.desk.files(by=by, subject=f"About {name}", files=[self.sent(by, name)])

    def sent(self, by: User, name: str, content: bytes = b"words\n") -> Any:
        return take_whole(people.person_of(by), name, content).pk

    def notes(self, name: str) -> None:
        file = self.sent(self.desk.agent, name)
        replying.note(self.desk.as_(self.desk.agent), self.ticket.pk, "", files=[file])


@pytest.fixture
def scene(desk: Desk) -> Scene:
    return Scene(desk)


def names(who: User, **asked: Any) -> list[str]:
    return [one["name"] for one in Caller(who)("get", "api-files", **asked)["results"]]


def test_t11_p4_each_level_has_the_files_of_the_tickets_that_it_sees(scene: Scene) -> None:
    company = scene.company
    scene.notes("among-us.txt")
    assert names(company.employee) == ["one.txt"]
    assert names(company.manager) == ["one.txt"]
    assert names(company.owner) == ["two.txt", "one.txt"]
    assert names(scene.desk.customer) == ["strange.txt"]
    assert names(company.employee, customer=scene.desk.customer.pk) == ["one.txt"], "whose, only staff say"
    assert names(company.employee, ticket=scene.strange.pk) == []


def test_t11_it_is_searched_and_goes_on_page_by_page(scene: Scene) -> None:
    owner = scene.company.owner
    assert names(owner, q="ONE") == ["one.txt"]
    assert names(owner, ticket=scene.other.pk) == ["two.txt"]
    first = Caller(owner)("get", "api-files", limit=1)
    cursor = re.search(r"cursor=(\d+)", first["next"])
    assert cursor is not None
    assert names(owner, limit=1, cursor=cursor[1]) == ["one.txt"]
    assert Caller(owner)("get", "api-files", limit=1, cursor=cursor[1])["next"] is None
    for name, wrong in (("cursor", "x"), ("ticket", "-1"), ("limit", "0"), ("q", "a\0")):
        assert Caller(owner)("get", "api-files", status=400, **{name: wrong})["field"] == name


def test_t11_a_row_says_where_it_was_sent_and_who_sent_it_can_take_it_back(scene: Scene) -> None:
    employee = scene.company.employee
    (row,) = Caller(employee)("get", "api-files")["results"]
    assert (row["ticket"], row["state"], row["removable"]) == (str(scene.ticket.pk), "ready", True)
    assert Caller(scene.company.owner)("get", "api-files", q="one")["results"][0]["removable"] is False
    removing_files.remove_file(people.person_of(employee), scene.ticket.pk, row["id"])
    (gone,) = Caller(employee)("get", "api-files")["results"]
    assert (gone["id"], gone["state"], gone["removable"], "url" in gone) == (row["id"], "gone", False, False)


def test_t11_p5_staff_say_whose_they_are_and_have_what_they_see(scene: Scene) -> None:
    desk, member = scene.desk, scene.company.employee
    scene.notes("among-us.txt")
    assert Caller(desk.agent)("get", "api-files", status=400)["field"] == "customer"
    assert names(desk.agent, customer=member.pk) == ["among-us.txt", "one.txt"]
    assert names(desk.agent, organisation=scene.company.organisation.pk) == ["among-us.txt", "two.txt", "one.txt"]
    assert names(desk.agent, ticket=scene.strange.pk) == ["strange.txt"]
    assert names(desk.stranger, customer=member.pk) == []


def test_t11_a1_staff_read_them_on_the_tab_of_tickets(scene: Scene) -> None:
    desk, member = scene.desk, scene.company.employee
    desk.says(member, scene.ticket, "", files=[scene.sent(member, "shot.jpg", hostile.photo(40))])
    with committed():
        tasks.draw_pictures()
    address = f"/admin/customers/{member.pk}/tickets/"
    page = browser_of(desk.agent).get(address).content.decode()
    assert re.findall(r"<bdi>([\w.]+)</bdi></a>", page) == ["shot.jpg", "one.txt"]
    assert 'class="thumb"' in page
    found = browser_of(desk.agent).get(address, {"file": "ONE"}).content.decode()
    assert re.findall(r"<bdi>([\w.]+)</bdi></a>", found) == ["one.txt"]
    nothing = browser_of(desk.agent).get(address, {"file": "nothing", "of": "x"})
    assert "No file fits what you filled in above." in words(nothing)
    of_company = browser_of(desk.owner).get(f"/admin/organisations/{scene.company.organisation.pk}/tickets/")
    assert "two.txt" in of_company.content.decode()
    assert "strange.txt" not in of_company.content.decode()


def test_t11_the_room_above_the_library_is_drawn_anew_by_itself(scene: Scene) -> None:
    """What the page asks for while it is looked at (frontend/pages/fresh.ts)."""
    browser = browser_of(scene.desk.customer)
    page = browser.get("/tickets/files/").content.decode()
    assert 'data-fresh="/tickets/files/room/"' in page
    assert "1 KB are taken." in words(browser.get("/tickets/files/room/"))
    scene.sent(scene.desk.customer, "more.txt", b"x" * 9000)
    assert "9 KB are taken." in words(browser.get("/tickets/files/room/"))
