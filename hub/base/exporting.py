"""All that is known about a person as one ZIP: `data.json`, and the files beside it (P10; docs/how/privacy.md)."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Iterator
from typing import IO

from django.core.files.storage import Storage
from django.db import models

from hub.base import clock, personal_data
from hub.base.personal_data import PersonalColumns, Subject, plain

ROWS_AT_ONCE = 500


def write_zip(subject: Subject, target: IO[bytes], *, complete: bool = False, doubles: Iterable[Subject] = ()) -> None:
    """The person's data as they are now; `complete`: with what staff wrote for each other.

    `doubles`: accounts that were merged into this one (A1). Files that are gone from the disk are named, not added.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        content = {
            "made_at": plain(clock.now()),
            **_content(subject, archive, complete),
            "merged": [_content(double, archive, complete) for double in doubles],
        }
        archive.writestr("data.json", json.dumps(content, ensure_ascii=False, indent=1, default=plain))


def _content(subject: Subject, archive: zipfile.ZipFile, complete: bool) -> dict[str, object]:
    return {
        "account": subject.login_number,
        "tables": {one.name: list(_rows(one, subject, archive, complete)) for one in _with_rows(complete)},
        **{part.name: part.read(subject) for part in personal_data.exporters},
    }


def _with_rows(complete: bool) -> list[PersonalColumns]:
    """The tables of which a person has rows, without those whose rows hold nothing to show."""
    return [
        one
        for one in personal_data.tables
        if one.of is not None and (one.personal or one.kept or (complete and one.for_staff))
    ]


def _rows(
    declared: PersonalColumns, subject: Subject, archive: zipfile.ZipFile, complete: bool
) -> Iterator[dict[str, object]]:
    of = declared.of if complete else declared.shown or declared.of
    assert of is not None  # noqa: S101 - asked by _with_rows()
    rows = declared.model._default_manager.filter(of(subject)).order_by("pk")
    names = declared.exported(complete=complete)
    files = {name: storage for name, storage in _files(declared).items() if name in names}
    for row in rows.values(*names).iterator(chunk_size=ROWS_AT_ONCE):
        for column, storage in files.items():
            if row.get(column):
                row[column] = _add_file(archive, declared.name, storage, str(row[column]))
        yield {name: plain(value) for name, value in row.items()}


def _files(declared: PersonalColumns) -> dict[str, Storage]:
    columns = declared.model._meta.concrete_fields
    return {one.attname: one.storage for one in columns if isinstance(one, models.FileField)}


def _add_file(archive: zipfile.ZipFile, table: str, storage: Storage, name: str) -> str:
    inside = f"files/{table}/{name.replace('..', '_').lstrip('/')}"
    if storage.exists(name) and inside not in archive.namelist():
        with storage.open(name) as source, archive.open(inside, "w") as target:
            for chunk in source.chunks():
                target.write(chunk)
    return inside
