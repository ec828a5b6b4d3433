"""What providers send us (S3): stored raw, once, answered at once, and a reason to look; never believed.

The address is open to everybody, so what it keeps is bounded: a body of BODY_BYTES_MAX, and per sender only so many
notices about payments that we do not know.
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Final

import structlog
from django.db import connection, transaction

from credits.errors import ProviderUnknown, PurchaseUnknown
from credits.models import PaymentNotice, Purchase
from credits.store.nudging import NOTICES, nudge_after_commit
from credits.store.outside import require_no_transaction
from credits.store.providers import registry
from credits.store.providers.base import Forged, Notice, ProviderDown
from credits.store.settling import settle
from hub.base import clock
from hub.base.limits import Limit, use

log = structlog.get_logger(__name__)

BODY_BYTES_MAX: Final = 65_536
HEADERS_KEPT_BYTES_MAX: Final = 8_192
UNKNOWN: Final = Limit("store.notice.unknown", 300, 3600)  # per address
LEASE: Final = timedelta(minutes=2)
BATCH: Final = 50
TRIES_MAX: Final = 60

_INSERT = """
insert into credits_paymentnotice (digest, provider, body, headers, query, waiting, next_try_at, at)
values (%s, %s, %s, %s, %s, true, %s, %s) on conflict (digest) do nothing"""
# A copy that nobody has begun to work on since changes nothing, and locks nothing.
_AGAIN = """
update credits_paymentnotice set waiting = true, next_try_at = %s, tries = 0 where digest = %s and not waiting"""
_TAKE = """
update credits_paymentnotice set waiting = false, next_try_at = %(lease)s, tries = tries + 1
 where id = any(array(select id from credits_paymentnotice where next_try_at <= %(now)s
                       order by next_try_at limit %(batch)s for update skip locked))
returning id"""


def receive(provider_name: str, notice: Notice, sender: str) -> None:
    """Keep it and have somebody look. Raises ProviderUnknown, Forged, TooFast; a copy changes nothing."""
    provider = registry.find(provider_name)
    refs = provider.refs_of(notice)
    if not Purchase.objects.filter(provider=provider_name, provider_ref__in=refs).exists():
        use(UNKNOWN, sender)
    now, digest = clock.now(), digest_of(provider_name, notice)
    with transaction.atomic(), connection.cursor() as cursor:
        headers, query = _bounded(notice.headers), _bounded(notice.query)
        cursor.execute(_INSERT, [digest, provider_name, notice.body, headers, query, now, now])
        if not cursor.rowcount:
            cursor.execute(_AGAIN, [now, digest])
        if cursor.rowcount:
            nudge_after_commit(NOTICES)


def digest_of(provider_name: str, notice: Notice) -> str:
    """Of what was said. Headers differ from copy to copy, and say nothing about a payment."""
    said = json.dumps([provider_name, sorted(notice.query.items())]).encode() + b"\0" + notice.body
    return hashlib.sha256(said).hexdigest()


def _bounded(pairs: object) -> str:
    text = json.dumps(pairs if isinstance(pairs, dict) else dict(pairs))  # type: ignore[call-overload]
    return text if len(text) <= HEADERS_KEPT_BYTES_MAX else "{}"


def handle_waiting(batch: int = BATCH) -> int:
    """Work on the notices that wait, each by itself; how many were taken."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"lease": now + LEASE, "now": now, "batch": batch})
        ids = [notice_id for (notice_id,) in cursor]
    for notice_id in ids:
        try:
            _handle(notice_id)
        except Exception:  # one must not stop the others; the lease brings it back
            log.exception("store.notice_failed", notice=notice_id)
    return len(ids)


def _handle(notice_id: int) -> None:
    require_no_transaction()
    row = PaymentNotice.objects.get(pk=notice_id)
    try:
        result = _look(row)
    except ProviderDown as down:
        wait = timedelta(seconds=down.retry_after_s or min(600, 10 * row.tries))
        late = row.tries >= TRIES_MAX  # the sweep of the purchase itself goes on
        _finish(row, "given_up" if late else "provider_down", None if late else clock.now() + wait)
        return
    _finish(row, result, None)


def _look(row: PaymentNotice) -> str:
    try:
        provider = registry.find(row.provider)
    except ProviderUnknown:
        return "switched_off"
    try:
        refs = provider.verify(Notice(bytes(row.body), row.headers, row.query))
    except Forged:
        return "forged"
    purchases = Purchase.objects.filter(provider=row.provider, provider_ref__in=refs)
    found = list(purchases.values_list("pk", flat=True))
    for purchase_id in found:
        try:
            settle(purchase_id)
        except PurchaseUnknown:
            continue
    return "looked" if found else "unknown"


def _finish(row: PaymentNotice, result: str, next_try_at: object) -> None:
    """Unless a copy came meanwhile: it may tell of what happened after we had looked."""
    PaymentNotice.objects.filter(pk=row.pk, waiting=False).update(result=result, next_try_at=next_try_at)
    PaymentNotice.objects.filter(pk=row.pk, waiting=True).update(result=result)
