"""Signing in by a one-time code (P2): by SMS and e-mail, on the hub's pages and in the widget."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hub.accounts.actions import codes
from hub.accounts.actions.sign_in import Origin
from hub.accounts.errors import LockedOut, WrongCode
from hub.accounts.models import OneTimeCode, User
from hub.base import clock
from hub.base.models import OutboxMessage
from tests import people
from tests.accounts.letters import code_in, last_to, letters_to
from tests.accounts.pages import seen

pytestmark = pytest.mark.django_db
MOBILE, EMAIL = "+31612345678", "sanne@example.com"
HERE = Origin(address="10.0.0.1")


@pytest.fixture
def customer() -> User:
    return people.make_customer(password=people.PASSWORD, email=EMAIL, mobile=MOBILE)


@pytest.fixture
def time() -> Iterator[clock.Travel]:
    with clock.freeze() as travel:
        yield travel


def ask(client: Client, login: str, address: str = "10.0.0.1", **more: str) -> Any:
    return client.post("/login/code/", {"login": login, **more}, REMOTE_ADDR=address)


def enter(client: Client, code: str, address: str = "10.0.0.1") -> Any:
    return client.post("/login/code/enter/", {"code": code}, REMOTE_ADDR=address)


def is_signed_in(client: Client) -> bool:
    return client.get("/api/v1/me/").status_code == 200


@pytest.mark.parametrize(
    ("login", "to"),
    [(EMAIL, EMAIL), ("SANNE@EXAMPLE.COM", EMAIL), ("06 12345678", MOBILE), ("۰۶۱۲۳۴۵۶۷۸", MOBILE), ("number", MOBILE)],
)
def test_p2_six_digits_by_sms_or_mail_sign_in(customer: User, login: str, to: str) -> None:
    browser = Client()
    asked = ask(browser, customer.login_number if login == "number" else login)
    assert (asked.status_code, asked["Location"]) == (302, "/login/code/enter/")
    letter = last_to(to)
    assert letter.is_secret
    assert browser.get("/login/code/enter/").status_code == 200
    done = enter(browser, code_in(letter))
    assert (done.status_code, done["Location"]) == (302, "/")
    assert is_signed_in(browser)


def test_p2_the_other_way_on_request(customer: User) -> None:
    ask(Client(), MOBILE, channel="email")
    assert [letter.channel for letter in letters_to(EMAIL)] == ["mail"]
    ask(Client(), EMAIL, channel="sms")
    assert len(letters_to(MOBILE)) == 1


@pytest.mark.parametrize("typed", ["{} ", " {}", "{0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}", "persian", "dashed"])
def test_p2_a_code_as_people_type_and_paste_it(customer: User, typed: str) -> None:
    browser = Client()
    ask(browser, EMAIL)
    code = code_in(last_to(EMAIL))
    if typed == "persian":
        text = code.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    else:
        text = f"{code[:3]}-{code[3:]}" if typed == "dashed" else typed.format(code)
    enter(browser, text)
    assert is_signed_in(browser)


def test_p2_a_code_is_used_once(customer: User) -> None:
    asked = codes.ask_sign_in_code(EMAIL, origin=HERE)
    code = code_in(last_to(EMAIL))
    assert codes.sign_in_by_code(asked.challenge, code, origin=HERE) == customer
    with pytest.raises(WrongCode):
        codes.sign_in_by_code(asked.challenge, code, origin=HERE)


def test_p2_a_code_lives_five_minutes(customer: User, time: clock.Travel) -> None:
    first = codes.ask_sign_in_code(EMAIL, origin=HERE)
    code = code_in(last_to(EMAIL))
    time.advance(minutes=5)
    with pytest.raises(WrongCode):
        codes.sign_in_by_code(first.challenge, code, origin=HERE)
    second = codes.ask_sign_in_code(EMAIL, origin=HERE)
    time.advance(minutes=4, seconds=59)
    assert codes.sign_in_by_code(second.challenge, code_in(last_to(EMAIL)), origin=HERE) == customer


def test_p2_the_sixth_try_is_refused_though_it_is_right(customer: User) -> None:
    asked = codes.ask_sign_in_code(EMAIL, origin=HERE)
    code = code_in(last_to(EMAIL))
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        with pytest.raises(WrongCode):
            codes.sign_in_by_code(asked.challenge, wrong, origin=HERE)
    with pytest.raises(WrongCode):
        codes.sign_in_by_code(asked.challenge, code, origin=HERE)


def test_p2_a_code_belongs_to_the_browser_that_asked(customer: User) -> None:
    """Who reads the SMS over a shoulder has the digits, not what they are checked by."""
    ask(Client(), EMAIL)
    code = code_in(last_to(EMAIL))
    stranger = Client()
    ask(stranger, EMAIL)
    enter(stranger, code)
    assert not is_signed_in(stranger)


def test_p2_codes_tried_by_the_thousand_are_shut_out(customer: User, time: clock.Travel, settings: Any) -> None:
    """A day of asking and guessing from a thousand addresses: no more guesses than the settings say."""
    settings.CODES_PER_DAY_MAX = 20
    guesses = 0
    for minute in range(0, 24 * 60, 3):
        address = Origin(address=f"10.{minute // 250}.{minute % 250}.7")
        time.advance(seconds=179)
        try:
            asked = codes.ask_sign_in_code(EMAIL, origin=address)
        except LockedOut:
            continue
        code = code_in(last_to(EMAIL))
        for number in range(7):
            guess = f"{(int(code) + 1 + number) % 1_000_000:06d}"
            try:
                codes.sign_in_by_code(asked.challenge, guess, origin=address)
            except WrongCode:
                guesses += 1
            except LockedOut:
                break
    assert 5 <= OneTimeCode.objects.count() <= 20
    assert 0 < guesses <= 20 * 7
    assert OneTimeCode.objects.filter(used_at__isnull=False).count() == 0


def test_p2_guesses_at_one_account_are_limited_over_all_its_codes(customer: User, settings: Any) -> None:
    settings.CODE_TRIES_PER_HOUR_MAX = 8
    for _ in range(3):
        asked = codes.ask_sign_in_code(EMAIL, origin=HERE)
        for _ in range(4):
            with pytest.raises(WrongCode):
                codes.sign_in_by_code(asked.challenge, "not it", origin=HERE)
    asked = codes.ask_sign_in_code(EMAIL, origin=HERE)
    with pytest.raises(WrongCode):
        codes.sign_in_by_code(asked.challenge, code_in(last_to(EMAIL)), origin=HERE)


@pytest.mark.parametrize("known", [True, False])
def test_p2_many_wrong_codes_do_not_tell_whether_there_was_a_right_one(known: bool, settings: Any) -> None:
    """Codes of nobody have no account whose guesses could be counted: being shut out must not show."""
    settings.CODE_TRIES_PER_HOUR_MAX = 4
    if known:
        people.make_customer(email=EMAIL, mobile=MOBILE)
    browsers = [Client() for _ in range(3)]
    for browser in browsers:
        ask(browser, EMAIL)
    assert [enter(browser, "000000").status_code for browser in browsers for _ in range(3)] == [401] * 9


@pytest.mark.parametrize("known", [True, False])
def test_p2_asking_by_several_names_does_not_tell_that_they_are_ones(known: bool, settings: Any) -> None:
    """Spellings of a number are one name, whoever has it; names of an account are several, and no more is sent."""
    settings.CODES_PER_15_MINUTES_MAX = 3
    if known:
        people.make_customer(email=EMAIL, mobile=MOBILE)
    spelt = ["0612345678", "+31 6 12345678", "۰۶۱۲۳۴۵۶۷۸", "06-12345678"]
    assert [ask(Client(), login).status_code for login in spelt] == [302, 302, 302, 429]
    assert [ask(Client(), login).status_code for login in (EMAIL, EMAIL.upper(), EMAIL)] == [302] * 3
    assert OutboxMessage.objects.count() == (3 if known else 0)


@pytest.mark.parametrize("known", [True, False])
def test_p2_a_full_range_of_numbers_does_not_tell_who_has_one_of_them(known: bool, settings: Any) -> None:
    """An SMS asked for by e-mail address or login number is counted where it goes, and refused without a word."""
    settings.CODES_OF_RANGE_PER_HOUR_MAX = 3
    if known:
        people.make_customer(email=EMAIL, mobile=MOBILE)
    assert [ask(Client(), f"+3161234567{number}").status_code for number in range(4)] == [302, 302, 302, 429]
    sent = OutboxMessage.objects.count()
    assert ask(Client(), EMAIL, channel="sms").status_code == 302
    likewise = [ask(Client(), f"{number}{EMAIL}", channel="sms").status_code for number in range(5)]
    assert likewise == [302] * 5
    assert OutboxMessage.objects.count() == sent


def test_p2_the_range_counts_whatever_was_typed(settings: Any) -> None:
    """Whoever is paid for SMS to numbers in a row asks by login number, or for a mail that must go by SMS instead."""
    settings.CODES_OF_RANGE_PER_HOUR_MAX = 3
    rows = [people.make_customer(mobile=f"+3161234500{number}") for number in range(8)]
    for number, customer in enumerate(rows):
        channel = "email" if number % 2 else "sms"
        assert ask(Client(), customer.login_number, f"10.6.0.{number}", channel=channel).status_code == 302
    assert OutboxMessage.objects.filter(channel="sms").count() == 3


def test_p2_strangers_do_not_shut_out_a_known_browser(customer: User, settings: Any) -> None:
    settings.CODES_PER_15_MINUTES_MAX = 2
    own = Client()
    own.post("/login/", {"login": EMAIL, "password": people.PASSWORD})
    own.post("/logout/")
    answers = [ask(Client(), EMAIL, f"10.2.0.{number}").status_code for number in range(4)]
    assert answers == [302, 302, 429, 429]
    assert ask(own, EMAIL, "10.3.0.1").status_code == 302
    enter(own, code_in(last_to(EMAIL)), "10.3.0.1")
    assert is_signed_in(own)


def test_p2_a_stranger_who_asks_does_not_spoil_the_code_of_who_is_typing(customer: User) -> None:
    own = Client()
    ask(own, EMAIL)
    code = code_in(last_to(EMAIL))
    ask(Client(), EMAIL)
    enter(own, code)
    assert is_signed_in(own)


@pytest.mark.parametrize("setting", ["CODES_OF_ADDRESS_PER_HOUR_MAX", "CODES_OF_RANGE_PER_HOUR_MAX"])
def test_p2_throttled_per_address_and_number_range(setting: str, settings: Any) -> None:
    """One address may not ask for many accounts; nor many addresses for a row of numbers, known or not."""
    setattr(settings, setting, 3)
    people.make_customer(mobile="+31612345001")
    answers = []
    for number in range(5):
        address = "10.0.0.1" if "ADDRESS" in setting else f"10.5.0.{number}"
        login = f"+3161234500{number}" if "RANGE" in setting else f"someone{number}@example.com"
        answers.append(ask(Client(), login, address).status_code)
    assert answers == [302, 302, 302, 429, 429]


@pytest.mark.parametrize("login", [EMAIL, MOBILE])
def test_p2_the_pages_do_not_tell_whether_an_account_exists(login: str) -> None:
    """Asking, the form, a wrong code, and being shut out: the same to the letter, with and without an account."""

    def walk() -> list[tuple[int, str]]:
        browser = Client()
        steps = [ask(browser, login), browser.get("/login/code/enter/"), enter(browser, "000000")]
        steps += [ask(Client(), login) for _ in range(6)]
        return [(step.status_code, seen(step)) for step in steps]

    with clock.freeze():
        without = walk()
    assert OutboxMessage.objects.count() == 0
    people.make_customer(email=EMAIL, mobile=MOBILE)
    with clock.travel(minutes=60 * 25), clock.freeze():
        with_account = walk()
    assert OutboxMessage.objects.count() == 5
    assert without == with_account


def test_p2_asking_costs_the_same_statements_for_nobody(customer: User) -> None:
    """Timing: what is written and sent for an account is written and taken back for nobody."""

    def statements(login: str) -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            codes.ask_sign_in_code(login, origin=HERE)
        return [" ".join(query["sql"].split()[:3]) for query in captured.captured_queries]

    codes.ask_sign_in_code("warm@example.com", origin=HERE)
    for known, unknown in (
        (EMAIL, "nobody@example.com"),
        (MOBILE, "+31687654321"),
        (customer.login_number, "99999999"),
    ):
        with_account, without = statements(known), statements(unknown)
        assert [one for one in with_account if "SAVEPOINT" not in one] == [
            one for one in without if "SAVEPOINT" not in one
        ]
        assert any('INSERT INTO "base_outbox' in one for one in without)


@pytest.mark.parametrize("how", ["suspended", "suspended by their organisation", "bot", "erased"])
def test_p9_who_may_not_sign_in_gets_no_code_and_the_same_answer(customer: User, how: str) -> None:
    if how == "suspended by their organisation":
        world = people.make_organisation()
        people.join(customer, world.organisation, "employee", world.unit)
        customer.membership.suspended = True
        customer.membership.save()
    else:
        customer.is_active = how not in ("suspended", "erased")
        customer.kind = "bot" if how == "bot" else customer.kind
        customer.save()
    browser = Client()
    assert ask(browser, EMAIL)["Location"] == "/login/code/enter/"
    assert OutboxMessage.objects.count() == 0
    assert enter(browser, "123456").status_code == 401


def test_p2_who_is_suspended_after_asking_does_not_get_in(customer: User) -> None:
    browser = Client()
    ask(browser, EMAIL)
    User.objects.filter(pk=customer.pk).update(is_active=False)
    assert enter(browser, code_in(last_to(EMAIL))).status_code == 401


def test_p2_a_number_that_was_only_claimed_gets_no_code(customer: User) -> None:
    """Whoever has a number that somebody mistyped at registration must not get into that account."""
    User.objects.filter(pk=customer.pk).update(mobile_confirmed=False)
    ask(Client(), MOBILE)
    assert letters_to(MOBILE) == []
    assert len(letters_to(EMAIL)) == 1


def test_a_code_is_kept_as_a_keyed_digest(customer: User, settings: Any) -> None:
    asked = codes.ask_sign_in_code(EMAIL, origin=HERE)
    code = code_in(last_to(EMAIL))
    row = OneTimeCode.objects.get(challenge=asked.challenge)
    assert code not in f"{row.digest} {row.target} {row.channel}"
    before = row.digest
    settings.SECRET_KEY = "another " + django_settings.SECRET_KEY
    assert codes._digest(asked.challenge, code) != before


def test_bad_input_a_doubled_submit_sends_one_code(customer: User, time: clock.Travel) -> None:
    """Two tabs, a double click, the back button: the code on its way is good for all of them."""
    browser = Client()
    for _ in range(3):
        assert ask(browser, EMAIL)["Location"] == "/login/code/enter/"
    assert len(letters_to(EMAIL)) == 1
    time.advance(seconds=31)
    ask(browser, EMAIL)
    assert len(letters_to(EMAIL)) == 2


def test_p2_the_page_says_when_one_can_ask_again(customer: User, time: clock.Travel) -> None:
    browser = Client()
    ask(browser, EMAIL)
    assert 'data-again-in="30"' in browser.get("/login/code/enter/").content.decode()
    time.advance(minutes=5)
    assert "Ask for a new one" in browser.get("/login/code/enter/").content.decode()


def test_bad_input_the_form_of_a_code_without_having_asked() -> None:
    assert Client().get("/login/code/enter/")["Location"] == "/login/code/"
    assert enter(Client(), "123456")["Location"] == "/login/code/"


@pytest.mark.parametrize("login", ["", " ", "\0", "a" * 300, "@", "++", "<script>"])
def test_bad_input_anything_as_a_login(login: str) -> None:
    assert ask(Client(), login).status_code in (200, 302)
    assert OutboxMessage.objects.count() == 0


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "\0", "1" * 500, "１２３４５６", "-1"])
def test_bad_input_anything_as_a_code(customer: User, code: str) -> None:
    browser = Client()
    ask(browser, EMAIL)
    assert enter(browser, code).status_code == 401
    assert not is_signed_in(browser)


def test_p3_who_has_no_password_sets_one_before_they_are_in() -> None:
    customer = people.make_customer(mobile=MOBILE)
    browser = Client()
    ask(browser, MOBILE)
    assert enter(browser, code_in(last_to(MOBILE)))["Location"] == "/login/new-password/"
    assert not is_signed_in(browser)
    weak = browser.post("/login/new-password/", {"password": "short", "again": "short"})
    assert weak.status_code == 400
    done = browser.post("/login/new-password/", {"password": "a quiet harbour", "again": "a quiet harbour"})
    assert done["Location"] == "/"
    assert is_signed_in(browser)
    other = Client()
    other.post("/login/", {"login": customer.login_number, "password": "a quiet harbour"})
    assert is_signed_in(other)


def test_p7_a_code_is_only_the_first_factor_of_staff() -> None:
    agent = people.make_agent(email="agent@example.com", password=people.PASSWORD)
    browser = Client()
    ask(browser, "agent@example.com")
    assert enter(browser, code_in(last_to("agent@example.com")))["Location"] == "/login/second-factor/"
    assert not is_signed_in(browser)
    assert agent.is_staff


def test_p2_a_code_goes_in_the_language_of_its_reader(customer: User) -> None:
    User.objects.filter(pk=customer.pk).update(language="nl")
    ask(Client(), EMAIL)
    assert last_to(EMAIL).language == "nl"
