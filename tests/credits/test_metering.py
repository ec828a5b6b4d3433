"""Metering from the outside: what a customer pays in each turn that a session can take."""

from datetime import timedelta

import pytest

from credits.errors import AboveLimit, Ended, ReasonMissing, WrongAmount
from credits.events import Changed, Charged, Emptied, GraceOver, Low, Settled, Woke
from credits.metering.gifts import grant, waive
from credits.metering.meters import (
    end_meter,
    pause_meter,
    resume_meter,
    set_most_to_spend,
    set_unmetered,
    start_meter,
)
from credits.metering.pricing import Price, needed_to_start
from credits.metering.sweep import charge_due
from credits.models import MeterEvent, UnmeteredBlock
from credits.public import charges, meter_summary, meter_views, price_of, set_price
from tests.credits.money import (
    balance_of,
    everything_adds_up,
    heard,
    make_wallet,
    opened,
    running,
    state_of,
    top_up,
)
from tests.hub_time import HubTime
from tests.people import make_department

MINUTE = Price(price_millicredits=2_000, block_seconds=60)
TEN_MINUTES = Price(price_millicredits=10_000, block_seconds=600)
FREE_FIRST = Price(price_millicredits=2_000, block_seconds=60, free_seconds=60)
TWO_AT_LEAST = Price(price_millicredits=60, block_seconds=60, minimum_blocks=2)


@pytest.fixture(autouse=True)
def _audited(time: HubTime) -> object:
    """Whatever a test here did, ledger and meters add up afterwards."""
    yield
    assert everything_adds_up()


# -- prices and blocks (M1, M2) ----------------------------------------------------------------------------------------
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


# -- pauses (M2, M5) ---------------------------------------------------------------------------------------------------
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


# -- empty wallets, caps, shared wallets (M3, M4)
# ------------------------------------------------------------------------
def test_an_empty_wallet_gives_grace_and_then_ends_M4(time: HubTime) -> None:
    wallet = make_wallet(2_000)
    meter = running(wallet, MINUTE)
    with heard() as said:
        time.runs(65)
    assert [type(e) for e in said if isinstance(e, Emptied)] == [Emptied]
    view = meter_views([meter])[meter]
    assert (view.state, view.stops_by, view.charged_m, view.elapsed_s) == ("grace", "balance", 2_000, 60)
    assert view.grace_until is not None
    with heard() as said:
        time.runs(121)
    assert [type(e) for e in said] == [GraceOver, Settled, Changed]
    assert state_of(meter) == ("ended", 1, 2_000)
    assert balance_of(wallet) == 0
    assert meter_summary(meter).settled
    assert [(p.reason, p.seconds) for p in meter_summary(meter).paused] == [("empty", 125)]  # five until the sweep came


def test_a_top_up_in_grace_wakes_the_meter_at_once_M4(time: HubTime) -> None:
    wallet = make_wallet(2_000)
    meter = running(wallet, MINUTE)
    time.runs(90)
    assert state_of(meter)[0] == "empty"
    with heard() as said:
        top_up(wallet, 4_000)
    assert [type(e) for e in said] == [Woke, Changed]
    assert state_of(meter)[0] == "running"
    time.runs(1)
    assert state_of(meter) == ("running", 2, 4_000)
    assert meter_views([meter])[meter].elapsed_s == 61


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


def test_parallel_sessions_share_the_wallet_in_the_order_of_their_blocks_M4(time: HubTime) -> None:
    wallet = make_wallet(5_000)
    first = running(wallet, MINUTE)
    time.beats(1)
    second = running(wallet, MINUTE)
    time.beats(1)
    third = running(wallet, MINUTE)
    time.runs(2)  # all three are due in one sweep
    assert [state_of(m)[0] for m in (first, second, third)] == ["running", "running", "empty"]
    assert balance_of(wallet) == 1_000


def test_a_cheap_session_goes_on_when_a_dear_one_is_refused_M4(time: HubTime) -> None:
    wallet = make_wallet(100)
    dear = running(wallet, Price(150, 60))
    fair = running(wallet, Price(50, 60))
    time.runs(1)
    assert [state_of(dear), state_of(fair)] == [("empty", 0, 0), ("running", 1, 50)]


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


def test_most_to_spend_stops_a_meter_as_an_empty_wallet_does_M4_C1(time: HubTime) -> None:
    wallet = make_wallet(100_000)
    meter = running(wallet, MINUTE, most_to_spend_m=5_000)
    time.runs(1)
    view = meter_views([meter])[meter]
    assert view.stops_by == "most_to_spend"
    assert view.empty_at is not None
    assert (view.empty_at - time.now).total_seconds() == 119
    with heard() as said:
        time.runs(120)
    assert [e.minutes for e in said if isinstance(e, Low)] == [1]
    view = meter_views([meter])[meter]
    assert (view.state, view.stops_by, view.charged_m) == ("grace", "most_to_spend", 4_000)
    time.runs(10)
    assert state_of(meter)[0] == "empty"  # credits there are, but they may not be spent
    set_most_to_spend(meter, 6_000)
    time.runs(1)
    assert state_of(meter)[0] == "running"


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


# -- the end (M7)
# --------------------------------------------------------------------------------------------------------
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


# -- waiving (M8)
# --------------------------------------------------------------------------------------------------------
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


# -- VIP (P12)
# -----------------------------------------------------------------------------------------------------------
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
