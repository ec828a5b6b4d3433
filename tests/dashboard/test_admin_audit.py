"""P9: the audit log reads as sentences, and each fact that the code writes has one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.accounts import audit
from hub.accounts.access import SYSTEM
from hub.accounts.models import User
from hub.dashboard.admin.fact_details import NAMES
from hub.dashboard.admin.facts import SENTENCES
from tests import people
from tests.dashboard.admin_windows import Window
from tests.people import person_of

ROOT = Path(__file__).resolve().parents[2]
_WRITTEN = re.compile(r"audit\.record(?:_opening)?\(\s*[\w().]+,\s*(f?)\"([a-z_.{}]+)\"")
_NAMED = re.compile(r"fact = \"([a-z_.]+)\" if \w+ else \"([a-z_.]+)\"")


def written_facts() -> set[str]:
    """All dotted facts in the source; of one that is put together, its beginning."""
    found: set[str] = set()
    for app in ("hub", "credits", "chat", "tickets"):
        for path in (ROOT / app).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            found |= {fact.partition("{")[0] for _, fact in _WRITTEN.findall(text)}
            found |= {fact for pair in _NAMED.findall(text) for fact in pair}
    return found


def test_p9_every_fact_has_a_sentence() -> None:
    facts = written_facts()
    assert len(facts) > 40
    whole = {fact for fact in facts if not fact.endswith(".")}
    assert whole - SENTENCES.keys() == set()
    for beginning in facts - whole:
        assert any(known.startswith(beginning) for known in SENTENCES), beginning


def written_details() -> set[str]:
    """All keys of details in the source: of a dict beside audit.record, and what helpers named `_note…` are given."""
    found: set[str] = set()
    for app in ("hub", "credits", "chat", "tickets"):
        for path in (ROOT / app).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if "audit.record(" in text:
                found |= set(_keys(ast.parse(text)))
    return found


DETAILS = {"detail", "about", "figures", "more"}  # what dicts of details are called before they are recorded


def _keys(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            helper = isinstance(node.func, ast.Name) and node.func.id.startswith("_note")
            for given in node.keywords:
                if given.arg == "detail" and isinstance(given.value, ast.Dict):
                    yield from _named(given.value)
                elif helper and given.arg not in (None, "note", "detail"):
                    yield str(given.arg)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict) and _names(node) & DETAILS:
            yield from _named(node.value)


def _names(node: ast.Assign) -> set[str]:
    return {getattr(target, "id", "") for target in node.targets}


def _named(said: ast.Dict) -> Iterator[str]:
    return (key.value for key in said.keys if isinstance(key, ast.Constant) and isinstance(key.value, str))


def test_p9_every_detail_has_a_name() -> None:
    keys = written_details()
    assert len(keys) > 30
    assert keys - NAMES.keys() == set()


@pytest.mark.django_db
def test_p9_details_are_said_in_words_with_the_names_of_whom_they_are_about() -> None:
    office, department = people.make_organisation("Bakkerij Zonneschijn"), people.make_department("Ondersteuning")
    agent, owner = people.make_agent("Marko Horvat"), people.make_owner("Parisa Ahmadi")

    def record(fact: str, **detail: object) -> None:
        audit.record(SYSTEM, fact, target_kind="user", target_id=office.employee.pk, detail=detail)

    record("people.customer.bound", department=department.pk, agent=agent.pk, exclusive=True)
    record("people.member.moved", organisation=office.organisation.pk, unit=office.unit.pk, before=987_654)
    record("people.member.role_changed", role="manager")
    record("people.customer.changed", fields=["email", "city"])
    record("settings.changed", names=["forum_url"])
    record("credits.limit.set", limit_m=50_000, extra_m=None)
    record("chat.meter.granted", seconds=120)
    page = Window(owner).reads("admin-audit")
    for said in (
        "Agent: Marko Horvat · Nobody else is offered the work: Yes · Department: Ondersteuning",
        "Unit: Administratie · Before: 987654 · Organisation: Bakkerij Zonneschijn",
        "Role: Manager",
        "Changed: E-mail, City",
        "Changed: Address of the forum",
        "Limit a month: 50.0",
        "Time: 2 min",
    ):
        assert said in page
    browser = Window(owner)
    User.objects.filter(pk=owner.pk).update(language="nl")
    assert "Rol: Leidinggevende" in browser.reads("admin-audit")


@pytest.mark.django_db
def test_p9_the_owner_filters_by_actor_subject_and_time() -> None:
    owner, agent = people.make_owner(), people.make_agent("Marko Horvat")
    customer = people.make_customer("Sanne de Vries", agent=agent)
    audit.record(person_of(agent), "people.customer.bound", target_kind="user", target_id=customer.pk)
    audit.record(SYSTEM, "settings.changed", target_kind="settings", note="a word with it")
    window = Window(owner)
    everything = window.reads("admin-audit")
    assert "Marko Horvat changed whose customer Sanne de Vries is" in everything
    assert "The hub changed settings" in everything
    assert "a word with it" in everything
    of_marko = window.reads("admin-audit", who=agent.pk)
    assert "changed whose customer" in of_marko
    assert "changed settings" not in of_marko
    assert "changed settings" not in window.reads("admin-audit", subject="people")
    assert "Nothing is found" in window.reads("admin-audit", until="2001-01-01")
    assert window.asks("admin-audit", who="x", since="never", before="-1", about="9" * 30).status_code == 200


@pytest.mark.django_db
def test_p9_the_log_goes_on_page_by_page() -> None:
    owner = people.make_owner()
    for number in range(120):
        audit.record(SYSTEM, "people.customer.opened", target_kind="user", target_id=10_000 + number)
    window = Window(owner)
    first = window.reads("admin-audit")
    assert "10119" in first
    assert "10000" not in first
    following = re.search(r"before=(\d+)", first)
    assert following
    assert "10000" in window.reads("admin-audit", before=following[1])


@pytest.mark.django_db
def test_p5_nobody_but_the_owner_reads_it() -> None:
    manager = people.make_manager(departments=[people.make_department()])
    for name in ("admin-audit", "admin-audit-file"):
        assert Window(manager).asks(name).status_code == 403
