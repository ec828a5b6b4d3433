"""What both sides are told: the time left, credits running low, each change once (M3, M4)."""

from datetime import timedelta

import pytest

from credits.events import Changed, Charged, Low
from credits.metering.gifts import grant, waive
from credits.metering.meters import (
    end_meter,
    pause_meter,
    resume_meter,
    set_unmetered,
    start_meter,
)
from credits.public import meter_views
from tests.credits.money import (
    MINUTE,
    TEN_MINUTES,
    heard,
    make_wallet,
    opened,
    running,
    state_of,
    top_up,
)
from tests.hub_time import HubTime

pytestmark = pytest.mark.usefixtures("adds_up")


def test_low_is_said_once_at_each_of_five_two_and_one_minutes_M4(time: HubTime) -> None:
    meter = running(make_wallet(20_000), MINUTE)  # ten minutes
    with heard() as said:
        for _ in range(600):
            time.runs(1)
    assert [e.minutes for e in said if isinstance(e, Low)] == [5, 2, 1]
    assert state_of(meter)[0] == "running"


def test_low_is_said_in_the_middle_of_a_long_block_M4(time: HubTime) -> None:
    running(make_wallet(20_000), TEN_MINUTES)  # twenty minutes in two blocks
    with heard() as said:
        time.runs(899)
        assert [e.minutes for e in said if isinstance(e, Low)] == []
        time.runs(2)
        assert [e.minutes for e in said if isinstance(e, Low)] == [5]
        time.runs(290)
    assert [e.minutes for e in said if isinstance(e, Low)] == [5, 2, 1]


def test_low_is_said_again_after_a_top_up_has_run_down_M4(time: HubTime) -> None:
    wallet = make_wallet(2_000)
    with heard() as said:
        running(wallet, MINUTE)
        time.runs(2)
        top_up(wallet, 20_000)
        time.runs(600)
    assert [e.minutes for e in said if isinstance(e, Low)] == [1, 5, 2, 1]


def test_a_small_top_up_says_no_warning_M4(time: HubTime) -> None:
    wallet = make_wallet(4_000)
    running(wallet, MINUTE)
    time.runs(1)
    with heard() as said:
        top_up(wallet, 2_000)  # from within two minutes to within five
    assert [type(e) for e in said] == [Changed]


def test_credits_taken_away_make_low_at_once_M4(time: HubTime) -> None:
    wallet = make_wallet(100_000)
    running(wallet, MINUTE)
    time.runs(5)
    with heard() as said:
        top_up(wallet, -96_000)
    assert [e.minutes for e in said if isinstance(e, Low)] == [2]


def test_the_time_left_counts_all_running_meters_of_the_wallet_M3(time: HubTime) -> None:
    wallet = make_wallet(20_000)
    first = running(wallet, MINUTE)
    time.runs(1)
    alone = meter_views([first])[first].empty_at
    with heard() as said:
        second = running(wallet, MINUTE)
        time.runs(1)
    together = [e.view.empty_at for e in said if isinstance(e, Changed) and e.meter_id == first][-1]
    assert alone is not None
    assert together is not None
    assert together < alone
    assert together == meter_views([first])[first].empty_at
    while state_of(first)[0] == state_of(second)[0] == "running":
        time.runs(1)
    assert together <= time.now <= together + timedelta(seconds=121)  # never later, at most a block of each too early


def test_the_time_left_of_one_meter_is_exact_M3(time: HubTime) -> None:
    meter = running(make_wallet(7_000), MINUTE)  # three blocks and a half
    time.runs(1)
    empty_at = meter_views([meter])[meter].empty_at
    assert empty_at is not None
    while state_of(meter)[0] == "running":
        time.runs(1)
    assert (time.now - empty_at).total_seconds() == 1  # the block after it would begin now


def test_every_change_is_told_once_with_its_whole_frame_M3(time: HubTime) -> None:
    wallet = make_wallet(10_000)
    meter = opened(wallet, MINUTE)
    for act in (
        lambda: start_meter(meter),
        lambda: time.runs(1),
        lambda: pause_meter(meter, "agent"),
        lambda: resume_meter(meter),
        lambda: grant(meter, 60, actor="user:1", reason="gift"),
        lambda: waive(meter, blocks=1, actor="user:1", reason="gift"),
        lambda: top_up(wallet, 5),
        lambda: set_unmetered(meter, True),
        lambda: end_meter(meter, "agent"),
    ):
        with heard() as said:
            act()
        changed = [e for e in said if isinstance(e, Changed)]
        assert len(changed) == 1
        assert changed[0].view == meter_views([meter])[meter]


def test_what_a_sweep_says_carries_the_frame_of_the_ledger_M3(time: HubTime) -> None:
    wallet = make_wallet(10_000)
    meter = running(wallet, MINUTE)
    with heard() as said:
        time.runs(1)
    (charged,) = [e for e in said if isinstance(e, Charged)]
    assert (charged.blocks, charged.charged_m, charged.view.balance_m) == (1, 2_000, 8_000)
    assert charged.view == meter_views([meter])[meter]
