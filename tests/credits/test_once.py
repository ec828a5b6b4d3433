"""A fixed price that is charged at once (T2, T9), under the rules of everything that costs."""

from __future__ import annotations

import pytest

from credits import public as credits
from credits.models import Refund, UnmeteredBlock
from hub.accounts.access import SYSTEM
from hub.base.errors import NoCredits
from tests import people
from tests.credits.money import balance_of, top_up

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("adds_up")]


def wallet_of(user_id: int) -> int:
    wallet = credits.wallet_for(user_id)
    assert wallet is not None
    return wallet.id


def charge(user_id: int, amount_m: int = 3000, reference: str = "ticket:1001") -> int:
    return credits.charge_once(spender_id=user_id, amount_m=amount_m, reference=reference, actor=f"user:{user_id}")


def test_t2_it_takes_the_price_once_and_its_line_says_of_what() -> None:
    customer = people.make_customer()
    top_up(wallet_of(customer.pk), 5000)
    charge(customer.pk)
    assert balance_of(wallet_of(customer.pk)) == 2000
    lines, _ = credits.read_page(
        people.person_of(customer), wallet_of(customer.pk), credits.LineFilter(), cursor=None, limit=5, together=False
    )
    assert [(line.reason, line.amount_m) for line in lines] == [("charge", -3000), ("adjust", 5000)]


def test_t2_without_enough_nothing_is_charged() -> None:
    customer = people.make_customer()
    top_up(wallet_of(customer.pk), 2999)
    with pytest.raises(NoCredits) as refusal:
        charge(customer.pk)
    assert refusal.value.params == {"short_of": "balance"}
    assert balance_of(wallet_of(customer.pk)) == 2999


def test_p4_a_member_s_limit_holds_for_it() -> None:
    company = people.make_organisation()
    top_up(wallet_of(company.employee.pk), 50_000)
    credits.set_limit(SYSTEM, company.organisation.pk, company.employee.pk, limit_m=4000)
    charge(company.employee.pk)
    with pytest.raises(NoCredits) as refusal:
        charge(company.employee.pk)
    assert refusal.value.params == {"short_of": "limit"}
    assert balance_of(wallet_of(company.employee.pk)) == 47_000


def test_p12_a_vip_pays_nothing_and_it_is_recorded() -> None:
    customer = people.make_customer(vip=True)
    charge(customer.pk)
    assert UnmeteredBlock.objects.get().list_price_m == 3000
    assert balance_of(wallet_of(customer.pk)) == 0


def test_m6_what_a_ticket_was_charged_can_be_given_back() -> None:
    customer = people.make_customer()
    top_up(wallet_of(customer.pk), 9000)
    charge(customer.pk)
    charge(customer.pk, 2000)
    credits.refund_charges(reference="ticket:1001", amount_m=4000, reason="goodwill", actor_id=None, key="one")
    assert Refund.objects.get().amount_m == 4000
    assert balance_of(wallet_of(customer.pk)) == 8000
