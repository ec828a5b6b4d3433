"""News that travels up the ladder: a lower app says what happened and does not know who listens.

Synchronous, in the transaction of who emits, in lists (a sweep empties thousands of wallets at once). A listener that
raises undoes the whole action, on purpose: what it does belongs to the same fact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db import transaction

E = TypeVar("E")
Listener = Callable[[list[E]], None]

_listeners: dict[type[Any], list[Listener[Any]]] = defaultdict(list)


def on(event_type: type[E]) -> Callable[[Listener[E]], Listener[E]]:
    """Decorates a function that gets all events of this type that were emitted together."""

    def register(listener: Listener[E]) -> Listener[E]:
        if listener not in _listeners[event_type]:
            _listeners[event_type].append(listener)
        return listener

    return register


def is_heard(event_type: type[object]) -> bool:
    """Whether anybody listens: who has thousands of things to tell need not make them for nobody."""
    return bool(_listeners.get(event_type))


def emit(events: Sequence[object]) -> None:
    """Hand the events to their listeners, a list per type, types in order of first appearance.

    Must run inside the transaction of what happened.
    """
    if not events:
        return
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("Events are emitted in the transaction of what happened.")
    by_type: dict[type[object], list[object]] = {}
    for event in events:
        by_type.setdefault(type(event), []).append(event)
    for event_type, group in by_type.items():
        for listener in _listeners[event_type]:
            listener(group)
