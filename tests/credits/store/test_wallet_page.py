"""The wallet's page and file with what the store does: where lines come from, lots, debts (L5, L7, S5, X4)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

import pytest

from credits.adjustments import adjust
from credits.ledger.accounts import open_wallet
from credits.metering.meters import end_meter, open_meter, start_meter
from credits.models import Purchase
from credits.store.settling import settle
from credits.store.vouchers import make_vouchers, redeem
from hub.accounts.models import User
from tests.browsers import browser_of
from tests.credits.money import MINUTE
from tests.credits.store.shop import FakeProvider, buys, make_buyer, open_shop
from tests.credits.store.test_top_up_pages import text_of
from tests.credits.test_wallet_api import client_of
from tests.hub_time import HubTime
from tests.people import make_customer, make_organisation, make_owner, person_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Iterator[FakeProvider]:
    with open_shop() as provider:
        yield provider


def pays(shop: FakeProvider, user: User, credits: int = 50) -> Purchase:
    purchase = buys(person_of(user), credits)
    shop.pays(purchase.provider_ref or "")
    return settle(purchase.pk)


def with_voucher(user: User, credits_m: int = 25_000, **more: Any) -> str:
    (code,) = make_vouchers(person_of(make_owner()), credits_m=credits_m, **more)
    redeem(person_of(user), code, address="127.0.0.1")
    return code


def test_l5_a_line_leads_to_the_purchase_and_names_the_voucher(shop: FakeProvider) -> None:
    user, _person, _wallet = make_buyer()
    purchase, code = pays(shop, user), with_voucher(user)
    page = browser_of(user).get("/wallet/")
    assert (
        f'<a href="/wallet/purchases/{purchase.pk}/">Purchase: €50.00</a> <small>Bought</small>'
        in page.content.decode()
    )
    assert f"Voucher …{code[-4:]}" in text_of(page)


def test_l5_x1_nobody_is_told_of_a_purchase_that_they_may_not_see(shop: FakeProvider) -> None:
    firm = make_organisation()
    open_wallet(organisation_id=firm.organisation.pk)
    purchase = pays(shop, firm.owner)
    assert str(purchase.pk) in browser_of(firm.owner).get("/wallet/").content.decode()
    assert str(purchase.pk) not in browser_of(firm.employee).get("/wallet/").content.decode()


def test_l5_the_api_names_the_purchase_of_a_line(shop: FakeProvider) -> None:
    user, _person, _wallet = make_buyer()
    purchase = pays(shop, user)
    (line,) = client_of(user).get("/api/v1/wallet/lines/").json()["results"]
    assert (line["purchase"], line["reason"]) == (str(purchase.pk), "purchase")


def test_l5_a_chat_is_one_line_that_opens_into_its_blocks(time: HubTime) -> None:
    user = make_customer()
    wallet = open_wallet(user_id=user.pk)
    adjust(wallet, 20_000, reason="test", actor_id=None, key=f"fill-{wallet}")
    meter = open_meter(wallet_id=wallet, price=MINUTE, reference="session-1", spender_id=user.pk)
    start_meter(meter)
    time.runs(150)
    end_meter(meter, "agent")
    html = browser_of(user).get("/wallet/").content.decode()
    (blocks,) = re.findall(r'<details class="blocks">(.*?)</details>', html, re.S)
    assert "3 blocks" in blocks
    amounts = re.findall(r"<td class=\"n\">.*?</td>", blocks)
    assert len(amounts) == 3
    assert '<details class="blocks">' not in browser_of(user).get("/wallet/?each=1").content.decode()


def test_x4_the_file_has_where_lines_come_from_and_no_formulas(shop: FakeProvider) -> None:
    user, _person, _wallet = make_buyer()
    User.objects.filter(pk=user.pk).update(first_name="=cmd()", last_name="")
    pays(shop, user)
    answer = browser_of(user).get("/wallet/lines.csv?kind=purchase")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    head, row = list(csv.reader(io.StringIO(text)))
    assert row[1:3] == ["Bought", "Purchase: €50.00"]
    assert row[3] == "'=cmd()"
    assert len(head) == len(row)


def test_l7_what_the_wallet_is_made_of_in_the_order_in_which_it_goes(shop: FakeProvider) -> None:
    user, _person, wallet = make_buyer()
    purchase = pays(shop, user)
    with_voucher(user, 25_000, credits_days=30)
    adjust(wallet, 10_000, reason="sorry", actor_id=None, key=f"gift-{wallet}")
    page = browser_of(user).get("/wallet/lots/")
    html, said = page.content.decode(), text_of(page)
    places = [html.index("Voucher …"), html.index("Added by us"), html.index(f"/wallet/purchases/{purchase.pk}/")]
    assert places == sorted(places)
    assert "expires on" in said
    assert "Bought 50.0 Given 35.0" in said
    assert "Balance 85.0" in said
    assert "Nothing is in the wallet" in text_of(browser_of(make_customer()).get("/wallet/lots/"))


def test_p4_p12_of_what_the_wallet_is_made_the_owner_is_told_alone(shop: FakeProvider) -> None:
    firm = make_organisation()
    assert browser_of(firm.owner).get("/wallet/lots/").status_code == 200
    for member in (firm.manager, firm.employee):
        assert browser_of(member).get("/wallet/lots/").status_code == 404
    assert "You work without credits" in text_of(browser_of(make_customer(vip=True)).get("/wallet/lots/"))


def test_s5_a_debt_is_explained_with_what_it_stops_and_whence_it_is(shop: FakeProvider) -> None:
    user, _person, wallet = make_buyer()
    purchase = pays(shop, user)
    adjust(wallet, -30_000, reason="used", actor_id=None, key=f"use-{wallet}")
    assert "owes" not in text_of(browser_of(user).get("/wallet/"))
    shop.change(purchase.provider_ref or "", charged_back_cents=5000)
    settle(purchase.pk)
    page = browser_of(user).get("/wallet/")
    said = text_of(page)
    assert "This wallet owes 30.0 credits." in said
    assert "nothing that costs credits can start" in said
    notice = re.findall(r'id="debt">(.*?)</div></div>', page.content.decode(), re.S)[0]
    assert f"/wallet/purchases/{purchase.pk}/" in notice
    assert "/wallet/top-up/" in notice
    top_up = text_of(browser_of(user).get("/wallet/top-up/"))
    assert "Your wallet owes 30.0 credits." in top_up
    assert "Pays what you owe 30.0 New balance 70.0" in top_up  # of a hundred
