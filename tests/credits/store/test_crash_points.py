"""A process that ends before any statement (`os._exit`), and ten of them at once: credits exactly once (S3, S4)."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections

from credits.metering.audit import offences
from credits.models import PaymentNotice, Purchase, Receipt, SandboxPayment
from credits.store import audit as store_audit
from credits.store import money_refunds, notices, purchases, receipts, reconcile
from credits.store.providers.base import Notice, State
from credits.store.providers.sandbox import Sandbox, decide, take_back
from credits.store.purchases import Wish, start
from credits.store.settling import settle
from hub.accounts.public import Person
from hub.base import clock
from hub.base.limits import Limit
from tests.credits.money import own_connection
from tests.credits.store.shop import balance, make_buyer, open_shop, receives
from tests.people import make_owner, person_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

ENDED, DONE, STATEMENTS_MAX = 17, 0, 80


@pytest.fixture(autouse=True)
def _a_patient_shop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purchases, "STARTS", Limit("store.start", 10_000, 600))


@pytest.fixture(autouse=True)
def _nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of receipts: what is drawn is test_receipt_pdf.py's matter, and a tenth of what these tests compute."""
    monkeypatch.setattr("credits.store.receipt_pdf.draw_receipt", lambda *_: b"%PDF-")


def dies_before(statement: int, act: Callable[[], object]) -> bool:
    """Run it in a child that ends itself before its statement of this number; whether it came that far."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        code = 99
        try:
            own_connection()
            count = 0

            def bomb(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
                nonlocal count
                count += 1
                if count == statement:
                    os._exit(ENDED)
                return execute(sql, params, many, context)

            with connection.execute_wrapper(bomb):
                act()
            code = DONE
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    ended = os.waitstatus_to_exitcode(status)
    assert ended in (ENDED, DONE)
    return ended == ENDED


def buys(person: Person, key: str) -> Purchase:
    return start(person, Wish(credits=50, provider="sandbox", method="ideal", key=key))


def all_is_well() -> None:
    assert store_audit.offences() == []
    assert [row for row in offences() if row[0] != "outage"] == []


def test_a_purchase_survives_an_end_before_any_statement_S3() -> None:
    with open_shop(Sandbox()):  # type: ignore[arg-type]
        _, person, wallet = make_buyer()
        statement, came_to = 0, True
        while came_to:
            statement += 1
            assert statement < STATEMENTS_MAX
            key = f"k{statement}"
            came_to = dies_before(statement, lambda key=key: buys(person, key))  # type: ignore[misc]
            purchase = buys(person, key)
            assert SandboxPayment.objects.filter(order_id=str(purchase.pk)).count() == 1
            all_is_well()
        assert Purchase.objects.count() == statement == SandboxPayment.objects.count()
        assert balance(wallet) == 0


@pytest.mark.parametrize("what", ["settle", "notice", "sweep", "charged back", "receipt", "refund"])
def test_what_follows_survives_an_end_before_any_statement_S3_S4_S5(what: str) -> None:
    with open_shop(Sandbox()):  # type: ignore[arg-type]
        _, person, wallet = make_buyer()
        owner = person_of(make_owner())
        statement, came_to = 0, True
        while came_to:
            statement += 1
            assert statement < STATEMENTS_MAX
            purchase, before = buys(person, f"{what}{statement}"), balance(wallet)
            decide(str(purchase.provider_ref), State.PAID)
            act, again, after = _acts(what, purchase, owner)
            came_to = dies_before(statement, act)
            all_is_well()
            again()
            assert balance(wallet) == before + after
            all_is_well()
        assert not Purchase.objects.filter(state="paid", receipted=False).exists() or what != "receipt"


def _acts(what: str, purchase: Purchase, owner: Person) -> tuple[Callable[[], object], Callable[[], object], int]:
    """What is killed, how it is made good, and the credits that came of both."""

    def later(act: Callable[[], object]) -> Callable[[], object]:
        def at() -> None:
            with clock.travel(minutes=11):
                act()

        return at

    if what == "settle":
        return lambda: settle(purchase.pk), lambda: settle(purchase.pk), 50_000
    if what == "notice":
        body = f'{{"payment": "{purchase.provider_ref}"}}'.encode()
        receives("sandbox", Notice(body))
        return notices.handle_waiting, later(notices.handle_waiting), 50_000
    if what == "sweep":
        return later(reconcile.look_at_due), later(later(reconcile.look_at_due)), 50_000
    settle(purchase.pk)
    if what == "charged back":
        take_back(str(purchase.provider_ref), "chargeback")
        return lambda: settle(purchase.pk), lambda: settle(purchase.pk), 0
    if what == "receipt":
        return receipts.issue_due, receipts.issue_due, 50_000

    def gives_back() -> None:
        money_refunds.pay_back(owner, purchase.pk, 50_000, reason="goodwill", key=str(purchase.pk))

    def makes_good() -> None:
        gives_back()
        later(money_refunds.look_at_due)()
        settle(purchase.pk)
        found = SandboxPayment.objects.get(ref=purchase.provider_ref)
        assert found.refunded_cents == found.amount_cents
        assert Purchase.objects.get(pk=purchase.pk).taken_back_m == 0

    return gives_back, makes_good, 0


def test_ten_at_once_credit_once_S3() -> None:
    """Ten copies of a notice, ten returns and a sweep, on connections of their own."""
    with open_shop(Sandbox()):  # type: ignore[arg-type]
        _, person, wallet = make_buyer()
        purchase = buys(person, "one")
        decide(str(purchase.provider_ref), State.PAID)
        body = f'{{"payment": "{purchase.provider_ref}"}}'.encode()
        ready = threading.Barrier(20)
        raised: list[BaseException] = []

        def run(number: int) -> None:
            own_connection()
            try:
                ready.wait(30)
                if number % 2:
                    receives("sandbox", Notice(body))
                    notices.handle_waiting()
                else:
                    settle(purchase.pk)
                receipts.issue_due()
            except BaseException as error:
                raised.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=run, args=(number,)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert raised == []
        assert balance(wallet) == 50_000
        assert (PaymentNotice.objects.count(), Receipt.objects.count()) == (1, 1)
        all_is_well()
