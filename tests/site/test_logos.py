"""X5: what becomes of an uploaded logo."""

import io
import struct
import zlib

import pytest
from PIL import Image

from hub.site.logos import BadLogo, read_logo


def picture(size: tuple[int, int] = (300, 100), form: str = "PNG", **more: object) -> bytes:
    packed = io.BytesIO()
    mode = "RGB" if form == "JPEG" else "RGBA"
    Image.new(mode, size, "#264e9c").save(packed, form, **more)
    return packed.getvalue()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_x5_every_kind_becomes_a_png(form: str) -> None:
    logo = read_logo(picture(form=form))
    assert logo.content.startswith(b"\x89PNG")
    assert (logo.width, logo.height) == (300, 100)


def test_x5_a_large_one_becomes_small_and_keeps_its_shape() -> None:
    logo = read_logo(picture((3000, 1000)))
    assert (logo.width, logo.height) == (480, 160)


def test_x5_nothing_but_pixels_stays() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home, 52.0907 5.1214"
    content = picture(form="JPEG", exif=exif) + b"<script>alert(1)</script>"
    assert b"taken at home" in content
    logo = read_logo(content)
    assert b"taken at home" not in logo.content
    assert b"script" not in logo.content
    assert Image.open(io.BytesIO(logo.content)).info == {}


def test_x5_the_same_picture_is_the_same_file() -> None:
    assert read_logo(picture()).digest == read_logo(picture()).digest


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\0" * 100, b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<?xml version='1.0'?><svg/>", b"GIF89a", picture()[:60], b"%PDF-1.7 nothing", b"BM" + b"\0" * 60,
    ],
)  # fmt: skip
def test_x5_what_is_no_picture_of_ours_is_refused(content: bytes) -> None:
    with pytest.raises(BadLogo) as refusal:
        read_logo(content)
    assert refusal.value.why == "not_an_image"


def test_x5_what_a_camera_did_not_write_is_refused() -> None:
    """An orientation, and a width that is no number: Pillow turns the picture and cannot write down that it did."""
    entries = struct.pack("<HHIHxx", 0x0112, 3, 1, 6), struct.pack("<HHI4s", 0x0100, 1, 1, b"a")
    exif = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 2) + entries[1] + entries[0] + b"\0\0\0\0"
    content = picture(form="JPEG")
    with pytest.raises(BadLogo) as refusal:
        read_logo(content[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + content[2:])
    assert refusal.value.why == "not_an_image"


def test_x5_a_bomb_is_refused_before_it_is_unpacked() -> None:
    """A file of a few kilobytes that says it has 50,000 by 50,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )
    with pytest.raises(BadLogo):
        read_logo(bomb)
    with pytest.raises(BadLogo) as refusal:
        read_logo(picture((7000, 7000)))
    assert refusal.value.why == "too_many_pixels"


def test_x5_a_large_file_is_refused() -> None:
    with pytest.raises(BadLogo) as refusal:
        read_logo(picture() + b"\0" * 1_000_000)
    assert refusal.value.why == "too_large"
