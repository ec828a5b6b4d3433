"""The sandbox as a payer and an integration see it (S2, S3): the API, its page, the return, real notices by HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import Error, connection, transaction
from django.test import Client

from credits.models import Package, PaymentNotice, Purchase, SandboxNotice
from credits.store import audit
from credits.store.notices import handle_waiting
from credits.store.providers import registry, sandbox
from credits.store.providers.sandbox import Sandbox
from credits.store.sandbox_notices import send_due
from credits.store.settling import settle
from hub.accounts import tokens
from hub.accounts.models import User
from hub.base import clock
from hub.site.models import Website
from tests.credits.store.door import open_door
from tests.credits.store.shop import balance, make_buyer, open_shop

PAY = {"credits": 50, "provider": "sandbox", "method": "ideal"}


@pytest.fixture
def shop(settings: Any) -> Iterator[None]:
    settings.SANDBOX_PAYMENTS = True
    with open_shop(Sandbox()):  # type: ignore[arg-type]
        yield


def api_of(user: User) -> Client:
    token = tokens.issue(
        side="visitor", lifetime=timedelta(hours=1), user_id=user.pk, sign_in_version=user.sign_in_version
    )
    return Client(headers={"authorization": f"Bearer {token}"})


def post(client: Client, path: str, body: dict[str, Any], **headers: str) -> Any:
    return client.post(f"/api/v1/{path}", body, content_type="application/json", headers=headers)


@pytest.mark.django_db
def test_from_the_api_over_the_page_and_back_S1_S2_S3(shop: None) -> None:
    user, _, wallet = make_buyer()
    client = api_of(user)
    offered = client.get("/api/v1/packages/").json()
    assert [one["credits"] for one in offered["results"]] == [50, 100]
    ideal = {"provider": "sandbox", "method": "ideal", "name": "iDEAL | Wero", "mandate": True}
    assert ideal in offered["methods"]
    assert offered["may_buy"] is True
    answer = post(client, "purchases/", {**PAY, "return_to": "/wallet/"}, **{"Idempotency-Key": "k"})
    assert answer.status_code == 201
    again = post(client, "purchases/", {**PAY, "return_to": "/wallet/"}, **{"Idempotency-Key": "k"}).json()
    bought = answer.json()
    assert (bought["id"], bought["status"], bought["redirect_url"]) == (again["id"], "open", again["redirect_url"])
    assert post(client, "purchases/", {**PAY, "credits": 100}, **{"Idempotency-Key": "k"}).status_code == 409
    page = bought["redirect_url"].partition("/demo/")[2]
    payer = Client()
    assert b'name="outcome"' in payer.get(f"/demo/{page}").content
    back = payer.post(f"/demo/{page}", {"outcome": "paid", "webhook": "no"})
    assert back.status_code == 302
    assert SandboxNotice.objects.count() == 0
    returned = payer.get("/" + back["Location"].split("/", 3)[3])
    assert returned["Location"] == "/wallet/"
    assert balance(wallet) == 50_000
    found = client.get(f"/api/v1/purchases/{bought['id']}/").json()
    assert (found["status"], found["amount"]) == ("paid", {"value": 5000, "currency": "EUR"})
    payer.post(f"/demo/{page}", {"after": "chargeback", "webhook": "no"})
    settle(bought["id"])
    assert client.get("/api/v1/purchases/").json()["results"][0]["status"] == "charged_back"
    assert balance(wallet) == 0


@pytest.mark.django_db
def test_who_leads_elsewhere_is_led_to_the_purchase_X4(shop: None) -> None:
    user, _, _ = make_buyer()
    for path in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        bought = post(api_of(user), "purchases/", {**PAY, "return_to": path}).json()
        assert Client().get(f"/store/return/{bought['id']}/")["Location"] == f"/wallet/purchases/{bought['id']}/"


@pytest.mark.django_db
def test_c2_who_left_a_website_to_pay_comes_back_to_it(shop: None) -> None:
    Website.objects.create(name="Shop", origins=["https://shop.example"])
    user, _, _ = make_buyer()
    known = "https://shop.example/basket?step=2"
    strange = (
        "https://shop.example.evil.example/",
        "https://shop.example@evil.example/",
        "javascript:alert(1)",
        "https:",
    )
    for address in (known, *strange):
        bought = post(api_of(user), "purchases/", {**PAY, "return_to": address}).json()
        to = Client().get(f"/store/return/{bought['id']}/")["Location"]
        assert (to == address) == (address == known), address


@pytest.mark.django_db
def test_its_page_is_one_plain_form_S2(shop: None) -> None:
    """Load generators and importers fill in the first form that they find."""
    bought = post(api_of(make_buyer()[0]), "purchases/", PAY).json()
    page = Client().get("/demo/" + bought["redirect_url"].partition("/demo/")[2]).content.decode()
    assert page.count("<form") == 1
    assert [page.count(f'name="{name}"') for name in ("outcome", "delay_s", "copies", "webhook")] == [5, 1, 1, 1]


@pytest.mark.django_db(transaction=True)
def test_notices_by_http_late_doubled_and_of_nobody_S3(shop: None, settings: Any) -> None:
    with open_door() as url:
        settings.PUBLIC_URL = url
        user, _, wallet = make_buyer()
        bought = post(api_of(user), "purchases/", PAY).json()
        page = "/demo/" + bought["redirect_url"].partition("/demo/")[2]
        Client().post(page, {"outcome": "paid", "copies": "3", "delay_s": "30"})
        assert send_due() == 0
        with clock.travel(seconds=31):
            assert send_due() == 1
            assert handle_waiting() == 1
    assert balance(wallet) == 50_000
    assert PaymentNotice.objects.get().result == "looked"
    assert audit.offences() == []


@pytest.mark.django_db
def test_without_the_setting_there_is_no_sandbox_X7(settings: Any) -> None:
    settings.SANDBOX_PAYMENTS = False
    assert sandbox.configured() is None
    assert Client().get("/demo/pay/sb_1/").status_code == 404
    assert registry.MODULES[-1] == "sandbox"
    assert Package.objects.count() == 0


ATTACKS = {
    "another price": "update credits_purchase set amount_cents = 1 where id = '{p}'",
    "another amount of credits": "update credits_purchase set credits_m = 99999 where id = '{p}'",
    "another payment": "update credits_purchase set provider_ref = 'stolen' where id = '{p}'",
    "paid without a transfer": "update credits_purchase set state = 'paid', paid_at = now() where id = '{o}'",
    "paid by another's transfer": "update credits_purchase set state = 'paid', paid_at = now(), transfer_id = {t} "
    "where id = '{o}'",
    "no longer paid": "update credits_purchase set state = 'open', transfer_id = null, paid_at = null where id = '{p}'",
    "more back than came": "update credits_purchase set taken_back_m = credits_m + 1 where id = '{p}'",
    "looks go back": "update credits_purchase set looked = looked - 1 where id = '{p}'",
    "removed": "delete from credits_purchase where id = '{p}'",
    "another history": "update credits_purchaseevent set what = 'x'",
    "no history": "delete from credits_purchaseevent",
    "money back of what is not paid": "insert into credits_moneyrefund (id, key, purchase_id, credits_m, amount_cents, "
    "reason, actor, state, created_at) values (gen_random_uuid(), 'a', '{o}', 1, 1, 'x', 'x', 'asked', now())",
    "more money back than came": "insert into credits_moneyrefund (id, key, purchase_id, credits_m, amount_cents, "
    "reason, actor, state, created_at) values (gen_random_uuid(), 'a', '{p}', 1, 5001, 'x', 'x', 'asked', now())",
    "two payments of one id": "insert into credits_purchase (id, key, wallet_id, buyer_id, credits_m, amount_cents, "
    "currency, vat_bp, vat_at, provider, method, test, provider_ref, instructions, state, created_at) select "
    "gen_random_uuid(), 'z', wallet_id, buyer_id, credits_m, amount_cents, currency, vat_bp, vat_at, provider, "
    "method, test, provider_ref, instructions, 'open', created_at from credits_purchase where id = '{p}'",
    "born paid": "insert into credits_purchase (id, key, wallet_id, buyer_id, credits_m, amount_cents, currency, "
    "vat_bp, vat_at, provider, method, test, instructions, state, created_at, paid_at, transfer_id) select "
    "gen_random_uuid(), 'y', wallet_id, buyer_id, credits_m, amount_cents, currency, vat_bp, vat_at, provider, "
    "method, test, instructions, 'paid', created_at, now(), {t} from credits_purchase where id = '{p}'",
}


@pytest.mark.django_db
def test_the_database_refuses_what_no_purchase_may_become_S3_S5(shop: None) -> None:
    user, _, _ = make_buyer()
    client = api_of(user)
    paid, open_one = (post(client, "purchases/", PAY).json() for _ in range(2))
    page = "/demo/" + paid["redirect_url"].partition("/demo/")[2]
    Client().post(page, {"outcome": "paid", "webhook": "no"})
    purchase = settle(paid["id"])
    names = {"p": purchase.pk, "o": open_one["id"], "t": purchase.transfer_id}
    went_through = []
    for name, attack in ATTACKS.items():
        code = ""
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(attack.format(**names))
                transaction.set_rollback(True)
        except Error as refusal:
            code = getattr(refusal.__cause__, "sqlstate", "")
        if code[:2] != "23":
            went_through.append((name, code))
    assert went_through == []
    assert Purchase.objects.filter(state="paid").count() == 1
