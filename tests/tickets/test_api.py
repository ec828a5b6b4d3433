"""The tickets API (outside.md): shapes, filters, what each side may say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import pytest
from django.test import Client

from hub.accounts import tokens
from hub.accounts.models import AuditEntry, User
from tests.tickets.desk import Desk, now_of, story
from tests.tickets.files_world import Uploader
from tickets.actions import ruling
from tickets.knowledge import writing
from tickets.knowledge.writing import ArticleIn, TextIn
from tickets.models import FilePlace, FormField, Ticket

pytestmark = pytest.mark.django_db


class Api:
    """Somebody with a token of their own."""

    def __init__(self, user: User, *scopes: str) -> None:
        token = tokens.issue(
            side="staff" if user.is_staff else "visitor",
            lifetime=timedelta(hours=1),
            user_id=user.pk,
            two_factor=user.is_staff,
            sign_in_version=user.sign_in_version,
            **({"scopes": frozenset(scopes)} if scopes else {}),  # type: ignore[arg-type]
        )
        self._client = Client(headers={"authorization": f"Bearer {token}"})

    def __call__(self, method: str, path: str, body: Any = None, *, key: str = "", status: int = 200) -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        call = getattr(self._client, method)
        address = f"/api/v1/tickets/{path}"
        answer = (
            call(address, body, headers=headers)
            if method == "get"
            else call(address, body or {}, content_type="application/json", headers=headers)
        )
        assert answer.status_code == status, answer.content
        return answer.json() if answer.content else None


def test_a4_a_ticket_from_end_to_end(desk: Desk) -> None:
    FormField.objects.create(department=desk.here, key="printer", label="Which printer", required=True)
    customer, agent = Api(desk.customer), Api(desk.agent)
    new: dict[str, Any] = {
        "department": str(desk.here.pk),
        "subject": "Fire",
        "html": "<p>Now</p>",
        "cc": ["a@example.com"],
    }
    assert customer("post", "", new, status=400)["field"] == "printer"
    new["fields"] = {"printer": "The left one", "other": "nobody asks"}
    made = customer("post", "", new, key="a", status=201)
    assert customer("post", "", new, key="a", status=201)["number"] == made["number"]
    assert Ticket.objects.count() == 1
    assert (made["status"], made["channel"], made["fields"], made["tags"]) == (
        "open",
        "api",
        {"printer": "The left one"},
        [],
    )
    assert "due_at" not in made
    number = made["number"]
    listed = agent("get", "", {"status": "live", "agent": "none"})
    assert [row["number"] for row in listed["results"]] == [number]
    assert agent("patch", f"{number}/", {"agent": str(desk.agent.pk), "priority": "urgent", "tags": ["fire"]})[
        "tags"
    ] == ["fire"]
    entry = agent("post", f"{number}/entries/", {"html": "<p>Which?</p>", "status": "pending"}, status=201)
    assert (entry["kind"], entry["ticket"]) == ("reply", number)
    agent("post", f"{number}/entries/", {"kind": "note", "html": "<p>Odd</p>"}, status=201)
    customer("post", f"{number}/entries/", {"html": "<p>That</p>"}, status=201)
    seen = customer("get", f"{number}/entries/")["results"]
    assert [one["html"] or one["event"]["type"] for one in seen] == [
        "<p>Now</p>",
        "assigned",
        "<p>Which?</p>",
        "status",
        "<p>That</p>",
        "status",
    ]
    assert len(agent("get", f"{number}/entries/")["results"]) == 9
    assert customer("patch", f"{number}/", {"status": "solved"})["status"] == "solved"
    assert customer("patch", f"{number}/", {"status": "closed"}, status=403)["code"] == "forbidden"


def test_t3_t7_for_whom_and_by_what_channel_it_comes_is_for_staff_to_say(desk: Desk) -> None:
    new = {"department": str(desk.here.pk), "subject": "Fire", "html": "<p>Now</p>"}
    customer, agent = Api(desk.customer), Api(desk.agent)
    assert customer("post", "", new | {"channel": "phone"}, status=403)["code"] == "forbidden"
    assert customer("post", "", new | {"customer": str(desk.agent.pk)}, status=403)["code"] == "forbidden"
    assert customer("post", "", new | {"channel": "chat", "customer": str(desk.customer.pk)}, status=201)
    assert agent("post", "", new | {"channel": "phone"}, status=400)["field"] == "customer"
    made = agent("post", "", new | {"channel": "phone", "customer": str(desk.customer.pk)}, status=201)
    assert (made["channel"], made["initiator"]) == ("phone", "staff")
    note = agent("post", f"{made['number']}/entries/", {"kind": "note", "html": "<p>Odd</p>"}, status=201)
    assert note["channel"] == "api"


def test_t6_pages_go_on_by_a_cursor(desk: Desk) -> None:
    numbers = [str(desk.files().pk) for _ in range(5)]
    agent, seen, address = Api(desk.agent), [], {"limit": "2"}
    while True:
        page = agent("get", "", address)
        seen += [row["number"] for row in page["results"]]
        if page["next"] is None:
            break
        address = dict(parse_qsl(page["next"].split("?")[1]))
    assert sorted(seen) == numbers
    assert agent("get", "", {"status": "x"}, status=400)["field"] == "status"
    assert agent("get", "", {"limit": "0"}, status=400)["field"] == "limit"


def test_t8_t9_work_and_hand_over(desk: Desk) -> None:
    number = desk.files().pk
    agent, manager, other = Api(desk.agent), Api(desk.manager), Api(desk.other_manager)
    assert agent("post", f"{number}/worklog/", {"do": "start"}, status=201)["ended_at"] is None
    agent("post", f"{number}/worklog/", {"do": "stop", "note": "Toner"}, status=201)
    work = agent("post", f"{number}/worklog/", {"do": "add", "minutes": 20}, status=201)
    agent("patch", f"{number}/worklog/", {"id": work["id"], "kind": "free"})
    assert [row["kind"] for row in agent("get", f"{number}/worklog/")["results"]] == ["free", "billable"]
    assert agent("post", f"{number}/transfer/", {"department": desk.elsewhere.pk}, status=403)["code"] == "forbidden"
    asked = manager("post", f"{number}/transfer/", {"department": desk.elsewhere.pk, "note": "Yours"})
    assert asked["transfer"]["note"] == "Yours"
    taken = other("post", f"{number}/transfer/", {"answer": "approve", "agent": desk.stranger.pk})
    assert taken["agent"]["id"] == str(desk.stranger.pk)
    agent("get", f"{number}/", status=404)


def test_x3_x5_a_picture_in_the_text_is_the_writers_own_or_one_that_they_may_see(desk: Desk) -> None:
    """Somebody else's is refused, as on the pages; one of an article goes along, and the customer sees it (K3)."""

    def shows(file_id: UUID) -> str:
        return f'<p>Look: <img src="/api/v1/files/{file_id}/content/"></p>'

    customer, agent, ana = (Uploader(one) for one in (desk.customer, desk.agent, desk.colleague))
    ticket, strange = desk.files(), ana.uploads("a.txt", b"abc")
    for who, kind in ((desk.customer, "reply"), (desk.agent, "reply"), (desk.agent, "note")):
        Api(who)("post", f"{ticket.pk}/entries/", {"kind": kind, "html": shows(strange)}, status=404)
    new = {"department": str(desk.here.pk), "subject": "Fire", "html": shows(strange)}
    Api(desk.customer)("post", "", new, status=404)
    assert ticket.entries.exclude(kind="event").count() == 1
    own = customer.uploads("b.txt", b"abc")
    Api(desk.customer)("post", f"{ticket.pk}/entries/", {"html": shows(own)}, status=201)
    assert agent.reads(own).status_code == 200, "it came with the text"
    text = TextIn("Printing", shows(strange))
    article = writing.save_article(desk.as_(desk.colleague), None, ArticleIn(texts={"en": text}, audience="staff"))
    assert customer.reads(strange).status_code == 404
    Api(desk.agent)("post", f"{ticket.pk}/entries/", {"html": shows(strange)}, status=201)
    assert customer.reads(strange).status_code == 200
    assert FilePlace.objects.filter(file=strange).count() == 2
    writing.discard(desk.as_(desk.manager), article.pk)
    assert customer.reads(strange).status_code == 200, "it stays with the reply"


def test_t7_looking_and_joining(desk: Desk) -> None:
    one, other = desk.files(), desk.files()
    Api(desk.agent)("post", f"{one.pk}/looking/", {"writing": True})
    seen = Api(desk.colleague)("post", f"{one.pk}/looking/")
    assert seen == {"looking": [{"id": str(desk.agent.pk), "name": "Marko Horvat", "writing": True}]}
    linked = Api(desk.agent)("post", f"{one.pk}/join/", {"do": "link", "number": other.pk})
    assert linked["links"] == [str(other.pk)]
    merged = Api(desk.agent)("post", f"{one.pk}/join/", {"do": "merge", "number": other.pk})
    assert (merged["number"], merged["merged"]) == (str(other.pk), [str(one.pk)])
    assert Api(desk.manager)("post", f"{one.pk}/join/", {"do": "split"}, status=400)["field"] == "seq"


def test_t6_bulk_tells_what_became_of_each(desk: Desk) -> None:
    one, other = desk.files(), desk.files(department=desk.elsewhere)
    done = Api(desk.agent)("post", "bulk/", {"numbers": [one.pk, other.pk], "status": "solved"})
    assert done["results"] == {str(one.pk): None, str(other.pk): "not_found"}
    assert story(now_of(one))[-1] == "[status]"


def test_p5_p9_deleting_is_the_owner_s_and_opening_is_audited(desk: Desk) -> None:
    number = desk.files().pk
    Api(desk.manager)("delete", f"{number}/", status=403)
    Api(desk.agent)("get", f"{number}/")
    assert not AuditEntry.objects.filter(fact="tickets.ticket.opened").exists()
    Api(desk.owner)("get", f"{number}/")
    assert AuditEntry.objects.get(fact="tickets.ticket.opened").actor == desk.owner
    Api(desk.owner)("delete", f"{number}/", status=204)
    Api(desk.owner)("get", f"{number}/", status=404)


def test_x1_a_token_for_reading_changes_nothing(desk: Desk) -> None:
    number = desk.files().pk
    reads = Api(desk.agent, "tickets:read")
    reads("get", f"{number}/")
    reads("patch", f"{number}/", {"status": "closed"}, status=403)
    Api(desk.agent, "chat")("get", f"{number}/", status=403)


def test_x1_unknown_fields_are_refused(desk: Desk) -> None:
    Api(desk.agent)("patch", f"{desk.files().pk}/", {"stauts": "closed"}, status=400)


def test_t6_saved_views_over_the_api(desk: Desk) -> None:
    """What is kept on screen is there, and the other way round; somebody else's is not."""
    agent, colleague = Api(desk.agent), Api(desk.colleague)
    made = agent("post", "views/", {"name": "Toner", "wanted": {"tag": "toner", "from": "2026-03-01"}}, status=201)
    assert (made["of"], made["may_change"]) == ("me", True)
    agent("post", "views/", {"name": "x", "wanted": {"status": "gone"}}, status=400)
    agent("post", "views/", {"name": "x", "of": "all"}, status=403)
    assert Api(desk.manager)("post", "views/", {"name": "Ours", "of": str(desk.here.pk)}, status=201)["may_change"]
    assert [one["name"] for one in agent("get", "views/")["results"]] == ["Ours", "Toner"]
    agent("patch", f"views/{made['id']}/", {"name": "Ink"})
    assert agent("get", f"views/{made['id']}/")["name"] == "Ink"
    colleague("get", f"views/{made['id']}/", status=404)
    colleague("delete", f"views/{made['id']}/", status=404)
    agent("delete", f"views/{made['id']}/", status=204)
    Api(desk.customer)("get", "views/", status=404)


def test_c9_a_draft_over_the_api(desk: Desk) -> None:
    ticket = desk.files()
    agent = Api(desk.agent)
    agent("put", f"{ticket.pk}/draft/", {"html": "<p>Dear <script>x</script>Sanne</p>"}, status=204)
    assert agent("get", f"{ticket.pk}/draft/") == {"reply": "<p>Dear Sanne</p>"}
    assert Api(desk.colleague)("get", f"{ticket.pk}/draft/") == {}
    agent("put", f"{ticket.pk}/draft/", {"html": ""}, status=204)
    assert agent("get", f"{ticket.pk}/draft/") == {}


def test_t13_a_macro_is_run_over_the_api(desk: Desk) -> None:
    macro = ruling.save_macro(desk.as_(desk.owner), name="Close", deeds=[{"do": "status", "value": "solved"}])
    ticket = desk.files()
    desk.sets(desk.agent, ticket, agent_id=desk.agent.pk)
    agent = Api(desk.agent)
    assert agent("post", f"{ticket.pk}/macro/", {"macro": macro.pk})["status"] == "solved"
    agent("post", f"{ticket.pk}/macro/", {"macro": 999999}, status=400)
    Api(desk.stranger)("post", f"{ticket.pk}/macro/", {"macro": macro.pk}, status=404)


def test_t6_tags_for_many_come_besides_those_that_are_there(desk: Desk) -> None:
    ticket = desk.files()
    desk.sets(desk.agent, ticket, tags=["toner"])
    Api(desk.agent)("post", "bulk/", {"numbers": [ticket.pk], "more_tags": ["Slow"]})
    assert now_of(ticket).tags == ["toner", "slow"]
