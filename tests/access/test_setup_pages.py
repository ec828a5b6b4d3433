"""X1: the admin's pages of how the hub is set up, for every role, on objects that are there and that are not.

The table is compared with the URL configuration: a page that is not in it fails the first test.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from hub.accounts.models import ApiToken, Department, User
from hub.base import clock
from hub.site.models import Announcement, AnnouncementText, BrandRow, BrandVersion, Holiday, Website
from tests import people
from tests.access.test_endpoints import walk
from tests.browsers import browser_of
from tickets.models import Article, Macro, Rule

pytestmark = pytest.mark.django_db

OWNER, MANAGING, STAFF = {"owner"}, {"owner", "manager"}, {"owner", "manager", "agent", "other_manager"}
COLLEAGUES = {"owner", "manager", "agent"}
PREFIXES: tuple[str, ...] = ("departments", "department", "holiday", "staff", "colleague", "brand", "brands")
PREFIXES += ("rules", "rule", "macros", "macro", "articles", "article", "bin")
PREFIXES += ("website", "websites", "announcement", "announcements", "news", "settings")
DEEDS = [{"do": "priority", "value": "urgent"}]
# Who gets in: by name of the page. `+` before a name: it is posted to.
TABLE: dict[str, set[str]] = {
    "admin-departments": STAFF,
    "+admin-department-add": OWNER,
    "+admin-department-move": OWNER,
    "admin-department": MANAGING,
    "+admin-department-change": MANAGING,
    "+admin-department-hours": MANAGING,
    "+admin-department-holiday": MANAGING,
    "+admin-department-questions": MANAGING,
    "+admin-department-price": OWNER,
    "+admin-department-delete": OWNER,
    "admin-department-tickets": MANAGING,
    "+admin-department-ticket-rules": MANAGING,
    "+admin-department-ticket-prices": OWNER,
    "+admin-department-ticket-targets": MANAGING,
    "admin-department-form": MANAGING,
    "+admin-department-form-categories": MANAGING,
    "+admin-department-form-questions": MANAGING,
    "admin-bin": OWNER,
    "+admin-bin-restore": set(),  # nothing lies there: nobody finds it; tests/tickets/test_setup_bin.py has one
    "admin-rules": OWNER,
    "admin-rule-new": OWNER,
    "admin-rule-log": OWNER,
    "admin-rule": OWNER,
    "+admin-rule-move": OWNER,
    "+admin-rule-delete": OWNER,
    "admin-macros": OWNER,
    "admin-macro-new": OWNER,
    "admin-macro": OWNER,
    "+admin-macro-move": OWNER,
    "+admin-macro-delete": OWNER,
    "admin-articles": STAFF,
    "admin-article-new": STAFF,
    "admin-article": STAFF,
    "admin-article-categories": MANAGING | {"other_manager"},
    "+admin-article-state": MANAGING | {"other_manager"},
    "+admin-article-version": STAFF,
    "+admin-holiday-add": OWNER,
    "+admin-holiday-remove": MANAGING,
    "+admin-holiday-restore": STAFF,  # what is put back is signed, and its department is looked up by rights
    "admin-staff": STAFF,
    "admin-staff-invite": MANAGING | {"other_manager"},
    "admin-colleague": COLLEAGUES,
    "+admin-colleague-seats": OWNER,
    "+admin-colleague-capacity": MANAGING,
    "+admin-colleague-suspend": OWNER,
    "+admin-colleague-second-factor": OWNER,
    "+admin-colleague-token-revoke": OWNER,
    "+admin-colleague-invitation": set(),  # there is none: nobody finds it
    "admin-brands": OWNER,
    "admin-brand-new": OWNER,
    "admin-brand": OWNER,
    "admin-brand-preview": OWNER,
    "+admin-brand-publish": OWNER,
    "+admin-brand-default": OWNER,
    "+admin-brand-delete": OWNER,
    "admin-websites": OWNER,
    "admin-website-new": OWNER,
    "admin-website": OWNER,
    "+admin-website-secret": OWNER,
    "admin-news": STAFF,
    "admin-announcements": OWNER,
    "admin-announcement-new": OWNER,
    "admin-announcement": OWNER,
    "admin-announcement-seen": OWNER,
    "+admin-announcement-state": OWNER,
    "admin-settings": OWNER,
    "+admin-settings-save": OWNER,
}
ADDRESSES = {entry.name: address for address, entry in walk(get_resolver().url_patterns) if entry.name}


@dataclass
class Scene:
    browsers: dict[str, Client]
    ids: dict[str, str]

    def address(self, name: str, *, missing: bool = False) -> str:
        address = "/" + ADDRESSES[name]
        for parameter, value in self.ids.items():
            address = address.replace(parameter, "999999999" if missing and parameter.startswith("<int:") else value)
        return address


@pytest.fixture
def scene(db: None) -> Scene:
    here, elsewhere = people.make_department("Here"), people.make_department("Elsewhere")
    agent = people.make_agent("Agent One", departments=[here])
    colleague = people.make_agent("Colleague Two", departments=[here])
    roles: dict[str, User] = {
        "owner": people.make_owner(),
        "manager": people.make_manager(departments=[here]),
        "other_manager": people.make_manager("Other Manager", departments=[elsewhere]),
        "agent": agent,
        "customer": people.make_customer(),
        "organisation_owner": people.make_organisation().owner,
    }
    return Scene({role: browser_of(user) for role, user in roles.items()} | {"nobody": Client()}, _ids(here, colleague))


def _ids(here: Department, colleague: User) -> dict[str, str]:
    now = clock.now()
    holiday = Holiday.objects.create(department=here, date=now.date())
    brand = BrandRow.objects.create(created_at=now)
    BrandVersion.objects.create(brand=brand, number=1, name="B", colour="#264e9c", accent="#b54a20", created_at=now)
    website = Website.objects.create(name="Shop", origins=["https://shop.example"])
    token = ApiToken.objects.create(user=colleague, name="Till", scopes=["chat"], created_at=now)
    announcement = Announcement.objects.create(from_at=now, created_at=now)
    AnnouncementText.objects.create(announcement=announcement, language="en", title="T", source="S", html="<p>S</p>")
    return {
        "<int:department_id>": str(here.pk),
        "<int:holiday_id>": str(holiday.pk),
        "<int:user_id>": str(colleague.pk),
        "<uuid:token_id>": str(token.pk),
        "<int:brand_id>": str(brand.pk),
        "<int:number>": "1",
        "<int:website_id>": str(website.pk),
        "<int:announcement_id>": str(announcement.pk),
        "<int:rule_id>": str(Rule.objects.create(name="R", events=["created"], deeds=DEEDS).pk),
        "<int:macro_id>": str(Macro.objects.create(name="M", deeds=DEEDS).pk),
        "<int:article_id>": str(Article.objects.create(created_at=now, updated_at=now).pk),
        "<str:kind>": "chat",
        "<str:group>": "help",
    }


def test_x1_every_page_of_setting_up_is_in_the_table() -> None:
    ours = {name for name in ADDRESSES if name.startswith("admin-") and name.split("-")[1] in PREFIXES}
    assert sorted(ours) == sorted(name.lstrip("+") for name in TABLE)


@pytest.mark.parametrize("name", TABLE)
def test_x1_each_page_opens_for_whom_it_is_and_for_nobody_else(scene: Scene, name: str) -> None:
    """Whoever may not come in gets the same answer for what is there and for what is not."""
    wrong = []
    for role, browser in scene.browsers.items():
        there, missing = _asks(browser, scene, name), _asks(browser, scene, name, missing=True)
        comes_in = there in (200, 302, 400, 409) and role != "nobody"
        if role == "nobody":
            fine = there == missing == 302
        elif role in TABLE[name]:
            fine = comes_in and (missing == 404 or "<int:" not in ADDRESSES[name.lstrip("+")])
        else:
            fine = there in (403, 404) and missing == there
        if not fine:
            wrong.append((role, there, missing))
    assert wrong == []


def _asks(browser: Client, scene: Scene, name: str, *, missing: bool = False) -> int:
    """What it does is undone: the next one finds everything as it was."""
    address = scene.address(name.lstrip("+"), missing=missing)
    with transaction.atomic():
        answer = browser.post(address, {"to": "withdraw"}) if name.startswith("+") else browser.get(address)
        transaction.set_rollback(True)
    return int(answer.status_code)
