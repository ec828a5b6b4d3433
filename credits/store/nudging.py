"""Ask the worker for what is due now, instead of with beat's next round."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from hub.base.outbox.nudging import nudge

NOTICES: Final = "credits.handle_notices"
RECEIPTS: Final = "credits.issue_receipts"
TOP_UPS: Final = "credits.auto_top_up"


def nudge_after_commit(task: str) -> None:
    transaction.on_commit(lambda: nudge(task), robust=True)
