"""The wallet over HTTP (L2, L5, L6, P4): what an owner sees of it, and what staff may do to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from credits.ledger.accounts import open_wallet
from credits.ledger.lines import Filter, read_lines
from credits.metering.meters import end_meter, open_meter, start_meter
from hub.accounts.models import User
from hub.accounts.public import AuditEntry, tokens
from hub.base.errors import BadFrame
from tests.credits.money import MINUTE, balance_of, everything_adds_up, make_wallet, top_up
from tests.hub_time import HubTime
from tests.people import make_agent, make_customer, make_manager, make_organisation, make_owner

pytestmark = pytest.mark.django_db


def client_of(user: User, *scopes: str) -> APIClient:
    staff = user.kind == User.Kind.STAFF
    token = tokens.issue(
        side="staff" if staff else "visitor",
        user_id=user.pk,
        scopes=list(scopes or ("*",)),
        two_factor=staff,
        lifetime=timedelta(hours=1),
        sign_in_version=user.sign_in_version,
    )
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def adjust(client: APIClient, wallet: int, amount_m: int, key: str = "") -> Any:
    body = {"amount_m": amount_m, "reason": "a mistake of ours"}
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(f"/api/v1/wallets/{wallet}/adjust/", body, format="json", headers=headers)


def test_a_customer_reads_wallet_and_lines_L5(time: HubTime) -> None:
    customer = make_customer()
    wallet = open_wallet(user_id=customer.pk)
    top_up(wallet, 10_000)
    meter = open_meter(wallet_id=wallet, price=MINUTE, reference="session-1", spender_id=customer.pk)
    start_meter(meter)
    time.runs(61)
    end_meter(meter, "agent")
    client = client_of(customer)
    assert client.get("/api/v1/wallet/").json() == {
        "id": str(wallet),
        "balance_m": 6_000,
        "available_m": 6_000,
        "unmetered": False,
        "owed_m": 0,
    }
    lines = client.get("/api/v1/wallet/lines/").json()["results"]
    assert [
        (line["reason"], line["amount_m"], line["balance_m"], line.get("session"), line.get("block")) for line in lines
    ] == [
        ("charge", -2_000, 6_000, "session-1", 2),
        ("charge", -2_000, 8_000, "session-1", 1),
        ("adjust", 10_000, 10_000, None, None),
    ]
    assert "note" not in lines[2]


def test_the_lines_come_in_pages_that_fit_together_L5() -> None:
    customer = make_customer()
    wallet = open_wallet(user_id=customer.pk)
    for amount in range(1, 8):
        top_up(wallet, amount)
    client = client_of(customer)
    whole = client.get("/api/v1/wallet/lines/").json()["results"]
    pages, url = [], "/api/v1/wallet/lines/?limit=3"
    while url:
        answer = client.get(url).json()
        pages += answer["results"]
        url = answer["next"]
        top_up(wallet, 1000)  # what comes meanwhile does not move the pages that follow
    assert pages == whole
    assert [line["balance_m"] for line in whole] == [28, 21, 15, 10, 6, 3, 1]
    assert client.get("/api/v1/wallet/lines/?reason=charge").json()["results"] == []


def test_lines_without_balances_are_the_same_lines_and_their_cursor_asks_for_no_balance_L5() -> None:
    wallet = open_wallet(user_id=make_customer().pk)
    for amount in range(1, 6):
        top_up(wallet, amount)
    whole, _ = read_lines(wallet, Filter(), cursor=None, limit=9)
    first, following = read_lines(wallet, Filter(), cursor=None, limit=2, balances=False)
    rest, end = read_lines(wallet, Filter(), cursor=following, limit=9, balances=False)
    assert [replace(line, balance_m=None) for line in whole] == first + rest
    assert end is None
    with pytest.raises(BadFrame):
        read_lines(wallet, Filter(), cursor=following, limit=2)


@pytest.mark.parametrize("query", ["cursor=nonsense", "limit=0", "limit=999", "since=never"])
def test_a_wrong_question_is_refused_L5(query: str) -> None:
    assert client_of(make_customer()).get(f"/api/v1/wallet/lines/?{query}").status_code == 400


def test_a_cursor_of_another_wallet_is_refused_X1() -> None:
    one, other = make_customer(), make_customer()
    for _ in range(3):
        top_up(open_wallet(user_id=one.pk), 5)
    cursor = client_of(one).get("/api/v1/wallet/lines/?limit=1").json()["next"].split("?")[1]
    assert client_of(other).get(f"/api/v1/wallet/lines/?{cursor}").status_code == 400


def test_members_pay_from_the_organisations_wallet_and_see_what_is_theirs_P4(time: HubTime) -> None:
    world = make_organisation()
    wallet = open_wallet(organisation_id=world.organisation.pk)
    top_up(wallet, 100_000)
    for spender in (world.owner, world.manager, world.employee):
        reference = f"of {spender.pk}"
        start_meter(open_meter(wallet_id=wallet, price=MINUTE, reference=reference, spender_id=spender.pk))
    time.runs(1)
    seen = {}
    for person in (world.owner, world.manager, world.employee):
        client = client_of(person)
        assert client.get("/api/v1/wallet/").json()["id"] == str(wallet)
        lines = client.get("/api/v1/wallet/lines/").json()["results"]
        seen[person.pk] = {line.get("session", line["reason"]) for line in lines}
    owner, manager, employee = (f"of {p.pk}" for p in (world.owner, world.manager, world.employee))
    assert seen[world.owner.pk] == {owner, manager, employee, "adjust"}
    assert seen[world.manager.pk] == {manager, employee}
    assert seen[world.employee.pk] == {employee}
    stranger = make_customer()
    for person, of, told in (
        (world.owner, world.employee, [employee]),
        (world.manager, world.employee, [employee]),
        (world.manager, world.owner, []),
        (world.employee, world.manager, []),
        (world.owner, stranger, []),
    ):
        lines = client_of(person).get(f"/api/v1/wallet/lines/?spender={of.pk}").json()["results"]
        assert [line["session"] for line in lines] == told
        assert {line["spender"] for line in lines} <= {str(of.pk)}


def test_staff_add_and_take_away_with_a_reason_L6() -> None:
    owner, wallet = make_owner(), make_wallet()
    client = client_of(owner)
    added = adjust(client, wallet, 50_000)
    assert (added.status_code, added.json()["balance_m"]) == (201, 50_000)
    assert adjust(client, wallet, -20_000).json()["balance_m"] == 30_000
    assert adjust(client, wallet, -30_001).status_code == 402
    lines = client.get(f"/api/v1/wallets/{wallet}/lines/").json()["results"]
    assert [(line["amount_m"], line["note"]) for line in lines] == [
        (-20_000, "a mistake of ours"),
        (50_000, "a mistake of ours"),
    ]
    assert AuditEntry.objects.filter(fact="credits.wallet.adjusted", actor=owner).count() == 2
    assert everything_adds_up()


def test_an_adjustment_that_is_not_audited_is_not_made_L6_P9(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError

    client, wallet = client_of(make_owner()), make_wallet()
    client.raise_request_exception = False
    monkeypatch.setattr("credits.api.audit.record", fails)
    assert adjust(client, wallet, 5_000).status_code == 500
    assert balance_of(wallet) == 0


def test_staff_who_open_a_wallet_outside_their_work_are_audited_P9() -> None:
    agent, owner = make_agent(), make_owner()
    wallet = open_wallet(user_id=make_customer(agent=agent).pk)
    for opener in (agent, owner):
        for path in ("", "lines/"):
            assert client_of(opener).get(f"/api/v1/wallets/{wallet}/{path}").status_code == 200
    opened = AuditEntry.objects.filter(fact="credits.wallet.opened", target_id=str(wallet))
    assert list(opened.values_list("actor", flat=True)) == [owner.pk, owner.pk]


def test_the_same_key_is_the_same_adjustment_L2() -> None:
    client, wallet = client_of(make_owner()), make_wallet()
    first, again = adjust(client, wallet, 5_000, "key-1"), adjust(client, wallet, 5_000, "key-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["transfer"] == again.json()["transfer"]
    assert adjust(client, wallet, 6_000, "key-1").status_code == 409
    assert balance_of(wallet) == 5_000


@pytest.mark.parametrize(
    "body",
    [
        {"amount_m": 0},
        {"amount_m": 10**11},
        {"amount_m": 10**30},
        {"amount_m": "much"},
        {"amount_m": 1.5},
        {"reason": ""},
        {"reason": " "},
        {"reason": "x" * 501},
        {"amount": 5},
    ],
)
def test_a_senseless_adjustment_is_refused_L6(body: dict[str, object]) -> None:
    wallet = make_wallet()
    body = {"amount_m": 5, "reason": "x", **body}
    answer = client_of(make_owner()).post(f"/api/v1/wallets/{wallet}/adjust/", body, format="json")
    assert answer.status_code == 400
    assert balance_of(wallet) == 0


def test_a_reason_must_be_given_L6() -> None:
    answer = client_of(make_owner()).post(f"/api/v1/wallets/{make_wallet()}/adjust/", {"amount_m": 5}, format="json")
    assert answer.status_code == 400
    assert (
        client_of(make_owner()).post(f"/api/v1/wallets/{make_wallet()}/adjust/", [1], format="json").status_code == 400
    )


def test_nobody_adjusts_the_own_wallet_L6() -> None:
    customer = make_customer()
    wallet = open_wallet(user_id=customer.pk)
    assert adjust(client_of(customer), wallet, 5).status_code == 404
    assert balance_of(wallet) == 0


def test_an_agent_adjusts_own_customers_up_to_a_limit_L6_P5() -> None:
    agent = make_agent()
    own, other = make_customer(agent=agent), make_customer()
    client = client_of(agent)
    assert adjust(client, open_wallet(user_id=own.pk), 500_000).status_code == 201
    assert adjust(client, open_wallet(user_id=own.pk), 500_001).status_code == 403
    assert adjust(client, open_wallet(user_id=other.pk), 5).status_code == 404
    assert client.get(f"/api/v1/wallets/{open_wallet(user_id=other.pk)}/").status_code == 404
    assert adjust(client_of(make_manager()), 999_999, 5).status_code == 404


def test_a_token_for_reading_cannot_adjust_A4() -> None:
    wallet = make_wallet()
    client = client_of(make_owner(), "credits:read")
    assert client.get(f"/api/v1/wallets/{wallet}/").status_code == 200
    assert adjust(client, wallet, 5).status_code == 403
    assert client_of(make_owner(), "chat").get(f"/api/v1/wallets/{wallet}/").status_code == 403


def test_without_signing_in_there_is_no_wallet_X1() -> None:
    assert APIClient().get("/api/v1/wallet/").status_code == 401
    assert client_of(make_agent()).get("/api/v1/wallet/").status_code == 404  # staff have none
