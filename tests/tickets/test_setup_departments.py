"""How a department handles tickets, on screen and by API (A2, T2, T10, T12): rules, prices, targets, its form."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hub.accounts.models import AuditEntry
from hub.accounts.public import Invalid
from tests.dashboard.admin_windows import Window
from tests.tickets.callers import Caller
from tests.tickets.desk import Desk, now_of
from tickets import billing, sla
from tickets.actions import setting_up
from tickets.actions.setting_up import CategoryIn, FieldIn
from tickets.models import Category, FormField, SlaTarget

pytestmark = pytest.mark.django_db


def rules_form(**more: object) -> dict[str, object]:
    return {
        "remind_days": "7",
        "close_days": "14",
        "reopen_days": "28",
        "yellow_hours": "4",
        "red_hours": "24",
        "warn_minutes": "30",
        "work_paid_in": "credits",
        "work_block_minutes": "15",
        "work_block_cents": "0",
        **more,
    }


def rows(name: str, *said: dict[str, object]) -> dict[str, object]:
    """As a browser sends them: a box that is not ticked is not sent."""
    typed = {
        f"{name}_{n}_{key}": value for n, row in enumerate(said) for key, value in row.items() if value is not False
    }
    return {f"{name}_count": str(len(said)), **typed}


def asked(desk: Desk) -> list[tuple[str, str, str, bool]]:
    found = FormField.objects.filter(department=desk.here).order_by("position")
    return [(one.key, one.label, one.kind, one.required) for one in found]


def test_t5_the_days_that_were_set_are_those_that_count(desk: Desk) -> None:
    answer = Window(desk.manager).sends(
        "admin-department-ticket-rules", desk.here.pk, **rules_form(remind_days="۲", close_days="3")
    )
    assert answer.status_code == 302
    ticket = desk.files()
    desk.sets(desk.agent, ticket, status="pending")
    assert now_of(ticket).clock_at == desk.MONDAY + timedelta(days=2)
    fact = AuditEntry.objects.get(fact="tickets.setup.rules")
    assert (fact.target_id, fact.detail) == (str(desk.here.pk), {"fields": ["close_days", "remind_days"]})


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"remind_days": "15"}, "close_days"),
        ({"remind_days": "-1"}, "remind_days"),
        ({"red_hours": "3"}, "red_hours"),
        ({"yellow_hours": "soon"}, "yellow_hours"),
        ({"work_block_minutes": "0"}, "work_block_minutes"),
        ({"work_block_cents": "1.005"}, "work_block_cents"),
        ({"work_paid_in": "gold"}, "work_paid_in"),
    ],
)
def test_a2_rules_that_make_no_sense_are_told_beside_their_field(desk: Desk, wrong: dict[str, str], field: str) -> None:
    answer = Window(desk.owner).sends("admin-department-ticket-rules", desk.here.pk, **rules_form(**wrong))
    text = answer.content.decode()
    assert answer.status_code == 400
    assert f'id="field-{field}-said"' in text
    assert sla.rules_of(desk.here.pk).close_days == 14


def test_p5_a_manager_sets_how_it_works_and_not_what_it_costs(desk: Desk) -> None:
    manager = Window(desk.manager)
    sent = rules_form(takes_guests="on", work_block_cents="99", chooses_agent="on", warn_minutes="5")
    assert manager.sends("admin-department-ticket-rules", desk.here.pk, **sent).status_code == 302
    rules = sla.rules_of(desk.here.pk)
    assert (rules.takes_guests, rules.work_block_cents, rules.chooses_agent, rules.warn_minutes) == (False, 0, True, 5)
    assert manager.sends("admin-department-ticket-prices", desk.here.pk, price_ticket="1").status_code == 403
    assert Window(desk.other_manager).asks("admin-department-tickets", desk.here.pk).status_code == 404


def test_t2_prices_are_set_on_screen(desk: Desk) -> None:
    owner = Window(desk.owner)
    sent = {"price_ticket": "2,5", "price_ticket_reply": "0", "price_ticket_mail": "1", "price_ticket_work": "4"}
    assert owner.sends("admin-department-ticket-prices", desk.here.pk, **sent).status_code == 302
    assert [billing.price_m(desk.here.pk, kind) for kind in setting_up.PRICES] == [2500, 0, 1000, 4000]
    assert AuditEntry.objects.filter(fact="prices.changed").count() == 3
    assert 'value="2.5"' in owner.reads("admin-department-tickets", desk.here.pk)
    wrong = owner.sends("admin-department-ticket-prices", desk.here.pk, **{**sent, "price_ticket": "free"})
    assert wrong.status_code == 400
    assert "2.5" in Window(desk.manager).reads("admin-department-tickets", desk.here.pk)


def targets_form(**more: str) -> dict[str, str]:
    return {
        f"{what}_{word}": "" for word in ("low", "normal", "high", "urgent") for what in ("first_reply", "solve")
    } | more


def test_t12_targets_are_set_in_office_hours_and_hold_for_new_tickets(desk: Desk) -> None:
    manager, page = Window(desk.manager), "admin-department-ticket-targets"
    assert (
        manager.sends(page, desk.here.pk, **targets_form(first_reply_normal="0:30", solve_normal="8")).status_code
        == 302
    )
    ticket = desk.files()
    assert ticket.first_reply_due_at == desk.MONDAY + timedelta(minutes=30)
    assert ticket.solve_due_at == desk.MONDAY + timedelta(hours=8)
    assert 'value="0:30"' in manager.reads("admin-department-tickets", desk.here.pk)
    assert manager.sends(page, desk.here.pk, **targets_form()).status_code == 302
    assert not SlaTarget.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"solve_low": "fast"}, {"solve_low": "0:75"}, {"first_reply_low": "4", "solve_low": "2"}]
)
def test_t12_targets_that_make_no_sense_are_refused(desk: Desk, wrong: dict[str, str]) -> None:
    answer = Window(desk.manager).sends("admin-department-ticket-targets", desk.here.pk, **targets_form(**wrong))
    assert answer.status_code == 400
    assert 'id="field-solve_low-said"' in answer.content.decode()
    assert not SlaTarget.objects.exists()


def test_t10_questions_are_added_moved_and_saved_without_a_script(desk: Desk) -> None:
    manager, page = Window(desk.manager), "admin-department-form-questions"
    first: dict[str, object] = {"kind": "text", "label": "Which printer", "required": "on"}
    added = manager.sends(page, desk.here.pk, **rows("questions", first), rows="questions:add", new_kind="choice")
    text = added.content.decode()
    assert (added.status_code, FormField.objects.count()) == (200, 0)
    assert "Not saved yet." in text
    assert 'name="questions_1_choices"' in text
    assert 'value="Which printer"' in text
    second: dict[str, object] = {"kind": "choice", "label": "Colour", "choices": "Black\nBlue\n\nBlack"}
    assert manager.sends(page, desk.here.pk, **rows("questions", second, first)).status_code == 302
    assert asked(desk) == [("colour", "Colour", "choice", False), ("which_printer", "Which printer", "text", True)]
    assert FormField.objects.get(key="colour").choices == ["Black", "Blue"]
    moved = manager.sends(page, desk.here.pk, **rows("questions", second, first), rows="questions:down:0")
    assert moved.content.decode().index("Which printer") < moved.content.decode().index("Colour")


def test_t10_old_answers_stay_when_a_question_goes_or_its_choices_change(desk: Desk) -> None:
    me = desk.as_(desk.manager)
    colour = FieldIn("Colour", "choice", choices=["Black", "Blue"])
    setting_up.set_fields(me, desk.here, [colour, FieldIn("User", "text")])
    ticket = desk.files(fields={"colour": "Blue", "user": "sanne"})
    setting_up.set_fields(me, desk.here, [FieldIn("Colour", "choice", key="colour", choices=["Black", "Red"])])
    desk.sets(desk.agent, ticket, fields={"colour": "Red"})
    assert now_of(ticket).fields == {"colour": "Red", "user": "sanne"}
    setting_up.set_fields(
        me, desk.here, [FieldIn("Room", "text"), FieldIn("Colour", "choice", "colour", ["Black", "Tan"])]
    )
    desk.sets(desk.agent, ticket, fields={"room": "12"})
    assert now_of(ticket).fields == {"colour": "Red", "user": "sanne", "room": "12"}


@pytest.mark.parametrize(
    "wrong",
    [
        FieldIn(" ", "text"),
        FieldIn("x" * 121, "text"),
        FieldIn("Colour", "rainbow"),
        FieldIn("Colour", "choice", choices=["Black", "Black"]),
        FieldIn("Colour", "text", category_id=999),
        FieldIn("Which printer", "number", key="which_printer"),
    ],
)
def test_t10_questions_that_make_no_sense_are_refused(desk: Desk, wrong: FieldIn) -> None:
    me = desk.as_(desk.manager)
    setting_up.set_fields(me, desk.here, [FieldIn("Which printer", "text")])
    with pytest.raises(Invalid):
        setting_up.set_fields(me, desk.here, [wrong])
    assert len(asked(desk)) == 1


def test_t10_categories_change_names_go_and_stay_with_their_tickets(desk: Desk) -> None:
    manager, page = Window(desk.manager), "admin-department-form-categories"
    sent = rows(
        "categories", {"id": "", "name": "Hardware", "is_active": "on"}, {"id": "", "name": "Mail", "is_active": "on"}
    )
    assert manager.sends(page, desk.here.pk, **sent).status_code == 302
    hardware, mail = Category.objects.order_by("position")
    desk.files(category_id=mail.pk)
    swapped = [CategoryIn(hardware.pk, "Mail"), CategoryIn(mail.pk, "Hardware")]
    setting_up.set_categories(desk.as_(desk.manager), desk.here, swapped)
    assert [row.name for row in Category.objects.order_by("position")] == ["Mail", "Hardware"]
    setting_up.set_categories(desk.as_(desk.manager), desk.here, [])
    assert [(row.pk, row.is_active) for row in Category.objects.all()] == [(mail.pk, False)]
    taken = rows("categories", {"id": "", "name": "Hardware"})
    assert "take it back" in manager.sends(page, desk.here.pk, **taken).content.decode()
    twice = rows("categories", {"id": "", "name": "New"}, {"id": "", "name": "new"})
    assert manager.sends(page, desk.here.pk, **twice).status_code == 400


def test_a4_the_same_by_api_all_or_nothing(desk: Desk) -> None:
    owner, manager = Caller(desk.owner), Caller(desk.manager)
    body: dict[str, Any] = {
        "rules": {"takes_guests": True, "remind_days": 3},
        "prices": {"ticket": 2000},
        "targets": {"high": {"first_reply_minutes": 60}},
    }
    said = owner("patch", "api-ticket-setup", desk.here.pk, body=body)
    assert (said["rules"]["takes_guests"], said["rules"]["close_days"], said["prices"]["ticket"]) == (True, 14, 2000)
    assert said["targets"]["high"] == {"first_reply_minutes": 60, "solve_minutes": None}
    manager(
        "patch",
        "api-ticket-setup",
        desk.here.pk,
        body={"rules": {"remind_days": 4}, "prices": {"ticket": 1}},
        status=403,
    )
    assert manager("get", "api-ticket-setup", desk.here.pk)["rules"]["remind_days"] == 3
    owner("patch", "api-ticket-setup", desk.here.pk, body={"prices": {"gold": 1}}, status=400)


def test_t10_the_form_by_api_and_what_customers_get_of_it(desk: Desk) -> None:
    manager, customer = Caller(desk.manager), Caller(desk.customer)
    made = manager(
        "put",
        "api-ticket-form",
        desk.here.pk,
        body={"categories": [{"name": "Mail"}, {"name": "Old", "active": False}]},
    )
    mail, old = (one["id"] for one in made["categories"])
    fields = [
        {"label": "Address", "category": mail, "required": True},
        {"label": "Since", "kind": "date"},
        {"label": "Then", "category": old},
    ]
    manager("put", "api-ticket-form", desk.here.pk, body={"fields": fields})
    said = customer("get", "api-ticket-form", desk.here.pk)
    assert [one["name"] for one in said["categories"]] == ["Mail"]
    assert [(one["key"], one["kind"], one["required"], one["category"]) for one in said["fields"]] == [
        ("address", "text", True, mail),
        ("since", "date", False, None),
    ]
    customer("put", "api-ticket-form", desk.here.pk, body={"fields": []}, status=403)
