"""Any order of notices, returns, sweeps, late answers, refunds, chargebacks and crashes ends in the provider's state,
with credits exactly once (S3, S5, L7; done-point 2 of the credit store).

Three connections to PostgreSQL take turns, each action is committed, some are killed at any statement; after each step
both audits find nothing. `EXAMPLES=200` makes a long run of it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from credits.errors import KeyReused, NothingToPayBack, NotPaid, ProviderAway, ProviderRefused
from credits.ledger import tallies
from credits.ledger.debts import owed_m
from credits.metering.audit import offences
from credits.models import MoneyRefund, PaymentNotice, Purchase, Transfer
from credits.store import audit as store_audit
from credits.store import money_refunds, notices, receipts, reconcile
from credits.store.providers.base import Notice, ProviderDown, State, Status
from credits.store.settling import _BEGIN, Look, book, settle
from hub.base import clock
from tests.credits.money import own_connection, top_up
from tests.credits.store.shop import FakeProvider, balance, buys, make_buyer, open_shop, receives
from tests.people import make_owner, person_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

EXAMPLES = int(os.environ.get("EXAMPLES", "12"))
STEPS = int(os.environ.get("STEPS", "40"))


DEADLY = ["settle", "sweep", "notices", "refunds", "receipts", "tallies"]


class Killed(Exception):
    """The process died here: what was not committed is gone."""


class Payments(RuleBasedStateMachine):
    purchases = Bundle("purchases")

    def __init__(self) -> None:
        super().__init__()
        self.connections = [ThreadPoolExecutor(1, initializer=own_connection) for _ in range(3)]
        self.step = 0
        self.shop = FakeProvider()
        self.opened = open_shop(self.shop)
        self.opened.__enter__()
        self.frozen = clock.freeze()
        self.travel = self.frozen.__enter__()
        made = self.do(_people)
        self.buyers, self.owner = made[:2], made[2]
        self.wallets = [wallet for _, _, wallet in self.buyers]
        self.keys: dict[str, tuple[int, int]] = {}
        self.late: list[tuple[Look, Status]] = []
        self.moved = [0, 0]  # by gifts and use, per wallet

    def teardown(self) -> None:
        try:
            self._all_comes_to_rest()
            self._everything_is_as_the_provider_says()
        finally:
            self.do(_nobody_looks_again)
            self.frozen.__exit__(None, None, None)
            self.opened.__exit__(None, None, None)
            for executor in self.connections:
                executor.submit(_close).result()
                executor.shutdown()

    def do(self, act: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        self.step += 1
        return self.connections[self.step % 3].submit(act, *arguments, **named).result()

    # -- the payer, and what happens at the provider -------------------------------------------------------------------
    @rule(target=purchases, who=st.integers(0, 1), n=st.integers(0, 4), credits=st.sampled_from([50, 100]))
    def buy(self, who: int, n: int, credits: int) -> Any:
        key = f"{id(self)}:{who}:{n}"
        try:
            purchase = self.do(buys, self.buyers[who][1], credits, key=key)
        except KeyReused:
            assert self.keys[key][1] != credits
            return None
        except (ProviderAway, ProviderRefused):
            self.keys.setdefault(key, (who, credits))
            return None
        assert self.keys.setdefault(key, (who, credits)) == (who, credits)
        return purchase.pk

    @rule(p=purchases, state=st.sampled_from(list(State)))
    def the_payer_decides(self, p: Any, state: State) -> None:
        """Paid stays paid; what had expired may still be paid."""
        ref = self.ref(p)
        if ref and self.shop.payments[ref].state != State.PAID:
            self.shop.change(ref, state=state)

    @rule(p=purchases, part=st.sampled_from([1, 3, 10]))
    def refunded_at_the_provider(self, p: Any, part: int) -> None:
        ref = self.ref(p)
        if ref and self.shop.payments[ref].state == State.PAID:
            was = self.shop.payments[ref]
            left = was.amount.cents - was.refunded_cents - was.charged_back_cents
            self.shop.change(ref, refunded_cents=was.refunded_cents + left // part)

    @rule(p=purchases, won=st.booleans())
    def charged_back(self, p: Any, won: bool) -> None:
        ref = self.ref(p)
        if ref and self.shop.payments[ref].state == State.PAID:
            was = self.shop.payments[ref]
            self.shop.change(ref, charged_back_cents=0 if won else was.amount.cents - was.refunded_cents)

    @rule(down=st.booleans(), refuses=st.booleans(), slow=st.booleans())
    def the_provider_has_a_mood(self, down: bool, refuses: bool, slow: bool) -> None:
        self.shop.down, self.shop.refuses, self.shop.slow_refunds = down, refuses, slow

    # -- news ----------------------------------------------------------------------------------------------------------
    @rule(p=purchases, copies=st.integers(1, 3), work=st.booleans())
    def notice(self, p: Any, copies: int, work: bool) -> None:
        if ref := self.ref(p):
            for _ in range(copies):
                self.do(receives, "fake", Notice(ref.encode()))
        if work:
            self.do(notices.handle_waiting)

    @rule(p=purchases)
    def the_payer_returns(self, p: Any) -> None:
        if p is not None:
            self.safely(settle, p)

    @rule(p=purchases)
    def a_look_begins(self, p: Any) -> None:
        """Its answer comes later, perhaps after that of a younger one."""
        ref = self.ref(p)
        if ref and not self.shop.down:
            number = self.do(_begin, p)
            self.late.append((Look(p, number), self.shop.payments[ref]))

    @rule(which=st.integers(0, 5))
    def a_late_answer_comes(self, which: int) -> None:
        if self.late:
            self.do(book, *self.late.pop(which % len(self.late)))

    @rule(minutes=st.sampled_from([1, 5, 70, 1500]))
    def time_goes_and_the_sweeps_run(self, minutes: int) -> None:
        self.travel.advance(minutes=minutes)
        self.do(notices.handle_waiting)
        self.do(reconcile.look_at_due)
        self.do(money_refunds.look_at_due)
        self.do(receipts.issue_due)
        if minutes > 1000:
            self.do(_a_night)

    # -- credits -------------------------------------------------------------------------------------------------------
    @rule(who=st.integers(0, 1), amount=st.integers(-60_000, 20_000).filter(bool))
    def gift_or_use(self, who: int, amount: int) -> None:
        wallet = self.buyers[who][2]
        amount = max(amount, -self.do(balance, wallet))
        if amount:
            self.do(top_up, wallet, amount)
            self.moved[who] += amount

    @rule(p=purchases, credits_m=st.sampled_from([1, 7_777, 25_000, 50_000, 100_000]), n=st.integers(0, 2))
    def money_back(self, p: Any, credits_m: int, n: int) -> None:
        if p is None:
            return
        with suppress(NothingToPayBack, NotPaid, KeyReused):
            self.do(money_refunds.pay_back, self.owner, p, credits_m, reason="goodwill", key=f"{p}:{n}")

    # -- crashes -------------------------------------------------------------------------------------------------------
    @rule(
        p=purchases,
        at=st.integers(1, 30),
        what=st.sampled_from(DEADLY),
    )
    def killed_at_any_statement(self, p: Any, at: int, what: str) -> None:
        acts: dict[str, Callable[[], object]] = {
            "settle": lambda: settle(p) if p is not None else None,
            "sweep": reconcile.look_at_due,
            "notices": notices.handle_waiting,
            "refunds": money_refunds.look_at_due,
            "receipts": receipts.issue_due,
            "tallies": _a_night,
        }
        self.safely(_killed_at, at, acts[what])

    def safely(self, act: Callable[..., Any], *arguments: Any) -> None:
        with suppress(ProviderDown, Killed):
            self.do(act, *arguments)

    def ref(self, p: Any) -> str | None:
        return self.do(_ref, p) if p is not None else None

    # -- what must hold ------------------------------------------------------------------------------------------------
    @invariant()
    def nobody_offends(self) -> None:
        if self.step % 3 == 0:
            assert self.do(store_audit.offences) == []
            assert [row for row in self.do(offences) if row[0] != "outage"] == []

    def _all_comes_to_rest(self) -> None:
        self.shop.down = self.shop.refuses = self.shop.slow_refunds = False
        for key in list(self.shop.refunds):
            was = self.shop.refunds[key]
            self.shop.refunds[key] = type(was)(was.refund_ref, type(was.state)("done"), was.amount)
        for _ in range(4):
            self.travel.advance(hours=2)
            self.do(notices.handle_waiting)
            self.do(reconcile.look_at_due)
            self.do(money_refunds.look_at_due)
        for look, status in self.late:
            self.do(book, look, status)  # the oldest news of all, last: unless no younger look was ever answered
        for pk in self.do(_all, self.wallets):
            self.do(settle, pk)
        self.do(receipts.issue_due)

    def _everything_is_as_the_provider_says(self) -> None:
        assert self.do(store_audit.offences) == []
        assert [row for row in self.do(offences) if row[0] != "outage"] == []
        expected = list(self.moved)
        for row in self.do(_rows, self.wallets):
            purchase, ours_m, ours_cents = row
            if purchase.provider_ref is None:
                assert purchase.state in ("open", "expired", "failed")
                continue
            there = self.shop.payments[purchase.provider_ref]
            paid = there.state == State.PAID
            assert purchase.state == there.state.value
            assert (purchase.refunded_cents, purchase.charged_back_cents) == (
                there.refunded_cents,
                there.charged_back_cents,
            )
            cents = min(max(0, there.refunded_cents - ours_cents) + there.charged_back_cents, purchase.amount_cents)
            share = int(purchase.credits_m * cents / purchase.amount_cents + 0.5)
            outside = min(share, purchase.credits_m - ours_m)
            assert purchase.taken_back_m == outside
            who = [pk for _, _, pk in self.buyers].index(purchase.wallet_id)
            expected[who] += paid * purchase.credits_m - outside - ours_m
        found = [self.do(balance, pk) - self.do(owed_m, pk) for _, _, pk in self.buyers]
        assert found == expected
        for _, _, wallet in self.buyers:
            assert self.do(_lots_left, wallet) == self.do(balance, wallet)
        assert self.do(_credited_twice, self.wallets) == []
        assert self.do(PaymentNotice.objects.filter(waiting=True).count) == 0


def _people() -> list[Any]:
    return [make_buyer(), make_buyer(), person_of(make_owner())]


def _begin(p: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, [p])
        return int(cursor.fetchone()[0])


def _ref(p: Any) -> str | None:
    return Purchase.objects.values_list("provider_ref", flat=True).get(pk=p)


def _close() -> None:
    connection.close()  # that of the thread which runs this


def _nobody_looks_again() -> None:
    """The next example has another provider, and the database is the same."""
    Purchase.objects.update(next_look_at=None)
    PaymentNotice.objects.update(next_try_at=None)
    MoneyRefund.objects.update(next_look_at=None)


def _all(wallets: list[int]) -> list[Any]:
    bought = Purchase.objects.filter(wallet__in=wallets, provider_ref__isnull=False)
    return list(bought.values_list("pk", flat=True))


def _a_night() -> None:
    """It adds up what a payment or two moved."""
    tallies.keep_tallies(lines_min=1, lines_max=3)


def _rows(wallets: list[int]) -> list[tuple[Purchase, int, int]]:
    found = []
    for purchase in Purchase.objects.filter(wallet__in=wallets):
        ours = MoneyRefund.objects.filter(purchase=purchase).exclude(state="failed")
        sums = ours.aggregate(m=Sum("credits_m", default=0), cents=Sum("amount_cents", default=0))
        found.append((purchase, sums["m"], sums["cents"]))
    return found


def _lots_left(wallet: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(sum(left_m), 0)::bigint from credits_wallet_lots(%s)", [wallet])
        return int(cursor.fetchone()[0])


def _credited_twice(wallets: list[int]) -> list[Any]:
    into = (
        Transfer.objects.filter(reason="purchase", credit__in=wallets).values("reference").annotate(m=Sum("amount_m"))
    )
    bought = {f"purchase:{pk}": m for pk, m in Purchase.objects.values_list("pk", "credits_m")}
    return [row for row in into if bought[row["reference"]] != row["m"]]


def _killed_at(at: int, act: Callable[[], object]) -> None:
    """Run it, and die before its statement number `at`."""
    count = 0

    def bomb(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        nonlocal count
        count += 1
        if count >= at:
            raise Killed
        return execute(sql, params, many, context)

    with connection.execute_wrapper(bomb):
        act()


def test_any_order_of_news_and_crashes_ends_in_the_providers_state_S3_S5_L7() -> None:
    run_state_machine_as_test(
        Payments,
        settings=hypothesis_settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
