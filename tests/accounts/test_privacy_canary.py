"""P10: the export holds all that is known about a person, and erasure leaves nothing of it.

Every personal cell, found from the declarations and so from the schema, gets a word of its own. A declaration that is
taken away fails the test: which ones are not noticed, because another takes their rows along, is written below.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from chat.actions import messages
from chat.models import Session
from chat.wire import incoming
from credits.store.mandates import revoke_due
from hub.accounts.actions import erasure
from hub.accounts.models import User
from hub.accounts.privacy import subject_of
from hub.base import erasing, personal_data
from hub.base.registries import Registry, audits
from tests.accounts.canaries import Canary, exported, left_behind, plant
from tests.builders import World, a_world, committed

# Their rows go with a row of another table, or by a trigger, so that nothing is left either way.
GO_WITH_OTHERS = {"otp_static_statictoken", "accounts_personindex", "base_outboxfile"}


@dataclass
class Scene:
    world: World
    user: User
    chat: Session
    planted: list[Canary]


@pytest.fixture
def scene(db: None, settings: Any, tmp_path: Path) -> Iterator[Scene]:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    with a_world() as world:
        yield _scene(world)


def _scene(world: World) -> Scene:
    """A customer who has chatted, paid, edited and rated; a colleague left notes; then a word in every cell."""
    department = world.department(price_m=2000)
    agent = world.agent(department)
    customer = world.customer(credits=100, department=department, agent=agent.user, email="sanne@example.com")
    chat = customer.starts(department, "My printer is on fire")
    world.runs(seconds=1)
    agent.accepts(chat)
    agent.says(chat, "Which one?")
    seq = customer.says(chat, "The blue one")
    with committed():
        messages.edit(actor=customer.person, frame=_edit(chat, seq))
        messages.send(actor=agent.person, frame=_note(chat))
    agent.waives(chat, 1, "our fault")
    world.passes(minutes=2)
    customer.ends(chat)
    agent.wraps_up(chat)
    world.runs(seconds=5)
    customer.rates(chat, 4, comment="Quick")
    customer.user.refresh_from_db()
    return Scene(world, customer.user, chat, plant(customer.user))


def _edit(chat: Session, seq: int) -> incoming.MessageEdit:
    return incoming.MessageEdit(id=uuid.uuid4(), session=str(chat.pk), seq=seq, text="The red one")


def _note(chat: Session) -> incoming.MessageSend:
    return incoming.MessageSend(id=uuid.uuid4(), session=str(chat.pk), kind="note", text="Knows printers well")


def _shown(planted: list[Canary], user: User, *, complete: bool) -> set[Canary]:
    """Those that an export has to hold, by what was declared."""
    shown: set[Canary] = set()
    for declared in personal_data.tables:
        of = declared.of if complete else declared.shown or declared.of
        if of is None:
            continue
        rows = set(declared.model._default_manager.filter(of(subject_of(user))).values_list("pk", flat=True))
        names = {*declared.personal.split(), *(declared.for_staff.split() if complete else ())}
        shown |= {one for one in planted if one.table == declared.name and one.column in names and one.row in rows}
    return shown


def test_p10_a_word_stands_in_every_column(scene: Scene) -> None:
    """The test would prove nothing about a column into which no word was put."""
    cells = {(one.table, one.column) for one in scene.planted}
    for declared in personal_data.tables:
        for name in declared.emptied() if declared.of is not None else ():
            assert (declared.name, name) in cells or name == "session_key", (declared.name, name)
    assert len(left_behind(scene.planted)) == len(scene.planted)


def test_p10_the_export_holds_all(scene: Scene) -> None:
    """The customer's own: all but what staff wrote for each other. The owner's: that too. Secrets are in neither."""
    scene.user.refresh_from_db()
    for complete in (False, True):
        text = exported(scene.user, complete=complete)
        wanted = _shown(scene.planted, scene.user, complete=complete)
        assert [one for one in scene.planted if (one.word in text) != (one in wanted)] == []
    by_staff = {one.table for one in _shown(scene.planted, scene.user, complete=True)}
    assert {"accounts_staffnote", "credits_transfernote", "chat_session"} <= by_staff


def test_p10_erasure_leaves_nothing(scene: Scene) -> None:
    """No word in any column of any table nor in any file; the books still add up; the number stays given."""
    number = scene.user.login_number
    with committed():
        erasure.erase_now(scene.world.owner().person, scene.user)
    revoke_due()  # the worker: what they had permitted is kept until its provider revoked it
    assert left_behind(scene.planted) == []
    assert [offence for audit in audits for offence in audit.find()] == []
    scene.user.refresh_from_db()
    assert (scene.user.login_number, scene.user.is_active, scene.user.name) == (number, False, number)
    with committed():
        erasure.erase_again()
    revoke_due()
    assert left_behind(scene.planted) == []


def test_p10_each_declaration_is_needed(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the words of its table are left behind: the test above bites, table by table."""
    scene.user.refresh_from_db()
    unnoticed = set()
    for missing in [one for one in personal_data.tables if one.of is not None and one.emptied()]:
        fewer: Registry[personal_data.PersonalColumns] = Registry()
        for declared in personal_data.tables:
            if declared is not missing:
                fewer.register(declared)
        with monkeypatch.context() as patched, transaction.atomic():
            patched.setattr(personal_data, "tables", fewer)
            User.objects.filter(pk=scene.user.pk).update(erased_at=scene.user.created_at)
            erasing.erase(subject_of(scene.user))
            if missing.name not in {one.table for one in left_behind(scene.planted)}:
                unnoticed.add(missing.name)
            transaction.set_rollback(True)
    assert unnoticed == GO_WITH_OTHERS
