"""The bin on screen and by the API (P5): who sees it, what goes when, and taking a ticket back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hub.base.clock import Travel
from tests.dashboard.admin_windows import Window
from tests.tickets.callers import Caller
from tests.tickets.desk import Desk, now_of
from tickets import retention
from tickets.actions import binning
from tickets.in_bin import lines
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def test_p5_the_owner_sees_what_was_deleted_and_takes_it_back(desk: Desk) -> None:
    ticket, owner = desk.files(subject="By mistake"), Window(desk.owner)
    assert "The bin is empty" in owner.reads("admin-bin")
    binning.delete(desk.as_(desk.owner), ticket.pk)
    page = owner.reads("admin-bin")
    assert "By mistake" in page
    assert desk.owner.name in page
    assert f'datetime="{(desk.MONDAY + timedelta(days=30)).isoformat()}"' in page
    for _ in range(2):
        assert owner.sends("admin-bin-restore", ticket.pk, form_key="once").status_code == 302
    assert now_of(ticket).deleted_at is None
    assert owner.sends("admin-bin-restore", ticket.pk).status_code == 404
    assert Window(desk.manager).asks("admin-bin").status_code == 403


def test_p5_after_thirty_days_it_is_gone(desk: Desk, time: Travel) -> None:
    ticket = desk.files()
    binning.delete(desk.as_(desk.owner), ticket.pk)
    time.advance(days=29)
    retention.tidy()
    assert Window(desk.owner).sends("admin-bin-restore", ticket.pk).status_code == 302
    binning.delete(desk.as_(desk.owner), ticket.pk)
    time.advance(days=31)
    retention.tidy()
    assert not Ticket.objects.exists()
    assert Window(desk.owner).sends("admin-bin-restore", ticket.pk).status_code == 404


def test_p5_a_long_bin_has_pages(desk: Desk, time: Travel) -> None:
    tickets = []
    for _ in range(3):
        tickets.append(desk.files())
        time.advance(minutes=1)
        binning.delete(desk.as_(desk.owner), tickets[-1].pk)
    first, is_more = lines(limit=2)
    assert ([one.ticket for one in first], is_more) == ([tickets[2], tickets[1]], True)
    rest, is_more = lines(before=first[-1].ticket.pk, limit=2)
    assert ([one.ticket for one in rest], is_more) == ([tickets[0]], False)


def test_a4_the_bin_by_api(desk: Desk) -> None:
    owner, ticket = Caller(desk.owner), desk.files(subject="Gone")
    binning.delete(desk.as_(desk.owner), ticket.pk)
    said = owner("get", "api-tickets-bin")["results"][0]
    assert (said["number"], said["subject"], said["deleted_by"]) == (ticket.number, "Gone", desk.owner.name)
    Caller(desk.manager)("post", "api-ticket-restore", ticket.pk, status=404)
    owner("post", "api-ticket-restore", ticket.pk, status=204)
    owner("post", "api-ticket-restore", ticket.pk, status=404)
