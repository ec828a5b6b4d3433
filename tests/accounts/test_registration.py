"""Registering (P1), from the form to the portal, and what people type into it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from hub.accounts.models import OneTimeLink, User
from hub.base import clock
from hub.base.models import OutboxMessage
from tests import people
from tests.accounts.letters import last_to, letters_to, path_in, purposes
from tests.accounts.pages import seen

pytestmark = pytest.mark.django_db
PASSWORD = "a quiet harbour town"

FILLED = {
    "first_name": "Sanne",
    "last_name": "de Vries",
    "email": "sanne@example.com",
    "phone": "06-12 34 56 78",
    "address": "Dorpsstraat 12",
    "postcode": "3511 AB",
    "city": "Utrecht",
    "birth_date": "1980-12-31",
    "computer_brand": "Lenovo",
    "computer_model": "ThinkPad X1",
    "operating_system": "Windows 11",
}


def register(client: Client | None = None, /, **changes: str) -> Any:
    return (client or Client()).post("/register/", {**FILLED, **changes}, REMOTE_ADDR="10.0.0.1")


def set_password(path: str, password: str = PASSWORD, again: str = "", client: Client | None = None) -> Any:
    return (client or Client()).post(path, {"password": password, "again": again or password})


def test_p1_from_the_form_to_the_portal() -> None:
    """All fields are kept; the login number comes by mail, the password by a link, and it signs in."""
    browser = Client()
    answer = register(browser)
    assert (answer.status_code, answer["Location"]) == (302, "/register/sent/")
    user = User.objects.get(email="sanne@example.com")
    letter = last_to("sanne@example.com")
    assert user.login_number in letter.text
    assert PASSWORD not in letter.text
    profile = user.customer_profile
    kept = {name: str(getattr(profile, name)) for name in FILLED if hasattr(profile, name) and name != "phone"}
    assert kept == {name: FILLED[name] for name in kept}
    assert (user.name, user.mobile) == ("Sanne de Vries", "+31612345678")

    path = path_in(letter)
    assert browser.get(path).status_code == 200
    assert browser.get(path).status_code == 200  # a mail program that looks first changes nothing
    done = set_password(path, client=browser)
    assert (done.status_code, done["Location"]) == (302, "/")
    assert browser.get("/api/v1/me/").json()["login"] == user.login_number


def test_x6_an_address_gets_few_mails_from_however_many_browsers() -> None:
    """One a minute, five a day: registering somebody again and again fills no mailbox, whether they exist or not."""
    with clock.freeze() as time:
        for number in range(12):
            answer = Client().post("/register/", FILLED, REMOTE_ADDR=f"10.8.0.{number}")
            assert answer["Location"] == "/register/sent/"
            time.advance(minutes=2)
    assert len(letters_to("sanne@example.com")) == 5


@pytest.mark.parametrize("login", ["number", "SANNE@example.com", "+31 6 12345678"])
def test_p2_then_by_number_email_or_mobile(login: str) -> None:
    register()
    set_password(path_in(last_to("sanne@example.com")))
    user = User.objects.get(email="sanne@example.com")
    browser = Client()
    browser.post("/login/", {"login": user.login_number if login == "number" else login, "password": PASSWORD})
    assert browser.get("/api/v1/me/").status_code == 200


def test_p1_an_account_without_a_password_opens_by_none() -> None:
    register()
    user = User.objects.get(email="sanne@example.com")
    for password in ("", "!", user.password):
        assert Client().post("/login/", {"login": user.login_number, "password": password}).status_code == 401


@pytest.mark.parametrize(
    ("field", "text", "kept"),
    [
        ("first_name", "Özgür", "Özgür"),
        ("first_name", "Ozgu\u0308r", "Ozgür"),
        ("first_name", "محمد‌رضا", "محمد‌رضا"),
        ("first_name", "李小龙", "李小龙"),
        ("first_name", "O'Neil-Ćwik", "O'Neil-Ćwik"),
        ("first_name", "  Jan   Willem ", "Jan Willem"),
        ("last_name", "van \u202eder Berg\u200f", "van der Berg"),
        ("address", "De Hoeve", "De Hoeve"),
        ("address", "خیابان ولیعصر", "خیابان ولیعصر"),
        ("address", "", ""),
    ],
)
def test_bad_input_names_and_addresses_in_any_script(field: str, text: str, kept: str) -> None:
    assert register(**{field: text}).status_code == 302
    user = User.objects.get(email="sanne@example.com")
    assert getattr(user if hasattr(user, field) else user.customer_profile, field) == kept


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("first_name", ""),
        ("first_name", "..."),
        ("first_name", "12345"),
        ("first_name", "Win now http://evil.example/"),
        ("first_name", "www.evil.example"),
        ("last_name", "a" * 81),
        ("last_name", "two\nlines"),
        ("last_name", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")),
        ("address", "line\x07bell"),
        ("email", ""),
        ("email", "sanne"),
        ("email", "sanne@@example.com"),
        ("email", "a@example.com, b@example.com"),
        ("email", "x" * 250 + "@example.com"),
        ("phone", "12"),
        ("phone", "+31 6 123"),
        ("phone", "call me"),
        ("phone", "0900 1234"),
        ("phone", "1" * 500),
        ("birth_date", "2999-01-01"),
        ("birth_date", "1799-01-01"),
        ("birth_date", "1359-10-10"),
        ("birth_date", "1980-02-30"),
        ("birth_date", "yesterday"),
    ],
)
def test_bad_input_is_said_beside_the_field_and_kept(field: str, text: str) -> None:
    answer = register(**{field: text})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert f'id="field-{field}-said"' in page
    assert 'value="Dorpsstraat 12"' in page or field == "address"  # what was typed is still there
    assert not User.objects.filter(email="sanne@example.com").exists()
    assert OutboxMessage.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("06-12345678", "+31612345678"),
        ("06 12 34 56 78", "+31612345678"),
        ("0031 6 12345678", "+31612345678"),
        ("+31 (0)6-12.34.56.78", "+31612345678"),
        ("tel:+31612345678", "+31612345678"),
        ("۰۶۱۲۳۴۵۶۷۸", "+31612345678"),
        ("٠٦١٢٣٤٥٦٧٨", "+31612345678"),
        ("\u200e+31 6 12345678\u200f", "+31612345678"),
        ("+385 91 123 4567", "+385911234567"),
        ("+98 912 345 6789", "+989123456789"),
    ],
)
def test_bad_input_a_phone_number_in_any_notation_is_kept_as_e164(typed: str, kept: str) -> None:
    register(phone=typed)
    assert User.objects.get(email="sanne@example.com").mobile == kept


def test_p1_a_number_of_a_house_is_to_call_not_to_sign_in_by() -> None:
    register(phone="020 624 1111")
    user = User.objects.get(email="sanne@example.com")
    assert (user.mobile, user.customer_profile.phone) == (None, "+31206241111")


@pytest.mark.parametrize("typed", ["31-12-1980", "31/12/1980", "1980/12/31", "۱۹۸۰-۱۲-۳۱"])
def test_bad_input_a_date_as_typed_without_a_picker(typed: str) -> None:
    register(birth_date=typed)
    assert str(User.objects.get(email="sanne@example.com").customer_profile.birth_date) == "1980-12-31"


def test_bad_input_a_birth_date_of_today_is_the_last_that_is_taken() -> None:
    with clock.freeze(datetime(2028, 2, 29, 12, tzinfo=UTC)):
        assert register(birth_date="2028-02-29").status_code == 302
        assert register(birth_date="2028-03-01").status_code == 400


def test_bad_input_addresses_that_differ_by_case_are_one() -> None:
    register(email="Sanne@Example.COM")
    with clock.travel(minutes=2):
        register(email="sanne@example.com")
    assert User.objects.filter(email__iexact="sanne@example.com").count() == 1


def test_bad_input_addresses_that_differ_by_dots_are_two() -> None:
    """Most providers tell them apart: folding dots would lock one person out of what belongs to another."""
    register(email="jan.bakker@example.com", phone="")
    register(email="janbakker@example.com", phone="")
    assert User.objects.filter(email__in=["jan.bakker@example.com", "janbakker@example.com"]).count() == 2


def test_p2_the_answer_does_not_tell_whose_address_is_known() -> None:
    """The page is the same to the letter; the address's owner gets a mail, and nothing of theirs changes."""
    known = people.make_customer(email="sanne@example.com", password=people.PASSWORD)
    taken, free = Client(), Client()
    first = register(taken, first_name="Mallory")
    second = register(free, email="new@example.com", phone="")
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert seen(taken.get("/register/sent/")) == seen(free.get("/register/sent/"))
    known.refresh_from_db()
    assert known.first_name == "Sanne"
    assert purposes("sanne@example.com") == ["already_registered"]
    assert known.login_number in last_to("sanne@example.com").text


def test_p2_a_known_mobile_is_not_told_either_and_stays_where_it_is() -> None:
    known = people.make_customer(mobile="+31612345678")
    assert register().status_code == 302
    new = User.objects.get(email="sanne@example.com")
    known.refresh_from_db()
    assert known.mobile == "+31612345678"
    assert (new.mobile, new.customer_profile.phone) == (None, "+31612345678")


def test_bad_input_what_is_wrong_is_said_above_too_by_the_name_of_its_field() -> None:
    page = Client().post("/register/", {"first_name": "Jan", "last_name": "J", "email": "no"}).content.decode()
    said = re.search(r'<a class="link" href="#field-email">([^<]+)</a>', page)
    assert said is not None
    assert said[1].startswith("E-mail address: ")
    assert 'id="field-email-said"' in page


def test_bad_input_a_doubled_submit_makes_one_account_and_one_mail() -> None:
    browser = Client()
    assert [register(browser).status_code for _ in range(3)] == [302, 302, 302]
    assert User.objects.filter(email="sanne@example.com").count() == 1
    assert purposes("sanne@example.com") == ["welcome"]


def test_p1_who_registers_again_before_the_first_password_gets_another_link() -> None:
    register()
    with clock.travel(minutes=2):
        register()
    assert purposes("sanne@example.com") == ["welcome", "welcome"]
    assert len({path_in(letter) for letter in letters_to("sanne@example.com")}) == 2


def test_x6_a_program_that_fills_in_every_field_gets_the_same_answer_and_no_account() -> None:
    answer = register(website="https://evil.example/")
    assert (answer.status_code, answer["Location"]) == (302, "/register/sent/")
    assert not User.objects.filter(email="sanne@example.com").exists()


def test_x6_registrations_of_one_address_are_limited(settings: Any) -> None:
    settings.REGISTRATIONS_OF_ADDRESS_PER_HOUR_MAX = 3
    codes = [register(email=f"new{number}@example.com", phone="").status_code for number in range(5)]
    assert codes == [302, 302, 302, 429, 429]


def test_bad_input_a_used_link_says_so_and_gives_another() -> None:
    register()
    path = path_in(last_to("sanne@example.com"))
    set_password(path)
    with clock.travel(minutes=5):
        again = Client().get(path)
        assert again.status_code == 410
        assert "This link has been used" in again.content.decode()
        assert set_password(path, "another good password").status_code == 410
        assert Client().post(f"{path}again/").status_code == 302
    new_path = path_in(last_to("sanne@example.com"))
    assert new_path != path
    assert Client().get(new_path).status_code == 200


def test_bad_input_an_expired_link_says_so_and_gives_another() -> None:
    register()
    path = path_in(last_to("sanne@example.com"))
    with clock.travel(minutes=24 * 60 + 1):
        expired = Client().get(path)
        assert expired.status_code == 410
        assert "This link has expired" in expired.content.decode()
        assert set_password(path).status_code == 410
        Client().post(f"{path}again/")
        fresh = path_in(last_to("sanne@example.com"))
        assert set_password(fresh).status_code == 302


@pytest.mark.parametrize("token", ["x", "x" * 32, "x" * 5000, "..", "%00"])
def test_bad_input_a_link_that_is_none_of_ours(token: str) -> None:
    for path in (f"/password/{token}/", f"/email/{token}/", f"/invitation/{token}/"):
        assert Client().get(path).status_code in (404, 410), path


def test_bad_input_the_form_behind_a_link_sent_twice_is_one_deed() -> None:
    """The second of two equal submits signs in as well; somebody with the link and another password does not."""
    register()
    path = path_in(last_to("sanne@example.com"))
    first, second = Client(), Client()
    assert set_password(path, client=first).status_code == 302
    assert set_password(path, client=second).status_code == 302
    assert second.get("/api/v1/me/").status_code == 200
    assert set_password(path, "quite another password").status_code == 410


def test_p1_the_other_links_to_a_first_password_are_used_up_with_it() -> None:
    register()
    with clock.travel(minutes=2):
        register()
        first, second = (path_in(letter) for letter in letters_to("sanne@example.com"))
        assert set_password(second).status_code == 302
        assert Client().get(first).status_code == 410


@pytest.mark.parametrize(
    ("password", "again", "field"),
    [
        ("short", "short", "password"),
        ("password123", "password123", "password"),
        ("sanne@example.com", "sanne@example.com", "password"),
        ("x" * 2000, "x" * 2000, "password"),
        ("a quiet harbour town", "a quiet harbor town", "again"),
        ("", "", "password"),
    ],
)
def test_p1_a_weak_password_is_refused_in_words_and_the_link_stays_good(password: str, again: str, field: str) -> None:
    register()
    path = path_in(last_to("sanne@example.com"))
    answer = Client().post(path, {"password": password, "again": again})
    assert answer.status_code == 400
    assert f'id="field-{field}-said"' in answer.content.decode()
    assert set_password(path).status_code == 302


def test_a_link_is_kept_as_a_digest() -> None:
    register()
    token = path_in(last_to("sanne@example.com")).split("/")[2]
    row = OneTimeLink.objects.get()
    assert token not in str(vars(row))
    assert len(token) == 32
