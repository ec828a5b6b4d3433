"""A2: what the owner sets on screen holds at once, without a restart, and is checked by its type."""

import asyncio
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hub.accounts.models import AuditEntry
from hub.base import snapshots
from hub.base.hub_settings import GROUPS, HubSettings, Phone, hub_settings
from hub.base.models import HubSetting
from tests import people
from tests.browsers import browser_of

pytestmark = pytest.mark.django_db

HELP = {"help_phones": "+31 30 123 45 67, Weekdays\n030 765 43 21", "help_email": "", "forum_url": ""}


@pytest.fixture
def owner(db: None) -> Client:
    return browser_of(people.make_owner())


def test_a2_what_nobody_changed_is_the_default() -> None:
    assert hub_settings() == HubSettings()


def test_a2_it_holds_at_once_and_is_in_the_audit_log(owner: Client) -> None:
    answer = owner.post("/admin/settings/help/", HELP | {"forum_url": "https://forum.example.com"})
    assert answer.status_code == 302
    said = hub_settings()
    assert said.help_phones == (Phone("+31 30 123 45 67", "Weekdays"), Phone("030 765 43 21", ""))
    assert said.forum_url == "https://forum.example.com"
    entry = AuditEntry.objects.get(fact="settings.changed")
    assert sorted(entry.detail["names"]) == ["forum_url", "help_phones"]


def test_a2_reading_costs_nothing_until_another_process_changes_something() -> None:
    hub_settings()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        for _ in range(100):
            hub_settings()
    assert len(asked) == 0
    HubSetting.objects.create(name="queue_ageing_s", value=60)
    snapshots.changed("hub_settings")
    assert hub_settings().queue_ageing_s == 60


def test_a2_on_an_event_loop_nothing_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last ones are used, and a thread beside reads them anew."""
    asked: list[object] = []

    def refresh_beside(self: object) -> None:
        asked.append(self)

    monkeypatch.setattr(snapshots.Snapshot, "_refresh_beside", refresh_beside)

    async def read() -> HubSettings:
        return hub_settings()

    assert asyncio.run(read()) == HubSettings()
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("group", "field", "typed"),
    [
        ("help", "forum_url", "http://forum.example.com"), ("help", "forum_url", "javascript:alert(1)"),
        ("help", "help_email", "nobody"), ("help", "help_phones", "call us"), ("help", "forum_url", "https://"),
        ("messages", "sms_countries", "Netherlands"), ("messages", "sms_countries", "NL, XX"),
        ("queue", "queue_ageing_s", "soon"),
        ("queue", "queue_ageing_s", "5"), ("queue", "queue_ageing_s", "999999"), ("queue", "queue_overdue_s", "100"),
    ],
)  # fmt: skip
def test_a2_what_makes_no_sense_is_refused_in_place(owner: Client, group: str, field: str, typed: str) -> None:
    page = owner.get("/admin/settings/")
    form: dict[str, Any] = next(one.form.values for one in page.context["groups"] if one.name == group)
    answer = owner.post(
        f"/admin/settings/{group}/", {name: str(value) for name, value in form.items()} | {field: typed}
    )
    assert answer.status_code == 400
    assert f'id="field-{field}-said"' in answer.content.decode()
    assert hub_settings() == HubSettings()


def test_a2_every_group_has_a_form_that_can_be_sent_as_it_is(owner: Client) -> None:
    """So that a new setting cannot be drawn in a way that cannot be saved."""
    page = owner.get("/admin/settings/")
    for group in page.context["groups"]:
        form = {
            name: "on" if value is True else value for name, value in group.form.values.items() if value is not False
        }
        assert owner.post(f"/admin/settings/{group.name}/", form).status_code == 302, group.name
    assert hub_settings() == HubSettings() or dict(hub_settings().retention_days)
    assert set(GROUPS) >= {group.name for group in page.context["groups"]}


def test_a2_only_the_owner_comes_near_it(owner: Client) -> None:
    manager = browser_of(people.make_manager(departments=[people.make_department()]))
    assert manager.get("/admin/settings/").status_code in (403, 404)
    assert manager.post("/admin/settings/help/", HELP).status_code in (403, 404)
    assert owner.post("/admin/settings/nothing/", {}).status_code == 404
