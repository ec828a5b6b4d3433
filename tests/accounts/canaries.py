"""A person with a word of its own in every column that knows something about them, and where those words turn up.

Which columns those are is not written here: they come from the declarations, which a test holds against the schema
(tests/architecture/test_personal_data.py).
"""

from __future__ import annotations

import io
import itertools
import json
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, models

from credits.models import Account, Purchase
from hub.accounts.models import User
from hub.accounts.privacy import subject_of
from hub.base import clock, exporting, personal_data
from hub.base.personal_data import PersonalColumns

# What joins two tables cannot be another word in each: without the key a browser's session is nobody's.
JOINS = {("accounts_signedindevice", "session_key"), ("django_session", "session_key")}


@dataclass(frozen=True)
class Canary:
    table: str
    column: str
    row: object
    word: str


class Words:
    """A new word for each cell, in the shape that its column takes."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def word_for(self, column: models.Field[Any, Any]) -> tuple[Any, str]:
        """The value to store, and the text by which it is found in a dump or an export."""
        number = next(self._numbers)
        word = f"zq{number:04d}q"
        if isinstance(column, models.FileField):
            return column.storage.save(f"{word}.bin", ContentFile(f"in-{word}".encode())), word
        if isinstance(column, models.DateField) and not isinstance(column, models.DateTimeField):
            day = date(1901, 1, 1) + timedelta(days=number)
            return day, day.isoformat()
        if isinstance(column, models.UUIDField):
            key = uuid.UUID(int=0xC0FFEE << 100 | number)
            return key, str(key)
        if isinstance(column, models.JSONField):
            return [word] if column.get_default() == [] else {"type": "x", "word": word}, word
        if isinstance(column, models.BinaryField):
            return word.encode(), word
        if isinstance(column, ArrayField):
            return [word], word
        if isinstance(column, models.EmailField):
            return f"{word}@example.com", word
        return word, word


def plant(user: User) -> list[Canary]:
    """Into every personal cell of every row about this person; a table without a row of theirs gets one."""
    words = Words()
    planted: list[Canary] = []
    subject = subject_of(user)
    for declared in personal_data.tables:
        if declared.of is None or not declared.emptied():
            continue
        rows = declared.model._default_manager.filter(declared.of(subject))
        if not rows.exists():
            make_row(declared.model, user)
        keys = list(rows.values_list("pk", flat=True))
        assert keys, f"{declared.name}: the row that was made is not found as this person's"
        for key in keys:
            planted += _plant_row(declared, key, words)
    return planted


def _plant_row(declared: PersonalColumns, key: object, words: Words) -> Iterator[Canary]:
    for name in declared.emptied():
        column = declared.model._meta.get_field(name)
        assert isinstance(column, models.Field)
        if (declared.name, name) in JOINS:
            continue
        value, word = words.word_for(column)
        assert declared.model._default_manager.filter(pk=key).update(**{name: value}) == 1
        yield Canary(declared.name, name, key, word)


def make_row(model: type[models.Model], user: User) -> models.Model:
    """The least that the table takes, in this person's name."""
    columns = {column.name for column in model._meta.concrete_fields}
    values = {name: value for name, value in _names_of(user).items() if name in columns}
    for column in model._meta.concrete_fields:
        if column.name in values:
            continue
        fills_itself = column.has_default() or column.null or (column.blank and not column.is_relation)
        if isinstance(column, models.AutoField) or (fills_itself and column.related_model is not User):
            continue
        values[column.name] = _least(column, user)
    return model._default_manager.create(**values)


def _names_of(user: User) -> dict[str, Any]:
    """What names a person where no key to them does: their wallet, the browser in which they are signed in."""
    return {
        "about": f"user:{user.pk}",
        "person_key": f"u:{user.pk}",
        "session_key": f"browser-of-{user.pk}",
        "wallet": Account.objects.filter(pk=user.wallet.pk).first(),
        "purchase": Purchase.objects.filter(buyer=user).first(),
        "last_seq": 1,  # a ticket counts its entries, and one is made beside it
    }


def _least(column: models.Field[Any, Any], user: User) -> Any:
    if column.is_relation:
        target: Any = column.related_model
        if target is User:
            return user
        return target._default_manager.order_by("-pk").first() or make_row(target, user)
    if column.choices:
        return column.choices[0][0]
    if isinstance(column, models.DateTimeField):
        return clock.now() + timedelta(days=1)
    if isinstance(column, models.BooleanField):
        return False
    if isinstance(column, models.IntegerField):
        return 1
    if isinstance(column, models.BinaryField):
        return b""
    if isinstance(column, models.UUIDField):
        return uuid.uuid4()
    return uuid.uuid4().hex[: column.max_length or 32]


def exported(user: User, *, complete: bool) -> str:
    """Everything that is in the ZIP, names and contents of files too."""
    target = io.BytesIO()
    exporting.write_zip(subject_of(user), target, complete=complete)
    with zipfile.ZipFile(target) as archive:
        parts = [name + archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
        assert json.loads(archive.read("data.json"))
    return "\n".join(parts)


def left_behind(planted: list[Canary]) -> list[Canary]:
    """Those that still stand anywhere: in any column of any table, of libraries too, or on the disk."""
    text = "\n".join([*_dump(), *_files()])
    return [one for one in planted if one.word in text or one.word.encode().hex() in text]


def _dump() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select quote_ident(table_schema) || '.' || quote_ident(table_name) from information_schema.tables"
            " where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"select row_to_json(t)::text from {table} t")
            yield from (text for (text,) in cursor)


def _files(folder: str = "") -> Iterator[str]:
    if not default_storage.exists(folder or "."):
        return
    folders, files = default_storage.listdir(folder or ".")
    for name in files:
        path = f"{folder}/{name}".lstrip("/")
        with default_storage.open(path) as content:
            yield path + content.read().decode("utf-8", "replace")
    for inner in folders:
        yield from _files(f"{folder}/{inner}".lstrip("/"))
