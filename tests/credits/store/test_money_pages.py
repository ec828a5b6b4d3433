"""The owner's pages of money (S3, S5, X1, X4): figures, open items, one purchase with all that happened to it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db.models import Sum
from django.utils import timezone

from credits.errors import NoOpenItem, PurchaseUnknown
from credits.ledger.debts import owed_m
from credits.models import Account, MoneyRefund, Purchase, PurchaseEvent
from credits.store.days import days
from credits.store.flows import flows
from credits.store.money_refunds import pay_back
from credits.store.notices import handle_waiting
from credits.store.open_items import ask_again, close_trouble, count_open_items, end_refund, open_items
from credits.store.providers.base import Capability, Notice
from credits.store.settling import settle
from credits.store.standing import count_standing
from hub.accounts.models import AuditEntry, User
from hub.base import clock
from hub.base.errors import Forbidden
from tests.credits.money import top_up
from tests.credits.store.shop import FakeProvider, balance, buys, make_buyer, open_shop, receives
from tests.dashboard.admin_windows import Window
from tests.dashboard.test_setup_api import Caller
from tests.people import make_agent, make_manager, make_owner, person_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Iterator[FakeProvider]:
    with open_shop() as provider:
        yield provider


@pytest.fixture
def owner() -> User:
    return make_owner()


@pytest.fixture
def window(owner: User) -> Window:
    return Window(owner)


def paid(shop: FakeProvider, person: object, credits: int = 50) -> Purchase:
    purchase = buys(person, credits)  # type: ignore[arg-type]
    shop.pays(str(purchase.provider_ref))
    return settle(purchase.pk)


def lately() -> tuple[object, object]:
    return clock.now() - timedelta(days=2), clock.now() + timedelta(days=1)


def test_each_day_has_what_happened_on_it_S3_S5(shop: FakeProvider) -> None:
    """What goes back later is that day's, and what a bank gives back again is taken off."""
    with clock.freeze() as time:
        _, person, wallet = make_buyer()
        begin = clock.now()
        first, second = paid(shop, person), paid(shop, person, 100)
        time.advance(days=1)
        shop.change(str(first.provider_ref), refunded_cents=1000)
        settle(first.pk)
        shop.change(str(second.provider_ref), charged_back_cents=9500)
        settle(second.pk)
        time.advance(days=1)
        shop.change(str(second.provider_ref), charged_back_cents=0)
        settle(second.pk)
        settle(second.pk)  # nothing new is told twice
        won, lost, sold = days(begin - timedelta(hours=1), clock.now() + timedelta(hours=1))
    assert (sold.purchases, sold.amount_cents, sold.credits_m, sold.back_m) == (2, 14_500, 150_000, 0)
    assert sold.vat_cents == 868 + 1649
    assert (lost.refunded_cents, lost.charged_back_cents, lost.back_m) == (1000, 9500, 110_000)
    assert (won.refunded_cents, won.charged_back_cents, won.back_m) == (0, -9500, -100_000)
    assert sum(one.kept_cents for one in (won, lost, sold)) == 13_500
    assert (balance(wallet), all(one.adds_up for one in (won, lost, sold))) == (140_000, True)


def test_our_own_refund_is_no_second_one_when_the_provider_tells_of_it_S5(shop: FakeProvider, owner: User) -> None:
    _, person, _ = make_buyer()
    purchase = paid(shop, person)
    pay_back(person_of(owner), purchase.pk, 20_000, reason="goodwill", key="k")
    settle(purchase.pk)
    (day,) = days(*lately())  # type: ignore[arg-type]
    assert (day.refunded_cents, day.back_m) == (2000, 20_000)
    shop.change(str(purchase.provider_ref), refunded_cents=3000)
    settle(purchase.pk)
    (day,) = days(*lately())  # type: ignore[arg-type]
    assert (day.refunded_cents, day.back_m) == (3000, 30_000)


def test_outstanding_credits_of_each_day_are_what_stood_in_the_wallets_then_L1(shop: FakeProvider) -> None:
    with clock.freeze() as time:
        begin = clock.now()
        _, person, wallet = make_buyer()
        paid(shop, person)
        time.advance(days=1)
        top_up(wallet, 20_000)
        top_up(wallet, -5_000)
        time.advance(days=1)
        top_up(wallet, 1_000)
        both = flows(begin - timedelta(hours=1), begin + timedelta(days=1, hours=12))
        later, first = both.days
        assert (first.sold_m, first.outstanding_m, first.change_m) == (50_000, 50_000, 50_000)
        assert (later.gifts_m, later.taken_away_m, later.outstanding_m) == (20_000, 5_000, 65_000)
        assert (both.outstanding_m, both.owed_m) == (65_000, 0)
        assert flows(begin, clock.now() + timedelta(hours=1)).outstanding_m == balance(wallet) == 66_000


def test_the_owner_reads_the_figures_and_takes_them_along_S3(shop: FakeProvider, window: Window) -> None:
    _, person, wallet = make_buyer()
    purchase = paid(shop, person)
    top_up(wallet, -50_000)
    shop.change(str(purchase.provider_ref), charged_back_cents=5000)
    settle(purchase.pk)
    page = window.reads("admin-money")
    for said in ("€50.00", "Charged back", "Owed by customers", "50.0", "Adds up"):
        assert said in page
    (head, row) = csv.reader(io.StringIO(window.reads("admin-money-sales").lstrip("\ufeff")))
    found = dict(zip(head, row, strict=True))
    assert (found["provider"], found["sold_cents"], found["charged_back_cents"]) == ("fake", "5000", "5000")
    (head, row) = csv.reader(io.StringIO(window.reads("admin-money-credits").lstrip("\ufeff")))
    found = dict(zip(head, row, strict=True))
    assert (found["sold"], found["outstanding"], found["owed"]) == ("50.0", "0.0", "50.0")
    assert "Nothing was sold or paid back" in window.reads("admin-money", since="2001-01-01", until="2001-01-31")
    assert "By provider" in window.reads("admin-money", since="never", until="0000-00-00", by="year")


def test_a_purchase_in_trouble_is_opened_asked_again_and_closed_S3(shop: FakeProvider, window: Window) -> None:
    _, person, _ = make_buyer()
    purchase = buys(person)
    ref = str(purchase.provider_ref)
    shop.pays(ref)
    right = shop.payments[ref].amount
    shop.change(ref, amount=type(right)(4000, "EUR"))
    assert settle(purchase.pk).trouble == "other_amount"
    assert "Another amount was paid than was ordered" in window.reads("admin-money-open")
    assert "Another amount was paid than was ordered" in window.reads("admin-purchase", purchase.pk)
    assert window.sends("admin-purchase-ask", purchase.pk).status_code == 302
    assert count_open_items() == 1
    window.sends("admin-purchase-close", purchase.pk, reason="  ")
    assert count_open_items() == 1  # nobody said why
    window.sends("admin-purchase-close", purchase.pk, reason="Paid back at the bank")
    settle(purchase.pk)
    assert count_open_items() == 0  # it stays closed, however often it is looked at
    assert AuditEntry.objects.get(fact="store.trouble.closed").note.text == "Paid back at the bank"
    assert "Somebody dealt with it" in window.reads("admin-purchase", purchase.pk)
    shop.change(ref, test=False)
    assert settle(purchase.pk).trouble == "other_mode"
    assert count_open_items() == 1  # another trouble is another open item
    shop.change(ref, test=True, amount=right)
    assert settle(purchase.pk).state == "paid"
    assert (count_open_items(), Purchase.objects.get().closed_trouble) == (0, "")


def test_a_refund_that_nobody_answers_is_ended_by_who_saw_how_it_went_L7(
    shop: FakeProvider, owner: User, window: Window
) -> None:
    _, person, wallet = make_buyer()
    purchase = paid(shop, person)
    shop.capabilities = frozenset(Capability) - {Capability.REFUND}
    refunds = [pay_back(person_of(owner), purchase.pk, 10_000, reason="goodwill", key=key) for key in "ab"]
    assert [one.trouble for one in refunds] == ["by_hand", "by_hand"]
    assert "Pay this back at the bank" in window.reads("admin-money-open")
    window.sends("admin-money-refund-end", refunds[0].pk, paid_out="1", reason="Paid on Monday")
    window.sends("admin-money-refund-end", refunds[1].pk, paid_out="", reason="They changed their mind")
    assert {one.pk: one.state for one in MoneyRefund.objects.all()} == {refunds[0].pk: "done", refunds[1].pk: "failed"}
    assert (balance(wallet), owed_m(wallet), open_items().refunds) == (40_000, 0, [])
    (day,) = days(*lately())  # type: ignore[arg-type]
    assert (day.refunded_cents, day.back_m) == (1000, 10_000)
    window.sends("admin-money-refund-end", refunds[0].pk, paid_out="", reason="No")
    assert MoneyRefund.objects.get(pk=refunds[0].pk).state == "done"  # what has ended stays so


def test_a_provider_that_is_down_is_told_of_and_changes_nothing_S3(shop: FakeProvider, window: Window) -> None:
    _, person, _ = make_buyer()
    purchase = buys(person)
    shop.down = True
    answer = window.client.post(f"/admin/money/purchases/{purchase.pk}/ask/", follow=True)
    assert "does not answer at the moment" in answer.content.decode()
    assert Purchase.objects.get().state == "open"


def test_what_a_provider_sent_is_shown_raw_to_the_owner_S3(shop: FakeProvider, window: Window) -> None:
    _, person, _ = make_buyer()
    purchase, other = buys(person), buys(person)
    for one in (purchase, other):
        receives("fake", Notice(str(one.provider_ref).encode(), {"user-agent": "<b>Provider/1</b>"}))
    handle_waiting()
    page = window.reads("admin-purchase-notices", purchase.pk)
    assert str(purchase.provider_ref) in page
    assert str(other.provider_ref) not in page
    assert "&lt;b&gt;Provider/1" in page
    assert "The provider was asked" in page


def test_purchases_are_found_by_whatever_people_have_of_them_A1(shop: FakeProvider, window: Window) -> None:
    user, person, _ = make_buyer()
    mine, theirs = paid(shop, person), paid(shop, make_buyer()[1])
    for text in (str(mine.pk), str(mine.provider_ref), user.login_number):
        page = window.reads("admin-money-purchases", q=text)
        assert str(mine.pk) in page, text
        assert str(theirs.pk) not in page, text
    assert "Nothing is found" in window.reads("admin-money-purchases", q="2026-999999")
    assert "Nothing is found" in window.reads("admin-money-purchases", state="failed", provider="mollie")


def test_pages_of_purchases_go_on_where_they_ended_A1(shop: FakeProvider, window: Window) -> None:
    buyer, _, wallet = make_buyer()
    now = clock.now()
    for number in range(60):
        Purchase.objects.create(
            buyer=buyer, wallet_id=wallet, key=f"k{number}", credits_m=50_000, amount_cents=5000, currency="EUR",
            vat_bp=2100, vat_at="sale", provider="fake", method="ideal", test=True,
            created_at=now - timedelta(minutes=number // 2),
        )  # fmt: skip
    first = window.asks("admin-money-purchases")
    second = window.asks("admin-money-purchases", after=first.context["next"])
    seen = [row["purchase"].pk for row in (*first.context["rows"], *second.context["rows"])]
    assert (len(seen), len(set(seen)), second.context["next"]) == (60, 60, "")
    assert window.asks("admin-money-purchases", after="made up").status_code == 200


def test_nobody_but_the_owner_closes_an_open_item_X1(shop: FakeProvider) -> None:
    _, person, _ = make_buyer()
    purchase = buys(person)
    for actor in (person, person_of(make_manager())):
        with pytest.raises(PurchaseUnknown):
            close_trouble(actor, purchase.pk, "I want to")
        with pytest.raises(Forbidden):
            end_refund(actor, purchase.pk, paid_out=True, reason="I want to")
    with pytest.raises(PurchaseUnknown):
        ask_again(person_of(make_agent()), purchase.pk)
    with pytest.raises(NoOpenItem):
        close_trouble(person_of(make_owner()), purchase.pk, "Nothing is wrong with it")
    assert PurchaseEvent.objects.filter(what="closed").count() == 0


def test_the_api_tells_the_same_and_takes_the_same_answers_A4(shop: FakeProvider, owner: User) -> None:
    caller = Caller(owner)
    _, person, wallet = make_buyer()
    purchase = paid(shop, person)
    top_up(wallet, -20_000)
    today = timezone.localdate(clock.now()).isoformat()  # the hub's day, which begins before that of UTC
    status, said = caller.asks(f"money/?since=2020-01-01&until={today}")
    assert status == 200, said
    (sold,) = said["sales"]
    assert (sold["purchases"], sold["sold"], sold["ledger_m"]) == (1, {"value": 5000, "currency": "EUR"}, 50_000)
    assert (said["outstanding_m"], said["credits"][0]["taken_away_m"]) == (30_000, 20_000)
    assert caller.asks("money/?since=yesterday")[0] == 400
    shop.change(str(purchase.provider_ref), test=False)
    assert caller.sends("post", f"purchases/{purchase.pk}/ask/")[1]["trouble"] == "other_mode"
    (item,) = caller.asks("money/open/")[1]["purchases"]
    assert (item["id"], item["trouble"]) == (str(purchase.pk), "other_mode")
    assert caller.sends("post", f"purchases/{purchase.pk}/close/", {"reason": ""})[0] == 400
    assert caller.sends("post", f"purchases/{purchase.pk}/close/", {"reason": "Seen"})[0] == 204
    assert caller.asks("money/open/")[1]["purchases"] == []
    shop.change(str(purchase.provider_ref), test=True)
    settle(purchase.pk)
    shop.capabilities = frozenset()
    refund = pay_back(person_of(owner), purchase.pk, 10_000, reason="goodwill", key="k")
    (item,) = caller.asks("money/open/")[1]["refunds"]
    assert (item["id"], item["trouble"]) == (str(refund.pk), "by_hand")
    body = {"paid_out": True, "reason": "At the bank"}
    assert caller.sends("post", f"money-refunds/{refund.pk}/end/", body)[0] == 204
    assert MoneyRefund.objects.get().state == "done"
    assert Caller(make_manager()).asks("money/")[0] == 404
    assert Caller(owner, ("site",)).asks("money/")[0] == 403


def test_outstanding_credits_are_split_into_bought_and_given_S3_L7(shop: FakeProvider, owner: User) -> None:
    bought = []
    for given_m in (10_000, 0, 2_500):
        _, person, wallet = make_buyer()
        if given_m:
            top_up(wallet, given_m)
        purchase = buys(person)
        shop.pays(str(purchase.provider_ref))
        settle(purchase.pk)
        bought.append(wallet)
    top_up(bought[0], -15_000)  # what was given goes first
    window = Window(owner)
    assert "counted on" not in window.reads("admin-money")
    made = count_standing(batch=2)
    in_wallets = Account.objects.filter(kind="wallet").aggregate(m=Sum("balance_m"))["m"]
    assert (made.paid_m, made.granted_m) == (145_000, 2_500)
    assert made.paid_m + made.granted_m == in_wallets
    assert "145.0 bought and 2.5 given" in window.reads("admin-money")
    assert Caller(owner).asks("money/")[1]["standing"]["granted_m"] == 2_500
