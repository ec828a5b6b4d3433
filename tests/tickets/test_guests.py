"""Guests and new accounts show that a person sits there, without a puzzle (T1)."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from django.test import Client, override_settings

from hub.base.clock import Travel
from hub.base.errors import BadAddress, TooFast
from hub.base.models import OutboxMessage
from hub.base.proof_of_work import GOOD_FOR, ProofNeeded, new_challenge
from tests import people
from tests.proofs import solved
from tests.tickets.desk import Desk
from tickets.errors import SignInFirst
from tickets.models import Ticket, TicketRules

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _little_work(settings: Any) -> None:
    settings.PROOF_COST = settings.PROOF_TRIES_MAX = 20


@pytest.fixture
def open_desk(desk: Desk) -> Desk:
    TicketRules.objects.create(department=desk.here, takes_guests=True)
    return desk


def guest_files(desk: Desk, proof: str) -> Ticket:
    return desk.files(people.make_visitor(), contact_email="guest@example.com", proof=proof)


def test_t1_a_guest_without_a_proof_is_told_what_is_missing(open_desk: Desk) -> None:
    for nothing in ("", "abc", base64.b64encode(b"{}").decode(), "A" * 5000):
        with pytest.raises(ProofNeeded) as refusal:
            guest_files(open_desk, nothing)
        assert refusal.value.params == {"reason": "proof"}
    assert not Ticket.objects.exists()


def test_t1_one_proof_is_good_for_one_ticket(open_desk: Desk) -> None:
    proof = solved()
    guest_files(open_desk, proof)
    with pytest.raises(ProofNeeded):
        guest_files(open_desk, proof)
    assert Ticket.objects.count() == 1


def test_t1_what_is_refused_for_another_reason_keeps_its_proof(open_desk: Desk) -> None:
    proof = solved()
    with pytest.raises(BadAddress):
        open_desk.files(people.make_visitor(), contact_email="nowhere", proof=proof)
    assert guest_files(open_desk, proof).pk


def test_t1_a_challenge_that_was_changed_or_is_old_is_none(open_desk: Desk, time: Travel) -> None:
    easier = new_challenge()
    easier["parameters"]["keyPrefix"] = "0"
    later = json.loads(json.dumps(new_challenge()))
    later["parameters"]["data"]["until"] += 3600.0
    for changed in (easier, later):
        with pytest.raises(ProofNeeded):
            guest_files(open_desk, solved(changed))
    old = solved()
    time.advance(seconds=GOOD_FOR.total_seconds() + 1)
    with pytest.raises(ProofNeeded):
        guest_files(open_desk, old)


def test_x6_one_address_sends_only_so_many(open_desk: Desk) -> None:
    person = people.make_visitor()
    with override_settings(GUEST_TICKETS_PER_HOUR=2):
        for _ in range(2):
            open_desk.files(person, contact_email="guest@example.com", proof=solved())
        with pytest.raises(TooFast):
            open_desk.files(person, contact_email="guest@example.com", proof=solved())
    assert Ticket.objects.count() == 2


def test_t1_a_new_account_in_a_hurry_shows_it_too(desk: Desk, time: Travel, settings: Any) -> None:
    settings.NEW_ACCOUNT_TICKETS_PER_HOUR = 3
    for number in range(3):
        desk.files(subject=f"Number {number}")
    with pytest.raises(ProofNeeded):
        desk.files(subject="Number 3")
    assert desk.files(subject="Number 3", proof=solved()).pk
    time.advance(hours=25)
    for number in range(4):
        desk.files(subject=f"Again {number}")


def test_t1_x6_a_guest_has_no_mail_sent_to_others(open_desk: Desk) -> None:
    """CC is for accounts, over the API as on the form, which does not ask for it; so are files."""
    proof = solved()
    said: dict[str, Any] = {"cc": ["victim@example.com"], "contact_email": "guest@example.com", "proof": proof}
    with pytest.raises(SignInFirst):
        open_desk.files(people.make_visitor(), **said)
    assert not OutboxMessage.objects.exists()
    assert guest_files(open_desk, proof).cc == []


def test_t1_everybody_gets_a_challenge_that_the_library_can_solve(client: Client) -> None:
    answer = client.get("/api/v1/proof/")
    assert answer.status_code == 200
    assert solved(answer.json()["challenge"])
