"""K4: signing in to the forum with the account here, by Discourse Connect; a plain link where no secret is set."""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client

from hub.accounts.actions import customer_details, erasure, rights
from hub.accounts.actions.codes import ask_sign_in_code, sign_in_by_code
from hub.accounts.actions.sign_in import Origin
from hub.base import snapshots
from hub.base.models import HubSetting
from tests import people
from tests.accounts.letters import code_in, last_to
from tests.browsers import browser_of

pytestmark = pytest.mark.django_db
SECRET = "k4-" + "0123456789abcdefghijklmnopqrstuvwxyz"
FORUM = "https://forum.example.com"
DOOR = f"{FORUM}/session/sso_login"


@pytest.fixture
def forum(settings: object) -> None:
    settings.FORUM_SSO_SECRET = SECRET  # type: ignore[attr-defined]
    HubSetting.objects.create(name="forum_url", value=f"{FORUM}/")
    snapshots.forget_all()


def signed(payload: str, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), payload.encode(), hashlib.sha256).hexdigest()


def question(nonce: str = "cb68251eefb5211e58c00ff1395f0c0b", back: str = DOOR, secret: str = SECRET) -> str:
    payload = base64.b64encode(urlencode({"nonce": nonce, "return_sso_url": back}).encode()).decode()
    return f"/forum/sign-in/?{urlencode({'sso': payload, 'sig': signed(payload, secret)})}"


def led_to(page: str) -> tuple[str, dict[str, str]]:
    """Where the page leads by itself, and what the forum reads there, its signature checked."""
    (leads,) = re.findall(r'http-equiv="refresh" content="0;url=([^"]+)"', page)
    url = html.unescape(leads)
    sent = {name: one for name, (one,) in parse_qs(urlsplit(url).query).items()}
    assert sent["sig"] == signed(sent["sso"])
    said = parse_qs(base64.b64decode(sent["sso"]).decode())
    return url.partition("?")[0], {name: one for name, (one,) in said.items()}


@pytest.mark.usefixtures("forum")
def test_K4_the_forum_learns_who_this_is_and_no_last_name() -> None:
    sanne = people.make_customer("Sanne de Vries", email="sanne@example.com", email_confirmed=True)
    response = browser_of(sanne).get(question("nonce-of-the-forum"))
    assert response.headers["Cache-Control"] == "no-store"
    door, said = led_to(response.content.decode())
    assert door == DOOR
    assert said == {
        "nonce": "nonce-of-the-forum",
        "external_id": str(sanne.pk),
        "email": "sanne@example.com",
        "username": "Sanne",
        "name": "Sanne",
        "require_activation": "false",
    }


@pytest.mark.usefixtures("forum")
def test_K4_whoever_is_not_signed_in_does_that_first_and_goes_on() -> None:
    asked = question()
    to = Client().get(asked).headers["Location"]
    assert to.startswith("/login/?")
    assert parse_qs(urlsplit(to).query)["next"] == [asked]


@pytest.mark.usefixtures("forum")
@pytest.mark.parametrize(
    "asked",
    [
        question(secret="another-secret-of-the-right-length-0000"),
        question().replace("sig=", "sig=0"),
        question().partition("&sig=")[0],
        question(nonce=""),
        question(nonce="a b"),
        question(nonce="n" * 5000),
        question(back=""),
        question(back="https://evil.example/session/sso_login"),
        question(back="https://forum.example.com.evil.example/session/sso_login"),
        question(back="https://forum.example.com@evil.example/session/sso_login"),
        question(back="https://forum.example.com:444/session/sso_login"),
        question(back="http://forum.example.com/session/sso_login"),
        question(back="https://forum.example.com/redirect?to=evil"),
        question(back=f"{DOOR}?to=evil"),
        question(back=f"{DOOR}#evil"),
        question(back="//forum.example.com/session/sso_login"),
        f"/forum/sign-in/?{urlencode({'sso': 'not base64', 'sig': signed('not base64')})}",
        f"/forum/sign-in/?{urlencode({'sso': '/w==', 'sig': signed('/w==')})}",  # no text
        f"/forum/sign-in/?{urlencode({'sso': '', 'sig': signed('')})}",
        "/forum/sign-in/?sso=x&sig=é",
        "/forum/sign-in/",
    ],
)
def test_K4_what_the_forum_did_not_ask_or_wants_elsewhere_is_refused(asked: str) -> None:
    response = browser_of(people.make_customer(email="a@example.com")).get(asked)
    assert response.status_code == 403
    assert "refresh" not in response.content.decode()
    assert "sso_login?" not in response.content.decode()


@pytest.mark.usefixtures("forum")
def test_K4_a_question_is_answered_once_to_whomever() -> None:
    sanne, luca = (people.make_customer(email=f"{name}@example.com") for name in ("sanne", "luca"))
    assert browser_of(sanne).get(question("first-nonce")).status_code == 200
    for again in (sanne, luca):
        response = browser_of(again).get(question("first-nonce"))
        assert response.status_code == 409
        assert "sso_login?" not in response.content.decode()
    assert browser_of(luca).get(question("second-nonce")).status_code == 200


@pytest.mark.usefixtures("forum")
def test_K4_P9_P10_suspended_and_erased_people_are_not_let_in() -> None:
    owner = people.person_of(people.make_owner())
    sanne, luca = (people.make_customer(email=f"{name}@example.com") for name in ("sanne", "luca"))
    browsers = [browser_of(sanne), browser_of(luca)]
    customer_details.suspend_customer(owner, sanne.pk, suspended=True)
    erasure.erase_now(owner, luca)
    for number, browser in enumerate(browsers):
        assert browser.get(question(f"nonce-{number}-of-them")).headers["Location"].startswith("/login/?")


@pytest.mark.usefixtures("forum")
def test_K4_P4_a_suspended_member_is_not_let_in() -> None:
    office = people.make_organisation()
    browser = browser_of(office.employee)
    office.employee.membership.suspended = True
    office.employee.membership.save()
    rights.raise_rights([office.employee.pk])
    assert browser.get(question()).headers["Location"].startswith("/login/?")


@pytest.mark.usefixtures("forum")
def test_K4_who_has_no_address_is_told_where_to_add_one() -> None:
    response = browser_of(people.make_customer(email=None, mobile="+31612345678")).get(question())
    assert response.status_code == 409
    assert 'href="/profile/email/"' in response.content.decode()


@pytest.mark.usefixtures("forum")
def test_K4_the_forum_asks_a_mailbox_itself_until_something_came_back_from_it() -> None:
    """Else whoever typed another's address would get that one's account there."""
    sanne = people.make_customer("Sanne de Vries", email="sanne@example.com")
    _door, said = led_to(browser_of(sanne).get(question("nonce-before")).content.decode())
    assert said["require_activation"] == "true"
    origin = Origin("203.0.113.9", "")
    asked = ask_sign_in_code("sanne@example.com", origin=origin)
    sign_in_by_code(asked.challenge, code_in(last_to("sanne@example.com")), origin=origin)
    _door, said = led_to(browser_of(sanne).get(question("nonce-after")).content.decode())
    assert said["require_activation"] == "false"
    owner = people.person_of(people.make_owner())
    typed = customer_details.details_of(sanne)
    customer_details.change_customer(owner, sanne.pk, typed | {"email": "other@example.com"}, before=typed)
    _door, said = led_to(browser_of(sanne).get(question("nonce-other")).content.decode())
    assert (said["email"], said["require_activation"]) == ("other@example.com", "true")


@pytest.mark.usefixtures("forum")
def test_K4_the_link_leads_straight_to_signing_in_where_there_is_a_secret() -> None:
    page = browser_of(people.make_customer()).get("/help/").content.decode()
    assert f'href="{FORUM}/session/sso"' in page


def test_K4_without_a_secret_there_is_a_plain_link_and_nothing_to_sign_in_by(settings: object) -> None:
    settings.FORUM_SSO_SECRET = ""  # type: ignore[attr-defined]
    HubSetting.objects.create(name="forum_url", value=f"{FORUM}/")
    snapshots.forget_all()
    browser = browser_of(people.make_customer())
    assert f'href="{FORUM}/"' in browser.get("/help/").content.decode()
    assert browser.get(question()).status_code == 404


def test_K4_without_an_address_of_the_forum_nothing_is_answered(settings: object) -> None:
    settings.FORUM_SSO_SECRET = SECRET  # type: ignore[attr-defined]
    snapshots.forget_all()
    assert browser_of(people.make_customer()).get(question()).status_code == 404
