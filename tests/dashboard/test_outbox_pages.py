"""The outbox on screen: everything in a demo, the fate of messages for the owner."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from hub.accounts.models import AuditEntry
from hub.base.models import OutboxMessage
from hub.base.outbox import draining, queries
from hub.launcher.demo import PAGES
from tests import people
from tests.base.outbox import mail, nobodys_templates, sms
from tests.browsers import browser_of

__all__ = ["nobodys_templates"]
pytestmark = [pytest.mark.usefixtures("nobodys_templates"), pytest.mark.django_db]

DEMO = PAGES["outbox"]


def text_of(client: Client, path: str) -> str:
    page = client.get(path)
    assert page.status_code == 200
    return page.content.decode()


# -- the demo's --------------------------------------------------------------------------------------------------
def test_every_message_is_there_newest_first_with_links_to_click() -> None:
    mail("sanne@example.com")
    sms("+31612345678")
    page = text_of(Client(), DEMO)
    assert page.index("+31612345678") < page.index("sanne@example.com")
    assert '<a href="http://127.0.0.1:8000/a/" rel="nofollow">' in page
    assert "your code is 123456" in page
    assert "Hello Sanne &amp; Co &lt;x&gt;" in page


def test_messages_are_found_by_recipient() -> None:
    mail("sanne@example.com")
    mail("marko@example.com")
    page = text_of(Client(), f"{DEMO}?q=SANNE%40")
    assert "sanne@example.com" in page
    assert "marko@example.com" not in page
    assert "Nothing is found" in text_of(Client(), f"{DEMO}?q=nobody%00")


def test_older_messages_are_a_page_further() -> None:
    rows = [mail(f"a{number}@example.com") for number in range(queries.PAGE + 3)]
    first = text_of(Client(), DEMO)
    found = re.search(r'href="(\?before=\d+)"', first)
    assert found
    second = text_of(Client(), DEMO + found[1])
    assert [row.to in first for row in rows] == [row.to not in second for row in rows]
    assert 'href="?before=' not in second


@pytest.mark.parametrize("query", ["?before=x", "?before=99999999999999999999999", "?before=-1", "?q=%25%27"])
def test_an_odd_address_shows_a_page_all_the_same(query: str) -> None:
    assert Client().get(DEMO + query).status_code == 200


def test_x3_a_mail_is_shown_without_scripts_and_without_our_origin() -> None:
    row = mail(context={"name": "<script>alert(1)</script>", "path": "/"})
    OutboxMessage.objects.filter(pk=row.pk).update(html=row.html.replace("<p>", "<p><script>alert(2)</script>"))
    page = text_of(Client(), f"{DEMO}{row.pk}/")
    assert f'src="{DEMO}{row.pk}/html/"' in page
    assert "allow-scripts" not in page
    assert "allow-same-origin" not in page
    assert "<script>alert" not in page
    shown = Client().get(f"{DEMO}{row.pk}/html/")
    policy = shown["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups" in policy
    assert "allow-scripts" not in policy
    assert shown["X-Frame-Options"] == "SAMEORIGIN"
    assert '<base target="_top">' in shown.content.decode()


def test_x7_without_demo_none_of_it_exists(settings: Any) -> None:
    row = mail()
    settings.DEMO = False
    for path in (DEMO, f"{DEMO}{row.pk}/", f"{DEMO}{row.pk}/html/"):
        assert Client().get(path).status_code == 404
    settings.DEMO = True
    assert Client().get(f"{DEMO}999999/").status_code == 404


# -- the owner's --------------------------------------------------------------------------------------------------
ADMIN = "/admin/outbox/"


def post(client: Client, path: str, **fields: str) -> str:
    answer = client.post(path, fields, follow=True)
    assert answer.redirect_chain
    return str(answer.content.decode())


def test_p5_the_owner_alone_sees_the_outbox() -> None:
    assert browser_of(people.make_agent()).get(ADMIN).status_code == 403
    assert browser_of(people.make_manager()).get(ADMIN).status_code == 403
    assert browser_of(people.make_customer()).get(ADMIN).status_code == 403
    assert Client().get(ADMIN).status_code == 302
    assert browser_of(people.make_owner()).get(ADMIN).status_code == 200


def test_the_owner_sees_why_it_failed_and_never_what_it_says() -> None:
    row = mail(secret=True)
    OutboxMessage.objects.filter(pk=row.pk).update(state="failed", tries=10, error=draining.TOO_LATE)
    sms(secret=True)
    page = text_of(browser_of(people.make_owner()), ADMIN)
    assert "sanne@example.com" in page
    assert "It could not be sent while it was of use." in page
    assert "Dear Sanne" not in page
    assert "your code" not in page
    assert row.to not in text_of(browser_of(people.make_owner()), f"{ADMIN}?state=sent")


def test_the_owner_tries_again_and_a_doubled_submit_is_one() -> None:
    owner = people.make_owner()
    browser, row = browser_of(owner), mail()
    OutboxMessage.objects.filter(pk=row.pk).update(state="failed", error="550")
    for _ in range(2):
        assert "It is tried again." in post(browser, f"{ADMIN}{row.pk}/retry/", form_key="a", state="failed")
    assert OutboxMessage.objects.get(pk=row.pk).state == "waiting"
    assert AuditEntry.objects.filter(fact="outbox.message.retried", target_id=str(row.pk)).count() == 1
    OutboxMessage.objects.filter(pk=row.pk).update(state="failed", error="550")
    assert "1 message is tried again." in post(browser, f"{ADMIN}retry/", form_key="b")
    assert OutboxMessage.objects.get(pk=row.pk).state == "waiting"


def test_the_owner_sends_again_once_per_form() -> None:
    browser, row = browser_of(people.make_owner()), mail()
    draining.drain()
    for key in ("a", "a", "b"):
        assert "It is sent once more." in post(browser, f"{ADMIN}{row.pk}/resend/", form_key=key)
    assert OutboxMessage.objects.filter(resent_of=row).count() == 2


def test_what_is_gone_is_refused_with_a_sentence() -> None:
    browser, row = browser_of(people.make_owner()), mail()
    OutboxMessage.objects.filter(pk=row.pk).update(state="sent", to="")
    assert "cannot be sent again" in post(browser, f"{ADMIN}{row.pk}/resend/", form_key="a")
    assert browser.post(f"{ADMIN}999999/retry/").status_code == 404
