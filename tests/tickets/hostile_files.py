"""Files from hostile hands, made on the spot: some are what they say, most are not."""

from __future__ import annotations

import functools
import io
import struct
import zipfile
import zlib

from PIL import Image

PLACE = b"GPS-52.0907N-5.1214E"


def photo(side: int = 64, kind: str = "JPEG") -> bytes:
    """With what a camera writes beside the pixels, and something hidden behind them."""
    picture = Image.new("RGB", (side, side // 2), (200, 30, 30))
    exif = Image.Exif()
    exif[0x010E] = PLACE.decode()
    exif[0x0112] = 6  # lies on its side
    packed = io.BytesIO()
    picture.save(packed, kind, exif=exif.tobytes())
    return packed.getvalue() + b"<script>alert('behind')</script>"


def animation(frames: int = 3) -> bytes:
    packed = io.BytesIO()
    pictures = [Image.new("P", (20, 10), number) for number in range(frames)]
    pictures[0].save(packed, "GIF", save_all=True, append_images=pictures[1:], duration=50)
    return packed.getvalue()


def see_through() -> bytes:
    packed = io.BytesIO()
    Image.new("RGBA", (30, 30), (0, 200, 0, 90)).save(packed, "PNG")
    return packed.getvalue()


def huge_picture(side: int = 60_000) -> bytes:
    """60,000 by 60,000 pixels in some forty kilobytes."""
    row = zlib.compressobj(9)
    body = b"".join(row.compress(b"\0" * 7_501) for _ in range(4_000)) + row.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def text_bomb() -> bytes:
    """A small picture whose words unpack to ten megabytes."""
    words = b"Comment\0\0" + zlib.compress(b"a" * 10_000_000, 9)
    good = see_through()
    return good[:33] + _chunk(b"zTXt", words) + good[33:]


def archive(**content: bytes) -> bytes:
    """The same bytes whenever made: they stand in the names of tests, on which all workers of a run must agree."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, inside in content.items():
            made.writestr(zipfile.ZipInfo(name.replace("__", ".")), inside, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


@functools.cache
def bomb() -> bytes:
    return archive(zeros=b"\0" * 60_000_000)


def archive_that_says(unpacked: int) -> bytes:
    """Its directory speaks of more than a hundred times what could be in it."""
    made = bytearray(archive(a=b"a" * 40))
    at = made.rfind(b"PK\x01\x02")
    made[at + 24 : at + 28] = struct.pack("<I", unpacked)
    return bytes(made)


def archive_of_many(entries: int) -> bytes:
    made = bytearray(archive(a=b"a"))
    at = made.rfind(b"PK\x05\x06")
    made[at + 10 : at + 12] = struct.pack("<H", entries)
    return bytes(made)
