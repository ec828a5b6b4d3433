"""What a file is, told by its content; its name only has to agree (X5)."""

from __future__ import annotations

import struct
import zipfile
from dataclasses import dataclass
from typing import IO, Final

from tickets.files.errors import FileLies, KindNotAccepted, UnpacksTooLarge
from tickets.files.names import ending_of, with_ending

HEAD_BYTES: Final = 4096
BINARY: Final = "application/octet-stream"
TEXT: Final = "text/plain"
ZIP: Final = "application/zip"
OLE: Final = "application/x-ole-storage"
PICTURES: Final = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}

# (where, these bytes, what that is); the first that fits.
_MARKS: Final[list[tuple[int, bytes, str]]] = [
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
    (4, b"ftypavif", "image/avif"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", ZIP),
    (0, b"PK\x05\x06", ZIP),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"\xfd7zXZ\x00", "application/x-xz"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (257, b"ustar", "application/x-tar"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (8, b"AVI ", "video/x-msvideo"),
    (8, b"WAVE", "audio/wav"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
]
# What runs when somebody opens it. By content …
_PROGRAMS: Final = (
    *(b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf"),
    *(b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"dex\n", b"L\x00\x00\x00\x01\x14\x02\x00"),
)
# … and what is only text or an archive, but is run by its name.
_RUN_BY_NAME: Final = frozenset(
    {
        *("exe", "com", "scr", "pif", "bat", "cmd", "msi", "msp", "msix", "appx", "cpl", "dll", "sys", "gadget", "lnk"),
        *("vbs", "vbe", "js", "jse", "mjs", "wsf", "wsh", "hta", "reg", "ps1", "psm1", "chm", "scf", "inf", "url"),
        *("jar", "apk", "app", "dmg", "pkg", "deb", "rpm", "iso", "img", "vhd", "vhdx", "application", "website"),
        *("desktop", "command", "workflow"),
    }
)
_OFFICE: Final = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_OPEN_DOCUMENT: Final = {
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}
_OLD_OFFICE: Final = {
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "msg": "application/vnd.ms-outlook",
}
# Endings that promise a type; the content must keep it. Endings that are not here promise nothing.
_TEXTS: Final = ("txt", "csv", "log", "md", "json", "xml", "html", "htm", "svg", "eml", "ics", "vcf")
_PROMISED: Final[list[tuple[tuple[str, ...], tuple[str, ...]]]] = [
    (("png", "jpg", "jpeg", "jfif", "gif", "webp"), tuple(PICTURES)),
    (("tif", "tiff"), ("image/tiff",)),
    (("heic", "heif"), ("image/heic",)),
    (("avif",), ("image/avif",)),
    (("pdf",), ("application/pdf",)),
    (("zip", *_OFFICE, *_OPEN_DOCUMENT), (ZIP,)),
    (tuple(_OLD_OFFICE), (OLE,)),
    (_TEXTS, (TEXT,)),
    (("rtf",), ("application/rtf",)),
    (("gz", "tgz"), ("application/gzip",)),
    (("7z",), ("application/x-7z-compressed",)),
    (("rar",), ("application/vnd.rar",)),
    (("mp4", "m4v", "mov", "m4a"), ("video/mp4",)),
    (("webm", "mkv"), ("video/webm",)),
    (("mp3",), ("audio/mpeg",)),
    (("wav",), ("audio/wav",)),
    (("ogg",), ("audio/ogg",)),
]
_PROMISES: Final = {ending: types for endings, types in _PROMISED for ending in endings}
_BY_ENDING: Final = {"csv": "text/csv", "json": "application/json", "eml": "message/rfc822", "ics": "text/calendar"}

UNPACKED_BYTES_MAX: Final = 2_000_000_000
# Text packs twenty to one; only what was made for it packs two hundred to one.
RATIO_MAX, RATIO_COUNTS_FROM = 200, 50_000_000
ENTRIES_MAX, DIRECTORY_BYTES_MAX = 20_000, 4_000_000


@dataclass(frozen=True, slots=True)
class Verdict:
    name: str
    type: str
    is_picture: bool


def judge(content: IO[bytes], name: str) -> Verdict:
    """What it is, and what it is called from now on. Raises a FileRefused."""
    content.seek(0)
    head = content.read(HEAD_BYTES)
    ending = ending_of(name)
    if head.startswith(_PROGRAMS) or ending in _RUN_BY_NAME:
        raise KindNotAccepted
    found = _type_of(head)
    if found not in _PROMISES.get(ending, (found,)):
        raise FileLies
    if found == ZIP:
        _require_unpackable(content)
    if found in PICTURES:
        return Verdict(_picture_name(name, ending, found), found, is_picture=True)
    return Verdict(name, _shown_type(found, ending), is_picture=False)


def _type_of(head: bytes) -> str:
    for at, mark, kind in _MARKS:
        if head[at : at + len(mark)] == mark:
            return kind
    return TEXT if _is_text(head) else BINARY


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return not any(byte < 9 or 13 < byte < 27 or 27 < byte < 32 for byte in head)


def _shown_type(found: str, ending: str) -> str:
    if found == ZIP:
        return _OFFICE.get(ending) or _OPEN_DOCUMENT.get(ending) or ZIP
    if found == OLE:
        return _OLD_OFFICE.get(ending, OLE)
    return _BY_ENDING.get(ending, found) if found == TEXT else found


def _picture_name(name: str, ending: str, found: str) -> str:
    """A picture is drawn anew in its own format: the name follows."""
    right = PICTURES[found]
    means_the_same = right == "jpg" and ending in ("jpeg", "jfif")
    return name if ending == right or means_the_same else with_ending(name, right)


def _require_unpackable(content: IO[bytes]) -> None:
    """Raises UnpacksTooLarge, by what the archive itself says; we unpack nothing, but whoever gets it may."""
    packed = content.seek(0, 2)
    entries, directory = _directory_of(content, packed)
    if entries > ENTRIES_MAX or directory > DIRECTORY_BYTES_MAX:
        raise UnpacksTooLarge
    try:
        with zipfile.ZipFile(content) as archive:
            unpacked = sum(one.file_size for one in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error, UnicodeDecodeError) as error:
        raise FileLies from error
    if unpacked > UNPACKED_BYTES_MAX or (unpacked > RATIO_COUNTS_FROM and unpacked > RATIO_MAX * packed):
        raise UnpacksTooLarge


def _directory_of(content: IO[bytes], packed: int) -> tuple[int, int]:
    """How many entries, in how many bytes: read before Python's reader builds a list of them all."""
    content.seek(max(0, packed - 65_557))
    tail = content.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise FileLies
    entries, directory = struct.unpack("<HI", tail[at + 10 : at + 16])
    return entries, directory
