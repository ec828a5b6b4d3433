"""Nobody asks a payment provider while rows are locked: it may take seconds, and everybody else would wait."""

from __future__ import annotations

from django.db import transaction


def require_no_transaction() -> None:
    """Raises when a transaction of ours is open. A test case's around a whole test is none of ours."""
    connection = transaction.get_connection()
    of_a_test = any(getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)
    if connection.in_atomic_block and not of_a_test:
        raise transaction.TransactionManagementError("A payment provider is asked outside of any transaction.")
