"""The pages of personnel: what each sees there, and what a click does (P4, P12)."""

from __future__ import annotations

import html
import re
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from credits import personnel
from credits.adjustments import adjust
from credits.allowances import Allowance, read_allowances
from credits.ledger.accounts import open_wallet
from credits.limit_requests import ask_for_more
from credits.limits import set_limit
from credits.models import LimitRequest
from hub.accounts.access import SYSTEM
from hub.accounts.models import Invitation, Membership, Organisation, Unit, User
from hub.base.models import OutboxMessage
from tests.browsers import browser_of
from tests.people import join, make_agent, make_customer, make_organisation, person_of

pytestmark = pytest.mark.django_db


class Firm:
    def __init__(self) -> None:
        made = make_organisation("Bakkerij De Zon")
        self.organisation, self.unit = made.organisation, made.unit
        self.owner, self.manager, self.employee = made.owner, made.manager, made.employee
        self.sales = Unit.objects.create(organisation=self.organisation, name="Sales")
        self.seller = join(make_customer("Ana Kovač"), self.organisation, Membership.Role.EMPLOYEE, self.sales)
        self.wallet = open_wallet(organisation_id=self.organisation.pk)
        adjust(self.wallet, 310_000, reason="test", actor_id=None, key=f"firm-{self.wallet}")

    def stands(self, user: User) -> Allowance:
        return read_allowances(self.wallet, [user.pk])[user.pk]


@pytest.fixture
def firm(db: None) -> Firm:
    return Firm()


def text_of(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code, answer.headers.get("Location"))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def posts(client: Client, where: str, *args: object, **said: object) -> str:
    """What is said on the page that follows."""
    answer = client.post(reverse(where, args=args), said, follow=True)
    assert answer.status_code == 200, answer.status_code
    found = re.findall(r'class="notice (?:ok|danger)[^>]*>.*?<p>(.*?)</p>', answer.content.decode(), re.S)
    return " ".join(found)


def test_the_owner_sees_everybody_a_manager_the_unit_an_employee_oneself_P4(firm: Firm) -> None:
    owner, manager = text_of(browser_of(firm.owner), "/personnel/"), text_of(browser_of(firm.manager), "/personnel/")
    employee = text_of(browser_of(firm.employee), "/personnel/")
    names = [firm.owner.name, firm.manager.name, firm.employee.name, firm.seller.name]
    shown = [[name in page for name in names] for page in (owner, manager)]
    assert shown == [[True] * 4, [False, True, True, False]]
    assert "Your limit" in employee
    assert "Ana Kovač" not in employee
    assert "310.0" in owner


def test_everybody_else_finds_no_such_page_P4_X1(firm: Firm) -> None:
    asked = _asked(firm)
    pages = [
        reverse("personnel-invite"),
        reverse("personnel-units"),
        reverse("personnel-member", args=[firm.employee.pk]),
        reverse("personnel-request", args=[asked]),
    ]
    elsewhere = make_organisation().owner
    for path in pages:
        assert browser_of(firm.employee).get(path).status_code == 404
        assert browser_of(make_customer()).get(path).status_code == 404
        assert Client().get(path).status_code == 302  # sign in first
    for path in pages[2:]:
        assert browser_of(elsewhere).get(path).status_code == 404
    assert browser_of(firm.manager).get(reverse("personnel-member", args=[firm.seller.pk])).status_code == 404
    assert browser_of(firm.manager).get(pages[1]).status_code == 404  # units are the owner's
    agent = make_agent()
    assert browser_of(agent).get("/personnel/").status_code == 302


def test_the_page_costs_the_same_for_many_people_P4(firm: Firm) -> None:
    client = browser_of(firm.owner)
    client.get("/personnel/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get("/personnel/")
    for number in range(12):
        join(make_customer(f"Person {number}"), firm.organisation, Membership.Role.EMPLOYEE, firm.sales)
    with CaptureQueriesContext(connection) as many:
        client.get("/personnel/")
    assert len(many) == len(few)


def test_members_are_searched_and_a_unit_is_chosen_P4(firm: Firm) -> None:
    client = browser_of(firm.owner)
    found = text_of(client, "/personnel/?q=kova%C4%8D")
    assert "Ana Kovač" in found
    assert firm.employee.name not in found
    assert "Nobody is found" in text_of(client, "/personnel/?q=nobody%20here")
    of_sales = text_of(client, f"/personnel/?unit={firm.sales.pk}")
    assert firm.employee.name not in of_sales
    assert browser_of(firm.owner).get("/personnel/?unit=x%00&q=%00").status_code == 200


def test_pages_of_members_lose_nobody_and_show_nobody_twice_P4(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(personnel, "PAGE", 3)
    for number in range(8):
        join(
            make_customer(f"Jan {'Bos' if number % 2 else 'Vos'}"),
            firm.organisation,
            Membership.Role.EMPLOYEE,
            firm.sales,
        )
    client, shown, path = browser_of(firm.owner), [], "/personnel/?unit=" + str(firm.sales.pk)
    while path:
        page = client.get(path).content.decode()
        rows = re.findall(r'<td class="subj"[^>]*><a href="[^"]*?(\d+)/">([^<]+)</a>', page)
        assert 0 < len(rows) <= 3
        shown += rows
        further = re.search(r'<a class="btn" href="(\?[^"]*after=[^"]+)">\s*Next page', page)
        path = "/personnel/" + html.unescape(further[1]) if further else ""
    assert len(shown) == len(set(shown)) == 9
    assert [name for _, name in shown] == ["Ana Kovač", *["Jan Bos"] * 4, *["Jan Vos"] * 4]
    assert "Ana Kovač" in text_of(client, "/personnel/?after=invented&q=kovac")
    found = client.get("/personnel/?q=jan")
    assert "q=jan&amp;after=" in found.content.decode()


def test_members_are_found_as_staff_find_customers_P4(firm: Firm) -> None:
    client, elsewhere = browser_of(firm.owner), make_organisation("Elders").owner
    User.objects.filter(pk=firm.seller.pk).update(email="ana@shop.example", mobile="+31612345678")
    for typed in ("kovac ana", "ana@shop", "06 12345678", firm.seller.login_number):
        assert "Ana Kovač" in text_of(client, f"/personnel/?{urlencode({'q': typed})}"), typed
    assert "Nobody is found" in text_of(client, f"/personnel/?q={elsewhere.login_number}")
    assert "Nobody is found" in text_of(browser_of(firm.manager), "/personnel/?q=kovac")


def test_somebody_is_invited_by_name_and_address_P3_P4(firm: Firm) -> None:
    said = {"first_name": "Lotte", "last_name": "Smit", "email": "lotte@example.com", "unit": firm.sales.pk}
    told = posts(browser_of(firm.owner), "personnel-invite", **said, role="manager", limit="12,5")
    assert "on its way" in told
    (invitation,) = Invitation.objects.all()
    assert (invitation.unit_id, invitation.role, invitation.monthly_limit_millicredits) == (
        firm.sales.pk,
        "manager",
        12_500,
    )
    assert OutboxMessage.objects.filter(to="lotte@example.com").exists()
    page = text_of(browser_of(firm.owner), "/personnel/")
    assert "Lotte Smit" in page
    assert "lotte@example.com" in page
    posts(browser_of(firm.owner), "personnel-invitation", invitation.pk, do="withdraw")
    assert "Lotte Smit" not in text_of(browser_of(firm.owner), "/personnel/")


def test_a_manager_invites_employees_of_the_own_unit_alone_P4(firm: Firm) -> None:
    client = browser_of(firm.manager)
    posts(client, "personnel-invite", first_name="Lotte", email="lotte@example.com", unit=firm.sales.pk)
    assert Invitation.objects.get().unit_id == firm.unit.pk  # their own, whatever the form says
    client.post(reverse("personnel-invite"), {"first_name": "Tim", "email": "tim@example.com", "role": "manager"})
    assert Invitation.objects.count() == 1


def test_what_was_typed_stays_when_something_is_wrong_P4(firm: Firm) -> None:
    said = {"first_name": "Lotte", "last_name": "Smit", "email": "not an address", "unit": firm.unit.pk}
    answer = browser_of(firm.owner).post(reverse("personnel-invite"), {**said, "limit": "lots"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'value="Lotte"' in page
    assert 'value="lots"' in page
    assert 'aria-invalid="true"' in page
    assert not Invitation.objects.exists()


def test_a_form_sent_twice_invites_once_P4(firm: Firm) -> None:
    client = browser_of(firm.owner)
    for _ in range(2):
        posts(client, "personnel-invite", first_name="A", email="a@example.com", unit=firm.unit.pk, form_key="once")
    assert OutboxMessage.objects.filter(to="a@example.com").count() == 1


@pytest.mark.parametrize(("typed", "limit_m"), [("25", 25_000), ("12.5", 12_500), ("۲۵", 25_000), ("0", 0), ("", None)])
def test_a_limit_is_set_as_people_write_amounts_P4(firm: Firm, typed: str, limit_m: int | None) -> None:
    posts(browser_of(firm.manager), "personnel-member", firm.employee.pk, do="limit", limit=typed, extra="3")
    stands = firm.stands(firm.employee)
    assert (stands.limit_m, stands.extra_m) == (limit_m, 0 if limit_m is None else 3_000)


@pytest.mark.parametrize("typed", ["-1", "lots", "1e3", "1000001", "1.2345", "NaN"])
def test_what_is_no_amount_is_no_limit_P4(firm: Firm, typed: str) -> None:
    path = reverse("personnel-member", args=[firm.employee.pk])
    answer = browser_of(firm.manager).post(path, {"do": "limit", "limit": typed})
    assert answer.status_code == 400
    assert firm.stands(firm.employee).limit_m is None


def test_a_member_is_moved_promoted_shut_out_and_removed_P4(firm: Firm) -> None:
    client, who = browser_of(firm.owner), firm.employee.pk
    posts(client, "personnel-member", who, do="place", unit=firm.sales.pk, role="manager")
    place = Membership.objects.get(user=who)
    assert (place.unit_id, place.role) == (firm.sales.pk, "manager")
    posts(client, "personnel-member", who, do="suspend")
    assert Membership.objects.get(user=who).suspended
    assert browser_of(firm.employee).get("/personnel/").status_code == 302
    assert "Let in again" in text_of(client, reverse("personnel-member", args=[who]))
    posts(client, "personnel-member", who, do="reinstate")
    posts(client, "personnel-member", who, do="remove")
    assert not Membership.objects.filter(user=who).exists()
    assert "Begin an organisation" in text_of(browser_of(firm.employee), "/personnel/")


def test_the_organisation_is_handed_over_P4(firm: Firm) -> None:
    posts(browser_of(firm.owner), "personnel-member", firm.manager.pk, do="hand_over")
    assert Membership.objects.get(user=firm.manager).role == "owner"
    assert Membership.objects.get(user=firm.owner).role == "manager"


def test_units_are_made_renamed_and_removed_P4(firm: Firm) -> None:
    client = browser_of(firm.owner)
    posts(client, "personnel-units", do="add", name="Warehouse")
    made = Unit.objects.get(name="Warehouse")
    answer = client.post(reverse("personnel-units"), {"do": "add", "name": "warehouse"})
    assert "There is one with this name already." in answer.content.decode()
    assert "still people" in posts(client, "personnel-units", do="remove", unit=firm.unit.pk)
    posts(client, "personnel-units", do="rename", unit=made.pk, name="Storage")
    posts(client, "personnel-units", do="remove", unit=made.pk)
    assert not Unit.objects.filter(pk=made.pk).exists()


def test_a_customer_begins_an_organisation_and_an_employee_leaves_one_P4(firm: Firm) -> None:
    customer = make_customer("Noor Bos")
    posts(browser_of(customer), "personnel-start", name="Studio Noor")
    assert Organisation.objects.get(name="Studio Noor").memberships.get().user_id == customer.pk
    assert "hand the organisation over" in posts(browser_of(customer), "personnel-leave")
    posts(browser_of(firm.employee), "personnel-leave")
    assert not Membership.objects.filter(user=firm.employee).exists()


def _asked(firm: Firm) -> int:
    set_limit(SYSTEM, firm.organisation.pk, firm.employee.pk, limit_m=20_000)
    return int(ask_for_more(person_of(firm.employee)).pk)


def test_who_is_at_the_limit_asks_and_the_manager_answers_with_one_click_P4(firm: Firm) -> None:
    set_limit(SYSTEM, firm.organisation.pk, firm.employee.pk, limit_m=20_000)
    posts(browser_of(firm.employee), "personnel-ask")
    asked = LimitRequest.objects.get()
    assert "has not answered yet" in text_of(browser_of(firm.employee), "/personnel/")
    page = text_of(browser_of(firm.manager), "/personnel/")
    assert "5.0 more, this month" in page
    posts(browser_of(firm.manager), "personnel-request", asked.pk, do="once", by="5")
    assert (firm.stands(firm.employee).limit_m, firm.stands(firm.employee).extra_m) == (20_000, 5_000)
    posts(browser_of(firm.manager), "personnel-request", asked.pk, do="once", by="5")  # the back button
    assert firm.stands(firm.employee).extra_m == 5_000
    told = posts(browser_of(firm.manager), "personnel-request", asked.pk, do="for_good", by="9")
    assert "answered already" in told
    assert "given on" in text_of(browser_of(firm.manager), reverse("personnel-request", args=[asked.pk]))


def test_a_limit_raised_otherwise_closes_the_request_P4(firm: Firm) -> None:
    asked = _asked(firm)
    set_limit(person_of(firm.manager), firm.organisation.pk, firm.employee.pk, limit_m=None)
    assert LimitRequest.objects.get(pk=asked).state == "closed"
    assert "Nobody has to answer" in text_of(browser_of(firm.manager), reverse("personnel-request", args=[asked]))


def test_a_manager_at_the_limit_asks_the_owner_P4(firm: Firm) -> None:
    firm.owner.email = "willem@example.com"
    firm.owner.save()
    set_limit(SYSTEM, firm.organisation.pk, firm.manager.pk, limit_m=1_000)
    asked = ask_for_more(person_of(firm.manager))
    assert OutboxMessage.objects.get(purpose="limit_request").to == "willem@example.com"
    assert browser_of(firm.manager).get(reverse("personnel-request", args=[asked.pk])).status_code == 404
    posts(browser_of(firm.owner), "personnel-request", asked.pk, do="decline")
    assert LimitRequest.objects.get().state == "declined"


def test_an_organisation_without_credits_to_pay_shows_no_amounts_P12(firm: Firm) -> None:
    Organisation.objects.filter(pk=firm.organisation.pk).update(vip=True)
    page = text_of(browser_of(firm.owner), "/personnel/")
    assert "310.0" not in page
    assert "Spending limit" not in text_of(browser_of(firm.owner), reverse("personnel-member", args=[firm.employee.pk]))


@pytest.mark.parametrize("language", ["nl", "hr", "it", "fa"])
def test_every_page_is_drawn_in_every_language_U1(firm: Firm, language: str) -> None:
    User.objects.filter(pk=firm.owner.pk).update(language=language)
    asked = _asked(firm)
    client = browser_of(firm.owner)
    for path in (
        "/personnel/",
        reverse("personnel-invite"),
        reverse("personnel-units"),
        reverse("personnel-member", args=[firm.employee.pk]),
        reverse("personnel-request", args=[asked]),
    ):
        assert client.get(path).status_code == 200
