"""Metering from the outside: what a customer pays in each turn that a session can take."""

import pytest

from credits.metering.meters import end_meter, pause_meter, resume_meter, start_meter
from credits.metering.pricing import Price
from credits.public import meter_summary, meter_views
from tests.credits.money import balance_of, make_wallet, running, state_of, top_up
from tests.hub_time import HubTime

MINUTE = Price(price_millicredits=2_000, block_seconds=60)


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


def test_starting_twice_is_starting_once_M2(time: HubTime) -> None:
    meter = running(make_wallet(10_000), MINUTE)
    time.runs(30)
    start_meter(meter)
    time.runs(31)
    assert state_of(meter) == ("running", 2, 4_000)


def test_a_pause_keeps_the_rest_of_a_paid_block_M2(time: HubTime) -> None:
    meter = running(make_wallet(10_000), MINUTE)
    time.runs(20)
    assert pause_meter(meter, "agent")
    assert not pause_meter(meter, "agent")
    time.runs(600)
    assert resume_meter(meter)
    time.runs(40)
    assert state_of(meter) == ("running", 1, 2_000)
    time.runs(1)
    assert state_of(meter) == ("running", 2, 4_000)


def test_ten_minutes_down_cost_nothing_M5(time: HubTime) -> None:
    meter = running(make_wallet(100_000), MINUTE)
    time.runs(30)
    time.is_down(600)
    assert state_of(meter) == ("running", 1, 2_000)
    time.runs(30)
    assert state_of(meter) == ("running", 1, 2_000)
    time.runs(1)
    assert state_of(meter) == ("running", 2, 4_000)
    end_meter(meter, "agent")
    assert [(p.reason, p.seconds) for p in meter_summary(meter).paused] == [("outage", 600)]


def test_an_empty_wallet_gives_grace_and_then_ends_M4(time: HubTime) -> None:
    wallet = make_wallet(2_000)
    meter = running(wallet, MINUTE)
    time.runs(65)
    view = meter_views([meter])[meter]
    assert (view.state, view.stops_by, view.charged_m, view.elapsed_s) == ("grace", "balance", 2_000, 60)
    assert view.grace_until is not None
    time.runs(121)
    assert state_of(meter) == ("ended", 1, 2_000)
    assert balance_of(wallet) == 0
    assert meter_summary(meter).settled


def test_a_top_up_in_grace_wakes_the_meter_at_once_M4(time: HubTime) -> None:
    wallet = make_wallet(2_000)
    meter = running(wallet, MINUTE)
    time.runs(90)
    assert state_of(meter)[0] == "empty"
    top_up(wallet, 4_000)
    assert state_of(meter)[0] == "running"
    time.runs(1)
    assert state_of(meter) == ("running", 2, 4_000)


@pytest.mark.parametrize("used_s", [1, 60])
def test_what_has_begun_is_owed_after_the_end_M7(time: HubTime, used_s: int) -> None:
    meter = running(make_wallet(10_000), MINUTE)
    time.beats(used_s)
    assert end_meter(meter, "agent")
    assert not meter_summary(meter).settled
    time.runs(1)
    assert state_of(meter) == ("ended", 1, 2_000)
    assert meter_summary(meter).settled
