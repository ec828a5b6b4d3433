"""P4, L5: what a member used of a wallet that many share is found by their meters, the same as among all lines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from credits.ledger import overview, spenders
from credits.ledger.accounts import open_wallet
from credits.ledger.lines import Filter, Line, read_lines
from credits.metering.meters import end_meter
from credits.metering.pricing import Price
from credits.refunds import refund_charges
from hub.base import clock
from tests.credits.money import reference_of, running, top_up
from tests.credits.test_wallet_api import client_of
from tests.hub_time import HubTime
from tests.people import OrganisationWorld, make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    """Wallets of two tests may have one id."""
    overview._kept.cache_clear()
    yield
    overview._kept.cache_clear()


@pytest.fixture
def office(time: HubTime) -> OrganisationWorld:
    """Everybody had a chat of three blocks; of the employee's first one a part was given back, and the second runs."""
    office = make_organisation()
    wallet = open_wallet(organisation_id=office.organisation.pk)
    top_up(wallet, 100_000)
    for user, price_m in ((office.employee, 1_000), (office.manager, 200), (office.owner, 30)):
        meter = running(wallet, Price(price_m, 60), spender_id=user.pk)
        time.runs(150)
        end_meter(meter, "agent")
        if user == office.employee:
            refund_charges(
                reference=reference_of(meter), amount_m=1_500, reason="test", actor_id=None, key="given-back"
            )
    running(wallet, Price(7_000, 60), spender_id=office.employee.pk)
    time.runs(61)
    return office


def walked(wallet_id: int, chosen: Filter, limit: int) -> list[Line]:
    """All lines, page by page."""
    found: list[Line] = []
    cursor: str | None = None
    while True:
        page, cursor = read_lines(wallet_id, chosen, cursor=cursor, limit=limit, balances=False)
        found += page
        if cursor is None:
            return found


CHOICES: tuple[dict[str, object], ...] = (
    {},
    {"reason": "charge"},
    {"reason": "refund"},
    {"since": timedelta(minutes=4)},
    {"until": timedelta(minutes=4)},
)


@pytest.mark.parametrize("chosen", CHOICES)
def test_lines_are_the_same_by_meters_and_among_all_P4_L5(
    office: OrganisationWorld, chosen: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    wallet = open_wallet(organisation_id=office.organisation.pk)
    said = {key: clock.now() - one if isinstance(one, timedelta) else one for key, one in chosen.items()}
    for people in ([office.employee.pk], [office.employee.pk, office.manager.pk]):
        asked = Filter(**said, spenders=people)  # type: ignore[arg-type]
        by_meters = walked(wallet, asked, 2)
        with monkeypatch.context() as patch:
            patch.setattr(spenders, "METERS_MAX", 0)
            assert walked(wallet, asked, 2) == by_meters
        assert by_meters or chosen
    assert any(line.amount_m > 0 for line in walked(wallet, Filter(spenders=[office.employee.pk]), 9))


def test_months_are_the_same_by_meters_and_among_all_P4_L5(
    office: OrganisationWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    wallet = open_wallet(organisation_id=office.organisation.pk)
    by_meters = overview.months(wallet, back=5, spenders=[office.employee.pk])
    assert sum(month.used_m for month in by_meters) == 3_000 - 1_500 + 14_000
    monkeypatch.setattr(spenders, "METERS_MAX", 0)
    overview._kept.cache_clear()
    assert overview.months(wallet, back=5, spenders=[office.employee.pk]) == by_meters


def test_the_lines_of_an_employee_are_not_looked_for_among_all_P4(office: OrganisationWorld) -> None:
    with CaptureQueriesContext(connection) as captured:
        client_of(office.employee).get("/api/v1/wallet/lines/")
    walks = [one["sql"] for one in captured if "credits_transfer t" in one["sql"]]
    assert walks
    assert all("meter_id = any(" in sql for sql in walks)


def test_who_sees_some_lines_is_told_no_balance_between_them_P4(office: OrganisationWorld) -> None:
    of_employee = client_of(office.employee).get("/api/v1/wallet/lines/").json()["results"]
    of_owner = client_of(office.owner).get("/api/v1/wallet/lines/").json()["results"]
    assert {line["balance_m"] for line in of_employee} == {None}
    assert None not in {line["balance_m"] for line in of_owner}
