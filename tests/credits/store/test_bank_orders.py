"""Bank transfers booked by staff (S2), and what becomes of purchases when accounts are merged (A1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from credits.ledger.accounts import open_wallet
from credits.ledger.debts import owed_m
from credits.merging import _run
from credits.metering.audit import offences
from credits.models import BankLine, Purchase
from credits.store import audit
from credits.store.bank_orders import book_line, close_line, open_lines
from credits.store.days import days
from credits.store.open_items import open_items
from credits.store.providers.bank_transfer import BankTransfer
from credits.store.purchases import Wish, start
from credits.store.settling import settle
from hub.accounts.public import Person
from hub.base import clock
from hub.base.errors import BadFrame, Forbidden
from hub.base.merging import Doubles
from tests.credits.money import top_up
from tests.credits.store.shop import balance, buys, make_buyer, open_shop
from tests.people import make_organisation, make_owner, person_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Person:
    return person_of(make_owner())


@pytest.fixture
def order() -> Iterator[Purchase]:
    with open_shop(BankTransfer("NL91ABNA0417164300", "Balie BV")):  # type: ignore[arg-type]
        company = make_organisation()
        wish = Wish(credits=50, provider="bank", method="bank_transfer", key="k")
        yield start(person_of(company.owner), wish)


def test_a_line_is_booked_once_and_to_the_cent_S2(order: Purchase, owner: Person) -> None:
    assert order.redirect_url == ""
    assert settle(order.pk).state == "open"  # nobody can be asked
    line = f"Bakkerij Bakker {order.instructions['reference']} EUR 50,00"
    assert [book_line(owner, line).trouble for _ in range(2)] == ["", ""]
    found = Purchase.objects.get()
    assert (found.state, balance(found.wallet_id), BankLine.objects.count()) == ("paid", 50_000, 1)
    (day,) = days(clock.now() - timedelta(hours=1), clock.now() + timedelta(hours=1))
    assert (day.purchases, day.amount_cents, day.adds_up) == (1, 5000, True)
    assert (audit.offences(), offences()) == ([], [])


def test_too_little_waits_too_much_and_no_reference_are_open_items_S2(order: Purchase, owner: Person) -> None:
    reference = order.instructions["reference"]
    assert book_line(owner, f"first part {reference} EUR 20,00").trouble == "partial"
    assert (Purchase.objects.get().state, balance(order.wallet_id)) == ("open", 0)
    assert book_line(owner, f"second part {reference} EUR 40,00").trouble == "over"
    assert (Purchase.objects.get().state, balance(order.wallet_id)) == ("paid", 50_000)
    assert [line.trouble for line in open_lines()] == ["over"]
    assert len(open_items().bank_lines) == 1
    close_line(owner, open_lines()[0].pk, "Paid back at the bank")
    assert open_lines() == []
    for junk in ("no reference EUR 50,00", f"{reference} no amount"):
        with pytest.raises(BadFrame):
            book_line(owner, junk)
    with pytest.raises(Forbidden):
        book_line(make_buyer()[1], f"{reference} EUR 50,00")


def test_a_merged_account_takes_its_purchases_and_its_debt_along_A1_S5() -> None:
    with open_shop() as shop:
        gone, person, wallet = make_buyer()
        kept, _, kept_wallet = make_buyer()
        spent, later = buys(person), buys(person)
        for purchase in (spent, later):
            shop.pays(str(purchase.provider_ref))
            settle(purchase.pk)
        top_up(wallet, -100_000)
        shop.change(str(spent.provider_ref), charged_back_cents=5000)
        settle(spent.pk)
        assert owed_m(wallet) == 50_000
        _run(Doubles(gone_id=gone.pk, kept_id=kept.pk, actor="user:1"))
        assert (owed_m(wallet), owed_m(kept_wallet)) == (0, 50_000)
        assert set(Purchase.objects.values_list("wallet_id", flat=True)) == {kept_wallet}
        shop.change(str(later.provider_ref), charged_back_cents=5000)
        settle(later.pk)
        assert owed_m(kept_wallet) == 100_000
        top_up(kept_wallet, 130_000)
        assert (owed_m(kept_wallet), balance(kept_wallet)) == (0, 30_000)
        assert (audit.offences(), offences()) == ([], [])
        assert open_wallet(user_id=kept.pk) == kept_wallet
