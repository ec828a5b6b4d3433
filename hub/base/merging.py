"""Two accounts of one person become one (A1): each app says what moves, and moves it (docs/how/merging.md).

The account that is left behind is shut and points to the one that goes on. No row of the ledger or of the audit log is
changed; what was in the wallet goes by a transfer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hub.base.registries import Registry


@dataclass(frozen=True, slots=True)
class Doubles:
    """`kept_id` goes on, `gone_id` is left behind. `actor` is who does it, as the ledger names people."""

    kept_id: int
    gone_id: int
    actor: str = "system"


def _nothing(_: Doubles) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Merger:
    """What one app does. `tell` says in words what would move, `obstacle` why it cannot; run in one transaction."""

    name: str
    run: Callable[[Doubles], None]
    tell: Callable[[Doubles], list[str]]
    obstacle: Callable[[Doubles], str | None] = _nothing


mergers: Registry[Merger] = Registry()


def find_obstacles(doubles: Doubles) -> list[str]:
    return [why for merger in mergers if (why := merger.obstacle(doubles)) is not None]


def preview(doubles: Doubles) -> list[str]:
    return [line for merger in mergers for line in merger.tell(doubles)]


def run(doubles: Doubles) -> None:
    """In the caller's transaction; the parts at the top of the ladder first, as rows are locked."""
    for merger in reversed(list(mergers)):
        merger.run(doubles)
