"""Money back (L7, S5): of paid credits that are left, through the provider, with four eyes above a limit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from credits.approvals import approve
from credits.errors import AboveLimit, KeyReused, NothingToPayBack, NotPaid, OwnRequest, ReasonMissing
from credits.ledger.accounts import house_account
from credits.ledger.debts import owed_m
from credits.ledger.transfers import Movement, post
from credits.metering.audit import offences
from credits.models import MoneyRefund, Purchase, Receipt
from credits.store.money_refunds import ask_second_person, left_of, look_at_due, pay_back
from credits.store.providers.base import RefundState
from credits.store.receipts import issue_due
from credits.store.settling import settle
from hub.accounts.public import Person
from hub.base import clock
from hub.base.errors import Forbidden
from hub.base.models import OutboxMessage
from tests.credits.money import top_up
from tests.credits.store.shop import FakeProvider, balance, buys, make_buyer, open_shop
from tests.people import make_owner, person_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Iterator[FakeProvider]:
    with open_shop() as provider:
        yield provider


@pytest.fixture
def owner() -> Person:
    return person_of(make_owner(email="owner@example.com"))


def paid(shop: FakeProvider, person: Person, credits: int = 50) -> Purchase:
    purchase = buys(person, credits)
    shop.pays(str(Purchase.objects.get(pk=purchase.pk).provider_ref))
    return settle(purchase.pk)


def gives_back(owner: Person, purchase: Purchase, credits_m: int, key: str = "k", **fields: Any) -> MoneyRefund:
    return pay_back(owner, purchase.pk, credits_m, reason=fields.pop("reason", "goodwill"), key=key, **fields)


def test_a_part_and_then_the_rest_go_back_to_the_cent_L7(shop: FakeProvider, owner: Person) -> None:
    _, person, wallet = make_buyer()
    purchase = paid(shop, person)
    first = gives_back(owner, purchase, 16_667, key="a")
    assert gives_back(owner, purchase, 16_667, key="a").pk == first.pk
    with pytest.raises(KeyReused):
        gives_back(owner, purchase, 1, key="a")
    rest = gives_back(owner, purchase, 33_333, key="b")
    assert (first.amount_cents, rest.amount_cents, first.state, rest.state) == (1666, 3334, "done", "done")
    assert settle(purchase.pk).refunded_cents == 5000
    assert (balance(wallet), owed_m(wallet), Purchase.objects.get().taken_back_m) == (0, 0, 0)
    with pytest.raises(NothingToPayBack):
        gives_back(owner, purchase, 1, key="c")
    assert offences() == []


def test_gifts_and_what_was_used_are_not_paid_back_L7(shop: FakeProvider, owner: Person) -> None:
    _, person, wallet = make_buyer()
    purchase = paid(shop, person)
    top_up(wallet, 20_000)  # a gift, which is used first
    top_up(wallet, -30_000)
    assert left_of(purchase).credits_m == 40_000
    with pytest.raises(NothingToPayBack):
        gives_back(owner, purchase, 40_001)
    assert gives_back(owner, purchase, 40_000).amount_cents == 4000
    assert balance(wallet) == 0


def test_a_gift_is_still_there_when_the_paid_credits_went_back_L7(shop: FakeProvider, owner: Person) -> None:
    _, person, wallet = make_buyer()
    top_up(wallet, 20_000)
    first, second = paid(shop, person), paid(shop, person)
    gives_back(owner, first, 50_000)
    assert (left_of(first).credits_m, left_of(second).credits_m, balance(wallet)) == (0, 50_000, 70_000)


def test_who_may_and_who_needs_a_second_person_L7(shop: FakeProvider, owner: Person, settings: Any) -> None:
    _, person, _ = make_buyer()
    purchase = paid(shop, person)
    with pytest.raises(Forbidden):
        gives_back(person, purchase, 1000)
    with pytest.raises(ReasonMissing):
        gives_back(owner, purchase, 1000, reason="because")
    settings.MONEY_REFUND_LIMITS_CENTS = {"owner": 1000}
    gives_back(owner, purchase, 6_000, key="a")
    with pytest.raises(AboveLimit):  # both together
        gives_back(owner, purchase, 6_000, key="b")
    gives_back(owner, purchase, 6_000, key="b", approved=True)
    open_purchase = buys(person)
    with pytest.raises(NotPaid):
        gives_back(owner, open_purchase, 1000, key="c")


def test_above_the_limit_an_owner_approves_what_another_one_asked_L7(
    shop: FakeProvider, owner: Person, settings: Any
) -> None:
    settings.MONEY_REFUND_LIMITS_CENTS = {"owner": 0}
    _, person, wallet = make_buyer()
    purchase = paid(shop, person)
    with clock.freeze() as time:
        asked = ask_second_person(owner, purchase.pk, 50_000, reason="goodwill", text="They moved away", key="k")
        with pytest.raises(OwnRequest):
            approve(owner, asked.pk)
        approve(person_of(make_owner()), asked.pk)
        assert (balance(wallet), MoneyRefund.objects.get().state) == (0, "asked")
        time.advance(seconds=1)
        look_at_due()
        assert (MoneyRefund.objects.get().state, len(shop.refunds)) == ("done", 1)


def test_what_waits_for_an_owner_is_withdrawn_when_another_one_paid_it_back_L7(
    shop: FakeProvider, owner: Person, settings: Any
) -> None:
    settings.MONEY_REFUND_LIMITS_CENTS = {"owner": None}
    _, person, _ = make_buyer()
    purchase = paid(shop, person)
    asked = ask_second_person(owner, purchase.pk, 30_000, reason="goodwill", text="", key="k")
    pay_back(owner, purchase.pk, 20_000, reason="goodwill", key="1")
    asked.refresh_from_db()
    assert asked.state == "open"
    pay_back(owner, purchase.pk, 10_000, reason="goodwill", key="2")
    asked.refresh_from_db()
    assert asked.state == "withdrawn"


def test_a_refund_that_is_refused_gives_the_credits_back_S5(shop: FakeProvider, owner: Person) -> None:
    _, person, wallet = make_buyer()
    purchase = paid(shop, person)
    shop.refuses = True
    assert gives_back(owner, purchase, 50_000).state == "failed"
    assert balance(wallet) == 50_000
    shop.refuses = False
    assert gives_back(owner, purchase, 50_000, key="again").state == "done"
    assert balance(wallet) == 0
    assert offences() == []


def test_a_provider_that_is_down_pays_back_later_and_once_S5(shop: FakeProvider, owner: Person) -> None:
    with clock.freeze() as time:
        _, person, wallet = make_buyer()
        purchase = paid(shop, person)
        shop.down = True
        refund = gives_back(owner, purchase, 50_000)
        assert (refund.state, balance(wallet)) == ("asked", 0)
        shop.down = False
        shop.slow_refunds = True
        time.advance(minutes=3)
        assert look_at_due() == 1
        assert MoneyRefund.objects.get().state == "pending"
        (key,) = shop.refunds
        shop.refunds[key] = type(shop.refunds[key])(key, RefundState.DONE, shop.refunds[key].amount)
        time.advance(hours=2)
        assert look_at_due() == 1
        assert MoneyRefund.objects.get().state == "done"
        assert settle(purchase.pk).refunded_cents == 5000
        assert (balance(wallet), owed_m(wallet)) == (0, 0)


def test_a_refund_of_ours_and_a_chargeback_take_the_credits_once_S5(shop: FakeProvider, owner: Person) -> None:
    _, person, wallet = make_buyer()
    purchase = paid(shop, person)
    gives_back(owner, purchase, 50_000)
    shop.change(str(purchase.provider_ref), charged_back_cents=5000)
    settle(purchase.pk)
    assert (balance(wallet), owed_m(wallet)) == (0, 0)


def test_receipts_are_numbered_without_gaps_and_mailed_to_both_S4(shop: FakeProvider, owner: Person) -> None:
    user, person, _ = make_buyer()
    purchases = [paid(shop, person) for _ in range(3)]
    assert issue_due() == 3
    assert issue_due() == 0
    gives_back(owner, purchases[0], 50_000)
    assert issue_due() == 1
    receipts = Receipt.objects.order_by("number")
    assert [(one.number, one.kind) for one in receipts] == [
        (1, "receipt"), (2, "receipt"), (3, "receipt"), (4, "credit_note"),
    ]  # fmt: skip
    assert receipts[0].vat_cents == 868  # 21 % in 50.00
    for to in (user.email, "owner@example.com"):
        assert OutboxMessage.objects.filter(to=to).count() == 4
    assert "50.0" in OutboxMessage.objects.filter(to=user.email).order_by("pk")[0].subject


def test_a_receipt_for_each_number_or_none_S4(shop: FakeProvider) -> None:
    _, person, _ = make_buyer()
    purchase = paid(shop, person)
    row = {"year": 2026, "kind": "receipt", "purchase": purchase, "credits_m": 1, "amount_cents": 1, "vat_cents": 0}
    with pytest.raises(IntegrityError), transaction.atomic():
        Receipt.objects.create(number=2, issued_at=clock.now(), **row)


def test_a_merged_wallet_takes_the_chargeback_of_before_A1_S5(shop: FakeProvider) -> None:
    """What is bought moves with the credits: the account that stays answers for it."""
    _, person, wallet = make_buyer()
    purchase = paid(shop, person)
    other = make_buyer()[2]
    post("m", Movement(wallet, other, 50_000, "merge", "t", "", "paid"))
    Purchase.objects.filter(pk=purchase.pk).update(wallet_id=other)
    shop.change(str(purchase.provider_ref), charged_back_cents=5000)
    settle(purchase.pk)
    assert (balance(other), owed_m(other), owed_m(wallet)) == (0, 0, 0)
    assert house_account("clearing")
