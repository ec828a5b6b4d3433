"""What is given back returns to the lots it came from; a purchase that is paid back takes its own (L7, S5)."""

from __future__ import annotations

import os
import random
import time as real_time
from datetime import datetime, timedelta

import pytest
from django.db import connection

from credits.ledger.accounts import get_wallet, house_account
from credits.ledger.transfers import Movement, post
from credits.metering.pricing import Price
from tests.credits.money import make_wallet, opened
from tests.credits.test_lots import DAY0, _rows

pytestmark = pytest.mark.django_db
LIVES = int(os.environ.get("EXAMPLES", "20"))


class Purse:
    """A random life of a wallet, and beside it what a person with a pencil would keep: lots, and what each use took."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.wallet = make_wallet()
        self.meter = opened(self.wallet, Price(10, 60))
        self.lots: list[tuple[tuple[datetime, bool, int], list[int]]] = []
        self.taken: dict[int, list[tuple[int, int]]] = {}
        self.paid_by: dict[str, int] = {}
        self.step = self.day = 0

    def go_on(self) -> None:
        self.step += 1
        acts = ["paid", "gift", "gift", "use", "charge", "charge", "give_back", "give_back", "take_back", "days"]
        getattr(self, self.rng.choice(acts))()

    def key(self) -> str:
        return f"{self.wallet}:{self.step}"

    def balance(self) -> int:
        return sum(lot[1] for _, lot in self.lots)

    def add(self, lot_id: int, lot: str, until: datetime | None, amount: int) -> None:
        self.lots.append(((until or DAY0 + timedelta(days=10**5), lot == "paid", lot_id), [lot_id, amount]))
        self.lots.sort()

    def take(self, amount: int, *, first: int | None = None, paid_first: bool = False) -> list[tuple[int, int]]:
        parts = []
        own = [lot for _, lot in self.lots if lot[0] == first]
        paid = [lot for (_, is_paid, _), lot in self.lots if is_paid and paid_first]
        for lot in [*own, *paid, *(lot for _, lot in self.lots)]:
            part = min(lot[1], amount)
            lot[1], amount = lot[1] - part, amount - part
            parts.append((lot[0], part))
        assert amount == 0
        return parts

    def paid(self) -> None:
        amount, key = self.rng.randint(1, 200), f"purchase:{self.key()}"
        movement = Movement(house_account("clearing"), self.wallet, amount, "purchase", "t", key, "paid")
        self.paid_by[key] = made = post(key, movement)
        self.add(made, "paid", None, amount)

    def gift(self) -> None:
        amount = self.rng.randint(1, 100)
        until = self.rng.choice([None, DAY0 + timedelta(days=self.day + self.rng.randint(1, 6))])
        movement = Movement(house_account("gifts"), self.wallet, amount, "voucher", "t", "", "granted", until)
        self.add(post(self.key(), movement), "granted", until, amount)

    def use(self) -> None:
        if self.balance():
            amount = self.rng.randint(1, self.balance())
            post(self.key(), Movement(self.wallet, house_account("house"), amount, "test", "t"))
            self.take(amount)

    def charge(self) -> None:
        """As the sweep does: no key, a meter and a block."""
        if self.balance():
            amount = self.rng.randint(1, self.balance())
            sql = """insert into credits_transfer (debit_id, credit_id, amount_m, reason, actor, meter_id, block, at)
                     values (%s, %s, %s, 'charge', 't', %s, %s, %s) returning id"""
            house = house_account("house")
            ((made,),) = _rows(sql, self.wallet, house, amount, self.meter, self.step, DAY0)
            self.taken[made] = self.take(amount)

    def give_back(self) -> None:
        if self.taken:
            charge = self.rng.choice(sorted(self.taken))
            parts = self.taken.pop(charge)
            whole = sum(part for _, part in parts)
            left = amount = self.rng.choice([whole, self.rng.randint(1, whole)])
            refunds = house_account("refunds")
            post(self.key(), Movement(refunds, self.wallet, amount, "refund", "t", "", None, None, charge))
            for lot_id, part in reversed(parts):
                back = min(part, left)
                next(lot for _, lot in self.lots if lot[0] == lot_id)[1] += back
                left -= back

    def take_back(self) -> None:
        if self.paid_by and self.balance():
            key = self.rng.choice(sorted(self.paid_by))
            amount = self.rng.randint(1, self.balance())
            post(self.key(), Movement(self.wallet, house_account("clearing"), amount, "taken_back", "t", key))
            self.take(amount, first=self.paid_by[key], paid_first=True)

    def days(self) -> None:
        self.day += self.rng.randint(0, 4)
        today = DAY0 + timedelta(days=self.day)
        for _ in range(2):
            _rows("select credits_expire_lots(%s, %s, %s)", self.wallet, house_account("expired"), today)
        for (until, _, _), lot in self.lots:
            if until <= today:
                lot[1] = 0


@pytest.mark.parametrize("seed", range(LIVES))
def test_lots_equal_a_pencil_with_refunds_and_take_backs_L7_S5(seed: int) -> None:
    purse = Purse(seed)
    for _ in range(60):
        purse.go_on()
        found = dict(_rows("select lot_id, left_m from credits_wallet_lots(%s)", purse.wallet))
        assert found == {lot[0]: lot[1] for _, lot in purse.lots}, purse.step
    assert get_wallet(purse.wallet).balance_m == purse.balance()


def test_a_gift_that_was_used_and_given_back_is_still_a_gift_L7() -> None:
    purse = Purse(0)
    purse.step = 1
    purse.add(
        post("g", Movement(house_account("gifts"), purse.wallet, 5, "voucher", "t", "", "granted")), "granted", None, 5
    )
    post("p", Movement(house_account("clearing"), purse.wallet, 10, "purchase", "t", "p", "paid"))
    house, refunds = house_account("house"), house_account("refunds")
    sql = """insert into credits_transfer (debit_id, credit_id, amount_m, reason, actor, meter_id, block, at)
             values (%s, %s, 8, 'charge', 't', %s, 1, %s) returning id"""
    ((charge,),) = _rows(sql, purse.wallet, house, purse.meter, DAY0)
    post("u", Movement(purse.wallet, house, 2, "test", "t"))
    post("r", Movement(refunds, purse.wallet, 8, "refund", "t", "", None, None, charge))
    kinds = _rows("select lot, sum(left_m)::int from credits_wallet_lots(%s) group by 1 order by 1", purse.wallet)
    assert kinds == [("granted", 5), ("paid", 8)]


def test_the_lots_of_a_hundred_thousand_lines_are_read_in_time_L7() -> None:
    wallet = make_wallet()
    house, clearing = house_account("house"), house_account("clearing")
    for number in range(100):
        post(f"p{number}", Movement(clearing, wallet, 1_000_000, "purchase", "t", "", "paid"))
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")  # to look each line's accounts up takes seconds
        cursor.execute(
            """insert into credits_transfer (key, debit_id, credit_id, amount_m, reason, actor, at)
               select 'u' || n, %s, %s, 10, 'test', 't', now() from generate_series(1, 100000) n""",
            [wallet, house],
        )
        cursor.execute("set local session_replication_role = default")
    begun = real_time.perf_counter()
    (left,) = _rows("select sum(left_m)::bigint from credits_wallet_lots(%s)", wallet)[0]
    took_s = real_time.perf_counter() - begun
    assert left == 99_000_000
    assert took_s < 10  # 0.2 s on a quiet machine
    print(f"100,000 lines: {took_s * 1000:.0f} ms")
