"""Money back by staff (L7, M6), the purchases on a customer's page (A1), mandates of who was erased (P10)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from credits.models import Approval, AutoTopUp, MandateToRevoke, MoneyRefund, Purchase
from credits.store.auto_top_up import switch_on
from credits.store.mandates import revoke_due
from credits.store.providers.base import MandateState
from credits.store.settling import settle
from hub.accounts.models import User
from hub.accounts.public import erasure
from hub.base import clock
from tests.credits.money import top_up
from tests.credits.store.shop import FakeProvider, balance, buys, make_buyer, open_shop
from tests.dashboard.admin_windows import Window
from tests.people import make_agent, make_customer, make_department, make_manager, make_owner, person_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Iterator[FakeProvider]:
    with open_shop() as provider:
        yield provider


def bought_by(shop: FakeProvider, user: User, **wish: Any) -> Purchase:
    purchase = buys(person_of(user), **wish)
    shop.pays(str(purchase.provider_ref))
    return settle(purchase.pk)


def test_who_may_pays_back_and_above_their_limit_an_owner_approves_L7(shop: FakeProvider) -> None:
    here = make_department()
    customer = make_customer(department=here)
    purchase = bought_by(shop, customer, credits=100)
    agent, manager, owner = make_agent(departments=[here]), make_manager(departments=[here]), make_owner()
    typed = {"credits": "100", "reason": "not_solved", "form_key": "a" * 32}
    window = Window(manager)
    assert "at most €95.00" in window.reads("admin-purchase", purchase.pk)
    window.sends("admin-purchase-refund", purchase.pk, **{**typed, "credits": "10"})
    window.sends("admin-purchase-refund", purchase.pk, **{**typed, "credits": "10"})  # the same form again
    assert [(one.amount_cents, one.state) for one in MoneyRefund.objects.all()] == [(950, "done")]
    Window(agent).sends("admin-purchase-refund", purchase.pk, **{**typed, "credits": "90", "form_key": "b" * 32})
    asked = Approval.objects.get()
    assert (asked.what, asked.amount_m, asked.asked_by_id) == ("money_refund", 90_000, agent.pk)
    assert "waits for a hub owner" in Window(agent).reads("admin-purchase", purchase.pk)
    Window(owner).sends("admin-approve", asked.pk)
    assert sorted(MoneyRefund.objects.values_list("amount_cents", "state")) == [(950, "done"), (8550, "asked")]


def test_a_wrong_refund_says_where_and_keeps_what_was_typed_L7(shop: FakeProvider) -> None:
    purchase = bought_by(shop, make_customer())
    window = Window(make_owner())
    for typed, says in (
        ({"credits": "0", "reason": "goodwill"}, "Write a number above zero"),
        ({"credits": "10", "reason": "because"}, "Choose a reason"),
        ({"credits": "10", "reason": "other"}, "Please say why"),
        ({"credits": "51", "reason": "goodwill"}, "There are not that many paid credits left"),
    ):
        answer = window.sends("admin-purchase-refund", purchase.pk, **typed)
        assert answer.status_code in (400, 409)
        assert says in answer.content.decode()
        assert f'value="{typed["credits"]}"' in answer.content.decode()
    shop.refuses = True
    window.sends("admin-purchase-refund", purchase.pk, credits="10", reason="goodwill")
    assert (MoneyRefund.objects.get().state, balance(purchase.wallet_id)) == ("failed", 50_000)


def test_a_customers_page_has_their_purchases_and_what_they_owe_A1_S5(shop: FakeProvider) -> None:
    user, _, wallet = make_buyer()
    window = Window(make_owner())
    assert "Nothing was bought yet" in window.reads("admin-customer-purchases", user.pk)
    purchase = bought_by(shop, user)
    top_up(wallet, -50_000)
    shop.change(str(purchase.provider_ref), charged_back_cents=5000)
    settle(purchase.pk)
    page = window.reads("admin-customer-purchases", user.pk)
    for said in (str(purchase.pk), "Charged back", "50.0 credits are owed"):
        assert said in page
    assert window.asks("admin-customer-purchases", user.pk, page="999999").status_code == 200


def test_what_an_erased_person_permitted_is_revoked_at_the_provider_P10_S6(shop: FakeProvider) -> None:
    user, person, _ = make_buyer()
    purchase = buys(person, mandate=True)
    shop.mandates["mdt_1"] = MandateState.VALID
    shop.change(str(purchase.provider_ref), mandate_ref="mdt_1")
    shop.pays(str(purchase.provider_ref))
    settle(purchase.pk)
    switch_on(person, credits=50, threshold_m=10_000, cap_cents=20_000)
    with clock.freeze() as time:
        erasure.erase_now(person_of(make_owner()), user)
        assert (AutoTopUp.objects.get().on, MandateToRevoke.objects.count()) == (False, 1)
        assert Purchase.objects.get().mandate_ref == ""
        assert shop.mandates["mdt_1"] == MandateState.VALID  # no provider is asked in a transaction
        shop.down = True
        assert revoke_due() == 1
        assert MandateToRevoke.objects.get().tries == 1
        assert revoke_due() == 0
        shop.down = False
        time.advance(minutes=5)
        assert revoke_due() == 1
    assert (shop.mandates["mdt_1"], MandateToRevoke.objects.count()) == (MandateState.INVALID, 0)
