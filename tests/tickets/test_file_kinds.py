"""X5: what a file is, by its content; what it is called; pictures drawn anew."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.tickets import hostile_files as hostile
from tickets.files import kinds, pictures
from tickets.files.errors import (
    FileLies,
    FileRefused,
    KindNotAccepted,
    TooManyPixels,
    UnpacksTooLarge,
    UnreadablePicture,
)
from tickets.files.names import CHARACTERS_MAX, clean_name, ending_of

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system32\\cmd.txt", "cmd.txt"),
        ("/absolute/päth/foto.jpg", "foto.jpg"),
        ("a\0b\x1b[31m\r\nSet-Cookie: x=1.txt", "ab[31mSet-Cookie_ x=1.txt"),
        ("invoice\u202egpj.exe", "invoicegpj.exe"),  # read backwards it would end in .jpg
        ("evil.php\u200b", "evil.php"),
        ("  spaces   .  ", "spaces"),
        ("....", "file"),
        ("", "file"),
        ("\u200c", "file"),
        ("con.txt", "_con.txt"),
        ("LPT1", "_LPT1"),
        ('a<b>:"|?*.txt', "a_b______.txt"),
        ("گزارش\u200cها.pdf", "گزارش\u200cها.pdf"),
        ("cafe\u0301.txt", "café.txt"),
    ],
)
def test_x5_a_name_is_text_and_never_a_path(given_name: str, kept: str) -> None:
    assert clean_name(given_name) == kept
    assert clean_name(kept) == kept


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_x5_no_name_leads_anywhere(given_name: str) -> None:
    name = clean_name(given_name)
    assert 0 < len(name) <= CHARACTERS_MAX
    assert not set(name) & set('/\\\0<>:"|?*\n\r')
    assert name not in (".", "..")
    assert not name.startswith(".")
    assert name.isprintable() or set(name) & set("\u200c\u200d")


def test_a_long_name_keeps_its_ending() -> None:
    name = clean_name("x" * 500 + ".docx")
    assert len(name) == CHARACTERS_MAX
    assert name.endswith(".docx")
    assert ending_of(name) == "docx"


def judge(content: bytes, name: str) -> kinds.Verdict:
    return kinds.judge(io.BytesIO(content), name)


@pytest.mark.parametrize(
    ("content", "name", "kept", "kind", "is_picture"),
    [
        (hostile.photo(), "photo.JPG", "photo.JPG", "image/jpeg", True),
        (hostile.photo(), "photo.jpeg", "photo.jpeg", "image/jpeg", True),
        (hostile.see_through(), "photo.jpg", "photo.png", "image/png", True),  # another picture: the name follows
        (hostile.see_through(), "no ending", "no ending.png", "image/png", True),
        (hostile.animation(), "a.gif", "a.gif", "image/gif", True),
        (PDF, "a.pdf", "a.pdf", "application/pdf", False),
        (b"name;price\n", "a.csv", "a.csv", "text/csv", False),
        (b"<svg onload=alert(1)>", "a.svg", "a.svg", "text/plain", False),
        (b"<html><script>", "a.html", "a.html", "text/plain", False),
        ("پرونده".encode(), "a.txt", "a.txt", "text/plain", False),
        (b"\0\1\2\3", "a.bin", "a.bin", "application/octet-stream", False),
        (hostile.archive(a__txt=b"x"), "a.zip", "a.zip", "application/zip", False),
        (hostile.archive(word=b"x"), "a.docx", "a.docx", kinds._OFFICE["docx"], False),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.doc", "a.doc", "application/msword", False),
    ],
)
def test_x5_what_it_is_is_told_by_its_content(
    content: bytes, name: str, kept: str, kind: str, is_picture: bool
) -> None:
    assert judge(content, name) == kinds.Verdict(kept, kind, is_picture)


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"MZ\x90\0", "holiday.jpg", KindNotAccepted),
        (b"\x7fELF", "readme", KindNotAccepted),
        (b"dir", "run.BAT", KindNotAccepted),
        (b"x", "invoice.pdf.js", KindNotAccepted),
        (b"x", "a.lnk", KindNotAccepted),
        (hostile.archive(a=b"x"), "a.jar", KindNotAccepted),
        (PDF, "a.png", FileLies),
        (b"GIF89a", "a.pdf", FileLies),
        (b"plain words", "a.png", FileLies),
        (b"<html>", "a.jpg", FileLies),
        (hostile.photo(), "a.pdf", FileLies),
        (b"\0\1\2", "a.txt", FileLies),
        (b"PK\x03\x04 and nothing else", "a.zip", FileLies),
        (hostile.archive(a=b"x" * 99)[:-30], "a.zip", FileLies),
        (hostile.bomb(), "a.zip", UnpacksTooLarge),
        (hostile.bomb(), "report.docx", UnpacksTooLarge),
        (hostile.archive_that_says(3_000_000_000), "a.zip", UnpacksTooLarge),
        (hostile.archive_of_many(60_000), "a.zip", UnpacksTooLarge),
    ],
)
def test_x5_a_file_that_lies_or_runs_or_bursts_is_refused(content: bytes, name: str, why: type[FileRefused]) -> None:
    with pytest.raises(why):
        judge(content, name)


def test_x5_only_pixels_stay() -> None:
    """No place where it was taken, nothing behind the picture; turned as the camera said."""
    drawn = pictures.draw(io.BytesIO(hostile.photo(64)))
    assert hostile.PLACE not in drawn.content
    assert b"script" not in drawn.content
    assert (drawn.width, drawn.height) == (32, 64)
    with Image.open(io.BytesIO(drawn.content)) as again:
        assert (again.format, again.size, dict(again.getexif())) == ("JPEG", (32, 64), {})


@pytest.mark.parametrize("content", [hostile.see_through(), hostile.animation(), hostile.photo(kind="WEBP")])
def test_x5_every_format_is_drawn_anew(content: bytes) -> None:
    with Image.open(io.BytesIO(content)) as before:
        kind, frames = before.format, getattr(before, "n_frames", 1)
    drawn = pictures.draw(io.BytesIO(content))
    with Image.open(io.BytesIO(drawn.content)) as after:
        assert (after.format, getattr(after, "n_frames", 1)) == (kind, frames)
    with Image.open(io.BytesIO(drawn.preview)) as preview:
        assert preview.format in ("PNG", "JPEG")
        assert max(preview.size) <= pictures.PREVIEW_SIDE


def test_x5_sixty_thousand_by_sixty_thousand_in_forty_kilobytes() -> None:
    content = hostile.huge_picture()
    assert len(content) < 40_000
    for look in (pictures.look_at, pictures.draw):
        with pytest.raises(TooManyPixels):
            look(io.BytesIO(content))


@pytest.mark.parametrize(
    "content",
    [
        hostile.text_bomb(),
        hostile.see_through()[:60],
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a\xff\xff\xff\xff",
        b"\xff\xd8\xff\xe0" + b"\0" * 50,
        b"RIFF\0\0\0\0WEBPVP8 ",
    ],
    ids=["words that burst", "cut off", "header alone", "gif", "jpeg", "webp"],
)
def test_x5_a_broken_picture_is_one_clear_refusal(content: bytes) -> None:
    with pytest.raises((UnreadablePicture, TooManyPixels)):
        pictures.draw(io.BytesIO(content))


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200))
def test_x5_no_bytes_are_too_odd(tail: bytes) -> None:
    for head in (b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"PK\x03\x04", b"RIFF\0\0\0\0WEBP"):
        try:
            judge(head + tail, "x")
            pictures.draw(io.BytesIO(head + tail))
        except FileRefused:
            continue
