"""The OpenAPI document against what the API answers (A4)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from tests import people
from tests.builders import a_world
from tests.dashboard.test_api import api
from tests.tickets.desk import Desk
from tests.tickets.library import publish

pytestmark = pytest.mark.django_db
Document = dict[str, Any]


@pytest.fixture
def document(db: None) -> Document:
    answer: Document = Client().get("/api/v1/schema/").json()
    return answer


def test_a4_lists_tokens_keys_and_refusals_are_told_everywhere(document: Document) -> None:
    pages = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert "default" in operation["responses"], (path, method)
            assert {"token": []} in operation["security"], (path, method)
            headers = [one["name"] for one in operation.get("parameters", []) if one["in"] == "header"]
            assert ("Idempotency-Key" in headers) == (method == "post"), (path, method)
        told = _told(document, path)
        assert told.get("type") != "array", path
        if "results" in told.get("properties", {}):
            assert told["required"] == ["results", "next"] or {"results", "next"} <= set(told["required"]), path
            pages[path] = {one["name"] for one in operations["get"].get("parameters", [])}
    assert {"cursor", "limit"} <= pages["/api/v1/sessions/"] & pages["/api/v1/wallet/lines/"]
    assert {} in document["paths"]["/api/v1/articles/"]["get"]["security"]
    assert {} not in document["paths"]["/api/v1/me/"]["get"]["security"]


def test_a4_answers_are_as_the_document_has_them(document: Document) -> None:
    with a_world() as world:
        support = world.department(price_m=1000)
        sanne, agent = world.customer(credits=10), world.agent(support)
        chat = sanne.starts(support, "Hello")
        agent.accepts(chat)
        agent.says(chat, "Good day")
        world.runs(seconds=3)
        agent.ends(chat)
        again = sanne.starts(support, "Once more")
        people.make_organisation()
        desk = Desk()
        publish(desk, "Printers", "<p>Paper</p>")
        number = desk.files().pk
        known = {"session_id": again.pk, "customer_id": sanne.id, "department_id": support.pk, "article_id": 1}
        callers = [api(sanne.user), api(agent.user), api(world.owner().user), api(desk.customer), api(desk.owner)]
        checked = set()
        for path in document["paths"]:
            wanted = set(re.findall(r"{(\w+)}", path))
            if "get" not in document["paths"][path] or not wanted <= known.keys() | {"number"}:
                continue
            for caller in callers:
                answer = caller.get(path.format(**known, number=number))
                if answer.status_code == 200 and answer.headers["Content-Type"].startswith("application/json"):
                    checked.add(path)
                    assert not list(_wrong(document, path, answer.json())), path
    assert len(checked) > 50
    assert {"/api/v1/sessions/{session_id}/", "/api/v1/wallet/lines/", "/api/v1/tickets/{number}/entries/"} <= checked


def _told(document: Document, path: str) -> Document:
    answers = document["paths"][path].get("get", {}).get("responses", {}).get("200", {}).get("content", {})
    told: Document = answers.get("application/json", {}).get("schema", {})
    name = told.get("$ref", "").rpartition("/")[2]
    found: Document = document["components"]["schemas"][name] if name else told
    return found


def _wrong(document: Document, path: str, answer: object) -> list[str]:
    schema = {"components": document["components"], **_told(document, path)}
    return [f"{list(one.path)}: {one.message[:200]}" for one in Draft202012Validator(schema).iter_errors(answer)]
