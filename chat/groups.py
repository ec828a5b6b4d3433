"""The names of what sockets listen to (hub/base/publish.py)."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

Side = Literal["customer", "staff"]


def session_side(session_id: UUID | str, side: Side) -> str:
    return f"s:{session_id}:{side}"


def session_all(session_id: UUID | str) -> str:
    return f"s:{session_id}"


def user(user_id: int) -> str:
    return f"u:{user_id}"


def board(topic: str) -> str:
    return f"b:{topic}"
