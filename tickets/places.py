"""What comes after a place in a list that is ordered by several columns (keyset pages)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q


def beyond(order: Sequence[str], values: Sequence[Any]) -> Q:
    """What comes after this place. The first comparison is what the index begins with."""
    name, value = order[0], values[0]
    column, way = (name[1:], "lt") if name.startswith("-") else (name, "gt")
    if len(order) == 1:
        return Q(**{f"{column}__{way}": value})
    return Q(**{f"{column}__{way}e": value}) & (Q(**{f"{column}__{way}": value}) | beyond(order[1:], values[1:]))
