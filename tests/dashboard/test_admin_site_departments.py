"""Departments on screen (A2, C14, M1, P5): who may change what, and what is answered to what is wrong."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from credits import public as money
from hub.accounts.models import AuditEntry, Department, User
from hub.base import clock
from hub.site import public as site
from hub.site.models import Holiday
from tests import people
from tests.browsers import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def support() -> Department:
    return people.make_department("Support")


@pytest.fixture
def owner(db: None) -> Client:
    return browser_of(people.make_owner())


@pytest.fixture
def manager(support: Department) -> Client:
    return browser_of(people.make_manager(departments=[support]))


def week(**days: str) -> dict[str, str]:
    return {"keeps_hours": "yes", "time_zone": "Europe/Amsterdam", **{f"day_{n}": "" for n in range(7)}, **days}


def test_a2_the_owner_makes_a_department_and_is_led_to_it(owner: Client) -> None:
    answer = owner.post("/admin/departments/add/", {"name": "  Computers   at home ", "form_key": "k1"})
    made = Department.objects.get(name="Computers at home")
    assert (answer.status_code, answer["Location"]) == (302, f"/admin/departments/{made.pk}/")
    assert AuditEntry.objects.filter(fact="departments.added", target_id=str(made.pk)).exists()
    page = owner.get(answer["Location"])
    assert page.status_code == 200
    assert "Always open" in page.content.decode()


def test_a2_a_form_that_is_sent_twice_makes_one(owner: Client) -> None:
    for _ in range(2):
        assert owner.post("/admin/departments/add/", {"name": "Twice", "form_key": "k2"}).status_code == 302
    assert Department.objects.filter(name="Twice").count() == 1


@pytest.mark.parametrize("name", ["", "   ", "\0", "x" * 81])
def test_a2_a_department_without_a_fitting_name_is_refused_in_place(owner: Client, name: str) -> None:
    answer = owner.post("/admin/departments/add/", {"name": name})
    assert answer.status_code == 400
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not Department.objects.exists()


def test_a2_two_departments_never_have_one_name(owner: Client, support: Department) -> None:
    answer = owner.post("/admin/departments/add/", {"name": "Support"})
    assert answer.status_code == 400
    assert "already" in answer.content.decode()


def test_p5_a_manager_changes_greeting_and_capacity_but_not_the_name(manager: Client, support: Department) -> None:
    form = {"name": "Mine now", "greeting": "Hello there", "capacity": "3"}
    assert manager.post(f"/admin/departments/{support.pk}/change/", form).status_code == 302
    support.refresh_from_db()
    assert (support.name, support.greeting, support.is_active) == ("Support", "Hello there", True)
    assert site.hours_of(support.pk).capacity == 3


def test_p5_a_manager_sees_prices_and_cannot_change_them(manager: Client, support: Department) -> None:
    money.set_price(support.pk, money.Price(2000, 60))
    assert "2.0 per minute" in manager.get(f"/admin/departments/{support.pk}/").content.decode()
    answer = manager.post(f"/admin/departments/{support.pk}/prices/chat/", {"chat_price": "0"})
    assert answer.status_code in (403, 404)
    assert money.price_of(support.pk).price_millicredits == 2000


def test_p5_an_agent_and_the_manager_of_another_department_see_nothing_of_it(support: Department) -> None:
    for somebody in (
        people.make_agent(departments=[support]),
        people.make_manager(departments=[people.make_department()]),
    ):
        browser = browser_of(somebody)
        assert browser.get(f"/admin/departments/{support.pk}/").status_code == 404
        assert browser.post(f"/admin/departments/{support.pk}/change/", {"greeting": "x"}).status_code == 404


def test_c14_hours_are_set_and_read_back_as_they_were_typed(manager: Client, support: Department) -> None:
    form = week(day_0="9-12:30, 13:00 – 17.00", day_4="22:00–06:00")
    assert manager.post(f"/admin/departments/{support.pk}/hours/", form).status_code == 302
    hours = site.hours_of(support.pk)
    assert hours.week[0] == ((540, 750), (780, 1020))
    assert (hours.week[4], hours.week[5]) == (((1320, 1440),), ((0, 360),))
    assert "09:00–12:30, 13:00–17:00" in manager.get(f"/admin/departments/{support.pk}/").content.decode()


@pytest.mark.parametrize("typed", ["nine to five", "9-17, 16-20", "25:00-26:00", "09:61-10:00", "17-17", "9", "-"])
def test_c14_hours_that_make_no_sense_are_refused_beside_their_day(
    owner: Client, support: Department, typed: str
) -> None:
    answer = owner.post(f"/admin/departments/{support.pk}/hours/", week(day_2=typed))
    assert answer.status_code == 400
    page = answer.content.decode()
    assert 'id="field-day_2-said"' in page
    assert f'value="{typed}"' in page, "what was typed is kept"
    assert site.hours_of(support.pk).keeps_hours is False


def test_c14_persian_digits_are_digits(owner: Client, support: Department) -> None:
    assert owner.post(f"/admin/departments/{support.pk}/hours/", week(day_0="۰۹:۰۰–۱۷:۳۰")).status_code == 302
    assert site.hours_of(support.pk).week[0] == ((540, 1050),)


def test_c14_an_unknown_time_zone_is_refused(owner: Client, support: Department) -> None:
    for zone in ("Mars/Olympus", "../../etc/passwd", ""):
        form = week() | {"time_zone": zone}
        assert owner.post(f"/admin/departments/{support.pk}/hours/", form).status_code == 400


def test_c14_u4_a_holiday_is_taken_out_and_put_back(manager: Client, support: Department) -> None:
    day = clock.now().date() + timedelta(days=40)
    form = {"date": day.isoformat(), "holiday_name": "Stocktaking", "open": "9-12"}
    assert manager.post(f"/admin/departments/{support.pk}/holidays/", form).status_code == 302
    holiday = Holiday.objects.get()
    assert (holiday.opens_minute, holiday.closes_minute) == (540, 720)
    answer = manager.post(f"/admin/departments/holidays/{holiday.pk}/remove/")
    assert not Holiday.objects.exists()
    page = manager.get(answer["Location"].partition("#")[0])
    token = page.context["undo"]
    manager.post("/admin/departments/holidays/restore/", {"undo": token})
    again = Holiday.objects.get()
    assert (again.date, again.name, again.opens_minute, again.department_id) == (day, "Stocktaking", 540, support.pk)


def test_p5_a_manager_cannot_touch_the_holidays_of_all(manager: Client, owner: Client) -> None:
    form = {"date": (clock.now().date() + timedelta(days=3)).isoformat(), "holiday_name": "Feast", "open": ""}
    assert manager.post("/admin/departments/holidays/", form).status_code in (403, 404)
    assert owner.post("/admin/departments/holidays/", form).status_code == 302
    holiday = Holiday.objects.get()
    assert manager.post(f"/admin/departments/holidays/{holiday.pk}/remove/").status_code == 404
    assert Holiday.objects.exists()


@pytest.mark.parametrize("day", ["", "yesterday", "1999-01-01", "2026-02-30", "9999-12-31"])
def test_c14_a_holiday_without_a_fitting_day_is_refused(owner: Client, support: Department, day: str) -> None:
    answer = owner.post(f"/admin/departments/{support.pk}/holidays/", {"date": day, "holiday_name": "", "open": ""})
    assert answer.status_code == 400


def test_m1_a_new_price_never_touches_what_runs(owner: Client, support: Department) -> None:
    form = {"chat_price": "1,25", "chat_block_seconds": "30", "chat_free_seconds": "60", "chat_minimum_blocks": "2"}
    assert owner.post(f"/admin/departments/{support.pk}/prices/chat/", form).status_code == 302
    assert money.price_of(support.pk) == money.Price(1250, 30, 60, 2)
    assert money.price_of(support.pk, "phone") == money.FREE_OF_CHARGE
    entry = AuditEntry.objects.get(fact="prices.changed")
    assert entry.detail["price_m"] == 1250


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("chat_price", "much"), ("chat_price", "-1"), ("chat_price", "0.0001"), ("chat_price", "NaN"),
        ("chat_price", "1e9"), ("chat_block_seconds", "0"), ("chat_free_seconds", "-5"),
        ("chat_minimum_blocks", "1.5"), ("chat_block_seconds", ""),
    ],
)  # fmt: skip
def test_m1_a_price_that_makes_no_sense_is_refused_in_place(
    owner: Client, support: Department, field: str, typed: str
) -> None:
    form = {"chat_price": "2", "chat_block_seconds": "60", "chat_free_seconds": "0", "chat_minimum_blocks": "1"}
    answer = owner.post(f"/admin/departments/{support.pk}/prices/chat/", form | {field: typed})
    assert answer.status_code == 400
    assert f'id="field-{field}-said"' in answer.content.decode()
    assert money.price_of(support.pk) == money.FREE_OF_CHARGE


def test_c14_questions_are_kept_in_order_and_emptied_ones_go(manager: Client, support: Department) -> None:
    form: dict[str, Any] = {
        "count": "3", "label_0": "Which browser?", "choices_0": "Firefox\nChrome\n\n", "required_0": "on",
        "label_1": "", "label_2": "چه شده؟",
    }  # fmt: skip
    assert manager.post(f"/admin/departments/{support.pk}/questions/", form).status_code == 302
    kept = list(support.questions.order_by("position").values_list("label", "kind", "choices", "required", "key"))
    assert kept == [
        ("Which browser?", "choice", ["Firefox", "Chrome"], True, "which_browser"),
        ("چه شده؟", "text", [], False, "question_2"),
    ]


def test_p5_only_what_was_never_used_can_be_deleted(owner: Client, support: Department) -> None:
    assert owner.post(f"/admin/departments/{support.pk}/delete/", {"name": "Suport"}).status_code == 400
    assert owner.post(f"/admin/departments/{support.pk}/delete/", {"name": "Support"}).status_code == 302
    assert not Department.objects.filter(pk=support.pk).exists()


def test_a2_the_order_is_changed_by_one_place(owner: Client) -> None:
    first, second, third = (people.make_department(name) for name in ("First", "Second", "Third"))
    owner.post(f"/admin/departments/{third.pk}/move/", {"to": "up"})
    owner.post(f"/admin/departments/{first.pk}/move/", {"to": "up"})
    names = Department.objects.filter(pk__in=[first.pk, second.pk, third.pk]).order_by("position")
    assert [one.name for one in names] == ["First", "Third", "Second"]


def test_x2_closing_a_department_raises_the_rights_of_its_people(owner: Client, support: Department) -> None:
    agent = people.make_agent(departments=[support])
    owner.post(f"/admin/departments/{support.pk}/change/", {"name": "Support", "greeting": "", "capacity": ""})
    assert User.objects.get(pk=agent.pk).rights_version == agent.rights_version + 1
    assert not Department.objects.get(pk=support.pk).is_active


def test_c14_a_day_of_a_department_goes_before_that_of_all(owner: Client, support: Department) -> None:
    day = clock.now().date() + timedelta(days=10)
    owner.post("/admin/departments/holidays/", {"date": day.isoformat(), "holiday_name": "", "open": ""})
    owner.post(f"/admin/departments/{support.pk}/hours/", week(**{f"day_{n}": "9-17" for n in range(7)}))
    assert site.hours_of(support.pk).on(day) == ()
    owner.post(
        f"/admin/departments/{support.pk}/holidays/", {"date": day.isoformat(), "holiday_name": "", "open": "10-12"}
    )
    assert site.hours_of(support.pk).on(day) == ((600, 720),)
