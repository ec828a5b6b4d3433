"""What members of an organisation may spend in a month (P4, M4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from credits.adjustments import adjust
from credits.allowances import Allowance, read_allowances
from credits.events import Low
from credits.ledger.accounts import get_wallet, house_account, open_wallet
from credits.limits import set_limit
from credits.metering.gifts import waive
from credits.metering.meters import end_meter, open_meter, pause_meter, set_most_to_spend, start_meter
from credits.metering.pricing import Price
from credits.models import Meter
from credits.public import meter_views
from credits.refunds import refund_charges
from hub.accounts.access import SYSTEM
from hub.accounts.actions import memberships
from hub.accounts.models import User
from tests.credits.money import MINUTE, everything_adds_up, heard, opened, reference_of, state_of
from tests.hub_time import HubTime, hub_time
from tests.people import OrganisationWorld, make_customer, make_organisation, person_of

pytestmark = pytest.mark.django_db

HOUR = Price(price_millicredits=30_000, block_seconds=3600)


class Company:
    """An organisation with credits, and what its members do with them."""

    def __init__(self, credits_m: int = 100_000) -> None:
        self.world: OrganisationWorld = make_organisation()
        self.id = self.world.organisation.pk
        self.wallet = open_wallet(organisation_id=self.id)
        adjust(self.wallet, credits_m, reason="test", actor_id=None, key=f"company-{self.wallet}")

    @property
    def employee(self) -> User:
        return self.world.employee

    def allows(self, user: User, limit_m: int | None, *, extra_m: int = 0) -> None:
        set_limit(SYSTEM, self.id, user.pk, limit_m=limit_m, extra_m=extra_m)

    def talks(self, user: User, price: Price = MINUTE, **terms: object) -> int:
        meter = opened(self.wallet, price, spender_id=user.pk, **terms)
        start_meter(meter)
        return meter

    def stands(self, user: User) -> Allowance:
        return read_allowances(self.wallet, [user.pk])[user.pk]


@pytest.fixture
def company(time: HubTime) -> Company:
    return Company()


@pytest.fixture
def time(db: None) -> Iterator[HubTime]:
    """The middle of a month: nothing here is to depend on the day on which it is tested."""
    with hub_time(datetime(2031, 3, 12, 9, 0, tzinfo=UTC)) as moving:
        yield moving


def test_a_limit_stops_a_meter_and_says_so_M4_P4(time: HubTime, company: Company) -> None:
    company.allows(company.employee, 5_000)
    meter, other = company.talks(company.employee), company.talks(company.world.owner)
    time.runs(1)
    view = meter_views([meter])[meter]
    assert (view.stops_by, view.limit_left_m) == ("limit", 3_000)
    assert view.empty_at is not None
    assert (view.empty_at - time.now).total_seconds() == 119
    with heard() as said:
        time.runs(120)
    assert [(event.minutes, event.meter_id) for event in said if isinstance(event, Low)] == [(1, meter)]
    assert [state_of(meter), state_of(other)] == [("empty", 2, 4_000), ("running", 3, 6_000)]
    view = meter_views([meter])[meter]
    assert (view.state, view.stops_by, view.limit_left_m) == ("grace", "limit", 1_000)
    assert view.grace_until is not None
    assert company.stands(company.employee).used_m == 4_000
    time.runs(120)
    assert state_of(meter)[0] == "ended"  # nobody raised it
    assert everything_adds_up()


def test_warnings_count_against_the_smallest_of_balance_limit_and_most_M4(time: HubTime) -> None:
    company = Company(20_000)
    company.allows(company.employee, 14_000)
    meter = company.talks(company.employee, most_to_spend_m=8_000)
    time.runs(1)
    view = meter_views([meter])[meter]
    assert (view.stops_by, view.low) == ("most_to_spend", 5)
    set_most_to_spend(meter, None)
    view = meter_views([meter])[meter]
    assert (view.stops_by, view.low) == ("limit", None)  # seven blocks
    company.allows(company.employee, 900_000)
    assert meter_views([meter])[meter].stops_by == "balance"


def test_parallel_sessions_of_a_member_share_the_limit_in_one_sweep_M4_P4(time: HubTime, company: Company) -> None:
    company.allows(company.employee, 5_000)
    company.allows(company.world.manager, 3_000)
    meters = [company.talks(company.employee) for _ in range(3)]
    other = company.talks(company.world.manager)
    time.runs(1)
    assert [state_of(meter)[0] for meter in meters] == ["running", "running", "empty"]
    assert state_of(other) == ("running", 1, 2_000)
    left_s = {meter_views([meter])[meter].empty_at for meter in meters[:2]}
    assert len(left_s) == 1
    assert company.stands(company.employee).left_m == 1_000
    assert get_wallet(company.wallet).available_m == 94_000
    assert everything_adds_up()


def test_what_the_wallet_refuses_does_not_use_up_a_limit_nor_the_other_way_M4(time: HubTime) -> None:
    company = Company(5_000)
    company.allows(company.employee, 5_000)
    dear = company.talks(company.employee, Price(6_000, 60))  # fits neither
    cheap = company.talks(company.employee)
    big = company.talks(company.world.manager, Price(4_000, 60))  # 3,000 are left
    small = company.talks(company.world.manager, Price(3_000, 60))
    time.runs(1)
    assert [state_of(m)[0] for m in (dear, cheap, big, small)] == ["empty", "running", "empty", "running"]
    assert Meter.objects.get(pk=dear).reason == "balance"
    assert (company.stands(company.employee).used_m, get_wallet(company.wallet).available_m) == (2_000, 0)
    assert everything_adds_up()


def test_a_raised_limit_wakes_the_meter_at_once_M4_P4(time: HubTime, company: Company) -> None:
    company.allows(company.employee, 2_000)
    meter = company.talks(company.employee)
    time.runs(61)
    assert state_of(meter)[0] == "empty"
    company.allows(company.employee, 2_000, extra_m=1_000)  # not enough
    assert state_of(meter)[0] == "empty"
    company.allows(company.employee, 2_000, extra_m=2_000)
    assert state_of(meter)[0] == "running"
    time.runs(1)
    assert company.stands(company.employee).used_m == 4_000
    assert everything_adds_up()


def test_a_lowered_limit_stops_at_the_next_block_and_takes_nothing_back_P4(time: HubTime, company: Company) -> None:
    meter = company.talks(company.employee)
    time.runs(61)
    company.allows(company.employee, 1_000)
    assert company.stands(company.employee).left_m == 0
    assert state_of(meter) == ("running", 2, 4_000)  # the paid block is used up
    time.runs(60)
    assert state_of(meter) == ("empty", 2, 4_000)
    assert everything_adds_up()


def test_a_month_that_begins_gives_room_again_in_the_middle_of_a_chat_P4(db: None) -> None:
    with hub_time(datetime(2031, 3, 31, 21, 57, 58, tzinfo=UTC)) as time:  # 23:57:58 in Amsterdam
        company = Company()
        company.allows(company.employee, 4_000, extra_m=2_000)
        meter = company.talks(company.employee)
        time.runs(90)
        assert company.stands(company.employee).used_m == 4_000
        assert meter_views([meter])[meter].stops_by == "balance"  # the month ends before the limit is reached
        company.allows(company.employee, 4_000)
        time.runs(1)
        view = meter_views([meter])[meter]
        assert (view.limit_left_m, view.stops_by) == (0, "limit")
        time.runs(30)
        assert state_of(meter)[0] == "empty"  # 23:59:59
        time.runs(1)
        assert state_of(meter)[0] == "running"
        time.runs(1)
        stands = company.stands(company.employee)
        assert (stands.used_m, stands.extra_m, stands.left_m) == (2_000, 0, 2_000)
        assert stands.since == datetime(2031, 3, 31, 22, tzinfo=UTC)
        assert everything_adds_up()


def test_what_was_given_for_this_month_is_gone_in_the_next_P4(db: None) -> None:
    with hub_time(datetime(2031, 2, 28, 22, 59, tzinfo=UTC)) as time:
        company = Company()
        company.allows(company.employee, 4_000, extra_m=2_000)
        assert company.stands(company.employee).left_m == 6_000
        time.runs(61)
        assert company.stands(company.employee).left_m == 4_000


def test_refunds_and_waived_blocks_give_room_back_P4_M6_M8(time: HubTime, company: Company) -> None:
    company.allows(company.employee, 6_000)
    meter = company.talks(company.employee)
    time.runs(130)
    assert company.stands(company.employee).left_m == 0
    waive(meter, blocks=1, actor="user:1", reason="gift")
    assert company.stands(company.employee).left_m == 2_000
    end_meter(meter, "agent")
    refund_charges(reference=reference_of(meter), amount_m=3_000, reason="quality", actor_id=None, key="r")
    assert company.stands(company.employee).left_m == 5_000
    assert everything_adds_up()


def test_a_refund_for_a_month_that_is_over_gives_no_room_in_this_one_P4(db: None) -> None:
    with hub_time(datetime(2031, 3, 31, 21, 58, tzinfo=UTC)) as time:
        company = Company()
        company.allows(company.employee, 4_000)
        meter = company.talks(company.employee)
        time.runs(10)
        end_meter(meter, "agent")
        time.runs(200)
        later = company.talks(company.employee)
        time.runs(10)
        refund_charges(reference=reference_of(meter), amount_m=2_000, reason="quality", actor_id=None, key="old")
        assert company.stands(company.employee).used_m == 2_000
        end_meter(later, "agent")
        assert everything_adds_up()


def test_what_is_unused_at_the_end_is_given_back_to_the_limit_too_M5_P4(time: HubTime, company: Company) -> None:
    company.allows(company.employee, 60_000)
    meter = company.talks(company.employee)
    before = time.now
    time.runs(61)
    assert company.stands(company.employee).used_m == 4_000
    pause_meter(meter, "customer_away", since=before)
    end_meter(meter, "customer_away")
    assert company.stands(company.employee).used_m == 0
    assert everything_adds_up()


def test_the_owners_of_a_wallet_of_their_own_have_no_limit_P4(time: HubTime) -> None:
    wallet = open_wallet(user_id=make_customer().pk)
    adjust(wallet, 5_000, reason="test", actor_id=None, key=f"own-{wallet}")
    user_id = get_wallet(wallet).user_id
    meter = open_meter(wallet_id=wallet, price=MINUTE, reference="own", spender_id=user_id)
    start_meter(meter)
    time.runs(1)
    assert Meter.objects.get(pk=meter).allowance_id is None
    assert meter_views([meter])[meter].limit_left_m is None


def test_a_vip_uses_no_limit_P12(time: HubTime, company: Company) -> None:
    company.allows(company.employee, 0)
    meter = company.talks(company.employee, unmetered=True)
    time.runs(130)
    assert state_of(meter) == ("running", 3, 0)
    assert company.stands(company.employee).used_m == 0


def test_who_left_spends_nothing_more_of_the_organisation_P4(time: HubTime, company: Company) -> None:
    meter = company.talks(company.employee)
    time.runs(30)
    memberships.remove_member(person_of(company.world.owner), company.id, company.employee.pk)
    time.runs(31)
    assert state_of(meter) == ("empty", 1, 2_000)
    memberships.join(company.id, company.employee.pk, role="employee", unit_id=company.world.unit.pk, limit_m=9_000)
    stands = company.stands(company.employee)
    assert (stands.limit_m, stands.used_m) == (9_000, 2_000)
    assert everything_adds_up()


CHARGE = "insert into credits_transfer (debit_id, credit_id, amount_m, reason, actor, meter_id, block, at) "
ATTACKS = {
    "used by hand": "update credits_allowance set used_m = 0 where id = {a}",
    "more than the limit": CHARGE + "values ({w}, {h}, 2000, 'charge', 'x', {m}, 9, timestamptz '2031-03-12')",
    "more than the next limit": CHARGE + "values ({w}, {h}, 4000, 'charge', 'x', {m}, 9, timestamptz '2031-05-12')",
    "another member": "update credits_allowance set user_id = {other} where id = {a}",
    "an earlier month": "update credits_allowance set since = since - interval '1 month', used_m = 0 where id = {a}",
    "removed": "delete from credits_allowance where id = {a}",
    "born used": "insert into credits_allowance (wallet_id, user_id, used_m, since, until, time_zone) "
    "values ({w}, {other}, 1, now(), now() + interval '1 day', 'UTC')",
    "a meter changes members": "update credits_meter set allowance_id = null where id = {m}",
    "below zero": "update credits_allowance set limit_m = -1 where id = {a}",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_database_refuses_what_breaks_a_limit_P4_L3(time: HubTime, company: Company, attack: str) -> None:
    company.allows(company.employee, 3_000)
    meter = company.talks(company.employee)
    time.runs(1)
    allowance = Meter.objects.get(pk=meter).allowance_id
    values = {
        "a": allowance,
        "m": meter,
        "w": company.wallet,
        "h": house_account("house"),
        "other": company.world.owner.pk,
    }
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ATTACKS[attack].format(**values))
    assert company.stands(company.employee).used_m == 2_000
    assert everything_adds_up()
