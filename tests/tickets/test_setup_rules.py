"""Macros and rules on screen and by API (T13): the editor without a script, what it would meet, order, log, who may."""

from __future__ import annotations

from typing import Any

import pytest

from hub.accounts.models import AuditEntry
from hub.base.clock import Travel
from tests.dashboard.admin_windows import Window
from tests.tickets.callers import Caller
from tests.tickets.desk import Desk, now_of
from tickets.actions import ruling
from tickets.errors import BadRule
from tickets.models import Category, Macro, Rule, RuleRun

pytestmark = pytest.mark.django_db

URGENT = {"do": "priority", "value": "urgent"}


def rule_form(*conditions: dict[str, Any], deeds: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """As the editor's page sends it."""
    sent: dict[str, Any] = {"name": "Fire first", "when": "events", "events": ["created"], "is_active": "on"}
    for name, rows in (("conditions", conditions), ("deeds", deeds)):
        sent[f"{name}_count"] = str(len(rows))
        sent |= {f"{name}_{n}_{key}": value for n, row in enumerate(rows) for key, value in row.items()}
    return {**sent, **more}


SUBJECT = {"what": "subject", "negated": "0", "value": "fire\nsmoke"}


def test_t13_a_rule_is_made_row_by_row_without_a_script(desk: Desk) -> None:
    owner = Window(desk.owner)
    form = rule_form(SUBJECT, deeds=[])
    page = owner.sends("admin-rule-new", **form, rows="deeds:add", new_deeds="priority").content.decode()
    assert not Rule.objects.exists()
    assert 'name="deeds_0_value"' in page
    assert "Not saved yet." in page
    form = rule_form(SUBJECT, {"what": "channel", "negated": "1", "values": ["phone", "fax"]}, deeds=[URGENT])
    assert owner.sends("admin-rule-new", **form).status_code == 302
    rule = Rule.objects.get()
    assert rule.conditions == [
        {"what": "subject", "is": ["fire", "smoke"], "not": False},
        {"what": "channel", "is": ["phone", "fax"], "not": True},
    ]
    assert (rule.events, rule.deeds, rule.is_active) == (["created"], [URGENT], True)
    assert now_of(desk.files(subject="FIRE in the kitchen")).priority == 4
    listed = owner.reads("admin-rules")
    assert "Subject: “fire”, “smoke”" in listed
    assert "Channel is not: Phone, Fax" in listed
    assert AuditEntry.objects.filter(fact="tickets.rule.saved", target_id=str(rule.pk)).exists()


def test_t13_what_is_saved_stands_in_the_editor_and_stays_what_it_is(desk: Desk) -> None:
    category = Category.objects.create(department=desk.here, name="Hardware")
    conditions = [
        {"what": "assigned", "is": [False], "not": True},
        {"what": "customer", "is": [desk.customer.pk]},
        {"what": "category", "is": [category.pk], "not": True},
    ]
    deeds = [{"do": "assign", "value": None}, {"do": "note", "value": "<p>Look <strong>now</strong></p>"}]
    rule = ruling.save_rule(desk.as_(desk.owner), name="All", after_hours=4, conditions=conditions, deeds=deeds)
    owner = Window(desk.owner)
    page = owner.reads("admin-rule", rule.pk)
    assert desk.customer.login_number in page
    assert "Look now" in page
    sent = rule_form(
        {"what": "assigned", "value": "yes"},
        {"what": "customer", "negated": "0", "value": desk.customer.login_number},
        {"what": "category", "negated": "1", "values": [str(category.pk)]},
        deeds=[{"do": "assign", "value": "none"}, {"do": "note", "value": "Look now", "was": was_in(page)}],
        name="All",
        when="still",
        after_hours="4",
    )
    assert owner.sends("admin-rule", rule.pk, **sent).status_code == 302
    kept = Rule.objects.get()
    assert kept.conditions[0] == {"what": "assigned", "is": [True], "not": False}
    assert [one["is"] for one in kept.conditions[1:]] == [[desk.customer.pk], [category.pk]]
    assert (kept.deeds, kept.after_hours, kept.events) == (deeds, 4, [])


def was_in(page: str) -> str:
    return page.partition('_was" value="note:')[2].partition('"')[0].join(["note:", ""])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"events": []}, "events"),
        ({"when": "still", "after_hours": "soon"}, "after_hours"),
        ({"deeds_count": "0"}, "deeds"),
        ({"conditions_0_value": ""}, "conditions"),
        ({"conditions_0_what": "customer", "conditions_0_value": "99999999"}, "conditions"),
        ({"conditions_0_what": "department", "conditions_0_values": ["99999999"]}, "conditions"),
        ({"deeds_0_do": "assign", "deeds_0_value": "me"}, "deeds"),
        ({"deeds_0_do": "assign", "deeds_0_value": "99999999"}, "deeds"),
        ({"deeds_0_do": "reply", "deeds_0_value": ""}, "deeds"),
    ],
)
def test_t13_what_makes_no_sense_is_told_and_nothing_is_saved(desk: Desk, wrong: dict[str, Any], field: str) -> None:
    answer = Window(desk.owner).sends("admin-rule-new", **{**rule_form(SUBJECT, deeds=[URGENT]), **wrong})
    assert answer.status_code == 400
    assert f'href="#field-{field}"' in answer.content.decode()
    assert not Rule.objects.exists()


def test_t13_looking_says_which_tickets_fit_and_does_nothing(desk: Desk, time: Travel) -> None:
    owner = Window(desk.owner)
    old = desk.files(subject="Smoke in the hall")
    time.advance(hours=5)
    desk.files(subject="Fire and fury")
    desk.files(subject="Toner")
    page = owner.sends("admin-rule-new", **rule_form(SUBJECT, deeds=[URGENT]), look="1").content.decode()
    assert "2 open tickets fit now" in page
    assert "Fire and fury" in page
    assert "Toner" not in page
    still = rule_form(SUBJECT, deeds=[URGENT], when="still", after_hours="5")
    page = owner.sends("admin-rule-new", **still, look="1").content.decode()
    assert "1 open ticket fits now" in page
    assert "Smoke in the hall" in page
    assert (now_of(old).priority, Rule.objects.count(), RuleRun.objects.count()) == (2, 0, 0)


def test_t13_rules_are_moved_switched_off_and_deleted_and_the_log_stays(desk: Desk) -> None:
    me, owner = desk.as_(desk.owner), Window(desk.owner)
    first = ruling.save_rule(me, name="First", events=["created"], deeds=[URGENT])
    second = ruling.save_rule(
        me, name="Second", events=["created"], deeds=[{"do": "assign", "value": desk.stranger.pk}]
    )
    assert owner.sends("admin-rule-move", second.pk, to="up").status_code == 302
    assert list(Rule.objects.order_by("position").values_list("name", flat=True)) == ["Second", "First"]
    desk.files()
    page = owner.reads("admin-rule-log")
    assert "Set the priority" in page
    assert "an agent of another department" in page
    assert "Set the priority" not in owner.reads("admin-rule-log", outcome="refused")
    assert "Second" not in owner.reads("admin-rule-log", rule=first.pk).partition("<tbody>")[2]
    assert owner.sends("admin-rule-delete", first.pk).status_code == 302
    assert sorted(RuleRun.objects.values_list("name", flat=True)) == ["First", "Second"]
    sent = rule_form(deeds=[URGENT])
    sent.pop("is_active")
    owner.sends("admin-rule", second.pk, **sent)
    desk.files()
    assert RuleRun.objects.count() == 2


def test_t13_a_macro_and_who_may_use_it(desk: Desk) -> None:
    owner = Window(desk.owner)
    sent = {
        "name": "Take it",
        "department": str(desk.elsewhere.pk),
        "is_active": "on",
        "deeds_count": "2",
        "deeds_0_do": "assign",
        "deeds_0_value": "me",
        "deeds_1_do": "reply",
        "deeds_1_value_html": "<p>On it.<script>alert(1)</script></p>",
    }
    assert owner.sends("admin-macro-new", **sent).status_code == 302
    macro = Macro.objects.get()
    assert macro.deeds == [{"do": "assign", "value": "me"}, {"do": "reply", "value": "<p>On it.</p>"}]
    assert "Give it to: whoever uses the macro" in owner.reads("admin-macros")
    mine, theirs = Caller(desk.agent), Caller(desk.stranger)
    assert mine("get", "api-macros")["results"] == []
    assert [one["name"] for one in theirs("get", "api-macros")["results"]] == ["Take it"]
    mine("get", "api-macro", macro.pk, status=404)
    assert owner.sends("admin-macro", macro.pk, **{**sent, "department": ""}).status_code == 302
    ticket = desk.files()
    ruling.run_macro(desk.as_(desk.agent), ticket.pk, macro.pk)
    assert now_of(ticket).agent == desk.agent
    assert "Take it" in owner.reads("admin-rule-log", macro=macro.pk)
    assert owner.sends("admin-macro-delete", macro.pk).status_code == 302
    assert not Macro.objects.exists()


def test_t13_only_the_owner_comes_in(desk: Desk) -> None:
    for page in ("admin-rules", "admin-rule-new", "admin-macros", "admin-macro-new", "admin-rule-log"):
        assert Window(desk.manager).asks(page).status_code == 403


def test_a4_rules_and_macros_by_api(desk: Desk) -> None:
    owner, agent = Caller(desk.owner), Caller(desk.agent)
    body: dict[str, Any] = {
        "name": "Fire first",
        "events": ["created"],
        "conditions": [{"what": "subject", "is": ["fire"]}, {"what": "waiting", "is": [True]}],
        "deeds": [URGENT],
    }
    made = owner("post", "api-ticket-rules", body=body, status=201)
    ticket = desk.files(subject="Fire")
    assert owner("get", "api-ticket-rule-matches", made["id"]) == {"count": 1, "numbers": [ticket.number]}
    run = owner("get", "api-rule-runs", rule=made["id"])["results"][0]
    assert (run["ticket"], run["outcome"], run["deeds"], run["by"]) == (ticket.number, "done", ["priority"], None)
    changed = owner("put", "api-ticket-rule", made["id"], body={**body, "active": False})
    assert (changed["active"], changed["position"]) == (False, made["position"])
    owner("put", "api-ticket-rule", made["id"], body={**body, "deeds": [{"do": "explode", "value": 1}]}, status=400)
    macro = owner("post", "api-macros", body={"name": "Up", "deeds": [URGENT]}, status=201)
    agent("put", "api-macro", macro["id"], body={"name": "Down", "deeds": [URGENT]}, status=403)
    agent("get", "api-ticket-rules", status=404)
    owner("delete", "api-ticket-rule", made["id"], status=204)
    owner("delete", "api-macro", macro["id"], status=204)
    owner("get", "api-macro", macro["id"], status=404)


def test_t13_a_rule_names_only_what_is_there(desk: Desk) -> None:
    with pytest.raises(BadRule):
        ruling.save_macro(desk.as_(desk.owner), name="x", deeds=[{"do": "assign", "value": desk.customer.pk}])
    with pytest.raises(BadRule):
        ruling.save_macro(desk.as_(desk.owner), name="x", deeds=[URGENT], department_id=999)
