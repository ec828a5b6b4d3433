"""Customers ask for money back for what they did not use (L7): who may, what staff answer, and what the mails say."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from credits.approvals import approve
from credits.errors import NothingToPayBack, NotPaid, PurchaseUnknown, RequestAnswered, RequestUnknown
from credits.models import MoneyRefund, MoneyRequest, Purchase, PurchaseEvent
from credits.store import money_requests
from credits.store.money_refunds import ask_second_person, look_at_due, pay_back
from credits.store.settling import settle
from hub.accounts.models import AuditEntry, CustomerProfile, Membership, Organisation, Unit, User
from hub.accounts.public import erasure
from hub.base import clock
from hub.base.errors import Conflict, Forbidden
from hub.base.models import OutboxMessage
from tests import people
from tests.credits.money import top_up
from tests.credits.store.shop import FakeProvider, balance, buys, make_buyer, open_shop
from tests.dashboard.admin_windows import Window
from tests.dashboard.test_setup_api import Caller
from tests.people import make_agent, make_customer, make_department, make_owner, person_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Iterator[FakeProvider]:
    with open_shop() as provider:
        yield provider


def bought_by(shop: FakeProvider, user: User) -> Purchase:
    purchase = buys(person_of(user))
    shop.pays(str(purchase.provider_ref))
    return settle(purchase.pk)


def mails(purpose: str) -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(purpose=purpose))


def test_a_customer_asks_on_the_page_of_the_purchase_and_staff_pay_back_L7(shop: FakeProvider) -> None:
    here = make_department()
    user = make_customer(department=here, email="jansen@example.com")
    purchase = bought_by(shop, user)
    top_up(purchase.wallet_id, -20_000)
    window, agent, owner = Window(user), Window(make_agent(departments=[here])), Window(make_owner())
    assert "30.0 credits of this purchase are not used" in window.reads("portal-purchase", purchase.pk)
    assert "€30.00" in window.reads("portal-purchase", purchase.pk)
    for _ in range(2):  # the same button twice is one request
        window.sends("portal-money-back", purchase.pk, text="I moved <away>")
    asked = MoneyRequest.objects.get()
    assert (asked.text, asked.state) == ("I moved <away>", "open")
    assert "We look at it and write to you" in window.reads("portal-purchase", purchase.pk)
    for staff in (agent, owner):
        page = staff.reads("admin-refunds")
        assert "I moved &lt;away&gt;" in page
        assert "30.0 credits are left: €30.00" in page
    assert "asked for money back" in owner.reads("admin-purchase", purchase.pk)
    owner.sends("admin-purchase-refund", purchase.pk, credits="30", reason="goodwill", form_key="a" * 32)
    asked.refresh_from_db()
    assert (asked.state, asked.refund) == ("granted", MoneyRefund.objects.get())
    (mail,) = mails("money_granted")
    assert mail.to == "jansen@example.com"
    assert "We pay you €30.00 for 30.0 credits" in mail.text
    assert "we have paid back €30.00" in window.reads("portal-purchase", purchase.pk)
    assert "I moved" not in owner.reads("admin-refunds")


def test_who_is_told_no_reads_why_and_does_not_ask_again_L7(shop: FakeProvider) -> None:
    user, person, _ = make_buyer()
    purchase = bought_by(shop, user)
    window, owner = Window(user), Window(make_owner())
    window.sends("portal-money-back", purchase.pk)
    asked = MoneyRequest.objects.get()
    owner.sends("admin-money-request-decline", asked.pk, text=" ")
    assert MoneyRequest.objects.get().state == "open"  # nobody said why
    owner.sends("admin-money-request-decline", asked.pk, text="Bought two years ago")
    (mail,) = mails("money_declined")
    assert "Bought two years ago" in mail.text
    page = window.reads("portal-purchase", purchase.pk)
    assert "Bought two years ago" in page
    assert "Ask for money back" not in page
    assert AuditEntry.objects.filter(fact="store.money_back.declined").exists()
    with pytest.raises(RequestAnswered):
        money_requests.ask(person, purchase.pk)
    with pytest.raises(RequestAnswered):
        money_requests.decline(person_of(make_owner()), asked.pk, "Again")
    assert len(mails("money_declined")) == 1


def test_a_refund_that_fails_opens_the_request_again_L7(shop: FakeProvider) -> None:
    user, person, _ = make_buyer()
    purchase = bought_by(shop, user)
    money_requests.ask(person, purchase.pk)
    owner = person_of(make_owner())
    shop.refuses = True
    pay_back(owner, purchase.pk, 50_000, reason="goodwill", key="a")
    assert (MoneyRequest.objects.get().state, balance(purchase.wallet_id)) == ("open", 50_000)
    shop.refuses = False
    pay_back(owner, purchase.pk, 50_000, reason="goodwill", key="b")
    assert (MoneyRequest.objects.get().state, balance(purchase.wallet_id)) == ("granted", 0)
    assert look_at_due() == 0


def test_it_is_asked_only_of_what_is_paid_and_left_by_who_pays_for_it_L7_P4_X1(shop: FakeProvider) -> None:
    user, person, wallet = make_buyer()
    open_one = buys(person)
    with pytest.raises(NotPaid):
        money_requests.ask(person, open_one.pk)
    purchase = bought_by(shop, user)
    with pytest.raises(PurchaseUnknown):
        money_requests.ask(make_buyer()[1], purchase.pk)
    with pytest.raises(RequestUnknown):
        money_requests.withdraw(person, purchase.pk)
    with pytest.raises(Forbidden):
        money_requests.ask(person_of(make_owner()), purchase.pk)
    top_up(wallet, -50_000)
    with pytest.raises(NothingToPayBack):
        money_requests.ask(person, purchase.pk)
    assert "Ask for money back" not in Window(user).reads("portal-purchase", purchase.pk)
    assert not MoneyRequest.objects.exists()


def test_an_employee_asks_for_nothing_that_the_organisation_paid_P4(shop: FakeProvider) -> None:
    company = Organisation.objects.create(name="Bakkerij Bakker", created_at=clock.now())
    owner, employee = make_customer(), make_customer()
    people.join(owner, company, Membership.Role.OWNER)
    unit = Unit.objects.create(organisation=company, name="Shop")
    people.join(employee, company, Membership.Role.EMPLOYEE, unit)
    purchase = bought_by(shop, owner)
    with pytest.raises(PurchaseUnknown):
        money_requests.ask(person_of(employee), purchase.pk)
    money_requests.ask(person_of(owner), purchase.pk)
    assert MoneyRequest.objects.get().asked_by_id == owner.pk


def test_somebody_keeps_the_credits_after_all_and_may_ask_later_L7(shop: FakeProvider) -> None:
    user, person, _ = make_buyer()
    purchase = bought_by(shop, user)
    window = Window(user)
    window.sends("portal-money-back", purchase.pk)
    window.sends("portal-money-keep", purchase.pk)
    assert MoneyRequest.objects.get().state == "withdrawn"
    assert not money_requests.open_requests(person_of(make_owner())).exists()
    money_requests.ask(person, purchase.pk)
    assert [one.state for one in MoneyRequest.objects.order_by("pk")] == ["withdrawn", "open"]
    said = set(PurchaseEvent.objects.values_list("what", flat=True))
    assert {"money_back_asked", "money_back_withdrawn"} <= said


def test_nobody_takes_credits_whose_owner_keeps_them_L7_L6(shop: FakeProvider) -> None:
    """The refund waited for a second person; the customer, or a colleague who declines, is heard first."""
    here = make_department()
    user = make_customer(department=here, email="jansen@example.com")
    purchase = bought_by(shop, user)
    agent, owner = person_of(make_agent(departments=[here])), person_of(make_owner())
    money_requests.ask(person_of(user), purchase.pk)
    asked = ask_second_person(agent, purchase.pk, 50_000, reason="goodwill", text="", key="one")
    money_requests.withdraw(person_of(user), purchase.pk)
    asked.refresh_from_db()
    assert (asked.state, asked.answered_by_id) == ("withdrawn", user.pk)
    with pytest.raises(Conflict):
        approve(owner, asked.pk)

    again = money_requests.ask(person_of(user), purchase.pk)
    asked = ask_second_person(agent, purchase.pk, 50_000, reason="goodwill", text="", key="two")
    money_requests.decline(owner, again.pk, "They were used")
    asked.refresh_from_db()
    assert asked.state == "withdrawn"
    assert not MoneyRefund.objects.exists()


def test_a_credit_waits_once_for_a_second_person_L6_L7(shop: FakeProvider) -> None:
    here = make_department()
    purchase = bought_by(shop, make_customer(department=here))
    agent = person_of(make_agent(departments=[here]))
    ask = partial(ask_second_person, agent, purchase.pk, reason="goodwill", text="")
    assert ask(30_000, key="one") == ask(30_000, key="one")
    with pytest.raises(NothingToPayBack):
        ask(30_000, key="two")
    assert ask(20_000, key="three").state == "open"


def test_it_is_asked_and_answered_over_the_api_L7(shop: FakeProvider) -> None:
    user, _, _ = make_buyer()
    purchase = bought_by(shop, user)
    here, owner = Caller(user), Caller(make_owner())
    path = f"purchases/{purchase.pk}/"
    assert here.asks(path)[1]["money_back"] == {"credits_m": 50_000, "amount": {"value": 5000, "currency": "EUR"}}
    status, made = here.sends("post", f"{path}money-back/", {"text": "Unused"})
    assert (status, made["state"]) == (201, "open")
    assert here.sends("post", f"{path}money-back/", {})[1]["id"] == made["id"]
    assert [one["text"] for one in owner.asks("money-requests/")[1]["results"]] == ["Unused"]
    assert owner.sends("post", f"money-requests/{made['id']}/decline/", {"reason": "Too old"})[0] == 204
    found = here.asks(path)[1]
    assert (found["money_asked"]["answer"], "money_back" in found) == ("Too old", False)
    assert here.sends("delete", f"{path}money-back/")[0] == 404


def test_what_somebody_who_is_erased_asked_for_waits_for_nobody_P10(shop: FakeProvider) -> None:
    user, person, _ = make_buyer()
    purchase = bought_by(shop, user)
    money_requests.ask(person, purchase.pk, "My own words")
    erasure.erase_now(person_of(make_owner()), user)
    asked = MoneyRequest.objects.get()
    assert (asked.state, asked.text) == ("withdrawn", "")


def test_staff_find_the_requests_of_whom_they_see_P5(shop: FakeProvider) -> None:
    """P5: of a person, and of a company by one of its members."""
    company = Organisation.objects.create(name="Bakkerij Bakker", created_at=clock.now())
    alone, head, employee = make_customer(), make_customer(), make_customer()
    people.join(head, company, Membership.Role.OWNER)
    people.join(employee, company, Membership.Role.EMPLOYEE, Unit.objects.create(organisation=company, name="Shop"))
    asked = {}
    for buyer in (alone, head):
        purchase = bought_by(shop, buyer)
        money_requests.ask(person_of(buyer), purchase.pk)
        asked[buyer.pk] = MoneyRequest.objects.get(purchase=purchase).pk

    def found(customer: User | None) -> set[int]:
        agent = make_agent()
        if customer is not None:
            CustomerProfile.objects.filter(user=customer).update(bound_agent=agent)
        return set(money_requests.open_requests(person_of(agent)).values_list("pk", flat=True))

    assert found(alone) == {asked[alone.pk]}
    assert found(employee) == {asked[head.pk]}
    assert found(None) == set()
    assert set(money_requests.open_requests(person_of(make_owner())).values_list("pk", flat=True)) == {*asked.values()}
    assert not money_requests.open_requests(person_of(alone)).exists()
