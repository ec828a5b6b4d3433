"""How long data are kept (P10; docs/how/privacy.md): the periods are the owner's, the rules the apps'.

Run every night, in batches with a transaction each, so that it can stop anywhere and nothing is locked for long. What
is left when its time is up is done the next night.
"""

from __future__ import annotations

import time
from datetime import timedelta

import structlog

from hub.base import clock
from hub.base.hub_settings import hub_settings
from hub.base.personal_data import Retention, retentions

BATCH_ROWS = 500
BUDGET_S = 200.0  # a worker's task is cut off after CELERY_TASK_TIME_LIMIT

log = structlog.get_logger(__name__)


def days_of(rule: Retention) -> int:
    """The owner's period, else the rule's own; 0 is for ever."""
    return hub_settings().retention_days.get(rule.name, rule.days_default)


def apply_all(*, budget_s: float = BUDGET_S, batch_rows: int = BATCH_ROWS) -> dict[str, int]:
    """Remove or empty what is older than its period; how many rows that was, by rule. Twice is the same as once."""
    until = time.monotonic() + budget_s
    done = {rule.name: _apply(rule, until, batch_rows) for rule in retentions if days_of(rule) > 0}
    log.info("retention.done", **done)
    return done


def _apply(rule: Retention, until: float, batch_rows: int) -> int:
    before = clock.now() - timedelta(days=days_of(rule))
    total = 0
    while time.monotonic() < until:
        try:
            changed = rule.apply(before, batch_rows)
        except Exception:
            log.exception("retention.failed", rule=rule.name)
            break
        total += changed
        if changed < batch_rows:
            break
    return total
