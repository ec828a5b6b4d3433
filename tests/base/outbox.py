"""Messages for tests of the outbox, from templates that are nobody's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hub.base.models import OutboxMessage
from hub.base.outbox import put_mail, put_sms

TEMPLATES = {
    "mail/test.txt": '{% extends "mail/base.txt" %}{% block subject %}Hello {{ name }}{% endblock %}'
    "{% block body %}Dear {{ name }}, see {{ hub_url }}{{ path }}{% endblock %}",
    "mail/test.html": '{% extends "mail/base.html" %}{% block body %}<p>Dear {{ name }}</p>{% endblock %}',
    "sms/test.txt": "{{ name }}: your code is {{ code }}\n",
}


@pytest.fixture
def nobodys_templates(settings: Any, tmp_path: Path) -> None:
    for name, text in TEMPLATES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], tmp_path]}]


def mail(to: str = "sanne@example.com", **more: Any) -> OutboxMessage:
    more = {"context": {"name": "Sanne & Co <x>", "path": "/a/"}, "language": "en", **more}
    return OutboxMessage.objects.get(pk=put_mail(to=to, template="test", **more))


def sms(to: str = "+31612345678", **more: Any) -> OutboxMessage:
    more = {"context": {"name": "Balie", "code": "123456"}, "language": "en", **more}
    return OutboxMessage.objects.get(pk=put_sms(to=to, template="test", **more))
