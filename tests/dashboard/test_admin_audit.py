"""P9: the audit log reads as sentences, and each fact that the code writes has one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hub.accounts import audit
from hub.accounts.access import SYSTEM
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
