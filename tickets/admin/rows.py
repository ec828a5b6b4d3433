"""Rows of a form that are added, taken away and moved by its own buttons, so that it works without a script too.

A button is `name="rows" value="<list>:<what>:<number>"`. Pressing one saves nothing: the form comes back as it was
typed, with its rows otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Row = dict[str, object]
BUTTON = "rows"


def typed_rows(
    data: Mapping[str, str], name: str, fields: Sequence[str], checks: Sequence[str] = (), *, most: int
) -> list[Row]:
    """What was typed in `<name>_<number>_<field>`; `checks` are the boxes."""
    text = data.get(f"{name}_count", "")
    count = min(most, int(text)) if text.isdecimal() and len(text) < 5 else 0
    return [_typed_row(data, f"{name}_{number}", fields, checks) for number in range(count)]


def _typed_row(data: Mapping[str, str], start: str, fields: Sequence[str], checks: Sequence[str]) -> Row:
    row: Row = {one: data.get(f"{start}_{one}", "").replace("\0", "").strip() for one in fields}
    return row | {one: f"{start}_{one}" in data for one in checks}


def pressed(data: Mapping[str, str], name: str) -> tuple[str, int] | None:
    """Which button of this list was pressed, and of which row (0 where it has none)."""
    whose, _colon, rest = data.get(BUTTON, "").partition(":")
    what, _colon, number = rest.partition(":")
    if whose != name or not what:
        return None
    return what, int(number) if number.isdecimal() and len(number) < 5 else 0


def rearranged(rows: Sequence[Row], what: str, number: int, *, new: Row | None, most: int) -> list[Row]:
    """`what`: add, remove, up, down. What cannot be done leaves the rows as they are."""
    found = list(rows)
    if what == "add" and new is not None and len(found) < most:
        found.append(new)
    elif what == "remove" and number < len(found):
        del found[number]
    elif what == "up" and 0 < number < len(found):
        found.insert(number - 1, found.pop(number))
    elif what == "down" and number < len(found) - 1:
        found.insert(number + 1, found.pop(number))
    return found
