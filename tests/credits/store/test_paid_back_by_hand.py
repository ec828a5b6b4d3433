"""Money that we pay back ourselves beside a provider that pays back too (L7, S5): each is counted, and once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from credits.models import MoneyRefund, Purchase
from credits.store.audit import offences
from credits.store.money_refunds import ask, left_of
from credits.store.open_items import end_refund, open_items
from credits.store.settling import settle
from hub.accounts.public import Person
from hub.base import clock
from tests.credits.store.shop import FakeProvider, balance, buys, make_buyer, open_shop
from tests.people import make_owner, person_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Iterator[FakeProvider]:
    with open_shop() as provider:
        yield provider


def paid(shop: FakeProvider) -> Purchase:
    purchase = buys(make_buyer()[1])
    shop.pays(str(purchase.provider_ref))
    return settle(purchase.pk)


def ended_by_hand(owner: Person, purchase: Purchase, credits_m: int, *, beside: bool) -> MoneyRefund:
    """The provider has not answered for more than a day, and the owner closes it as paid."""
    refund = ask(owner, purchase.pk, credits_m, reason="goodwill", key="a")
    MoneyRefund.objects.filter(pk=refund.pk).update(created_at=clock.now() - timedelta(days=2))
    end_refund(owner, refund.pk, paid_out=True, beside=beside, reason="Seen")
    return MoneyRefund.objects.get(pk=refund.pk)


def test_what_the_provider_pays_back_besides_takes_its_own_credits_S5(shop: FakeProvider) -> None:
    owner, purchase = person_of(make_owner()), paid(shop)
    assert ended_by_hand(owner, purchase, 20_000, beside=True).beside
    shop.change(str(purchase.provider_ref), refunded_cents=1500)
    purchase = settle(purchase.pk)
    assert (balance(purchase.wallet_id), purchase.taken_back_m, purchase.trouble) == (15_000, 15_000, "")
    assert left_of(purchase).cents == 1500
    assert offences() == []


def test_what_the_provider_paid_back_is_not_taken_twice_L7(shop: FakeProvider) -> None:
    owner, purchase = person_of(make_owner()), paid(shop)
    assert not ended_by_hand(owner, purchase, 20_000, beside=False).beside
    shop.change(str(purchase.provider_ref), refunded_cents=2000)
    purchase = settle(purchase.pk)
    assert (balance(purchase.wallet_id), purchase.taken_back_m, purchase.trouble) == (30_000, 0, "")


def test_more_than_the_price_is_an_open_item_S5(shop: FakeProvider) -> None:
    owner, purchase = person_of(make_owner()), paid(shop)
    ended_by_hand(owner, purchase, 30_000, beside=True)
    shop.change(str(purchase.provider_ref), refunded_cents=3000)
    purchase = settle(purchase.pk)
    assert (balance(purchase.wallet_id), purchase.trouble) == (0, "paid_back_twice")
    assert [one.pk for one in open_items().purchases] == [purchase.pk]
    assert settle(purchase.pk).taken_back_m == purchase.taken_back_m  # a second look changes nothing
    assert offences() == []
