"""Nobody asks a payment provider or draws a file while rows are locked: everybody else would wait for it."""

from __future__ import annotations

from django.db import transaction


def require_no_transaction() -> None:
    """Raises when a transaction of ours is open. A test case's around a whole test is none of ours."""
    connection = transaction.get_connection()
    of_a_test = any(getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)
    if connection.in_atomic_block and not of_a_test:
        raise transaction.TransactionManagementError("This takes long, and is done outside of any transaction.")
