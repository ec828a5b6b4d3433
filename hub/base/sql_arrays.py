"""Many ids as one parameter of a statement."""

from __future__ import annotations

from collections.abc import Iterable


def array_of(ids: Iterable[int]) -> str:
    """PostgreSQL's own notation, for `%(ids)s::bigint[]`: a driver takes milliseconds to adapt a list of thousands."""
    return "{" + ",".join(map(str, map(int, ids))) + "}"
