"""Rows as CSV that a spreadsheet may open: no cell is read as a formula (X4)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils import timezone

CONTENT_TYPE = "text/csv; charset=utf-8"
# Excel takes UTF-8 for granted only with this in front.
BYTE_ORDER_MARK = "\ufeff"
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_BEGINS_A_FORMULA = re.compile(rf"\s*[{_SIGNS}\t\r\n]")
# Where a semicolon is the separator (the Dutch Excel), a comma and the quotes behind it are text, and cells begin here.
_BEGINS_ANOTHER_CELL = re.compile(rf"(?!\A)([;\t\r\n][\s\"]*)(?=[{_SIGNS}])")


def safe_cell(value: object) -> str:
    """Text that begins like a formula gets an apostrophe in front, and so does what could be a cell of its own where
    another separator holds; numbers of ours stay numbers.
    """
    if isinstance(value, (int, float)):
        return str(value)
    text = _BEGINS_ANOTHER_CELL.sub(r"\1'", "" if value is None else str(value))
    return f"'{text}" if _BEGINS_A_FORMULA.match(text) else text


def rows_as_csv(rows: Iterable[Sequence[object]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return buffer.getvalue()


def disposition(name: str) -> str:
    """The header that makes it a file to keep, with the day in its name."""
    return f'attachment; filename="{name}-{timezone.localdate():%Y-%m-%d}.csv"'


def csv_file(name: str, rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A file that is made in one go; nobody keeps it on the way."""
    answer = HttpResponse(BYTE_ORDER_MARK + rows_as_csv(rows), content_type=CONTENT_TYPE)
    answer["Content-Disposition"] = disposition(name)
    answer["Cache-Control"] = "no-store"
    return answer
