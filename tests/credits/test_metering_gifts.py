"""Time and blocks that staff give (M4, M8)."""

from datetime import timedelta

import pytest

from credits.errors import AboveLimit, Ended, ReasonMissing, WrongAmount
from credits.metering.gifts import grant, waive
from credits.metering.meters import (
    end_meter,
    pause_meter,
)
from credits.public import meter_views
from tests.credits.money import (
    MINUTE,
    balance_of,
    make_wallet,
    running,
    state_of,
    top_up,
)
from tests.hub_time import HubTime

pytestmark = pytest.mark.usefixtures("adds_up")


def test_minutes_granted_in_grace_make_it_longer_M4(time: HubTime) -> None:
    meter = running(make_wallet(2_000), MINUTE)
    time.runs(61)
    before = meter_views([meter])[meter].grace_until
    grant(meter, 300, actor="user:1", reason="almost done")
    after = meter_views([meter])[meter].grace_until
    assert before is not None
    assert after == before + timedelta(seconds=300)
    time.runs(400)
    assert state_of(meter)[0] == "empty"


def test_minutes_granted_while_running_are_free_M4(time: HubTime) -> None:
    meter = running(make_wallet(10_000), MINUTE)
    time.runs(30)
    grant(meter, 120, actor="user:1", reason="sorry")
    time.runs(150)  # thirty seconds that are paid, and the gift
    assert state_of(meter) == ("running", 1, 2_000)
    time.runs(1)
    assert state_of(meter) == ("running", 2, 4_000)


def test_a_waived_block_is_given_back_M8(time: HubTime) -> None:
    wallet = make_wallet(10_000)
    meter = running(wallet, MINUTE)
    time.runs(70)
    assert waive(meter, blocks=1, actor="user:1", reason="slow answer") == 1
    assert state_of(meter) == ("running", 2, 2_000)
    assert balance_of(wallet) == 8_000
    time.runs(50)
    assert state_of(meter) == ("running", 2, 2_000)
    time.runs(1)
    assert state_of(meter) == ("running", 3, 4_000)


def test_what_is_waived_beyond_the_charged_blocks_is_free_time_to_come_M8(time: HubTime) -> None:
    meter = running(make_wallet(10_000), MINUTE)
    time.runs(10)
    assert waive(meter, blocks=3, actor="user:1", reason="our mistake") == 3
    assert state_of(meter) == ("running", 1, 0)
    time.runs(60 - 10 + 120)
    assert state_of(meter) == ("running", 1, 0)
    time.runs(1)
    assert state_of(meter) == ("running", 2, 2_000)


def test_waiving_an_empty_meter_lets_it_run_M8(time: HubTime) -> None:
    meter = running(make_wallet(2_000), MINUTE)
    time.runs(61)
    assert state_of(meter)[0] == "empty"
    waive(meter, blocks=2, actor="user:1", reason="gift")  # one is given back and pays for the next, one is free
    assert state_of(meter)[0] == "running"
    time.runs(120)
    assert state_of(meter) == ("running", 2, 2_000)
    time.runs(1)
    assert state_of(meter)[0] == "empty"


def test_free_time_alone_lets_an_empty_meter_run_M8(time: HubTime) -> None:
    wallet = make_wallet(2_000)
    meter = running(wallet, MINUTE)
    time.runs(1)
    waive(meter, blocks=1, actor="user:1", reason="gift")
    top_up(wallet, -2_000)
    time.runs(60)
    assert state_of(meter)[0] == "empty"
    waive(meter, blocks=2, actor="user:1", reason="gift")  # nothing is left to give back
    assert state_of(meter)[0] == "running"
    time.runs(120)
    assert state_of(meter) == ("running", 1, 0)
    time.runs(1)
    assert state_of(meter)[0] == "empty"


def test_waiving_ends_at_the_limit_of_the_owner_M8(time: HubTime, settings: object) -> None:
    settings.WAIVE_BLOCKS_MAX = 3  # type: ignore[attr-defined]
    meter = running(make_wallet(10_000), MINUTE)
    time.runs(1)
    assert waive(meter, blocks=2, actor="user:1", reason="gift") == 2
    with pytest.raises(AboveLimit):
        waive(meter, blocks=2, actor="user:1", reason="gift")
    assert waive(meter, actor="user:1", reason="gift") == 1  # as many as are left
    with pytest.raises(AboveLimit):
        waive(meter, actor="user:1", reason="gift")


def test_granting_ends_at_the_limit_of_the_owner_M8(time: HubTime, settings: object) -> None:
    settings.GRANT_SECONDS_MAX = 100  # type: ignore[attr-defined]
    meter = running(make_wallet(10_000), MINUTE)
    grant(meter, 60, actor="user:1", reason="gift")
    with pytest.raises(AboveLimit):
        grant(meter, 41, actor="user:1", reason="gift")


def test_gifts_need_sense_and_a_reason_M8(time: HubTime) -> None:
    meter = running(make_wallet(10_000), MINUTE)
    for wrong in (
        lambda: grant(meter, 0, actor="a", reason="x"),
        lambda: waive(meter, blocks=-1, actor="a", reason="x"),
    ):
        with pytest.raises(WrongAmount):
            wrong()
    for silent in (
        lambda: grant(meter, 9, actor="a", reason=" "),
        lambda: waive(meter, blocks=1, actor="a", reason=""),
    ):
        with pytest.raises(ReasonMissing):
            silent()
    end_meter(meter, "agent")
    with pytest.raises(Ended):
        grant(meter, 9, actor="a", reason="x")


def test_a_waived_block_that_was_not_used_is_not_lost_M8_M5(time: HubTime) -> None:
    wallet = make_wallet(10_000)
    meter = running(wallet, MINUTE)
    time.runs(50)
    last_seen = time.now
    time.runs(20)
    waive(meter, blocks=1, actor="user:1", reason="slow")  # the second, the newest
    pause_meter(meter, "agent_away", since=last_seen)  # the second was never used
    end_meter(meter, "inactive")
    assert state_of(meter) == ("ended", 2, 0)  # one for each promise
    assert balance_of(wallet) == 10_000
