"""`/api/v1/sessions/`: what integrations and the console read and do."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db.models import F
from django.test import Client

from chat.models import Session
from hub.accounts.actions.api_tokens import create_token
from hub.accounts.models import AuditEntry
from tests.builders import Actor, World, committed, now_of


class Api:
    """Somebody's client, with a token for everything."""

    def __init__(self, actor: Actor) -> None:
        token = create_token(actor.person, user=actor.user, name="test", wanted_scopes=("*",))
        self._client = Client(headers={"Authorization": f"Bearer {token}"})

    def get(self, path: str, **query: Any) -> Any:
        return self._client.get(f"/api/v1/sessions/{path}", query)

    def post(self, path: str, key: str | None = None, **body: Any) -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        with committed():
            return self._client.post(f"/api/v1/sessions/{path}", body, "application/json", headers=headers)


def helped(world: World, **terms: Any) -> tuple[Actor, Actor, Session]:
    support = world.department(price_m=1000, **terms)
    marko, sanne = world.agent(support), world.customer(credits=10)
    chat = sanne.starts(support, "My printer is on fire", page="https://shop.example/printers")
    marko.accepts(chat)
    marko.says(chat, "Which one?")
    world.runs(seconds=70)
    return marko, sanne, chat


def test_a_session_is_started_talked_in_ended_and_rated_over_the_api(world: World) -> None:
    """C1, C5, C12: the same actions as the widget's, with the same answers."""
    support = world.department(price_m=1000)
    marko, sanne = world.agent(support), world.customer(credits=10)
    customer, agent = Api(sanne), Api(marko)
    made = customer.post("", department=str(support.pk), text="Hello?", price_m=1000)
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["state"], told["price_m"], told["charged_m"]) == ("queued", 1000, 0)
    path = f"{told['id']}/"
    marko.accepts(Session.objects.get(pk=told["id"]))
    assert agent.post(f"{path}messages/", text="Hello!").json()["seq"] == 3
    world.runs(seconds=5)
    assert customer.post(f"{path}end/").json()["end_reason"] == "customer"
    world.runs(seconds=5)
    assert customer.post(f"{path}rating/", score=5, solved="yes", comment="Quick").json()["rating"] == 5
    shown = agent.get(path).json()
    assert (shown["rating"], shown["comment"], shown["charged_m"]) == (5, "Quick", 1000)
    assert shown["summary"]["charged_m"] == 1000


def test_the_same_post_twice_is_one_session(world: World) -> None:
    """docs/how/idempotency.md."""
    support = world.department()
    customer = Api(world.customer())
    first, second = (customer.post("", key="only-once", department=str(support.pk)) for _ in range(2))
    assert first.json()["id"] == second.json()["id"]
    assert Session.objects.count() == 1
    same = str(uuid.uuid4())
    again = [customer.post("", id=same, department=str(support.pk)).json()["id"] for _ in range(2)]
    assert len(set(again)) == 1


def test_c1_nothing_typed_yet_is_a_start_without_a_message(world: World) -> None:
    world.department()
    answer = Api(world.customer()).post("", text="", subject="")
    assert (answer.status_code, answer.json()["last_seq"]) == (201, 0)


@pytest.mark.parametrize(
    "body",
    [
        {"department": 1},
        {"text": "x" * 8001},
        {"most_to_spend_m": -1},
        {"unknown": True},
        {"id": "not-a-uuid"},
        {"fields": {"a": {"b": 1}}},
    ],
)
def test_a_wrong_body_is_refused_as_the_frame_would_be(world: World, body: dict[str, Any]) -> None:
    world.department()
    answer = Api(world.customer()).post("", **body)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_frame")
    assert not Session.objects.exists()


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
@pytest.mark.parametrize("where", ["text", "subject", "field", "name", "page"])
def test_x6_text_that_no_database_takes_is_refused(world: World, text: str, where: str) -> None:
    """A NUL, or half of a character: JSON can say both, wherever text may stand."""
    world.department()
    bodies: dict[str, dict[str, Any]] = {
        "text": {"text": text},
        "subject": {"subject": text},
        "field": {"fields": {"printer": text}},
        "name": {"fields": {text: "printer"}},
        "page": {"page": {"title": text}},
    }
    answer = Api(world.customer()).post("", **bodies[where])
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_frame")
    assert not Session.objects.exists()


def test_refusals_carry_what_the_client_needs(world: World) -> None:
    """C1: the price of now."""
    support = world.department(price_m=1000)
    answer = Api(world.customer(credits=5)).post("", department=str(support.pk), price_m=1)
    assert (answer.status_code, answer.json()["code"], answer.json()["price_m"]) == (409, "conflict", 1000)


def test_lists_are_what_one_may_see_newest_first_by_pages(world: World) -> None:
    """P5: keyset cursors."""
    support = world.department()
    sanne, tom = world.customer(), world.customer("Tom Visser")
    for actor in (sanne, tom, sanne):
        actor.starts(support, "Hello?")
    Session.objects.filter(customer=tom.user).update(opened_at=F("opened_at"))
    owner = Api(world.owner())
    page = owner.get("", limit=2).json()
    rest = owner._client.get(page["next"]).json()
    ids = [one["id"] for one in (*page["results"], *rest["results"])]
    assert len(ids) == len(set(ids)) == 3
    assert rest["next"] is None
    assert {one["customer"]["id"] for one in owner.get("", customer=str(sanne.id)).json()["results"]} == {str(sanne.id)}
    assert len(owner.get("", state="ended").json()["results"]) == 0
    assert len(owner.get("", state="live").json()["results"]) == 3
    for since, found in (("2020-01-01", 3), ("2020-01-01T00:00:00", 3), ("2999-01-01T00:00:00Z", 0)):
        assert len(owner.get("", since=since).json()["results"]) == found
    assert len(Api(sanne).get("").json()["results"]) == 2
    for wrong in ({"state": "flying"}, {"customer": "me"}, {"since": "yesterday"}, {"cursor": "x"}, {"limit": "0"}):
        assert owner.get("", **wrong).status_code == 400, wrong


def test_the_side_panel_shows_browser_wallet_and_past(world: World) -> None:
    """C15; and nothing of it to the customer."""
    marko, sanne, chat = helped(world)
    marko.ends(chat)
    world.runs(seconds=5)
    again = sanne.starts(chat.department, "Again")
    marko.accepts(again)
    shown = Api(marko).get(f"{again.pk}/").json()
    assert shown["customer"]["name"] == "Sanne de Vries"
    assert shown["wallet"]["balance_m"] == 8_000
    assert [one["session"] for one in shown["past"]] == [str(chat.pk)]
    assert shown["past"][0]["charged_m"] == 2_000
    assert Api(marko).get(f"{chat.pk}/").json()["browser"]["url"] == "https://shop.example/printers"
    customers = Api(sanne).get(f"{again.pk}/").json()
    assert not customers.keys() & {"wallet", "past", "customer", "browser", "wrapup"}


def test_messages_by_seq(world: World) -> None:
    """C5."""
    marko, _sanne, chat = helped(world)
    for number in range(5):
        marko.says(chat, f"{number}")
    api = Api(marko)
    first = api.get(f"{chat.pk}/messages/", limit=3).json()
    assert [one["seq"] for one in first["results"]] == [1, 2, 3]
    rest = api._client.get(first["next"]).json()
    assert [one["seq"] for one in rest["results"]] == [4, 5, 6]
    newest = api.get(f"{chat.pk}/messages/", before_seq=9, limit=2).json()
    assert [one["text"] for one in newest["results"]] == ["3", "4"]
    assert first["results"][0]["author"]["kind"] == "visitor"
    assert first["results"][1]["event"]["type"] == "joined"


def test_charges_and_a_refund_within_what_was_charged(world: World) -> None:
    """M6: never more than was charged, the same key once; the summary follows; it is audited."""
    marko, sanne, chat = helped(world)
    marko.ends(chat)
    world.runs(seconds=5)
    api = Api(marko)
    charges = api.get(f"{chat.pk}/charges/").json()["results"]
    assert [(one["block"], one["amount_m"], one["refunded_m"]) for one in charges] == [(1, 1000, 0), (2, 1000, 0)]
    made = [api.post(f"{chat.pk}/refund/", key="one", amount_m=1500, reason="not_solved") for _ in range(2)]
    assert [one.status_code for one in made] == [201, 201]
    assert made[0].json() == made[1].json()
    assert made[0].json()["charged_m"] == 500
    assert sanne.balance_m == 9_500
    assert api.post(f"{chat.pk}/refund/", amount_m=501, reason="quality").status_code in (400, 409)
    assert sanne.balance_m == 9_500
    assert AuditEntry.objects.filter(fact="chat.session.refunded").count() == 1
    assert sum(one["refunded_m"] for one in api.get(f"{chat.pk}/charges/").json()["results"]) == 1500


def test_only_its_agent_and_who_is_in_charge_refund(world: World) -> None:
    """M6, X1."""
    marko, sanne, chat = helped(world)
    marko.ends(chat)
    world.runs(seconds=5)
    colleague = world.agent(chat.department, name="Sara Rossi")
    for actor, status in ((sanne, 403), (colleague, 404)):
        assert Api(actor).post(f"{chat.pk}/refund/", amount_m=1, reason="x").status_code == status
    assert Api(world.owner()).post(f"{chat.pk}/refund/", amount_m=1000, reason="goodwill").status_code == 201


def test_the_transcript_is_a_text_in_the_readers_language(world: World) -> None:
    """C12, U1: for both sides; no markup of anybody's is run by it."""
    marko, sanne, chat = helped(world)
    sanne.says(chat, "<script>alert(1)</script> سلام 🔥")
    marko.ends(chat)
    world.runs(seconds=5)
    sanne.user.language = "nl"
    sanne.user.save()
    answer = Api(sanne).get(f"{chat.pk}/transcript/")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    text = answer.content.decode()
    assert "<script>alert(1)</script> سلام 🔥" in text
    assert "Klant: Sanne de Vries" in text
    assert "2,0" in text.splitlines()[-1]
    assert "Customer: Sanne de Vries" in Api(marko).get(f"{chat.pk}/transcript/").content.decode()


def test_a_vip_is_shown_no_money(world: World) -> None:
    """P12."""
    support = world.department(price_m=1000)
    marko, vera = world.agent(support), world.customer("Vera Vermeer", vip=True)
    chat = vera.starts(support, "Hello?")
    marko.accepts(chat)
    marko.says(chat, "Hello!")
    world.runs(seconds=5)
    vera.ends(chat)
    world.runs(seconds=5)
    api = Api(vera)
    shown = api.get(f"{chat.pk}/").json()
    assert not shown.keys() & {"charged_m", "price_m", "block_s"}
    assert shown["summary"]["charged_m"] == 0
    assert all("amount_m" not in one for one in api.get(f"{chat.pk}/charges/").json()["results"])
    assert "Cost" not in api.get(f"{chat.pk}/transcript/").content.decode()


def test_opening_what_is_not_ones_own_work_is_audited(world: World) -> None:
    """P9."""
    marko, _sanne, chat = helped(world)
    boss = world.manager(chat.department)
    Api(marko).get(f"{chat.pk}/")
    assert not AuditEntry.objects.filter(fact="chat.session.opened").exists()
    for path in ("", "messages/", "transcript/", "charges/"):
        Api(boss).get(f"{chat.pk}/{path}")
    opened = AuditEntry.objects.filter(fact="chat.session.opened", actor=boss.user, target_id=str(chat.pk))
    assert opened.count() == 4


@pytest.mark.parametrize("path", ["", "messages/", "charges/", "transcript/"])
def test_what_one_may_not_see_is_not_found(world: World, path: str) -> None:
    """X1."""
    _, _, chat = helped(world)
    stranger = Api(world.customer("Tom Visser"))
    assert stranger.get(f"{chat.pk}/{path}").status_code == 404
    assert stranger.get(f"{uuid.uuid4()}/{path}").status_code == 404


@pytest.mark.parametrize("path", ["messages/", "end/", "reopen/", "rating/", "refund/"])
def test_what_one_may_not_see_cannot_be_touched(world: World, path: str) -> None:
    """X1."""
    _, _, chat = helped(world)
    stranger = Api(world.customer("Tom Visser"))
    bodies: dict[str, dict[str, Any]] = {
        "messages/": {"text": "hi"},
        "rating/": {"score": 1},
        "refund/": {"amount_m": 1, "reason": "x"},
    }
    assert stranger.post(f"{chat.pk}/{path}", **bodies.get(path, {})).status_code in (403, 404)
    assert now_of(chat) == ("active", "")
