"""Rows as CSV that a spreadsheet may open: no cell is read as a formula (X4)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

# Excel takes UTF-8 for granted only with this in front.
BYTE_ORDER_MARK = "\ufeff"
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def safe_cell(value: object) -> str:
    """Text that begins like a formula gets an apostrophe in front; numbers of ours stay numbers."""
    if isinstance(value, (int, float)):
        return str(value)
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_BEGINS_A_FORMULA) else text


def rows_as_csv(rows: Iterable[Sequence[object]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return buffer.getvalue()
