"""What a customer pays for a session: block by block, and what is owed at the end (M1, M2, M7, P12)."""

import pytest

from credits.events import Changed, Charged, Settled
from credits.metering.meters import (
    end_meter,
    pause_meter,
    resume_meter,
    set_unmetered,
    start_meter,
)
from credits.metering.pricing import needed_to_start
from credits.metering.sweep import charge_due
from credits.models import MeterEvent, UnmeteredBlock
from credits.public import charges, meter_summary, meter_views, price_of, set_price
from tests.credits.money import (
    FREE_FIRST,
    MINUTE,
    TEN_MINUTES,
    TWO_AT_LEAST,
    balance_of,
    heard,
    make_wallet,
    opened,
    running,
    state_of,
    top_up,
)
from tests.hub_time import HubTime
from tests.people import make_department

pytestmark = pytest.mark.usefixtures("adds_up")


def test_a_department_without_a_price_is_free_of_charge_M1() -> None:
    department = make_department()
    assert price_of(department.pk).price_millicredits == 0
    set_price(department.pk, MINUTE)
    assert price_of(department.pk) == MINUTE
    assert price_of(department.pk, "phone").price_millicredits == 0
    assert needed_to_start(TWO_AT_LEAST) == 120


def test_a_new_price_does_not_touch_a_running_session_M1(time: HubTime) -> None:
    department = make_department()
    set_price(department.pk, MINUTE)
    meter = running(make_wallet(10_000), price_of(department.pk))
    set_price(department.pk, TEN_MINUTES)
    time.runs(61)
    assert state_of(meter) == ("running", 2, 4_000)


def test_nothing_runs_before_the_first_reply_M2(time: HubTime) -> None:
    wallet = make_wallet(10_000)
    meter = opened(wallet, MINUTE)
    time.runs(600)
    assert state_of(meter) == ("ready", 0, 0)
    assert meter_views([meter])[meter].elapsed_s == 0
    assert end_meter(meter, "customer")
    assert meter_summary(meter).settled
    assert balance_of(wallet) == 10_000


def test_a_block_is_charged_when_it_begins_M2(time: HubTime) -> None:
    wallet = make_wallet(10_000)
    meter = running(wallet, MINUTE)
    assert state_of(meter) == ("running", 0, 0)
    time.runs(1)
    assert state_of(meter) == ("running", 1, 2_000)
    time.runs(59)  # sixty seconds are one block
    assert state_of(meter) == ("running", 1, 2_000)
    time.runs(1)
    assert state_of(meter) == ("running", 2, 4_000)
    assert balance_of(wallet) == 6_000
    assert [(c.block, c.amount_m, c.refunded_m) for c in charges(meter)] == [(1, 2_000, 0), (2, 2_000, 0)]


def test_starting_twice_is_starting_once_M2(time: HubTime) -> None:
    meter = running(make_wallet(10_000), MINUTE)
    time.runs(30)
    start_meter(meter)
    time.runs(31)
    assert state_of(meter) == ("running", 2, 4_000)


def test_free_seconds_come_first_M2(time: HubTime) -> None:
    meter = running(make_wallet(10_000), FREE_FIRST)
    time.runs(60)
    assert state_of(meter) == ("free", 0, 0)
    time.runs(1)
    assert state_of(meter) == ("running", 1, 2_000)
    time.runs(60)
    assert state_of(meter) == ("running", 2, 4_000)
    end_meter(meter, "agent")
    summary = meter_summary(meter)
    assert (summary.elapsed_s, summary.free_s, summary.charged_m) == (121, 60, 4_000)


def test_the_minimum_is_all_or_nothing_M2(time: HubTime) -> None:
    wallet = make_wallet(100)  # one block of 60, not two
    meter = running(wallet, TWO_AT_LEAST)
    time.runs(1)
    assert state_of(meter) == ("empty", 0, 0)
    with heard() as said:
        time.runs(5)  # a hundred is not enough to go on, so nothing stirs
    assert said == []
    top_up(wallet, 20)
    time.runs(1)
    assert state_of(meter) == ("running", 2, 120)
    time.runs(118)
    assert state_of(meter) == ("running", 2, 120)


def test_a_late_sweep_catches_up_M2(time: HubTime) -> None:
    meter = running(make_wallet(1_000_000), MINUTE)
    time.beats(6_001)
    time.runs(1)
    assert state_of(meter) == ("running", 101, 202_000)


@pytest.mark.parametrize("used_s", [1, 60])
def test_what_has_begun_is_owed_after_the_end_M7(time: HubTime, used_s: int) -> None:
    meter = running(make_wallet(10_000), MINUTE)
    time.beats(used_s)
    assert end_meter(meter, "agent")
    assert not end_meter(meter, "agent")
    assert not meter_summary(meter).settled
    with heard() as said:
        time.runs(1)
    assert [type(e) for e in said] == [Charged, Settled, Changed]
    assert state_of(meter) == ("ended", 1, 2_000)
    assert meter_summary(meter).settled


def test_what_happened_to_a_meter_is_in_rows_M7(time: HubTime) -> None:
    meter = running(make_wallet(2_000), MINUTE)
    time.runs(30)
    pause_meter(meter, "agent", actor="user:7")
    resume_meter(meter)
    time.runs(200)
    rows = MeterEvent.objects.filter(meter_id=meter).order_by("id").values_list("kind", "reason", "actor")
    assert list(rows) == [
        ("opened", "", ""),
        ("started", "", ""),
        ("paused", "agent", "user:7"),
        ("resumed", "", ""),
        ("emptied", "running", "sweep"),
        ("ended", "empty", "meter"),
    ]


def test_a_vip_pays_nothing_and_the_use_is_recorded_P12(time: HubTime) -> None:
    wallet = make_wallet(0)
    meter = running(wallet, MINUTE, unmetered=True)
    time.runs(61)
    assert state_of(meter) == ("running", 2, 0)
    assert list(UnmeteredBlock.objects.values_list("block", "amount_m", "list_price_m")) == [
        (1, 0, 2_000),
        (2, 0, 2_000),
    ]
    assert meter_views([meter])[meter].empty_at is None


def test_vip_is_decided_when_a_block_begins_however_late_it_is_charged_P12(time: HubTime) -> None:
    wallet = make_wallet(100_000)
    meter = running(wallet, MINUTE)
    time.beats(70)  # two blocks have begun
    set_unmetered(meter, True)
    time.beats(120)  # two more begin as a VIP's
    set_unmetered(meter, False)
    time.beats(60)  # one more is to be paid again
    assert not set_unmetered(meter, False)
    time.runs(1)
    assert [(c.block, c.amount_m) for c in charges(meter)] == [(1, 2_000), (2, 2_000), (3, 0), (4, 0), (5, 2_000)]


def test_behind_a_refused_block_a_vip_block_is_not_charged_P12(time: HubTime) -> None:
    meter = running(make_wallet(2_000), MINUTE)
    time.runs(1)
    time.beats(65)  # the second block was begun by somebody who pays, and cannot be
    set_unmetered(meter, True)
    time.beats(60)  # the third begins as a VIP's
    assert charge_due() == 1
    assert state_of(meter) == ("empty", 1, 2_000)
    time.runs(1)
    time.runs(1)  # it wakes, and the second begins again, as a VIP's
    assert [(c.block, c.amount_m) for c in charges(meter)] == [(1, 2_000), (2, 0)]
