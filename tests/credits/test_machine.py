"""Any order of charge, pause, resume, crash, top-up, refund, waive, VIP, hold, limit, month and price change, against a
model. The second wallet is an organisation's, with two members who may have limits.

Three connections to PostgreSQL take turns, each action is committed; after each step wallets, meters and holds equal
the model, and the audit finds nothing. `EXAMPLES=200` makes a long run of it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import override_settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from credits.adjustments import adjust
from credits.allowances import read_allowances
from credits.errors import HoldClosed, KeyReused, NoCredits, NothingToRefund
from credits.ledger.accounts import house_account, open_wallet
from credits.ledger.holds import capture, expire_holds, reserve, void
from credits.limits import write_limit
from credits.metering.audit import offences
from credits.metering.gifts import grant, waive
from credits.metering.hub_time import beat
from credits.metering.meters import (
    end_meter,
    open_meter,
    pause_meter,
    resume_meter,
    set_most_to_spend,
    set_unmetered,
    start_meter,
)
from credits.metering.pricing import Price, price_of, set_price
from credits.metering.sweep import charge_due
from credits.metering.waking import Turn, end_graces, wake_batch
from credits.models import Hold, Meter
from credits.refunds import refund_charges
from hub.base import clock
from tests.credits.model import MemberModel, MeterModel, World
from tests.credits.money import make_wallet, own_connection
from tests.people import make_department, make_organisation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

EXAMPLES = int(os.environ.get("EXAMPLES", "20"))
STEPS = int(os.environ.get("STEPS", "40"))


def hub_clock() -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute("select hub_s, lost_s from credits_hubclock")
        hub_s, lost_s = cursor.fetchone()
    return hub_s, lost_s


class Money(RuleBasedStateMachine):
    meters, holds = Bundle("meters"), Bundle("holds")

    def __init__(self) -> None:
        super().__init__()
        # Months go by in here; that a refund comes too late is for tests/credits/test_refunds.py.
        self.window = override_settings(REFUND_WINDOW_DAYS=36_500)
        self.window.enable()
        self.connections = [ThreadPoolExecutor(1, initializer=own_connection) for _ in range(3)]
        self.step = 0
        hub_s, lost_s = self.do(hub_clock)
        start = datetime.fromtimestamp(hub_s + lost_s, clock.now().tzinfo) if hub_s + lost_s else clock.now()
        self.frozen = clock.freeze(start.replace(microsecond=0))
        self.travel = self.frozen.__enter__()
        self.do(beat, clock.now())
        self.lost: int
        hub_s, self.lost = self.do(hub_clock)
        self.outages: list[tuple[int, int]] = []
        self.organisation, company, self.members = self.do(_company)
        self.wallets = [self.do(make_wallet), company]
        self.world = World(hub_s, self.wallets)
        self.world.members = {member: MemberModel(company) for member in self.members}
        self.world.month = self.month()
        self.held: dict[int, dict[str, Any]] = {}
        self.posted: dict[str, tuple[int, int, int]] = {}
        self.department = self.do(make_department).pk
        self.price_change(100, 60, 0, 1)

    def teardown(self) -> None:
        try:
            for meter_id in self.world.meters:
                self.do(end_meter, meter_id, "teardown")
            self.do(charge_due)
            assert self.do(offences) == []
            for hold_id, hold in self.held.items():
                if hold["state"] == "open":
                    self.do(void, hold_id, actor="test")
        finally:
            self.window.disable()
            self.frozen.__exit__(None, None, None)
            for executor in self.connections:
                executor.submit(_close).result()
                executor.shutdown()

    def do(self, act: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """Run it on the next of the connections."""
        self.step += 1
        return self.connections[self.step % 3].submit(act, *arguments, **named).result()

    def key(self, name: object) -> str:
        return f"{self.wallets[0]}:{name}"

    def wall(self) -> int:
        return int(clock.now().timestamp())

    def month(self) -> int:
        """The calendar month where the hub is."""
        here = clock.now().astimezone(ZoneInfo(settings.TIME_ZONE))
        return here.year * 12 + here.month

    # -- time ----------------------------------------------------------------------------------------------------------
    @rule(
        steps=st.lists(st.integers(1, 15), min_size=1, max_size=12),
        ticks=st.integers(0, 2),
        batch=st.sampled_from([1, 2, 2000]),
    )
    def hub_runs(self, steps: list[int], ticks: int, batch: int) -> None:
        """Several beats and no tick, one or two: a late sweep catches up, and doing it twice changes nothing."""
        for seconds in steps:
            self.travel.advance(seconds=seconds)
            self.world.hub += seconds
            self.world.month = self.month()
            assert self.do(beat, clock.now()) == self.world.hub
        for _ in range(ticks):
            self.do(wake_batch, Turn())
            self.do(charge_due, 2000)
            self.do(charge_due, batch)
            self.do(end_graces)
            self.world.wake()
            self.world.sweep()
            self.world.end_graces()

    @rule(gap=st.integers(16, 5000))
    def outage(self, gap: int) -> None:
        self.outages.append((self.wall(), self.wall() + gap))
        self.travel.advance(seconds=gap)
        assert self.do(beat, clock.now()) == self.world.hub
        self.world.month = self.month()

    @rule(seconds=st.integers(1, 100))
    def month_ends_soon(self, seconds: int) -> None:
        """The hub is down until shortly before the end of the month."""
        here = clock.now().astimezone(ZoneInfo(settings.TIME_ZONE))
        first = here.replace(day=1, hour=0, minute=0, second=0)
        end = (first + timedelta(days=32)).replace(day=1)
        gap = int(end.timestamp()) - self.wall() - seconds
        if gap >= 16:
            self.outage(gap)

    @rule(back=st.integers(0, 100))
    def wall_clock_steps_back(self, back: int) -> None:
        assert self.do(beat, clock.now() - timedelta(seconds=back)) == self.world.hub

    def hub_at(self, wall: int) -> int:
        return wall - self.lost - sum(min(wall, to) - since for since, to in self.outages if since < wall)

    # -- meters --------------------------------------------------------------------------------------------------------
    @rule(
        price=st.sampled_from([50, 100, 333]),
        block=st.sampled_from([10, 60]),
        free=st.sampled_from([0, 30]),
        minimum=st.integers(1, 3),
    )
    def price_change(self, price: int, block: int, free: int, minimum: int) -> None:
        self.do(set_price, self.department, Price(price, block, free, minimum))

    @rule(
        target=meters,
        w=st.integers(0, 1),
        vip=st.booleans(),
        most=st.sampled_from([None, None, 0, 250, 1000]),
        start=st.booleans(),
        who=st.integers(0, 1),
    )
    def open(self, w: int, vip: bool, most: int | None, start: bool, who: int) -> int:
        wallet, vip, member = self.wallets[w], vip and w == 1, self.members[who] if w == 1 else None
        price = self.do(price_of, self.department)
        reference = self.key(self.step)
        made: int = self.do(
            open_meter,
            wallet_id=wallet,
            price=price,
            reference=reference,
            unmetered=vip,
            most_to_spend_m=most,
            spender_id=member,
        )
        self.world.meters[made] = MeterModel(
            wallet=wallet,
            price=price.price_millicredits,
            block=price.block_seconds,
            free=price.free_seconds,
            minimum=price.minimum_blocks,
            vip=vip,
            most=most,
            reference=reference,
            member=member,
        )
        if start:
            self.start(made)
        return made

    @rule(i=meters)
    def start(self, i: int) -> None:
        self.do(start_meter, i)
        if self.world.meters[i].state == "ready":
            self.world.go(self.world.meters[i])

    @rule(i=meters, why=st.sampled_from(["agent", "agent_away"]), back=st.none() | st.integers(0, 300))
    def pause(self, i: int, why: str, back: int | None) -> None:
        meter = self.world.meters[i]
        since = None if back is None else clock.now() - timedelta(seconds=back)
        back_hub = 0 if back is None else max(0, self.world.hub - self.hub_at(self.wall() - back))
        went = meter.state in ("free", "running")
        assert self.do(pause_meter, i, why, since=since) == went
        if went:
            self.world.stop(meter, "paused", back_hub)

    @rule(i=meters)
    def resume(self, i: int) -> None:
        meter = self.world.meters[i]
        went = meter.state == "paused"
        assert self.do(resume_meter, i) == went
        if went:
            self.world.go(meter)

    @rule(i=meters)
    def end(self, i: int) -> None:
        meter = self.world.meters[i]
        went = meter.state != "ended"
        assert self.do(end_meter, i, "agent") == went
        if went:
            self.world.end(meter)

    @rule(i=meters, on=st.booleans())
    def vip_switch(self, i: int, on: bool) -> None:
        meter = self.world.meters[i]
        changes = meter.state != "ended" and meter.vip != on
        assert self.do(set_unmetered, i, on) == changes
        if changes:
            self.world.switch_vip(meter, on)

    @rule(i=meters, most=st.sampled_from([None, 300, 2000]))
    def other_cap(self, i: int, most: int | None) -> None:
        self.do(set_most_to_spend, i, most)
        if self.world.meters[i].state != "ended":
            self.world.meters[i].most = most

    @rule(who=st.integers(0, 1), limit=st.sampled_from([None, 0, 150, 400, 1000]), extra=st.sampled_from([0, 0, 300]))
    def other_limit(self, who: int, limit: int | None, extra: int) -> None:
        member = self.world.members[self.members[who]]
        self.do(write_limit, self.organisation, self.members[who], limit_m=limit, extra_m=extra)
        member.limit, member.extra, member.extra_month = limit, extra, self.world.month
        self.world.wake(member.wallet)

    @rule(i=meters, count=st.integers(1, 3))
    def waive_blocks(self, i: int, count: int) -> None:
        self.do(waive, i, blocks=count, actor="test", reason="gift")
        self.world.waive(self.world.meters[i], count)

    @rule(i=meters, seconds=st.integers(1, 100))
    def grant_seconds(self, i: int, seconds: int) -> None:
        meter = self.world.meters[i]
        if meter.state == "ended":
            return
        self.do(grant, i, seconds, actor="test", reason="gift")
        if meter.state == "empty":
            assert meter.grace_until is not None
            meter.grace_until += seconds
        else:
            self.world.gift(meter, seconds)

    # -- the ledger ----------------------------------------------------------------------------------------------------
    @rule(w=st.integers(0, 1), n=st.integers(0, 5), amount=st.integers(1, 700))
    def top_up(self, w: int, n: int, amount: int) -> None:
        """Keys come again: the same contents are the same transfer, others are refused."""
        wallet, key = self.wallets[w], self.key(f"top{n}")
        arguments: dict[str, Any] = {"reason": "test", "actor_id": None, "key": key}
        known = self.posted.get(key)
        if known and known[:2] != (wallet, amount):
            with pytest.raises(KeyReused):
                self.do(adjust, wallet, amount, **arguments)
            return
        made = self.do(adjust, wallet, amount, **arguments)
        if known:
            assert made == known[2]
            self.world.wake(wallet)
            return
        self.posted[key] = (wallet, amount, made)
        self.world.balance[wallet] += amount
        self.world.wake(wallet)

    @rule(w=st.integers(0, 1), amount=st.integers(1, 300))
    def take_away(self, w: int, amount: int) -> None:
        wallet, key = self.wallets[w], self.key(f"take{self.step}")
        arguments: dict[str, Any] = {"reason": "test", "actor_id": None, "key": key}
        if amount > self.world.balance[wallet]:
            with pytest.raises(NoCredits):
                self.do(adjust, wallet, -amount, **arguments)
            return
        self.do(adjust, wallet, -amount, **arguments)
        self.world.balance[wallet] -= amount
        self.world.wake(wallet)

    @rule(i=meters, data=st.data(), too_much=st.booleans())
    def refund(self, i: int, data: st.DataObject, too_much: bool) -> None:
        meter = self.world.meters[i]
        left = self.world.refundable(meter)
        amount = left + 1 if too_much or not left else data.draw(st.integers(1, left))
        arguments: dict[str, Any] = {"reference": meter.reference, "amount_m": amount, "reason": "quality"}
        arguments |= {"actor_id": None, "key": self.key(f"refund{self.step}")}
        if meter.state != "ended" or meter.owes(self.world.hub) or amount > left:
            with pytest.raises(NothingToRefund):
                self.do(refund_charges, **arguments)
            return
        assert self.do(refund_charges, **arguments) == self.do(refund_charges, **arguments)
        self.world.refund(meter, amount)
        self.world.wake(meter.wallet)

    @rule(target=holds, w=st.integers(0, 1), amount=st.integers(1, 300), seconds=st.integers(1, 600))
    def hold(self, w: int, amount: int, seconds: int) -> int:
        wallet, key = self.wallets[w], self.key(f"hold{self.step}")
        until = clock.now() + timedelta(seconds=seconds)
        if amount > self.world.balance[wallet]:
            with pytest.raises(NoCredits):
                self.do(reserve, key, wallet, amount, until, actor="test")
            return 0
        made: int = self.do(reserve, key, wallet, amount, until, actor="test")
        assert self.do(reserve, key, wallet, amount, until, actor="test") == made
        with pytest.raises(KeyReused):
            self.do(reserve, key, wallet, amount + 1, until, actor="test")
        self.held[made] = {"wallet": wallet, "left": amount, "state": "open", "until": until, "captures": {}}
        self.world.balance[wallet] -= amount
        return made

    @rule(i=holds, part=st.floats(0, 1.5), final=st.booleans(), n=st.integers(0, 2))
    def capture(self, i: int, part: float, final: bool, n: int) -> None:
        if not i:
            return
        hold, key, house = self.held[i], self.key(f"capture{i}-{n}"), self.do(house_account, "house")
        if key in hold["captures"]:  # the same capture again does nothing
            amount, made = hold["captures"][key]
            assert self.do(capture, i, key, house, amount, final=final, actor="test") == made
            return
        amount = max(1, int(hold["left"] * part))
        if hold["state"] != "open" or amount > hold["left"]:
            with pytest.raises((HoldClosed, NoCredits)):
                self.do(capture, i, key, house, amount, final=final, actor="test")
            return
        made = self.do(capture, i, key, house, amount, final=final, actor="test")
        hold["captures"][key] = (amount, made)
        hold["left"] -= amount
        if final:
            self.world.balance[hold["wallet"]] += hold["left"]
            hold["left"] = 0
        hold["state"] = "open" if hold["left"] else "captured"

    @rule(i=holds)
    def void(self, i: int) -> None:
        if not i:
            return
        hold = self.held[i]
        if hold["state"] == "captured":
            with pytest.raises(HoldClosed):
                self.do(void, i, actor="test")
            return
        self.do(void, i, actor="test")
        if hold["state"] == "open":
            self.world.balance[hold["wallet"]] += hold["left"]
            hold.update(left=0, state="void")

    @rule()
    def expire(self) -> None:
        self.do(expire_holds, clock.now())
        for hold in self.held.values():
            if hold["state"] == "open" and hold["until"] <= clock.now():
                self.world.balance[hold["wallet"]] += hold["left"]
                hold.update(left=0, state="expired")

    # -- a process dies ------------------------------------------------------------------------------------------------
    @precondition(lambda self: self.world.meters)
    @rule(w=st.integers(0, 1), what=st.sampled_from(["top_up", "sweep", "hold", "end", "waive", "beat", "wake"]))
    def crash(self, w: int, what: str) -> None:
        """The connection dies between the statements of an action, before the commit: nothing happened."""
        wallet, meter = self.wallets[w], next(iter(self.world.meters))
        acts: dict[str, Callable[[], object]] = {
            "top_up": lambda: adjust(wallet, 77, reason="x", actor_id=None, key=self.key("lost")),
            "sweep": charge_due,
            "hold": lambda: (
                self.world.balance[wallet] and reserve(self.key("lost"), wallet, 1, clock.now(), actor="test")
            ),
            "end": lambda: end_meter(meter, "lost"),
            "waive": lambda: waive(meter, blocks=1, actor="test", reason="lost"),
            "beat": lambda: beat(clock.now() + timedelta(seconds=10)),
            "wake": lambda: wake_batch(Turn()),
        }

        def dies() -> None:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("select pg_backend_pid()")  # opens the transaction, also for an act that does nothing
                (pid,) = cursor.fetchone()
                acts[what]()
                killer.submit(_terminate, pid).result()

        killer = self.connections[0]
        try:
            with pytest.raises(DatabaseError):  # the commit comes too late
                self.connections[1].submit(dies).result()
        finally:
            self.connections[1].submit(_close).result()

    # -- what must hold after each step --------------------------------------------------------------------------------
    @invariant()
    def all_is_equal(self) -> None:
        assert self.do(_balances, self.wallets) == self.world.balance
        assert min(self.world.balance.values()) >= 0
        for row in self.do(_meters, list(self.world.meters)):
            meter = self.world.meters[row["id"]]
            assert row == {
                "id": row["id"],
                "state": meter.state,
                "ran_s": meter.ran,
                "clock_from_s": meter.since,
                "gift_s": meter.gift,
                "grace_until_s": meter.grace_until,
                "blocks_charged": meter.n,
                "charged_m": meter.charged,
                "refunded_m": meter.refunded,
                "unmetered": meter.vip,
            }
        for member, known in self.do(read_allowances, self.wallets[1], self.members).items():
            assert (known.used_m, known.left_m) == (self.world.used(member), self.world.left(member))
        holds = {i: (hold["left"], hold["state"]) for i, hold in self.held.items()}
        assert self.do(_holds, list(self.held)) == holds

    @invariant()
    def nobody_offends(self) -> None:
        if self.step % 7:  # the audit reads the whole database; the end of each example runs it too
            return
        late = {
            i for i, meter in self.world.meters.items() if meter.since is not None
        }  # the test sweeps late on purpose
        found = self.do(offences)
        assert [row for row in found if not (row[0] == "blocks" and row[1] in late and row[3] <= row[2])] == []


def _company() -> tuple[int, int, list[int]]:
    """An organisation, its wallet and two of its members."""
    made = make_organisation()
    return made.organisation.pk, open_wallet(organisation_id=made.organisation.pk), [made.manager.pk, made.employee.pk]


def _close() -> None:
    connection.close()  # that of the thread which runs this


def _terminate(pid: int) -> None:
    """Kill a backend and wait until it is gone."""
    with connection.cursor() as cursor:
        gone = False
        while not gone:
            cursor.execute("select pg_terminate_backend(%s, 5000)", [pid])
            cursor.execute("select not exists (select from pg_stat_activity where pid = %s)", [pid])
            (gone,) = cursor.fetchone()


def _balances(wallets: list[int]) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute("select id, balance_m from credits_account where id = any(%s)", [wallets])
        return dict(cursor.fetchall())


def _meters(ids: list[int]) -> list[dict[str, Any]]:
    fields = ("id", "state", "ran_s", "clock_from_s", "gift_s", "grace_until_s", "blocks_charged", "charged_m")
    return list(Meter.objects.filter(pk__in=ids).values(*fields, "refunded_m", "unmetered"))


def _holds(ids: list[int]) -> dict[int, tuple[int, str]]:
    return {
        pk: (left, state) for pk, left, state in Hold.objects.filter(pk__in=ids).values_list("pk", "left_m", "state")
    }


def test_any_order_of_events_keeps_the_ledger_and_the_meters_right_L1_L3_L4_M2_M4_M5_M6_M7_M8_P4_P12() -> None:
    run_state_machine_as_test(
        Money,
        settings=hypothesis_settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
