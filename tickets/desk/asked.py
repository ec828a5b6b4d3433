"""What a list is asked for in its address: the same words as in the API, and days where that has moments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from hub.base.filters import moments_of
from hub.base.forms import typed
from tickets import filters
from tickets.filters import Wanted

MORE: Final = ("title", "person", "number", "priority", "tag", "channel", "from", "to")  # behind a fold
NAMES: Final = (
    *("q", "status", "department", "agent", "sort", *MORE),
    *("organisation", "customer", "category", "waiting", "breached", "followed"),
)
FIRST: Final = {"status": "live"}  # where nothing is asked for


def read_asked(said: Mapping[str, str]) -> dict[str, str]:
    """What was asked for, without what is empty."""
    found = {name: value for name, value in typed(said, NAMES).items() if value}
    return found if found or set(said) - {"deleted"} else dict(FIRST)


def wanted_by(asked: Mapping[str, str]) -> Wanted:
    """Raises BadFrame, naming the field that makes no sense."""
    plain = {name: value for name, value in asked.items() if name not in ("from", "to")}
    since, until = moments_of(asked.get("from", ""), asked.get("to", ""))
    if since is not None:
        plain["since"] = since.isoformat()
    if until is not None:
        plain["until"] = until.isoformat()
    return filters.read(plain)


def query_of(asked: Mapping[str, str]) -> str:
    return urlencode(asked)
