"""The way to the truth about a purchase (S3, S5): in whatever order things come, credits once, as the provider says."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import timedelta

import pytest

from credits.errors import KeyReused, PackageUnknown, PriceChanged, ProviderAway, ProviderRefused, ProviderUnknown
from credits.ledger.accounts import get_wallet
from credits.ledger.debts import owed_m
from credits.metering.audit import offences
from credits.models import Package, PaymentNotice, Purchase, PurchaseEvent, Transfer
from credits.store.notices import handle_waiting
from credits.store.providers.base import Money, Notice, ProviderDown, State
from credits.store.reconcile import look_at_due
from credits.store.settling import Look, book, settle
from hub.base import clock
from hub.base.errors import Forbidden
from tests.credits.money import top_up
from tests.credits.store.shop import FakeProvider, balance, buys, make_buyer, open_shop, receives
from tests.people import make_organisation, person_of

pytestmark = pytest.mark.django_db
EUR_50 = 5000


@pytest.fixture
def shop() -> Iterator[FakeProvider]:
    with open_shop() as provider:
        yield provider


def now_of(purchase: Purchase) -> Purchase:
    found: Purchase = Purchase.objects.get(id=purchase.id)
    return found


def ref_of(purchase: Purchase) -> str:
    return str(now_of(purchase).provider_ref)


def test_a_paid_purchase_is_credited_once_however_often_we_look_S3(shop: FakeProvider) -> None:
    _, person, wallet = make_buyer()
    purchase = buys(person)
    assert purchase.redirect_url.startswith("https://pay.example/")
    assert settle(purchase.pk).state == "open"
    assert balance(wallet) == 0
    shop.pays(ref_of(purchase))
    for _ in range(3):
        assert settle(purchase.pk).state == "paid"
    assert balance(wallet) == 50_000
    made = now_of(purchase).transfer
    assert made is not None
    assert made.lot == "paid"
    assert offences() == []


def test_a_double_submit_is_one_purchase_with_the_price_of_the_first_S1(shop: FakeProvider) -> None:
    _, person, _ = make_buyer()
    first = buys(person, key="form")
    Package.objects.filter(credits=50).update(amount_cents=9999)
    again = buys(person, key="form")
    assert (again.pk, again.amount_cents, len(shop.payments)) == (first.pk, EUR_50, 1)
    with pytest.raises(KeyReused):
        buys(person, 100, key="form")
    with pytest.raises(PriceChanged):
        buys(person, key="other tab", seen_cents=EUR_50)
    assert buys(person, key="other tab", seen_cents=9999).pk != first.pk


def test_what_is_not_for_sale_or_not_offered_is_refused_S1_S2(shop: FakeProvider) -> None:
    _, person, _ = make_buyer()
    with pytest.raises(PackageUnknown):
        buys(person, 500)
    with pytest.raises(ProviderUnknown):
        buys(person, provider="mollie")
    with pytest.raises(ProviderUnknown):
        buys(person, method="paypal")
    employee = make_organisation().employee
    with pytest.raises(Forbidden):
        buys(person_of(employee))


def test_a_provider_that_was_away_is_asked_again_under_the_same_key_S3(shop: FakeProvider) -> None:
    _, person, _ = make_buyer()
    shop.down = True
    with pytest.raises(ProviderAway):
        buys(person, key="once")
    shop.down = False
    purchase = buys(person, key="once")
    assert [one.provider_ref for one in Purchase.objects.all()] == [purchase.provider_ref]
    assert purchase.provider_ref is not None


def test_a_provider_that_refuses_leaves_a_failed_purchase_S3(shop: FakeProvider) -> None:
    _, person, _ = make_buyer()
    shop.refuses = True
    with pytest.raises(ProviderRefused):
        buys(person)
    assert Purchase.objects.get().state == "failed"


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("other_amount", {"amount": Money(100, "EUR")}),
        ("other_amount", {"amount": Money(EUR_50, "USD")}),
        ("other_mode", {"test": False}),
        ("other_order", {"order_id": "somebody else's"}),
        ("other_payment", {"provider_ref": "tr_other"}),
    ],
)
def test_what_is_paid_must_be_what_was_bought_S3(shop: FakeProvider, what: str, change: dict[str, object]) -> None:
    """A paid payment of one euro is no hundred euros, and play money buys nothing."""
    _, person, wallet = make_buyer()
    purchase = buys(person)
    was = shop.payments[ref_of(purchase)]
    shop.change(ref_of(purchase), state=State.PAID, **change)
    assert settle(purchase.pk).trouble == what
    assert (now_of(purchase).state, balance(wallet)) == ("open", 0)
    shop.payments[ref_of(purchase)] = was
    shop.pays(ref_of(purchase))
    settle(purchase.pk)
    assert (now_of(purchase).state, now_of(purchase).trouble, balance(wallet)) == ("paid", "", 50_000)


def test_any_order_of_news_ends_where_the_provider_is_S3_S5(shop: FakeProvider) -> None:
    """Looks at all that a payment went through, in each order in which their answers can come."""
    for order in itertools.permutations(range(4)):
        _, person, wallet = make_buyer()
        purchase = buys(person)
        ref = ref_of(purchase)
        told = [shop.payments[ref]]
        for change in ({"state": State.EXPIRED}, {"state": State.PAID}, {"refunded_cents": EUR_50}):
            shop.change(ref, **change)
            told.append(shop.payments[ref])
        Purchase.objects.filter(pk=purchase.pk).update(looks=4)
        for number in order:
            book(Look(purchase.pk, number + 1), told[number])
        found = now_of(purchase)
        assert (found.state, found.refunded_cents, found.taken_back_m) == ("paid", EUR_50, 50_000), order
        assert (balance(wallet), owed_m(wallet)) == (0, 0)
        assert Transfer.objects.filter(key=f"purchase:{purchase.pk}").count() == 1
    assert offences() == []


def test_paid_after_it_had_expired_S3(shop: FakeProvider) -> None:
    _, person, wallet = make_buyer()
    purchase = buys(person)
    shop.change(ref_of(purchase), state=State.EXPIRED)
    assert settle(purchase.pk).state == "expired"
    shop.pays(ref_of(purchase))
    assert settle(purchase.pk).state == "paid"
    assert balance(wallet) == 50_000


def test_a_chargeback_takes_what_is_left_and_the_rest_is_owed_and_paid_first_S5_L3(shop: FakeProvider) -> None:
    _, person, wallet = make_buyer()
    purchase = buys(person)
    shop.pays(ref_of(purchase))
    settle(purchase.pk)
    top_up(wallet, -30_000)  # spent
    shop.change(ref_of(purchase), charged_back_cents=EUR_50)
    settle(purchase.pk)
    settle(purchase.pk)
    assert (balance(wallet), owed_m(wallet), now_of(purchase).taken_back_m) == (0, 30_000, 50_000)
    second = buys(person, 100)
    shop.pays(ref_of(second))
    settle(second.pk)
    assert (balance(wallet), owed_m(wallet)) == (70_000, 0)
    shop.change(ref_of(purchase), charged_back_cents=0)  # we won it
    settle(purchase.pk)
    assert (balance(wallet), owed_m(wallet), now_of(purchase).taken_back_m) == (120_000, 0, 0)
    assert offences() == []


def test_a_part_refunded_at_the_provider_takes_its_share_S5(shop: FakeProvider) -> None:
    _, person, wallet = make_buyer()
    purchase = buys(person)
    shop.pays(ref_of(purchase))
    for cents, left in ((1, 49_990), (2500, 25_000), (4999, 10), (5000, 0)):
        shop.change(ref_of(purchase), refunded_cents=cents)
        settle(purchase.pk)
        assert balance(wallet) == left
    shop.change(ref_of(purchase), charged_back_cents=EUR_50)  # and the bank takes it too: never twice
    settle(purchase.pk)
    assert (balance(wallet), owed_m(wallet)) == (0, 0)


def test_who_owes_starts_nothing_S5(shop: FakeProvider) -> None:
    _, person, wallet = make_buyer()
    purchase = buys(person)
    shop.pays(ref_of(purchase))
    settle(purchase.pk)
    assert get_wallet(wallet).lacks(0) == ""
    top_up(wallet, -50_000)
    shop.change(ref_of(purchase), charged_back_cents=EUR_50)
    settle(purchase.pk)
    assert (get_wallet(wallet).owed_m, get_wallet(wallet).lacks(0)) == (50_000, "balance")


# -- notices -----------------------------------------------------------------------------------------------------------


def test_a_notice_is_kept_once_and_only_makes_us_look_S3(shop: FakeProvider) -> None:
    _, person, wallet = make_buyer()
    purchase = buys(person)
    shop.pays(ref_of(purchase))
    for _ in range(10):
        receives("fake", Notice(ref_of(purchase).encode()))
    assert PaymentNotice.objects.count() == 1
    assert balance(wallet) == 0
    assert handle_waiting() == 1
    assert handle_waiting() == 0
    assert balance(wallet) == 50_000
    asked = shop.asked
    receives("fake", Notice(ref_of(purchase).encode()))
    assert handle_waiting() == 1
    assert shop.asked > asked  # the same words may tell of something new
    assert PaymentNotice.objects.get().result == "looked"


def test_a_copy_that_comes_while_we_look_is_looked_at_again_S3(shop: FakeProvider) -> None:
    _, person, wallet = make_buyer()
    purchase = buys(person)
    body = ref_of(purchase).encode()
    receives("fake", Notice(body))
    fetch = shop.fetch

    def paid_just_after(ref: str) -> object:
        answer = fetch(ref)
        if shop.payments[ref].state == State.OPEN:
            shop.pays(ref)
            receives("fake", Notice(body))
        return answer

    shop.fetch = paid_just_after  # type: ignore[method-assign, assignment]
    assert handle_waiting() == 1
    assert balance(wallet) == 0
    assert handle_waiting() == 1
    assert balance(wallet) == 50_000


def test_unknown_forged_and_downcast_notices_change_nothing_S3(shop: FakeProvider) -> None:
    receives("fake", Notice(b"tr_nobody"))
    with pytest.raises(ProviderUnknown):
        receives("nobody", Notice(b"x"))
    assert handle_waiting() == 1
    assert (Purchase.objects.count(), PurchaseEvent.objects.count()) == (0, 0)


def test_a_provider_that_is_down_is_asked_later_S3(shop: FakeProvider) -> None:
    with clock.freeze() as time:
        _, person, wallet = make_buyer()
        purchase = buys(person)
        shop.pays(ref_of(purchase))
        receives("fake", Notice(ref_of(purchase).encode()))
        shop.down = True
        assert handle_waiting() == 1
        assert handle_waiting() == 0
        with pytest.raises(ProviderDown):
            settle(purchase.pk)
        shop.down = False
        time.advance(minutes=10)
        assert handle_waiting() == 1
        assert balance(wallet) == 50_000


# -- the sweep ---------------------------------------------------------------------------------------------------------


def test_the_sweep_asks_at_1_5_15_60_minutes_then_hourly_then_daily_S3(shop: FakeProvider) -> None:
    with clock.freeze() as time:
        _, person, _ = make_buyer()
        buys(person)
        begun, asked_at = clock.now(), []
        for step in range(350):
            time.advance(minutes=1 if step < 130 else 55 if step == 130 else 60)
            if look_at_due():
                asked_at.append((clock.now() - begun) // timedelta(minutes=1))
    assert asked_at[:5] == [1, 5, 15, 60, 120]
    hours = [minute // 60 for minute in asked_at[3:]]
    assert hours[:24] == list(range(1, 25))
    assert hours[24:] == [48, 72, 96, 120, 144, 168]


def test_a_notice_that_never_comes_and_a_browser_that_is_closed_S3(shop: FakeProvider) -> None:
    with clock.freeze() as time:
        _, person, wallet = make_buyer()
        shop.pays(ref_of(buys(person)))
        time.advance(minutes=1)
        assert look_at_due() == 1
        assert balance(wallet) == 50_000


def test_a_provider_that_is_down_stops_no_other_S3() -> None:
    away, there = FakeProvider(name="away"), FakeProvider()
    with open_shop(there, away), clock.freeze() as time:
        _, person, wallet = make_buyer()
        lost = [buys(person, provider="away") for _ in range(3)]
        shop_payment = buys(person)
        there.pays(ref_of(shop_payment))
        away.down = True
        time.advance(minutes=1)
        asked = away.asked
        assert look_at_due() == 4
        assert away.asked == asked + 1  # not each of them waits for a timeout
        assert balance(wallet) == 50_000
        away.down = False
        for purchase in lost:
            away.pays(ref_of(purchase))
        time.advance(minutes=2)
        look_at_due()
        assert balance(wallet) == 200_000


def test_a_purchase_that_never_reached_its_provider_ends_S3(shop: FakeProvider) -> None:
    with clock.freeze() as time:
        _, person, _ = make_buyer()
        shop.down = True
        with pytest.raises(ProviderAway):
            buys(person)
        shop.down = False
        time.advance(minutes=1)
        look_at_due()
        assert Purchase.objects.get().state == "open"
        time.advance(hours=1)
        look_at_due()
        assert (Purchase.objects.get().state, Purchase.objects.get().next_look_at) == ("expired", None)
