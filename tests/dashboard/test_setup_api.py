"""A2, A4: how the hub is set up, over the API; the same rules as on screen."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from credits import public as money
from hub.accounts import tokens
from hub.accounts.models import Department, User
from hub.base.hub_settings import hub_settings
from hub.site.brands import current_brand
from tests import people

pytestmark = pytest.mark.django_db

BRAND = {
    "name": "Hulp", "colour": "#7b1f45", "accent": "#8a3b12", "languages": ["nl"], "default_language": "nl",
    "hosts": ["hulp.example.com"],
}  # fmt: skip
NEWS = {"texts": {"en": {"title": "Hours", "source": "At **eight**."}}, "state": "published"}


class Caller:
    """Somebody with a token, for everything or for these scopes."""

    def __init__(self, user: User, scopes: tuple[str, ...] = ("*",)) -> None:
        token = tokens.issue(
            side="staff" if user.is_staff else "visitor",
            lifetime=timedelta(hours=1),
            user_id=user.pk,
            two_factor=user.is_staff,
            sign_in_version=user.sign_in_version,
            scopes=scopes,
        )
        self._client = Client(headers={"authorization": f"Bearer {token}"})

    def asks(self, path: str) -> tuple[int, Any]:
        return self._answer(self._client.get(f"/api/v1/{path}"))

    def sends(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        send = getattr(self._client, method)
        return self._answer(send(f"/api/v1/{path}", body or {}, content_type="application/json"))

    @staticmethod
    def _answer(answer: Any) -> tuple[int, Any]:
        return answer.status_code, answer.json() if answer.content else None


@pytest.fixture
def support() -> Department:
    return people.make_department("Support")


@pytest.fixture
def owner() -> Caller:
    return Caller(people.make_owner())


def test_a4_a_department_is_made_and_changed(owner: Caller) -> None:
    body = {
        "name": "Printers", "greeting": "Hello", "capacity": 3,
        "hours": {"time_zone": "Europe/Amsterdam", "week": ["09:00-17:00"] * 5 + ["", ""]},
        "prices": {"chat": {"price_m": 2000, "block_s": 60}},
        "questions": [{"label": "Which brand?", "choices": ["HP", "Epson"], "required": True}],
    }  # fmt: skip
    status, made = owner.sends("post", "departments/", body)
    assert status == 201, made
    assert made["hours"]["week"][0] == [["09:00", "17:00"]]
    assert (made["price_m"], made["questions"][0]["key"]) == (2000, "which_brand")
    status, changed = owner.sends("patch", f"departments/{made['id']}/", {"hours": None, "capacity": None})
    assert (status, changed["hours"], changed["open"], changed["greeting"]) == (200, None, True, "Hello")


def test_a4_a_department_is_changed_wholly_or_not_at_all(owner: Caller, support: Department) -> None:
    body = {"greeting": "Changed", "prices": {"fax": {"price_m": 1, "block_s": 60}}}
    assert owner.sends("patch", f"departments/{support.pk}/", body)[0] == 404
    support.refresh_from_db()
    assert support.greeting == ""


@pytest.mark.parametrize(
    "body",
    [
        {"hours": {"time_zone": "Mars/Olympus", "week": [""] * 7}}, {"hours": {"time_zone": "UTC", "week": [""] * 6}},
        {"hours": {"time_zone": "UTC", "week": ["9-10, 9-11"] + [""] * 6}}, {"capacity": 0}, {"name": ""},
        {"prices": {"chat": {"price_m": -1, "block_s": 60}}}, {"questions": [{"label": ""}]},
    ],
)  # fmt: skip
def test_a4_what_makes_no_sense_is_refused(owner: Caller, support: Department, body: dict[str, Any]) -> None:
    assert owner.sends("patch", f"departments/{support.pk}/", body)[0] == 400


def test_p5_a_manager_changes_how_the_own_department_works_and_no_price(support: Department) -> None:
    manager = Caller(people.make_manager(departments=[support]))
    assert manager.sends("patch", f"departments/{support.pk}/", {"greeting": "Hi"})[0] == 200
    price = {"prices": {"chat": {"price_m": 0, "block_s": 60}}}
    assert manager.sends("patch", f"departments/{support.pk}/", price)[0] == 403
    assert manager.sends("patch", f"departments/{support.pk}/", {"name": "Mine"})[0] == 403
    other = people.make_department()
    assert manager.sends("patch", f"departments/{other.pk}/", {"greeting": "Hi"})[0] == 403
    assert manager.sends("post", "departments/", {"name": "New"})[0] == 403


def test_p12_who_pays_nothing_is_shown_no_price(support: Department) -> None:
    money.set_price(support.pk, money.Price(2000, 60))
    vip = people.make_customer(vip=True)
    money.open_wallet(user_id=vip.pk)
    assert "price_m" not in Caller(vip).asks(f"departments/{support.pk}/")[1]


def test_x1_a_token_without_the_scope_sets_up_nothing(support: Department) -> None:
    owner = Caller(people.make_owner(), scopes=("chat", "site:read"))
    assert owner.asks("settings/")[0] == 200
    for method, path, body in (
        ("patch", "settings/", {"queue_ageing_s": 60}), ("patch", f"departments/{support.pk}/", {"greeting": "x"}),
        ("post", "departments/", {"name": "x"}), ("post", "announcements/", NEWS), ("post", "brands/", BRAND),
        ("post", "websites/", {"name": "x", "origins": ["https://x.example"]}),
    ):  # fmt: skip
        assert owner.sends(method, path, body)[0] == 403, path


def test_a4_staff_are_invited_and_seated(owner: Caller, support: Department) -> None:
    status, made = owner.sends(
        "post", "staff/", {"first_name": "Ana", "email": "ana@example.com", "departments": [support.pk]}
    )
    assert (status, made["departments"]) == (201, [str(support.pk)]), made
    path = f"staff/{made['id']}/"
    assert owner.sends("patch", path, {"works_in": [], "manages": [support.pk]})[1]["level"] == "manager"
    assert owner.sends("patch", path, {"active": False})[1]["active"] is False
    assert owner.sends("patch", path, {"capacity": 99})[0] == 400
    assert owner.sends("post", "staff/", {"name": "Luca Rossi", "mobile": "+31612345678"})[1]["name"] == "Luca Rossi"


def test_d4_the_owner_announces_and_a_customer_reads(owner: Caller) -> None:
    status, made = owner.sends("post", "announcements/", NEWS)
    assert (status, made["state"]) == (201, "published"), made
    reader = Caller(people.make_customer())
    _status, told = reader.asks("announcements/")
    assert [(one["title"], one["seen"]) for one in told["results"]] == [("Hours", False)]
    assert reader.sends("post", f"announcements/{made['id']}/seen/")[0] == 204
    assert reader.asks(f"announcements/{made['id']}/")[1]["seen"] is True
    assert owner.asks("announcements/?all=1")[1]["results"][0]["seen_by"] == 1
    owner.sends("put", f"announcements/{made['id']}/", NEWS | {"state": "withdrawn"})
    assert reader.asks(f"announcements/{made['id']}/")[0] == 404
    assert reader.sends("put", f"announcements/{made['id']}/", NEWS)[0] == 404
    assert reader.sends("post", "announcements/", NEWS)[0] == 403


def test_a3_a_brand_is_drafted_and_published(owner: Caller) -> None:
    status, made = owner.sends("post", "brands/", BRAND)
    assert (status, made["published_version"]) == (201, None), made
    assert owner.sends("post", f"brands/{made['id']}/publish/")[1]["published_version"] == 1
    assert current_brand("hulp.example.com").name == "Hulp"
    status, refusal = owner.sends("put", f"brands/{made['id']}/", BRAND | {"colour": "#ffd400"})
    assert status == 400
    assert "#8" in str(refusal)


def test_a4_websites_are_listed_without_their_secrets(owner: Caller) -> None:
    status, made = owner.sends("post", "websites/", {"name": "Shop", "origins": ["https://shop.example/"]})
    assert (status, made["origins"]) == (201, ["https://shop.example"])
    assert "secret" not in str(owner.asks("websites/")[1])
    body = {"name": "Shop", "origins": ["https://shop.example"], "active": False}
    assert owner.sends("put", f"websites/{made['id']}/", body)[1]["active"] is False


def test_a2_settings_are_changed_all_or_none(owner: Caller) -> None:
    assert owner.sends("patch", "settings/", {"queue_ageing_s": 60, "email_code_fallback": False})[0] == 200
    assert (hub_settings().queue_ageing_s, hub_settings().email_code_fallback) == (60, False)
    assert owner.sends("patch", "settings/", {"queue_ageing_s": 70, "forum_url": "ftp://x"})[0] == 400
    assert owner.sends("patch", "settings/", {"nothing": 1})[0] == 400
    assert hub_settings().queue_ageing_s == 60
