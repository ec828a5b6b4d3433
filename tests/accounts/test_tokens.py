"""Signed tokens: what is not ours is refused without SQL."""

from __future__ import annotations

import base64
import uuid
from datetime import timedelta

import msgspec
import pytest
from django.test import override_settings

from hub.accounts import tokens
from hub.accounts.access import load_person
from hub.accounts.actions import api_tokens, rights
from hub.accounts.errors import Invalid
from hub.accounts.models import ApiToken
from hub.base import clock
from hub.base.errors import NotAllowed, NotSignedIn
from tests import people

HOUR = timedelta(hours=1)


def some_token() -> str:
    return tokens.issue(side="visitor", lifetime=HOUR, visitor_key=str(uuid.uuid4()), site_id=3)


@pytest.fixture(autouse=True)
def _measured_clock(db: None) -> None:
    clock.now()


def test_a_token_comes_back_as_it_was(django_assert_num_queries: object) -> None:
    with clock.freeze(), django_assert_num_queries(0):  # type: ignore[operator]
        token = some_token()
        claims = tokens.read(token)
    assert claims is not None
    assert (claims.side, claims.site_id, claims.user_id) == ("visitor", 3, None)
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."), "fits a subprotocol"


def test_every_changed_character_is_noticed() -> None:
    token = some_token()
    for place in range(len(token)):
        other = "A" if token[place] != "A" else "B"
        assert tokens.read(token[:place] + other + token[place + 1 :]) is None


@pytest.mark.parametrize("text", ["", ".", "a", "a.b", "é.é", "x" * 5000, "a.b.c", "====.====", " . ", "\0.\0"])
def test_rubbish_is_none(text: str) -> None:
    assert tokens.read(text) is None


def test_a_payload_of_someone_else_is_none() -> None:
    payload = base64.urlsafe_b64encode(msgspec.msgpack.encode(["staff", 9e12, 1])).rstrip(b"=").decode()
    assert tokens.read(f"{payload}.") is None
    assert tokens.read(f"{payload}.{some_token().split('.')[1]}") is None


def test_a_token_ends() -> None:
    with clock.freeze() as time:
        token = some_token()
        time.advance(hours=1, seconds=1)
        assert tokens.read(token) is None
        assert tokens.read(token, expired_for=timedelta(minutes=1)) is not None


def test_another_secret_makes_other_tokens_and_an_old_one_may_stay() -> None:
    token = some_token()
    with override_settings(SECRET_KEY="another-secret-that-is-long-enough-for-this"):
        assert tokens.read(token) is None
    from django.conf import settings

    with override_settings(SECRET_KEY="another-secret", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert tokens.read(token) is not None


def test_p9_a_revoked_api_token_is_refused() -> None:
    agent = people.make_agent()
    person = people.person_of(agent)
    token = api_tokens.create_token(person, user=agent, name="bot", wanted_scopes=["chat:read"])
    claims = tokens.read(token)
    assert claims is not None
    loaded = load_person(claims)
    assert loaded.may("chat:read")
    assert not loaded.may("chat")
    assert not loaded.may("people:read")
    rights.revoke_token(person, ApiToken.objects.get())
    with pytest.raises(NotSignedIn):
        load_person(claims)


def test_an_api_token_of_another_user_is_refused() -> None:
    first, second = people.make_customer(), people.make_customer()
    token = api_tokens.create_token(people.person_of(first), user=first, name="x", wanted_scopes=["*"])
    claims = tokens.read(token)
    assert claims is not None
    with pytest.raises(NotSignedIn):
        load_person(msgspec.structs.replace(claims, user_id=second.pk))


def test_an_api_token_ends_with_the_account() -> None:
    agent = people.make_agent()
    token = api_tokens.create_token(people.person_of(agent), user=agent, name="x", wanted_scopes=["*"])
    claims = tokens.read(token)
    assert claims is not None
    rights.suspend(people.person_of(people.make_owner()), agent)
    with pytest.raises(NotAllowed):
        load_person(claims)


@pytest.mark.parametrize("wanted", [[], ["everything"], ["chat", "x"]])
def test_scopes_that_do_not_exist_are_refused(wanted: list[str]) -> None:
    agent = people.make_agent()
    with pytest.raises(Invalid):
        api_tokens.create_token(people.person_of(agent), user=agent, name="x", wanted_scopes=wanted)
