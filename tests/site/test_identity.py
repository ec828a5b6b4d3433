"""P11: a website's signed user token, and everything it could be instead."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jwt
import pytest
from django.db import connections

from hub.accounts.models import User
from hub.base import clock
from hub.site.actions.identity import sign_in_site_user
from hub.site.errors import BadIdentity
from hub.site.identity import sign_identity
from hub.site.models import ExternalIdentity, Website
from tests import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def website() -> Website:
    return Website.objects.create(name="Shop", origins=["https://shop.example"])


def signed(website: Website, key: str | None = None, algorithm: str = "HS256", **changes: Any) -> str:
    now = int(clock.now().timestamp())
    claims = {"sub": "7", "aud": website.site_key, "iat": now, "exp": now + 300, "jti": "one", **changes}
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, website.secret if key is None else key, algorithm=algorithm)


def test_p11_the_first_sight_makes_a_customer_and_the_next_finds_them(website: Website) -> None:
    first = sign_in_site_user(website, sign_identity(website, sub="7", name="Nilufar Karimi", language="fa"))
    again = sign_in_site_user(website, sign_identity(website, sub="7", name="Somebody Else"))
    assert first.pk == again.pk
    assert (first.kind, first.name, first.language) == (User.Kind.CUSTOMER, "Nilufar Karimi", "fa")
    assert not first.has_usable_password()


def test_p11_a_claimed_email_leads_to_no_account_and_becomes_none(website: Website) -> None:
    victim = people.make_customer(email="ceo@example.com")
    user = sign_in_site_user(website, sign_identity(website, sub="7", email="ceo@example.com"))
    assert user.pk != victim.pk
    assert user.email is None
    assert ExternalIdentity.objects.get(user=user).claimed_email == "ceo@example.com"


@pytest.mark.parametrize("name", ["\u202eevil", "a\nb", "https://evil.example", "<b>x</b>"])
def test_p11_a_claimed_name_is_one_that_people_could_type(website: Website, name: str) -> None:
    user = sign_in_site_user(website, sign_identity(website, sub="7", name=name))
    assert user.display_name in ("", "evil")


def test_p11_claims_with_halves_of_characters_are_read_without(website: Website) -> None:
    user = sign_in_site_user(website, signed(website, name="Nilu\ud800far", email="n\0@\udfffexample.com"))
    assert user.name == "Nilufar"
    assert ExternalIdentity.objects.get(user=user).claimed_email == "n@example.com"


def test_p11_the_same_id_of_two_websites_is_two_people(website: Website) -> None:
    other = Website.objects.create(name="Other")
    first = sign_in_site_user(website, sign_identity(website, sub="7"))
    second = sign_in_site_user(other, sign_identity(other, sub="7"))
    assert first.pk != second.pk


def test_p11_a_token_works_once(website: Website) -> None:
    token = sign_identity(website, sub="7")
    sign_in_site_user(website, token)
    with pytest.raises(BadIdentity):
        sign_in_site_user(website, token)


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": None},
        {"iat": None},
        {"aud": None},
        {"jti": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "x" * 129},
        {"sub": "a\0b"},
        {"sub": "\ud800"},
        {"jti": "\ud800"},
        {"jti": "x" * 65},
        {"exp": 1},
        {"exp": 2**60},
        {"exp": True},
        {"aud": "another-site"},
        {"aud": []},
    ],
)
def test_p11_what_is_missing_or_wrong_is_refused(website: Website, changes: dict[str, Any]) -> None:
    with pytest.raises(BadIdentity):
        sign_in_site_user(website, signed(website, **changes))
    assert not ExternalIdentity.objects.exists()


def test_p11_a_token_lives_ten_minutes_at_most(website: Website) -> None:
    now = int(clock.now().timestamp())
    with pytest.raises(BadIdentity):
        sign_in_site_user(website, signed(website, iat=now, exp=now + 601))
    with pytest.raises(BadIdentity):  # made for later
        sign_in_site_user(website, signed(website, iat=now + 300, exp=now + 600))


def test_p11_an_expired_token_is_refused(website: Website) -> None:
    with clock.freeze() as time:
        token = sign_identity(website, sub="7")
        time.advance(minutes=10, seconds=1)
        with pytest.raises(BadIdentity):
            sign_in_site_user(website, token)


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_p11_another_key_another_algorithm_and_none_are_refused(website: Website) -> None:
    other = Website.objects.create(name="Other")
    header = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode()).rstrip(b"=").decode()
    body = signed(website).split(".")[1]
    forged = [
        signed(website, key=other.secret),
        signed(website, key=website.site_key + website.site_key),
        signed(website, algorithm="HS512"),
        f"{header}.{body}.",
        f"{header}.{body}.{signed(website).split('.')[2]}",
        signed(website) + "x",
        "x.y.z",
        "",
        "é",
        "a" * 5000,
        sign_identity(other, sub="7"),
    ]
    for token in forged:
        with pytest.raises(BadIdentity):
            sign_in_site_user(website, token)
    assert not ExternalIdentity.objects.exists()


def test_p11_a_suspended_customer_stays_out(website: Website) -> None:
    user = sign_in_site_user(website, sign_identity(website, sub="7"))
    User.objects.filter(pk=user.pk).update(is_active=False)
    with pytest.raises(BadIdentity):
        sign_in_site_user(website, sign_identity(website, sub="7"))


@pytest.mark.django_db(transaction=True)
def test_p11_of_many_who_show_one_token_at_once_one_comes_in(website: Website) -> None:
    token = sign_identity(website, sub="7")

    def show(_: int) -> bool:
        try:
            sign_in_site_user(website, token)
        except BadIdentity:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(show, range(8))) == 1
    assert ExternalIdentity.objects.count() == 1
