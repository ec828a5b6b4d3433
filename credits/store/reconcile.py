"""The sweep that asks for open payments by itself (S3): a notice may never come, a browser may be closed.

At 1, 5, 15 and 60 minutes, every hour for a day, daily for a week (settling.next_look). Any number of workers may sweep
side by side; a provider that is down delays its own payments and no others.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from django.db import connection

from credits.models import Purchase
from credits.store.providers.base import ProviderDown
from credits.store.settling import settle
from hub.base import clock

log = structlog.get_logger(__name__)

LEASE: Final = timedelta(minutes=2)
AGAIN_WHEN_DOWN: Final = timedelta(minutes=1)
BATCH: Final = 100

_TAKE = """
update credits_purchase set next_look_at = %(lease)s
 where id = any(array(select id from credits_purchase where next_look_at <= %(now)s
                       order by next_look_at limit %(batch)s for no key update skip locked))
returning id, provider"""


def look_at_due(batch: int = BATCH) -> int:
    """Settle the purchases that are due; how many were taken."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"lease": now + LEASE, "now": now, "batch": batch})
        due: list[tuple[UUID, str]] = cursor.fetchall()
    down: set[str] = set()
    for purchase_id, provider in due:
        if provider in down:
            _put_off(purchase_id)
            continue
        try:
            settle(purchase_id)
        except ProviderDown as away:
            log.warning("store.provider_down", provider=provider, reason=away.reason)
            down.add(provider)
            _put_off(purchase_id)
        except Exception:  # one must not stop the others; the lease brings it back
            log.exception("store.look_failed", purchase=str(purchase_id))
    return len(due)


def _put_off(purchase_id: UUID) -> None:
    at = clock.now() + AGAIN_WHEN_DOWN
    Purchase.objects.filter(pk=purchase_id, next_look_at__isnull=False).update(next_look_at=at)
