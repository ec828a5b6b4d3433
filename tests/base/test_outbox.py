"""The outbox: rows in the transaction of what they tell."""

from __future__ import annotations

import threading

import pytest
from django.db import transaction

from hub.base.errors import BadAddress
from hub.base.models import OutboxMessage
from hub.celery import app
from tests.base.outbox import mail, sms
from tests.builders import committed

pytestmark = pytest.mark.usefixtures("nobodys_templates")


@pytest.mark.django_db
def test_a_mail_is_rendered_and_written() -> None:
    row = mail(about="user:7")
    assert (row.state, row.to, row.about, row.purpose) == ("waiting", "sanne@example.com", "user:7", "test")
    assert row.subject == "Hello Sanne & Co <x>"
    assert "Dear Sanne & Co <x>, see http://127.0.0.1:8000/a/" in row.text
    assert "<p>Dear Sanne &amp; Co &lt;x&gt;</p>" in row.html


@pytest.mark.django_db
def test_a_subject_is_one_line_whatever_stands_in_it() -> None:
    row = mail(context={"name": "Sanne\r\nBcc: all@example.com\u2028x\x00"})
    assert row.subject == "Hello Sanne Bcc: all@example.com x"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "to", ["", "sanne", "a@b.c\nBcc: x@example.com", "a@example.com, b@example.com", "a" * 250 + "@example.com"]
)
def test_what_is_no_address_is_refused(to: str) -> None:
    with pytest.raises(BadAddress):
        mail(to)


@pytest.mark.django_db
@pytest.mark.parametrize("to", ["", "0612345678", "+0612345678", "+31 6 12345678", "+316123456781234567"])
def test_what_is_no_number_is_refused(to: str) -> None:
    with pytest.raises(BadAddress):
        sms(to)


@pytest.mark.django_db
def test_the_same_key_is_one_message() -> None:
    first = mail(key="receipt:1")
    assert mail(key="receipt:1").pk == first.pk
    assert OutboxMessage.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_not_sent() -> None:
    with transaction.atomic():
        mail()
        transaction.set_rollback(True)
    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db
def test_p2_an_sms_is_written() -> None:
    row = sms(language="nl")
    assert (row.channel, row.text, row.sender) == ("sms", "Balie: your code is 123456", "Balie")


@pytest.mark.django_db
def test_without_a_broker_the_message_is_written_and_nobody_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, released = threading.Event(), threading.Event()

    def hang(name: str, **_: object) -> None:
        assert name == "base.drain_outbox"
        asked.set()
        released.wait(60)
        raise OSError("the broker is gone")

    monkeypatch.setattr(app, "send_task", hang)
    with committed():
        row = mail()
    assert asked.wait(60)
    assert OutboxMessage.objects.get(pk=row.pk).state == "waiting"
    asked.clear()
    with committed():
        mail()
        mail()
    released.set()
    assert asked.wait(60), "what was written meanwhile is asked for once the first call has ended"
