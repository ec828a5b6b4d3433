"""`/api/v1/widget/session/`: the widget's token (P11, P12, X6)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from hub.accounts.access import load_person
from hub.accounts.actions import codes, devices, rights
from hub.accounts.actions.sign_in import Origin
from hub.accounts.models import SignedInDevice, User
from hub.accounts.tokens import read
from hub.base import clock
from hub.base.addresses import address_mark
from hub.base.errors import NotSignedIn
from hub.base.models import OutboxMessage
from hub.site.actions.identity import bind_site_user
from hub.site.identity import sign_identity
from hub.site.models import Announcement, AnnouncementText, Website
from tests import people
from tests.accounts.letters import code_in, last_to

pytestmark = pytest.mark.django_db

SHOP = "https://shop.example"


@pytest.fixture
def website() -> Website:
    return Website.objects.create(name="Shop", origins=[SHOP])


@pytest.fixture
def customer() -> User:
    return people.make_customer("Sanne de Vries", password=people.PASSWORD, email="sanne@example.com")


def ask(website: Website, *, token: str = "", origin: str = "", **body: str) -> Any:
    headers = {}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if origin:
        headers["Origin"] = origin
    content = {"site_key": website.site_key, **body}
    return Client().post("/api/v1/widget/session/", content, content_type="application/json", headers=headers)


def person_with(answer: Any) -> Any:
    assert answer.status_code == 200, answer.content
    claims = read(answer.json()["token"])
    assert claims is not None
    return load_person(claims)


def test_a_visitor_gets_a_key_of_their_own(website: Website) -> None:
    first, second = ask(website, language="fa"), ask(website)
    assert "customer" not in first.json()
    person = person_with(first)
    assert (person.kind, person.user_id, person.site_id, person.language) == ("visitor", None, website.pk, "fa")
    assert person.visitor_key != person_with(second).visitor_key
    assert first.json()["expires_at"] > clock.now().isoformat()


def test_a_customer_signs_in_by_login_and_password(website: Website, customer: User) -> None:
    shown = ask(website, login="sanne@example.com", password=people.PASSWORD).json()["customer"]
    assert (shown["id"], shown["name"], shown["balance_m"]) == (str(customer.pk), "Sanne de Vries", 0)


def test_p12_a_vip_sees_no_balance(website: Website, customer: User) -> None:
    User.objects.filter(pk=customer.pk).update(vip=True)
    shown = ask(website, login=customer.login_number, password=people.PASSWORD).json()["customer"]
    assert shown["vip"]
    assert not {"balance_m", "available_m"} & set(shown)


def test_p4_a_members_organisation_is_named(website: Website) -> None:
    world = people.make_organisation("De Bakker")
    bind_site_user(website, "tom", world.employee)
    shown = ask(website, identity=sign_identity(website, sub="tom")).json()["customer"]
    assert shown["organisation"]["name"] == "De Bakker"


def test_wrong_sign_ins_look_alike_and_staff_do_not_come_in_here(website: Website, customer: User) -> None:
    """P7: staff sign in on the hub's own page, with their second factor."""
    agent = people.make_agent(password=people.PASSWORD)
    answers = [
        ask(website, login=customer.login_number, password="wrong"),
        ask(website, login="nobody@example.com", password="wrong"),
        ask(website, login=agent.login_number, password=people.PASSWORD),
        ask(website, login=customer.login_number),
        ask(website, password=people.PASSWORD),
    ]
    assert {(answer.status_code, answer.content) for answer in answers} == {(401, answers[0].content)}
    assert answers[0].json()["code"] == "wrong_sign_in"


def test_x6_guessing_shuts_the_account(website: Website, customer: User, settings: Settings) -> None:
    settings.SIGN_IN_FAILURES_MAX = 2
    codes = [ask(website, login=customer.login_number, password=f"guess {n}").json()["code"] for n in range(3)]
    assert codes == ["wrong_sign_in", "wrong_sign_in", "locked_out"]
    refused = ask(website, login=customer.login_number, password=people.PASSWORD)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0


def test_x6_one_address_gets_so_many_a_minute(website: Website, settings: Settings) -> None:
    settings.WIDGET_SESSIONS_PER_MINUTE = 2
    assert [ask(website).status_code for _ in range(3)] == [200, 200, 429]


def test_x6_one_address_makes_up_so_many_visitors_a_minute(
    website: Website, customer: User, settings: Settings
) -> None:
    """Who says who they are, or comes back with a token, is no new visitor."""
    settings.WIDGET_VISITORS_PER_MINUTE = 2
    first, *_, refused = [ask(website) for _ in range(3)]
    assert (refused.status_code, refused.json()["code"]) == (429, "too_fast")
    assert refused.json()["retry_after_ms"] > 0
    assert ask(website, token=first.json()["token"]).status_code == 200
    assert ask(website, login=customer.login_number, password=people.PASSWORD).status_code == 200


def test_x6_a_visitors_token_tells_the_hub_where_it_was_asked_for(website: Website, customer: User) -> None:
    first, second = ask(website), ask(website)
    marks = {person_with(answer).address_mark for answer in (first, second, ask(website, token=first.json()["token"]))}
    assert marks == {address_mark("127.0.0.1")}
    assert "127.0.0.1" not in marks
    assert person_with(ask(website, login=customer.login_number, password=people.PASSWORD)).address_mark == ""


def test_p11_the_sites_token_signs_in_once(website: Website, customer: User) -> None:
    bind_site_user(website, "7", customer)
    identity = sign_identity(website, sub="7")
    assert ask(website, identity=identity).json()["customer"]["id"] == str(customer.pk)
    again = ask(website, identity=identity)
    assert (again.status_code, again.json()["code"]) == (401, "bad_identity")


def test_p11_a_token_of_another_site_is_refused(website: Website) -> None:
    other = Website.objects.create(name="Other")
    assert ask(website, identity=sign_identity(other, sub="7")).json()["code"] == "bad_identity"


def test_p11_x1_a_website_that_signs_its_users_does_not_manage_their_organisation(website: Website) -> None:
    """Its server can make the token of whoever owns one; what a widget shows needs reading."""
    firm = people.make_organisation()
    bind_site_user(website, "7", firm.owner)
    token = ask(website, identity=sign_identity(website, sub="7")).json()["token"]
    client, path = (
        Client(headers={"Authorization": f"Bearer {token}"}),
        f"/api/v1/organisations/{firm.organisation.pk}/",
    )
    assert client.get(path).status_code == 200
    for what, body in (("units/", {"name": "New"}), ("hand-over/", {"to": firm.employee.pk})):
        assert client.post(f"{path}{what}", body, content_type="application/json").status_code == 403


def test_the_old_token_is_renewed_for_the_same_person(website: Website, customer: User) -> None:
    with clock.freeze() as time:
        visitor = ask(website).json()["token"]
        signed_in = ask(website, login=customer.login_number, password=people.PASSWORD).json()["token"]
        key = read(visitor).visitor_key  # type: ignore[union-attr]
        time.advance(hours=20)
        assert person_with(ask(website, token=visitor)).visitor_key == key
        assert ask(website, token=signed_in).json()["customer"]["id"] == str(customer.pk)
        time.advance(days=2)
        assert person_with(ask(website, token=visitor)).visitor_key == key
        assert ask(website, token=signed_in).status_code == 401


def test_renewal_needs_a_widgets_token_of_this_site(website: Website, customer: User) -> None:
    other = Website.objects.create(name="Other")
    of_other = ask(other).json()["token"]
    from hub.accounts.actions.api_tokens import create_token

    api_token = create_token(people.person_of(customer), user=customer, name="x", wanted_scopes=["*"])
    for token in (of_other, api_token, "rubbish", of_other[:-1]):
        assert ask(website, token=token).status_code == 401


def test_p9_signing_out_everywhere_ends_widgets_too(website: Website, customer: User) -> None:
    answer = ask(website, login=customer.login_number, password=people.PASSWORD)
    person_with(answer)
    rights.sign_out_everywhere(customer)
    with pytest.raises(NotSignedIn):
        person_with(answer)
    assert ask(website, token=answer.json()["token"]).status_code == 401


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("", 200),
        (SHOP, 200),
        ("http://testserver", 200),
        ("null", 403),
        ("https://evil.example", 403),
        ("https://shop.example.evil.example", 403),
        ("http://shop.example", 403),
        ("https://shop.example:8443", 403),
    ],
)
def test_x2_only_the_websites_own_origins(website: Website, origin: str, status: int) -> None:
    answer = ask(website, origin=origin)
    assert answer.status_code == status
    allowed = answer.headers.get("Access-Control-Allow-Origin")
    assert allowed == (SHOP if origin == SHOP else None)
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_browser_may_ask_first(website: Website) -> None:
    asked = Client().options("/api/v1/widget/session/", headers={"Origin": SHOP})
    assert (asked.status_code, asked["Access-Control-Allow-Origin"]) == (204, SHOP)
    assert "Authorization" in asked["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Origin" not in Client().options(
        "/api/v1/widget/session/", headers={"Origin": "https://evil.example"}
    )


def test_an_unknown_or_closed_site_is_refused(website: Website) -> None:
    website.is_active = False
    website.save()
    for body in ({"site_key": website.site_key}, {"site_key": "x"}, {"site_key": "a\0"}, {}):
        answer = Client().post("/api/v1/widget/session/", body, content_type="application/json")
        assert answer.status_code in (400, 404), answer.content


def test_the_hubs_cookie_counts_for_nothing_here(website: Website, customer: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(customer)
    answer = client.post("/api/v1/widget/session/", {"site_key": website.site_key}, content_type="application/json")
    assert answer.status_code == 200
    assert "customer" not in answer.json()


def test_a_widgets_token_opens_nothing_of_the_staffs(website: Website, customer: User) -> None:
    token = ask(website, login=customer.login_number, password=people.PASSWORD).json()["token"]
    assert Client(headers={"Authorization": f"Bearer {token}"}).get("/api/v1/customers/").status_code == 404


def test_d4_a_widget_says_what_its_customer_has_seen(website: Website, customer: User) -> None:
    said = Announcement.objects.create(
        state="published", audience="everybody", in_widget=True, from_at=clock.now(), created_at=clock.now()
    )
    AnnouncementText.objects.create(announcement=said, language="en", title="Closed", source="x", html="<p>x</p>")
    token = ask(website, login=customer.login_number, password=people.PASSWORD).json()["token"]
    client = Client(headers={"Authorization": f"Bearer {token}"})
    shown = client.get("/api/v1/departments/", {"site": website.site_key}).json()["announcement"]
    assert client.post(f"/api/v1/announcements/{shown['id']}/seen/").status_code == 204
    assert list(said.seen.values_list("user_id", flat=True)) == [customer.pk]


# -- By a one-time code (P2) -------------------------------------------------------------------------------------------
def ask_code(website: Website, login: str, *, origin: str = "", **body: str) -> Any:
    headers = {"Origin": origin} if origin else {}
    content = {"site_key": website.site_key, "login": login, **body}
    return Client().post("/api/v1/widget/code/", content, content_type="application/json", headers=headers)


def test_p2_by_a_code_without_leaving_the_widget(website: Website, customer: User) -> None:
    asked = ask_code(website, "sanne@example.com", origin=SHOP)
    assert asked.status_code == 202
    assert asked.headers["Access-Control-Allow-Origin"] == SHOP
    code = code_in(last_to("sanne@example.com"))
    answer = ask(website, challenge=asked.json()["challenge"], code=code)
    assert answer.json()["customer"]["login"] == customer.login_number
    assert person_with(answer).user_id == customer.pk
    assert ask(website, challenge=asked.json()["challenge"], code=code).status_code == 401


def test_p2_asking_tells_nothing_and_staff_are_nobody_here(website: Website, customer: User) -> None:
    people.make_agent(email="agent@example.com", password=people.PASSWORD)
    answers = [ask_code(website, login) for login in ("sanne@example.com", "nobody@example.com", "agent@example.com")]
    assert [answer.status_code for answer in answers] == [202, 202, 202]
    assert len({tuple(sorted(answer.json())) for answer in answers}) == 1
    assert [letter.to for letter in OutboxMessage.objects.all()] == ["sanne@example.com"]


def test_p2_a_code_asked_for_on_the_hubs_page_by_staff_opens_no_widget(website: Website) -> None:
    people.make_agent(email="agent@example.com", password=people.PASSWORD)
    asked = codes.ask_sign_in_code("agent@example.com", origin=Origin(address="10.0.0.1"))
    code = code_in(last_to("agent@example.com"))
    assert ask(website, challenge=str(asked.challenge), code=code).status_code == 401


@pytest.mark.parametrize(
    "body", [{"challenge": "x", "code": "1"}, {"code": "123456"}, {"challenge": None, "code": "1"}]
)
def test_bad_input_a_code_without_its_challenge(website: Website, body: dict[str, Any]) -> None:
    assert ask(website, **body).status_code in (400, 401)


def test_p2_not_from_a_page_elsewhere(website: Website, customer: User) -> None:
    assert ask_code(website, "sanne@example.com", origin="https://evil.example").status_code == 403
    assert OutboxMessage.objects.count() == 0


def test_p9_a_widget_is_a_device_that_can_be_ended(website: Website, customer: User) -> None:
    answer = ask(website, login="sanne@example.com", password=people.PASSWORD)
    token = answer.json()["token"]
    renewed = ask(website, token=token).json()["token"]
    assert SignedInDevice.objects.filter(user=customer, ended_at__isnull=True).count() == 1
    device = SignedInDevice.objects.get(user=customer)
    devices.end_device(people.person_of(customer), device.pk)
    for ended in (token, renewed):
        claims = read(ended)
        assert claims is not None
        with pytest.raises(NotSignedIn):
            load_person(claims)
        assert ask(website, token=ended).status_code == 401
