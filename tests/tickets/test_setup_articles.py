"""Writing help articles on screen (K1, K3): drafts per language, versions, publishing, categories, out of a ticket."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from tests.dashboard.admin_windows import Window
from tests.tickets.desk import Desk
from tickets.knowledge import opinions, writing
from tickets.knowledge.writing import ArticleIn, TextIn
from tickets.models import Article, ArticleCategory, ArticleText

pytestmark = pytest.mark.django_db


def form(**more: Any) -> dict[str, Any]:
    return {
        "kind": "article",
        "audience": "public",
        "title": "The printer prints nothing",
        "keywords": "paper, toner",
        "body_html": "<h2>First</h2><p>Switch it <strong>off</strong>.<script>alert(1)</script></p>",
        **more,
    }


def article(desk: Desk, title: str = "Printing", **texts: str) -> Article:
    said = {language: TextIn(title, html) for language, html in (texts or {"en": "<p>Switch it off.</p>"}).items()}
    return writing.save_article(desk.as_(desk.owner), None, ArticleIn(texts=said))


def test_k1_an_agent_drafts_and_a_manager_publishes(desk: Desk) -> None:
    agent, manager = Window(desk.agent), Window(desk.manager)
    assert agent.sends("admin-article-new", **form()).status_code == 302
    row = Article.objects.get()
    assert (row.is_published, row.versions.get().html) == (
        False,
        "<h2>First</h2><p>Switch it <strong>off</strong>.</p>",
    )
    written = row.versions.get().written_at.isoformat()
    refused = agent.sends("admin-article", row.pk, **form(written=written, publish="1"))
    assert (refused.status_code, ArticleText.objects.count()) == (403, 0)
    assert agent.sends("admin-article-state", row.pk, to="publish").status_code == 404
    assert manager.sends("admin-article-state", row.pk, to="publish").status_code == 302
    assert ArticleText.objects.get().title == "The printer prints nothing"
    assert manager.sends("admin-article-state", row.pk, to="withdraw").status_code == 302
    assert not ArticleText.objects.exists()


def test_k1_each_language_has_its_draft_and_its_versions(desk: Desk) -> None:
    owner = Window(desk.owner)
    row = article(desk, nl="<p>Zet hem uit.</p>")
    writing.publish(desk.as_(desk.owner), row.pk)
    page = owner.client.get(f"/admin/articles/{row.pk}/?language=it&beside=nl").content.decode()
    assert "Zet hem uit." in page
    owner.client.post(f"/admin/articles/{row.pk}/?language=it", form(body_html="<p>Spegnila.</p>", written=""))
    owner.client.post(
        f"/admin/articles/{row.pk}/?language=nl",
        form(body_html="<p>Trek de stekker eruit.</p>", written=row.versions.get(language="nl").written_at.isoformat()),
    )
    numbers = row.versions.order_by("language", "number").values_list("language", "number", "text")
    assert list(numbers) == [("it", 1, "Spegnila."), ("nl", 1, "Zet hem uit."), ("nl", 2, "Trek de stekker eruit.")]
    assert ArticleText.objects.get().text == "Zet hem uit."
    assert owner.client.post(f"/admin/articles/{row.pk}/version/?language=nl", {"version": "1"}).status_code == 302
    assert row.versions.get(language="nl", number=2).text == "Zet hem uit."


def test_k1_two_writers_do_not_overwrite_each_other(desk: Desk) -> None:
    row, owner = article(desk), Window(desk.owner)
    opened = row.versions.get().written_at.isoformat()
    assert owner.sends("admin-article", row.pk, **form(written=opened, title="Mine")).status_code == 302
    late = Window(desk.agent).sends(
        "admin-article", row.pk, **form(written="2026-01-01T00:00:00+00:00", title="Theirs")
    )
    assert late.status_code == 409
    assert 'value="Theirs"' in late.content.decode()
    page = late.content.decode()
    assert "Mine" in page, "what the other one saved stands beside it"
    written = re.search(r'name="written" value="([^"]+)"', page)
    assert written is not None
    again = Window(desk.agent).sends("admin-article", row.pk, **form(written=written[1], title="Theirs"))
    assert (again.status_code, row.versions.get().title) == (302, "Theirs")


def test_k1_a_new_article_whose_answer_was_lost_is_made_once(desk: Desk) -> None:
    """Its form keeps its key: sent again, with other words even, it is the same article; no word is lost."""
    agent, new = Window(desk.agent), reverse("admin-article-new") + "?language=en"

    def sends(**more: str) -> Any:
        return agent.client.post(new, form(form_key="k", **more))

    first, again = sends(), sends()
    row = Article.objects.get()
    to = f"/admin/articles/{row.pk}/?language=en"
    assert (first.headers["Location"], again.headers["Location"]) == (to, to)
    assert sends(title="Better words").status_code == 302
    assert row.versions.get().title == "Better words"
    wrong = sends(title="")
    assert 'name="form_key" value="k" data-draft-too' in wrong.content.decode()
    assert 'name="form_key" value="k" data-draft-too' in sends(preview="1").content.decode()
    assert Window(desk.colleague).client.post(new, form(form_key="k")).status_code == 302
    assert Article.objects.count() == 2, "another writer's key is another one"


def test_k1_saved_twice_since_the_answer_was_lost_is_saved_once(desk: Desk) -> None:
    row, owner = article(desk), Window(desk.owner)
    opened = row.versions.get().written_at.isoformat()
    for _again in range(2):
        assert owner.sends("admin-article", row.pk, **form(written=opened, publish="1")).status_code == 302
    assert list(row.versions.values_list("number", "title")) == [(1, "The printer prints nothing")]
    assert not row.versions.filter(published_at=None).exists()


def test_k1_what_a_colleague_went_on_with_is_not_overwritten_by_a_form_sent_again(desk: Desk) -> None:
    agent, new = Window(desk.agent), reverse("admin-article-new") + "?language=en"
    agent.client.post(new, form(form_key="k"))
    row = Article.objects.get()
    opened = row.versions.get().written_at.isoformat()
    assert Window(desk.owner).sends("admin-article", row.pk, **form(written=opened, title="Mine")).status_code == 302
    late = agent.client.post(new, form(form_key="k", title="Theirs"))
    assert (late.status_code, row.versions.get().title) == (409, "Mine")
    assert 'value="Theirs"' in late.content.decode()


def test_k1_a_preview_saves_nothing(desk: Desk) -> None:
    page = Window(desk.agent).sends("admin-article-new", **form(preview="1")).content.decode()
    assert "<h2>First</h2><p>Switch it <strong>off</strong>.</p>" in page
    assert not Article.objects.exists()


def test_k1_without_a_script_what_was_left_as_it_was_keeps_its_form(desk: Desk) -> None:
    row, agent = article(desk, en="<p>Switch it <strong>off</strong>.</p>"), Window(desk.agent)
    plain = form(written=row.versions.get().written_at.isoformat(), body="Switch it off.", title="Other title")
    del plain["body_html"]
    agent.sends("admin-article", row.pk, **plain)
    kept = row.versions.get()
    assert (kept.title, kept.html) == ("Other title", "<p>Switch it <strong>off</strong>.</p>")


def test_k1_a_title_is_needed_and_what_was_typed_stays(desk: Desk) -> None:
    answer = Window(desk.agent).sends("admin-article-new", **form(title=" "))
    text = answer.content.decode()
    assert answer.status_code == 400
    assert 'id="field-title-said"' in text
    assert "Switch it <strong>off</strong>" in text


def test_k1_a_draft_that_nobody_read_can_go_and_no_other(desk: Desk) -> None:
    row, owner = article(desk), Window(desk.owner)
    writing.publish(desk.as_(desk.owner), row.pk)
    writing.withdraw(desk.as_(desk.owner), row.pk)
    owner.sends("admin-article-state", row.pk, to="discard")
    assert Article.objects.filter(pk=row.pk).exists()
    other = article(desk)
    owner.sends("admin-article-state", other.pk, to="discard")
    assert not Article.objects.filter(pk=other.pk).exists()


def test_k1_the_list_is_searched_narrowed_and_counted(desk: Desk) -> None:
    manager = Window(desk.manager)
    printing, mail = article(desk, "Printing in black"), article(desk, "Passwords of mail")
    writing.publish(desk.as_(desk.owner), printing.pk)
    for user, helpful in ((desk.customer, True), (desk.agent, False)):
        opinions.say(desk.as_(user), "192.0.2.1", printing, helpful=helpful, comment="Too short.")
    opinions.note_avoided(desk.as_(desk.customer), "192.0.2.1", printing)
    assert [title in manager.reads("admin-articles", q="pritning") for title in ("Printing", "Passwords")] == [
        True,
        False,
    ]
    assert [title in manager.reads("admin-articles", state="draft") for title in ("Printing in", "Passwords of")] == [
        False,
        True,
    ]
    assert "Nothing is found" in manager.reads("admin-articles", q="zebra")
    page = manager.reads("admin-article", printing.pk)
    assert "Too short." in page
    assert desk.customer.name not in page
    assert "Passwords of mail" in manager.reads("admin-article", mail.pk)


def test_k1_categories_have_an_order_and_names_in_each_language(desk: Desk) -> None:
    manager = Window(desk.manager)
    rows = {"categories_count": "2", "categories_0_name_nl": "Afdrukken", "categories_1_name_en": "Mail"}
    added = manager.sends("admin-article-categories", **rows, rows="categories:add")
    assert 'name="categories_2_name_nl"' in added.content.decode()
    assert manager.sends("admin-article-categories", **rows).status_code == 302
    assert [row.names for row in ArticleCategory.objects.order_by("position")] == [{"nl": "Afdrukken"}, {"en": "Mail"}]
    first, second = ArticleCategory.objects.order_by("position")
    row = article(desk)
    writing.save_article(desk.as_(desk.owner), row.pk, ArticleIn(category_id=first.pk))
    known = f"{first.pk},{second.pk}"
    kept = {"categories_count": "1", "categories_0_id": str(second.pk), "categories_0_name_en": "Post", "known": known}
    assert manager.sends("admin-article-categories", **kept).status_code == 302
    assert ArticleCategory.objects.get().names == {"en": "Post"}
    row.refresh_from_db()
    assert row.category is None
    assert Window(desk.agent).asks("admin-article-categories").status_code == 404


def test_k1_each_category_says_what_is_wrong_with_it_and_an_empty_new_one_is_none(desk: Desk) -> None:
    manager, row = Window(desk.manager), ArticleCategory.objects.create(names={"nl": "Post"})
    rows = {
        "categories_count": "3",
        "categories_0_name_en": "Mail",
        "categories_1_id": str(row.pk),
        "known": str(row.pk),
    }
    refused = manager.sends("admin-article-categories", **rows)
    page = refused.content.decode()
    assert refused.status_code == 400
    assert 'href="#field-names_1"' in page
    assert 'id="field-names_1" aria-describedby="names_1-said" aria-invalid="true"' in page
    assert page.count('aria-invalid="true"') == 1
    assert manager.sends("admin-article-categories", **rows, categories_1_name_nl="Brieven").status_code == 302
    assert [one.names for one in ArticleCategory.objects.order_by("position")] == [{"en": "Mail"}, {"nl": "Brieven"}]


def test_k1_a_category_that_a_colleague_added_meanwhile_is_not_taken_away(desk: Desk) -> None:
    manager, row = Window(desk.manager), ArticleCategory.objects.create(names={"nl": "Post"})
    mine = {"categories_count": "1", "categories_0_id": str(row.pk), "categories_0_name_nl": "Brieven"}
    theirs = ArticleCategory.objects.create(names={"en": "Billing"}, position=1)
    late = manager.sends("admin-article-categories", **mine, known=str(row.pk))
    page = late.content.decode()
    assert (late.status_code, ArticleCategory.objects.count()) == (409, 2)
    assert 'value="Billing"' in page
    assert f'name="known" value="{row.pk},{theirs.pk}"' in page


def test_k3_an_article_begins_with_what_a_ticket_asked_and_got(desk: Desk) -> None:
    ticket = desk.files(subject="Black lines", html="<p>There are <em>lines</em>.</p>")
    desk.notes(desk.agent, ticket, "<p>Not for readers</p>")
    desk.says(desk.agent, ticket, "<p>Clean the drum.</p>")
    desk.says(desk.customer, ticket, "<p>Thanks!</p>")
    page = Window(desk.agent).reads("admin-article-new", ticket=ticket.number)
    assert 'value="Black lines"' in page
    assert "<p>There are <em>lines</em>.</p><p>Clean the drum.</p>" in page
    assert "Not for readers" not in page
    assert "Thanks!" not in page
    assert not Article.objects.exists()
    assert Window(desk.stranger).asks("admin-article-new", ticket=ticket.number).status_code == 404
