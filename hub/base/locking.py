"""The one place that takes row locks (docs/how/locking.md).

Locks are taken in one order everywhere, so that two actions can never wait for each other: models by their
`lock_rank` (lower first), rows of one model by primary key. Asking for a lower rank after a higher one, in one
transaction, is a mistake in the code and raises at once, not once a month as a deadlock.
"""

from __future__ import annotations

from typing import TypeVar

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet

from hub.base.prepared import prepared

M = TypeVar("M", bound=Model)
MERGES = 0x42616C69650002  # "Balie", 2: two accounts become one, or one is erased


class LockOrderError(Exception):
    """Rows would be locked in another order than everywhere else."""


def lock(rows: QuerySet[M], *, skip_locked: bool = False) -> list[M]:
    """Lock these rows until the transaction ends, and give them as they are now, in order of primary key.

    `FOR NO KEY UPDATE`: rows that refer to a locked one can still be inserted. `skip_locked` waits for nobody, so that
    it may come late, too.
    """
    _require_order(rows.model, waits=not skip_locked)
    return list(_locking(rows, skip_locked=skip_locked))


def lock_one(model: type[M], pk: object) -> M:
    """Lock one row. Raises the model's DoesNotExist."""
    _require_order(model)
    found: list[M] = _row(model, pk=model._meta.pk.to_python(pk))
    if not found:
        raise model.DoesNotExist  # type: ignore[attr-defined]
    return found[0]


@prepared
def _row(model: type[M], *, pk: object) -> QuerySet[M]:
    return _locking(model._default_manager.filter(pk=pk))


def _locking(rows: QuerySet[M], *, skip_locked: bool = False) -> QuerySet[M]:
    return rows.order_by("pk").select_for_update(no_key=True, skip_locked=skip_locked, of=("self",))


def one_at_a_time(what: int) -> None:
    """Wait for whoever does this now, in whatever process, until their transaction ends. Comes before all row locks.

    For what touches rows of many models in an order of its own, and is rare (MERGES).
    """
    if _highest_rank(transaction.get_connection()):
        raise LockOrderError("One at a time must be said before anything is locked.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [what])


def _require_order(model: type[Model], *, waits: bool = True) -> None:
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A lock outside a transaction is gone at once.")
    rank = getattr(model, "lock_rank", None)
    if rank is None:
        raise LockOrderError(f"{model._meta.label} has no lock_rank.")
    highest = _highest_rank(connection)
    if rank < highest and not waits:
        return
    if rank < highest:
        raise LockOrderError(f"{model._meta.label} (rank {rank}) must be locked before what is locked already.")
    _remember(connection, rank)


def _highest_rank(connection: BaseDatabaseWrapper) -> int:
    """The highest rank that this transaction has locked.

    Django begins a new `run_on_commit` list with every transaction; that list is how we know which one this is.
    A test case's transaction around several actions is no transaction of ours, and is not held against them.
    """
    remembered = getattr(connection, "_balie_locked", None)
    same = remembered is not None and remembered[0] is connection.run_on_commit
    in_test_case = any(getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)
    return int(remembered[1]) if remembered is not None and same and not in_test_case else 0


def _remember(connection: BaseDatabaseWrapper, rank: int) -> None:
    connection._balie_locked = (connection.run_on_commit, rank)  # type: ignore[attr-defined]
