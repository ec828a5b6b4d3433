"""The demo world and what `manage.py demo_seed` and `demo_tokens` promise."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client, override_settings
from pytest_django.fixtures import Settings

from credits import public as money
from hub.accounts.models import CustomerProfile, User
from hub.accounts.public import load_person, read
from hub.base import snapshots
from hub.base.models import HubSetting
from hub.dashboard.demo import seed_demo

pytestmark = pytest.mark.django_db

ROLES = {
    "owner",
    "manager",
    "agent",
    "customer",
    "vip",
    "organisation_owner",
    "organisation_manager",
    "organisation_employee",
}


def seeded() -> dict[str, object]:
    out = StringIO()
    call_command("demo_seed", stdout=out)
    demo: dict[str, object] = json.loads(out.getvalue())
    return demo


def test_the_seed_lists_one_account_of_each_role() -> None:
    accounts = seed_demo()["accounts"]
    assert isinstance(accounts, list)
    assert {account["role"] for account in accounts} == ROLES
    for account in accounts:
        is_staff = account["role"] in {"owner", "manager", "agent"}
        assert (account["totp_secret"] is not None) == is_staff
        me = Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {account['token']}"})
        assert me.status_code == 200, me.content
        assert (me.json()["role"], me.json()["login"]) == (account["role"], account["login"])


def test_seeding_again_changes_nothing() -> None:
    first = seeded()
    people_before = User.objects.count()
    wallet = money.wallet_for(User.objects.get(login_number="20000001").pk)
    assert seeded() == first
    assert User.objects.count() == people_before
    assert money.wallet_for(User.objects.get(login_number="20000001").pk) == wallet
    assert wallet is not None
    assert wallet.available_m == 100_000


def test_a_hub_whose_owner_set_a_limit_starts_again() -> None:
    """`make run` seeds each time; what one person may give alone (L6) is not about the demo's own credits."""
    seeded()
    HubSetting.objects.update_or_create(name="owner_credits_max", defaults={"value": 1})
    snapshots.forget_all()
    seeded()


def test_x7_outside_debug_there_is_no_demo() -> None:
    with override_settings(DEMO=False):
        with pytest.raises(ImproperlyConfigured):
            call_command("demo_seed")
        with pytest.raises(ImproperlyConfigured):
            call_command("demo_tokens", pairs=1, stdout=StringIO())
        client = Client()
        assert client.post("/demo/sign-in/", {"login": "10000001"}).status_code == 404
        assert client.get("/demo/codes/").status_code == 404


def test_demo_tokens_bind_each_customer_to_its_agent() -> None:
    """P6, and `demo_tokens`: funded, scope `load`."""
    out = StringIO()
    call_command("demo_tokens", pairs=3, stdout=out)
    pairs = [json.loads(line) for line in out.getvalue().splitlines()]
    assert len(pairs) == 3
    for pair in pairs:
        customer_claims, agent_claims = read(pair["visitor"]), read(pair["staff"])
        assert customer_claims is not None
        assert agent_claims is not None
        customer, agent = load_person(customer_claims), load_person(agent_claims)
        assert {"load"} <= customer.scopes & agent.scopes
        assert agent.departments == {int(pair["department"])}
        assert CustomerProfile.objects.get(user=customer.user_id).bound_agent_id == agent.user_id
        wallet = money.wallet_for(customer.user_id or 0)
        assert wallet is not None
        assert wallet.available_m > 0
    again = StringIO()
    call_command("demo_tokens", pairs=2, stdout=again)
    assert User.objects.filter(login_number__startswith="9").count() == 3


def test_one_click_signs_in_with_the_second_factor() -> None:
    seed_demo()
    client = Client()
    answer = client.post("/demo/sign-in/", {"login": "10000004", "next": "/console/"})
    assert (answer.status_code, answer["Location"]) == (302, "/console/")
    assert client.get("/api/v1/me/").json()["role"] == "agent"


def test_nobody_but_demo_people_is_one_click_away() -> None:
    seed_demo()
    from tests import people

    owner = people.make_owner()
    assert Client().post("/demo/sign-in/", {"login": owner.login_number}).status_code == 404


def test_the_start_page_shows_codes_that_open_the_door() -> None:
    seed_demo()
    client = Client()
    page = client.get("/").content.decode()
    codes = client.get("/demo/codes/").json()["codes"]
    assert "Daan Mulder" in page
    client.post("/login/", {"login": "10000004", "password": "demo-balie-2026"})
    done = client.post("/login/verify/", {"code": codes["10000004"]})
    assert done["Location"] == "/console/"


def test_whoever_is_not_signed_in_is_led_to_sign_in_where_there_is_no_demo(settings: Settings) -> None:
    settings.DEMO = False
    answer = Client().get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/login/")


def test_k4_the_demo_has_whom_to_call_and_a_forum_until_the_owner_empties_them() -> None:
    seed_demo()
    page = Client().get("/login/").content.decode()
    assert 'href="tel:+31880000000"' in page
    HubSetting.objects.filter(pk="forum_url").update(value="")
    seed_demo()
    assert HubSetting.objects.get(pk="forum_url").value == ""
