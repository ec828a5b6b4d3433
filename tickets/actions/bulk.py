"""The same change to many tickets at once (T6): each for itself, so that one that may not stops no other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from hub.base.errors import BadFrame, DomainError
from tickets.actions.changing import Changes, change

if TYPE_CHECKING:
    from hub.accounts.public import Person

AT_ONCE_MAX: Final = 100


def change_all(actor: Person, numbers: Sequence[int | str], changes: Changes) -> dict[str, DomainError | None]:
    """What became of each; None is done. Raises BadFrame for more than AT_ONCE_MAX."""
    if len(numbers) > AT_ONCE_MAX:
        raise BadFrame(field="numbers")
    return {str(number): _try(actor, number, changes) for number in dict.fromkeys(numbers)}


def _try(actor: Person, number: int | str, changes: Changes) -> DomainError | None:
    try:
        change(actor, number, changes)
    except DomainError as refusal:
        return refusal
    return None
