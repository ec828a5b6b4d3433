"""Limits with real transactions: several processes at once, and rows that somebody else has locked (P4, M4)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client

from credits.adjustments import adjust
from credits.allowances import read_allowances
from credits.ledger.accounts import open_wallet
from credits.limit_requests import ask_for_more, decline_more, grant_more
from credits.limits import set_limit
from credits.metering.meters import start_meter
from credits.metering.sweep import charge_due
from credits.models import LimitRequest, Meter
from credits.vip import set_vip
from hub.accounts import tokens
from hub.accounts.access import SYSTEM
from hub.accounts.actions import memberships, organisations
from hub.accounts.models import User
from hub.base.errors import DomainError
from tests.credits.money import MINUTE, everything_adds_up, opened, own_connection, state_of
from tests.hub_time import HubTime, hub_time
from tests.people import make_organisation, make_owner, person_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


class Company:
    def __init__(self) -> None:
        self.world = make_organisation()
        self.id, self.employee = self.world.organisation.pk, self.world.employee
        self.wallet = open_wallet(organisation_id=self.id)
        adjust(self.wallet, 1_000_000, reason="test", actor_id=None, key=f"company-{self.wallet}")

    def talks(self, user: User | None = None) -> int:
        meter = opened(self.wallet, MINUTE, spender_id=(user or self.employee).pk)
        start_meter(meter)
        return meter

    def used_m(self) -> int:
        return read_allowances(self.wallet, [self.employee.pk])[self.employee.pk].used_m


@pytest.fixture
def time() -> Iterator[HubTime]:
    with hub_time(datetime(2032, 5, 12, 9, 0, tzinfo=UTC)) as moving:
        yield moving


@contextmanager
def locked_elsewhere(statement: str, *values: int | str | None) -> Iterator[None]:
    """Another process has these rows locked meanwhile."""
    has_it, may_go = threading.Event(), threading.Event()

    def hold() -> None:
        own_connection()
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement, values)
                has_it.set()
                may_go.wait(60)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(hold)
        assert has_it.wait(60)
        try:
            yield
        finally:
            may_go.set()
            holding.result()


def at_once(acts: list[Callable[[], object]]) -> list[str]:
    def run(act: Callable[[], object]) -> str:
        own_connection()
        try:
            act()
        except DomainError as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_the_sweep_waits_for_no_limit_and_charges_it_a_moment_later_M4_P4(time: HubTime) -> None:
    company = Company()
    set_limit(SYSTEM, company.id, company.employee.pk, limit_m=50_000)
    meter, other = company.talks(), company.talks(company.world.manager)
    allowance = Meter.objects.get(pk=meter).allowance_id
    time.beats(1)
    with locked_elsewhere("select 1 from credits_allowance where id = %s for no key update", allowance):
        charge_due()
        assert state_of(meter)[1] == 0
        assert state_of(other)[1] == 1
    charge_due()
    assert (state_of(meter)[1], company.used_m()) == (1, 2_000)
    assert everything_adds_up()


def test_sweeps_at_once_spend_a_limit_once_M4_P4(time: HubTime) -> None:
    company = Company()
    set_limit(SYSTEM, company.id, company.employee.pk, limit_m=9_000)
    meters = [company.talks() for _ in range(8)]
    time.beats(1)
    at_once([charge_due] * 4)
    charge_due()
    assert company.used_m() == 8_000
    assert sorted(state_of(meter)[0] for meter in meters) == ["empty"] * 4 + ["running"] * 4
    assert everything_adds_up()


def test_an_answer_is_given_once_P4(time: HubTime) -> None:
    company = Company()
    set_limit(SYSTEM, company.id, company.employee.pk, limit_m=2_000)
    meter = company.talks()
    time.runs(61)
    asked = ask_for_more(person_of(company.employee))
    manager, owner = person_of(company.world.manager), person_of(company.world.owner)
    said = at_once(
        [
            lambda: grant_more(manager, asked.pk, by_m=5_000, for_good=False),
            lambda: grant_more(owner, asked.pk, by_m=9_000, for_good=True),
            lambda: decline_more(owner, asked.pk),
        ]
    )
    assert sorted(said) == ["conflict", "conflict", "done"]
    stands = read_allowances(company.wallet, [company.employee.pk])[company.employee.pk]
    assert stands.most_m in (2_000, 7_000, 11_000)
    assert state_of(meter)[0] == ("empty" if stands.most_m == 2_000 else "running")


def test_asking_at_once_is_asking_once_P4(time: HubTime) -> None:
    company = Company()
    set_limit(SYSTEM, company.id, company.employee.pk, limit_m=0)
    person = person_of(company.employee)
    assert at_once([lambda: ask_for_more(person)] * 4) == ["done"] * 4
    assert LimitRequest.objects.filter(allowance__user=company.employee).count() == 1


def test_every_act_takes_its_locks_in_order_P4_P12(time: HubTime) -> None:
    """Each in a transaction of its own, with a meter that runs: a lower rank after a higher one raises."""
    company = Company()
    owner = person_of(company.world.owner)
    company.talks()
    set_limit(owner, company.id, company.employee.pk, limit_m=2_000)
    time.runs(61)
    asked = ask_for_more(person_of(company.employee))
    grant_more(owner, asked.pk, by_m=5_000, for_good=True)
    set_vip(person_of(make_owner()), True, organisation_id=company.id)
    set_vip(person_of(make_owner()), False, organisation_id=company.id)
    memberships.suspend_member(owner, company.id, company.employee.pk)
    memberships.remove_member(owner, company.id, company.employee.pk)
    memberships.join(company.id, company.employee.pk, role="employee", unit_id=company.world.unit.pk, limit_m=5)
    organisations.hand_over(owner, company.id, to_user_id=company.employee.pk)
    assert everything_adds_up()


def test_one_request_may_change_all_of_a_member_P4_A4(time: HubTime) -> None:
    company = Company()
    token = tokens.issue(
        side="visitor",
        lifetime=timedelta(hours=1),
        user_id=company.world.owner.pk,
        two_factor=False,
        sign_in_version=company.world.owner.sign_in_version,
    )
    answer = Client().patch(
        f"/api/v1/members/{company.employee.pk}/",
        {"role": "manager", "suspended": True, "limit_m": 7_000, "extra_m": 1_000},
        content_type="application/json",
        headers={"authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 200, answer.content
    said = answer.json()
    assert (said["role"], said["suspended"], said["limit_m"], said["left_m"]) == ("manager", True, 7_000, 8_000)
