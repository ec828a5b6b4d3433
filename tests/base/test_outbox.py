"""The outbox: rows in the transaction of what they tell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from hub.base.errors import BadAddress
from hub.base.models import OutboxMessage
from hub.base.outbox import put_mail, put_sms

TEMPLATES = {
    "mail/test.txt": '{% extends "mail/base.txt" %}{% block subject %}Hello {{ name }}{% endblock %}'
    "{% block body %}Dear {{ name }}, see {{ hub_url }}{{ path }}{% endblock %}",
    "mail/test.html": '{% extends "mail/base.html" %}{% block body %}<p>Dear {{ name }}</p>{% endblock %}',
    "sms/test.txt": "{{ name }}: your code is {{ code }}\n",
}


@pytest.fixture(autouse=True)
def _templates(settings: Any, tmp_path: Path) -> None:
    for name, text in TEMPLATES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], tmp_path]}]


def mail(to: str = "sanne@example.com", **more: Any) -> OutboxMessage:
    more = {"context": {"name": "Sanne & Co <x>", "path": "/a/"}, "language": "en", **more}
    return OutboxMessage.objects.get(pk=put_mail(to=to, template="test", **more))


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
        put_sms(to=to, template="test", language="en", context={})


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
    pk = put_sms(to="+31612345678", template="test", language="nl", context={"name": "Balie", "code": "123456"})
    row = OutboxMessage.objects.get(pk=pk)
    assert (row.channel, row.text) == ("sms", "Balie: your code is 123456")
