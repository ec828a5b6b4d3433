"""One's own API tokens (P9, X7): made with the password, shown once, told by mail, revoked; the owner sees them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from hub.accounts import own_tokens, tokens
from hub.accounts.access import load_person
from hub.accounts.actions import api_tokens, housekeeping
from hub.accounts.errors import Invalid, TooManyTokens
from hub.accounts.models import ApiToken, AuditEntry, Membership, User
from hub.accounts.scopes import offered_to
from hub.base import clock
from hub.base.errors import NotAllowed, NotSignedIn
from hub.base.models import OutboxMessage
from tests import people
from tests.accounts.letters import last_to, purposes
from tests.browsers import browser_of

pytestmark = pytest.mark.django_db
EMAIL = "sanne@example.com"
SHOWN = re.compile(r'id="new-token">([^<]+)<')
NEW = "/profile/tokens/new/"


@pytest.fixture
def customer() -> User:
    return people.make_customer(password=people.PASSWORD, email=EMAIL)


@pytest.fixture
def browser(customer: User) -> Client:
    return browser_of(customer)


def form(**changes: str) -> dict[str, str]:
    said = {"name": "Cash desk", "scope_chat": "chat:read", "days": "30", "current": people.PASSWORD, "form_key": "k1"}
    return said | changes


def made_in(answer: Any) -> str:
    found = SHOWN.search(answer.content.decode())
    assert found, answer.content.decode()[-3000:]
    return found[1]


def make(browser: Client, **changes: str) -> str:
    return made_in(browser.post(NEW, form(**changes)))


def asks(token: str, path: str = "/api/v1/me/") -> int:
    return int(Client().get(path, headers={"Authorization": f"Bearer {token}"}).status_code)


def test_p9_a_token_is_made_with_what_was_chosen_and_works(browser: Client, customer: User) -> None:
    with clock.freeze() as time:
        token = make(browser)
        claims = tokens.read(token)
        assert claims is not None
        assert (claims.user_id, claims.scopes, claims.side) == (customer.pk, frozenset({"chat:read"}), "visitor")
        assert asks(token) == 200
        assert asks(token, "/api/v1/sessions/") == 200
        assert asks(token, "/api/v1/wallet/") == 403
        time.advance(days=30, seconds=1)
        assert asks(token) == 401
    assert AuditEntry.objects.filter(fact="people.token.created", target_id=str(customer.pk)).count() == 1


def test_x7_a_token_is_shown_once_and_nowhere_again(browser: Client) -> None:
    """Not on the list, not by a reload or a second click, in no address, no mail, no row, no cache."""
    answer = browser.post(NEW, form())
    token = made_in(answer)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    again = browser.post(NEW, form())
    assert (again.status_code, again["Location"]) == (302, "/profile/tokens/")
    assert ApiToken.objects.count() == 1
    page = browser.get("/profile/tokens/")
    assert "no-store" in page["Cache-Control"]
    assert "Cash desk" in page.content.decode()
    assert "Chats: read" in page.content.decode()
    kept = [
        str(rows.values()) for rows in (ApiToken.objects.all(), AuditEntry.objects.all(), OutboxMessage.objects.all())
    ]
    for part in token.split("."):
        for text in (page.content.decode(), browser.get(NEW).content.decode(), *kept):
            assert part not in text


def test_p9_the_person_is_told_by_mail(browser: Client) -> None:
    make(browser)
    assert purposes(EMAIL) == ["token_made"]
    assert "Cash desk" in last_to(EMAIL).text
    assert "/profile/tokens/" in last_to(EMAIL).text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"current": "not it"}, "current"),
        ({"current": ""}, "current"),
        ({"name": " "}, "name"),
        ({"name": "see https://evil.example/"}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"scope_chat": ""}, "scope_chat"),
        ({"scope_chat": "*"}, "scope_chat"),
        ({"scope_chat": "site"}, "scope_chat"),
        ({"scope_credits": "load"}, "scope_chat"),
        ({"days": "366"}, "days"),
        ({"days": "٣٠"}, "days"),
        ({"days": ""}, "days"),
    ],
)
def test_x1_what_may_not_be_is_refused_and_what_was_typed_stays(
    browser: Client, wrong: dict[str, str], field: str
) -> None:
    answer = browser.post(NEW, form(**wrong))
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert people.PASSWORD not in answer.content.decode()
    assert ApiToken.objects.count() == 0
    assert ApiToken.objects.count() + len(make(browser)) > 0, "the form may be sent again"


def test_x6_the_password_cannot_be_guessed_here(browser: Client, settings: Any) -> None:
    settings.SIGN_IN_FAILURES_MAX = 2
    said = [browser.post(NEW, form(current=f"guess {n}")).status_code for n in range(3)]
    assert said == [400, 400, 429]
    assert browser.post(NEW, form()).status_code == 429
    assert ApiToken.objects.count() == 0


def test_x1_each_is_offered_what_they_may_have(customer: User) -> None:
    department = people.make_department()
    world = people.make_organisation()
    offered = {
        who: " ".join(offered_to(people.person_of(user)))
        for who, user in {
            "customer": customer,
            "employee": world.employee,
            "organisation owner": world.owner,
            "agent": people.make_agent(departments=[department]),
            "manager": people.make_manager(departments=[department]),
            "hub owner": people.make_owner(),
        }.items()
    }
    assert offered == {
        "customer": "chat tickets credits",
        "employee": "chat tickets credits",
        "organisation owner": "chat tickets credits people",
        "agent": "chat tickets credits people knowledge",
        "manager": "chat tickets credits people knowledge site",
        "hub owner": "chat tickets credits people knowledge site audit",
    }
    assert offered_to(people.person_of(people.make_owner()))["audit"] == ("audit:read",)


def test_x1_a_session_with_less_offers_no_more(customer: User) -> None:
    reader = people.person_of(customer, scopes=frozenset({"chat:read"}))
    assert offered_to(reader) == {"chat": ("chat:read",)}
    with pytest.raises(Invalid):
        api_tokens.make_own_token(reader, name="x", wanted_scopes=["chat"], lifetime_days=7)


def test_p4_who_leads_no_longer_keeps_a_token_without_the_rights() -> None:
    """The token asks the rights of the moment, not of the day it was made."""
    world = people.make_organisation()
    token = api_tokens.make_own_token(
        people.person_of(world.manager), name="x", wanted_scopes=["people:read"], lifetime_days=7
    )
    claims = tokens.read(token)
    assert claims is not None
    Membership.objects.filter(user=world.manager).update(role=Membership.Role.EMPLOYEE)
    assert load_person(claims).organisation_role == "employee"
    Membership.objects.filter(user=world.manager).update(suspended=True)
    with pytest.raises(NotAllowed):
        load_person(claims)


def test_p9_a_revoked_token_ends_at_once_and_its_sockets_see_it(browser: Client, customer: User) -> None:
    """X2: the rights version goes up, and what its sockets then load again is not signed in any more."""
    token, other = make(browser), make(browser, form_key="k2", name="Other")
    claims = tokens.read(token)
    assert claims is not None
    version = load_person(claims).rights_version
    answer = browser.post(f"/profile/tokens/{claims.token_id}/revoke/")
    assert (answer.status_code, answer["Location"]) == (302, "/profile/tokens/")
    with pytest.raises(NotSignedIn):
        load_person(claims)
    assert User.objects.get(pk=customer.pk).rights_version > version
    assert (asks(token), asks(other)) == (401, 200)
    browser.post(f"/profile/tokens/{claims.token_id}/revoke/")
    assert AuditEntry.objects.filter(fact="people.token.revoked", target_id=str(customer.pk)).count() == 1
    page = browser.get("/profile/tokens/").content.decode()
    assert "Cash desk" not in page


def test_x1_nobody_revokes_the_token_of_another(browser: Client) -> None:
    token = make(browser)
    claims = tokens.read(token)
    assert claims is not None
    mallory = browser_of(people.make_customer("Tom Visser"))
    theirs = mallory.post(f"/profile/tokens/{claims.token_id}/revoke/")
    nothing = mallory.post("/profile/tokens/00000000-0000-4000-8000-000000000000/revoke/")
    assert (theirs.status_code, theirs["Location"]) == (nothing.status_code, nothing["Location"])
    assert asks(token) == 200


def test_x6_there_is_a_most_and_revoking_makes_room(customer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_tokens, "TOKENS_MAX", 2)
    person = people.person_of(customer)

    def one_more() -> str:
        return api_tokens.make_own_token(person, name="x", wanted_scopes=["chat"], lifetime_days=7)

    one_more(), one_more()
    with pytest.raises(TooManyTokens):
        one_more()
    api_tokens.revoke_own_token(person, own_tokens.living(customer.pk)[0].pk)
    one_more()
    with clock.freeze() as time:
        time.advance(days=8)
        assert own_tokens.tokens_of(customer.pk) == []
        one_more()


def test_p9_when_a_token_was_used_is_known_to_five_minutes(browser: Client) -> None:
    with clock.freeze() as time:
        token = make(browser)
        assert "not used yet" in browser.get("/profile/tokens/").content.decode()
        first = clock.now()
        asks(token)
        assert ApiToken.objects.get().last_used_at == first
        time.advance(minutes=4)
        asks(token)
        assert ApiToken.objects.get().last_used_at == first
        time.advance(minutes=2)
        asks(token)
        assert ApiToken.objects.get().last_used_at == clock.now()
    assert "last used" in browser.get("/profile/tokens/").content.decode()


def test_p10_a_token_that_was_over_long_ago_goes(customer: User) -> None:
    with clock.freeze() as time:
        api_tokens.make_own_token(people.person_of(customer), name="x", wanted_scopes=["chat"], lifetime_days=7)
        time.advance(days=36)
        housekeeping.remove_old()
        assert ApiToken.objects.count() == 1
        time.advance(days=2)
        housekeeping.remove_old()
        assert ApiToken.objects.count() == 0


def test_p9_the_owner_sees_and_revokes_tokens_of_staff() -> None:
    department = people.make_department()
    agent = people.make_agent(departments=[department], email="marko@example.com")
    token = api_tokens.make_own_token(people.person_of(agent), name="Robot", wanted_scopes=["chat"], lifetime_days=7)
    claims = tokens.read(token)
    assert claims is not None
    page, deed = f"/admin/staff/{agent.pk}/", f"/admin/staff/{agent.pk}/tokens/{claims.token_id}/revoke/"
    manager = browser_of(people.make_manager(departments=[department]))
    assert "Robot" not in manager.get(page).content.decode()
    assert manager.post(deed).status_code == 403
    assert asks(token) == 200
    owner = browser_of(people.make_owner())
    assert "Robot" in owner.get(page).content.decode()
    assert owner.post(deed.replace(str(agent.pk), str(people.make_agent().pk), 1)).status_code == 404
    for _ in range(2):
        assert owner.post(deed).status_code == 302
    assert asks(token) == 401
    assert purposes("marko@example.com") == ["token_made", "token_revoked"]
    assert "“Robot”" in last_to("marko@example.com").text


def test_p7_a_token_of_staff_carries_the_second_factor() -> None:
    agent = people.make_agent(password=people.PASSWORD)
    claims = tokens.read(make(browser_of(agent)))
    assert claims is not None
    assert (claims.side, claims.two_factor) == ("staff", True)
    assert tokens.expires_at(claims) - clock.now() <= timedelta(days=30)
