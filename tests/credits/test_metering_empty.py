"""An empty wallet, most-to-spend, and meters that share a wallet (M4, C1)."""

import pytest

from credits.events import Changed, Emptied, GraceOver, Low, Settled, Woke
from credits.metering.meters import (
    set_most_to_spend,
)
from credits.metering.pricing import Price
from credits.public import meter_summary, meter_views
from tests.credits.money import (
    MINUTE,
    balance_of,
    heard,
    make_wallet,
    running,
    state_of,
    top_up,
)
from tests.hub_time import HubTime

pytestmark = pytest.mark.usefixtures("adds_up")


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
