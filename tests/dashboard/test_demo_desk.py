"""A newcomer's desk: what `manage.py demo_desk` promises."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from hub.base import clock
from hub.dashboard.demo import seed_demo
from hub.dashboard.demo_desk import seed_desk
from tickets.knowledge import finding
from tickets.models import Article, RuleRun, Ticket

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_the_desk_lives_from_the_first_minute() -> None:
    seed_demo()
    before = clock.now()
    assert seed_desk()
    assert {row.status for row in Ticket.objects.all()} == {"open", "pending", "solved"}
    assert Ticket.objects.filter(priority=4, agent=None).count() == 1  # the rule saw the smoke
    assert not Ticket.objects.filter(sla_at__lte=clock.now()).exists(), "the dispatcher finds nothing that is due"
    assert RuleRun.objects.get(name="Smoke and fire first").outcome == "done"
    assert Ticket.objects.earliest("created_at").created_at < before
    for language, typed in (("nl", "printer"), ("hr", "pisač"), ("it", "stampante"), ("fa", "چاپگر")):
        assert finding.suggest(None, typed, language)[0].language == language
    assert Article.objects.filter(is_published=False).count() == 1


def test_it_is_made_once_and_never_over_what_is_there() -> None:
    seed_demo()
    call_command("demo_desk")
    tickets, articles = Ticket.objects.count(), Article.objects.count()
    assert not seed_desk()
    assert (Ticket.objects.count(), Article.objects.count()) == (tickets, articles)
