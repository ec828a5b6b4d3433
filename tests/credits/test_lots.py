"""Lots derived from the lines (L7) against brute force, holds (L4), and keys that come again (L2)."""

from __future__ import annotations

import os
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from credits.errors import HoldClosed, KeyReused, NoCredits
from credits.ledger.accounts import get_wallet, house_account
from credits.ledger.holds import capture, expire_holds, reserve, void
from credits.ledger.transfers import Movement, post
from tests.credits.money import balance_of, everything_adds_up, make_wallet, top_up

DAY0 = datetime(2027, 1, 1, tzinfo=UTC)
LIVES = int(os.environ.get("EXAMPLES", "20")) // 4  # random lives of a wallet
pytestmark = pytest.mark.django_db


class Lots:
    """The rule as a person would apply it: a list of lots, each use takes from the first in order."""

    def __init__(self) -> None:
        self.lots: list[tuple[tuple[datetime, bool, int], list[int]]] = []  # (order, [id, left])

    def add(self, lot_id: int, lot: str, expires_at: datetime | None, amount: int) -> None:
        self.lots.append(((expires_at or DAY0 + timedelta(days=10**5), lot == "paid", lot_id), [lot_id, amount]))
        self.lots.sort()

    def use(self, amount: int, lot_id: int | None = None) -> int:
        """How much of it was paid credits."""
        paid = 0
        for (_, is_paid, _), lot in self.lots:
            if lot_id in (None, lot[0]):
                part = min(lot[1], amount)
                lot[1] -= part
                amount -= part
                paid += part * is_paid
        assert amount == 0
        return paid

    def left(self) -> dict[int, int]:
        return {lot[0]: lot[1] for _, lot in self.lots}


class History:
    """A random life of one wallet."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.wallet = make_wallet()
        self.house, self.clearing, self.gifts, self.expired = map(
            house_account, ("house", "clearing", "gifts", "expired")
        )
        self.model, self.day, self.step = Lots(), 0, 0
        self.holds: dict[int, int] = {}
        self.shares: dict[int, tuple[int, int]] = {}

    def move(self, debit: int, credit: int, amount: int, lot: str | None = None, until: datetime | None = None) -> int:
        return post(f"{self.wallet}:{self.step}", Movement(debit, credit, amount, "test", "test", "", lot, until))

    def go_on(self) -> None:
        self.step += 1
        acts = ["paid", "gift", "gift", "use", "use", "use", "use", "hold", "capture", "void", "days"]
        getattr(self, self.rng.choice(acts))()

    def paid(self) -> None:
        amount = self.rng.randint(1, 200)
        self.model.add(self.move(self.clearing, self.wallet, amount, "paid"), "paid", None, amount)

    def gift(self) -> None:
        amount = self.rng.randint(1, 100)
        until = self.rng.choice([None, DAY0 + timedelta(days=self.day + self.rng.randint(1, 6))])
        made = self.move(self.gifts, self.wallet, amount, "granted", until)
        self.model.add(made, "granted", until, amount)

    def use(self) -> None:
        if balance_of(self.wallet):
            amount = self.rng.randint(1, balance_of(self.wallet))
            self.shares[self.move(self.wallet, self.house, amount)] = amount, self.model.use(amount)

    def hold(self) -> None:
        if balance_of(self.wallet):
            amount = self.rng.randint(1, balance_of(self.wallet))
            self.holds[reserve(f"{self.wallet}:{self.step}", self.wallet, amount, DAY0, actor="test")] = amount

    def capture(self) -> None:
        if self.holds:
            hold, held = self.holds.popitem()
            amount = self.rng.randint(1, held)
            made = capture(hold, f"{self.wallet}:{self.step}", self.house, amount, actor="test")
            self.shares[made] = amount, self.model.use(amount)

    def void(self) -> None:
        if self.holds:
            void(self.holds.popitem()[0], actor="test")

    def days(self) -> None:
        self.day += self.rng.randint(0, 4)
        today = DAY0 + timedelta(days=self.day)
        before = _rows("select coalesce(max(id), 0) from credits_transfer")[0][0]
        for _ in range(2):  # repeating it expires nothing more
            _rows("select credits_expire_lots(%s, %s, %s)", self.wallet, self.expired, today)
        sql = "select id, reference::bigint, amount_m from credits_transfer where id > %s and reason = 'expire'"
        for made, lot, amount in sorted(_rows(sql, before)):
            self.shares[made] = amount, self.model.use(amount, lot)
        over = [lot for (until, _, _), lot in self.model.lots if until <= today and lot[1]]
        assert not over or balance_of(self.wallet) == 0  # only what is held outlives its time


def _rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        return list(cursor.fetchall())


@pytest.mark.parametrize("seed", range(LIVES))
def test_lots_equal_brute_force_L7(seed: int) -> None:
    history = History(seed)
    for _ in range(60):
        history.go_on()
        found = dict(_rows("select lot_id, left_m from credits_wallet_lots(%s)", history.wallet))
        assert found == history.model.left()
        assert sum(found.values()) == get_wallet(history.wallet).balance_m
    shares = _rows(
        "select transfer_id, amount_m, paid_m from credits_line_shares(%s) where amount_m > 0", history.wallet
    )
    assert {made: (amount, paid) for made, amount, paid in shares} == history.shares
    assert everything_adds_up()


def test_a_hold_cannot_be_spent_twice_L4() -> None:
    wallet = make_wallet(100)
    hold = reserve("h1", wallet, 70, DAY0, actor="test")
    assert (get_wallet(wallet).balance_m, get_wallet(wallet).available_m) == (100, 30)
    with pytest.raises(NoCredits):
        reserve("h2", wallet, 31, DAY0, actor="test")
    void(hold, actor="test")
    void(hold, actor="test")
    assert get_wallet(wallet).available_m == 100
    with pytest.raises(HoldClosed):
        capture(hold, "late", house_account("house"), 1, actor="test")
    assert everything_adds_up()


@pytest.mark.parametrize(("final", "left"), [(False, 40), (True, 0)])
def test_a_capture_comes_twice_L4(final: bool, left: int) -> None:
    wallet, house = make_wallet(100), house_account("house")
    hold = reserve("h1", wallet, 50, DAY0, actor="test")
    once = capture(hold, "c1", house, 10, final=final, actor="test")
    assert capture(hold, "c1", house, 10, final=final, actor="test") == once
    with pytest.raises(KeyReused):
        capture(hold, "c1", house, 11, final=final, actor="test")
    assert get_wallet(wallet).balance_m - get_wallet(wallet).available_m == left
    assert get_wallet(wallet).balance_m == 90
    if not final:
        with pytest.raises(NoCredits):
            capture(hold, "c2", house, 41, actor="test")
    assert everything_adds_up()


def test_a_hold_expires_L4() -> None:
    wallet = make_wallet(100)
    hold = reserve("h1", wallet, 50, DAY0, actor="test")
    assert expire_holds(DAY0 - timedelta(seconds=1)) == 0
    assert expire_holds(DAY0) == 1
    assert expire_holds(DAY0) == 0
    assert balance_of(wallet) == 100
    with pytest.raises(HoldClosed):
        capture(hold, "late", house_account("house"), 1, actor="test")


def test_one_key_is_one_transfer_and_other_contents_are_refused_L2() -> None:
    wallet, clearing = make_wallet(), house_account("clearing")
    movement = Movement(clearing, wallet, 50, "purchase", "user:1", "order 1", "paid")
    assert post("k", movement) == post("k", movement)
    for other in (
        Movement(clearing, wallet, 51, "purchase", "user:1", "order 1", "paid"),
        Movement(clearing, wallet, 50, "purchase", "user:2", "order 1", "paid"),
        Movement(clearing, wallet, 50, "purchase", "user:1", "order 2", "paid"),
        Movement(clearing, wallet, 50, "purchase", "user:1", "order 1", "granted"),
        Movement(clearing, make_wallet(), 50, "purchase", "user:1", "order 1", "paid"),
    ):
        with pytest.raises(KeyReused):
            post("k", other)
    assert balance_of(wallet) == 50


def test_taking_away_more_than_there_is_leaves_no_trace_L3() -> None:
    wallet = make_wallet(10)
    with pytest.raises(NoCredits):
        top_up(wallet, -11)
    assert balance_of(wallet) == 10
    assert everything_adds_up()
