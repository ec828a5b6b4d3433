"""Giving a file away (X5): as a download that no browser opens as a page of ours. Only pictures that we drew are shown.

Who may have it has been asked before, and is asked each time: nothing of this may be kept by a shared cache.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import cast
from urllib.parse import quote

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from hub.base.errors import NotFound
from tickets.files import storing
from tickets.files.errors import StillChecked
from tickets.files.kinds import BINARY, PICTURES
from tickets.files.names import ending_of
from tickets.models import StoredFile

READ_BYTES = 262_144
NO_PAGE = "default-src 'none'; sandbox; frame-ancestors 'none'"


def give(request: HttpRequest, file: StoredFile, *, preview: bool = False) -> HttpResponse:
    """Raises StillChecked, NotFound."""
    if file.state == StoredFile.State.CHECKING:
        raise StillChecked(retry_after_ms=2000)
    stored = file.preview.name if preview else file.content.name
    if file.state != StoredFile.State.READY or not stored:
        raise NotFound
    mark = f'"{file.pk.hex}{"p" if preview else ""}"'  # its content never changes
    if request.headers.get("If-None-Match") == mark:
        return _headed(HttpResponse(status=304), file, mark)
    try:
        answer = _preview(stored) if preview else _streamed(request, file, stored)
    except FileNotFoundError:
        raise NotFound from None
    answer["Content-Disposition"] = f"{'inline' if file.is_picture else 'attachment'}; {_name_in_header(file.name)}"
    return _headed(answer, file, mark)


def _preview(stored: str) -> HttpResponse:
    with storing.open_stored(stored) as opened:
        content = opened.read()
    return HttpResponse(content, content_type="image/png" if content.startswith(b"\x89PNG") else "image/jpeg")


def _streamed(request: HttpRequest, file: StoredFile, stored: str) -> HttpResponse:
    """A type of a short list, whatever was said: a picture of our own drawing, or only bytes."""
    if not storing.is_there(stored):
        raise FileNotFoundError
    parts = _read(stored)
    streamed = _in_threads(parts) if isinstance(request, ASGIRequest) else parts
    kind = file.type if file.is_picture and file.type in PICTURES else BINARY
    answer = StreamingHttpResponse(streamed, content_type=kind)
    answer["Content-Length"] = str(file.size)
    return cast("HttpResponse", answer)


def _headed(answer: HttpResponse, file: StoredFile, mark: str) -> HttpResponse:
    answer["ETag"] = mark
    answer["Cache-Control"] = "private, no-cache"  # kept by one browser, which asks each time
    answer["Content-Security-Policy"] = NO_PAGE
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


def _name_in_header(name: str) -> str:
    """For browsers of today, and in plain letters for those of yesterday (RFC 6266)."""
    plain = "".join(one if one.isascii() and (one.isalnum() or one in " ._-()") else "_" for one in name)
    plain = plain if plain.strip("_. ") else f"file.{ending_of(name)}".strip(".")
    return f"filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _read(stored: str) -> Iterator[bytes]:
    with storing.open_stored(stored) as opened:
        while part := opened.read(READ_BYTES):
            yield part


async def _in_threads(parts: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Each piece is read in a thread: the loop has sockets to serve."""
    while (part := await sync_to_async(lambda: next(parts, None))()) is not None:
        yield part
