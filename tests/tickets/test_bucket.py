"""Files in a bucket instead of on the disk (S3_BUCKET): a stand-in here speaks as much S3 as the hub needs."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from boto3.s3.transfer import TransferConfig  # type: ignore[import-untyped]
from django.conf import settings as configured

from hub.settings import _in_a_bucket
from tests import people
from tests.builders import committed
from tests.tickets import hostile_files as hostile
from tests.tickets.files_world import Uploader
from tickets import tasks

pytestmark = pytest.mark.django_db

MEGABYTE = 1_000_000
WORDS = b"Line after line of a log.\n" * 400


class Bucket(BaseHTTPRequestHandler):
    """PUT, GET (of a range, too), HEAD and DELETE of objects, and objects in several pieces, each signed."""

    objects: ClassVar[dict[str, bytes]] = {}
    pieces: ClassVar[dict[int, bytes]] = {}  # of the object that comes in several now
    asked_for_ranges: ClassVar[list[str]] = []
    protocol_version = "HTTP/1.1"  # so that it says "go on": for a second a client waits for it before each PUT
    disable_nagle_algorithm = True  # else the body waits 40 ms for the client to have seen the headers

    def do_PUT(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "aws-chunked":
            content = _unchunked(content)
        if not self._is_signed():
            return
        number = self._asked("partNumber")
        if number:
            self.pieces[int(number)] = content
        else:
            self.objects[self._key()] = content
        self._answer(HTTPStatus.OK, b"", ETag='"x"')

    def do_POST(self) -> None:
        """Begin an object of several pieces, or put them together in the order that they say."""
        said = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if not self._is_signed():
            return
        if self._asked("uploadId"):
            order = [int(one) for one in re.findall(r"<PartNumber>(\d+)</PartNumber>", said)]
            self.objects[self._key()] = b"".join(self.pieces.pop(one) for one in order)
            self._answer(
                HTTPStatus.OK, b"<CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>"
            )
        else:
            begun = "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>"
            self._answer(HTTPStatus.OK, begun.encode())

    def do_GET(self) -> None:
        if not self._is_signed():
            return
        found = self.objects.get(self._key())
        if found is None:
            self._answer(HTTPStatus.NOT_FOUND, b"<Error><Code>NoSuchKey</Code></Error>")
            return
        said = {"ETag": '"x"', "Last-Modified": "Sun, 22 Nov 2026 12:00:00 GMT"}
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if wanted is None:
            self._answer(HTTPStatus.OK, found, **said)
            return
        self.asked_for_ranges.append(wanted[0])
        first, last = int(wanted[1]), min(int(wanted[2] or len(found)), len(found) - 1)
        said["Content-Range"] = f"bytes {first}-{last}/{len(found)}"
        self._answer(HTTPStatus.PARTIAL_CONTENT, found[first : last + 1], **said)

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_DELETE(self) -> None:
        if self._is_signed():
            self.objects.pop(self._key(), None)
            self._answer(HTTPStatus.NO_CONTENT, b"")

    def _is_signed(self) -> bool:
        signed = self.headers.get("Authorization", "").startswith("AWS4-HMAC-SHA256 Credential=key/")
        if not signed:
            self._answer(HTTPStatus.FORBIDDEN, b"<Error><Code>AccessDenied</Code></Error>")
        return signed

    def _asked(self, name: str) -> str:
        return parse_qs(urlsplit(self.path).query).get(name, [""])[0]

    def _key(self) -> str:
        return unquote(urlsplit(self.path).path)

    def _answer(self, status: HTTPStatus, content: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_said: Any) -> None:
        """Nobody reads it."""


def _unchunked(content: bytes) -> bytes:
    """What botocore sends in pieces, each behind its length."""
    whole = b""
    while content:
        length, _, rest = content.partition(b"\r\n")
        size = int(length.split(b";")[0], 16)
        if size == 0:
            break
        whole, content = whole + rest[:size], rest[size + 2 :]
    return whole


@pytest.fixture
def bucket(settings: Any) -> Iterator[dict[str, bytes]]:
    for kept in (Bucket.objects, Bucket.pieces, Bucket.asked_for_ranges):
        kept.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    there = {
        **_in_a_bucket["OPTIONS"],
        "bucket_name": "files",
        "endpoint_url": f"http://127.0.0.1:{server.server_port}",
        "access_key": "key",
        "secret_key": "secret",
        "region_name": "local",
        # A bucket takes what is larger than eight megabytes in pieces; here what is larger than one.
        "transfer_config": TransferConfig(multipart_threshold=MEGABYTE, multipart_chunksize=MEGABYTE),
    }
    settings.STORAGES = {**configured.STORAGES, "default": {**_in_a_bucket, "OPTIONS": there}}
    yield Bucket.objects
    server.shutdown()
    server.server_close()


def test_x5_files_live_in_a_bucket_as_they_do_on_a_disk(bucket: dict[str, bytes]) -> None:
    """In parts, read back, drawn anew, given up; nothing is left, and no name there is one that somebody gave."""
    sanne = Uploader(people.make_customer())
    log = sanne.begins("log.txt", len(WORDS))
    assert sanne.sends(log, 0, WORDS[:5000]).status_code == 204
    assert len(bucket) == 1
    assert sanne.sends(log, 5000, WORDS[5000:]).status_code == 204
    assert b"".join(sanne.reads(log, "content/")) == WORDS
    assert list(bucket.values()) == [WORDS], "the parts are gone"

    photo = sanne.uploads("holiday.jpg", hostile.photo(900))
    with committed():
        tasks.draw_pictures()
    shown = sanne.reads(photo).json()
    assert (shown["state"], shown["width"]) == ("ready", 450)
    content = b"".join(sanne.reads(photo, "content/"))
    assert hostile.PLACE not in content
    assert content in bucket.values()
    assert not any("log" in key or "holiday" in key for key in bucket)

    for one in (log, photo):
        with committed():
            assert sanne.client.delete(f"/api/v1/files/{one}/", headers={"Tus-Resumable": "1.0.0"}).status_code == 204
    assert bucket == {}


def test_x5_a_large_file_goes_into_a_bucket_and_out_of_it_in_pieces(bucket: dict[str, bytes]) -> None:
    """In their order, whatever thread is first; the last is smaller than the others."""
    sanne = Uploader(people.make_customer())
    large = b"".join(b"Line %07d of a long log.\n" % number for number in range(100_000))
    log = sanne.begins("log.txt", len(large))
    half = len(large) // 2
    assert sanne.sends(log, 0, large[:half]).status_code == 204
    assert sanne.sends(log, half, large[half:]).status_code == 204
    assert b"".join(sanne.reads(log, "content/")) == large
    assert (list(bucket.values()), Bucket.pieces) == ([large], {})
    assert len(Bucket.asked_for_ranges) > 1, "it was read in pieces, too"
