"""Many at once: no deadlock, no error but the expected refusals, nothing charged twice, a clean audit (L2, L3, M2, M4).

`HAMMER_S=30` makes the hammer a long run.
"""

from __future__ import annotations

import os
import random
import threading
import time as real_time
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import OperationalError, connection, transaction

from credits.adjustments import adjust
from credits.errors import NoCredits, NothingToRefund
from credits.ledger.accounts import house_account
from credits.ledger.holds import capture, expire_holds, reserve, void
from credits.ledger.transfers import Movement, lock_accounts, post
from credits.metering.audit import offences
from credits.metering.gifts import waive
from credits.metering.hub_time import beat
from credits.metering.meters import (
    end_meter,
    lock_meter,
    pause_meter,
    resume_meter,
    set_unmetered,
    start_meter,
)
from credits.metering.pricing import Price
from credits.metering.purse import moving
from credits.metering.sweep import charge_batch, charge_due
from credits.metering.waking import Turn, end_graces, wake_batch
from credits.models import Account, Transfer
from credits.refunds import refund_charges
from hub.base import clock
from tests.credits.money import make_wallet, opened, own_connection, reference_of, running, state_of, top_up
from tests.hub_time import hub_time

pytestmark = pytest.mark.django_db(transaction=True)

HAMMER_S = float(os.environ.get("HAMMER_S", "4"))
MINUTE = Price(price_millicredits=10, block_seconds=60)
DEAR = Price(price_millicredits=70, block_seconds=2, free_seconds=1, minimum_blocks=2)
CHEAP = Price(price_millicredits=30, block_seconds=1)


def beside(*acts: Callable[[], object]) -> list[BaseException]:
    """Run these at once, each on a connection of its own; what they raised."""
    raised: list[BaseException] = []

    def run(act: Callable[[], object]) -> None:
        own_connection()
        try:
            act()
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return raised


class Hammer:
    """Eight threads on six wallets with prices that cannot be paid all the time."""

    def __init__(self) -> None:
        self.wallets = [make_wallet() for _ in range(6)]
        self.meters = [running(wallet, price) for wallet in self.wallets for price in (DEAR, CHEAP, CHEAP)]
        self.ended: list[int] = []
        self.wall = int(clock.now().timestamp())
        self.over = threading.Event()
        self.counts: Counter[str] = Counter()
        self.trouble: list[tuple[str, str]] = []

    def beating(self, rng: random.Random) -> None:
        self.wall += rng.choice((1, 1, 1, 2, 20))
        beat(clock.now().fromtimestamp(self.wall, clock.now().tzinfo))
        real_time.sleep(0.005)  # the others need time to do something within a second of the hub

    def sweeping(self, rng: random.Random) -> None:
        wake_batch(Turn())
        charge_batch(rng.choice((3, 500)))
        end_graces()

    def topping(self, rng: random.Random) -> None:
        adjust(rng.choice(self.wallets), rng.randint(1, 200), reason="x", actor_id=None, key=f"h{rng.random()}")

    def doubled(self, rng: random.Random) -> None:
        """The notice and the return of one purchase, from all threads at once."""
        n = int(real_time.monotonic() * 20)
        wallet = self.wallets[n % 6]
        adjust(wallet, 50, reason="x", actor_id=None, key=f"d{wallet}-{n}")

    def pausing(self, rng: random.Random) -> None:
        meter = rng.choice(self.meters)
        since = clock.now().fromtimestamp(self.wall - rng.randint(0, 5), clock.now().tzinfo)
        if not pause_meter(meter, "agent", since=rng.choice((None, since))):
            resume_meter(meter)

    def refunding(self, rng: random.Random) -> None:
        if self.ended:
            key = f"r{rng.random()}"
            refund_charges(
                reference=reference_of(rng.choice(self.ended)),
                amount_m=rng.randint(1, 100),
                reason="quality",
                actor_id=None,
                key=key,
            )

    def waiving(self, rng: random.Random) -> None:
        waive(rng.choice(self.meters), blocks=1, actor="x", reason="x")

    def switching(self, rng: random.Random) -> None:
        set_unmetered(rng.choice(self.meters), rng.random() < 0.3)

    def holding(self, rng: random.Random) -> None:
        hold = reserve(f"hh{rng.random()}", rng.choice(self.wallets), rng.randint(1, 60), clock.now(), actor="x")
        how = rng.randrange(3)
        if how == 0:
            void(hold, actor="x")
        elif how == 1:
            capture(hold, f"c{hold}", house_account("house"), 1, actor="x")
        expire_holds(clock.now(), 3)

    def ending(self, rng: random.Random) -> None:
        real_time.sleep(0.02)  # meters live a while
        index = rng.randrange(len(self.meters))
        end_meter(self.meters[index], "agent")
        self.ended.append(self.meters[index])
        self.meters[index] = running(self.wallets[index // 3], rng.choice((DEAR, CHEAP)))

    def work(self, seed: int, *mix: Callable[[random.Random], None]) -> None:
        rng = random.Random(seed)
        while not self.over.is_set():
            act = rng.choice(mix)
            try:
                act(rng)
            except (NoCredits, NothingToRefund):
                self.counts[f"{act.__name__} refused"] += 1
            except Exception as error:
                self.trouble.append((act.__name__, repr(error)))
            else:
                self.counts[act.__name__] += 1

    def _stop_after(self, seconds: float) -> None:
        """So long, and on a slow machine until there was something to collide."""
        begun = real_time.monotonic()
        while real_time.monotonic() < begun + seconds or (
            self.counts["sweeping"] < 200 and real_time.monotonic() < begun + 180
        ):
            real_time.sleep(0.1)
        self.over.set()

    def run(self, seconds: float) -> None:
        mixes: list[tuple[Callable[[random.Random], None], ...]] = [
            (self.beating,),
            (self.sweeping,),
            (self.sweeping,),
            (self.topping, self.doubled),
            (self.pausing, self.switching),
            (self.refunding, self.doubled, self.waiving),
            (self.holding,),
            (self.ending, self.doubled, self.topping),
        ]
        watch = threading.Thread(target=self._stop_after, args=(seconds,))
        watch.start()
        raised = beside(*(lambda n=n, mix=mix: self.work(n, *mix) for n, mix in enumerate(mixes)))
        watch.join()
        assert raised == []


@pytest.mark.slow
def test_everybody_at_once_and_nothing_is_lost_or_doubled_L2_L3_M2_M4_M7() -> None:
    hammer = Hammer()
    beat(clock.now())
    hammer.run(HAMMER_S)
    for meter in hammer.meters:
        end_meter(meter, "agent")
    charge_due()
    charged = Transfer.objects.filter(meter__isnull=False).count()
    print("hammer", dict(hammer.counts), "blocks charged", charged, "trouble", hammer.trouble[:3])
    assert hammer.trouble == []
    assert charged > 50
    assert offences() == []


def test_one_key_from_many_threads_is_one_transfer_L2() -> None:
    wallet = make_wallet()
    raised = beside(*[lambda: adjust(wallet, 50, reason="x", actor_id=None, key="same")] * 8)
    assert raised == []
    assert Transfer.objects.filter(credit_id=wallet).count() == 1


def test_a_key_and_a_wallet_taken_in_two_orders_do_not_deadlock_L2() -> None:
    """One has locked the wallet and will post; the other posts the same. It must wait before it takes the key."""
    wallet, clearing = make_wallet(), house_account(Account.Kind.CLEARING)
    movement = Movement(clearing, wallet, 50, "purchase", "test")
    locked = threading.Event()

    def locks_first() -> None:
        with transaction.atomic():
            lock_accounts([wallet])
            locked.set()
            _wait_until_somebody_waits()
            post("same", movement)

    def posts() -> None:
        locked.wait(90)
        post("same", movement)

    assert beside(locks_first, posts) == []
    assert Transfer.objects.filter(credit_id=wallet).count() == 1


def test_many_who_spend_the_same_credits_cannot_overdraw_L3() -> None:
    wallet = make_wallet(100)
    clearing = house_account(Account.Kind.CLEARING)
    spend = [lambda n=n: post(f"spend{n}", Movement(wallet, clearing, 30, "spend", "test")) for n in range(8)]
    raised = beside(*spend)
    assert [type(error) for error in raised] == [NoCredits] * 5
    assert offences() == []


def test_the_order_of_locks_is_needed_L2() -> None:
    """Without the lock before the insert, two posts with one key deadlock: one has the wallet, the other the key."""
    wallet, clearing = make_wallet(), house_account(Account.Kind.CLEARING)
    both = threading.Barrier(2)

    def lock_first() -> None:
        with transaction.atomic():
            lock_accounts([wallet])
            both.wait(90)
            _insert(clearing, wallet)

    def insert_first() -> None:
        with transaction.atomic():
            _insert(clearing, house_account(Account.Kind.GIFTS))
            both.wait(90)
            lock_accounts([wallet])

    raised = beside(lock_first, insert_first)
    assert ["deadlock detected" in str(error) for error in raised] == [True]
    assert isinstance(raised[0], OperationalError)


def _insert(debit: int, credit: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into credits_transfer (key, debit_id, credit_id, amount_m, reason, actor, at)
               values ('one key', %s, %s, 5, 'purchase', 'x', now()) on conflict do nothing""",
            [debit, credit],
        )


def test_a_second_sweep_skips_what_the_first_has_and_waits_for_nobody_M2() -> None:
    with hub_time() as time:
        meter = running(make_wallet(100), MINUTE)
        time.beats(1)
        seen: list[int] = []

        def second() -> None:
            with connection.cursor() as cursor:
                cursor.execute("set statement_timeout = '20s'")
            seen.append(len(charge_batch()))

        with transaction.atomic():
            assert [row.id for row in charge_batch()] == [meter]  # and not committed
            assert beside(second) == []
        assert seen == [0]
        assert charge_batch() == []
        assert state_of(meter) == ("running", 1, 10)


def test_a_second_sweep_leaves_alone_a_wallet_that_the_first_has_L3_M4() -> None:
    """Two meters of one wallet with credits for one block: each sweep has a meter, the wallet is the first one's."""
    with hub_time() as time:
        wallet = make_wallet(10)
        meters = [running(wallet, MINUTE), running(wallet, MINUTE)]
        time.beats(1)
        seen: list[int] = []

        def second() -> None:
            with connection.cursor() as cursor:
                cursor.execute("set statement_timeout = '20s'")
            seen.append(sum(row.due for row in charge_batch()))

        with transaction.atomic():
            assert sum(row.due for row in charge_batch(1)) == 1  # and not committed
            assert beside(second) == []
        assert seen == [0]
        charge_due()
        assert [state_of(meter)[0] for meter in meters] == ["running", "empty"]
        assert offences() == []


def test_an_action_that_waited_for_the_sweep_sees_what_it_did_M2_M5() -> None:
    """Pause waits for a sweep that has the meter, then stops it at a second after the block that was just charged."""
    with hub_time() as time:
        meter = running(make_wallet(100), MINUTE)
        time.runs(60)
        swept, paused = threading.Event(), threading.Event()

        def sweep_slowly() -> None:
            with transaction.atomic():
                beat(clock.now())
                charge_batch()
                swept.set()
                _wait_until_somebody_waits()

        def pause() -> None:
            swept.wait(90)
            pause_meter(meter, "agent")
            paused.set()

        time._travel.advance(seconds=2)
        assert beside(sweep_slowly, pause) == []
        assert paused.is_set()
        assert state_of(meter) == ("paused", 2, 20)
        assert offences() == []


def test_a_top_up_leaves_alone_an_empty_meter_that_somebody_has_M4() -> None:
    """It started and ran empty after the top-up had locked the wallet's meters, and is just being woken."""
    with hub_time() as time:
        wallet = make_wallet()
        meter = opened(wallet, MINUTE)
        held, over = threading.Event(), threading.Event()

        def starts_and_runs_empty() -> None:
            start_meter(meter)
            time.beats(1)
            charge_due()

        def holds_it() -> None:
            with transaction.atomic():
                lock_meter(meter)
                held.set()
                over.wait(90)

        with connection.cursor() as cursor, transaction.atomic():
            cursor.execute("set local statement_timeout = '20s'")
            with moving(wallet):
                assert beside(starts_and_runs_empty) == []
                assert state_of(meter)[0] == "empty"
                post("gift", Movement(house_account("gifts"), wallet, 100, "gift", "test"))
                holder = threading.Thread(target=beside, args=(holds_it,))
                holder.start()
                held.wait(90)
        over.set()
        holder.join()
        assert state_of(meter)[0] == "empty"
        time.runs(1)
        assert state_of(meter)[0] == "running"
        assert offences() == []


def _wait_until_somebody_waits() -> None:
    """Until another connection waits for a lock of ours."""
    deadline = real_time.monotonic() + 60
    while real_time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("select exists (select from pg_locks where not granted)")
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody came")


def test_a_top_up_wakes_while_a_sweep_runs_M4() -> None:
    """Top-up and sweep of the same wallet, many times at once: nobody deadlocks, nothing is lost."""
    with hub_time() as time:
        wallet = make_wallet(10)
        meter = running(wallet, MINUTE)
        time.runs(61)
        assert state_of(meter)[0] == "empty"

        def tick() -> None:
            for _ in range(20):
                wake_batch(Turn())
                charge_due()

        def add() -> None:
            for _ in range(20):
                top_up(wallet, 1)

        assert beside(tick, tick, add, add) == []
        time.runs(1)
        assert state_of(meter)[1] == 2
        assert offences() == []
