"""X5, C8, T1: files arrive in parts that may be cut off; what may go wrong is told and loses nothing."""

from __future__ import annotations

import io
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from hub.base import clock
from hub.base.errors import Conflict
from hub.base.snapshots import forget_all
from hub.site.public import set_settings
from tests import people
from tests.builders import committed
from tests.tickets import hostile_files as hostile
from tests.tickets.files_world import Uploader
from tickets import tasks
from tickets.files import judging, pictures, tidying, uploads
from tickets.files.errors import FileRefused, WrongOffset
from tickets.models import FilePart, StoredFile

pytestmark = pytest.mark.django_db
WORDS = b"Line after line of a log.\n" * 400


@pytest.fixture
def sanne() -> Uploader:
    return Uploader(people.make_customer())


def _dies(_: object) -> None:
    raise SystemExit


def stored(settings: Any) -> list[Path]:
    return [one for one in Path(settings.MEDIA_ROOT).rglob("*") if one.is_file()]


def test_x5_an_upload_that_is_cut_goes_on_where_it_stopped(sanne: Uploader, settings: Any) -> None:
    file_id = sanne.begins("log.txt", len(WORDS))
    assert sanne.sends(file_id, 0, WORDS[:5000]).headers["Upload-Offset"] == "5000"
    cut = sanne.sends(file_id, 5000, WORDS[5000:], **{"wsgi.input": io.BytesIO(WORDS[5000:-100])})  # at 99 %
    assert cut.status_code == 400
    assert sanne.stands_at(file_id) == 5000, "what was cut counts for nothing"
    again = sanne.sends(file_id, 0, WORDS[:5000])
    assert (again.status_code, again.json()["offset"]) == (409, 5000)
    with committed():
        assert sanne.sends(file_id, 5000, WORDS[5000:]).status_code == 204
    said = sanne.reads(file_id).json()
    assert (said["state"], said["name"], said["type"], said["size"]) == ("ready", "log.txt", "text/plain", len(WORDS))
    assert b"".join(sanne.reads(file_id, "content/")) == WORDS
    assert len(stored(settings)) == 1, "the parts are gone"


def test_x5_it_is_given_as_a_download_that_is_no_page_of_ours(sanne: Uploader) -> None:
    answer = sanne.reads(sanne.uploads("راهنما <b>.html", b"<script>alert(1)</script>"), "content/")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith(
        "attachment; filename=\"______ _b_.html\"; filename*=UTF-8''%D8"
    )
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    same = sanne.client.get(answer.request["PATH_INFO"], headers={"if-none-match": answer.headers["ETag"]})
    assert (same.status_code, same.content) == (304, b"")


def test_x5_a_picture_is_given_only_as_we_drew_it(sanne: Uploader, settings: Any) -> None:
    file_id = sanne.uploads("holiday.jpg", hostile.photo(900))
    assert sanne.reads(file_id).json()["state"] == "checking"
    waits = sanne.reads(file_id, "content/")
    assert (waits.status_code, waits.headers["Retry-After"]) == (409, "2")
    with committed():
        tasks.draw_pictures()
    said = sanne.reads(file_id).json()
    assert (said["state"], said["width"], said["height"]) == ("ready", 450, 900)
    shown = sanne.reads(file_id, "content/")
    content = b"".join(shown)
    assert hostile.PLACE not in content
    assert (len(content), shown.headers["Content-Type"]) == (said["size"], "image/jpeg")
    assert shown.headers["Content-Disposition"].startswith("inline")
    preview = sanne.client.get(said["preview_url"], headers={"accept": "image/avif,image/webp"})
    assert preview.headers["Content-Type"] == "image/jpeg"
    assert len(stored(settings)) == 2, "what was sent is gone"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("holiday.png", b"MZ\x90\0 a programme", "kind"),
        ("holiday.png", b"%PDF-1.4", "lies"),
        ("holiday.png", hostile.huge_picture(), "pixels"),
        ("holiday.png", b"\x89PNG\r\n\x1a\n and no more", "unreadable"),
        ("all.zip", hostile.bomb(), "bomb"),
    ],
)
def test_x5_what_is_refused_says_why_and_leaves_nothing(
    sanne: Uploader, settings: Any, name: str, content: bytes, reason: str
) -> None:
    with committed():
        file_id = sanne.begins(name, len(content))
        answer = sanne.sends(file_id, 0, content)
    assert (answer.status_code, answer.json()["reason"]) == (400, reason)
    assert answer.json()["title"]
    assert sanne.reads(file_id).json() == {
        "id": str(file_id),
        "name": name,
        "size": len(content),
        "type": "",
        "received": len(content),
        "state": "refused",
        "reason": reason,
    }
    assert sanne.reads(file_id, "content/").status_code == 404
    assert stored(settings) == []


def test_x5_a_picture_that_breaks_while_it_is_drawn_is_refused(sanne: Uploader, settings: Any) -> None:
    broken = hostile.photo(900)[:3000]
    with committed():
        file_id = sanne.uploads("a.jpg", broken)
        tasks.draw_pictures()
    assert sanne.reads(file_id).json()["reason"] == "unreadable"
    assert stored(settings) == []


def test_x5_a_picture_that_kills_workers_is_given_up(sanne: Uploader, monkeypatch: pytest.MonkeyPatch) -> None:
    file_id = sanne.uploads("a.png", hostile.see_through())
    monkeypatch.setattr(pictures, "draw", _dies)
    with clock.freeze() as travel:
        for _ in range(judging.TRIES_MAX):
            with pytest.raises(SystemExit):
                judging.draw_next()
            assert not judging.draw_next(), "while it is one worker's, no other takes it"
            travel.advance(minutes=4)
        assert not judging.draw_next()
    assert sanne.reads(file_id).json()["state"] == "refused"


def test_what_a_dead_process_left_unjudged_is_judged(sanne: Uploader, monkeypatch: pytest.MonkeyPatch) -> None:
    file_id = sanne.begins("a.txt", 3)
    with clock.freeze() as travel:
        with monkeypatch.context() as patched:
            patched.setattr(uploads, "judge_received", _dies)
            with pytest.raises(SystemExit):
                sanne.sends(file_id, 0, b"abc")
        assert sanne.reads(file_id).json()["state"] == "received"
        tasks.tidy_files()
        assert sanne.reads(file_id).json()["state"] == "received", "perhaps it is being judged this moment"
        travel.advance(minutes=2)
        tasks.tidy_files()
    assert sanne.reads(file_id).json()["state"] == "ready"


def test_a_form_brings_a_whole_file_and_the_same_key_is_the_same_file(sanne: Uploader, settings: Any) -> None:
    settings.FILE_PART_BYTES_MAX = 4000

    def post(content: bytes) -> Any:
        given = SimpleUploadedFile("../../log.txt", content)
        return sanne.client.post("/api/v1/files/", {"file": given}, headers={"idempotency-key": "k1"})

    first = post(WORDS)
    assert (first.status_code, first.json()["state"], first.json()["name"]) == (201, "ready", "log.txt")
    assert post(WORDS).json()["id"] == first.json()["id"]
    assert post(WORDS + b"!").status_code == 409
    assert post(WORDS[:-1] + b"!").status_code == 409, "as long, and something else"
    assert sanne.client.post("/api/v1/files/", {"other": "x"}).status_code == 400


def test_the_same_picture_under_its_key_is_the_same_file_though_it_was_drawn_anew(sanne: Uploader) -> None:
    first = uploads.take_whole(sanne.person, "holiday.jpg", hostile.photo(900), key="k1")
    with committed():
        tasks.draw_pictures()
    again = uploads.take_whole(sanne.person, "holiday.jpg", hostile.photo(900), key="k1")
    assert (again.pk, again.state) == (first.pk, StoredFile.State.READY)
    assert again.size != first.size
    with pytest.raises(Conflict):
        uploads.take_whole(sanne.person, "holiday.jpg", hostile.photo(901), key="k1")


def test_x6_too_large_too_many_too_little(sanne: Uploader, settings: Any) -> None:
    settings.FILE_BYTES_MAX, settings.FILE_UPLOADS_OPEN_MAX = 100, 2
    assert sanne.announces("a.txt", 101).status_code == 413
    assert sanne.client.post("/api/v1/files/", {"file": SimpleUploadedFile("a", b"x" * 101)}).status_code == 413
    assert sanne.announces("a.txt", 0).json()["reason"] == "empty"
    assert sanne.announces("a.txt", 1, **{"Upload-Length": "-1"}).status_code == 400
    assert sanne.announces("a.txt", 1, **{"Upload-Metadata": "filename %%%"}).status_code == 400
    file_id = sanne.begins("a.txt", 10)
    assert sanne.sends(file_id, 0, b"x" * 11).status_code == 413
    assert sanne.sends(file_id, 0, b"").status_code == 400
    settings.FILE_PART_BYTES_MAX = 5
    assert sanne.sends(file_id, 0, b"x" * 6).status_code == 413
    sanne.begins("b.txt", 10)
    third = sanne.announces("c.txt", 10)
    assert (third.status_code, third.headers["Retry-After"]) == (429, "30")
    assert sanne.client.delete(f"/api/v1/files/{file_id}/").status_code == 204
    settings.FILE_UPLOADS_PER_HOUR_MAX = 4
    assert sanne.announces("c.txt", 10).status_code == 201
    assert sanne.announces("d.txt", 10).status_code == 429


def test_t11_quotas_are_off_until_somebody_sets_one(sanne: Uploader) -> None:
    owner, agent = people.make_owner(), Uploader(people.make_agent())
    company = people.make_organisation()
    assert sanne.announces("a.txt", 900_000).status_code == 201
    set_settings(people.person_of(owner), {"files_quota_customer_mb": "1", "files_quota_organisation_mb": "2"})
    forget_all()
    full = sanne.announces("b.txt", 200_000)
    assert (full.status_code, full.json()["code"], full.json()["quota"]) == (413, "too_large", 1)
    assert sanne.announces("c.txt", 100_000).status_code == 201
    assert agent.announces("a.txt", 3_000_000).status_code == 201, "staff have no quota"
    assert Uploader(company.employee).announces("a.txt", 1_500_000).status_code == 201
    assert Uploader(company.manager).announces("a.txt", 600_000).status_code == 413, "members share one"


def test_a_disk_that_is_nearly_full_takes_no_more(sanne: Uploader, settings: Any) -> None:
    settings.FILES_DISK_FREE_PERCENT_MIN = 101
    answer = sanne.announces("a.txt", 10)
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")


def test_x5_in_storage_names_are_drawn_and_nobody_else_reads_them(sanne: Uploader, settings: Any) -> None:
    sanne.uploads("../secret plan.txt", b"x")
    [file] = stored(settings)
    assert "secret" not in str(file.relative_to(settings.MEDIA_ROOT))
    assert file.suffix == ""
    assert oct(os.stat(file).st_mode & 0o777) == "0o640"
    assert oct(os.stat(file.parent).st_mode & 0o777) == "0o750"


def test_an_upload_is_its_senders_alone(sanne: Uploader) -> None:
    file_id = sanne.uploads("a.txt", b"abc")
    open_id = sanne.begins("b.txt", 5)
    for other in (Uploader(people.make_customer("Tom Visser")), Uploader(people.make_owner())):
        assert other.reads(file_id).status_code == 404
        assert other.reads(file_id, "content/").status_code == 404
        assert other.client.head(f"/api/v1/files/{open_id}/").status_code == 404
        assert other.sends(open_id, 0, b"x").status_code == 404
        assert other.client.delete(f"/api/v1/files/{open_id}/").status_code == 404
    assert sanne.stands_at(open_id) == 0


def test_uploads_that_nobody_used_go_after_a_day(sanne: Uploader, settings: Any) -> None:
    with clock.freeze() as travel:
        sanne.uploads("a.txt", b"abc")
        sanne.sends(sanne.begins("b.txt", 5), 0, b"ab")
        travel.advance(hours=23)
        assert tidying.remove_unused() == 0
        travel.advance(hours=2)
        with committed():
            assert tidying.remove_unused() == 2
    assert stored(settings) == []
    assert not StoredFile.objects.exists()


def test_a_client_asks_first_what_it_may(sanne: Uploader, settings: Any) -> None:
    answer = sanne.client.options("/api/v1/files/")
    assert answer.headers["Tus-Max-Size"] == str(settings.FILE_BYTES_MAX)
    assert answer.headers["Tus-Extension"] == "creation,termination"


@pytest.mark.django_db(transaction=True)
def test_x5_the_same_part_twice_at_once_counts_once(settings: Any) -> None:
    settings.FILE_PART_BYTES_MAX = 100
    sanne = Uploader(people.make_customer())
    person, file_id = sanne.person, sanne.begins("a.txt", 300)

    def send(_: int) -> str:
        try:
            for offset in (0, 100, 200):
                try:
                    uploads.receive(person, file_id, offset, b"abcde" * 20)
                except WrongOffset:
                    continue
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(send, range(4))) == ["done"] * 4
    row = StoredFile.objects.get(pk=file_id)
    assert (row.state, row.received) == ("ready", 300)
    assert not FilePart.objects.exists()
    assert [one.stat().st_size for one in stored(settings)] == [300], "nothing is left of who came second"


@pytest.mark.django_db(transaction=True)
def test_t11_two_uploads_at_once_do_not_share_the_last_room(settings: Any) -> None:
    owner, user = people.make_owner(), people.make_customer()
    set_settings(people.person_of(owner), {"files_quota_customer_mb": "1"})
    person = people.person_of(user)

    def begin(number: int) -> bool:
        try:
            uploads.begin(person, "a.txt", 600_000, key=f"k{number}")
        except Exception:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(begin, range(4))) == [False, False, False, True]


def test_the_same_announcement_is_one_upload(sanne: Uploader) -> None:
    first = uploads.begin(sanne.person, "a.txt", 5, key="once")
    assert uploads.begin(sanne.person, "a.txt", 5, key="once").pk == first.pk
    with pytest.raises(Conflict):
        uploads.begin(sanne.person, "a.txt", 6, key="once")
    assert isinstance(first.pk, UUID)
    assert FileRefused.code == "bad_frame"
