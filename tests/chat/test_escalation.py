"""A chat becomes a ticket, with all that was in it, and goes on (C11)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from chat.models import Message, Session
from hub.base import clock
from hub.base.errors import Forbidden, NotFound
from hub.base.proof_of_work import ProofNeeded
from tests.builders import Actor, World, frames, now_of, transcript
from tests.dashboard.admin_windows import Window
from tests.proofs import solved
from tickets.actions.creating import NewTicket, create
from tickets.models import FilePlace, Ticket, TicketEntry, TicketRules


@pytest.fixture(autouse=True)
def _own_disk(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    settings.FILES_DISK_FREE_PERCENT_MIN = 0
    settings.PROOF_COST = settings.PROOF_TRIES_MAX = 20


@pytest.fixture
def sanne(world: World) -> Actor:
    return world.customer(email="sanne@example.com")


@pytest.fixture
def talk(world: World, sanne: Actor) -> tuple[Session, Actor]:
    support = world.department()
    marko = world.agent(support)
    chat = sanne.starts(support, "My printer <b>burns</b>")
    world.runs(seconds=5)
    marko.accepts(chat)
    marko.says(chat, "Which one?")
    sanne.sends(chat, sanne.uploads("error.log", b"smoke\n"))
    marko.sends(chat, marko.uploads("secret.log", b"among us\n"), text="Careful, calls often", kind="note")
    return chat, marko


def test_c11_the_ticket_has_transcript_files_customer_and_note(sanne: Actor, talk: tuple[Session, Actor]) -> None:
    chat, marko = talk
    number = marko.makes_a_ticket(chat, subject="Burning printer", note="Spare parts?")
    ticket = Ticket.objects.get(pk=number)
    assert (ticket.customer_id, ticket.session_id, ticket.channel) == (sanne.id, chat.pk, "chat")
    assert (ticket.subject, ticket.agent_id, ticket.initiator) == ("Burning printer", marko.id, "staff")
    assert ticket.awaits_since is not None, "the customer waits for an answer"
    first, note, *_ = TicketEntry.objects.filter(ticket=ticket).exclude(kind="event").order_by("seq")
    for said in ("My printer <b>burns</b>", "Which one?", "File: error.log", "Sanne de Vries", "Marko Horvat"):
        assert said in first.text
    assert "calls often" not in first.text, "what only staff see is not told"
    assert (note.text, note.is_public) == ("Spare parts?", False)
    placed = FilePlace.objects.filter(kind="ticket_entry", number=first.pk)
    assert [one.file.name for one in placed] == ["error.log"]


def test_c11_both_sides_read_the_number_and_the_chat_goes_on(
    world: World, sanne: Actor, talk: tuple[Session, Actor]
) -> None:
    chat, marko = talk
    number = marko.makes_a_ticket(chat)
    assert now_of(chat) == ("active", "")
    event = frames(world.published, "message")[-1].frame
    assert (event["event"]["type"], event["event"]["number"]) == ("ticket", number)
    assert "seq" in event, "the customer sees it"
    assert frames(world.published, "session")[-1].frame["ticket"] == number
    sanne.says(chat, "Thank you")
    assert transcript(chat)[-2:] == ["[ticket]", "Thank you"]


def test_c11_asked_twice_it_is_one_ticket_unless_another_is_wanted(talk: tuple[Session, Actor]) -> None:
    chat, marko = talk
    number = marko.makes_a_ticket(chat)
    assert marko.makes_a_ticket(chat, subject="Something else") == number
    assert marko.makes_a_ticket(chat, subject="Something else", again=True) != number
    assert Ticket.objects.filter(session_id=chat.pk).count() == 2


def test_c11_an_ended_chat_can_become_one_too(sanne: Actor, talk: tuple[Session, Actor]) -> None:
    chat, marko = talk
    sanne.ends(chat)
    assert marko.makes_a_ticket(chat)
    assert now_of(chat)[0] == "ended"
    assert transcript(chat)[-1] == "[ticket]"


def test_c11_p5_only_staff_who_see_the_chat(world: World, sanne: Actor, talk: tuple[Session, Actor]) -> None:
    chat, marko = talk
    stranger, colleague = world.agent(world.department(), name="Luca"), world.agent(chat.department, name="Ana")
    for other in (stranger, colleague):
        with pytest.raises(NotFound):
            other.makes_a_ticket(chat)
    with pytest.raises(Forbidden):
        sanne.makes_a_ticket(chat)
    with pytest.raises(Forbidden):
        marko.makes_a_ticket(chat, to="remote_help")
    for nowhere in ("0", "999999999", "x"):
        with pytest.raises(NotFound):
            marko.makes_a_ticket(chat, department=nowhere)
    manager = world.manager(chat.department)
    assert manager.makes_a_ticket(chat)
    assert Ticket.objects.count() == 1


def test_c12_the_customer_makes_a_ticket_of_the_own_chat(
    world: World, sanne: Actor, talk: tuple[Session, Actor]
) -> None:
    chat, _ = talk
    sanne.ends(chat)
    asked = NewTicket(chat.department_id, "Still burning", "<p>It was not solved.</p>", session_id=chat.pk, note="x")
    ticket = create(sanne.person, asked)
    entry = ticket.entries.get(seq=1)
    assert entry.text.startswith("It was not solved.")
    assert "Which one?" in entry.text
    assert not ticket.entries.filter(is_public=False).exists(), "notes are for staff"
    assert transcript(chat)[-1] == "[ticket]"
    with pytest.raises(NotFound):
        create(world.customer("Piet").person, asked)


def test_p4_who_reads_along_does_not_speak_for_the_member(world: World, talk: tuple[Session, Actor]) -> None:
    from tests import people

    chat, _ = talk
    firm = people.make_organisation()
    Session.objects.filter(pk=chat.pk).update(organisation=firm.organisation)
    owner = people.person_of(firm.owner)
    assert Session.objects.visible_to(owner).filter(pk=chat.pk).exists()
    with pytest.raises(Forbidden):
        create(owner, NewTicket(chat.department_id, "Mine", "<p>x</p>", session_id=chat.pk))


def test_c11_t1_a_guest_has_no_address_and_staff_may_know_one(world: World) -> None:
    support = world.department()
    marko, guest = world.agent(support), world.visitor()
    chat = guest.starts(support, "Hello")
    world.runs(seconds=5)
    marko.accepts(chat)
    bare = Ticket.objects.get(pk=marko.makes_a_ticket(chat))
    assert (bare.customer_id, bare.contact_email) == (guest.id, "")
    told = Ticket.objects.get(pk=marko.makes_a_ticket(chat, email="guest@example.com", again=True))
    assert told.contact_email == "guest@example.com"


def test_t1_c12_a_guest_of_a_free_chat_makes_one_with_a_proof(world: World) -> None:
    support = world.department()
    TicketRules.objects.create(department=support, takes_guests=True)
    guest = world.visitor()
    chat = guest.starts(support, "Hello")
    asked: dict[str, Any] = {"contact_email": "guest@example.com", "session_id": chat.pk}
    with pytest.raises(ProofNeeded):
        create(guest.person, NewTicket(support.pk, "Hello", "", **asked))
    assert create(guest.person, NewTicket(support.pk, "Hello", "", **asked, proof=solved())).customer_id == guest.id


def test_c11_of_a_very_long_chat_the_end_is_told(sanne: Actor, talk: tuple[Session, Actor]) -> None:
    chat, marko = talk
    for number in range(12):
        sanne.says(chat, f"{number} " + "x" * 7990)
    entry = Ticket.objects.get(pk=marko.makes_a_ticket(chat)).entries.get(seq=1)
    assert "11 xxx" in entry.text
    assert "My printer" not in entry.text
    assert "What was said before stands in the chat." in entry.text
    assert Message.objects.filter(session=chat).exists()


def test_c11_the_pages_of_a_chat_show_its_ticket_and_files_to_who_may_open_them(
    sanne: Actor, talk: tuple[Session, Actor]
) -> None:
    chat, marko = talk
    number = marko.makes_a_ticket(chat)
    for actor, page, ticket_page in ((sanne, "chat-page", "ticket"), (marko, "admin-chat", "desk-ticket")):
        text = Window(actor.user).reads(page, chat.pk)
        assert f'href="{reverse(ticket_page, args=[number])}"' in text
        assert "error.log" in text
        assert "secret.log" not in text
    Ticket.objects.filter(pk=number).update(deleted_at=clock.now())
    text = Window(sanne.user).reads("chat-page", chat.pk)
    assert reverse("ticket", args=[number]) not in text, "what lies in the bin is no way to go"
