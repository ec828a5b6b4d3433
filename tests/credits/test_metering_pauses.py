"""What a customer does not pay for: pauses, absence, an outage of ours (M2, M5)."""

from datetime import timedelta

import pytest

from credits.events import Changed
from credits.metering.meters import (
    end_meter,
    pause_meter,
    resume_meter,
)
from credits.public import charges, meter_summary, meter_views
from tests.credits.money import (
    MINUTE,
    balance_of,
    heard,
    make_wallet,
    running,
    state_of,
)
from tests.hub_time import HubTime

pytestmark = pytest.mark.usefixtures("adds_up")


def test_a_pause_keeps_the_rest_of_a_paid_block_M2(time: HubTime) -> None:
    meter = running(make_wallet(10_000), MINUTE)
    time.runs(20)
    assert pause_meter(meter, "agent")
    assert not pause_meter(meter, "agent")
    time.runs(600)
    assert resume_meter(meter)
    assert not resume_meter(meter)
    time.runs(40)
    assert state_of(meter) == ("running", 1, 2_000)
    time.runs(1)
    assert state_of(meter) == ("running", 2, 4_000)
    assert [(p.reason, p.seconds) for p in meter_summary(meter).paused] == [("agent", 600)]


def test_a_pause_counts_back_to_the_last_sign_of_life_M5(time: HubTime) -> None:
    meter = running(make_wallet(10_000), MINUTE)
    time.runs(50)
    last_seen = time.now
    time.runs(20)  # the second block has begun only after it
    assert state_of(meter) == ("running", 2, 4_000)
    assert pause_meter(meter, "agent_away", since=last_seen)
    assert meter_views([meter])[meter].elapsed_s == 50
    time.runs(100)
    resume_meter(meter)
    time.runs(70)  # ten seconds of the first block and sixty of the second are paid already
    assert state_of(meter) == ("running", 2, 4_000)
    time.runs(1)
    assert state_of(meter) == ("running", 3, 6_000)
    assert [(p.reason, p.seconds) for p in meter_summary(meter).paused] == [("agent_away", 120)]


def test_an_unused_block_is_given_back_at_the_end_M5(time: HubTime) -> None:
    wallet = make_wallet(10_000)
    meter = running(wallet, MINUTE)
    time.runs(50)
    last_seen = time.now
    time.runs(20)
    pause_meter(meter, "agent_away", since=last_seen)
    assert balance_of(wallet) == 6_000
    assert end_meter(meter, "inactive")
    assert state_of(meter) == ("ended", 2, 2_000)
    assert balance_of(wallet) == 8_000
    assert [(c.block, c.refunded_m, c.refund_reason) for c in charges(meter)] == [(1, 0, ""), (2, 2_000, "unused")]


def test_a_pause_does_not_count_back_beyond_the_resume_M5(time: HubTime) -> None:
    meter = running(make_wallet(10_000), MINUTE)
    long_ago = time.now - timedelta(hours=1)
    time.runs(30)
    pause_meter(meter, "agent")
    time.runs(10)
    resume_meter(meter)
    time.runs(20)
    pause_meter(meter, "agent_away", since=long_ago)
    assert meter_views([meter])[meter].elapsed_s == 30


def test_a_sign_of_life_before_an_outage_is_found_in_hub_time_M5(time: HubTime) -> None:
    meter = running(make_wallet(10_000), MINUTE)
    time.runs(20)
    last_seen = time.now
    time.runs(5)
    time.is_down(600)
    time.runs(5)
    pause_meter(meter, "agent_away", since=last_seen)
    assert meter_views([meter])[meter].elapsed_s == 20


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


def test_after_an_outage_everybody_is_told_the_new_times_M3_M5(time: HubTime) -> None:
    meter = running(make_wallet(100_000), MINUTE)
    time.runs(1)
    with heard() as said:
        time.is_down(600)
    assert [type(e) for e in said] == [Changed]
    assert isinstance(said[0], Changed)
    assert said[0].view == meter_views([meter])[meter]


def test_what_fell_due_during_an_outage_is_shifted_M5(time: HubTime) -> None:
    meter = running(make_wallet(100_000), MINUTE)
    time.runs(1)
    before = meter_views([meter])[meter]
    time.is_down(3_600)
    after = meter_views([meter])[meter]
    assert before.next_charge_at is not None
    assert after.next_charge_at == before.next_charge_at + timedelta(hours=1)
    assert after.elapsed_s == before.elapsed_s
