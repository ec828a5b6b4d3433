"""Does the same with many sessions, so that one which fails does not hold up those behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError

log = structlog.get_logger(__name__)


def one_by_one(what: str, session_ids: Iterable[UUID], act: Callable[[UUID], object]) -> int:
    """How many changed. A failure is logged with its session; only a database that is gone stops the round."""
    changed = 0
    for session_id in session_ids:
        try:
            changed += bool(act(session_id))
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("chat.session_failed", what=what, session=str(session_id))
    return changed
