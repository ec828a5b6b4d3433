"""A4: what the pages of purchases and lots show and do, the API does as well (S3, S4, L7, X1)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from credits.errors import AboveLimit, NothingToPayBack, ReasonMissing
from credits.models import Approval, Purchase
from credits.store import vouchers
from credits.store.money_refunds import pay_back
from credits.store.providers.base import Notice
from credits.store.receipts import issue_due
from credits.store.settling import settle
from hub.accounts.models import AuditEntry, User
from tests.credits.money import top_up
from tests.credits.store.shop import FakeProvider, buys, make_buyer, open_shop, receives
from tests.dashboard.test_setup_api import Caller
from tests.people import make_agent, make_customer, make_department, make_organisation, make_owner, person_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Iterator[FakeProvider]:
    with open_shop() as provider:
        yield provider


def paid_by(shop: FakeProvider, user: User) -> Purchase:
    purchase = buys(person_of(user))
    shop.pays(str(purchase.provider_ref))
    return settle(purchase.pk)


def test_a_receipt_is_taken_along_by_who_sees_the_purchase_S4_A4_X1(shop: FakeProvider) -> None:
    user, _, _ = make_buyer()
    purchase = paid_by(shop, user)
    assert issue_due() == 1
    _, told = Caller(user).asks(f"purchases/{purchase.pk}/")
    (receipt,) = told["receipts"]
    assert (receipt["kind"], "events" in told) == ("receipt", False)
    file = Caller(user)._client.get(f"/api/v1/receipts/{receipt['id']}/")
    assert (file.status_code, file["Content-Type"], file.content[:4]) == (200, "application/pdf", b"%PDF")
    assert Caller(make_customer()).asks(f"receipts/{receipt['id']}/")[0] == 404


def test_staff_are_told_what_happened_and_the_owner_what_was_sent_S3_A4(shop: FakeProvider) -> None:
    here = make_department()
    user = make_customer(department=here)
    purchase, owner = paid_by(shop, user), make_owner()
    receives("fake", Notice(str(purchase.provider_ref).encode()))
    pay_back(person_of(owner), purchase.pk, 10_000, reason="goodwill", key="one")
    _, told = Caller(make_agent(departments=[here])).asks(f"purchases/{purchase.pk}/")
    assert [one["what"] for one in told["events"]][:3] == ["started", "at_provider", "paid"]
    assert [(one["credits_m"], one["state"]) for one in told["refunds"]] == [(10_000, "done")]
    (notice,) = Caller(owner).asks(f"purchases/{purchase.pk}/notices/")[1]["results"]
    assert notice["body"] == purchase.provider_ref


def test_above_ones_limit_a_hub_owner_is_asked_L7_A4(shop: FakeProvider) -> None:
    here = make_department()
    purchase, agent = paid_by(shop, make_customer(department=here)), make_agent(departments=[here])
    caller, ask = Caller(agent), f"purchases/{purchase.pk}/refund-ask/"
    body = {"credits_m": 40_000, "reason": "goodwill", "text": "They moved"}
    assert caller.sends("post", f"purchases/{purchase.pk}/refund/", body)[1]["code"] == AboveLimit.code
    wrong = [body | {"reason": "because"}, body | {"credits_m": 50_001}]  # which nobody could approve
    told = [caller.sends("post", ask, one)[1]["code"] for one in wrong]
    assert told == [ReasonMissing.code, NothingToPayBack.code]
    assert not Approval.objects.exists()
    assert caller.sends("post", ask, body)[0] == 202
    waiting = Approval.objects.get()
    assert Caller(make_owner()).sends("post", f"approvals/{waiting.pk}/approve/")[0] == 200
    assert purchase.money_refunds.get().credits_m == 40_000


def test_purchases_are_filtered_S3_A4(shop: FakeProvider) -> None:
    user, person, _ = make_buyer()
    paid, still_open = paid_by(shop, user), buys(person)
    caller = Caller(user)

    def found(query: str) -> list[str]:
        return [one["id"] for one in caller.asks(f"purchases/?{query}")[1]["results"]]

    assert found("state=paid") == [str(paid.pk)]
    assert found("state=open&provider=fake") == [str(still_open.pk)]
    assert (found("status=paid"), found("status=open")) == ([str(paid.pk)], [str(still_open.pk)])
    for column, status in (("refunded_cents", "refunded"), ("charged_back_cents", "charged_back")):
        Purchase.objects.filter(pk=paid.pk).update(**{column: paid.amount_cents})
        assert caller.asks(f"purchases/{paid.pk}/")[1]["status"] == status
        assert found(f"status={status}") == found("state=paid") == [str(paid.pk)]
        assert found("status=paid") == []
    assert found("status=refunded") == []
    assert caller.asks("purchases/?status=gone")[0] == 400
    assert found("provider=mollie") == found("until=2000-01-01T00:00:00Z") == []
    assert caller.asks("purchases/?since=never")[0] == 400


def test_lots_are_told_to_who_sees_all_of_the_wallet_L7_P4_P12_A4(shop: FakeProvider) -> None:
    user, person, wallet = make_buyer()
    purchase, owner = paid_by(shop, user), make_owner()
    (code,) = vouchers.make_vouchers(person_of(owner), credits_m=5_000, credits_days=9)
    vouchers.redeem(person, code, address="192.0.2.1")
    top_up(wallet, -1_000)
    gift, bought = Caller(user).asks("wallet/lots/")[1]["results"]
    assert (gift["reason"], gift["paid"], gift["left_m"], bool(gift["expires_at"])) == ("voucher", False, 4_000, True)
    assert (bought["purchase"], bought["paid"], bought["left_m"]) == (str(purchase.pk), True, 50_000)
    assert Caller(owner).asks(f"wallets/{wallet}/lots/")[1]["results"] == [gift, bought]
    assert AuditEntry.objects.filter(fact="credits.wallet.opened").exists()
    firm = make_organisation()
    assert [Caller(one).asks("wallet/lots/")[0] for one in (firm.owner, firm.employee)] == [200, 404]
    User.objects.filter(pk=user.pk).update(vip=True)
    assert Caller(user).asks("wallet/lots/")[0] == 404
