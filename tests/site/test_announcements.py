"""D4: announcements on screen: written, cleaned, told to whom they are meant for, mailed once, seen by whom."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from hub.accounts.models import Membership
from hub.base import clock
from hub.base.errors import NotFound
from hub.base.models import OutboxMessage
from hub.site import public as site
from hub.site.actions.announcements import MAILED_AT_ONCE, mail_some
from hub.site.models import Announcement, AnnouncementSeen, AnnouncementText
from hub.site.prose import to_html
from tests import people
from tests.browsers import browser_of

pytestmark = pytest.mark.django_db

REL = 'rel="noopener noreferrer nofollow"'
FORM: dict[str, Any] = {
    "audience": "customers", "department": "", "in_portal": "on", "from": "", "until": "",
    "title_en": "New hours", "text_en": "We open at **eight**.", "title_nl": "Andere tijden", "text_nl": "Vanaf acht.",
}  # fmt: skip


@pytest.fixture
def owner(db: None) -> Client:
    return browser_of(people.make_owner())


def told(owner: Client, **more: Any) -> Announcement:
    answer = owner.post("/admin/announcements/new/", {"publish": "1"} | FORM | more)
    assert answer.status_code == 302, answer.context["form"].errors
    return Announcement.objects.latest("pk")


def titles(user: Any, language: str = "en") -> list[str]:
    person = people.person_of(user) if user else None
    return [one.title for one in site.published_announcements(person, language=language)]


@pytest.mark.parametrize(
    ("typed", "made"),
    [
        ("We open at **eight**.", "<p>We open at <strong>eight</strong>.</p>"),
        ("# Big", "<h3>Big</h3>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("![x](https://a.example/1.gif)", f'<p>!<a href="https://a.example/1.gif" {REL}>x</a></p>'),
        ("<img src=x onerror=alert(1)>", "<p>&lt;img src=x onerror=alert(1)&gt;</p>"),
    ],
)  # fmt: skip
def test_x3_what_is_written_is_cleaned_on_the_way_in(typed: str, made: str) -> None:
    assert to_html(typed) == made


def test_x3_what_slips_through_markdown_is_stopped_by_the_allow_list() -> None:
    assert "javascript" not in to_html("<javascript:alert(1)>").replace("&lt;javascript", "")
    assert "data:" not in to_html("[x](data:text/html;base64,PHNjcmlwdD4=)").partition("(")[0]


def test_d4_each_reader_gets_it_in_their_language_else_the_first_one(owner: Client) -> None:
    told(owner)
    customer = people.make_customer()
    assert titles(customer, "nl") == ["Andere tijden"]
    assert titles(customer, "fa") == ["New hours"]


def test_d4_it_is_told_to_whom_it_is_meant_for_and_to_nobody_else(owner: Client) -> None:
    support, other = people.make_department("Support"), people.make_department("Other")
    home, bound = people.make_customer(), people.make_customer(department=support)
    elsewhere, agent = people.make_customer(department=other), people.make_agent(departments=[support])
    member = people.make_organisation().employee
    told(owner, title_en="all", audience="everybody")
    told(owner, title_en="customers")
    told(owner, title_en="companies", audience="organisations")
    told(owner, title_en="support", audience="department", department=str(support.pk))
    told(owner, title_en="staff", audience="staff")
    assert titles(None) == ["all"]
    assert titles(home) == ["customers", "all"]
    assert titles(member) == ["companies", "customers", "all"]
    assert titles(bound) == ["support", "customers", "all"]
    assert titles(elsewhere) == ["customers", "all"]
    assert titles(agent) == ["staff", "all"]


def test_d4_drafts_what_is_ahead_what_is_over_and_what_was_withdrawn_are_not_told(owner: Client) -> None:
    customer = people.make_customer()
    row = told(owner)
    with clock.freeze(clock.now()) as time:
        owner.post(f"/admin/announcements/{row.pk}/state/", {"to": "withdraw"})
        assert titles(customer) == []
        owner.post(f"/admin/announcements/{row.pk}/state/", {"to": "publish"})
        assert titles(customer) == ["New hours"]
        Announcement.objects.update(from_at=time.now() + timedelta(hours=1), until_at=time.now() + timedelta(hours=2))
        assert titles(customer) == []
        time.advance(minutes=61)
        assert titles(customer) == ["New hours"]
        time.advance(hours=1)
        assert titles(customer) == []
    owner.post("/admin/announcements/new/", FORM | {"title_en": "Draft"})
    assert titles(customer) == []


def test_d4_seen_is_counted_once_per_person_and_only_by_who_may_see_it(owner: Client) -> None:
    row = told(owner)
    reader, staff = people.person_of(people.make_customer()), people.person_of(people.make_agent())
    assert site.count_unseen(reader) == 1
    for person in (reader, reader, staff):
        site.note_seen(person, [row.pk])
    assert AnnouncementSeen.objects.count() == 1
    assert site.count_unseen(reader) == 0
    assert site.published_announcements(reader, language="en")[0].seen
    assert "Sanne" in owner.get(f"/admin/announcements/{row.pk}/seen/").content.decode()


def test_x1_one_that_is_not_meant_for_somebody_does_not_exist_for_them(owner: Client) -> None:
    row = told(owner, audience="staff")
    with pytest.raises(NotFound):
        site.get_announcement(people.person_of(people.make_customer()), row.pk, "en")


def test_d4_each_is_mailed_once_in_their_language_also_when_it_runs_twice(owner: Client) -> None:
    dutch = people.make_customer("Sanne de Vries", email="sanne@example.com", language="nl")
    english = people.make_customer("Tom Visser", email="tom@example.com", language="en")
    people.make_customer("No Mail")
    gone = people.make_customer("Gone Girl", email="gone@example.com")
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    row = told(owner, by_email="on")
    assert mail_some() == 2
    assert mail_some() == 0
    Announcement.objects.update(mailed_at=None, mailed_to_id=0)  # as after a crash before the cursor was written
    mail_some()
    mails = {mail.about: mail for mail in OutboxMessage.objects.filter(purpose="announcement")}
    assert set(mails) == {f"user:{dutch.pk}", f"user:{english.pk}"}
    assert mails[f"user:{dutch.pk}"].subject == "Andere tijden"
    assert "<strong>eight</strong>" in mails[f"user:{english.pk}"].html
    assert Announcement.objects.get(pk=row.pk).mailed_at is not None


def test_d4_many_are_mailed_batch_by_batch(owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.site.actions.announcements.MAILED_AT_ONCE", 2)
    for number in range(5):
        people.make_customer(email=f"n{number}@example.com")
    told(owner, by_email="on")
    assert [mail_some() for _ in range(4)] == [2, 2, 1, 0]
    assert OutboxMessage.objects.filter(purpose="announcement").count() == 5
    assert MAILED_AT_ONCE > 2


def test_d4_who_was_not_mailed_when_it_is_withdrawn_never_is(owner: Client) -> None:
    people.make_customer(email="sanne@example.com")
    row = told(owner, by_email="on")
    owner.post(f"/admin/announcements/{row.pk}/state/", {"to": "withdraw"})
    assert mail_some() == 0
    assert not OutboxMessage.objects.filter(purpose="announcement").exists()


def test_d4_suspended_members_are_not_mailed_as_members(owner: Client) -> None:
    world = people.make_organisation()
    for user in (world.owner, world.manager, world.employee):
        type(user).objects.filter(pk=user.pk).update(email=f"m{user.pk}@example.com")
    Membership.objects.filter(user=world.employee).update(suspended=True)
    told(owner, by_email="on", audience="organisations")
    assert mail_some() == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title_en": "", "text_en": "", "title_nl": "", "text_nl": ""}, "texts"),
        ({"title_en": ""}, "title_en"), ({"text_nl": "  "}, "text_nl"), ({"title_en": "x" * 121}, "title_en"),
        ({"text_en": "x" * 8001}, "text_en"), ({"audience": "nobody"}, "audience"),
        ({"audience": "department"}, "department"), ({"in_portal": None}, "channels"), ({"from": "soon"}, "from"),
        ({"from": "2026-12-02T10:00", "until": "2026-12-02T09:00"}, "until"), ({"until": "2020-01-01T00:00"}, "until"),
    ],
)  # fmt: skip
def test_d4_what_makes_no_sense_is_refused_and_kept(owner: Client, change: dict[str, Any], field: str) -> None:
    form = {name: value for name, value in (FORM | change).items() if value is not None}
    answer = owner.post("/admin/announcements/new/", form)
    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert not Announcement.objects.exists()


def test_d4_times_are_those_of_the_writer(owner: Client) -> None:
    row = told(owner, **{"from": "2026-12-02T10:00"})
    assert row.from_at.isoformat() == "2026-12-02T09:00:00+00:00", "Amsterdam, in winter"
    assert 'value="2026-12-02T10:00"' in owner.get(f"/admin/announcements/{row.pk}/").content.decode()


def test_d4_a_language_that_is_emptied_goes(owner: Client) -> None:
    row = told(owner)
    owner.post(f"/admin/announcements/{row.pk}/", FORM | {"title_nl": "", "text_nl": ""})
    assert list(AnnouncementText.objects.values_list("language", flat=True)) == ["en"]


def test_d4_staff_read_their_news_in_the_admin(owner: Client) -> None:
    told(owner, audience="staff", title_en="Party on Friday")
    agent = people.make_agent(departments=[people.make_department()])
    page = browser_of(agent).get("/admin/news/").content.decode()
    assert "Party on Friday" in page
    assert "/admin/announcements/" not in page
    assert AnnouncementSeen.objects.get().user_id == agent.pk


def test_d4_only_the_owner_writes(owner: Client) -> None:
    row = told(owner)
    manager = browser_of(people.make_manager(departments=[people.make_department()]))
    for path in ("", "new/", f"{row.pk}/", f"{row.pk}/seen/"):
        assert manager.get(f"/admin/announcements/{path}").status_code in (403, 404)
    assert manager.post(f"/admin/announcements/{row.pk}/state/", {"to": "withdraw"}).status_code in (403, 404)


def test_d4_what_the_editor_made_is_cleaned_and_comes_back_as_it_was(owner: Client) -> None:
    """X3, and without a script: letters that were left as they were keep their form."""
    rich = {"text_en": "We open at eight.", "text_en_html": "<p>We open at <b>eight</b>.<script>alert(1)</script></p>"}
    row = told(owner, **rich)
    made = "<p>We open at <b>eight</b>.</p>"
    assert row.texts.get(language="en").html == made
    assert made in owner.get(f"/admin/announcements/{row.pk}/").content.decode()
    owner.post(f"/admin/announcements/{row.pk}/", FORM | {"text_en": "We open at  eight.", "title_en": "Hours"})
    kept = row.texts.get(language="en")
    assert (kept.title, kept.html) == ("Hours", made)
    owner.post(f"/admin/announcements/{row.pk}/", FORM | {"text_en": "We open at **nine**."})
    assert row.texts.get(language="en").html == "<p>We open at <strong>nine</strong>.</p>"
