"""The API's manners and the endpoints about people (P5, P9, X1, X6)."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from pytest_django.fixtures import Settings

from hub.accounts import tokens
from hub.accounts.actions.api_tokens import create_token
from hub.accounts.models import AuditEntry, User
from hub.base import clock
from hub.base.api import idempotency
from hub.base.models import IdempotentRequest
from tests import people
from tests.tickets.desk import Desk
from tests.tickets.library import publish

pytestmark = pytest.mark.django_db
JSON = "application/json"


def token_of(user: User, *scopes: str) -> str:
    return create_token(people.person_of(user), user=user, name="test", wanted_scopes=scopes or ("*",))


def api(user: User | None, *scopes: str, **extra: Any) -> Client:
    """A client that calls as this person."""
    headers = {"Authorization": f"Bearer {token_of(user, *scopes)}"} if user else {}
    return Client(headers={**headers, **extra})


def results(answer: Any) -> list[Any]:
    assert answer.status_code == 200, answer.content
    found: list[Any] = answer.json()["results"]
    return found


# -- manners --
def test_refusals_are_problem_documents() -> None:
    """RFC 9457, the same shape for every refusal."""
    agent = people.make_agent()
    cases = [
        (Client().get("/api/v1/me/"), 401, "not_signed_in"),
        (Client(headers={"Authorization": "Bearer rubbish"}).get("/api/v1/departments/"), 401, "not_signed_in"),
        (Client().get("/api/v1/nothing/"), 404, "not_found"),
        (Client().post("/api/"), 404, "not_found"),
        (api(agent).get("/api/v1/customers/999999/"), 404, "not_found"),
        (api(agent).get("/api/v1/customers/99999999999999999999999999/"), 404, "not_found"),
        (api(agent).delete("/api/v1/me/"), 405, "method_not_allowed"),
        (api(agent).get("/api/v1/audit/"), 403, "forbidden"),
        (api(agent).post("/api/v1/customers/", "{", content_type="application/json"), 400, "bad_frame"),
        (api(agent).post("/api/v1/customers/", "[" * 200_000, content_type="application/json"), 400, "bad_frame"),
        (api(agent).post("/api/v1/customers/", b"1" * 1_100_000, content_type="application/json"), 413, "too_large"),
        (api(agent).post("/api/v1/customers/", '{"x": NaN}', content_type="application/json"), 400, "bad_frame"),
        (api(agent).post("/api/v1/customers/", b"\xff\xfe", content_type="application/json"), 400, "bad_frame"),
        (api(agent).post("/api/v1/customers/", r'{"x": "\u0000"}', content_type="application/json"), 400, "bad_frame"),
        (api(agent).post("/api/v1/customers/", r'{"\ud800": 1}', content_type="application/json"), 400, "bad_frame"),
        (api(agent).post("/api/v1/customers/", b"{}", content_type=f"{JSON}; charset=utf-16"), 400, "bad_frame"),
        (api(agent).post("/api/v1/customers/", {}, content_type=f"{JSON}; charset=utf8"), 400, "invalid"),
        (api(agent).post("/api/v1/customers/", {}, content_type="application/json"), 400, "invalid"),
        (api(agent).post("/api/v1/customers/", "x", content_type="text/plain"), 415, "unsupported_media_type"),
        (api(agent).get("/api/v1/customers/?cursor=rubbish"), 400, "bad_frame"),
        (api(agent).get("/api/v1/customers/?limit=100000"), 400, "bad_frame"),
        (api(agent).get(f"/api/v1/customers/?limit={'9' * 5000}"), 400, "bad_frame"),
    ]
    for answer, status, code in cases:
        assert answer["Content-Type"] == "application/problem+json", answer.content
        problem = answer.json()
        assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code)
        assert problem["title"]
        assert problem["type"] == f"urn:balie:problem:{code}"
    assert "Bearer" in Client().get("/api/v1/me/")["WWW-Authenticate"]


@pytest.mark.parametrize(
    "place", ["[1e999]", "[-1e999]", "[NaN]", "[null]", '["\\u0000"]', '["\\ud800"]', "[[1]]", "[true]"]
)
def test_x6_a_cursor_that_is_none_of_ours_is_refused_and_crashes_nothing(place: str) -> None:
    owner = api(people.make_owner())
    for path in ("staff", "audit", "organisations", "brands", "websites", "customers", "sessions"):
        value = place if path not in ("customers", "sessions") else f"{place[:-1]},{place[1:]}"
        cursor = base64.urlsafe_b64encode(value.encode()).decode().rstrip("=")
        assert owner.get(f"/api/v1/{path}/?cursor={cursor}").status_code in (200, 400), path


def test_a_refusal_speaks_the_callers_language() -> None:
    client = Client(headers={"Accept-Language": "nl"})
    assert client.get("/api/v1/me/").json()["title"] == "Log in."


def test_a_mistake_of_ours_shows_a_reference_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    from hub.dashboard import queries

    def fail(_: object) -> dict[str, object]:
        raise RuntimeError("the secret of the database")

    monkeypatch.setattr(queries, "describe_me", fail)
    answer = api(people.make_agent()).get("/api/v1/me/")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert answer.json()["reference"] in answer.json()["title"]
    assert b"secret" not in answer.content


def test_x6_too_many_requests_are_told_when_to_come_back(settings: Settings) -> None:
    settings.API_REQUESTS_PER_MINUTE = 3
    client = api(people.make_customer())
    codes = [client.get("/api/v1/me/").status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    refused = client.get("/api/v1/me/")
    assert 0 < int(refused["Retry-After"]) <= 60
    assert api(people.make_customer()).get("/api/v1/me/").status_code == 200


def test_a_token_is_for_its_scopes() -> None:
    agent = people.make_agent()
    assert api(agent, "chat").get("/api/v1/customers/").status_code == 403
    assert api(agent, "people:read").get("/api/v1/customers/").status_code == 200
    writes = api(agent, "people:read").post("/api/v1/customers/", {}, content_type="application/json")
    assert writes.status_code == 403


def test_the_cookie_needs_a_csrf_token_to_change_anything() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.make_customer())
    assert client.get("/api/v1/me/").status_code == 403 or client.get("/api/v1/me/").status_code == 200
    assert client.post("/api/v1/customers/", {}, content_type="application/json").status_code == 403


def test_pages_follow_each_other_without_gaps_or_doubles() -> None:
    owner = people.make_owner()
    made = {people.make_customer(f"Same Name{number % 3}").pk for number in range(7)}
    client = api(owner)
    url, seen = "/api/v1/customers/?limit=3", []
    while url:
        answer = client.get(url).json()
        seen += [int(row["id"]) for row in answer["results"]]
        assert len(answer["results"]) <= 3
        url = answer["next"]
    assert len(seen) == len(set(seen))
    assert set(seen) == made


def test_the_openapi_document_and_its_page() -> None:
    document = Client().get("/api/v1/schema/").json()
    assert document["openapi"].startswith("3.1")
    assert {"/api/v1/me/", "/api/v1/customers/", "/api/v1/widget/session/"} <= set(document["paths"])
    page = Client().get("/api/v1/docs/")
    assert b"/api/v1/widget/session/" in page.content
    assert b"style=" not in page.content


# -- Idempotency-Key --
NEW = {"first_name": "Pieter", "last_name": "Post", "email": "pieter@example.com"}


def post_customer(client: Client, key: str, **changes: str) -> Any:
    body = {**NEW, **changes}
    return client.post("/api/v1/customers/", body, content_type="application/json", headers={"Idempotency-Key": key})


def test_the_same_key_gives_the_same_answer_and_does_nothing_twice() -> None:
    client = api(people.make_agent())
    first, second = post_customer(client, "k1"), post_customer(client, "k1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true"
    assert User.objects.filter(last_name="Post").count() == 1


def test_the_same_key_with_other_content_is_a_conflict() -> None:
    client = api(people.make_agent())
    post_customer(client, "k1")
    other = post_customer(client, "k1", email="other@example.com")
    assert (other.status_code, other.json()["code"]) == (409, "conflict")


def test_a_key_belongs_to_one_person() -> None:
    assert post_customer(api(people.make_agent()), "k1").status_code == 201
    assert post_customer(api(people.make_agent()), "k1", email="b@example.com").status_code == 201


def test_k1_a_key_of_nobody_is_honoured_too() -> None:
    article = publish(Desk(), "Printers", "<p>Paper</p>")
    address = f"/api/v1/articles/{article.pk}/feedback/"
    client = Client(headers={"Idempotency-Key": "k1"})
    first, again = (client.post(address, {"helpful": True}, content_type="application/json") for _ in range(2))
    assert (first.status_code, again.status_code, again.headers["Idempotency-Replayed"]) == (204, 204, "true")
    other = client.post(address, {"helpful": False}, content_type="application/json")
    assert (other.status_code, other.json()["code"]) == (409, "conflict")


def test_a_refusal_is_kept_and_its_effects_are_not() -> None:
    client = api(people.make_agent())
    people.make_customer(email="pieter@example.com")
    first = post_customer(client, "k1")
    User.objects.filter(email="pieter@example.com").update(email=None)
    again = post_customer(client, "k1")
    assert (first.status_code, again.status_code) == (409, 409)
    assert first.json() == again.json()
    assert not User.objects.filter(last_name="Post").exists()


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb"])
def test_what_is_no_key_is_refused(key: str) -> None:
    assert post_customer(api(people.make_agent()), key).status_code == 400


def test_answers_are_kept_for_a_day() -> None:
    with clock.freeze() as time:
        post_customer(api(people.make_agent()), "k1")
        idempotency.remove_old()
        assert IdempotentRequest.objects.count() == 1
        time.advance(hours=25)
        idempotency.remove_old()
        assert IdempotentRequest.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_with_one_key_one_is_done() -> None:
    token = token_of(people.make_agent())

    def send(_: int) -> tuple[int, str]:
        try:
            answer = post_customer(Client(headers={"Authorization": f"Bearer {token}"}), "k1")
            return answer.status_code, json.dumps(answer.json(), sort_keys=True)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as threads:
        answers = set(threads.map(send, range(6)))
    assert len(answers) == 1
    assert answers.pop()[0] == 201
    assert User.objects.filter(last_name="Post").count() == 1


# -- people --
def test_me_says_role_and_place() -> None:
    department = people.make_department("Support")
    manager = api(people.make_manager(departments=[department])).get("/api/v1/me/").json()
    assert manager["role"] == "manager"
    assert manager["departments"] == [{"id": str(department.pk), "name": "Support", "manager": True}]
    world = people.make_organisation("De Bakker")
    member = api(world.employee).get("/api/v1/me/").json()
    assert (member["role"], member["organisation"]["name"]) == ("organisation_employee", "De Bakker")
    boss = api(world.owner).get("/api/v1/me/").json()
    assert member["wallet"] == boss["wallet"], "all members pay from one wallet"


def test_a_customer_has_no_business_with_customers_and_staff() -> None:
    """X1: not even that these lists exist."""
    client = api(people.make_customer())
    for path in ("customers/", "staff/", "audit/", f"customers/{people.make_customer().pk}/"):
        assert client.get(f"/api/v1/{path}").status_code == 404, path


def test_x1_somebody_elses_customer_answers_as_one_that_does_not_exist() -> None:
    support, billing = people.make_department(), people.make_department()
    agent = people.make_agent(departments=[support])
    hidden = people.make_customer(department=billing)
    answers = [api(agent).get(f"/api/v1/customers/{pk}/") for pk in (hidden.pk, 999_999)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()


def test_a_customer_as_on_the_side_panel() -> None:
    """C15."""
    support = people.make_department()
    agent = people.make_agent(departments=[support])
    customer = people.make_customer("Anna Bos", department=support, email="anna@example.com")
    customer.customer_profile.computer_brand = "Dell"
    customer.customer_profile.save()
    shown = api(agent).get(f"/api/v1/customers/{customer.pk}/").json()
    assert shown["name"] == "Anna Bos"
    assert shown["computer"]["brand"] == "Dell"
    assert (shown["department"], shown["agent"]) == (str(support.pk), None)
    assert shown["balance_m"] == 0
    assert shown["wallet"]


def test_p12_a_vips_balance_is_not_shown() -> None:
    vip = people.make_customer(vip=True)
    shown = api(people.make_owner()).get(f"/api/v1/customers/{vip.pk}/").json()
    assert shown["vip"]
    assert "balance_m" not in shown
    assert "available_m" not in shown
    department = people.make_department()
    prices = results(api(vip).get("/api/v1/departments/"))
    assert all("price_m" not in row for row in prices if row["id"] == str(department.pk))


def test_p9_opening_who_is_not_own_work_is_in_the_audit_log() -> None:
    support = people.make_department()
    agent = people.make_agent(departments=[support])
    manager = people.make_manager(departments=[support])
    of_agent = people.make_customer(department=support, agent=agent)
    api(agent).get(f"/api/v1/customers/{of_agent.pk}/")
    opened = AuditEntry.objects.filter(fact="people.customer.opened")
    assert not opened.exists()
    api(manager).get(f"/api/v1/customers/{of_agent.pk}/")
    assert opened.get().actor_id == manager.pk
    log = results(api(people.make_owner()).get("/api/v1/audit/"))
    entry = next(row for row in log if row["fact"] == "people.customer.opened")
    assert (entry["actor"]["id"], entry["target"]) == (str(manager.pk), {"kind": "user", "id": str(of_agent.pk)})


@pytest.mark.parametrize("text", ["bos", "Anna B", "anna@ex", "0612345", "LOGIN", "Bakkerij Bos"])
def test_customers_are_found_by_name_number_email_mobile_and_company(text: str) -> None:
    customer = people.make_customer("Anna Bos", email="anna@example.com", mobile="+31612345678")
    people.join(customer, people.make_organisation("Bakkerij Bos").organisation, "employee", _unit())
    people.make_customer("Somebody Else", email="else@example.com")
    wanted = customer.login_number if text == "LOGIN" else text
    found = results(api(people.make_owner()).get("/api/v1/customers/", {"q": wanted}))
    assert str(customer.pk) in [row["id"] for row in found]
    assert "Somebody Else" not in [row["name"] for row in found]


def _unit() -> Any:
    from hub.accounts.models import Unit

    return Unit.objects.latest("pk")


def test_p3_staff_make_a_customer_they_then_see() -> None:
    support = people.make_department()
    agent = people.make_agent(departments=[support])
    body = {"first_name": "Piet", "last_name": "Post", "mobile": "06-12 34 56 78"}
    made = api(agent).post("/api/v1/customers/", body, content_type="application/json")
    assert made.status_code == 201, made.content
    assert made.json()["mobile"] == "+31612345678"
    assert made.json()["department"] == str(support.pk)
    assert api(agent).get(f"/api/v1/customers/{made.json()['id']}/").status_code == 200
    assert not User.objects.get(pk=made.json()["id"]).has_usable_password()


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [("Sanne de Vries", "Sanne", "de Vries"), (" Cher ", "", "Cher"), ("علی رضایی", "علی", "رضایی")],
)
def test_p3_a_name_in_one_piece_will_do(name: str, first: str, last: str) -> None:
    body = {"name": name, "mobile": "+31612345678"}
    made = api(people.make_agent()).post("/api/v1/customers/", body, content_type="application/json")
    assert (made.status_code, made.json()["name"]) == (201, name.strip())
    assert User.objects.filter(pk=made.json()["id"], first_name=first, last_name=last).exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"first_name": "", "last_name": " "}, "last_name"),
        ({"email": ""}, "email"),
        ({"email": "no address"}, "email"),
        ({"mobile": "12"}, "mobile"),
    ],
)
def test_p3_what_is_missing_is_told_by_field(changes: dict[str, str], field: str) -> None:
    answer = api(people.make_agent()).post("/api/v1/customers/", {**NEW, **changes}, content_type="application/json")
    assert answer.status_code == 400
    assert field in answer.json()["fields"]


def test_p5_an_agent_binds_to_own_departments_only() -> None:
    elsewhere = people.make_department()
    agent = people.make_agent(departments=[people.make_department()])
    body = {**NEW, "department": elsewhere.pk}
    assert api(agent).post("/api/v1/customers/", body, content_type="application/json").status_code == 400


def test_an_organisation_is_shown_to_its_own() -> None:
    world, other = people.make_organisation("Ours"), people.make_organisation("Theirs")
    assert [row["name"] for row in results(api(world.owner).get("/api/v1/organisations/"))] == ["Ours"]
    shown = api(world.manager).get(f"/api/v1/organisations/{world.organisation.pk}/").json()
    assert {member["role"] for member in shown["members"]} == {"manager", "employee"}
    assert api(world.owner).get(f"/api/v1/organisations/{other.organisation.pk}/").status_code == 404


def test_departments_for_who_only_knows_a_site_key() -> None:
    from hub.site.models import Website

    people.make_department("Open")
    people.make_department("Shut", is_active=False)
    website = Website.objects.create(name="Shop")
    shown = results(Client().get("/api/v1/departments/", {"site": website.site_key}))
    assert [row["name"] for row in shown] == ["Open"]
    assert (shown[0]["price_m"], shown[0]["online"], shown[0]["hours"]) == (0, 0, None)
    assert Client().get("/api/v1/departments/").status_code == 401
    assert Client().get("/api/v1/departments/", {"site": "wrong"}).status_code == 404


def test_a_visitor_who_has_not_started_anything_is_somebody_too() -> None:
    from datetime import timedelta

    token = tokens.issue(
        side="visitor", lifetime=timedelta(hours=1), visitor_key="11111111-1111-4111-8111-111111111111"
    )
    me = Client(headers={"Authorization": f"Bearer {token}"}).get("/api/v1/me/").json()
    assert (me["id"], me["role"]) == ("", "visitor")
