"""Signing in on the hub's own page: passwords, lock-out, sessions (P2, P9, X6)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import hashers
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from hub.accounts import known_browsers
from hub.accounts.access import load_person
from hub.accounts.models import User
from hub.accounts.sessions import claims_of_cookie
from hub.base import clock
from tests import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer() -> User:
    return people.make_customer(password=people.PASSWORD, email="sanne@example.com", mobile="+31612345678")


@pytest.fixture
def time() -> Iterator[clock.Travel]:
    with clock.freeze() as travel:
        yield travel


def sign_in(client: Client, login: str, password: str = people.PASSWORD, address: str = "10.0.0.1", **more: str) -> Any:
    return client.post("/login/", {"login": login, "password": password, **more}, REMOTE_ADDR=address)


def is_signed_in(client: Client) -> bool:
    return client.get("/api/v1/me/").status_code == 200


@pytest.mark.parametrize(
    "login", ["number", "sanne@example.com", "SANNE@Example.com", "06-12345678", "+31 6 1234 5678"]
)
def test_p2_by_login_number_email_or_mobile(customer: User, login: str) -> None:
    client = Client()
    answer = sign_in(client, customer.login_number if login == "number" else login)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_signed_in(client)


def test_the_same_answer_whether_an_account_exists(customer: User) -> None:
    """X6: neither words nor status tell; a suspended account answers the same."""
    User.objects.filter(pk=people.make_customer(email="shut@example.com", password=people.PASSWORD).pk).update(
        is_active=False
    )
    answers = [
        sign_in(Client(), "sanne@example.com", "wrong"),
        sign_in(Client(), "nobody@example.com", "wrong"),
        sign_in(Client(), "shut@example.com", people.PASSWORD),
        sign_in(Client(), "99999999", ""),
        sign_in(Client(), "", "x"),
        sign_in(Client(), "a\0b", "x"),
        sign_in(Client(), "sanne@example.com", people.PASSWORD + "x" * 5000),
    ]
    assert {answer.status_code for answer in answers} == {401}
    for answer in answers:
        assert "This login and password do not belong together." in answer.content.decode()


def test_an_unknown_account_costs_as_many_hashes(customer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """X6: timing. What takes the time is the hash, so it is the hashes that are counted."""
    hashed: list[str] = []
    hasher = type(hashers.get_hasher())
    encode = hasher.encode

    def count(self: hashers.BasePasswordHasher, *args: str) -> str:
        hashed.append("x")
        return str(encode(self, *args))

    monkeypatch.setattr(hasher, "encode", count)
    counts = []
    for login in ("sanne@example.com", "nobody@example.com", people.make_customer().login_number):
        hashed.clear()
        sign_in(Client(), login, "wrong")
        counts.append(len(hashed))
    assert counts == [counts[0]] * 3
    assert counts[0] > 0


@pytest.mark.parametrize("key", ['"abcdefgh\\000"', "abcdefgh'--", "x" * 5000, "\xe9" * 20, '"\\377\\376abcdefgh"'])
def test_x6_a_cookie_that_is_none_of_ours_is_nobodys(customer: User, key: str) -> None:
    """Quoted, a cookie can hold any byte; a page of nobody's answers."""
    for path in ("/login/", "/api/v1/departments/", "/wallet/"):
        answer = Client().get(path, headers={"Cookie": f"balie_session={key}"})
        assert answer.status_code in (200, 302, 401), path


def test_x6_lock_out_per_account_and_address(customer: User, time: clock.Travel, settings: Settings) -> None:
    settings.SIGN_IN_FAILURES_MAX = 3
    for _ in range(3):
        assert sign_in(Client(), customer.login_number, "wrong").status_code == 401
    shut = sign_in(Client(), customer.login_number)
    assert shut.status_code == 429
    assert 0 < int(shut["Retry-After"]) <= 900
    assert "Too many attempts" in shut.content.decode()
    elsewhere = Client()
    sign_in(elsewhere, customer.login_number, address="10.0.0.2")
    assert is_signed_in(elsewhere)
    time.advance(minutes=15, seconds=1)
    later = Client()
    sign_in(later, customer.login_number)
    assert is_signed_in(later)


def test_x6_lock_out_tells_nothing_of_existence(settings: Settings) -> None:
    settings.SIGN_IN_FAILURES_MAX = 2
    codes = [sign_in(Client(), "nobody@example.com", "wrong").status_code for _ in range(4)]
    assert codes == [401, 401, 429, 429]


def test_x6_an_account_is_shut_for_many_addresses(customer: User, settings: Settings) -> None:
    """A thousand addresses get no more tries at one account than the limit."""
    settings.SIGN_IN_FAILURES_EVERYWHERE_MAX = 10
    codes = [
        sign_in(Client(), customer.login_number, f"guess {number}", f"10.1.{number // 250}.{number % 250}").status_code
        for number in range(40)
    ]
    assert codes.count(401) == 10
    assert codes.count(429) == 30


def test_x6_other_names_of_an_account_do_not_help(customer: User, settings: Settings) -> None:
    """What it is tried by all its names counts together; that the names belong together is not told (P2)."""
    settings.SIGN_IN_FAILURES_EVERYWHERE_MAX = 10
    names = [customer.login_number, "sanne@example.com", "+31612345678"]
    for number in range(12):
        guess = sign_in(Client(), names[number % 3], f"guess {number}", f"10.1.0.{number}")
        assert guess.status_code == 401
    right = sign_in(Client(), customer.login_number, address="10.1.1.1")
    assert right.status_code == 401


@pytest.mark.parametrize("known", [True, False])
def test_p2_spellings_and_names_of_nobody_count_like_those_of_somebody(known: bool, settings: Settings) -> None:
    """P2: neither the other spellings of a number nor the other names of an account may tell that there is one."""
    settings.SIGN_IN_FAILURES_MAX = 4
    if known:
        people.make_customer(password=people.PASSWORD, email="sanne@example.com", mobile="+31612345678")
    spelt = ["0612345678", "+31612345678", "06-12345678", "۰۶۱۲۳۴۵۶۷۸", " 06 12345678 "]
    assert [sign_in(Client(), login, "guess").status_code for login in spelt] == [401, 401, 401, 401, 429]
    mixed = ["sanne@example.com", "SANNE@example.com", "+31612345678", "sanne@example.com"]
    assert [sign_in(Client(), login, "guess", "10.9.9.9").status_code for login in mixed] == [401] * 4


def test_x6_one_address_is_shut_for_many_accounts(settings: Settings) -> None:
    settings.SIGN_IN_FAILURES_OF_ADDRESS_MAX = 5
    codes = [sign_in(Client(), f"name{number}@example.com", "guess").status_code for number in range(8)]
    assert codes == [401] * 5 + [429] * 3


def test_x6_strangers_do_not_shut_out_a_known_browser(customer: User, settings: Settings) -> None:
    settings.SIGN_IN_FAILURES_EVERYWHERE_MAX = 5
    own = Client()
    sign_in(own, customer.login_number)
    own.post("/logout/")
    for number in range(10):
        sign_in(Client(), customer.login_number, "guess", f"10.2.0.{number}")
    assert sign_in(Client(), customer.login_number, address="10.3.0.1").status_code == 429
    sign_in(own, customer.login_number)
    assert is_signed_in(own)


def test_a_forged_mark_of_a_known_browser_is_none(customer: User) -> None:
    request = RequestFactory().get("/")
    request.COOKIES[known_browsers.COOKIE] = "eyJicm93c2VyIjoieCIsImFjY291bnRzIjpbMV19:1abc:forged"
    assert known_browsers.find_device(request, customer) is None


def test_success_begins_the_count_anew(customer: User, settings: Settings) -> None:
    settings.SIGN_IN_FAILURES_MAX = 3
    for _ in range(3):
        sign_in(Client(), customer.login_number, "wrong")
        sign_in(Client(), customer.login_number, "wrong")
        assert sign_in(Client(), customer.login_number).status_code == 302


def test_p9_a_session_key_from_before_is_worth_nothing(customer: User) -> None:
    """Fixation: the key changes at sign-in, and the old one opens nothing."""
    client = Client()
    session = client.session
    session["planted"] = "yes"
    session.save()
    before = session.session_key
    client.cookies["balie_session"] = before or ""
    sign_in(client, customer.login_number)
    after = client.cookies["balie_session"].value
    assert after != before
    assert claims_of_cookie(before or "") is None
    assert claims_of_cookie(after) is not None


def test_p9_signing_out_ends_this_browser_and_warns_sockets(customer: User) -> None:
    """X2: the rights version goes up, so that open sockets look again, and their session is gone."""
    first, second = Client(), Client()
    sign_in(first, customer.login_number)
    sign_in(second, customer.login_number)
    version = User.objects.get(pk=customer.pk).rights_version
    first.post("/logout/")
    assert not is_signed_in(first)
    assert is_signed_in(second)
    assert User.objects.get(pk=customer.pk).rights_version > version


def test_p9_signing_out_everywhere_ends_every_browser(customer: User) -> None:
    first, second = Client(), Client()
    sign_in(first, customer.login_number)
    sign_in(second, customer.login_number)
    first.post("/logout/", {"everywhere": "1"})
    assert not is_signed_in(second)


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:///evil.example",
        "\\/x",
    ],
)
def test_no_open_redirect(customer: User, wanted: str) -> None:
    answer = sign_in(Client(), customer.login_number, next=wanted)
    assert answer["Location"] == "/"


def test_a_path_of_ours_is_followed(customer: User) -> None:
    assert sign_in(Client(), customer.login_number, next="/board/?x=1")["Location"] == "/board/?x=1"


def test_forms_need_a_csrf_token(customer: User) -> None:
    client = Client(enforce_csrf_checks=True)
    own = "password email mobile mobile/confirm second-factor recovery-codes devices/end-others devices/1/end"
    for path in (
        *("/login/", "/login/verify/", "/login/second-factor/", "/logout/", "/language/", "/demo/sign-in/"),
        *("/register/", "/login/code/", "/login/code/enter/", "/login/new-password/", "/login/verify/by-mail/"),
        *("/password/forgot/", "/password/x/", "/password/x/again/", "/email/x/", "/invitation/x/", "/profile/"),
        *(f"/profile/{page}/" for page in own.split()),
    ):
        assert client.post(path, {"login": customer.login_number, "password": people.PASSWORD}).status_code == 403, path


def test_the_cookies_are_closed_to_scripts_and_other_sites(customer: User) -> None:
    client = Client()
    sign_in(client, customer.login_number)
    for name in ("balie_session", "balie_known"):
        cookie = client.cookies[name]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"


def test_the_pages_of_signing_in_are_not_kept(customer: User) -> None:
    assert "no-store" in Client().get("/login/")["Cache-Control"]


def test_the_language_is_remembered(customer: User) -> None:
    client = Client()
    sign_in(client, customer.login_number)
    client.post("/language/", {"language": "nl", "next": "/login/"})
    assert User.objects.get(pk=customer.pk).language == "nl"
    client.post("/logout/")
    page = client.get("/login/").content.decode()
    assert '<html lang="nl" dir="ltr"' in page
    assert "Inloggen" in page


def test_who_chose_no_language_keeps_the_readers(customer: User) -> None:
    client = Client(headers={"Accept-Language": "nl"})
    sign_in(client, customer.login_number)
    assert "balie_language" not in client.cookies
    claims = claims_of_cookie(client.cookies["balie_session"].value)
    assert claims is not None
    assert load_person(claims).language == "nl"
