"""What owner, manager and employee see of money and people, over the API (P4, L5, X1)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from credits import personnel
from credits.adjustments import adjust
from credits.ledger.accounts import open_wallet
from credits.limits import set_limit
from credits.metering.meters import end_meter, start_meter
from credits.metering.pricing import Price
from hub.accounts import tokens
from hub.accounts.access import SYSTEM
from hub.accounts.models import Membership, Unit, User
from tests.credits.money import opened
from tests.hub_time import HubTime
from tests.people import join, make_agent, make_customer, make_manager, make_organisation, make_owner

pytestmark = pytest.mark.django_db


class Office:
    """An organisation with two units; each of its people was charged once."""

    def __init__(self, time: HubTime) -> None:
        made = make_organisation()
        self.id, self.unit = made.organisation.pk, made.unit
        self.sales = Unit.objects.create(organisation=made.organisation, name="Sales")
        self.people: dict[str, User] = {
            "owner": made.owner,
            "manager": made.manager,
            "employee": made.employee,
            "seller": join(make_customer("Ana Kovač"), made.organisation, Membership.Role.EMPLOYEE, self.sales),
        }
        self.wallet = open_wallet(organisation_id=self.id)
        adjust(self.wallet, 100_000, reason="test", actor_id=None, key=f"office-{self.wallet}")
        for number, user in enumerate(self.people.values(), 1):
            meter = opened(self.wallet, Price(number * 1_000, 60), spender_id=user.pk)
            start_meter(meter)
            time.runs(1)
            end_meter(meter, "agent")
        set_limit(SYSTEM, self.id, made.employee.pk, limit_m=10_000)

    def asks(self, who: str | User, path: str, body: dict[str, Any] | None = None, method: str = "get") -> Any:
        user = self.people[who] if isinstance(who, str) else who
        token = tokens.issue(
            side="staff" if user.is_staff else "visitor",
            lifetime=timedelta(hours=1),
            user_id=user.pk,
            two_factor=user.is_staff,
            sign_in_version=user.sign_in_version,
        )
        client = Client(headers={"authorization": f"Bearer {token}"})
        act = getattr(client, method)
        answer = act(f"/api/v1{path}") if body is None else act(f"/api/v1{path}", body, content_type="application/json")
        return answer.json() if answer.status_code == 200 else answer.status_code


@pytest.fixture
def office(time: HubTime) -> Office:
    return Office(time)


@pytest.mark.parametrize(
    ("who", "amounts"),
    [
        ("owner", [-4_000, -3_000, -2_000, -1_000, 100_000]),
        ("manager", [-3_000, -2_000]),
        ("employee", [-3_000]),
        ("seller", [-4_000]),
    ],
)
def test_whose_lines_one_sees_P4_L5(office: Office, who: str, amounts: list[int]) -> None:
    lines = office.asks(who, "/wallet/lines/")["results"]
    assert [line["amount_m"] for line in lines] == amounts


def test_everybody_sees_the_balance_and_the_own_limit_P4(office: Office) -> None:
    shown = {who: office.asks(who, "/wallet/") for who in office.people}
    assert {wallet["available_m"] for wallet in shown.values()} == {90_000}
    assert (shown["employee"]["limit_m"], shown["employee"]["limit_left_m"]) == (10_000, 7_000)
    assert not any("limit_m" in shown[who] for who in ("owner", "manager", "seller"))


def test_whom_one_sees_in_the_personnel_P4_X1(office: Office) -> None:
    found = {who: office.asks(who, f"/organisations/{office.id}/members/") for who in office.people}
    names = {who: {row["name"] for row in page["results"]} for who, page in found.items() if isinstance(page, dict)}
    people = {who: user.name for who, user in office.people.items()}
    assert names == {"owner": set(people.values()), "manager": {people["manager"], people["employee"]}}
    assert (found["employee"], found["seller"]) == (404, 404)
    (row,) = [row for row in found["owner"]["results"] if row["name"] == people["employee"]]
    assert (row["limit_m"], row["used_m"], row["left_m"]) == (10_000, 3_000, 7_000)


def test_pages_of_members_lose_nobody_P4_A4(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(personnel, "PAGE", 3)
    first = office.asks("owner", f"/organisations/{office.id}/members/")
    rest = office.asks("owner", first["next"].partition("/api/v1")[2])
    names = [row["name"] for row in first["results"] + rest["results"]]
    assert rest["next"] is None
    assert names == sorted(user.name for user in office.people.values())
    assert office.asks("owner", f"/organisations/{office.id}/members/?cursor=x") == 400


def test_members_units_and_limits_change_over_the_api_P4_A4(office: Office) -> None:
    employee, path = office.people["employee"], f"/members/{office.people['employee'].pk}/"
    assert office.asks("manager", path, {"limit_m": 20_000}, "patch")["left_m"] == 17_000
    assert office.asks("manager", path, {"unit": office.sales.pk}, "patch") == 403  # moving is the owner's
    moved = office.asks("owner", path, {"unit": office.sales.pk, "role": "manager"}, "patch")
    assert (moved["unit"]["name"], moved["role"]) == ("Sales", "manager")
    assert office.asks("manager", path) == 404  # not in the unit any more
    assert office.asks("owner", path, {"limit_m": -1}, "patch") == 400
    assert office.asks("owner", f"/organisations/{office.id}/units/", {"name": "Shops"}, "post") == 201
    assert office.asks("owner", f"/organisations/{office.id}/units/", {"name": "shops"}, "post") == 409
    assert office.asks("manager", f"/organisations/{office.id}/units/", {"name": "Mine"}, "post") == 403
    assert office.asks("owner", path, method="delete") == 204
    assert not Membership.objects.filter(user=employee).exists()


def test_staff_see_the_personnel_of_organisations_they_are_in_charge_of_P5_X1(office: Office) -> None:
    assert len(office.asks(make_owner(), f"/organisations/{office.id}/members/")["results"]) == 4
    for stranger in (make_agent(), make_manager(), make_organisation().owner):
        assert office.asks(stranger, f"/organisations/{office.id}/members/") == 404
        assert office.asks(stranger, f"/members/{office.people['employee'].pk}/", {"limit_m": 1}, "patch") == 404


def test_a_limit_is_asked_for_and_answered_over_the_api_P4_A4(office: Office) -> None:
    assert office.asks("seller", "/wallet/limit/", {}, "post") == 409  # has none
    assert office.asks("employee", "/wallet/limit/", {}, "post") == 202
    (asked,) = office.asks("manager", f"/organisations/{office.id}/requests/")["results"]
    assert (asked["member"]["name"], asked["left_m"]) == (office.people["employee"].name, 7_000)
    assert office.asks("employee", f"/limit-requests/{asked['id']}/", {"by_m": 5_000}, "post") == 403
    assert office.asks("seller", f"/limit-requests/{asked['id']}/", {"by_m": 5_000}, "post") == 404
    answer = office.asks("manager", f"/limit-requests/{asked['id']}/", {"by_m": 5_000, "for_good": True}, "post")
    assert (answer["limit_m"], answer["left_m"]) == (15_000, 12_000)
