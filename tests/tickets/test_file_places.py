"""X5, C11: files belong to things, and whoever may see the thing may see them, each time anew."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from hub.accounts.models import User
from hub.base import clock, erasing
from hub.base.errors import NotFound
from hub.base.personal_data import Subject
from tests import people
from tests.builders import committed
from tests.tickets.files_world import KIND, Uploader, register_home
from tickets.files import claims, tidying
from tickets.files.errors import FileLies, TooManyFiles, UploadUnfinished
from tickets.models import FilePlace, StoredFile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _home() -> None:
    register_home()


@pytest.fixture
def sanne() -> Uploader:
    return Uploader(people.make_customer())


@pytest.fixture
def thing() -> User:
    """Seen by themselves and by the hub owner."""
    return people.make_customer("Tom Visser")


def claim(uploader: Uploader, *file_ids: uuid.UUID, at: User) -> list[StoredFile]:
    return claims.claim(uploader.person, file_ids, kind=KIND, object_id=at.pk)


def test_x5_a_file_is_seen_by_whom_sees_what_it_belongs_to(sanne: Uploader, thing: User) -> None:
    file_id = sanne.uploads("a.txt", b"abc")
    claim(sanne, file_id, at=thing)
    tom, owner, stranger = Uploader(thing), Uploader(people.make_owner()), Uploader(people.make_agent())
    assert b"".join(tom.reads(file_id, "content/")) == b"abc"
    assert owner.reads(file_id).status_code == 200
    assert stranger.reads(file_id).status_code == 404
    assert sanne.reads(file_id).status_code == 404, "it is not hers any more: she does not see what it belongs to"
    assert sanne.client.get(f"/api/v1/files/{file_id}/content/").status_code == 404
    nobody = sanne.client.__class__()
    assert nobody.get(f"/api/v1/files/{file_id}/content/").status_code == 404


def test_x5_only_own_finished_files_are_taken(sanne: Uploader, thing: User) -> None:
    fine, open_one = sanne.uploads("a.txt", b"abc"), sanne.begins("b.txt", 9)
    lies = sanne.begins("c.png", 5)
    assert sanne.sends(lies, 0, b"words").status_code == 400
    theirs = Uploader(people.make_customer()).uploads("a.txt", b"abc")
    for wanted, why in ((open_one, UploadUnfinished), (lies, FileLies), (theirs, NotFound), (uuid.uuid4(), NotFound)):
        with pytest.raises(why):
            claim(sanne, fine, wanted, at=thing)
    assert not FilePlace.objects.exists(), "all or none"
    assert [one.pk for one in claim(sanne, fine, fine, at=thing)] == [fine]
    assert [one.pk for one in claim(sanne, fine, at=thing)] == [fine], "the same again"
    assert FilePlace.objects.count() == 1
    with pytest.raises(NotFound):
        claim(sanne, fine, at=sanne.user)  # a file is not taken from one thing to another by naming it


def test_two_hundred_files_at_once_are_refused_with_a_number(sanne: Uploader, thing: User, settings: Any) -> None:
    with pytest.raises(TooManyFiles) as refused:
        claim(sanne, *(uuid.uuid4() for _ in range(200)), at=thing)
    assert refused.value.params == {"most": settings.FILES_PER_MESSAGE_MAX}
    assert str(settings.FILES_PER_MESSAGE_MAX) in refused.value.text("nl")


def test_files_keep_the_order_in_which_they_were_named(sanne: Uploader, thing: User) -> None:
    ids = [sanne.uploads(f"{number}.txt", b"abc") for number in range(5)]
    claim(sanne, *reversed(ids), at=thing)
    shown = claims.files_of(KIND, [thing.pk, sanne.user.pk])
    assert [one.pk for one in shown[thing.pk]] == ids[::-1]
    assert sanne.user.pk not in shown


def test_c11_a_file_may_belong_to_a_second_thing_and_goes_with_the_last(
    sanne: Uploader, thing: User, settings: Any
) -> None:
    file_id = sanne.uploads("a.txt", b"abc")
    claim(sanne, file_id, at=thing)
    assert claims.place_also(KIND, [thing.pk], kind=KIND, object_id=sanne.user.pk) == 1
    assert claims.place_also(KIND, [thing.pk], kind=KIND, object_id=sanne.user.pk) == 0
    assert sanne.reads(file_id).status_code == 200
    with committed():
        assert claims.release(KIND, [thing.pk]) == 0
    assert sanne.reads(file_id, "content/").status_code == 200
    with committed():
        assert claims.release(KIND, [sanne.user.pk]) == 1
    assert not StoredFile.objects.exists()
    assert not [one for one in Path(settings.MEDIA_ROOT).rglob("*") if one.is_file()]


def test_p10_what_was_kept_long_enough_goes_and_its_place_stays(sanne: Uploader, thing: User) -> None:
    with clock.freeze() as travel:
        file_id = sanne.uploads("my secret.txt", b"abc")
        claim(sanne, file_id, at=thing)
        name = str(StoredFile.objects.get().content.name)
        travel.advance(days=10)
        assert tidying.remove_unused() == 0
        with committed():
            assert tidying.empty_files(clock.now(), 100) == 1
            assert tidying.empty_files(clock.now(), 100) == 0
    assert not default_storage.exists(name)
    said = Uploader(thing).reads(file_id)
    assert (said.json()["state"], said.json()["name"]) == ("gone", "")
    assert Uploader(thing).reads(file_id, "content/").status_code == 404


def test_p10_files_are_erased_with_who_sent_them(sanne: Uploader, thing: User) -> None:
    claim(sanne, sanne.uploads("a.txt", b"abc"), at=thing)
    sanne.sends(sanne.begins("b.txt", 5), 0, b"ab")
    names = [str(StoredFile.objects.exclude(content="").get().content.name)]
    with committed():
        erasing.erase(Subject(user_id=sanne.user.pk))
    assert not StoredFile.objects.exists()
    assert not FilePlace.objects.exists()
    assert not any(default_storage.exists(name) for name in names)
