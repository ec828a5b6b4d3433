"""Bytes in storage: parts while they arrive, one content when all are there. On disk or in a bucket alike.

A name in storage is drawn at random and never what somebody called the file. What a transaction that failed left
behind is found by its folder (tidying.py).
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from tickets.models import FilePart

COPY_BYTES = 1_048_576


def keep_part(file_id: UUID, at_byte: int, content: bytes) -> str:
    """Its name in storage."""
    return default_storage.save(f"{folder_of_parts(file_id)}/{at_byte}-{_drawn()}", ContentFile(content))


def folder_of_parts(file_id: UUID) -> str:
    return f"files/parts/{file_id.hex[:2]}/{file_id.hex}"


def keep(file_id: UUID, content: IO[bytes], what: str) -> str:
    """`what` is content or preview. Its name in storage."""
    content.seek(0)
    return default_storage.save(f"files/{what}/{file_id.hex[:2]}/{file_id.hex}-{_drawn()}", File(content))


def join(parts: Iterable[FilePart]) -> IO[bytes]:
    """All bytes in their order, in a temporary file that goes when it is closed."""
    joined = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    for part in parts:
        with open_stored(part.content.name) as source:
            shutil.copyfileobj(source, joined, COPY_BYTES)
    return joined


def open_stored(name: str | None) -> Any:
    """A file object; the caller closes it. Raises FileNotFoundError."""
    if not name:
        raise FileNotFoundError
    return default_storage.open(name)


def is_there(name: str) -> bool:
    return bool(default_storage.exists(name))


def forget(name: str) -> None:
    default_storage.delete(name)


def forget_after_commit(names: Iterable[str | None]) -> None:
    """The bytes go once the rows are gone for good; what fails to go is found at night."""
    for name in filter(None, names):
        transaction.on_commit(partial(default_storage.delete, name), robust=True)


def is_nearly_full() -> bool:
    """Nine tenths of the disk are in use; of a bucket nobody knows."""
    location = getattr(default_storage, "base_location", None)
    if location is None:
        return False
    place = Path(location)
    while not place.exists():
        place = place.parent
    total, _used, free = shutil.disk_usage(place)
    return free < total * settings.FILES_DISK_FREE_PERCENT_MIN / 100


def _drawn() -> str:
    return secrets.token_hex(16)
