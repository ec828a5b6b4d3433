"""The shells of console and board: who gets them, and what they are told to follow."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from hub.site.public import Question, set_questions
from tests import people
from tests.browsers import browser_of

pytestmark = pytest.mark.django_db

PAGES = ["/console/", "/board/"]


def boot_of(client: Client, path: str) -> dict[str, Any]:
    page = client.get(path)
    assert page.status_code == 200
    found = re.search(r'<script id="boot" type="application/json">(.*?)</script>', page.content.decode(), re.DOTALL)
    assert found
    boot: dict[str, Any] = json.loads(found[1])
    return boot


@pytest.mark.parametrize("path", PAGES)
def test_p7_only_staff_with_the_second_factor_come_in(path: str) -> None:
    assert Client().get(path)["Location"] == f"/login/?next=%2F{path.strip('/')}%2F"
    assert browser_of(people.make_agent(), factor=False).get(path).status_code == 302
    assert browser_of(people.make_customer()).get(path).status_code == 403
    page = browser_of(people.make_agent()).get(path)
    assert (page.status_code, page["Cache-Control"]) == (200, "no-store")


@pytest.mark.parametrize("path", PAGES)
def test_p5_an_agent_follows_own_departments_and_the_owner_all(path: str) -> None:
    ours, theirs = people.make_department(), people.make_department()
    agent, manager = people.make_agent(departments=[ours]), people.make_manager(departments=[ours])
    assert boot_of(browser_of(agent), path)["me"]["topics"] == [str(ours.pk)]
    assert boot_of(browser_of(people.make_owner()), path)["me"]["topics"] == ["all"]
    assert theirs.name in boot_of(browser_of(agent), path)["departments"].values()
    shown = [boot_of(browser_of(who), path)["me"]["sees_meters"] for who in (agent, manager, people.make_owner())]
    assert shown == [False, True, True]


def test_c14_the_console_knows_in_which_words_a_department_asks() -> None:
    """The wire carries the answers under the questions' keys."""
    asking, quiet = people.make_department(), people.make_department()
    owner = people.make_owner()
    set_questions(people.person_of(owner), asking, [Question(label="کدام دستگاه؟"), Question(label="Which brand?")])
    questions = boot_of(browser_of(owner), "/console/")["questions"]
    assert questions[str(asking.pk)] == {"question_1": "کدام دستگاه؟", "which_brand": "Which brand?"}
    assert str(quiet.pk) not in questions


def test_x3_a_name_cannot_leave_its_place_in_the_page() -> None:
    agent = people.make_agent("</script><script>alert(1)</script>")
    page = browser_of(agent).get("/console/").content.decode()
    assert "<script>alert" not in page
    assert boot_of(browser_of(agent), "/console/")["me"]["name"] == agent.name


@pytest.mark.parametrize("path", PAGES)
def test_x3_nothing_in_the_page_needs_inline_code(path: str) -> None:
    page = browser_of(people.make_agent()).get(path)
    assert "unsafe-inline" not in page["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*(src=|application/json))", page.content.decode())
    assert not re.search(r"<[a-z][^>]* style=", page.content.decode())


def test_u1_the_page_speaks_the_language_of_the_person() -> None:
    client = browser_of(people.make_agent())
    client.cookies["balie_language"] = "nl"
    page = client.get("/console/").content.decode()
    assert '<html lang="nl" dir="ltr"' in page
