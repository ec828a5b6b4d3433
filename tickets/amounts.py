"""What work on a ticket comes to (T9): by the block that was begun, at the terms of when it began."""

from __future__ import annotations

import math

from tickets.models import WorkLog


def blocks_of(work: WorkLog) -> int:
    """Started ones: a minute of a quarter of an hour is one."""
    return math.ceil(work.seconds / (work.block_minutes * 60))


def amount_m(work: WorkLog) -> int:
    return blocks_of(work) * work.block_millicredits if work.kind == WorkLog.Kind.BILLABLE else 0


def amount_cents(work: WorkLog) -> int:
    """What stands on the month's statement (B3)."""
    return blocks_of(work) * work.block_cents if work.kind == WorkLog.Kind.BILLABLE else 0
