"""Changing e-mail address and mobile number: the new one confirms, the old one is told (P2); and the details (P8)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from hub.accounts.models import AuditEntry, User
from tests import people
from tests.accounts.letters import code_in, last_to, letters_to, path_in, purposes

pytestmark = pytest.mark.django_db
MOBILE, EMAIL, NEW_EMAIL, NEW_MOBILE = "+31612345678", "sanne@example.com", "s.devries@example.com", "+31687654321"


@pytest.fixture
def customer() -> User:
    return people.make_customer(password=people.PASSWORD, email=EMAIL, mobile=MOBILE)


@pytest.fixture
def browser(customer: User) -> Client:
    browser = Client()
    browser.post("/login/", {"login": EMAIL, "password": people.PASSWORD})
    return browser


def change_email(browser: Client, email: str = NEW_EMAIL, password: str = people.PASSWORD) -> Any:
    return browser.post("/profile/email/", {"email": email, "current": password})


def change_mobile(browser: Client, mobile: str = "06 87 65 43 21", password: str = people.PASSWORD, **more: str) -> Any:
    return browser.post("/profile/mobile/", {"mobile": mobile, "current": password, **more})


def test_p2_a_new_address_confirms_and_the_old_one_is_told(browser: Client, customer: User) -> None:
    assert change_email(browser, "S.deVries@Example.com").status_code == 302
    customer.refresh_from_db()
    assert customer.email == EMAIL
    path = path_in(last_to(NEW_EMAIL))
    assert browser.get(path).status_code == 200
    customer.refresh_from_db()
    assert customer.email == EMAIL  # looking changes nothing
    assert browser.post(path)["Location"] == "/profile/security/"
    customer.refresh_from_db()
    assert customer.email == NEW_EMAIL
    assert purposes(EMAIL) == ["email_changed"]
    assert AuditEntry.objects.filter(fact="people.email.changed").count() == 1
    assert browser.post(path).status_code == 410


def test_p2_without_the_password_no_address_is_changed(browser: Client) -> None:
    answer = change_email(browser, password="guess")
    assert answer.status_code == 400
    assert f'value="{NEW_EMAIL}"' in answer.content.decode()
    assert letters_to(NEW_EMAIL) == []


def test_p2_an_address_of_somebody_else_is_not_told(browser: Client, customer: User) -> None:
    people.make_customer(email="other@example.com")
    taken, free = change_email(browser, "other@example.com"), change_email(browser, "free@example.com")
    assert (taken.status_code, taken["Location"]) == (free.status_code, free["Location"])
    assert purposes("other@example.com") == ["email_taken"]
    assert customer.email == EMAIL


def test_p2_an_address_that_was_taken_meanwhile_is_refused(browser: Client) -> None:
    change_email(browser)
    people.make_customer(email=NEW_EMAIL.upper())
    assert browser.post(path_in(last_to(NEW_EMAIL))).status_code == 409


def test_p2_links_that_went_to_the_old_address_open_nothing_after_the_change(browser: Client) -> None:
    Client().post("/password/forgot/", {"login": EMAIL})
    old_link = path_in(last_to(EMAIL))
    change_email(browser)
    browser.post(path_in(last_to(NEW_EMAIL)))
    assert Client().get(old_link).status_code == 410


@pytest.mark.parametrize("email", ["", "sanne", EMAIL, EMAIL.upper(), "a@b", "x" * 300 + "@example.com"])
def test_bad_input_anything_as_a_new_address(browser: Client, email: str) -> None:
    assert change_email(browser, email).status_code == 400


def test_p2_a_new_number_confirms_by_a_code(browser: Client, customer: User) -> None:
    assert change_mobile(browser)["Location"] == "/profile/mobile/confirm/"
    code = code_in(last_to(NEW_MOBILE))
    assert browser.post("/profile/mobile/confirm/", {"code": "000000"}).status_code == 401
    customer.refresh_from_db()
    assert customer.mobile == MOBILE
    assert browser.post("/profile/mobile/confirm/", {"code": code})["Location"] == "/profile/security/"
    customer.refresh_from_db()
    assert (customer.mobile, customer.mobile_confirmed) == (NEW_MOBILE, True)
    assert purposes(EMAIL) == ["mobile_changed"]


def test_p2_a_claimed_number_goes_to_who_has_it(browser: Client, customer: User) -> None:
    """Somebody registered with it and never confirmed: whoever gets the code has it."""
    claimer = people.make_customer("Tom Visser", mobile=NEW_MOBILE, mobile_confirmed=False)
    change_mobile(browser)
    browser.post("/profile/mobile/confirm/", {"code": code_in(last_to(NEW_MOBILE))})
    customer.refresh_from_db()
    claimer.refresh_from_db()
    assert (customer.mobile, claimer.mobile) == (NEW_MOBILE, None)
    assert claimer.customer_profile.phone == NEW_MOBILE


def test_p2_a_confirmed_number_of_another_account_stays_there(browser: Client, customer: User) -> None:
    people.make_customer("Tom Visser", mobile=NEW_MOBILE)
    assert change_mobile(browser).status_code == 302  # not told yet
    answer = browser.post("/profile/mobile/confirm/", {"code": code_in(last_to(NEW_MOBILE))})
    assert answer.status_code == 409
    customer.refresh_from_db()
    assert customer.mobile == MOBILE


def test_p2_the_code_of_one_person_confirms_nothing_for_another(browser: Client) -> None:
    change_mobile(browser)
    code = code_in(last_to(NEW_MOBILE))
    challenge = browser.session["mobile_change"]
    people.make_customer("Tom Visser", email="tom@example.com", password=people.PASSWORD)
    other = Client()
    other.post("/login/", {"login": "tom@example.com", "password": people.PASSWORD})
    session = other.session
    session["mobile_change"] = challenge
    session.save()
    assert other.post("/profile/mobile/confirm/", {"code": code}).status_code == 401


def test_p2_a_number_can_be_removed_when_there_is_an_address(browser: Client, customer: User) -> None:
    assert change_mobile(browser, remove="1").status_code == 302
    customer.refresh_from_db()
    assert customer.mobile is None


@pytest.mark.parametrize("mobile", ["", "12", "020 624 1111", "+1 876 555 0100", "abc", MOBILE])
def test_bad_input_anything_as_a_new_number(browser: Client, mobile: str) -> None:
    """Nobody's number, a telephone on a wall, a country that is not served, the same as before."""
    assert change_mobile(browser, mobile).status_code == 400


def test_p8_the_display_name_is_what_others_see(browser: Client, customer: User) -> None:
    page = browser.get("/profile/").content.decode()
    assert customer.login_number in page
    answer = browser.post(
        "/profile/", {"first_name": "Sanne", "last_name": "de Vries", "display_name": "Bakkerij Sanne"}
    )
    assert answer["Location"] == "/profile/"
    customer.refresh_from_db()
    assert customer.name == "Bakkerij Sanne"
    browser.post("/profile/", {"display_name": ""})
    customer.refresh_from_db()
    assert customer.name == "Sanne de Vries"


def test_p1_details_and_computer_are_kept_and_what_is_not_sent_stays(browser: Client, customer: User) -> None:
    filled = {
        "first_name": "Sanne",
        "last_name": "de Vries",
        "address": "De Hoeve",
        "city": "Utrecht",
        "birth_date": "1980-12-31",
        "phone": "020 624 1111",
        "computer_brand": "Lenovo",
        "language": "nl",
        "time_zone": "Asia/Tehran",
    }
    assert browser.post("/profile/", filled).status_code == 302
    browser.post("/profile/", {"city": ""})
    customer.refresh_from_db()
    profile = customer.customer_profile
    assert (profile.address, profile.city, profile.phone) == ("De Hoeve", "", "+31206241111")
    assert (customer.language, customer.time_zone, str(profile.birth_date)) == ("nl", "Asia/Tehran", "1980-12-31")
    changed = AuditEntry.objects.filter(fact="people.profile.changed").order_by("pk")
    assert changed[1].detail == {"fields": ["city"]}


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("birth_date", "2999-01-01"),
        ("phone", "12"),
        ("time_zone", "Mars/Olympus"),
        ("display_name", "x" * 121),
        ("first_name", "http://evil.example"),
        ("address", "a\x07b"),
    ],
)
def test_bad_input_a_wrong_detail_is_said_and_nothing_is_kept(
    browser: Client, customer: User, field: str, text: str
) -> None:
    answer = browser.post("/profile/", {"city": "Utrecht", field: text})
    assert answer.status_code == 400
    assert f'id="field-{field}-said"' in answer.content.decode()
    assert 'value="Utrecht"' in answer.content.decode()
    customer.customer_profile.refresh_from_db()
    assert customer.customer_profile.city == ""


def test_who_is_not_signed_in_signs_in_first() -> None:
    for path in (
        "profile",
        "profile/security",
        "profile/devices",
        "profile/password",
        "profile/email",
        "profile/mobile",
    ):
        assert Client().get(f"/{path}/")["Location"] == f"/login/?next=%2F{path.replace('/', '%2F')}%2F"
