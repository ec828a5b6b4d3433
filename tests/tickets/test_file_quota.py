"""T11: room for the files of one customer or one organisation, when it is not what all have."""

from __future__ import annotations

from typing import Any

import pytest

from hub.accounts.models import AuditEntry
from hub.base.snapshots import forget_all
from hub.site.public import set_settings
from tests import people
from tests.browsers import browser_of
from tests.tickets.desk import Desk
from tests.tickets.files_world import Uploader
from tests.tickets.test_pages_new import words
from tickets.models import FileQuota

pytestmark = pytest.mark.django_db


def sets(who: Any, whose: str, quota_mb: int | None) -> Any:
    client = Uploader(who).client
    return client.put(f"/api/v1/{whose}/file-room/", {"quota_mb": quota_mb}, content_type="application/json")


def test_t11_one_customer_has_a_quota_while_nobody_else_has(desk: Desk) -> None:
    sanne, tom = Uploader(desk.customer), Uploader(people.make_customer("Tom Visser"))
    answer = sets(desk.owner, f"customers/{desk.customer.pk}", 1)
    said = {"used_bytes": 0, "max_bytes": 1_000_000, "left_bytes": 1_000_000, "quota_mb": 1, "organisation": None}
    assert answer.json() == said
    assert sanne.client.get("/api/v1/files/room/").json() == said
    full = sanne.announces("a.txt", 1_200_000)
    assert (full.status_code, full.json()["used"], full.json()["quota"]) == (413, 0, 1)
    assert "0 of 1 MB" in full.json()["title"]
    assert tom.announces("a.txt", 1_200_000).status_code == 201
    assert sets(desk.owner, f"customers/{desk.customer.pk}", None).json()["max_bytes"] is None
    assert sanne.announces("a.txt", 1_200_000).status_code == 201
    assert AuditEntry.objects.filter(fact="files.quota.changed", target_id=str(desk.customer.pk)).count() == 2


def test_t11_one_organisation_has_no_limit_while_all_others_have(desk: Desk) -> None:
    company, other = people.make_organisation(), people.make_organisation()
    set_settings(desk.as_(desk.owner), {"files_quota_organisation_mb": "1"})
    forget_all()
    assert sets(desk.owner, f"organisations/{company.organisation.pk}", 0).json()["max_bytes"] is None
    assert Uploader(company.employee).announces("a.txt", 1_500_000).status_code == 201
    assert Uploader(other.employee).announces("a.txt", 1_500_000).status_code == 413
    assert sets(desk.owner, f"customers/{company.employee.pk}", 5).json()["organisation"] == str(
        company.organisation.pk
    )
    assert Uploader(company.employee).announces("b.txt", 6_000_000).status_code == 201, "their own rests meanwhile"


@pytest.mark.parametrize("wrong", [-1, "a lot", 10_000_001, 2**70, True, 1.5])
def test_t11_what_is_no_quota_is_refused(desk: Desk, wrong: Any) -> None:
    assert sets(desk.owner, f"customers/{desk.customer.pk}", wrong).status_code == 400
    assert not FileQuota.objects.exists()


def test_t11_who_is_in_charge_sets_it_on_the_customers_page(desk: Desk) -> None:
    desk.files()
    page, deed = f"/admin/customers/{desk.customer.pk}/tickets/", f"/admin/customers/{desk.customer.pk}/file-room/"
    owner, agent = browser_of(desk.owner), browser_of(desk.agent)
    assert "There is no limit." in words(owner.get(page))
    assert "Files: 0 KB of 2 MB." in words(owner.post(deed, {"quota_mb": "۲"}, follow=True))
    assert "Write a whole number of MB" in words(owner.post(deed, {"quota_mb": "much"}, follow=True))
    assert FileQuota.objects.get().quota_mb == 2
    assert "Files: 0 KB of 2 MB." in words(agent.get(page))
    assert deed not in agent.get(page).content.decode()
    assert agent.post(deed, {"quota_mb": "9"}).status_code == 404
    assert "There is no limit." in words(owner.post(deed, {"quota_mb": ""}, follow=True))
    assert not FileQuota.objects.exists()


def test_t11_of_a_member_the_page_tells_whose_room_it_is(desk: Desk) -> None:
    company = people.make_organisation()
    owner = browser_of(desk.owner)
    of_member = owner.get(f"/admin/customers/{company.employee.pk}/tickets/")
    assert "All members of one organisation share this room:" in words(of_member)
    assert "file-room" not in of_member.content.decode()
    assert (
        f"/admin/organisations/{company.organisation.pk}/file-room/"
        in owner.get(f"/admin/organisations/{company.organisation.pk}/tickets/").content.decode()
    )


def test_t11_everybody_asks_for_the_own_room(desk: Desk) -> None:
    """A member for the organisation's, which all members share; staff have no limit."""
    company = people.make_organisation()
    set_settings(desk.as_(desk.owner), {"files_quota_organisation_mb": "1", "files_quota_customer_mb": "2"})
    forget_all()
    Uploader(company.employee).uploads("a.txt", b"x" * 400_000)
    shared = Uploader(company.owner).client.get("/api/v1/files/room/").json()
    assert shared == {
        "used_bytes": 400_000,
        "max_bytes": 1_000_000,
        "left_bytes": 600_000,
        "quota_mb": None,
        "organisation": str(company.organisation.pk),
    }
    staff = Uploader(desk.agent)
    staff.uploads("b.txt", b"y" * 1000)
    own = staff.client.get("/api/v1/files/room/").json()
    assert (own["used_bytes"], own["max_bytes"], own["left_bytes"]) == (1000, None, None)
    set_settings(desk.as_(desk.owner), {"files_quota_organisation_mb": "0"})
    forget_all()
    assert Uploader(company.owner).client.get("/api/v1/files/room/").json()["left_bytes"] is None
