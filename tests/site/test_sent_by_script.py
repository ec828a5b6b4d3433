"""Forms that the page's script sends: who is not let in is told so, and keeps what was typed (U4)."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import people
from tests.browsers import browser_of

pytestmark = pytest.mark.django_db


def test_u4_who_is_signed_out_or_somebody_else_is_told_and_not_led_away() -> None:
    headers = {"X-Sent-By-Script": "1"}
    answer = Client().post("/tickets/new/", {"subject": "S"}, headers=headers)
    assert answer.status_code == 401
    assert answer.json()["to"].startswith("/login/?next=")
    staff = browser_of(people.make_agent())
    assert staff.post("/tickets/new/", {"subject": "S"}, headers=headers).status_code == 401
    assert staff.post("/tickets/new/", {"subject": "S"})["Location"] == "/console/"
