"""L1: the role of the running hub can do all that the store does, and is refused what the books must not suffer."""

from __future__ import annotations

import pytest
from django.db import Error, connection, transaction
from django.test import override_settings

from credits.approvals import approve
from credits.ledger.tallies import keep_tallies
from credits.models import Approval, MandateToRevoke, MoneyRequest, Purchase, Receipt, Voucher
from credits.store import money_requests, standing, vouchers
from credits.store.auto_top_up import buy_due, switch_on
from credits.store.expiry import expire_due
from credits.store.mandates import revoke_due
from credits.store.money_refunds import ask_second_person, look_at_due, pay_back
from credits.store.notices import handle_waiting
from credits.store.providers.base import MandateState, Notice
from credits.store.receipts import issue_due
from credits.store.settling import settle
from hub.accounts.public import erasure
from tests.credits.run_time_role import as_run_time_role
from tests.credits.store.shop import FakeProvider, balance, buys, make_buyer, open_shop, receives
from tests.people import make_owner, person_of

pytestmark = pytest.mark.django_db
FORBIDDEN = (
    "update credits_receiptwords set seller_name = 'x'",
    "delete from credits_receiptwords",
    "update credits_receipt set amount_cents = 1",
    "delete from credits_purchase",
    "delete from credits_moneyrequest",
    "delete from credits_approval",
    "update credits_purchaseevent set cents = 1",
    "update credits_voucherredemption set user_id = 1",
    "update credits_tally set balance_m = 1",
    "delete from credits_tally",
)


def permits(shop: FakeProvider, purchase: Purchase) -> None:
    shop.mandates["md"] = MandateState.VALID
    shop.change(str(purchase.provider_ref), mandate_ref="md")
    shop.pays(str(purchase.provider_ref))


@override_settings(MONEY_REFUND_LIMITS_CENTS={"owner": 100})
def test_the_store_works_under_the_rights_of_the_running_hub_L1_S3_S4_S6_P10() -> None:
    with open_shop() as shop:
        user, person, wallet = make_buyer()
        owner, second = person_of(make_owner()), person_of(make_owner())
        with as_run_time_role():
            purchase = buys(person, mandate=True)
            permits(shop, purchase)
            receives("fake", Notice(str(purchase.provider_ref).encode()))
            assert handle_waiting() == 1
            (code,) = vouchers.make_vouchers(owner, credits_m=5_000, credits_days=3)
            vouchers.redeem(person, code, address="192.0.2.1")
            assert (issue_due(), expire_due(), balance(wallet)) == (1, 0, 55_000)
            vouchers.withdraw_voucher(owner, Voucher.objects.get().pk)
            switch_on(person, credits=50, threshold_m=60_000, cap_cents=10_000)
            assert buy_due() == 1
            automatic = Purchase.objects.get(automatic=True)
            shop.pays(str(automatic.provider_ref))
            settle(automatic.pk)
            money_requests.ask(person, purchase.pk, "please")
            pay_back(owner, purchase.pk, 1_000, reason="goodwill", key="one")
            ask_second_person(owner, purchase.pk, 30_000, reason="goodwill", text="more", key="two")
            approve(second, Approval.objects.get().pk)
            assert (look_at_due(), issue_due()) == (1, 3)
            standing.count_standing()
            keep_tallies()
            erasure.erase_now(owner, user)
            revoke_due()
            for attack in FORBIDDEN:
                with pytest.raises(Error) as refusal, transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(attack)
                assert getattr(refusal.value.__cause__, "sqlstate", "") == "42501", attack
    assert MoneyRequest.objects.get().state == "granted"
    assert Receipt.objects.count() == 4
    assert not MandateToRevoke.objects.exists()
