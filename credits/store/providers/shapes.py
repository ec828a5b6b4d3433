"""Walking through a document that somebody else wrote: what is not there, or not of that shape, is empty."""

from __future__ import annotations

from datetime import datetime
from typing import Any


def child(document: dict[str, Any], name: str) -> dict[str, Any]:
    part = document.get(name)
    return part if isinstance(part, dict) else {}


def children(document: dict[str, Any], name: str) -> list[dict[str, Any]]:
    part = document.get(name)
    return [one for one in part if isinstance(one, dict)] if isinstance(part, list) else []


def time_of(text: object) -> datetime | None:
    """RFC 3339 with its zone; a time without one is none."""
    try:
        moment = datetime.fromisoformat(str(text)) if text else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
