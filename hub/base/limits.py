"""Limits on what costs something or can be guessed (X6). Counters are rows in PostgreSQL, so that an emptied Valkey
opens no door, and each is raised by one statement before the thing is tried, so that parallel tries all count.

Not to be called inside a transaction that may be rolled back: the count would go with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F
from django.utils.crypto import salted_hmac

from hub.base import clock
from hub.base.errors import TooFast
from hub.base.models import LimitCounter

# A count that a crash loses does no harm, and every request to the API would wait for the disk: in a transaction of its
# own it does not. In somebody else's transaction it changes nothing of how that one is committed.
_RAISE = """
INSERT INTO base_limitcounter AS c (key, window_start, used, expires_at)
SELECT %(key)s, %(now)s, 1, %(expires)s {quickly}
ON CONFLICT (key) DO UPDATE SET
    used = CASE WHEN c.expires_at <= %(now)s THEN 1 ELSE c.used + 1 END,
    window_start = CASE WHEN c.expires_at <= %(now)s THEN excluded.window_start ELSE c.window_start END,
    expires_at = CASE WHEN c.expires_at <= %(now)s THEN excluded.expires_at ELSE c.expires_at END
RETURNING used, expires_at
"""
_RAISE_WITHIN = _RAISE.format(quickly="")
_RAISE_ALONE = _RAISE.format(quickly="WHERE set_config('synchronous_commit', 'off', true) IS NOT NULL")


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` in each window of `seconds`, counted from the first."""

    name: str
    most: int
    seconds: int

    def key(self, subject: str) -> str:
        """Rows hold no address and no login, only what this hub's secret makes of them (P10)."""
        return f"{self.name[:80]}:{salted_hmac(self.name, subject, algorithm='sha256').hexdigest()[:40]}"


Counted = tuple[Limit, str]  # a limit, and whose use of it


def use(limit: Limit, subject: str) -> None:
    """Count one use by `subject` (an account, an address). Raises TooFast with the time until the window ends."""
    used, expires_at = _raise(limit, subject)
    if used > limit.most:
        raise TooFast(retry_after_ms=milliseconds_until(expires_at))


def milliseconds_until(at: datetime) -> int:
    return max(1000, int((at - clock.now()).total_seconds() * 1000))


def find_exceeded(limit: Limit, subject: str) -> datetime | None:
    """Count one use; when there were too many: until when it is shut."""
    used, expires_at = _raise(limit, subject)
    return expires_at if used > limit.most else None


def find_all_exceeded(counted: Iterable[Counted]) -> dict[Counted, datetime]:
    """Count one use of each; those of which there were too many, and until when they are shut."""
    return {one: until for one in counted if (until := find_exceeded(*one)) is not None}


def forget(limit: Limit, subject: str) -> None:
    """Begin anew: what was guarded went well."""
    LimitCounter.objects.filter(pk=limit.key(subject)).delete()


def remove_expired() -> None:
    """A job: counters whose window is over."""
    LimitCounter.objects.filter(expires_at__lt=clock.now() - timedelta(minutes=1)).delete()


def _raise(limit: Limit, subject: str) -> tuple[int, datetime]:
    now = clock.now()
    values: dict[str, str | datetime] = {
        "key": limit.key(subject),
        "now": now,
        "expires": now + timedelta(seconds=limit.seconds),
    }
    with connection.cursor() as cursor:
        cursor.execute(_RAISE_WITHIN if connection.in_atomic_block else _RAISE_ALONE, values)
        used, expires_at = cursor.fetchone()
    return used, expires_at


def give_back(limit: Limit, subject: str) -> None:
    """Take one use back: it turned out not to be what the limit is against."""
    LimitCounter.objects.filter(pk=limit.key(subject), used__gt=0).update(used=F("used") - 1)
