"""Files in chat (C8, X5): exactly once, seen by whom sees the chat, gone with it."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chat.actions import messages
from chat.errors import SameIdOtherContent
from chat.models import Message, Session
from chat.privacy import message_ids_with_files
from chat.retention import empty_chats
from chat.wire import incoming
from hub.base import clock
from hub.base.errors import DomainError, Ended, Forbidden, NotFound
from hub.base.personal_data import Subject, erasers, exporters
from tests.builders import Actor, World, frames, transcript
from tests.tickets import hostile_files as hostile
from tickets.files import judging
from tickets.files.errors import UploadUnfinished
from tickets.files.uploads import begin, take_whole
from tickets.models import FilePlace, StoredFile

LOG = b"Line after line of a log.\n"


@pytest.fixture(autouse=True)
def _own_disk(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    settings.FILES_DISK_FREE_PERCENT_MIN = 0


@pytest.fixture
def sanne(world: World) -> Actor:
    return world.customer()


@pytest.fixture
def talk(world: World, sanne: Actor) -> tuple[Session, Actor]:
    support = world.department()
    marko = world.agent(support)
    chat = sanne.starts(support, "My printer is on fire")
    world.runs(seconds=5)
    marko.accepts(chat)
    return chat, marko


def files_of(frame: dict[str, Any]) -> list[str]:
    return [one["name"] for one in frame.get("files") or []]


def test_c8_a_file_stands_in_the_chat_for_both_sides(world: World, sanne: Actor, talk: tuple[Session, Actor]) -> None:
    chat, marko = talk
    seq = sanne.sends(chat, sanne.uploads("error.log", LOG), text="Here it is")
    told = frames(world.published, "message")[-1].frame
    assert (told["seq"], told["kind"], told["text"], files_of(told)) == (seq, "file", "Here it is", ["error.log"])
    (file,) = told["files"]
    assert (file["size"], file["type"]) == (len(LOG), "text/plain")
    assert file["url"].endswith("/content/")
    for reader in (sanne, marko):
        assert StoredFile.objects.visible_to(reader.person).filter(pk=file["id"]).exists()
    marko.sends(chat, marko.uploads("manual.txt", LOG))
    assert transcript(chat)[-2:] == ["Here it is", ""]


def test_c8_resume_and_backlog_tell_of_files_as_live_frames_do(
    world: World, sanne: Actor, talk: tuple[Session, Actor]
) -> None:
    chat, _ = talk
    sanne.sends(chat, sanne.uploads("a.log", LOG), sanne.uploads("b.log", LOG))
    live = frames(world.published, "message")[-1].frame
    from chat import transcript as said

    page = said.backlog(chat.pk, incoming.Backlog(uuid.uuid4(), str(chat.pk), limit=10, after_seq=0), staff=False)
    assert [one.name for one in page.messages[-1].files or []] == files_of(live) == ["a.log", "b.log"]


def test_c8_x5_nobody_else_sees_them(world: World, sanne: Actor, talk: tuple[Session, Actor]) -> None:
    chat, marko = talk
    file_id = sanne.uploads("secret.log", LOG)
    sanne.sends(chat, file_id)
    hidden = marko.uploads("for-us.log", LOG)
    marko.sends(chat, hidden, kind="note")
    colleague, stranger = world.agent(chat.department, name="Ana Kovač"), world.customer("Piet")
    for other in (colleague, stranger, world.visitor()):
        assert not StoredFile.objects.visible_to(other.person).filter(pk__in=[file_id, hidden]).exists()
    assert StoredFile.objects.visible_to(marko.person).filter(pk__in=[file_id, hidden]).count() == 2
    assert not StoredFile.objects.visible_to(sanne.person).filter(pk=hidden).exists(), "a note's file is staff's"
    assert StoredFile.objects.visible_to(None).count() == 0


def test_c5_c8_the_same_message_again_is_one_message(sanne: Actor, talk: tuple[Session, Actor]) -> None:
    chat, _ = talk
    file_id, key = sanne.uploads("error.log", LOG), uuid.uuid4()
    first = sanne.sends(chat, file_id, id=key)
    assert sanne.sends(chat, file_id, id=key) == first
    assert Message.objects.filter(session=chat, kind="file").count() == FilePlace.objects.count() == 1
    with pytest.raises(SameIdOtherContent):
        sanne.sends(chat, file_id, id=key, text="other")
    with pytest.raises(NotFound):
        sanne.sends(chat, file_id)
    assert Message.objects.filter(session=chat, kind="file").count() == 1


def test_x5_what_is_not_ones_own_or_not_there_is_refused(
    world: World, sanne: Actor, talk: tuple[Session, Actor]
) -> None:
    chat, marko = talk
    unfinished = str(begin(sanne.person, "half.log", 100).pk)
    for file_id, refusal in (
        (marko.uploads("his.log", LOG), NotFound),
        (str(uuid.uuid4()), NotFound),
        ("../../etc/passwd", NotFound),
        (unfinished, UploadUnfinished),
    ):
        with pytest.raises(refusal):
            sanne.sends(chat, file_id)
    with pytest.raises(NotFound):
        world.customer("Piet").sends(chat, sanne.uploads("a.log", LOG))
    assert not FilePlace.objects.exists()


HOSTILE: dict[str, Callable[[], bytes]] = {
    "picture.png": hostile.huge_picture,
    "archive.zip": hostile.bomb,
    "holiday.jpg": lambda: b"MZ" + b"\0" * 200,
    "drawing.png": lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "damaged.jpg": lambda: hostile.photo()[:200],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_x5_hostile_files_never_come_into_a_chat(sanne: Actor, talk: tuple[Session, Actor], name: str) -> None:
    chat, marko = talk
    with contextlib.suppress(DomainError):
        take_whole(sanne.person, name, HOSTILE[name]())
    while judging.draw_next():
        pass
    row = StoredFile.objects.get()
    with pytest.raises(DomainError):
        sanne.sends(chat, str(row.pk))
    assert not StoredFile.objects.visible_to(marko.person).exists()
    assert "[file]" not in transcript(chat)


def test_c7_c8_a_deleted_message_takes_its_files_along(sanne: Actor, talk: tuple[Session, Actor]) -> None:
    chat, marko = talk
    seq = sanne.sends(chat, sanne.uploads("passport.log", LOG), text="Oops")
    messages.delete(actor=sanne.person, frame=incoming.MessageDelete(id=uuid.uuid4(), session=str(chat.pk), seq=seq))
    assert not StoredFile.objects.exists()
    other = marko.sends(chat, marko.uploads("mine.log", LOG))
    with pytest.raises(Forbidden):
        messages.delete(
            actor=sanne.person, frame=incoming.MessageDelete(id=uuid.uuid4(), session=str(chat.pk), seq=other)
        )


def test_c8_after_the_end_nothing_more_comes_and_the_upload_stays_ones_own(
    sanne: Actor, talk: tuple[Session, Actor]
) -> None:
    chat, _ = talk
    file_id = sanne.uploads("late.log", LOG)
    sanne.ends(chat)
    with pytest.raises(Ended):
        sanne.sends(chat, file_id)
    assert not FilePlace.objects.exists()


def test_m2_c8_a_file_is_a_first_reply(world: World, sanne: Actor, talk: tuple[Session, Actor]) -> None:
    chat, marko = talk
    marko.sends(chat, marko.uploads("manual.txt", LOG))
    world.runs(seconds=2)
    chat.refresh_from_db()
    assert chat.started_at is not None


def test_c12_the_transcript_names_files(sanne: Actor, talk: tuple[Session, Actor]) -> None:
    from chat import receipt

    chat, _ = talk
    sanne.sends(chat, sanne.uploads("error.log", LOG), text="Look")
    text = receipt.write(chat, language="en", time_zone="UTC", shows_money=True, own=True)
    assert "Look\n  File: error.log" in text


def test_p10_files_go_with_the_chat_and_with_the_person(sanne: Actor, talk: tuple[Session, Actor]) -> None:
    chat, marko = talk
    marko.sends(chat, marko.uploads("offer.txt", LOG))
    sanne.sends(chat, sanne.uploads("error.log", LOG))
    subject = Subject(sanne.id)
    told = exporters["chat_files"].read(subject)
    assert isinstance(told, list)
    assert [one["name"] for one in told] == ["offer.txt", "error.log"]
    erasers["chat_files"].run(subject)
    assert not StoredFile.objects.exists(), "also what staff sent them"


def test_p10_files_are_kept_no_longer_than_what_was_said(sanne: Actor, talk: tuple[Session, Actor]) -> None:
    chat, _ = talk
    sanne.sends(chat, sanne.uploads("error.log", LOG))
    sanne.ends(chat)
    assert len(message_ids_with_files([chat.pk])) == 1
    assert empty_chats(clock.now().replace(year=2100), 10) == 1
    assert not StoredFile.objects.exists()
