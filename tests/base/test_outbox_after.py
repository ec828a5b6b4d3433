"""What comes after sending: again, wiped, counted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as django_mail
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from hub.base import clock
from hub.base.models import OutboxMessage
from hub.base.outbox import draining, queries, repeating, wiping
from tests.base.outbox import mail, sms

pytestmark = [pytest.mark.usefixtures("nobodys_templates"), pytest.mark.django_db]

FAILED = OutboxMessage.State.FAILED


def failed(row: OutboxMessage, **more: Any) -> OutboxMessage:
    OutboxMessage.objects.filter(pk=row.pk).update(state=FAILED, tries=10, error="550", **more)
    return fresh(row)


def fresh(row: OutboxMessage) -> OutboxMessage:
    return OutboxMessage.objects.get(pk=row.pk)


def test_what_failed_can_be_tried_again() -> None:
    row = failed(mail())
    repeating.retry(row.pk)
    assert (fresh(row).state, fresh(row).tries) == ("waiting", 0)
    draining.drain()
    assert fresh(row).state == "sent"
    repeating.retry(row.pk)
    assert fresh(row).state == "sent"


def test_all_that_failed_can_be_tried_again_but_what_is_of_no_use() -> None:
    row, late, gone = failed(mail()), failed(mail(), expires_at=clock.now()), failed(mail(), wiped_at=clock.now())
    assert repeating.retry_all() == 1
    assert [fresh(one).state for one in (row, late, gone)] == ["waiting", "failed", "failed"]
    for one in (late, gone):
        with pytest.raises(repeating.NothingToSend):
            repeating.retry(one.pk)


def test_sent_again_it_is_a_message_of_its_own_and_one_however_often_it_is_posted() -> None:
    row = mail(about="user:7")
    draining.drain()
    again = repeating.resend(row.pk, "form-1")
    assert repeating.resend(row.pk, "form-1").pk == again.pk != row.pk
    draining.drain()
    first, second = (one.message() for one in django_mail.outbox)
    assert (first["Subject"], first["To"]) == (second["Subject"], second["To"])
    assert first["Message-ID"] != second["Message-ID"]
    assert (fresh(again).about, fresh(again).resent_of_id) == ("user:7", row.pk)
    assert repeating.resend(row.pk, "form-2").pk != again.pk


@pytest.mark.parametrize("gone", [{"wiped_at": clock.now}, {"to": lambda: ""}, {"expires_at": clock.now}])
def test_what_is_gone_cannot_be_sent_again(gone: dict[str, Any]) -> None:
    row = mail()
    OutboxMessage.objects.filter(pk=row.pk).update(**{name: value() for name, value in gone.items()})
    with pytest.raises(repeating.NothingToSend):
        repeating.resend(row.pk, "form-1")


def test_p2_secrets_that_were_not_sent_are_wiped_when_they_are_of_no_use(settings: Any) -> None:
    settings.DEMO = False
    with clock.freeze() as time:
        late = failed(sms(secret=True, expires_at=clock.now() + timedelta(minutes=5)))
        endless, waiting, plain = failed(mail(secret=True)), mail(secret=True), failed(mail())
        wiping.wipe_secrets()
        assert fresh(late).text
        time.advance(minutes=5)
        wiping.wipe_secrets()
        assert (fresh(late).text, fresh(late).wiped_at) == ("", time.now())
        assert fresh(endless).html
        time.advance(days=8)
        wiping.wipe_secrets()
        assert (fresh(endless).text, fresh(endless).html) == ("", "")
        assert fresh(waiting).text
        assert fresh(plain).text


def test_a_demo_keeps_them_to_be_looked_at() -> None:
    with clock.freeze() as time:
        row = failed(sms(secret=True, expires_at=clock.now()))
        time.advance(days=30)
        wiping.wipe_secrets()
        assert fresh(row).text


def test_the_figures_tell_how_much_waits_and_for_how_long() -> None:
    with clock.freeze() as time:
        mail()
        time.advance(minutes=2)
        mail()
        failed(mail())
        families = {one.name: one for one in text_string_to_metric_families(Client().get("/metrics").content.decode())}
    waiting = {one.labels["channel"]: one.value for one in families["balie_outbox_waiting"].samples}
    oldest = {one.labels["channel"]: one.value for one in families["balie_outbox_oldest_seconds"].samples}
    assert (waiting, oldest) == ({"mail": 2, "sms": 0}, {"mail": 120, "sms": 0})
    assert families["balie_outbox_failed"].samples[0].value == 1


def test_messages_are_found_by_parts_of_recipient_and_subject() -> None:
    sanne, marko = mail("sanne@example.com"), mail("marko@example.com", context={"name": "Babić", "path": ""})
    assert list(queries.find(search="SANNE@")) == [sanne]
    assert list(queries.find(search="babić example")) == [marko]
    assert list(queries.find(search="nobody\0")) == []
    assert list(queries.find(before=marko.pk)) == [sanne]
    assert list(queries.find(state="failed")) == []
