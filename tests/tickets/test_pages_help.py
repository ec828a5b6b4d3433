"""The public help pages (K1)."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client

from tests.browsers import browser_of
from tests.tickets.desk import Desk
from tests.tickets.library import publish
from tests.tickets.test_pages_new import words
from tickets.models import ArticleOpinion, Ticket

pytestmark = pytest.mark.django_db


def test_k1_everybody_reads_public_articles_and_nobody_else_those_for_customers(desk: Desk) -> None:
    public = publish(desk, "Open the door", "<p>Turn the key.</p>")
    private = publish(desk, "For customers", "<p>Inside.</p>", audience="customers")
    nobody, customer, agent = Client(), browser_of(desk.customer), browser_of(desk.agent)
    for reader in (nobody, customer, agent):
        listed = reader.get("/help/articles/")
        assert listed.status_code == 200
        assert "Open the door" in words(listed)
        page = reader.get(f"/help/articles/{public.pk}/")
        assert "Turn the key." in words(page)
        assert "unsafe-inline" not in page["Content-Security-Policy"]
    assert "For customers" not in words(nobody.get("/help/articles/"))
    assert nobody.get(f"/help/articles/{private.pk}/").status_code == 404
    assert nobody.get(f"/help/articles/{private.pk}/inside/").status_code == 404
    assert "Inside." in words(customer.get(f"/help/articles/{private.pk}/"))


def test_k1_an_article_is_read_in_each_of_its_languages_and_says_so_to_machines(desk: Desk) -> None:
    row = publish(desk, "The key", "<p>Turn it.</p>", nl=("De sleutel", "<p>Draai hem om.</p>"))
    page = Client().get(f"/help/articles/{row.pk}/nl/").content.decode()
    assert "Draai hem om." in page
    assert f'/help/articles/{row.pk}/nl/">' in page
    assert page.count('rel="alternate" hreflang=') == 3
    assert 'hreflang="x-default"' in page
    assert 'lang="nl"' in page
    assert Client().get(f"/help/articles/{row.pk}/it/").status_code == 404
    dutch = Client(headers={"accept-language": "nl"}).get("/help/articles/")
    assert "De sleutel" in words(dutch)


def test_k1_search_engines_are_told_where_public_articles_are_and_nothing_else(desk: Desk) -> None:
    shown = publish(desk, "The key", "<p>Turn it.</p>", nl=("De sleutel", "<p>Draai hem om.</p>"))
    publish(desk, "For customers", "<p>Inside.</p>", audience="customers")
    robots = Client().get("/robots.txt").content.decode()
    assert robots.startswith("User-agent: *\n")
    assert "Allow: /help/articles/" in robots
    assert f"Sitemap: {settings.PUBLIC_URL}/sitemap.xml" in robots
    drawn = Client().get("/sitemap.xml").content.decode()
    found = re.findall(r"<loc>([^<]+)</loc>", drawn)
    there = f"{settings.PUBLIC_URL}/help/articles/"
    assert found == [there, f"{there}{shown.pk}/en/", f"{there}{shown.pk}/nl/"]
    assert drawn.count(f'hreflang="nl" href="{there}{shown.pk}/nl/"') == 2


def test_k1_search_forgives_slips_and_says_what_to_do_when_nothing_is_found(desk: Desk) -> None:
    publish(desk, "Forwarding mail", "<p>In settings.</p>")
    assert "Forwarding mail" in words(Client().get("/help/articles/", {"q": "forwrding mail"}))
    nothing = Client().get("/help/articles/", {"q": "xyzzy"}).content.decode()
    assert "/tickets/new/?subject=xyzzy" in nothing


def test_k1_kinds_and_pages(desk: Desk) -> None:
    publish(desk, "Version 2", "<p>New.</p>", kind="release_notes")
    for number in range(31):
        publish(desk, f"Answer {number}", "<p>Yes.</p>")
    client = Client()
    assert "Version 2" in words(client.get("/help/articles/", {"kind": "release_notes"}))
    first = client.get("/help/articles/").content.decode()
    assert first.count('class="link" href="/help/articles/') == 30
    after = first.rsplit("after=", 1)[1].split('"')[0]
    assert "Version 2" in words(client.get("/help/articles/", {"after": after}))


def test_k1_helpful_or_not_and_words_become_a_ticket(desk: Desk) -> None:
    row = publish(desk, "The key", "<p>Turn it.</p>")
    where = f"/help/articles/{row.pk}/opinion/"
    assert Client().post(where, {"helpful": "yes"}).status_code == 302
    customer = browser_of(desk.customer)
    assert customer.post(where, {"helpful": "no", "comment": "Which way?"}).status_code == 302
    assert ArticleOpinion.objects.get().comment == "Which way?"
    day = row.days.get()
    assert (day.helpful, day.unhelpful) == (1, 1)
    to_ticket = customer.post(where, {"ticket": "1", "comment": "Which way?"})
    assert to_ticket["Location"] == f"/tickets/new/?article={row.pk}"
    page = customer.get(to_ticket["Location"] + f"&department={desk.here.pk}").content.decode()
    assert "About “The key”" in page
    assert "Which way?" in page
    assert Ticket.objects.count() == 0  # it has a price: they send it themselves


def test_k1_words_of_who_has_no_account_are_refused_in_words(desk: Desk) -> None:
    row = publish(desk, "The key", "<p>Turn it.</p>")
    nobody = Client()
    answer = nobody.post(f"/help/articles/{row.pk}/opinion/", {"helpful": "yes", "comment": "Spam"})
    assert answer.status_code == 302
    assert ArticleOpinion.objects.count() == 0
