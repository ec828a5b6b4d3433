"""Forgotten and changed passwords (P2): links, the same answer for everybody, other sign-ins end."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from hub.accounts.actions.passwords import require_good
from hub.accounts.errors import Invalid
from hub.accounts.models import AuditEntry, User
from hub.accounts.views.answers import faults_of
from hub.base import clock
from hub.base.models import OutboxMessage
from tests import people
from tests.accounts.letters import last_to, letters_to, path_in, purposes
from tests.accounts.pages import seen

pytestmark = pytest.mark.django_db
MOBILE, EMAIL, NEW = "+31612345678", "sanne@example.com", "a quiet harbour town"


@pytest.fixture
def customer() -> User:
    return people.make_customer(password=people.PASSWORD, email=EMAIL, mobile=MOBILE)


def forgot(login: str, client: Client | None = None, address: str = "10.0.0.1") -> Any:
    return (client or Client()).post("/password/forgot/", {"login": login}, REMOTE_ADDR=address)


def signed_in(login: str = EMAIL, password: str = people.PASSWORD) -> Client:
    browser = Client()
    browser.post("/login/", {"login": login, "password": password})
    return browser


def is_signed_in(client: Client) -> bool:
    return client.get("/api/v1/me/").status_code == 200


@pytest.mark.parametrize(("login", "to"), [(EMAIL, EMAIL), ("number", EMAIL), ("06-12345678", MOBILE)])
def test_p2_a_forgotten_password_by_mail_or_sms(customer: User, login: str, to: str) -> None:
    assert forgot(customer.login_number if login == "number" else login).status_code == 302
    browser = Client()
    done = browser.post(path_in(last_to(to)), {"password": NEW, "again": NEW})
    assert (done.status_code, done["Location"]) == (302, "/")
    assert is_signed_in(browser)
    assert is_signed_in(signed_in(password=NEW))
    assert not is_signed_in(signed_in())


def test_p2_the_answer_is_the_same_for_everybody(customer: User) -> None:
    User.objects.filter(pk=people.make_customer(email="shut@example.com").pk).update(is_active=False)
    answers = [
        forgot(login)
        for login in (EMAIL, "nobody@example.com", "shut@example.com", "99999999", "+31687654321", "\0", "x" * 300)
    ]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, "/password/forgot/sent/")}
    assert [letter.to for letter in OutboxMessage.objects.all()] == [EMAIL]


def test_p2_asking_again_and_again_is_limited_alike(customer: User, settings: Any) -> None:
    settings.LINKS_PER_HOUR_MAX = 3
    known = [forgot(EMAIL) for _ in range(5)]
    unknown = [forgot("nobody@example.com") for _ in range(5)]
    assert [answer.status_code for answer in known] == [302, 302, 302, 429, 429]
    with clock.freeze():
        assert [answer.status_code for answer in unknown] == [302, 302, 302, 429, 429]
    assert seen(known[4]).replace(EMAIL, "") == seen(unknown[4]).replace("nobody@example.com", "")


@pytest.mark.parametrize("known", [True, False])
def test_p2_links_by_several_names_do_not_tell_that_they_are_ones(known: bool, settings: Any) -> None:
    settings.LINKS_PER_HOUR_MAX = 3
    if known:
        people.make_customer(email=EMAIL, mobile=MOBILE)
    spelt = ["0612345678", "+31 6 12345678", "06-12345678", "۰۶۱۲۳۴۵۶۷۸"]
    assert [forgot(login).status_code for login in spelt] == [302, 302, 302, 429]
    assert [forgot(login).status_code for login in (EMAIL, EMAIL.upper())] == [302, 302]
    assert OutboxMessage.objects.count() == (3 if known else 0)


def test_p2_links_by_sms_count_in_the_range_of_numbers(settings: Any) -> None:
    settings.CODES_OF_RANGE_PER_HOUR_MAX = 2
    for number in range(4):
        row = people.make_customer(mobile=f"+3161234500{number}")
        assert forgot(row.login_number, address=f"10.6.0.{number}").status_code == 302
    assert OutboxMessage.objects.filter(channel="sms").count() == 2


def test_p2_a_new_password_ends_all_other_sign_ins(customer: User) -> None:
    before = signed_in()
    forgot(EMAIL)
    path = path_in(last_to(EMAIL))
    Client().post(path, {"password": NEW, "again": NEW})
    assert not is_signed_in(before)


def test_p7_a_link_gets_staff_as_far_as_their_second_factor() -> None:
    people.make_agent(email="agent@example.com", password=people.PASSWORD)
    forgot("agent@example.com")
    browser = Client()
    done = browser.post(path_in(last_to("agent@example.com")), {"password": NEW, "again": NEW})
    assert done["Location"] == "/login/second-factor/"
    assert not is_signed_in(browser)


def test_p2_a_link_of_who_is_suspended_opens_nothing(customer: User) -> None:
    forgot(EMAIL)
    path = path_in(last_to(EMAIL))
    User.objects.filter(pk=customer.pk).update(is_active=False)
    assert Client().get(path).status_code == 404
    assert Client().post(path, {"password": NEW, "again": NEW}).status_code == 404


def test_p4_a_link_of_a_suspended_member_opens_nothing() -> None:
    world = people.make_organisation()
    User.objects.filter(pk=world.employee.pk).update(email=EMAIL)
    forgot(EMAIL)
    path = path_in(last_to(EMAIL))
    world.employee.membership.suspended = True
    world.employee.membership.save()
    assert Client().post(path, {"password": NEW, "again": NEW}).status_code == 404


def test_p2_a_password_that_was_changed_by_sms_is_told_by_mail(customer: User) -> None:
    forgot(MOBILE)
    Client().post(path_in(last_to(MOBILE)), {"password": NEW, "again": NEW})
    assert purposes(EMAIL) == ["password_changed"]


def test_p2_changing_it_needs_the_current_one_and_keeps_this_browser(customer: User) -> None:
    here, there = signed_in(), signed_in()
    wrong = here.post("/profile/password/", {"current": "guess", "password": NEW, "again": NEW})
    assert wrong.status_code == 400
    assert 'id="field-current-said"' in wrong.content.decode()
    done = here.post("/profile/password/", {"current": people.PASSWORD, "password": NEW, "again": NEW})
    assert (done.status_code, done["Location"]) == (302, "/profile/security/")
    assert "Your password has been changed" in here.get("/profile/security/").content.decode()
    assert is_signed_in(here)
    assert not is_signed_in(there)
    assert purposes(EMAIL)[-1] == "password_changed"
    assert AuditEntry.objects.filter(fact="people.password.set", target_id=str(customer.pk)).count() == 1


def test_x6_guessing_the_current_password_is_limited(customer: User, settings: Any) -> None:
    settings.SIGN_IN_FAILURES_MAX = 3
    here = signed_in()
    answers = [
        here.post("/profile/password/", {"current": f"guess {number}", "password": NEW, "again": NEW}).status_code
        for number in range(5)
    ]
    assert answers == [400, 400, 400, 429, 429]


def test_bad_input_a_link_of_one_purpose_is_none_of_another(customer: User) -> None:
    forgot(EMAIL)
    token = path_in(last_to(EMAIL)).split("/")[2]
    assert Client().get(f"/email/{token}/").status_code == 404
    assert Client().get(f"/invitation/{token}/").status_code == 404
    assert len(letters_to(EMAIL)) == 1


@pytest.mark.parametrize("language", ["nl", "hr", "it", "fa"])
@pytest.mark.parametrize("weak", ["short", "password123", EMAIL])
def test_u1_what_is_wrong_with_a_password_is_said_in_every_language(customer: User, weak: str, language: str) -> None:
    """Also those that Django refuses."""
    forgot(EMAIL)
    page = Client(headers={"Accept-Language": language}).post(
        path_in(last_to(EMAIL)), {"password": weak, "again": weak}, headers={"Accept-Language": language}
    )
    said = page.context["form"].errors["password"]
    with translation.override("en"):
        english = _refusal_of(weak, customer)
    assert said
    assert said != english


def _refusal_of(password: str, user: User) -> str:
    with pytest.raises(Invalid) as refusal:
        require_good(password, None, user)
    return faults_of(refusal.value)["password"]
