"""L5, L7: what was added up in a night changes no page: lots, months and balances are those of the lines alone."""

from __future__ import annotations

import os
import random
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from credits.ledger import overview
from credits.ledger.accounts import house_account
from credits.ledger.holds import capture, reserve, void
from credits.ledger.lines import Filter, Line, read_lines
from credits.ledger.tallies import keep_tallies, keep_tallies_of
from credits.metering.audit import find_offences
from credits.models import Account, Tally
from hub.base import clock
from tests.credits.money import make_wallet, top_up
from tests.credits.test_lots import _rows
from tests.credits.test_lots_return import Purse

pytestmark = pytest.mark.django_db
LIVES = int(os.environ.get("EXAMPLES", "20")) // 2
BEGIN = datetime(2026, 11, 25, 12, tzinfo=UTC)


SHORT = {"lines_min": 2, "lines_max": 5}


class Life(Purse):
    """A purse whose lines come in no order of their times, some of them out of what was held."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.held: list[tuple[int, int]] = []

    def go_on(self) -> None:
        with clock.freeze(BEGIN - timedelta(days=self.rng.randint(0, 200), minutes=self.step)):
            super().go_on()
            if self.rng.random() < 0.2:
                self.hold()

    def balance(self) -> int:
        """What can be spent; what is held stays in its lots."""
        return super().balance() - sum(amount for _, amount in self.held)

    def days(self) -> None:
        if not self.held:  # what is held does not expire, which the pencil does not know
            super().days()

    def hold(self) -> None:
        self.step += 1
        if self.held and self.rng.random() < 0.6:
            hold, amount = self.held.pop()
            if self.rng.random() < 0.5:
                void(hold, actor="t")
            else:
                capture(hold, self.key(), house_account("house"), amount, final=True, actor="t")
                self.take(amount)
        elif self.balance() > 1:
            amount = self.rng.randint(1, self.balance())
            self.held.append((reserve(self.key(), self.wallet, amount, BEGIN + timedelta(days=99), actor="t"), amount))


def lots_of(wallet: int) -> dict[int, int]:
    return {lot: left for lot, left in _rows("select lot_id, left_m from credits_wallet_lots(%s)", wallet) if left}


def lines_of(wallet: int, chosen: Filter) -> list[Line]:
    found: list[Line] = []
    cursor: str | None = None
    while True:
        page, cursor = read_lines(wallet, chosen, cursor=cursor, limit=7, balances=chosen.in_a_row)
        found += page
        if cursor is None:
            return found


def told_of(wallet: int) -> list[Any]:
    """All that pages tell of a wallet."""
    times = (None, BEGIN - timedelta(days=150), BEGIN - timedelta(days=40))
    filters = [Filter(since=since, until=until) for since, until in product(times, times)]
    filters += [Filter(reason=reason) for reason in ("charge", "purchase", "taken_back", "refund", "expire")]
    with clock.freeze(BEGIN):
        return [
            lots_of(wallet),
            overview.months(wallet, back=5, spenders=None),
            *(lines_of(wallet, chosen) for chosen in filters),
        ]


def by_lines_alone(wallet: int) -> list[Any]:
    with transaction.atomic():
        Tally.objects.all().delete()
        told = told_of(wallet)
        transaction.set_rollback(True)
    return told


@pytest.mark.parametrize("seed", range(LIVES))
def test_pages_tell_the_same_with_tallies_and_without_L5_L7(seed: int) -> None:
    life, rng = Life(seed), random.Random(seed)
    for _ in range(60):
        life.go_on()
        if rng.random() < 0.3:
            keep_tallies(**SHORT)
        if rng.random() < 0.15:
            assert told_of(life.wallet) == by_lines_alone(life.wallet), life.step
        assert lots_of(life.wallet) == {lot[0]: lot[1] for _, lot in life.lots if lot[1]}, life.step
    assert Tally.objects.filter(wallet=life.wallet).count() > 5
    assert [str(offence) for offence in find_offences() if offence.rule in ("credits.tally", "credits.lots")] == []


@pytest.fixture
def wallet() -> int:
    made = make_wallet()
    for _ in range(12):
        top_up(made, 10)
    keep_tallies_of(made, **SHORT)
    return made


def test_a_walk_begins_at_the_last_tally_and_before_what_was_given_back_since_L7() -> None:
    """However many lines there are: what was added up is not looked at again."""
    life = Life(3)
    life.paid()
    for _ in range(20):
        life.step += 1
        life.charge() if life.balance() else life.paid()
        keep_tallies_of(life.wallet, **SHORT)
    (last,) = _rows("select through_id from credits_tally_before(%s, null)", life.wallet)
    assert last == (Tally.objects.latest("through_id").through_id,)
    charge = min(life.taken)
    life.taken = {charge: life.taken[charge]}
    life.give_back()
    (before,) = _rows("select coalesce(max(through_id), 0) from credits_tally_before(%s, null)", life.wallet)
    assert before[0] < charge
    assert lots_of(life.wallet) == {lot[0]: lot[1] for _, lot in life.lots if lot[1]}


def test_the_same_night_twice_makes_no_second_tally_L5(wallet: int) -> None:
    made = list(Tally.objects.order_by("through_id").values_list("after_id", "through_id"))
    assert len(made) == 3
    assert [after for after, _ in made] == [0, *(through for _, through in made[:-1])]
    assert (keep_tallies(**SHORT), keep_tallies_of(wallet, **SHORT)) == (0, 0)


@pytest.mark.parametrize(
    ("rule", "tamper"),
    [
        ("tally", "update credits_tally set balance_m = balance_m + 1"),
        ("tally", "update credits_tally set used_m = used_m + 1"),
        ("tally", "delete from credits_tally where after_id = 0"),
        ("lots", "update credits_tally set lot_lefts[1] = lot_lefts[1] + 1"),
    ],
)
def test_the_audit_sees_a_wrong_tally_L1_L7(wallet: int, rule: str, tamper: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute(tamper)
        cursor.execute("set local session_replication_role = default")
    found = {(offence.rule, offence.subject) for offence in find_offences()}
    assert (f"credits.{rule}", f"account {wallet}") in found


def test_a_tally_is_never_changed_L1(wallet: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Tally.objects.update(balance_m=1)
    assert Account.objects.get(pk=wallet).balance_m == 120
